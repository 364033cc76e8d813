/*
 * Where batches go that PostgreSQL cannot take now: appended to a segment
 * and made durable in a thread, all that wait together, one task at a time.
 */
#ifndef TRIAGE_SPOOL_H
#define TRIAGE_SPOOL_H

#include "segment.h"

typedef struct triage_spool_s triage_spool_t;

typedef struct {
    const triage_store_options_t *options; /* outlives the spool */
    const triage_loop_t *loop;
    /* The batch's unsettled parcels are durable, or are not. */
    void (*written)(void *owner, triage_batch_t *batch,
                    triage_spool_result_t result);
    void *owner;
} triage_spool_setup_t;

/* NULL without memory, or when the directory cannot be used: reported. */
triage_spool_t *triage_spool_open(const triage_spool_setup_t *setup);

/* Takes a batch until it is `written`: never from inside this call. */
void triage_spool_put(triage_spool_t *spool, triage_batch_t *batch);
/* Nothing is to be written or being written. */
bool triage_spool_is_idle(const triage_spool_t *spool);
/* The segment that was written to, to be closed by the caller in a thread;
 * its fd is -1 when there is none, or it is in use. */
triage_segment_t triage_spool_hand_over(triage_spool_t *spool);

/* Before the end: waits for what is being written.  What was put and is not
 * written is given to `left` one by one; `written` is not called. */
void triage_spool_stop(triage_spool_t *spool,
                       void (*left)(void *owner, triage_batch_t *batch,
                                    bool is_written));
/* After the stop: writes here and now. */
triage_spool_result_t triage_spool_write_now(triage_spool_t *spool,
                                             triage_batch_t *batch);
void triage_spool_close(triage_spool_t *spool);

#endif
