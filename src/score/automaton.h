/*
 * A set of phrases as one automaton over 32 symbols, as small as it can be:
 * 26 letters, a digit, the blank, a handle, a link, the end of a sentence,
 * and everything else.
 *
 * Each phrase carries a bit; what a walk finds in a place are the bits of
 * the phrases that end there.
 *
 * All states lie in one row of cells of four bytes: a state is where its
 * cells begin, and the cell of a symbol holds that symbol if the state goes
 * on with it.  States overlap where one goes on and the other does not, so
 * that a cell is hardly ever empty (Tarjan and Yao 1979).
 */
#ifndef TRIAGE_AUTOMATON_H
#define TRIAGE_AUTOMATON_H

#include "patterns.h"

/* A cell: where the next state begins, whether phrases end there, the
 * symbol.  A place in a walk is the cell that led there. */
#define TRIAGE_CELL_SYMBOL 63
#define TRIAGE_CELL_ENDS 64
#define TRIAGE_CELL_SHIFT 7
#define TRIAGE_NOWHERE UINT32_C(0)

/* Zero-filled has nothing to walk on. */
typedef struct {
    uint32_t *cells;
    uint64_t *bits;
    uint32_t root;
    uint32_t state_count, cell_count, bits_count;
} triage_automaton_t;

/* False without memory, or when it would be far too large. */
bool triage_automaton_build(triage_automaton_t *automaton,
                            triage_patterns_t *patterns);
void triage_automaton_free(triage_automaton_t *automaton);

static inline uint32_t
triage_automaton_step(const triage_automaton_t *automaton, uint32_t place,
                      uint32_t symbol)
{
    uint32_t cell = automaton->cells[(place >> TRIAGE_CELL_SHIFT) + symbol];

    return (cell & TRIAGE_CELL_SYMBOL) == symbol ? cell : TRIAGE_NOWHERE;
}

/* The bits of the phrases that end in a place; TRIAGE_CELL_ENDS is set in
 * it. */
static inline uint64_t
triage_automaton_bits(const triage_automaton_t *automaton, uint32_t place)
{
    uint32_t cell =
        automaton->cells[(place >> TRIAGE_CELL_SHIFT) + TRIAGE_SYMBOLS];

    return automaton->bits[cell >> TRIAGE_CELL_SHIFT];
}

#endif
