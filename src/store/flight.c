#include "flight.h"

#include <stdio.h>
#include <string.h>

#include "slice.h"

/* Tries of one slice that nobody is to blame for, on one link. */
enum { TRIES_MAX = 5 };

/* Losses of a slice before its parcels go one by one; what has to speak
 * against one of them; losses of its dead letter. */
enum { LOSSES_MAX = 2, CHARGES_MAX = 3, LETTER_LOSSES_MAX = 3 };

enum { PARAMETER_COUNT = TRIAGE_COLUMN_COUNT + 2 };

static const int formats[PARAMETER_COUNT] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                              1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                              1, 1, 1, 1, 1, 1, 1, 0, 0 };

static const char is_refused[] = "refused by the database";
static const char is_fatal[] = "the database fails on it";

static bool
make_slice(triage_batch_t *batch, triage_slice_t *slice)
{
    if (batch->is_suspect) {
        batch->span = 1;
    }
    if (batch->span == 0 || batch->span > batch->count - batch->settled) {
        batch->span = batch->count - batch->settled;
    }

    if (batch->fault != NULL) {
        return triage_slice_dead_letter(batch, batch->settled, batch->fault,
                                        slice);
    }

    triage_slice_make(batch, batch->settled, batch->span, slice);

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

static void
clear_record(triage_batch_t *batch)
{
    batch->tries = 0;
    batch->losses = 0;
    batch->charges = 0;
}

/* The slice is done with. */
static void
settle(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch,
       triage_flight_end_t end)
{
    size_t from = batch->settled;
    size_t count = batch->fault != NULL ? 1 : batch->span;

    batch->settled += count;
    batch->span = 0;
    batch->is_suspect &= batch->fault == NULL; /* it was this one */
    batch->fault = NULL;
    clear_record(batch);
    flight->landed(flight, link, batch, end, from, count);
}

static void
ground(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch)
{
    flight->landed(flight, link, batch, TRIAGE_FLIGHT_GROUNDED, batch->settled,
                   batch->count - batch->settled);
}

static void
report(const triage_flight_t *flight, const char *what,
       const triage_answer_t *answer)
{
    const triage_store_options_t *options = flight->options;

    if (options->report != NULL) {
        options->report(options->context, TRIAGE_REPORT_ERROR, what,
                        answer->sqlstate);
    }
}

static void
note_filed(const triage_flight_t *flight, triage_batch_t *batch,
           const triage_answer_t *answer)
{
    triage_store_stats_t *stats = flight->options->stats;
    int64_t took = flight->loop->now(flight->loop->loop) - flight->sent_at;

    if (batch->fault == is_fatal) {
        report(flight,
               "the database failed on a delivery again and again: it is a"
               " dead letter now",
               answer);
    }
    if (batch->fault == NULL) {
        triage_slice_answered(
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
    if (batch->fault != NULL) {
        settle(flight, link, batch, TRIAGE_FLIGHT_REJECTED);
        return;
    }

    clear_record(batch);
    if (batch->span > 1) {
        batch->span /= 2;
    } else {
        batch->fault = is_refused;
        report(flight,
               "the database refuses a delivery: it becomes a dead letter",
               answer);
    }

    if (!triage_flight_start(flight, link, batch, flight->timeout_ms)) {
        ground(flight, link, batch);
    }
}

static bool
has_class(const triage_answer_t *answer, const char *class)
{
    return answer->sqlstate != NULL
           && strncmp(answer->sqlstate, class, strlen(class)) == 0;
}

/* Did the connection break while the server worked on it? */
static bool
has_crashed(const triage_answer_t *answer)
{
    return answer->verdict == TRIAGE_LOST && !answer->is_late;
}

/* Does a loss speak against the parcel that was alone?  What is late does
 * only where others are filed, and a lock is held by somebody else. */
static bool
is_charge(const triage_flight_t *flight, const triage_batch_t *batch,
          const triage_answer_t *answer)
{
    bool others_are_filed =
        !has_class(answer, "55P03") && batch->losses > 1
        && flight->options->stats->deliveries != batch->filed;

    return has_crashed(answer) || has_class(answer, "42") || others_are_filed;
}

/* The dead letter came to nothing.  Either the database cannot take
 * anything, or not even that: false then. */
static bool
has_hope(triage_batch_t *batch, const triage_answer_t *answer)
{
    if (has_crashed(answer)) {
        return batch->losses < LETTER_LOSSES_MAX;
    }

    batch->fault = NULL; /* all over again, when it can */
    clear_record(batch);

    return true;
}

/* A slice came to nothing, and nobody is to blame as yet.  False when it is
 * of no use to send it ever again. */
static bool
note_loss(const triage_flight_t *flight, triage_batch_t *batch,
          const triage_answer_t *answer)
{
    /* a server that shuts down, or that another session has brought down,
     * says so */
    if (has_class(answer, "57P")) {
        return true;
    }

    batch->losses++;
    if (batch->fault != NULL) {
        return has_hope(batch, answer);
    }

    batch->charges += is_charge(flight, batch, answer);
    batch->filed = flight->options->stats->deliveries;
    if (batch->span > 1 && batch->losses >= LOSSES_MAX) {
        batch->is_suspect = true;
        clear_record(batch);
    } else if (batch->span == 1 && batch->charges >= CHARGES_MAX) {
        batch->fault = is_fatal; /* told when that dead letter is kept */
        clear_record(batch);
    }

    return true;
}

static void
lose(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch,
     const triage_answer_t *answer)
{
    if (note_loss(flight, batch, answer)) {
        ground(flight, link, batch);
    } else {
        settle(flight, link, batch, TRIAGE_FLIGHT_REJECTED);
    }
}

static void
try_again(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch,
          const triage_answer_t *answer)
{
    if (++batch->tries > TRIES_MAX) {
        batch->tries = 0;
        if (has_class(answer, "23")) {
            narrow(flight, link, batch, answer);
        } else {
            lose(flight, link, batch, answer);
        }
    } else if (!triage_flight_start(flight, link, batch, flight->timeout_ms)) {
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
               batch->fault != NULL ? TRIAGE_FLIGHT_NOTED
                                    : TRIAGE_FLIGHT_FILED);
        return;
    case TRIAGE_REFUSED:
        narrow(flight, link, batch, answer);
        return;
    case TRIAGE_AGAIN:
    case TRIAGE_UNPREPARED:
        try_again(flight, link, batch, answer);
        return;
    case TRIAGE_LATER:
    case TRIAGE_LOST:
        lose(flight, link, batch, answer);
        return;
    }
}

void
triage_flight_init(triage_flight_t *flight)
{
    flight->job.answered = answered;
}
