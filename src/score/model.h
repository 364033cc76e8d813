/*
 * The learned part: a file of weights, read where it lies.
 *
 *   offset  size  what
 *        0     8  "triageM1"
 *        8     4  version, 1
 *       12     4  bits of the table, 18
 *       16     4  rows of signals
 *       20     4  corrections that it was trained with
 *       24    16  a bias a head, hundredths of a point
 *       40    16  a scale a head: hundredths for a weight of 1, times 1024
 *       56     4  what the weights of signals.c are multiplied by, times 1024
 *       60     4  0
 *       64     8  checksum: FNV-1a, 64 bits, of bytes 0 to 63 and of all
 *                 that follow it
 *       72    32  a row a signal: 24 bytes of its name, 4 bytes hundredths
 *                 to add when it hits, 4 bytes 0; then zeros up to a
 *                 multiple of 64
 *        …  1 Mi  the table: a bucket is four signed bytes, a head each
 *
 * Little endian.  Nothing is copied: the bytes must outlive the model.
 */
#ifndef TRIAGE_MODEL_H
#define TRIAGE_MODEL_H

#include "ngrams.h"
#include "signals.h"

typedef enum {
    TRIAGE_HEAD_URGENCY = 0,
    TRIAGE_HEAD_UPSET, /* anger, fear, sadness: weak evidence */
    TRIAGE_HEAD_SPAM,
    TRIAGE_HEAD_SPARE,
    TRIAGE_HEAD_COUNT
} triage_head_t;

typedef struct {
    int32_t bias[TRIAGE_HEAD_COUNT];
    int32_t scale[TRIAGE_HEAD_COUNT];
    int32_t gain; /* of the weights in signals.c, times 1024 */
    int32_t added[TRIAGE_SIGNAL_COUNT];
    uint32_t correction_count;
    const int8_t *table; /* HEAD_COUNT a bucket; NULL: no model */
} triage_model_t;

/* The model without a table: every weight as in signals.c. */
void triage_model_init(triage_model_t *model);
/* False with a literal in *why. */
bool triage_model_read(triage_model_t *model, triage_text_t bytes,
                       const char **why);
/* What sums over `count` n-grams are divided by; 0 for none. */
int64_t triage_model_root(size_t count);
/* Hundredths of a point for a sum of weights. */
int32_t triage_model_points(const triage_model_t *model, triage_head_t head,
                            int64_t sum, int64_t root);

/* The size of a file with that many rows of signals, and its checksum. */
size_t triage_model_size(size_t signal_count);
uint64_t triage_model_checksum(triage_text_t bytes);

#endif
