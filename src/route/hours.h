/*
 * Business hours: when somebody is there to answer, as spans of the days of
 * a week, and of single dates, in a time zone.
 *
 * Read while the configuration is read, and told to the database, which
 * counts by them: nothing here knows what time it is.
 */
#ifndef TRIAGE_HOURS_H
#define TRIAGE_HOURS_H

#include "../base/writer.h"

#define TRIAGE_SPANS_MAX 8
#define TRIAGE_DATES_MAX 100

/* Minutes from the beginning of the day; `closes` may lie in the next. */
typedef struct {
    int opens;
    int closes;
} triage_span_t;

typedef struct {
    triage_span_t spans[TRIAGE_SPANS_MAX];
    size_t count; /* 0: closed */
    bool is_told;
} triage_day_t;

/* The same for dates, from the first to the last, instead of weekdays. */
typedef struct {
    int64_t first; /* days since 1970 */
    int64_t last;
    bool is_yearly; /* of each year: the days are those of 2000 */
    triage_day_t day;
} triage_date_t;

typedef struct {
    triage_text_t name;
    triage_text_t zone;
    triage_day_t week[7]; /* Monday first */
    triage_date_t dates[TRIAGE_DATES_MAX];
    size_t date_count;
} triage_hours_t;

void triage_hours_init(triage_hours_t *hours, triage_text_t name,
                       triage_text_t zone);
/* Reads one word: "mon-fri=09:00-12:30,13:30-18:00", "fri=22:00-02:00",
 * "12-25=closed", "2026-12-28..2026-12-31=10:00-14:00".  NULL, or what was
 * expected. */
const char *triage_hours_read(triage_hours_t *hours, triage_text_t word);
/* Is it ever open in a week, so that every deadline comes? */
bool triage_hours_open(const triage_hours_t *hours);
/* Can it be the name of a time zone: a path without a way out of the folder
 * of zones? */
bool triage_zone_is_sound(triage_text_t zone);

/* An object as triage.sync takes it. */
void triage_hours_write(const triage_hours_t *hours, triage_writer_t *writer);

#endif
