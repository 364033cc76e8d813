#include "waits.h"

#include <stdlib.h>

#include "network.h"

/* FAILED_MS is for a database that does not know the function, or us: every
 * try costs the link. */
enum { PAUSE_MS = 5000, FIRST_MS = 1000, FAILED_MS = 60000, COLUMNS = 12 };

struct triage_waits_s {
    triage_waiter_t waiter; /* first: the loop gives it back */
    triage_job_t asking;
    triage_waits_setup_t setup;
    bool is_due;
    bool is_asking;
    bool is_stopped;
};

#define waits_of(job)                                                         \
    ((triage_waits_t *) ((char *) (job) -offsetof(triage_waits_t, asking)))

static void
set_alarm(triage_waits_t *waits, uint32_t ms)
{
    const triage_loop_t *loop = waits->setup.loop;

    loop->alarm(loop->loop, &waits->waiter, ms, false);
}

static int64_t
number(const PGresult *result, int row, int column)
{
    if (PQgetlength(result, row, column) != 8) {
        return -1; /* null */
    }

    return (int64_t) triage_get_u64(PQgetvalue(result, row, column));
}

static void
read_row(triage_wait_t *wait, const PGresult *result, int row)
{
    *wait = (triage_wait_t){
        .queue = { PQgetvalue(result, row, 0),
                   (size_t) PQgetlength(result, row, 0) },
        .forecast_at = number(result, row, 1),
        .wait_p50 = number(result, row, 2),
        .wait_p90 = number(result, row, 3),
        .target = number(result, row, 4),
        .waiting = number(result, row, 5),
        .published = number(result, row, 6),
        .held = number(result, row, 7),
        .is_unusual = number(result, row, 8) > 0,
        .due_at = number(result, row, 9),
        .opens_at = number(result, row, 10),
        .opens = { PQgetvalue(result, row, 11),
                   (size_t) PQgetlength(result, row, 11) },
    };
}

static void
read_rows(triage_waits_t *waits, const PGresult *result)
{
    const triage_waits_reader_t *reader = &waits->setup.reader;
    triage_wait_t rows[TRIAGE_WAITS_MAX];
    size_t count = 0;

    while (count < TRIAGE_WAITS_MAX && (int) count < PQntuples(result)) {
        read_row(&rows[count], result, (int) count);
        count++;
    }

    reader->take(reader->context, rows, count);
}

static void
asked(triage_job_t *job, triage_link_t *link, const triage_answer_t *answer)
{
    triage_waits_t *waits = waits_of(job);

    (void) link;
    waits->is_asking = false;
    if (answer->verdict == TRIAGE_FILED
        && PQnfields(answer->result) == COLUMNS) {
        read_rows(waits, answer->result);
    } else if (answer->verdict != TRIAGE_LOST && !waits->is_stopped) {
        set_alarm(waits, FAILED_MS);
    }

    waits->setup.due(waits->setup.owner);
}

bool
triage_waits_use(triage_waits_t *waits, triage_link_t *link)
{
    triage_query_t query = { .statement = &triage_publish_statement,
                             .timeout_ms = waits->setup.options->timeout_ms };

    if (waits->is_stopped || waits->is_asking || !waits->is_due) {
        return false;
    }

    waits->is_due = false;
    waits->is_asking = triage_link_send(link, &query, &waits->asking);

    return true;
}

static void
on_alarm(triage_waiter_t *waiter)
{
    triage_waits_t *waits = (triage_waits_t *) waiter;
    const triage_waits_reader_t *reader = &waits->setup.reader;

    if (waits->is_stopped) {
        return;
    }

    set_alarm(waits, PAUSE_MS);
    if (!waits->is_asking && !waits->is_due
        && reader->is_wanted(reader->context)) {
        waits->is_due = true;
        waits->setup.due(waits->setup.owner);
    }
}

triage_waits_t *
triage_waits_open(const triage_waits_setup_t *setup)
{
    triage_waits_t *waits = calloc(1, sizeof(*waits));

    if (waits == NULL) {
        return NULL;
    }

    waits->waiter = (triage_waiter_t){ .alarm = on_alarm };
    waits->asking.answered = asked;
    waits->setup = *setup;
    set_alarm(waits, FIRST_MS);

    return waits;
}

void
triage_waits_stop(triage_waits_t *waits)
{
    waits->is_stopped = true;
    set_alarm(waits, 0);
}

void
triage_waits_close(triage_waits_t *waits)
{
    if (waits == NULL) {
        return;
    }

    triage_waits_stop(waits);
    free(waits);
}
