#include "link.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backoff.h"
#include "session.h"

/* A failure is reported when it is the first of a row, and then rarely: at
 * the longest backoff every minute. */
enum { REPORT_EVERY = 12 };

struct triage_link_s {
    triage_waiter_t waiter; /* first: the loop gives it back */
    triage_link_setup_t setup;
    PGconn *conn;
    triage_link_state_t state;
    triage_session_t session; /* from PREPARING on */
    size_t endpoint;          /* the one that is tried, or was reached */
    unsigned failures;        /* since the last answer */
    unsigned refusals;        /* connects that failed since it was up */
    unsigned watched;         /* events; 0: none */
    bool wants_write;         /* PQflush could not send all */
    bool is_closing;          /* never comes up again */
    triage_job_t *job;        /* BUSY */
    PGresult *result; /* of the statement under way: the one that counts */
    char sqlstate[6];
    char farewell[6]; /* the SQLSTATE with which the server hangs up, or
                         "" */
};

static void connect_now(triage_link_t *link);

static triage_store_stats_t *
stats_of(const triage_link_t *link)
{
    return link->setup.options->stats;
}

static void
set_state(triage_link_t *link, triage_link_state_t state)
{
    link->state = state;
    stats_of(link)->link_states[link->setup.index] = state;
}

triage_link_state_t
triage_link_state(const triage_link_t *link)
{
    return link->state;
}

bool
triage_link_is_hopeless(const triage_link_t *link)
{
    return link->state < TRIAGE_LINK_IDLE
           && link->failures
                  > triage_conninfo_count(link->setup.options->conninfo);
}

/* --- the loop ----------------------------------------------------------- */

static void
set_alarm(triage_link_t *link, uint32_t ms, bool holds_exit)
{
    link->setup.loop->alarm(link->setup.loop->loop, &link->waiter, ms,
                            holds_exit);
}

static void
forget(triage_link_t *link)
{
    if (link->watched != 0) {
        link->setup.loop->forget(link->setup.loop->loop, &link->waiter);
        link->watched = 0;
    }
}

/* False when the loop is out of connections. */
static bool
watch(triage_link_t *link, unsigned events)
{
    if (link->watched == events) {
        return true;
    }

    link->watched = events;
    if (link->setup.loop->watch(link->setup.loop->loop, &link->waiter,
                                PQsocket(link->conn), events))
    {
        return true;
    }

    link->watched = 0;

    return false;
}

static bool
watch_session(triage_link_t *link)
{
    unsigned events = TRIAGE_READABLE;

    if (link->wants_write) {
        events |= TRIAGE_WRITABLE;
    }

    return watch(link, events);
}

/* --- going down --------------------------------------------------------- */

static void
report(const triage_link_t *link, int level, const char *what,
       const char *detail)
{
    const triage_store_options_t *options = link->setup.options;

    if (options->report != NULL) {
        options->report(options->context, level, what, detail);
    }
}

static const char *
endpoint_name(const triage_link_t *link)
{
    return triage_conninfo_name(link->setup.options->conninfo, link->endpoint);
}

/* "host:port: what libpq says", its first line.  Nothing of a message can
 * be in it: none was sent yet. */
static void
report_connect(const triage_link_t *link, const char *what)
{
    const char *name = endpoint_name(link);
    triage_buffer_t detail = { 0 };
    triage_text_t rest =
        triage_text_of(link->conn == NULL ? "" : PQerrorMessage(link->conn));

    triage_buffer_print(&detail, "%s", name);
    if (rest.len > 0) {
        triage_buffer_add(&detail, triage_text(": "));
        triage_buffer_add(&detail, triage_text_until(&rest, '\n'));
    }
    triage_buffer_add_byte(&detail, '\0');

    report(link, TRIAGE_REPORT_ERROR, what,
           detail.has_failed ? name : detail.data);
    triage_buffer_free(&detail);
}

static uint32_t
backoff(const triage_link_t *link)
{
    const triage_store_options_t *options = link->setup.options;

    return triage_backoff_ms(
        link->failures, triage_conninfo_count(options->conninfo),
        options->worker * 2654435761u ^ link->setup.index * 2246822519u);
}

static void
disconnect(triage_link_t *link)
{
    forget(link);
    set_alarm(link, 0, false);
    PQclear(link->result);
    link->result = NULL;
    PQfinish(link->conn);
    link->conn = NULL;
    link->wants_write = false;
    set_state(link, TRIAGE_LINK_DOWN);
}

/* Down, and up again later.  The first loss of a link that worked is most
 * often a killed backend: it is tried again at once. */
static void
drop(triage_link_t *link)
{
    bool was_up = link->state >= TRIAGE_LINK_IDLE;
    uint32_t pause_ms = 1;

    if (!was_up || link->failures > 0) {
        if (!was_up) {
            link->endpoint =
                (link->endpoint + 1)
                % triage_conninfo_count(link->setup.options->conninfo);
        }
        link->failures++;
        pause_ms = backoff(link);
    } else {
        link->failures = 1;
    }

    disconnect(link);
    if (link->is_closing) {
        return;
    }

    set_alarm(link, pause_ms, false);
    if (link->setup.failed != NULL) {
        link->setup.failed(link->setup.owner);
    }
}

/* A connect, or what follows it, came to nothing. */
static void
fail_connect(triage_link_t *link, const char *what)
{
    if (link->refusals++ % REPORT_EVERY == 0) {
        report_connect(link, what);
    }

    drop(link);
}

/* Why the server gave up the statement under way, or hung up: an SQLSTATE;
 * NULL when it said nothing. */
static const char *
sqlstate_of(triage_link_t *link)
{
    const char *sqlstate = PQresultErrorField(link->result, PG_DIAG_SQLSTATE);

    if (sqlstate == NULL && link->farewell[0] != '\0') {
        sqlstate = link->farewell;
    }
    if (sqlstate == NULL) {
        return NULL;
    }

    snprintf(link->sqlstate, sizeof(link->sqlstate), "%s", sqlstate);

    return link->sqlstate;
}

/* The answer to a job that the link cannot give any more. */
static void
lose(triage_link_t *link, bool is_late)
{
    triage_job_t *job = link->job;
    triage_answer_t answer = { .verdict = TRIAGE_LOST,
                               .sqlstate = sqlstate_of(link),
                               .is_late = is_late };

    if (!link->is_closing) {
        report(link, TRIAGE_REPORT_WARN,
               is_late ? "the database did not answer in time"
                       : "lost the connection to the database",
               endpoint_name(link));
    }

    link->job = NULL;
    drop(link);

    if (job != NULL) {
        job->answered(job, link, &answer);
    }
}

static void
fail(triage_link_t *link)
{
    if (link->state < TRIAGE_LINK_IDLE) {
        fail_connect(link, "connection lost while it was set up");
        return;
    }

    lose(link, false);
}

/* --- preparing ---------------------------------------------------------- */

static bool
send_flushed(triage_link_t *link, int sent)
{
    int left;

    if (!sent) {
        return false;
    }

    left = PQflush(link->conn);
    link->wants_write = left == 1;

    return left >= 0 && watch_session(link);
}

static void
come_up(triage_link_t *link)
{
    set_alarm(link, 0, false);
    if (link->failures > 0) {
        report(link, TRIAGE_REPORT_INFO, "connected to the database again",
               endpoint_name(link));
        stats_of(link)->reconnects++;
    }

    link->refusals = 0;
    set_state(link, TRIAGE_LINK_IDLE);
    link->setup.vacant(link->setup.owner, link);
}

static void
ask_next(triage_link_t *link)
{
    triage_session_state_t state = triage_session_ask(&link->session);

    if (state == TRIAGE_SESSION_READY) {
        come_up(link);
    } else if (!send_flushed(link, state == TRIAGE_SESSION_ASKED)) {
        fail(link);
    }
}

static void
session_answered(triage_link_t *link)
{
    const char *why = triage_session_answered(&link->session, link->result);

    PQclear(link->result);
    link->result = NULL;
    if (why != NULL) {
        fail_connect(link, why);
        return;
    }

    ask_next(link);
}

/* --- connecting --------------------------------------------------------- */

/* libpq would print it, data and all.  What counts is a server that goes
 * down, for itself or because another session has crashed. */
static void
read_notice(void *argument, const PGresult *notice)
{
    triage_link_t *link = argument;
    const char *sqlstate = PQresultErrorField(notice, PG_DIAG_SQLSTATE);

    if (sqlstate != NULL && strncmp(sqlstate, "57P", 3) == 0) {
        snprintf(link->farewell, sizeof(link->farewell), "%s", sqlstate);
    }
}

static void
connected(triage_link_t *link)
{
    if (PQsetnonblocking(link->conn, 1) != 0) {
        fail(link);
        return;
    }

    set_state(link, TRIAGE_LINK_PREPARING);
    link->session =
        (triage_session_t){ .conn = link->conn,
                            .options = link->setup.options,
                            .endpoint = endpoint_name(link),
                            .is_unprepared = link->setup.is_unprepared };
    ask_next(link);
}

/* libpq may close its socket in here and open another with the same number:
 * the loop must not know the old one by then. */
static void
poll_connect(triage_link_t *link)
{
    PostgresPollingStatusType status;
    bool is_watched = true;

    forget(link);
    status = PQconnectPoll(link->conn);

    if (status == PGRES_POLLING_OK) {
        connected(link);
        return;
    }

    if (status == PGRES_POLLING_READING) {
        is_watched = watch(link, TRIAGE_READABLE);
    } else if (status == PGRES_POLLING_WRITING) {
        is_watched = watch(link, TRIAGE_WRITABLE);
    }

    if (status == PGRES_POLLING_FAILED || !is_watched) {
        fail_connect(link, "cannot connect to the database");
    }
}

static void
connect_now(triage_link_t *link)
{
    const triage_store_options_t *options = link->setup.options;
    const char *const *keywords;
    const char *const *values;

    triage_conninfo_params(options->conninfo, link->endpoint, &keywords,
                           &values);
    set_state(link, TRIAGE_LINK_CONNECTING);
    set_alarm(link, options->timeout_ms, false);

    link->conn = PQconnectStartParams(keywords, values, 0);
    if (link->conn == NULL || PQstatus(link->conn) == CONNECTION_BAD) {
        fail_connect(link, "cannot connect to the database");
        return;
    }

    link->farewell[0] = '\0';
    PQsetNoticeReceiver(link->conn, read_notice, link);
    if (!watch(link, TRIAGE_WRITABLE)) {
        fail_connect(link, "the worker is out of connections");
    }
}

/* --- jobs --------------------------------------------------------------- */

bool
triage_link_send(triage_link_t *link, const triage_query_t *query,
                 triage_job_t *job)
{
    const triage_statement_t *statement = query->statement;
    int sent;

    if (statement->name != NULL && link->session.is_prepared
        && !*link->setup.is_unprepared)
    {
        sent = PQsendQueryPrepared(link->conn, statement->name,
                                   statement->parameter_count, query->values,
                                   query->lengths, query->formats, 1);
    } else {
        sent = PQsendQueryParams(
            link->conn, statement->text, statement->parameter_count, NULL,
            query->values, query->lengths, query->formats, 1);
    }

    set_state(link, TRIAGE_LINK_BUSY);
    if (!send_flushed(link, sent)) {
        drop(link);
        return false;
    }

    link->job = job;
    set_alarm(link, query->timeout_ms, query->holds_exit);

    return true;
}

static triage_verdict_t
verdict_of(const triage_link_t *link, const char *sqlstate)
{
    return link->setup.verdict_of != NULL ? link->setup.verdict_of(sqlstate)
                                          : triage_verdict_of(sqlstate);
}

static void
read_answer(triage_link_t *link, triage_answer_t *answer)
{
    ExecStatusType status = PQresultStatus(link->result);
    const char *sqlstate;

    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        *answer = (triage_answer_t){ .verdict = TRIAGE_FILED,
                                     .result = link->result };
        return;
    }

    sqlstate = sqlstate_of(link);
    *answer = (triage_answer_t){ .verdict = verdict_of(link, sqlstate),
                                 .sqlstate = sqlstate,
                                 .message = PQresultErrorField(
                                     link->result, PG_DIAG_MESSAGE_PRIMARY) };
}

static void
job_answered(triage_link_t *link)
{
    triage_job_t *job = link->job;
    PGresult *result = link->result;
    triage_answer_t answer;

    read_answer(link, &answer);
    link->job = NULL;
    link->result = NULL;

    if (answer.verdict == TRIAGE_LOST || answer.verdict == TRIAGE_LATER) {
        report(link, TRIAGE_REPORT_ERROR,
               "the database cannot take deliveries now", answer.sqlstate);
        link->failures += link->failures == 0; /* pause before the next */
        drop(link);
    } else {
        link->failures = 0;
        set_alarm(link, 0, false);
        set_state(link, TRIAGE_LINK_IDLE);
        if (answer.verdict == TRIAGE_UNPREPARED) {
            *link->setup.is_unprepared = true;
        }
    }

    job->answered(job, link, &answer);
    PQclear(result);
}

/* The server is ready for the next statement. */
static void
statement_ended(triage_link_t *link)
{
    if (link->state == TRIAGE_LINK_PREPARING) {
        session_answered(link);
    } else if (link->result == NULL) {
        lose(link, false);
    } else {
        job_answered(link);
    }
}

/* Of several results the first error counts, else the last. */
static void
keep_result(triage_link_t *link, PGresult *result)
{
    if (link->result != NULL
        && PQresultStatus(link->result) == PGRES_FATAL_ERROR) {
        PQclear(result);
        return;
    }

    PQclear(link->result);
    link->result = result;
}

static void
read_results(triage_link_t *link)
{
    while (!PQisBusy(link->conn)) {
        PGresult *result = PQgetResult(link->conn);

        if (result == NULL) {
            if (PQstatus(link->conn) == CONNECTION_BAD) {
                fail(link);
            } else {
                statement_ended(link);
            }
            return;
        }

        keep_result(link, result);
    }
}

/* Whoever is told may send the next job, and lose the link with it. */
static void
read_notifications(triage_link_t *link)
{
    PGnotify *notification;

    while (link->setup.notified != NULL && link->conn != NULL
           && (notification = PQnotifies(link->conn)) != NULL)
    {
        link->setup.notified(link->setup.owner, notification->extra);
        PQfreemem(notification);
    }
}

static void
exchange(triage_link_t *link, unsigned events)
{
    if ((events & TRIAGE_READABLE) != 0 && !PQconsumeInput(link->conn)) {
        fail(link);
        return;
    }

    if (link->wants_write && !send_flushed(link, 1)) {
        fail(link);
        return;
    }

    if (link->state != TRIAGE_LINK_IDLE) {
        read_results(link);
        read_notifications(link);
        return;
    }

    /* nothing was asked: a notification, or the server says good-bye */
    (void) PQisBusy(link->conn);
    if (PQstatus(link->conn) == CONNECTION_BAD) {
        fail(link);
        return;
    }

    read_notifications(link);
}

/* --- what the loop calls ------------------------------------------------ */

static void
on_ready(triage_waiter_t *waiter, unsigned events)
{
    triage_link_t *link = (triage_link_t *) waiter;

    if (link->state == TRIAGE_LINK_CONNECTING) {
        poll_connect(link);
    } else if (link->state != TRIAGE_LINK_DOWN) {
        exchange(link, events);
    }
}

static void
on_alarm(triage_waiter_t *waiter)
{
    triage_link_t *link = (triage_link_t *) waiter;

    if (link->state == TRIAGE_LINK_DOWN) {
        connect_now(link);
        return;
    }

    if (link->state < TRIAGE_LINK_IDLE) {
        fail_connect(link, "the database did not answer in time");
        return;
    }

    stats_of(link)->timeouts++;
    link->failures += link->failures == 0;
    lose(link, true);
}

static void
on_closing(triage_waiter_t *waiter)
{
    triage_link_t *link = (triage_link_t *) waiter;

    link->is_closing = true;
    if (link->state != TRIAGE_LINK_DOWN) {
        lose(link, false);
    }
    link->setup.closing(link->setup.owner);
}

triage_link_t *
triage_link_open(const triage_link_setup_t *setup)
{
    triage_link_t *link = calloc(1, sizeof(*link));

    if (link == NULL) {
        return NULL;
    }

    link->waiter = (triage_waiter_t){ .ready = on_ready,
                                      .alarm = on_alarm,
                                      .closing = on_closing };
    link->setup = *setup;
    connect_now(link);

    return link;
}

void
triage_link_close(triage_link_t *link)
{
    if (link == NULL) {
        return;
    }

    link->job = NULL;
    disconnect(link);
    free(link);
}
