#include "store.h"

#include <stdlib.h>
#include <string.h>

#include "backlog.h"
#include "drain.h"
#include "errands.h"
#include "fleet.h"
#include "spool.h"

enum { BATCH_ROWS_MAX = 1024 };

/* Under a load that never leaves a link idle, the spool still gets a batch
 * after so many others. */
enum { LIVE_BATCHES = 8 };

struct triage_store_s {
    triage_waiter_t age; /* first: the loop gives it back */
    triage_store_options_t options;
    triage_store_stats_t own_stats; /* where nobody wants them */
    triage_loop_t loop;
    triage_backlog_t backlog;
    triage_fleet_t fleet;
    triage_spool_t *spool; /* NULL: none */
    triage_drain_t *drain;
    unsigned live_batches; /* since the last one from the spool */
    triage_errands_t errands;
    triage_ticket_t *last_put;
    const char *fault; /* of what is answered now: a dead letter, kept */
    bool is_flush_due;
    bool is_age_set;
    bool is_closed;
};

static int64_t
now(const triage_store_t *store)
{
    return store->loop.now(store->loop.loop);
}

static void
count_backlog(triage_store_t *store)
{
    store->options.stats->backlog_deliveries = store->backlog.deliveries;
    store->options.stats->backlog_bytes = store->backlog.bytes;
}

/* --- answers ------------------------------------------------------------ */

static void
answer(triage_store_t *store, triage_batch_t *batch, triage_ticket_t *ticket,
       triage_outcome_t outcome)
{
    const bool *duplicates = outcome.code == TRIAGE_OK
                                 ? triage_batch_duplicates(batch, ticket)
                                 : NULL;
    triage_stored_pt done = ticket->done;

    triage_backlog_settle(&store->backlog, ticket);
    count_backlog(store); /* whoever has the answer may ask for the status */
    if (store->errands.replayer != NULL) {
        triage_replayer_settled(store->errands.replayer, ticket,
                                outcome.code == TRIAGE_OK, store->fault);
    }

    ticket->done = NULL;
    if (done != NULL) {
        done(ticket->data, outcome, duplicates);
    }
}

/* Parcels from..from+count are settled; the last one takes the batch with
 * it.  What is called from here may put more. */
static void
answer_all(triage_store_t *store, triage_batch_t *batch, size_t from,
           size_t count, triage_outcome_t outcome)
{
    bool is_last = from + count == batch->count;
    size_t i;

    for (i = from; i < from + count; i++) {
        if (i + 1 < from + count) { /* who waits was last seen long ago */
            __builtin_prefetch(batch->tickets[i + 1].data);
        }
        answer(store, batch, &batch->tickets[i], outcome);
    }

    if (is_last) {
        triage_backlog_recycle(&store->backlog, batch);
    }
}

/* What cannot be filed in time goes to the spool, where there is one. */
static void
divert(triage_store_t *store, triage_batch_t *batch)
{
    size_t count = batch->count - batch->settled;

    if (store->spool != NULL) {
        triage_spool_put(store->spool, batch);
        return;
    }

    store->options.stats->refused += count;
    answer_all(
        store, batch, batch->settled, count,
        triage_fail(TRIAGE_UNAVAILABLE, "the database cannot be reached"));
}

static void
divert_all(triage_store_t *store)
{
    triage_batch_t *batch;

    while ((batch = triage_backlog_take(&store->backlog)) != NULL) {
        divert(store, batch);
    }
}

static void
on_written(void *owner, triage_batch_t *batch, triage_spool_result_t result)
{
    static const triage_outcome_t outcomes[] = {
        [TRIAGE_SPOOL_OK] = { TRIAGE_OK, NULL },
        [TRIAGE_SPOOL_FULL] = { TRIAGE_BUSY, "the spool is full" },
        [TRIAGE_SPOOL_FAILED] = { TRIAGE_UNAVAILABLE,
                                  "the spool cannot be written" }
    };
    triage_store_t *store = owner;
    size_t from = batch->settled;
    size_t count = batch->count - from;

    if (result == TRIAGE_SPOOL_OK) {
        store->options.stats->spooled += count;
    } else {
        store->options.stats->refused += count;
    }

    /* what was a duplicate is known only of parcels that were filed */
    triage_buffer_clear(&batch->duplicates);
    batch->settled = batch->count;
    answer_all(store, batch, from, count, outcomes[result]);
}

/* --- ages --------------------------------------------------------------- */

/* Half of the timeout is left for a batch that is under way when its time
 * comes; without a spool, or when that is of no use, all of it is spent on
 * waiting. */
static int64_t
patience(const triage_store_t *store)
{
    int64_t timeout_us = (int64_t) store->options.timeout_ms * 1000;
    bool has_spool =
        store->spool != NULL && store->options.stats->spool_failed == 0;

    return has_spool ? timeout_us / 2 : timeout_us;
}

/* How long the oldest parcel has waited.  The clock may be set back: then
 * it waits anew. */
static int64_t
age(const triage_store_t *store, triage_batch_t *batch)
{
    int64_t time = now(store);

    if (batch->queued_at > time) {
        batch->queued_at = time;
    }

    return time - batch->queued_at;
}

/* Wakes up when the oldest batch has waited too long.  Someone's answer
 * depends on it, so a worker does not leave before. */
static void
set_age_alarm(triage_store_t *store)
{
    triage_batch_t *oldest = store->backlog.first;
    int64_t left_ms;

    if (oldest == NULL) {
        if (store->is_age_set) {
            store->is_age_set = false;
            store->loop.alarm(store->loop.loop, &store->age, 0, false);
        }
        return;
    }

    if (store->is_age_set) {
        return; /* it comes early at worst, and is set again */
    }

    left_ms = (patience(store) - age(store, oldest)) / 1000 + 1;
    store->is_age_set = true;
    store->loop.alarm(store->loop.loop, &store->age,
                      left_ms > 0 ? (uint32_t) left_ms : 1, true);
}

static void
on_age(triage_waiter_t *waiter)
{
    triage_store_t *store = (triage_store_t *) waiter;

    store->is_age_set = false;
    while (store->backlog.first != NULL
           && age(store, store->backlog.first) >= patience(store))
    {
        divert(store, triage_backlog_take(&store->backlog));
    }

    set_age_alarm(store);
}

/* --- links -------------------------------------------------------------- */

static void flush(void *data);

/* At the end of this turn of the loop, with all that arrives in it. */
static void
flush_soon(triage_store_t *store)
{
    if (!store->is_flush_due) {
        store->is_flush_due = true;
        store->loop.defer(store->loop.loop, flush, store);
    }
}

static void
give_back(triage_store_t *store, triage_batch_t *batch)
{
    if (batch->is_drained) {
        triage_drain_return(store->drain, batch);
        return;
    }

    triage_backlog_return(&store->backlog, batch);
    set_age_alarm(store);
    flush_soon(store);
}

/* With a spool behind it a batch is under way no longer than its parcels
 * may wait. */
static uint32_t
flight_timeout(const triage_store_t *store, triage_batch_t *batch)
{
    uint32_t timeout_ms = store->options.timeout_ms;
    int64_t left_ms;

    if (store->spool == NULL || batch->is_drained) {
        return timeout_ms;
    }

    left_ms = timeout_ms - age(store, batch) / 1000;

    return left_ms > timeout_ms / 4 ? (uint32_t) left_ms : timeout_ms / 4 + 1;
}

static void
send(triage_store_t *store, triage_flight_t *flight, triage_link_t *link,
     triage_batch_t *batch)
{
    flight->holds_exit = !batch->is_drained;
    if (!triage_flight_start(flight, link, batch,
                             flight_timeout(store, batch))) {
        give_back(store, batch);
    }
}

/* Live deliveries first, but the spool is not forgotten. */
static triage_batch_t *
next_batch(triage_store_t *store)
{
    triage_batch_t *batch = NULL;

    if (store->drain != NULL
        && (store->backlog.first == NULL
            || store->live_batches >= LIVE_BATCHES))
    {
        store->live_batches = 0;
        batch = triage_drain_next(store->drain);
    }

    if (batch == NULL) {
        batch = triage_backlog_take(&store->backlog);
        store->live_batches += batch != NULL;
    }

    return batch;
}

/* Gives an IDLE link what waits. */
static void
feed(triage_store_t *store, triage_link_t *link)
{
    triage_batch_t *batch;

    if (triage_errands_use_overdue(&store->errands, link)) {
        return;
    }

    batch = next_batch(store);
    if (batch != NULL) {
        send(store, triage_fleet_flight(&store->fleet, link), link, batch);
    } else {
        triage_errands_use(&store->errands, link);
    }
}

static bool
is_vacant(const triage_link_t *link)
{
    return triage_link_state(link) == TRIAGE_LINK_IDLE;
}

/* Does what waits go to the spool before its time? */
static bool
is_overflowing(const triage_store_t *store)
{
    const triage_backlog_t *backlog = &store->backlog;

    return store->spool != NULL && store->options.stats->spool_failed == 0
           && (backlog->deliveries > backlog->deliveries_max / 2
               || backlog->bytes > backlog->bytes_max / 2
               || !triage_fleet_is_reachable(&store->fleet));
}

static void
flush(void *data)
{
    triage_store_t *store = data;
    unsigned i;

    store->is_flush_due = false;
    if (store->is_closed) {
        free(store);
        return;
    }

    for (i = 0; i < store->fleet.count; i++) {
        if (is_vacant(store->fleet.links[i])) {
            feed(store, store->fleet.links[i]);
        }
    }

    if (is_overflowing(store)) {
        divert_all(store);
    }
    set_age_alarm(store);
}

static void
on_vacant(void *owner, triage_link_t *link)
{
    feed(owner, link);
}

/* Who waits may wait for nothing now. */
static void
on_failed(void *owner)
{
    triage_store_t *store = owner;

    if (store->backlog.first != NULL) {
        flush_soon(store);
    }
}

static void
on_closing(void *owner)
{
    triage_store_t *store = owner;

    triage_store_stop(store);
    divert_all(store);
    set_age_alarm(store);
}

static void
count_filed(triage_store_t *store, const triage_batch_t *batch, size_t from,
            size_t count)
{
    triage_store_stats_t *stats = store->options.stats;
    size_t rows = 0, duplicates = 0;
    size_t i, j;

    for (i = from; i < from + count; i++) {
        const triage_ticket_t *ticket = &batch->tickets[i];
        const bool *flags = triage_batch_duplicates(batch, ticket);

        rows += ticket->message_count;
        for (j = 0; flags != NULL && j < ticket->message_count; j++) {
            duplicates += flags[j];
        }
    }

    stats->batches++;
    stats->drained += batch->is_drained ? count : 0;
    stats->deliveries += count;
    stats->messages += rows;
    stats->duplicates += duplicates;
    rows = rows > count ? rows : count;
    stats->batch_rows += rows;
    if (rows > stats->batch_max) {
        stats->batch_max = rows;
    }
}

/* The next batch first: PostgreSQL works while the answers go out. */
static void
go_on(triage_store_t *store, triage_flight_t *flight, triage_link_t *link,
      triage_batch_t *batch)
{
    if (batch->settled < batch->count && is_vacant(link)) {
        send(store, flight, link, batch);
        return;
    }
    if (batch->settled < batch->count) {
        give_back(store, batch);
        return;
    }

    if (batch->is_drained) {
        triage_drain_settle(store->drain, batch);
    }
    if (is_vacant(link)) {
        feed(store, link);
    }
}

/* Refused, even as a dead letter. */
static void
reject(triage_store_t *store, const triage_batch_t *batch)
{
    if (batch->is_drained) {
        triage_drain_reject(store->drain);
    } else {
        store->options.stats->refused++;
    }
}

static void
landed(triage_flight_t *flight, triage_link_t *link, triage_batch_t *batch,
       triage_flight_end_t end, size_t from, size_t count)
{
    triage_store_t *store = flight->owner;
    bool is_drained = batch->is_drained;
    triage_outcome_t outcome = triage_ok();

    if (end == TRIAGE_FLIGHT_GROUNDED) {
        give_back(store, batch);
        return;
    }

    if (end == TRIAGE_FLIGHT_REJECTED) {
        reject(store, batch);
        outcome = triage_fail(TRIAGE_UNAVAILABLE,
                              "the database refuses it even as a dead"
                              " letter");
    } else {
        count_filed(store, batch, from, count);
        store->options.stats->poisoned += end == TRIAGE_FLIGHT_NOTED;
    }

    go_on(store, flight, link, batch);
    if (!is_drained) {
        store->fault =
            end == TRIAGE_FLIGHT_NOTED ? "refused by the database" : NULL;
        answer_all(store, batch, from, count, outcome);
        store->fault = NULL;
    }
}

/* --- the store ---------------------------------------------------------- */

static void
set_limits(triage_store_options_t *options)
{
    options->links = options->links < 1 ? 1 : options->links;
    if (options->links > TRIAGE_LINKS_MAX) {
        options->links = TRIAGE_LINKS_MAX;
    }
    if (options->batch_rows < 1 || options->batch_rows > BATCH_ROWS_MAX) {
        options->batch_rows = BATCH_ROWS_MAX;
    }
    if (options->timeout_ms < 1) {
        options->timeout_ms = 1;
    }
}

static bool
open_fleet(triage_store_t *store)
{
    triage_fleet_setup_t setup = { .options = &store->options,
                                   .loop = &store->loop,
                                   .vacant = on_vacant,
                                   .failed = on_failed,
                                   .closing = on_closing,
                                   .landed = landed,
                                   .owner = store };

    return triage_fleet_open(&store->fleet, &setup);
}

/* There is something else for a link to do. */
static void
on_due(void *owner)
{
    flush_soon(owner);
}

static bool
open_spool(triage_store_t *store)
{
    triage_spool_setup_t setup = { .options = &store->options,
                                   .loop = &store->loop,
                                   .written = on_written,
                                   .owner = store };
    triage_drain_setup_t drain_setup = { .options = &store->options,
                                         .loop = &store->loop,
                                         .backlog = &store->backlog,
                                         .due = on_due,
                                         .owner = store };

    if (store->options.spool_path == NULL) {
        return true;
    }

    store->spool = triage_spool_open(&setup);
    if (store->spool == NULL) {
        return false;
    }

    drain_setup.spool = store->spool;
    store->drain = triage_drain_open(&drain_setup);

    return store->drain != NULL;
}

triage_store_t *
triage_store_open(const triage_store_options_t *options,
                  const triage_loop_t *loop)
{
    triage_store_t *store = calloc(1, sizeof(*store));

    if (store == NULL) {
        return NULL;
    }

    store->age = (triage_waiter_t){ .alarm = on_age };
    store->options = *options;
    if (store->options.stats == NULL) {
        store->options.stats = &store->own_stats;
    }
    set_limits(&store->options);
    store->options.stats->links = store->options.links;
    store->loop = *loop;
    triage_backlog_init(&store->backlog, &store->options);

    if (!open_spool(store) || !open_fleet(store)) {
        triage_store_close(store);
        return NULL;
    }

    return store;
}

triage_outcome_t
triage_store_put(triage_store_t *store, const triage_parcel_t *parcel,
                 triage_stored_pt done, void *data, triage_ticket_t **ticket)
{
    triage_ticket_t *added;

    if (!triage_backlog_has_room(&store->backlog, parcel)) {
        store->options.stats->refused++;
        return triage_fail(TRIAGE_BUSY, "the backlog is full");
    }

    added = triage_backlog_add(&store->backlog, parcel, now(store));
    if (added == NULL) {
        store->options.stats->refused++;
        return triage_fail(TRIAGE_NO_MEMORY, "no memory for a delivery");
    }

    added->done = done;
    added->data = data;
    if (ticket != NULL) {
        *ticket = added;
    }
    store->last_put = added;
    count_backlog(store);
    flush_soon(store);

    return triage_ok();
}

void
triage_store_abandon(triage_ticket_t *ticket)
{
    ticket->done = NULL;
}

bool
triage_store_is_idle(const triage_store_t *store)
{
    return store->backlog.deliveries == 0;
}

void
triage_store_stop(triage_store_t *store)
{
    if (store->drain != NULL) {
        triage_drain_stop(store->drain);
    }
    triage_errands_stop(&store->errands);
}

/* At the end: a batch that nobody waits for any more. */
static void
keep(void *owner, triage_batch_t *batch, bool is_written)
{
    triage_store_t *store = owner;

    if (!is_written && !batch->is_drained && store->spool != NULL) {
        is_written =
            triage_spool_write_now(store->spool, batch) == TRIAGE_SPOOL_OK;
    }

    if (is_written) {
        store->options.stats->spooled += batch->count - batch->settled;
    }
    triage_batch_free(batch);
}

static void
keep_unwritten(void *owner, triage_batch_t *batch)
{
    keep(owner, batch, false);
}

static void
keep_all(triage_store_t *store)
{
    triage_batch_t *batch;

    if (store->spool != NULL) {
        triage_spool_stop(store->spool, keep);
    }

    triage_fleet_close(&store->fleet, keep_unwritten, store);

    while ((batch = triage_backlog_take(&store->backlog)) != NULL) {
        keep(store, batch, false);
    }
}

void
triage_store_close(triage_store_t *store)
{
    store->loop.alarm(store->loop.loop, &store->age, 0, false);
    triage_errands_close(&store->errands);
    triage_drain_close(store->drain);
    keep_all(store);
    triage_spool_close(store->spool);
    triage_backlog_free(&store->backlog);
    count_backlog(store);
    store->options.stats->links = 0;

    store->is_closed = true;
    if (!store->is_flush_due) { /* else the loop still knows it */
        free(store);
    }
}

/* --- errands ------------------------------------------------------------ */

static triage_ticket_t *
take_last_put(void *owner)
{
    triage_store_t *store = owner;
    triage_ticket_t *ticket = store->last_put;

    store->last_put = NULL;

    return ticket;
}

void
triage_store_on_replay(triage_store_t *store, triage_replay_pt replay,
                       void *context)
{
    triage_replay_setup_t setup = { .options = &store->options,
                                    .loop = &store->loop,
                                    .replay = replay,
                                    .context = context,
                                    .last_put = take_last_put,
                                    .due = on_due,
                                    .owner = store };

    if (store->errands.replayer == NULL) {
        store->errands.replayer = triage_replayer_open(&setup);
    }
}

void
triage_store_tick(triage_store_t *store)
{
    triage_ticker_setup_t setup = { .options = &store->options,
                                    .loop = &store->loop,
                                    .due = on_due,
                                    .owner = store };

    if (store->errands.ticker == NULL) {
        store->errands.ticker = triage_ticker_open(&setup);
    }
}

void
triage_store_on_waits(triage_store_t *store,
                      const triage_waits_reader_t *reader)
{
    triage_waits_setup_t setup = { .options = &store->options,
                                   .loop = &store->loop,
                                   .reader = *reader,
                                   .due = on_due,
                                   .owner = store };

    if (store->errands.waits == NULL) {
        store->errands.waits = triage_waits_open(&setup);
    }
}
