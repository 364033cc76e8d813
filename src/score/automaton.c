/*
 * (a|b) in phrase lists multiplies, so there are far more phrases than
 * states: the phrases are sorted, and states that lead to the same ends are
 * shared while they are added (Daciuk, Mihov, Watson and Watson 2000).
 */
#include "automaton.h"

#include <stdlib.h>
#include <string.h>

#define MAX_PHRASE 255 /* folded bytes */
#define MAX_PHRASES 1000000

typedef triage_state_t state_t;
typedef triage_items_t list_t;

/* A phrase on its way into the automaton. */
typedef struct {
    const char *text; /* set when the letters are complete */
    uint32_t start;   /* in the letters */
    uint16_t len;
    uint16_t bit;
} phrase_t;

/* clang-format off */
const uint8_t triage_symbols[256] = {
    ['a'] = 1,  ['b'] = 2,  ['c'] = 3,  ['d'] = 4,  ['e'] = 5,  ['f'] = 6,
    ['g'] = 7,  ['h'] = 8,  ['i'] = 9,  ['j'] = 10, ['k'] = 11, ['l'] = 12,
    ['m'] = 13, ['n'] = 14, ['o'] = 15, ['p'] = 16, ['q'] = 17, ['r'] = 18,
    ['s'] = 19, ['t'] = 20, ['u'] = 21, ['v'] = 22, ['w'] = 23, ['x'] = 24,
    ['y'] = 25, ['z'] = 26, [' '] = 27, ['0'] = 28, ['@'] = 29, ['~'] = 30,
    ['.'] = 31, /* all others: 0 */
};
/* clang-format on */

static uint8_t
symbol_of(char c)
{
    return triage_symbols[(uint8_t) c];
}

/* Room for `more` items behind the last one; NULL without memory. */
static void *
extend(triage_automaton_t *automaton, list_t *list, uint32_t more, size_t item)
{
    uint32_t wanted = list->size == 0 ? 1024 : list->size;
    void *larger;

    while (wanted < list->count + more) {
        wanted *= 2;
    }
    if (wanted > list->size) {
        larger = realloc(list->items, wanted * item);
        if (larger == NULL) {
            automaton->has_failed = true;
            return NULL;
        }
        list->items = larger;
        list->size = wanted;
    }
    larger = (char *) list->items + list->count * item;
    list->count += more;
    return larger;
}

static const state_t *
state_at(const triage_automaton_t *automaton, uint32_t state)
{
    return triage_automaton_state(automaton, state);
}

static void
forget_waiting(triage_automaton_t *automaton)
{
    free(automaton->letters.items);
    free(automaton->waiting.items);
    free(automaton->shared.items);
    memset(&automaton->letters, 0, sizeof(automaton->letters));
    memset(&automaton->waiting, 0, sizeof(automaton->waiting));
    memset(&automaton->shared, 0, sizeof(automaton->shared));
}

void
triage_automaton_free(triage_automaton_t *automaton)
{
    forget_waiting(automaton);
    free(automaton->states.items);
    memset(automaton, 0, sizeof(*automaton));
}

void
triage_automaton_add(triage_automaton_t *automaton, triage_text_t folded,
                     unsigned bit)
{
    uint32_t start = automaton->letters.count;
    phrase_t *phrase;
    char *letters;

    if (folded.len > MAX_PHRASE || automaton->waiting.count == MAX_PHRASES) {
        automaton->has_failed = true;
        return;
    }
    letters = extend(automaton, &automaton->letters, (uint32_t) folded.len, 1);
    phrase = extend(automaton, &automaton->waiting, 1, sizeof(*phrase));
    if (letters == NULL || phrase == NULL) {
        return;
    }
    memcpy(letters, folded.data, folded.len);
    *phrase = (phrase_t){ NULL, start, (uint16_t) folded.len, (uint16_t) bit };
}

/* The states of the phrase that was added last, not yet shared. */
typedef struct {
    triage_automaton_t *automaton;
    state_t states[MAX_PHRASE + 1];
    const char *letters;
    size_t len;
} path_t;

static uint32_t
hash_of(const state_t *state)
{
    uint64_t hash = state->bits;
    unsigned i;

    /* Most states lead to one other only. */
    for (i = 0; i < TRIAGE_SYMBOLS; i++) {
        if (state->next[i] != 0) {
            hash ^= (uint64_t) i << 32 | state->next[i];
            hash *= UINT64_C(0x9E3779B97F4A7C15);
            hash ^= hash >> 29;
        }
    }
    return (uint32_t) (hash >> 16);
}

static void
place(list_t *shared, const triage_automaton_t *automaton, uint32_t state)
{
    uint32_t *slots = shared->items;
    uint32_t at = hash_of(state_at(automaton, state)) & (shared->size - 1);

    while (slots[at] != 0) {
        at = (at + 1) & (shared->size - 1);
    }
    slots[at] = state;
    shared->count++;
}

static bool
grow_shared(triage_automaton_t *automaton)
{
    list_t larger = { NULL, 0, automaton->shared.size * 2 };
    uint32_t *slots = automaton->shared.items;
    uint32_t i;

    if (larger.size == 0) {
        larger.size = 4096;
    }
    larger.items = calloc(larger.size, sizeof(uint32_t));
    if (larger.items == NULL) {
        automaton->has_failed = true;
        return false;
    }
    for (i = 0; i < automaton->shared.size; i++) {
        if (slots[i] != 0) {
            place(&larger, automaton, slots[i]);
        }
    }
    free(automaton->shared.items);
    automaton->shared = larger;
    return true;
}

/* A state of the automaton that is equal to this one: a known one if there
 * is one.  0 without memory. */
static uint32_t
share(triage_automaton_t *automaton, const state_t *state)
{
    uint32_t *slots, at, number;
    state_t *added;

    if (automaton->shared.count * 2 >= automaton->shared.size
        && !grow_shared(automaton))
    {
        return 0;
    }
    slots = automaton->shared.items;
    at = hash_of(state) & (automaton->shared.size - 1);
    while (slots[at] != 0) {
        if (memcmp(state_at(automaton, slots[at]), state, sizeof(*state)) == 0)
        {
            return slots[at];
        }
        at = (at + 1) & (automaton->shared.size - 1);
    }

    number = automaton->states.count;
    added = extend(automaton, &automaton->states, 1, sizeof(*added));
    if (added == NULL) {
        return 0;
    }
    *added = *state;
    slots[at] = number;
    automaton->shared.count++;
    return number;
}

/* Shares what the next phrase, equal in the first `depth`, leaves alone. */
static void
share_tail(path_t *path, size_t depth)
{
    size_t i;

    for (i = path->len; i > depth; i--) {
        path->states[i - 1].next[symbol_of(path->letters[i - 1])] =
            share(path->automaton, &path->states[i]);
    }
    path->len = depth;
}

static void
add_to_path(path_t *path, const phrase_t *phrase)
{
    const char *letters = phrase->text;
    size_t depth = 0;

    while (depth < path->len && depth < phrase->len
           && letters[depth] == path->letters[depth])
    {
        depth++;
    }
    share_tail(path, depth);
    path->letters = letters;
    while (path->len < phrase->len) {
        path->len++;
        memset(&path->states[path->len], 0, sizeof(state_t));
    }
    path->states[path->len].bits |= UINT64_C(1) << phrase->bit;
}

static int
compare(const void *left, const void *right)
{
    const phrase_t *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

    if (order == 0) {
        order = (int) a->len - (int) b->len;
    }
    return order != 0 ? order : (int) a->bit - (int) b->bit;
}

bool
triage_automaton_finish(triage_automaton_t *automaton)
{
    path_t *path = calloc(1, sizeof(*path));
    state_t *dead = extend(automaton, &automaton->states, 1, sizeof(state_t));
    phrase_t *waiting = automaton->waiting.items;
    uint32_t i;

    if (path == NULL || automaton->has_failed) {
        automaton->has_failed = true;
        free(path);
        return false;
    }
    memset(dead, 0, sizeof(*dead));
    for (i = 0; i < automaton->waiting.count; i++) {
        waiting[i].text =
            (const char *) automaton->letters.items + waiting[i].start;
    }
    if (automaton->waiting.count > 0) {
        qsort(waiting, automaton->waiting.count, sizeof(*waiting), compare);
    }
    path->automaton = automaton;
    for (i = 0; i < automaton->waiting.count; i++) {
        add_to_path(path, &waiting[i]);
    }
    share_tail(path, 0);
    automaton->root = share(automaton, &path->states[0]);
    automaton->phrase_count = automaton->waiting.count;
    forget_waiting(automaton);
    free(path);
    return !automaton->has_failed;
}
