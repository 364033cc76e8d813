/*
 * Questions that somebody waits for: one statement, whose answer is one row
 * with one value.
 *
 * A few links of its own, with their own role, so that nobody's question
 * stands between a delivery and its commit.  Bounded: a question that finds
 * no free link waits, with so many others at most, and for so long at most;
 * when the database is away nobody waits.  Never blocks, knows no
 * nginx.
 */
#ifndef TRIAGE_ASKER_H
#define TRIAGE_ASKER_H

#include "statements.h"

#define TRIAGE_QUESTION_VALUES_MAX 8

typedef struct triage_asker_s triage_asker_t;
typedef struct triage_question_s triage_question_t;

typedef struct {
    const triage_conninfo_t *conninfo;
    unsigned links;       /* 1 to TRIAGE_LINKS_MAX */
    uint32_t timeout_ms;  /* of a connect, and of a question in all */
    size_t questions_max; /* that wait for a link */
    unsigned worker;      /* jitter */
    /* As triage_store_options_t's. */
    void (*report)(void *context, int level, const char *what,
                   const char *detail);
    void *context;
} triage_asker_options_t;

/* What came back; all of it is valid during the call only. */
typedef struct {
    /* OK; DENIED: the database refuses, `sqlstate` says why; BUSY: the same
     * question may be asked again at once; UNAVAILABLE: not now, and what
     * was asked for may have been done. */
    triage_outcome_t outcome;
    triage_text_t value;  /* OK: the first column; no text when null */
    const char *sqlstate; /* DENIED */
    const char *message;  /* DENIED: the server's words, may hold data */
} triage_told_t;

typedef void (*triage_told_pt)(void *data, const triage_told_t *told);

/* Starts to connect; NULL without memory. */
triage_asker_t *triage_asker_open(const triage_asker_options_t *options,
                                  const triage_loop_t *loop);
/* Nobody is told any more. */
void triage_asker_close(triage_asker_t *asker);

/* Copies the values, as many as the statement has parameters; no text is
 * null.  `told` is called once, later, never from inside this call; when
 * this does not return OK (BUSY: too many wait, UNAVAILABLE, NO_MEMORY), it
 * is never called. */
TRIAGE_MUST_CHECK triage_outcome_t
triage_asker_ask(triage_asker_t *asker, const triage_statement_t *statement,
                 const triage_text_t *values, triage_told_pt told, void *data,
                 triage_question_t **question);
/* Whoever asked went away: `told` will not be called. */
void triage_asker_abandon(triage_question_t *question);

#endif
