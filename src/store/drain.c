#include "drain.h"

#include <stdlib.h>

#include "cargo.h"
#include "chore.h"

/* Pauses between looks into the directory. */
enum { LOOK_SOON_MS = 250, LOOK_LATER_MS = 5000 };

typedef enum {
    RESTING = 0, /* until the alarm */
    CURIOUS,     /* looks as soon as a link could take something */
    LOOKING,     /* a task is on its way */
    DRAINING,
    REMOVING
} state_t;

/* What the thread works with. */
typedef struct {
    const char *path;
    triage_segment_t sealed; /* our own, to be closed first */
    triage_cargo_t cargo;
    bool is_loaded;
    bool is_damaged; /* keep the cargo aside */
    const char *why; /* something could not be done; NULL: nothing */
    uint64_t size;   /* of all segments that wait */
} hauling_t;

struct triage_drain_s {
    triage_waiter_t waiter; /* first: the loop gives it back */
    triage_drain_setup_t setup;
    triage_chore_t *looking, *removing;
    triage_chore_t *under_way;
    state_t state;
    triage_journal_t journal; /* of the cargo */
    uint64_t damaged;         /* of that, counted already */
    bool has_rejects;
    triage_batch_t *waiting; /* made or returned, not taken */
    bool is_lent;            /* a batch is under way */
    bool is_stopped;
    int64_t lent_at;
    int64_t rest_until;
};

static void
report(const triage_drain_t *drain, int level, const char *what,
       const char *detail)
{
    const triage_store_options_t *options = drain->setup.options;

    if (options->report != NULL) {
        options->report(options->context, level, what, detail);
    }
}

static void
set_alarm(triage_drain_t *drain, uint32_t ms)
{
    const triage_loop_t *loop = drain->setup.loop;

    if (!drain->is_stopped) {
        loop->alarm(loop->loop, &drain->waiter, ms, false);
    }
}

static int64_t
now(const triage_drain_t *drain)
{
    return drain->setup.loop->now(drain->setup.loop->loop);
}

static void
rest(triage_drain_t *drain, uint32_t ms)
{
    drain->state = RESTING;
    set_alarm(drain, ms);
}

/* --- in the thread ------------------------------------------------------ */

static void
look(void *data)
{
    hauling_t *hauling = data;

    triage_segment_close(&hauling->sealed);
    hauling->is_damaged = false;
    hauling->is_loaded =
        triage_cargo_load(&hauling->cargo, hauling->path, &hauling->why);
    hauling->size = triage_spool_size(hauling->path, ".spool");
}

static void
take_away(void *data)
{
    hauling_t *hauling = *(hauling_t **) data;

    hauling->why = triage_cargo_remove(&hauling->cargo, hauling->path,
                                       hauling->is_damaged)
                       ? NULL
                       : "a segment of the spool was filed and cannot be"
                         " removed";
    hauling->is_loaded = false;
    hauling->size = triage_spool_size(hauling->path, ".spool");
}

/* --- looking and removing ----------------------------------------------- */

static hauling_t *
hauling_of(const triage_drain_t *drain)
{
    return triage_chore_data(drain->looking);
}

/* What the thread has found, or could not do. */
static void
note(triage_drain_t *drain, const hauling_t *hauling)
{
    const triage_store_options_t *options = drain->setup.options;

    options->stats->spool_bytes = hauling->size;
    if (hauling->why != NULL) {
        report(drain, TRIAGE_REPORT_ERROR, hauling->why, options->spool_path);
    }
}

static void
looked(void *owner, void *data)
{
    triage_drain_t *drain = owner;
    const hauling_t *hauling = data;

    note(drain, hauling);
    if (!hauling->is_loaded) {
        /* where something waits, somebody else drains it, or writes it */
        rest(drain, hauling->size > 0 && hauling->why == NULL ? LOOK_SOON_MS
                                                              : LOOK_LATER_MS);
        return;
    }

    drain->journal = (triage_journal_t){ .data = hauling->cargo.data,
                                         .size = hauling->cargo.size };
    drain->damaged = 0;
    drain->has_rejects = false;
    drain->state = DRAINING;
    drain->setup.due(drain->setup.owner);
}

static void
start_look(triage_drain_t *drain)
{
    hauling_t *hauling = hauling_of(drain);

    hauling->sealed = triage_spool_hand_over(drain->setup.spool);
    drain->state = LOOKING;
    if (!triage_chore_start(drain->looking, drain->setup.loop)) {
        triage_segment_close(&hauling->sealed);
        rest(drain, LOOK_LATER_MS);
    }
}

static void
removed(void *owner, void *data)
{
    triage_drain_t *drain = owner;
    const hauling_t *hauling = hauling_of(drain);

    (void) data;
    note(drain, hauling);
    if (hauling->why != NULL) {
        rest(drain, LOOK_LATER_MS); /* or it would be filed on and on */
        return;
    }

    drain->state = CURIOUS; /* for the next one */
    drain->setup.due(drain->setup.owner);
}

static void
start_removal(triage_drain_t *drain)
{
    hauling_t *hauling = hauling_of(drain);

    if (drain->journal.torn > 0) {
        report(drain, TRIAGE_REPORT_WARN,
               "a segment of the spool ends within a record: its writer was"
               " killed, or its last record is damaged",
               hauling->cargo.name);
    }

    hauling->is_damaged = drain->journal.damaged > 0 || drain->has_rejects;
    if (hauling->is_damaged) {
        report(drain, TRIAGE_REPORT_CRIT,
               "a segment of the spool is damaged: what could be read is"
               " filed, the file is kept as .damaged",
               hauling->cargo.name);
    }

    drain->state = REMOVING;
    if (!triage_chore_start(drain->removing, drain->setup.loop)) {
        triage_cargo_drop(&hauling->cargo);
        rest(drain, LOOK_LATER_MS);
    }
}

/* --- batches ------------------------------------------------------------ */

/* Puts the next record into the batch; false when that is all for it. */
static bool
add_record(triage_drain_t *drain, triage_batch_t *batch)
{
    const triage_store_options_t *options = drain->setup.options;
    triage_journal_t before = drain->journal;
    triage_record_t record;
    bool is_parcel;

    if (!triage_journal_next(&drain->journal, &record)) {
        return false;
    }

    if (triage_record_read(&record, batch, &is_parcel) == NULL) {
        if (is_parcel) {
            drain->journal = before; /* no memory: for the next batch */
            return false;
        }
        drain->journal.damaged++; /* good bytes, but no parcel of ours */
    }

    return triage_batch_rows(batch) < options->batch_rows
           && triage_batch_size(batch) < options->batch_bytes;
}

static void
count_damage(triage_drain_t *drain)
{
    drain->setup.options->stats->spool_damaged +=
        drain->journal.damaged - drain->damaged;
    drain->damaged = drain->journal.damaged;
}

/* NULL at the end of the cargo, or without memory. */
static triage_batch_t *
make_batch(triage_drain_t *drain)
{
    triage_batch_t *batch = triage_backlog_batch(drain->setup.backlog);

    if (batch == NULL) {
        return NULL;
    }

    while (add_record(drain, batch)) {
    }
    count_damage(drain);

    batch->is_sealed = true;
    batch->is_drained = true;
    if (batch->count == 0) {
        triage_backlog_recycle(drain->setup.backlog, batch);
        return NULL;
    }

    return batch;
}

static bool
is_resting(triage_drain_t *drain)
{
    int64_t left_us = drain->rest_until - now(drain);

    if (left_us <= 0 || left_us > INT64_C(60000000)) {
        return false; /* the clock may have been set */
    }

    set_alarm(drain, (uint32_t) (left_us / 1000) + 1);

    return true;
}

triage_batch_t *
triage_drain_next(triage_drain_t *drain)
{
    triage_batch_t *batch = drain->waiting;

    if (drain->is_stopped || drain->is_lent) {
        return NULL;
    }
    if (drain->state == CURIOUS) {
        start_look(drain);
    }
    if (drain->state != DRAINING || is_resting(drain)) {
        return NULL;
    }

    drain->waiting = NULL;
    if (batch == NULL) {
        batch = make_batch(drain);
    }
    if (batch == NULL && !drain->journal.is_at_end) {
        set_alarm(drain, LOOK_SOON_MS); /* out of memory */
        return NULL;
    }
    if (batch == NULL) {
        start_removal(drain);
        return NULL;
    }

    drain->is_lent = true;
    drain->lent_at = now(drain);

    return batch;
}

/* Live deliveries have the link for as long as this one had it; then, or
 * where it stays idle, somebody has to ask for the next one. */
static void
take_back(triage_drain_t *drain)
{
    int64_t end = now(drain);

    drain->is_lent = false;
    drain->rest_until = end + (end - drain->lent_at);
    set_alarm(drain, 1);
}

void
triage_drain_return(triage_drain_t *drain, triage_batch_t *batch)
{
    drain->waiting = batch;
    take_back(drain);
}

void
triage_drain_settle(triage_drain_t *drain, triage_batch_t *batch)
{
    triage_backlog_recycle(drain->setup.backlog, batch);
    take_back(drain);
}

void
triage_drain_reject(triage_drain_t *drain)
{
    drain->has_rejects = true;
    drain->setup.options->stats->spool_damaged++;
}

/* --- from the beginning to the end -------------------------------------- */

static void
on_alarm(triage_waiter_t *waiter)
{
    triage_drain_t *drain = (triage_drain_t *) waiter;

    if (drain->state == RESTING) {
        drain->state = CURIOUS;
    }
    drain->setup.due(drain->setup.owner);
}

triage_drain_t *
triage_drain_open(const triage_drain_setup_t *setup)
{
    triage_drain_t *drain = calloc(1, sizeof(*drain));
    hauling_t *hauling;

    if (drain == NULL) {
        return NULL;
    }

    drain->waiter = (triage_waiter_t){ .alarm = on_alarm };
    drain->setup = *setup;
    drain->state = CURIOUS;
    drain->looking = triage_chore_new(sizeof(hauling_t), look, looked, drain);
    drain->removing =
        triage_chore_new(sizeof(hauling_t *), take_away, removed, drain);
    if (drain->looking == NULL || drain->removing == NULL) {
        triage_chore_free(drain->looking);
        triage_chore_free(drain->removing);
        free(drain);
        return NULL;
    }

    hauling = hauling_of(drain);
    hauling->path = setup->options->spool_path;
    hauling->sealed.fd = -1;
    hauling->cargo = (triage_cargo_t){ .fd = -1, .drain_fd = -1 };
    *(hauling_t **) triage_chore_data(drain->removing) = hauling;

    return drain;
}

void
triage_drain_stop(triage_drain_t *drain)
{
    const triage_loop_t *loop = drain->setup.loop;

    drain->is_stopped = true;
    loop->alarm(loop->loop, &drain->waiter, 0, false);
}

void
triage_drain_close(triage_drain_t *drain)
{
    hauling_t *hauling;

    if (drain == NULL) {
        return;
    }

    triage_drain_stop(drain);
    hauling = hauling_of(drain);
    triage_chore_stop(drain->looking);
    triage_chore_stop(drain->removing);
    triage_segment_close(&hauling->sealed);
    triage_cargo_drop(&hauling->cargo);
    if (drain->waiting != NULL) {
        triage_batch_free(drain->waiting);
    }
    triage_chore_free(drain->looking);
    triage_chore_free(drain->removing);
    free(drain);
}
