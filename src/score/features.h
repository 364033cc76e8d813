/*
 * What the scorer sees in a message, for those who train it, and for those
 * who show it.
 */
#ifndef TRIAGE_FEATURES_H
#define TRIAGE_FEATURES_H

#include "ngrams.h"
#include "phrases.h"
#include "scorer.h"
#include "signals.h"

/* The term "base", hundredths: a message that says nothing, but somebody
 * waits. */
#define TRIAGE_SCORE_BASE 2500

typedef struct {
    unsigned hits[TRIAGE_SIGNAL_COUNT];
    triage_ngrams_t ngrams;
    int32_t urgency; /* the sum of the terms, before the limit; hundredths */
} triage_features_t;

void triage_features_read(const triage_scorer_t *scorer,
                          const triage_message_t *message,
                          triage_features_t *features);

/* The lists that it looks for. */
const triage_phrases_t *triage_scorer_phrases(const triage_scorer_t *scorer);

#endif
