/*
 * From the spool's segments to batches for PostgreSQL: the oldest segment
 * that nobody writes, its records in their order, one batch at a time.
 *
 * No faster than half of the time of a link: as long as a batch took, so
 * long the next one waits.
 */
#ifndef TRIAGE_DRAIN_H
#define TRIAGE_DRAIN_H

#include "backlog.h"
#include "spool.h"

typedef struct triage_drain_s triage_drain_t;

typedef struct {
    const triage_store_options_t *options; /* outlives the drain */
    const triage_loop_t *loop;
    triage_spool_t *spool;
    triage_backlog_t *backlog; /* lends empty batches */
    /* There may be a batch to be had. */
    void (*due)(void *owner);
    void *owner;
} triage_drain_setup_t;

triage_drain_t *triage_drain_open(const triage_drain_setup_t *setup);
/* A batch under way is the caller's. */
void triage_drain_close(triage_drain_t *drain);
/* The worker stops: no more batches. */
void triage_drain_stop(triage_drain_t *drain);

/* The next batch; NULL when there is none now.  Only when a link could
 * take it: where nothing is known of the directory, it is looked into. */
triage_batch_t *triage_drain_next(triage_drain_t *drain);
/* It could not be filed: it will be the next one again. */
void triage_drain_return(triage_drain_t *drain, triage_batch_t *batch);
/* All its parcels are filed, or refused. */
void triage_drain_settle(triage_drain_t *drain, triage_batch_t *batch);
/* A parcel of it is refused even as a dead letter: its segment is kept. */
void triage_drain_reject(triage_drain_t *drain);

#endif
