/*
 * A state is the set of all places in the patterns that a walk may have come
 * to.  States are made from their ends: one that has the same bits as a known
 * one and goes on to the same states is that one, so that the automaton is
 * the smallest there is.
 */
#include "automaton.h"

#include <stdlib.h>
#include <string.h>

#define MAX_NUMBERS (UINT32_C(1) << 26)
#define FEW 16                     /* places that are sorted on the spot */
#define EDGE_SHIFT 6               /* an edge: the state, then the symbol */
#define NO_BITS 0                  /* the first number of a state */
#define WIDTH (TRIAGE_SYMBOLS + 1) /* cells of a state: symbols, then bits */
#define FIRST_BASE 64 /* before it nothing, so that NOWHERE stays there */

typedef struct {
    uint32_t *items;
    uint32_t count, size;
} list_t;

typedef struct {
    uint32_t start, count; /* of its numbers */
    uint32_t hash;
} kept_t;

/* Rows of numbers, each kept once and known by its number. */
typedef struct {
    list_t numbers;
    kept_t *rows;
    uint32_t row_count;
    uint32_t *slots; /* rows + 1 by their hash */
    uint32_t slot_count;
} rows_t;

typedef struct {
    triage_patterns_t *patterns;
    rows_t sets;     /* places */
    list_t state_of; /* of a set */
    rows_t states;   /* a row of bits + 1, then edges */
    rows_t bits;     /* two numbers each */
    bool has_failed;
} build_t;

/* Room for `more` numbers behind the last one; NULL without. */
static uint32_t *
extend(list_t *list, uint32_t more)
{
    uint32_t size = list->size == 0 ? 1024 : list->size;
    uint32_t *larger;

    if (list->count + more > MAX_NUMBERS) {
        return NULL;
    }
    while (size < list->count + more) {
        size *= 2;
    }
    if (size > list->size) {
        larger = realloc(list->items, size * sizeof(*larger));
        if (larger == NULL) {
            return NULL;
        }
        list->items = larger;
        list->size = size;
    }
    larger = list->items + list->count;
    list->count += more;
    return larger;
}

static bool
append(list_t *list, uint32_t number)
{
    uint32_t *room = extend(list, 1);

    if (room != NULL) {
        *room = number;
    }
    return room != NULL;
}

static uint32_t
hash_of(const uint32_t *numbers, uint32_t count)
{
    uint64_t hash = count;
    uint32_t i;

    for (i = 0; i < count; i++) {
        hash = (hash ^ numbers[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (uint32_t) (hash >> 16);
}

/* Half as many rows as slots, and no more. */
static bool
grow(rows_t *rows)
{
    uint32_t count = rows->slot_count == 0 ? 1024 : rows->slot_count * 2;
    uint32_t *slots = calloc(count, sizeof(*slots));
    kept_t *larger = realloc(rows->rows, count / 2 * sizeof(*larger));
    uint32_t i, at;

    rows->rows = larger == NULL ? rows->rows : larger;
    if (slots == NULL || larger == NULL) {
        free(slots);
        return false;
    }
    for (i = 0; i < rows->row_count; i++) {
        at = larger[i].hash & (count - 1);
        while (slots[at] != 0) {
            at = (at + 1) & (count - 1);
        }
        slots[at] = i + 1;
    }
    free(rows->slots);
    rows->slots = slots;
    rows->slot_count = count;
    return true;
}

static void
free_rows(rows_t *rows)
{
    free(rows->numbers.items);
    free(rows->rows);
    free(rows->slots);
}

static const uint32_t *
row_of(const rows_t *rows, uint32_t row, uint32_t *count)
{
    *count = rows->rows[row].count;
    return rows->numbers.items + rows->rows[row].start;
}

static bool
is_row(const rows_t *rows, const kept_t *row, const uint32_t *numbers,
       uint32_t count)
{
    return row->count == count
           && (count == 0
               || memcmp(rows->numbers.items + row->start, numbers,
                         count * sizeof(*numbers))
                      == 0);
}

static bool
append_row(rows_t *rows, const uint32_t *numbers, uint32_t count,
           uint32_t hash)
{
    uint32_t start = rows->numbers.count;
    uint32_t *room = extend(&rows->numbers, count);

    if (room == NULL) {
        return false;
    }
    if (count > 0) {
        memcpy(room, numbers, count * sizeof(*numbers));
    }
    rows->rows[rows->row_count++] = (kept_t){ start, count, hash };
    return true;
}

/* The row that says so, a new one if there is none. */
static uint32_t
keep(build_t *build, rows_t *rows, const uint32_t *numbers, uint32_t count)
{
    uint32_t hash = hash_of(numbers, count), at;
    const kept_t *known;

    if (rows->row_count * 2 >= rows->slot_count && !grow(rows)) {
        build->has_failed = true;
        return 0;
    }
    at = hash & (rows->slot_count - 1);
    while (rows->slots[at] != 0) {
        known = &rows->rows[rows->slots[at] - 1];
        if (known->hash == hash && is_row(rows, known, numbers, count)) {
            return rows->slots[at] - 1;
        }
        at = (at + 1) & (rows->slot_count - 1);
    }
    if (!append_row(rows, numbers, count, hash)) {
        build->has_failed = true;
        return 0;
    }
    rows->slots[at] = rows->row_count;
    return rows->row_count - 1;
}

static int
compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *) left, b = *(const uint32_t *) right;

    return a < b ? -1 : a > b;
}

static void
sort(uint32_t *numbers, uint32_t count)
{
    uint32_t i, j, number;

    if (count > FEW) {
        qsort(numbers, count, sizeof(*numbers), compare);
        return;
    }
    for (i = 1; i < count; i++) {
        number = numbers[i];
        for (j = i; j > 0 && numbers[j - 1] > number; j--) {
            numbers[j] = numbers[j - 1];
        }
        numbers[j] = number;
    }
}

/* What the bits of the phrases that end in a set are known by; the symbols
 * that go on are or-ed to *symbols. */
static uint32_t
look_at(build_t *build, uint32_t set, uint32_t *symbols)
{
    uint32_t count, halves[2] = { 0, 0 }, i;
    const uint32_t *places = row_of(&build->sets, set, &count);

    *symbols = 0;
    for (i = 0; i < count; i++) {
        if (places[i] < TRIAGE_PATTERN_BITS) {
            halves[places[i] / 32] |= UINT32_C(1) << places[i] % 32;
        } else {
            *symbols |= UINT32_C(1) << build->patterns->codes[places[i]];
        }
    }
    if (halves[0] == 0 && halves[1] == 0) {
        return NO_BITS;
    }
    return keep(build, &build->bits, halves, 2) + 1;
}

/* Where a symbol leads to from a set, in patterns->found. */
static void
go_on(build_t *build, uint32_t set, uint32_t symbol, bool after_blank)
{
    triage_patterns_t *patterns = build->patterns;
    uint32_t count, i;
    const uint32_t *places = row_of(&build->sets, set, &count);

    triage_patterns_clear(patterns);
    for (i = 0; i < count; i++) {
        if (places[i] >= TRIAGE_PATTERN_BITS
            && patterns->codes[places[i]] == symbol) {
            triage_patterns_reach(patterns, places[i] + 1, after_blank);
        }
    }
    sort(patterns->found, patterns->found_count);
}

/* The state of a set, after those that it goes on to. */
static uint32_t
make_state(build_t *build, const uint32_t *places, uint32_t count)
{
    bool is_first = build->sets.row_count == 0;
    uint32_t set = keep(build, &build->sets, places, count);
    uint32_t edges[WIDTH], edge_count = 1, symbols, symbol, state;

    if (build->has_failed || set < build->state_of.count) {
        return build->has_failed ? 0 : build->state_of.items[set];
    }
    if (!append(&build->state_of, 0)) {
        build->has_failed = true;
        return 0;
    }

    edges[0] = look_at(build, set, &symbols);
    for (; symbols != 0; symbols &= symbols - 1) {
        symbol = (uint32_t) __builtin_ctz(symbols);
        /* A phrase begins inside a word as if behind a blank. */
        go_on(build, set, symbol, symbol == TRIAGE_SYMBOL_BLANK || is_first);
        state = make_state(build, build->patterns->found,
                           build->patterns->found_count);
        edges[edge_count++] = state << EDGE_SHIFT | symbol;
    }
    state = keep(build, &build->states, edges, edge_count);
    build->state_of.items[set] = state;
    return state;
}

/* The row of cells while states are laid into it. */
typedef struct {
    const rows_t *states;
    triage_automaton_t *automaton;
    uint32_t *bases; /* of the states */
    uint8_t *taken;  /* by a state that begins there */
    uint32_t size;
} row_t;

static bool
grow_row(row_t *row, uint32_t wanted)
{
    uint32_t size = row->size == 0 ? 4096 : row->size, *cells, i;
    uint8_t *taken;

    while (size < wanted) {
        size *= 2;
    }
    if (size == row->size) {
        return true;
    }
    cells = realloc(row->automaton->cells, size * sizeof(*cells));
    if (cells == NULL) {
        return false;
    }
    row->automaton->cells = cells;
    taken = realloc(row->taken, size);
    if (taken == NULL) {
        return false;
    }
    row->taken = taken;
    for (i = row->size; i < size; i++) {
        cells[i] = TRIAGE_CELL_SYMBOL; /* of no symbol */
        taken[i] = 0;
    }
    row->size = size;
    return true;
}

/* The symbols of a state, its bits for the last one. */
static uint32_t
symbols_of(const rows_t *states, uint32_t state, uint32_t symbols[WIDTH])
{
    uint32_t count, found = 0, i;
    const uint32_t *edges = row_of(states, state, &count);

    for (i = 1; i < count; i++) {
        symbols[found++] = edges[i] & TRIAGE_CELL_SYMBOL;
    }
    if (edges[0] != NO_BITS) {
        symbols[found++] = TRIAGE_SYMBOLS;
    }
    return found;
}

static bool
fits(const row_t *row, uint32_t base, const uint32_t *symbols, uint32_t count)
{
    uint32_t i;

    if (base < FIRST_BASE || row->taken[base]) {
        return false;
    }
    for (i = 0; i < count; i++) {
        if (row->automaton->cells[base + symbols[i]] != TRIAGE_CELL_SYMBOL) {
            return false;
        }
    }
    return true;
}

/* Lays a state at the first place from *from on where it fits. */
static bool
lay(row_t *row, uint32_t state, uint32_t *from)
{
    uint32_t symbols[WIDTH], count, base, i;

    count = symbols_of(row->states, state, symbols);
    base = *from;
    do {
        base++;
        if (!grow_row(row, base + 2 * WIDTH)) {
            return false;
        }
    } while (!fits(row, base, symbols, count));

    for (i = 0; i < count; i++) {
        row->automaton->cells[base + symbols[i]] = symbols[i];
    }
    row->taken[base] = 1;
    row->bases[state] = base;
    *from = base;
    if (base + WIDTH > row->automaton->cell_count) {
        row->automaton->cell_count = base + WIDTH;
    }
    return true;
}

static uint32_t
width_of(const rows_t *states, uint32_t state)
{
    uint32_t symbols[WIDTH];

    return symbols_of(states, state, symbols);
}

/* Wide ones first: narrow ones find room between them. */
static bool
lay_in_order(row_t *row, uint32_t *order)
{
    uint32_t ends[WIDTH + 2] = { 0 }, count = row->states->row_count;
    uint32_t width = WIDTH, last = WIDTH + 1, from = 0, i;

    for (i = 0; i < count; i++) {
        ends[WIDTH + 1 - width_of(row->states, i)]++;
    }
    for (i = 1; i < WIDTH + 2; i++) {
        ends[i] += ends[i - 1];
    }
    for (i = count; i > 0; i--) {
        order[--ends[WIDTH + 1 - width_of(row->states, i - 1)]] = i - 1;
    }
    for (i = 0; i < count; i++, last = width) {
        width = width_of(row->states, order[i]);
        from = width == last ? from : FIRST_BASE;
        if (!lay(row, order[i], &from)) {
            return false;
        }
    }
    return true;
}

static bool
lay_all(row_t *row)
{
    uint32_t *order = calloc(row->states->row_count, sizeof(*order));
    bool is_laid = order != NULL && lay_in_order(row, order);

    free(order);
    return is_laid;
}

static uint32_t
cell_to(const row_t *row, uint32_t state, uint32_t symbol)
{
    uint32_t count;
    const uint32_t *edges = row_of(row->states, state, &count);

    return row->bases[state] << TRIAGE_CELL_SHIFT
           | (edges[0] != NO_BITS ? TRIAGE_CELL_ENDS : 0) | symbol;
}

static void
connect(const row_t *row, uint32_t state)
{
    uint32_t *cells = row->automaton->cells + row->bases[state];
    uint32_t count, symbol, i;
    const uint32_t *edges = row_of(row->states, state, &count);

    for (i = 1; i < count; i++) {
        symbol = edges[i] & TRIAGE_CELL_SYMBOL;
        cells[symbol] = cell_to(row, edges[i] >> EDGE_SHIFT, symbol);
    }
    if (edges[0] != NO_BITS) {
        cells[TRIAGE_SYMBOLS] =
            (edges[0] - 1) << TRIAGE_CELL_SHIFT | TRIAGE_SYMBOLS;
    }
}

static bool
lay_states(const build_t *build, triage_automaton_t *automaton, uint32_t root)
{
    row_t row = { &build->states, automaton, NULL, NULL, 0 };
    uint32_t state, count = build->states.row_count;
    bool is_laid;

    row.bases = calloc(count, sizeof(*row.bases));
    is_laid = row.bases != NULL && lay_all(&row);
    for (state = 0; is_laid && state < count; state++) {
        connect(&row, state);
    }
    if (is_laid) {
        automaton->root = cell_to(&row, root, 0);
        automaton->state_count = count;
    }
    free(row.bases);
    free(row.taken);
    return is_laid;
}

static bool
copy_bits(const build_t *build, triage_automaton_t *automaton)
{
    uint32_t i, count, two;
    const uint32_t *halves;

    count = build->bits.row_count;
    automaton->bits = calloc(count + 1, sizeof(*automaton->bits));
    for (i = 0; automaton->bits != NULL && i < count; i++) {
        halves = row_of(&build->bits, i, &two);
        automaton->bits[i] = halves[0] | (uint64_t) halves[1] << 32;
    }
    return automaton->bits != NULL;
}

bool
triage_automaton_build(triage_automaton_t *automaton,
                       triage_patterns_t *patterns)
{
    build_t build;
    uint32_t root;
    bool is_built;

    memset(automaton, 0, sizeof(*automaton));
    memset(&build, 0, sizeof(build));
    build.patterns = patterns;
    root = make_state(&build, patterns->starts, patterns->start_count);
    is_built = !build.has_failed && !patterns->has_failed
               && lay_states(&build, automaton, root)
               && copy_bits(&build, automaton);
    if (!is_built) {
        triage_automaton_free(automaton);
    }
    free_rows(&build.sets);
    free_rows(&build.states);
    free_rows(&build.bits);
    free(build.state_of.items);
    return is_built;
}

void
triage_automaton_free(triage_automaton_t *automaton)
{
    free(automaton->cells);
    free(automaton->bits);
    memset(automaton, 0, sizeof(*automaton));
}
