/*
 * A set of phrases as one automaton over 32 symbols, as small as it can be:
 * 26 letters, a digit, the blank, a handle, a link, the end of a sentence,
 * and everything else.
 *
 * Each phrase carries a bit; what a walk finds in a state are the bits of
 * the phrases that end there.
 */
#ifndef TRIAGE_AUTOMATON_H
#define TRIAGE_AUTOMATON_H

#include "../base/text.h"

#define TRIAGE_SYMBOLS 32

typedef struct {
    uint32_t next[TRIAGE_SYMBOLS]; /* 0: nothing goes on here */
    uint64_t bits;
} triage_state_t;

typedef struct {
    void *items;
    uint32_t count, size;
} triage_items_t;

/* Zero-filled is an empty set. */
typedef struct {
    triage_items_t states; /* triage_state_t; nothing goes on in the first */
    uint32_t root;
    size_t phrase_count;
    bool has_failed; /* for want of memory, or of room */

    /* Until triage_automaton_finish: */
    triage_items_t letters, waiting, shared;
} triage_automaton_t;

/* `folded` as in words.h, without any blank at an end that may go on. */
void triage_automaton_add(triage_automaton_t *automaton, triage_text_t folded,
                          unsigned bit);
/* Once, after the last phrase and before the first walk. */
bool triage_automaton_finish(triage_automaton_t *automaton);
void triage_automaton_free(triage_automaton_t *automaton);

extern const uint8_t triage_symbols[256];

static inline const triage_state_t *
triage_automaton_state(const triage_automaton_t *automaton, uint32_t state)
{
    return (const triage_state_t *) automaton->states.items + state;
}

static inline uint32_t
triage_automaton_step(const triage_automaton_t *automaton, uint32_t state,
                      char folded)
{
    return triage_automaton_state(automaton, state)
        ->next[triage_symbols[(uint8_t) folded]];
}

#endif
