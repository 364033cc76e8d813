/*
 * The n-grams of a text as buckets of the learned model: words, pairs of
 * words, and 3 to 5 bytes inside a word and its borders; each bucket once.
 */
#ifndef TRIAGE_NGRAMS_H
#define TRIAGE_NGRAMS_H

#include "words.h"

#define TRIAGE_NGRAM_BITS 18
#define TRIAGE_NGRAM_BUCKETS (UINT32_C(1) << TRIAGE_NGRAM_BITS)
#define TRIAGE_NGRAMS_MAX 8192

typedef struct {
    size_t count;
    uint32_t buckets[TRIAGE_NGRAMS_MAX];
    uint16_t ends[TRIAGE_WORDS_MAX];      /* of those of each word */
    uint16_t seen[2 * TRIAGE_NGRAMS_MAX]; /* their places + 1, hashed */
} triage_ngrams_t;

/* In the order of the text; beyond NGRAMS_MAX they are left out.  `table` is
 * where rows of four bytes will be looked up by them, or NULL: they are
 * fetched meanwhile. */
void triage_ngrams_read(triage_ngrams_t *ngrams, const triage_words_t *words,
                        const void *table);

#endif
