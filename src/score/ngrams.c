/*
 * Hashes are computed byte by byte, so that the longer n-grams of a place
 * continue the shorter ones.
 */
#include "ngrams.h"

#include <string.h>

#define SHORTEST 3
#define LONGEST 5

#define ROW 4 /* bytes of the table */

#define SEED_PART UINT32_C(0x9E3779B9)
#define SEED_PAIR UINT32_C(0x5BD1E995)

static uint32_t
add_byte(uint32_t hash, char byte)
{
    return (hash ^ (uint8_t) byte) * TRIAGE_WORDS_PRIME;
}

static uint32_t
bucket_of(uint32_t hash)
{
    hash ^= hash >> 16;
    hash *= UINT32_C(0x7FEB352D);
    hash ^= hash >> 15;
    hash *= UINT32_C(0x846CA68B);
    return hash >> (32 - TRIAGE_NGRAM_BITS);
}

_Static_assert(TRIAGE_NGRAMS_MAX < UINT16_MAX, "places fit");

/* Where n-grams go. */
typedef struct {
    triage_ngrams_t *ngrams;
    uint32_t mask; /* of what is used of `seen` */
    uintptr_t table;
} sink_t;

static inline __attribute__((always_inline)) void
add_once(const sink_t *sink, uint32_t hash)
{
    triage_ngrams_t *ngrams = sink->ngrams;
    uint32_t bucket = bucket_of(hash);
    uint32_t at = bucket & sink->mask;

    while (ngrams->seen[at] != 0) {
        if (ngrams->buckets[ngrams->seen[at] - 1] == bucket) {
            return;
        }
        at = (at + 1) & sink->mask;
    }
    if (ngrams->count == TRIAGE_NGRAMS_MAX) {
        return;
    }
    ngrams->buckets[ngrams->count] = bucket;
    ngrams->count++;
    ngrams->seen[at] = (uint16_t) ngrams->count;
    __builtin_prefetch((const void *) (sink->table + bucket * ROW));
}

_Static_assert(SHORTEST == 3 && LONGEST == 5, "what add_parts adds");

/* `padded` is the word with the blanks around it. */
static void
add_parts(const sink_t *sink, triage_text_t padded)
{
    const char *at = padded.data;
    size_t left;
    uint32_t hash;

    for (left = padded.len; left >= SHORTEST; left--, at++) {
        hash = add_byte(add_byte(add_byte(SEED_PART, at[0]), at[1]), at[2]);
        add_once(sink, hash);
        if (left > SHORTEST) {
            hash = add_byte(hash, at[3]);
            add_once(sink, hash);
        }
        if (left >= LONGEST) {
            add_once(sink, add_byte(hash, at[4]));
        }
    }
}

static uint32_t
size_of_seen(const triage_words_t *words)
{
    size_t most = 2 * (3 * words->len + 2 * words->count);
    uint32_t size = 64;

    while (size < most && size < 2 * TRIAGE_NGRAMS_MAX) {
        size *= 2;
    }
    return size;
}

#define RECENT 64

/* Is a word the same as one before it?  Then so are its parts. */
static bool
is_repeated(const triage_words_t *words, size_t i, uint16_t recent[RECENT])
{
    const triage_word_t *word = &words->words[i], *before;
    uint16_t *place = &recent[word->hash % RECENT];

    before = &words->words[*place];
    *place = (uint16_t) i;
    return before < word && before->hash == word->hash
           && before->len == word->len
           && memcmp(words->folded + before->start,
                     words->folded + word->start, word->len)
                  == 0;
}

void
triage_ngrams_read(triage_ngrams_t *ngrams, const triage_words_t *words,
                   const void *table)
{
    uint32_t size = size_of_seen(words), previous = 0;
    sink_t sink = { ngrams, size - 1, (uintptr_t) table };
    uint16_t recent[RECENT] = { 0 };
    const triage_word_t *word;
    triage_text_t padded;
    size_t i;

    ngrams->count = 0;
    memset(ngrams->seen, 0, size * sizeof(ngrams->seen[0]));
    for (i = 0; i < words->count; i++) {
        word = &words->words[i];
        add_once(&sink, word->hash);
        if (i > 0) {
            add_once(&sink, (previous * SEED_PAIR) ^ word->hash);
        }
        previous = word->hash;
        if (!is_repeated(words, i, recent)) {
            padded.data = words->folded + word->start - 1;
            padded.len = (size_t) word->len + 2;
            add_parts(&sink, padded);
        }
        ngrams->ends[i] = (uint16_t) ngrams->count;
    }
}
