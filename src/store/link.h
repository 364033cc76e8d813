/*
 * One connection to PostgreSQL, on somebody else's event loop.
 *
 *   DOWN -> CONNECTING -> PREPARING -> IDLE <-> BUSY
 *
 * Comes up by itself, again and again, trying the endpoints in turn; a
 * server that cannot be written to is not taken.  Runs one job at a time
 * and never blocks.
 */
#ifndef TRIAGE_LINK_H
#define TRIAGE_LINK_H

#include <libpq-fe.h>

#include "statements.h"
#include "verdict.h"

typedef struct triage_link_s triage_link_t;

typedef struct {
    triage_verdict_t verdict;
    const PGresult *result; /* FILED: its rows.  Valid during the call. */
    const char *sqlstate;   /* else, or NULL: LOST without a word */
    const char *message;    /* else, the server's words or NULL: they may hold
                               data.  Valid during the call. */
    bool is_late;           /* LOST: the link was dropped at the deadline */
} triage_answer_t;

/* What a link is busy with; embedded in what waits for the answer. */
typedef struct triage_job_s triage_job_t;
struct triage_job_s {
    /* Once, unless the job is given up.  The link is IDLE, or DOWN for
     * LATER and LOST; an IDLE link may be given its next job from here. */
    void (*answered)(triage_job_t *job, triage_link_t *link,
                     const triage_answer_t *answer);
};

typedef struct {
    const triage_store_options_t *options; /* outlives the link */
    const triage_loop_t *loop;
    unsigned index; /* of its state in the stats; jitter */
    /* Statements are sent whole each time: there is a pooler.  Shared by
     * the links of a store. */
    bool *is_unprepared;
    /* The link came up and has nothing to do. */
    void (*vacant)(void *owner, triage_link_t *link);
    /* The link went down, or did not come up: perhaps the last one to hope
     * for.  Before a job hears of it, even within triage_link_open.  NULL:
     * nobody waits. */
    void (*failed)(void *owner);
    /* The loop wants everything closed at once; the link is down. */
    void (*closing)(void *owner);
    /* What an SQLSTATE means to the owner; NULL: triage_verdict_of. */
    triage_verdict_t (*verdict_of)(const char *sqlstate);
    /* A notification came while the link was IDLE, or with an answer, which
     * is told first.  Must not close the link.  NULL: nobody listens. */
    void (*notified)(void *owner, const char *payload);
    void *owner;
} triage_link_setup_t;

/* Starts to connect; NULL without memory. */
triage_link_t *triage_link_open(const triage_link_setup_t *setup);
/* A job under way is given up without an answer. */
void triage_link_close(triage_link_t *link);

triage_link_state_t triage_link_state(const triage_link_t *link);
/* It is not up, and will not be soon: since the last answer more tries have
 * failed than there are endpoints.  The first may have been a backend that
 * was killed. */
bool triage_link_is_hopeless(const triage_link_t *link);

typedef struct {
    const triage_statement_t *statement;
    const char *const *values;
    const int *lengths;
    const int *formats;
    uint32_t timeout_ms;
    bool holds_exit; /* someone's answer depends on it */
} triage_query_t;

/* Only when IDLE.  Values may be freed after it.  False when the link was
 * lost with it; then the job gets no answer. */
TRIAGE_MUST_CHECK bool triage_link_send(triage_link_t *link,
                                        const triage_query_t *query,
                                        triage_job_t *job);

#endif
