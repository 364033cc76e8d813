/*
 * Brings a database up to date while others work with it.
 *
 * Each step is a transaction of its own under a lock on the table that
 * records the migrations, so two that migrate at once take turns.  No step
 * waits longer for a lock than ingest can bear to queue up behind it: it
 * gives up, lets the others pass and tries again.
 */
#include "command.h"
#include "recorded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COMMAND "migrate"
/* How long anybody may queue up behind a lock that we wait for. */
#define BE_BRIEF "set local lock_timeout = '200ms'"
#define FIRST_PAUSE_MS 100
#define LONGEST_PAUSE_MS 2000

typedef struct {
    bool is_list;
    bool is_dry;
    int64_t wait; /* seconds */
} settings_t;

typedef enum { DONE, ALREADY, BLOCKED, FAILED } progress_t;

typedef struct {
    PGconn *link;
    int64_t give_up_at; /* ms */
    unsigned applied;
    const triage_sql_file_t *blocked; /* the last one that met a lock */
} migrator_t;

static const triage_option_t options[] = {
    { "--list", NULL, "list the migrations, and which are applied",
      offsetof(settings_t, is_list), TRIAGE_OPTION_FLAG, 0, 0 },
    { "--dry-run", NULL, "say what would be applied, change nothing",
      offsetof(settings_t, is_dry), TRIAGE_OPTION_FLAG, 0, 0 },
    { "--wait", "SECONDS", "how long to try for locks, 60 by default",
      offsetof(settings_t, wait), TRIAGE_OPTION_NUMBER, 0, 86400 },
    { NULL, NULL, NULL, 0, TRIAGE_OPTION_FLAG, 0, 0 },
};

static const triage_usage_t usage = {
    .command = COMMAND,
    .words = "CONNINFO",
    .summary = "Brings the database that CONNINFO (of libpq: keywords or "
               "URI) names up to\ndate: migrations that are not recorded "
               "yet, each in a transaction of its own,\nthen functions, "
               "views and grants.  Safe twice, safe beside a live system.",
    .notes = "With --list, CONNINFO may be left out.\n"
             "exit: 0 up to date, 1 not applied, 64 wrong command line\n",
    .options = { options, NULL },
    .min_words = 0,
    .max_words = 1,
};

/* What goes away by itself when somebody else is done. */
static const char *const passing_states[] = {
    "55P03", /* lock_not_available: our lock_timeout */
    "40P01", /* deadlock_detected */
    "40001", /* serialization_failure */
    NULL,
};

/* Two that make the same thing at once, before there is a table to lock. */
static const char *const racing_states[] = {
    "23505", /* unique_violation in a catalog */
    "42P06", /* duplicate_schema */
    "42P07", /* duplicate_table */
    NULL,
};

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);

    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void
pause_ms(int64_t ms)
{
    struct timespec left = { ms / 1000, ms % 1000 * 1000000 };

    while (nanosleep(&left, &left) == -1 && errno == EINTR) {
    }
}

static bool
is_one_of(const char *state, const char *const *states)
{
    for (size_t i = 0; state != NULL && states[i] != NULL; i++) {
        if (strcmp(state, states[i]) == 0) {
            return true;
        }
    }

    return false;
}

/* The line of the character at `position`, which counts from 1. */
static unsigned
line_of(const char *text, const char *position)
{
    long left = strtol(position, NULL, 10);
    unsigned line = 1;

    for (; *text != '\0' && left > 1; text++) {
        line += *text == '\n';
        left -= (*text & 0xc0) != 0x80;
    }

    return line;
}

/* Not the detail: it may quote what people wrote. */
static void
report_error(const PGresult *result, const triage_sql_file_t *file)
{
    const char *message, *position;
    char line[16] = "";

    message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);

    if (position != NULL) {
        snprintf(line, sizeof(line), ":%u", line_of(file->text, position));
    }

    triage_complain(COMMAND, "src/sql/%s%s: %s", file->path, line,
                    message != NULL ? message : "the connection was lost");
}

static progress_t
judge(const PGresult *result, const triage_sql_file_t *file)
{
    ExecStatusType status = PQresultStatus(result);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK
        || status == PGRES_EMPTY_QUERY)
    {
        return DONE;
    }

    if (is_one_of(state, passing_states)) {
        return BLOCKED;
    }

    if (file == &triage_sql_bootstrap && is_one_of(state, racing_states)) {
        return BLOCKED;
    }

    report_error(result, file);

    return FAILED;
}

static progress_t
run(migrator_t *migrator, const char *sql, const triage_sql_file_t *file)
{
    PGresult *result = PQexec(migrator->link, sql);
    progress_t progress = judge(result, file);

    PQclear(result);

    if (progress == BLOCKED) {
        migrator->blocked = file;
    }

    return progress;
}

static progress_t
run_file(migrator_t *migrator, const triage_sql_file_t *file)
{
    return run(migrator, file->text, file);
}

static progress_t
begin(migrator_t *migrator, const triage_sql_file_t *file)
{
    return run(migrator,
               "begin;"
               "set local statement_timeout = 0;"
               "set local client_min_messages = warning;" BE_BRIEF,
               file);
}

/* Inside the transaction; nobody else migrates until it ends. */
static progress_t
lock(migrator_t *migrator, const triage_sql_file_t *file)
{
    PGresult *recorded;
    progress_t progress;

    progress = run(migrator,
                   "lock table triage_data.migration"
                   " in share row exclusive mode",
                   file);

    if (progress != DONE) {
        return progress;
    }

    recorded = triage_recorded_read(migrator->link);

    if (recorded == NULL || triage_recorded_is_too_new(recorded)) {
        progress = FAILED;

    } else if (triage_recorded_has(recorded, file->name)) {
        progress = ALREADY;
    }

    PQclear(recorded);

    return progress;
}

static progress_t
record(migrator_t *migrator, const triage_sql_file_t *file)
{
    const char *values[] = { file->name };
    PGresult *result;
    progress_t progress;

    result = PQexecParams(migrator->link,
                          "insert into triage_data.migration (name)"
                          " values ($1)",
                          1, NULL, values, NULL, NULL, 0);
    progress = judge(result, file);
    PQclear(result);

    return progress;
}

static progress_t
bootstrap(migrator_t *migrator, const triage_sql_file_t *file)
{
    return run_file(migrator, file);
}

static progress_t
apply(migrator_t *migrator, const triage_sql_file_t *file)
{
    progress_t progress = lock(migrator, file);

    if (progress == DONE) {
        progress = run_file(migrator, file);
    }

    if (progress == DONE) {
        progress = record(migrator, file);
    }

    return progress;
}

static progress_t
install(migrator_t *migrator, const triage_sql_file_t *files)
{
    progress_t progress = lock(migrator, &triage_sql_bootstrap);

    for (; progress == DONE && files->name != NULL; files++) {
        progress = run_file(migrator, files);

        if (progress == DONE) { /* a file may set it for psql's sake */
            progress = run(migrator, BE_BRIEF, files);
        }
    }

    return progress;
}

typedef progress_t (*step_pt)(migrator_t *migrator,
                              const triage_sql_file_t *file);

static progress_t
try_step(migrator_t *migrator, step_pt step, const triage_sql_file_t *file)
{
    progress_t progress = begin(migrator, file);

    if (progress == DONE) {
        progress = step(migrator, file);
    }

    if (progress == DONE) {
        return run(migrator, "commit", file);
    }

    PQclear(PQexec(migrator->link, "rollback"));

    return progress;
}

/* Until it worked, failed, or took too long. */
static progress_t
do_step(migrator_t *migrator, step_pt step, const triage_sql_file_t *file)
{
    int64_t pause = FIRST_PAUSE_MS;

    for (;;) {
        progress_t progress = try_step(migrator, step, file);

        if (progress != BLOCKED) {
            return progress;
        }

        if (now_ms() + pause > migrator->give_up_at) {
            triage_complain(COMMAND,
                            "src/sql/%s: others hold locks that it needs; "
                            "nothing of it was applied, try again (--wait)",
                            migrator->blocked->path);
            return FAILED;
        }

        pause_ms(pause);
        pause = pause * 2 < LONGEST_PAUSE_MS ? pause * 2 : LONGEST_PAUSE_MS;
    }
}

static bool
migrate_all(migrator_t *migrator)
{
    const triage_sql_file_t *file;
    unsigned parts = 0;

    if (do_step(migrator, bootstrap, &triage_sql_bootstrap) == FAILED) {
        return false;
    }

    for (file = triage_sql_migrations; file->name != NULL; file++) {
        progress_t progress = do_step(migrator, apply, file);

        if (progress == FAILED) {
            return false;
        }

        if (progress == DONE) {
            printf("applied %s\n", file->name);
            fflush(stdout);
            migrator->applied++;
        }
    }

    if (do_step(migrator, install, triage_sql_parts) == FAILED) {
        return false;
    }

    for (file = triage_sql_parts; file->name != NULL; file++) {
        parts++;
    }

    if (migrator->applied == 0) {
        printf("nothing to apply\n");
    }

    printf("installed functions, views and grants (%u files)\n", parts);

    return true;
}

static void
list_all(const PGresult *recorded)
{
    const triage_sql_file_t *file = triage_sql_migrations;

    for (; file->name != NULL; file++) {
        printf("%s%s\n",
               recorded == NULL                            ? ""
               : triage_recorded_has(recorded, file->name) ? "applied "
                                                           : "pending ",
               file->name);
    }

    for (int row = 0; recorded != NULL && row < PQntuples(recorded); row++) {
        if (!triage_recorded_is_ours(PQgetvalue(recorded, row, 0))) {
            printf("newer   %s\n", PQgetvalue(recorded, row, 0));
        }
    }
}

static void
list_pending(const PGresult *recorded)
{
    const triage_sql_file_t *file = triage_sql_migrations;
    bool is_up_to_date = true;

    for (; file->name != NULL; file++) {
        if (!triage_recorded_has(recorded, file->name)) {
            printf("would apply %s\n", file->name);
            is_up_to_date = false;
        }
    }

    if (is_up_to_date) {
        printf("nothing to apply\n");
    }
}

static bool
do_what_was_asked(migrator_t *migrator, const settings_t *settings)
{
    PGresult *recorded = triage_recorded_read(migrator->link);
    bool is_done = false;

    if (recorded == NULL) {
        return false;
    }

    if (settings->is_list) {
        list_all(recorded);
        is_done = true;

    } else if (!triage_recorded_is_too_new(recorded)) {
        if (settings->is_dry) {
            list_pending(recorded);
        }
        is_done = settings->is_dry || migrate_all(migrator);
    }

    PQclear(recorded);

    return is_done;
}

static void
drop_notice(void *context, const PGresult *notice)
{
    (void) context;
    (void) notice;
}

static int
migrate(const char *conninfo, const settings_t *settings)
{
    const char *keywords[] = { "dbname", "fallback_application_name", NULL };
    const char *values[] = { conninfo, "triage migrate", NULL };
    migrator_t migrator = { NULL, now_ms() + settings->wait * 1000, 0,
                            &triage_sql_bootstrap };
    bool is_done = false;

    migrator.link = PQconnectdbParams(keywords, values, 1);

    if (PQstatus(migrator.link) == CONNECTION_OK) {
        PQsetNoticeReceiver(migrator.link, drop_notice, NULL);
        is_done = do_what_was_asked(&migrator, settings);

    } else {
        triage_complain(COMMAND, "cannot connect: %s",
                        PQerrorMessage(migrator.link));
    }

    PQfinish(migrator.link);

    return is_done ? TRIAGE_EXIT_OK : TRIAGE_EXIT_FAILED;
}

int
triage_tool_migrate(int argc, char **argv)
{
    settings_t settings = { .wait = 60 };
    triage_list_t words;
    int status;

    if (!triage_options_read(&usage, argc, argv, &settings, &words, &status)) {
        /* it said why */

    } else if (words.count == 1) {
        status = migrate(words.items[0], &settings);

    } else if (settings.is_list) {
        list_all(NULL);
        status = TRIAGE_EXIT_OK;

    } else {
        triage_complain(COMMAND, "expected a CONNINFO, for example "
                                 "\"host=/run/postgresql dbname=triage\"");
        status = TRIAGE_EXIT_USAGE;
    }

    triage_list_free(&words);

    return status;
}
