/*
 * The published wait of a queue, and what is shown of it: JSON, a page, a
 * badge.
 *
 * Pure: the time comes in, nothing is read.  Names of queues are data and
 * escaped wherever they go.  A forecast that is missing or old is said to
 * be: nobody is told a number that nobody vouches for.
 */
#ifndef TRIAGE_WAIT_H
#define TRIAGE_WAIT_H

#include "../base/buffer.h"

/* A row of triage.publish().  Spans are seconds; -1 is "not known". */
typedef struct {
    triage_text_t queue;
    int64_t forecast_at; /* µs since 1970 */
    int64_t wait_p50;    /* half of the waits will not be longer */
    int64_t wait_p90;    /* nine of ten will not be */
    int64_t target;
    int64_t waiting;     /* how many wait */
    int64_t published;   /* p90s of the last 30 days that were judged */
    int64_t held;        /* of them */
    int64_t due_at;      /* µs: the target of who writes now; -1: as target */
    int64_t opens_at;    /* µs: business hours begin again; -1: they are on */
    triage_text_t opens; /* the same in words, by the clock there */
    bool is_unusual;     /* far more messages than usual come in */
} triage_wait_t;

/* A forecast is worth something for so long. */
#define TRIAGE_WAIT_FRESH INT64_C(300000000) /* µs */

/* There is a forecast and it is not old at `now`. */
bool triage_wait_is_known(const triage_wait_t *wait, int64_t now);
/* Nobody answers before `opens_at`: it is out of business hours. */
bool triage_wait_is_closed(const triage_wait_t *wait, int64_t now);
/* How many seconds until then, rounded up. */
int64_t triage_wait_until_open(const triage_wait_t *wait, int64_t now);
/* How long who writes now may wait, in seconds: the target, and the time
 * until business hours begin. */
int64_t triage_wait_aim(const triage_wait_t *wait, int64_t now);
/* The share of the published p90s that held, in thousandths; -1: none was
 * judged. */
int64_t triage_wait_record(const triage_wait_t *wait);

/* A span in the words of a person, rounded up: "under 1 min", "25 min",
 * "1 h 40 min", "3 days". */
void triage_wait_span(triage_buffer_t *buffer, int64_t seconds);
/* Text for HTML and XML: & < > " ' are escaped, and what XML forbids is a
 * question mark. */
void triage_wait_escape(triage_buffer_t *buffer, triage_text_t text);

void triage_wait_json(triage_buffer_t *buffer, const triage_wait_t *waits,
                      size_t count, int64_t now);
void triage_wait_page(triage_buffer_t *buffer, const triage_wait_t *waits,
                      size_t count, int64_t now);
void triage_wait_badge(triage_buffer_t *buffer, const triage_wait_t *wait,
                       int64_t now);

/* The page's Content-Security-Policy: its style and nothing else. */
extern const char triage_wait_policy[];

#endif
