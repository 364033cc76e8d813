/*
 * Phrases as they are written, choices and all, folded to symbols: what an
 * automaton is built from.  (a|b) is not multiplied out; a place in the text
 * is a state of its own.
 *
 * A phrase begins with the blank before its first word, or with "inside a
 * word", and ends with a blank unless its last word may go on.
 */
#ifndef TRIAGE_PATTERNS_H
#define TRIAGE_PATTERNS_H

#include "words.h"

#define TRIAGE_SYMBOLS 32
#define TRIAGE_SYMBOL_OTHER 0 /* and, before a phrase, inside a word */
#define TRIAGE_SYMBOL_BLANK 27

/* Not a symbol, but what stands between them. */
enum {
    TRIAGE_PATTERN_OPEN = TRIAGE_SYMBOLS,
    TRIAGE_PATTERN_OR,
    TRIAGE_PATTERN_CLOSE,
    TRIAGE_PATTERN_END
};

#define TRIAGE_PATTERN_BITS 64 /* phrases are told apart by up to */

typedef struct {
    uint8_t *codes; /* the first PATTERN_BITS are the END of each bit */
    uint32_t *next; /* of OPEN and OR: the OR or CLOSE behind the choice */
    uint32_t *exit; /* of OR and CLOSE: behind the CLOSE */
    uint32_t *seen; /* when a place was last come by */
    uint32_t count, size;
    uint32_t *starts; /* of the phrases */
    uint32_t start_count, start_size;
    /* What triage_patterns_reach finds. */
    uint32_t *found;
    uint32_t found_count, found_size;
    uint32_t generation;
    bool has_failed; /* for want of memory */
} triage_patterns_t;

extern const uint8_t triage_symbols[256];

/* Empty; free it all the same when `has_failed`. */
void triage_patterns_init(triage_patterns_t *patterns);
void triage_patterns_free(triage_patterns_t *patterns);

/* Adds what a line of a list says (phrases.h).  False when it says nothing,
 * or brackets and stars are where they cannot be. */
bool triage_patterns_add(triage_patterns_t *patterns, triage_text_t line,
                         unsigned bit);

/* Starts a search: nothing found, nothing seen. */
void triage_patterns_clear(triage_patterns_t *patterns);
/* Adds to `found` the symbols and ENDs that may follow at a place, each once,
 * ENDs as their bits; `after_blank`: a blank there is the one that was. */
void triage_patterns_reach(triage_patterns_t *patterns, uint32_t at,
                           bool after_blank);

#endif
