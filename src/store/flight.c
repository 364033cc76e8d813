#include "flight.h"

#include <stdio.h>

/* Tries of one slice that nobody is to blame for, on one link. */
enum { TRIES_MAX = 5 };

enum { PARAMETER_COUNT = TRIAGE_COLUMN_COUNT + 2 };

static const int formats[PARAMETER_COUNT] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                              1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                              1, 1, 1, 1, 1, 1, 0, 0 };

static const char refused[] = "refused by the database";

static bool
make_slice(triage_batch_t *batch, triage_slice_t *slice)
{
    if (batch->span == 0 || batch->span > batch->count - batch->settled) {
        batch->span = batch->count - batch->settled;
    }

    if (batch->is_noted) {
        return triage_batch_dead_letter(batch, batch->settled, refused, slice);
    }

    triage_batch_slice(batch, batch->settled, batch->span, slice);

    return true;
}

bool
triage_flight_start(triage_flight_t *flight, triage_link_t *link,
                    triage_batch_t *batch, uint32_t timeout_ms)
{
    const char *values[PARAMETER_COUNT];
    int lengths[PARAMETER_COUNT] = { 0 };
    char lock_timeout[16];
    triage_slice_t slice;
    size_t i;
    triage_query_t query = { .statement = &triage_ingest_statement,
                             .values = values,
                             .lengths = lengths,
                             .formats = formats,
                             .timeout_ms = timeout_ms,
                             .holds_exit = flight->holds_exit };

    if (!make_slice(batch, &slice)) {
        return false;
    }

    for (i = 0; i < TRIAGE_COLUMN_COUNT; i++) {
        values[i] = slice.values[i];
        lengths[i] = slice.lengths[i];
    }
    /* shorter than ours: the link survives a locked table */
    snprintf(lock_timeout, sizeof(lock_timeout), "%u",
             timeout_ms - timeout_ms / 8);
    values[TRIAGE_COLUMN_COUNT] = triage_commit_name(flight->options->commit);
    values[TRIAGE_COLUMN_COUNT + 1] = lock_timeout;

    flight->sent_at = flight->loop->now(flight->loop->loop);
    flight->timeout_ms = timeout_ms;
    if (!triage_link_send(link, &query, &flight->job)) {
        return false;
    }
    flight->batch = batch;

    return true;
}

/* The slice is done with. */
static void
settle(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch,
       triage_flight_end_t end)
{
    size_t from = batch->settled;
    size_t count = batch->is_noted ? 1 : batch->span;

    batch->settled += count;
    batch->span = 0;
    batch->is_noted = false;
    batch->tries = 0;
    flight->landed(flight, link, batch, end, from, count);
}

static void
ground(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch)
{
    flight->landed(flight, link, batch, TRIAGE_FLIGHT_GROUNDED, batch->settled,
                   batch->count - batch->settled);
}

static void
note_filed(const triage_flight_t *flight, triage_batch_t *batch,
           const triage_answer_t *answer)
{
    triage_store_stats_t *stats = flight->options->stats;
    int64_t took = flight->loop->now(flight->loop->loop) - flight->sent_at;

    if (!batch->is_noted) {
        triage_batch_answer(
            batch, batch->settled,
            PQgetvalue(answer->result, 0, TRIAGE_INGEST_DUPLICATES),
            (size_t) PQgetlength(answer->result, 0, TRIAGE_INGEST_DUPLICATES));
    }

    stats->commit_us = took > 0 ? (uint64_t) took : 0;
}

/* Looks for the culprit in the first half. */
static void
narrow(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch,
       const triage_answer_t *answer)
{
    const triage_store_options_t *options = flight->options;

    if (batch->is_noted) {
        settle(flight, link, batch, TRIAGE_FLIGHT_REJECTED);
        return;
    }

    batch->tries = 0;
    if (batch->span > 1) {
        batch->span /= 2;
    } else {
        batch->is_noted = true;
        if (options->report != NULL) {
            options->report(options->context, TRIAGE_REPORT_ERROR,
                            "the database refuses a delivery: it becomes a"
                            " dead letter",
                            answer->sqlstate);
        }
    }

    if (!triage_flight_start(flight, link, batch, flight->timeout_ms)) {
        ground(flight, link, batch);
    }
}

static void
try_again(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch)
{
    if (++batch->tries > TRIES_MAX
        || !triage_flight_start(flight, link, batch, flight->timeout_ms))
    {
        ground(flight, link, batch);
    }
}

static void
answered(triage_job_t *job, triage_link_t *link, const triage_answer_t *answer)
{
    triage_flight_t *flight = (triage_flight_t *) job;
    triage_batch_t *batch = flight->batch;

    flight->batch = NULL;

    switch (answer->verdict) {
    case TRIAGE_FILED:
        note_filed(flight, batch, answer);
        settle(flight, link, batch,
               batch->is_noted ? TRIAGE_FLIGHT_NOTED : TRIAGE_FLIGHT_FILED);
        return;
    case TRIAGE_REFUSED:
        narrow(flight, link, batch, answer);
        return;
    case TRIAGE_AGAIN:
    case TRIAGE_UNPREPARED:
        try_again(flight, link, batch);
        return;
    case TRIAGE_LATER:
    case TRIAGE_LOST:
        break;
    }

    ground(flight, link, batch);
}

void
triage_flight_init(triage_flight_t *flight)
{
    flight->job.answered = answered;
}
