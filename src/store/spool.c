#include "spool.h"

#include <stdlib.h>

#include "chore.h"

enum { BATCHES_MAX = 64, HOLD_MS = 5000 };

/* What one task writes, but for a batch that is larger alone. */
#define TASK_BYTES ((size_t) 64 << 20)

/* What the thread works with; nobody else touches it meanwhile. */
typedef struct {
    triage_segment_t segment;
    triage_spool_place_t place;
    triage_batch_t *batches[BATCHES_MAX];
    size_t count;
    triage_spool_result_t result;
} writing_t;

struct triage_spool_s {
    triage_waiter_t waiter; /* holds a worker's exit while a task runs */
    triage_spool_setup_t setup;
    triage_chore_t *chore;
    writing_t *writing;    /* the chore's data */
    triage_batch_t *first; /* to be written next */
    triage_batch_t *last;
    bool has_failed; /* the last task did, and that was reported */
    bool is_stuck;   /* no thread could be had for the task */
};

static void
report(const triage_spool_t *spool, int level, const char *what)
{
    const triage_store_options_t *options = spool->setup.options;

    if (options->report != NULL) {
        options->report(options->context, level, what, options->spool_path);
    }
}

static void
write_batches(void *data)
{
    writing_t *writing = data;

    writing->result = triage_segment_write(&writing->segment, &writing->place,
                                           writing->batches, writing->count);
}

static void
set_hold(triage_spool_t *spool, uint32_t ms)
{
    const triage_loop_t *loop = spool->setup.loop;

    loop->alarm(loop->loop, &spool->waiter, ms, true);
}

/* --- results ------------------------------------------------------------ */

/* Reported once when it begins and once when it is over. */
static void
note_result(triage_spool_t *spool, triage_spool_result_t result)
{
    bool has_failed = result != TRIAGE_SPOOL_OK;

    spool->setup.options->stats->spool_failed = has_failed;
    if (has_failed == spool->has_failed) {
        return;
    }

    spool->has_failed = has_failed;
    if (!has_failed) {
        report(spool, TRIAGE_REPORT_WARN, "the spool can be written again");
    } else if (result == TRIAGE_SPOOL_FULL) {
        report(spool, TRIAGE_REPORT_CRIT, "the spool is full");
    } else {
        report(spool, TRIAGE_REPORT_CRIT, "the spool cannot be written");
    }
}

/* Segments are named by their time, also when the clock is set back. */
static void
set_stamp(triage_spool_t *spool)
{
    const triage_loop_t *loop = spool->setup.loop;
    uint64_t stamp = (uint64_t) loop->now(loop->loop) * 1000;

    if (stamp > spool->writing->place.stamp) {
        spool->writing->place.stamp = stamp;
    }
}

static void write_more(triage_spool_t *spool);

static void
finish(triage_spool_t *spool, triage_spool_result_t result)
{
    triage_store_stats_t *stats = spool->setup.options->stats;
    triage_batch_t *batches[BATCHES_MAX];
    size_t count = spool->writing->count;
    size_t i;

    for (i = 0; i < count; i++) {
        batches[i] = spool->writing->batches[i];
    }
    spool->writing->count = 0;

    note_result(spool, result);
    if (spool->writing->place.used > 0) {
        stats->spool_bytes = spool->writing->place.used;
        spool->writing->place.used = 0;
    }

    write_more(spool); /* the disk works while the answers go out */
    for (i = 0; i < count; i++) {
        spool->setup.written(spool->setup.owner, batches[i], result);
    }
}

static void
written(void *owner, void *data)
{
    const writing_t *writing = data;

    finish(owner, writing->result);
}

static void
on_hold(triage_waiter_t *waiter)
{
    triage_spool_t *spool = (triage_spool_t *) waiter;

    if (spool->is_stuck) {
        spool->is_stuck = false;
        finish(spool, TRIAGE_SPOOL_FAILED);
    } else {
        set_hold(spool, HOLD_MS);
    }
}

/* All that waits, as one task. */
static void
write_more(triage_spool_t *spool)
{
    writing_t *writing = spool->writing;
    size_t size = 0;

    if (writing->count > 0 || spool->first == NULL) {
        set_hold(spool, writing->count > 0 ? HOLD_MS : 0);
        return;
    }

    while (spool->first != NULL && writing->count < BATCHES_MAX
           && size < TASK_BYTES)
    {
        size += triage_batch_size(spool->first);
        writing->batches[writing->count++] = spool->first;
        spool->first = spool->first->next;
    }

    set_stamp(spool);
    writing->result = TRIAGE_SPOOL_FAILED; /* until it is known */
    spool->is_stuck = !triage_chore_start(spool->chore, spool->setup.loop);
    set_hold(spool, spool->is_stuck ? 1 : HOLD_MS);
}

void
triage_spool_put(triage_spool_t *spool, triage_batch_t *batch)
{
    batch->next = NULL;
    if (spool->first == NULL) {
        spool->first = batch;
    } else {
        spool->last->next = batch;
    }
    spool->last = batch;

    if (spool->writing->count == 0) {
        write_more(spool);
    }
}

bool
triage_spool_is_idle(const triage_spool_t *spool)
{
    return spool->writing->count == 0 && spool->first == NULL;
}

triage_segment_t
triage_spool_hand_over(triage_spool_t *spool)
{
    triage_segment_t segment = { .fd = -1 };

    if (triage_spool_is_idle(spool) && spool->writing->segment.fd >= 0) {
        segment = spool->writing->segment;
        spool->writing->segment.fd = -1;
    }

    return segment;
}

/* --- from the beginning to the end -------------------------------------- */

triage_spool_t *
triage_spool_open(const triage_spool_setup_t *setup)
{
    const triage_store_options_t *options = setup->options;
    const char *why = triage_spool_check(options->spool_path);
    triage_spool_t *spool = calloc(1, sizeof(*spool));

    if (spool == NULL) {
        return NULL;
    }

    spool->setup = *setup;
    spool->waiter = (triage_waiter_t){ .alarm = on_hold };
    if (why != NULL) {
        report(spool, TRIAGE_REPORT_CRIT, why);
        free(spool);
        return NULL;
    }

    spool->chore =
        triage_chore_new(sizeof(writing_t), write_batches, written, spool);
    if (spool->chore == NULL) {
        free(spool);
        return NULL;
    }

    spool->writing = triage_chore_data(spool->chore);
    spool->writing->segment.fd = -1;
    spool->writing->place =
        (triage_spool_place_t){ .path = options->spool_path,
                                .max_size = options->spool_max_size,
                                .worker = options->worker };

    return spool;
}

void
triage_spool_stop(triage_spool_t *spool,
                  void (*left)(void *owner, triage_batch_t *batch,
                               bool is_written))
{
    writing_t *writing = spool->writing;
    bool is_written;
    size_t i;

    set_hold(spool, 0);
    is_written =
        triage_chore_stop(spool->chore) && writing->result == TRIAGE_SPOOL_OK;
    for (i = 0; i < writing->count; i++) {
        left(spool->setup.owner, writing->batches[i], is_written);
    }
    writing->count = 0;

    while (spool->first != NULL) {
        triage_batch_t *batch = spool->first;

        spool->first = batch->next;
        batch->next = NULL;
        left(spool->setup.owner, batch, false);
    }
}

triage_spool_result_t
triage_spool_write_now(triage_spool_t *spool, triage_batch_t *batch)
{
    set_stamp(spool);

    return triage_segment_write(&spool->writing->segment,
                                &spool->writing->place, &batch, 1);
}

void
triage_spool_close(triage_spool_t *spool)
{
    if (spool == NULL) {
        return;
    }

    triage_segment_close(&spool->writing->segment);
    triage_chore_free(spool->chore);
    free(spool);
}
