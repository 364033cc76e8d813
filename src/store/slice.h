/*
 * Some parcels of a batch, as triage.ingest takes them: a binary array a
 * column, in the batch's own memory; and what it answers.
 */
#ifndef TRIAGE_SLICE_H
#define TRIAGE_SLICE_H

#include "batch.h"

/* What libpq is given; the values point into the batch. */
typedef struct {
    const char *values[TRIAGE_COLUMN_COUNT];
    int lengths[TRIAGE_COLUMN_COUNT];
} triage_slice_t;

/* `count` parcels from `from` on as arrays.  All before `from` are lost. */
void triage_slice_make(triage_batch_t *batch, size_t from, size_t count,
                       triage_slice_t *slice);
/* Parcel `from` alone, without its messages, as a dead letter.  False
 * without memory. */
bool triage_slice_dead_letter(triage_batch_t *batch, size_t from,
                              const char *failure, triage_slice_t *slice);

/* Notes which messages of a slice from parcel `from` on were duplicates:
 * `ordinals` is a binary int4[].  False when it is none, or without memory
 * (then nothing is noted). */
bool triage_slice_answered(triage_batch_t *batch, size_t from,
                           const char *ordinals, size_t len);

#endif
