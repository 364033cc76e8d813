/*
 * What a new connection is asked before it is given jobs: whether it can be
 * written to, to take the configuration, and to prepare the statement.  One
 * question at a time; who flushes and waits is the link.
 */
#ifndef TRIAGE_SESSION_H
#define TRIAGE_SESSION_H

#include <libpq-fe.h>

#include "statements.h"

typedef struct {
    PGconn *conn;
    const triage_store_options_t *options;
    const char *endpoint; /* its name, for reports */
    bool *is_unprepared;  /* there is a pooler: shared, may be set here */
    bool is_prepared;     /* this one knows the ingest statement */
    size_t step;
} triage_session_t;

typedef enum {
    TRIAGE_SESSION_ASKED = 0, /* an answer is to come */
    TRIAGE_SESSION_READY,     /* nothing is left to ask */
    TRIAGE_SESSION_BROKEN     /* libpq could not send it */
} triage_session_state_t;

triage_session_state_t triage_session_ask(triage_session_t *session);
/* Takes the answer to what was asked last.  NULL, or why the connection
 * cannot be used: a literal. */
const char *triage_session_answered(triage_session_t *session,
                                    const PGresult *result);

#endif
