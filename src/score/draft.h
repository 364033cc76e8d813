/*
 * A model on its way to a file: the same weights as numbers that can be
 * reckoned with.
 */
#ifndef TRIAGE_DRAFT_H
#define TRIAGE_DRAFT_H

#include "../base/buffer.h"
#include "model.h"

typedef struct {
    /* NGRAM_BUCKETS each: hundredths of a point for an n-gram of a text that
     * has only this one. */
    float *heads[TRIAGE_HEAD_COUNT];
    double bias[TRIAGE_HEAD_COUNT]; /* hundredths */
    double gain;                    /* of the weights in signals.c */
    double added[TRIAGE_SIGNAL_COUNT];
    uint32_t correction_count;
} triage_draft_t;

/* All zero but the gain, 1.  False without memory; free it all the same. */
bool triage_draft_init(triage_draft_t *draft);
void triage_draft_free(triage_draft_t *draft);
/* Adds the weights of a model, `times` each; its gain is not touched. */
void triage_draft_add(triage_draft_t *draft, const triage_model_t *model,
                      double times);
/* The file (model.h).  False without memory. */
bool triage_draft_write(const triage_draft_t *draft, triage_buffer_t *buffer);

#endif
