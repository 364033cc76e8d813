/*
 * The batches of a worker that wait for a link, oldest first, and what they
 * and those under way take of its memory.
 */
#ifndef TRIAGE_BACKLOG_H
#define TRIAGE_BACKLOG_H

#include "batch.h"

typedef struct {
    triage_batch_t *first; /* waiting */
    triage_batch_t *last;
    triage_batch_t *spare; /* empty ones, to be used again */
    unsigned spare_count;
    size_t deliveries; /* waiting and under way */
    size_t bytes;
    size_t deliveries_max, bytes_max;
    size_t batch_rows, batch_bytes;
} triage_backlog_t;

void triage_backlog_init(triage_backlog_t *backlog,
                         const triage_store_options_t *options);
/* Frees what waits too, without a word to anybody. */
void triage_backlog_free(triage_backlog_t *backlog);

/* Is there room for it?  An empty backlog takes one of any size. */
bool triage_backlog_has_room(const triage_backlog_t *backlog,
                             const triage_parcel_t *parcel);
/* Into the last batch, or a new one behind it; NULL without memory. */
triage_ticket_t *triage_backlog_add(triage_backlog_t *backlog,
                                    const triage_parcel_t *parcel,
                                    int64_t now);
/* The oldest batch, no longer waiting; NULL when none waits. */
triage_batch_t *triage_backlog_take(triage_backlog_t *backlog);
/* A batch that was taken waits again, before all others. */
void triage_backlog_return(triage_backlog_t *backlog, triage_batch_t *batch);
/* A parcel of a batch that was taken needs nothing any more. */
void triage_backlog_settle(triage_backlog_t *backlog,
                           const triage_ticket_t *ticket);
/* An empty batch of its own, and back: all its parcels are settled. */
triage_batch_t *triage_backlog_batch(triage_backlog_t *backlog);
void triage_backlog_recycle(triage_backlog_t *backlog, triage_batch_t *batch);

#endif
