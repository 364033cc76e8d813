#include "session.h"

#include <stdio.h>
#include <string.h>

#include "verdict.h"

static const char not_ready[] =
    "the database is not ready for triage: `triage migrate`, and the rights"
    " of its role, may be missing";

/* A question, and what its answer means. */
typedef struct {
    bool (*is_needed)(const triage_session_t *session);
    int (*ask)(const triage_session_t *session); /* as PQsend... */
    const char *(*answered)(triage_session_t *session, const PGresult *result);
} step_t;

static void
report(const triage_session_t *session, int level, const char *what,
       const char *detail)
{
    const triage_store_options_t *options = session->options;

    if (options->report != NULL) {
        options->report(options->context, level, what, detail);
    }
}

static bool
always(const triage_session_t *session)
{
    (void) session;

    return true;
}

static int
ask_look(const triage_session_t *session)
{
    return PQsendQueryParams(session->conn, triage_look_statement.text, 0,
                             NULL, NULL, NULL, NULL, 0);
}

static bool
is_on(const PGresult *result, int column)
{
    const char *value = PQgetvalue(result, 0, column);

    return strcmp(value, "on") == 0 || strcmp(value, "t") == 0;
}

static const char *
looked(triage_session_t *session, const PGresult *result)
{
    if (PQresultStatus(result) != PGRES_TUPLES_OK || PQntuples(result) != 1
        || PQnfields(result) != 3)
    {
        return not_ready;
    }

    if (is_on(result, 1) || is_on(result, 2)) {
        return "the database cannot be written to";
    }

    if (!is_on(result, 0)) {
        report(session, TRIAGE_REPORT_WARN,
               "the database runs with fsync=off: what is kept there does"
               " not survive a power failure",
               session->endpoint);
    }

    return NULL;
}

static bool
has_config(const triage_session_t *session)
{
    return session->options->config != NULL;
}

/* A lock that others hold must not leave a waiting backend behind at each
 * of our tries. */
static int
ask_sync(const triage_session_t *session)
{
    char lock_timeout[16];
    const char *values[] = { session->options->config, lock_timeout };

    snprintf(lock_timeout, sizeof(lock_timeout), "%u",
             session->options->timeout_ms / 2 + 1);

    return PQsendQueryParams(session->conn, triage_sync_statement.text,
                             triage_sync_statement.parameter_count, NULL,
                             values, NULL, NULL, 0);
}

/* Messages are filed with an old mirror of the queues too. */
static const char *
synced(triage_session_t *session, const PGresult *result)
{
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        report(session, TRIAGE_REPORT_ERROR,
               "the database did not take the configuration",
               PQresultErrorField(result, PG_DIAG_SQLSTATE));
    }

    return NULL;
}

static bool
is_to_prepare(const triage_session_t *session)
{
    return !*session->is_unprepared;
}

static int
ask_prepare(const triage_session_t *session)
{
    return PQsendPrepare(session->conn, triage_ingest_statement.name,
                         triage_ingest_statement.text, 0, NULL);
}

static const char *
prepared(triage_session_t *session, const PGresult *result)
{
    const char *sqlstate;

    if (PQresultStatus(result) == PGRES_COMMAND_OK) {
        session->is_prepared = true;
        return NULL;
    }

    sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    if (triage_verdict_of(sqlstate) == TRIAGE_UNPREPARED) {
        *session->is_unprepared = true; /* there is a pooler */
        return NULL;
    }

    return not_ready;
}

static const step_t steps[] = { { always, ask_look, looked },
                                { has_config, ask_sync, synced },
                                { is_to_prepare, ask_prepare, prepared } };

enum { STEP_COUNT = sizeof(steps) / sizeof(steps[0]) };

triage_session_state_t
triage_session_ask(triage_session_t *session)
{
    while (session->step < STEP_COUNT
           && !steps[session->step].is_needed(session)) {
        session->step++;
    }

    if (session->step == STEP_COUNT) {
        return TRIAGE_SESSION_READY;
    }

    return steps[session->step].ask(session) ? TRIAGE_SESSION_ASKED
                                             : TRIAGE_SESSION_BROKEN;
}

const char *
triage_session_answered(triage_session_t *session, const PGresult *result)
{
    if (result == NULL) {
        return not_ready;
    }

    return steps[session->step++].answered(session, result);
}
