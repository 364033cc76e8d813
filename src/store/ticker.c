#include "ticker.h"

#include <stdlib.h>

/* FAILED_MS is for a database that does not know the function, or us: every
 * try costs the link. */
enum {
    PAUSE_MS = 1000,
    STANDBY_MS = 4000,
    SPREAD_MS = 1000,
    FAILED_MS = 60000
};

struct triage_ticker_s {
    triage_waiter_t waiter; /* first: the loop gives it back */
    triage_job_t asking;
    triage_ticker_setup_t setup;
    bool is_due;
    bool is_overdue;
    bool is_stopped;
};

#define ticker_of(job)                                                        \
    ((triage_ticker_t *) ((char *) (job) -offsetof(triage_ticker_t, asking)))

static void
set_alarm(triage_ticker_t *ticker, uint32_t ms)
{
    const triage_loop_t *loop = ticker->setup.loop;

    loop->alarm(loop->loop, &ticker->waiter, ms, false);
}

/* Workers that started together do not come together. */
static uint32_t
standby_ms(const triage_ticker_t *ticker)
{
    uint32_t spread = ticker->setup.options->worker * 2654435761u >> 16;

    return STANDBY_MS + spread % SPREAD_MS;
}

static uint32_t
pause_after(const triage_ticker_t *ticker, const triage_answer_t *answer)
{
    if (answer->verdict == TRIAGE_FILED && PQntuples(answer->result) == 1
        && PQgetlength(answer->result, 0, 0) == 1)
    {
        return *PQgetvalue(answer->result, 0, 0) ? PAUSE_MS
                                                 : standby_ms(ticker);
    }

    return answer->verdict == TRIAGE_LOST ? standby_ms(ticker) : FAILED_MS;
}

static void
asked(triage_job_t *job, triage_link_t *link, const triage_answer_t *answer)
{
    triage_ticker_t *ticker = ticker_of(job);

    (void) link;
    if (!ticker->is_stopped) {
        set_alarm(ticker, pause_after(ticker, answer));
    }

    ticker->setup.due(ticker->setup.owner);
}

bool
triage_ticker_is_overdue(const triage_ticker_t *ticker)
{
    return ticker->is_overdue;
}

bool
triage_ticker_use(triage_ticker_t *ticker, triage_link_t *link)
{
    triage_query_t query = { .statement = &triage_tick_statement,
                             .timeout_ms = ticker->setup.options->timeout_ms };

    if (ticker->is_stopped || !ticker->is_due) {
        return false;
    }

    ticker->is_due = false;
    ticker->is_overdue = false;
    if (triage_link_send(link, &query, &ticker->asking)) {
        set_alarm(ticker, 0); /* set again by the answer */
    } else {
        set_alarm(ticker, standby_ms(ticker));
    }

    return true;
}

static void
on_alarm(triage_waiter_t *waiter)
{
    triage_ticker_t *ticker = (triage_ticker_t *) waiter;

    if (ticker->is_stopped) {
        return;
    }

    ticker->is_overdue = ticker->is_due;
    ticker->is_due = true;
    set_alarm(ticker, PAUSE_MS);
    ticker->setup.due(ticker->setup.owner);
}

triage_ticker_t *
triage_ticker_open(const triage_ticker_setup_t *setup)
{
    triage_ticker_t *ticker = calloc(1, sizeof(*ticker));

    if (ticker == NULL) {
        return NULL;
    }

    ticker->waiter = (triage_waiter_t){ .alarm = on_alarm };
    ticker->asking.answered = asked;
    ticker->setup = *setup;
    set_alarm(ticker, PAUSE_MS);

    return ticker;
}

void
triage_ticker_stop(triage_ticker_t *ticker)
{
    ticker->is_stopped = true;
    set_alarm(ticker, 0);
}

void
triage_ticker_close(triage_ticker_t *ticker)
{
    if (ticker == NULL) {
        return;
    }

    triage_ticker_stop(ticker);
    free(ticker);
}
