/*
 * All phrases as one automaton over 32 symbols, as small as it can be: 26
 * letters, a digit, the blank, a handle, a link, the end of a sentence, and
 * everything else.  It is walked from the start of each word.
 *
 * (a|b) multiplies, so there are far more phrases than states: the phrases
 * are sorted and states that lead to the same ends are shared while they are
 * added (Daciuk, Mihov, Watson and Watson 2000).
 */
#include "phrases.h"

#include <stdlib.h>
#include <string.h>

#define SYMBOLS 32
#define MAX_NEGATIONS 16
#define NEGATION_REACH 3 /* words between a negation and what it negates */
#define MAX_LINE 1024
#define MAX_PHRASE 255 /* folded bytes */
#define MAX_PHRASES 1000000
#define INNER '\1' /* before phrases that may start inside a word */

typedef struct {
    uint32_t next[SYMBOLS]; /* 0: nothing goes on here */
    uint64_t signals;       /* bit n: a phrase of signal n ends here */
} state_t;

/* A phrase on its way into the automaton. */
typedef struct {
    const char *text; /* set when the letters are complete */
    uint32_t start;   /* in the letters */
    uint16_t len;
    uint16_t signal;
} phrase_t;

typedef struct {
    void *items;
    uint32_t count, size;
} list_t;

struct triage_phrases_s {
    list_t states; /* state_t; the first one is where nothing goes on */
    uint32_t root, inner;
    size_t phrase_count;
    bool has_failed;

    /* Until triage_phrases_finish: */
    list_t letters; /* char */
    list_t waiting; /* phrase_t */
    list_t shared;  /* uint32_t: states by hash, 0: free */
};

_Static_assert(TRIAGE_PHRASE_SIGNALS <= 64, "signals fit a state's bits");

/* clang-format off */
static const uint8_t symbols[256] = {
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
    return symbols[(uint8_t) c];
}

/* Room for `more` items behind the last one; NULL without memory. */
static void *
extend(triage_phrases_t *phrases, list_t *list, uint32_t more, size_t item)
{
    uint32_t wanted = list->size == 0 ? 1024 : list->size;
    void *larger;

    while (wanted < list->count + more) {
        wanted *= 2;
    }
    if (wanted > list->size) {
        larger = realloc(list->items, wanted * item);
        if (larger == NULL) {
            phrases->has_failed = true;
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
state_at(const triage_phrases_t *phrases, uint32_t state)
{
    return (const state_t *) phrases->states.items + state;
}

triage_phrases_t *
triage_phrases_create(void)
{
    triage_phrases_t *phrases = calloc(1, sizeof(*phrases));
    state_t *dead;

    if (phrases == NULL) {
        return NULL;
    }
    dead = extend(phrases, &phrases->states, 1, sizeof(state_t));
    if (dead == NULL) {
        free(phrases);
        return NULL;
    }
    memset(dead, 0, sizeof(*dead));
    return phrases;
}

static void
forget_waiting(triage_phrases_t *phrases)
{
    free(phrases->letters.items);
    free(phrases->waiting.items);
    free(phrases->shared.items);
    memset(&phrases->letters, 0, sizeof(phrases->letters));
    memset(&phrases->waiting, 0, sizeof(phrases->waiting));
    memset(&phrases->shared, 0, sizeof(phrases->shared));
}

void
triage_phrases_free(triage_phrases_t *phrases)
{
    if (phrases == NULL) {
        return;
    }
    forget_waiting(phrases);
    free(phrases->states.items);
    free(phrases);
}

size_t
triage_phrases_count(const triage_phrases_t *phrases)
{
    return phrases->phrase_count;
}

size_t
triage_phrases_states(const triage_phrases_t *phrases)
{
    return phrases->states.count;
}

static bool
add_folded(triage_phrases_t *phrases, triage_text_t folded, int signal)
{
    uint32_t start = phrases->letters.count;
    phrase_t *phrase;
    char *letters;

    if (folded.len > MAX_PHRASE || phrases->waiting.count == MAX_PHRASES) {
        return false;
    }
    letters = extend(phrases, &phrases->letters, (uint32_t) folded.len, 1);
    phrase = extend(phrases, &phrases->waiting, 1, sizeof(*phrase));
    if (letters == NULL || phrase == NULL) {
        return true; /* has_failed tells */
    }
    memcpy(letters, folded.data, folded.len);
    *phrase = (phrase_t) { NULL, start, (uint16_t) folded.len,
                           (uint16_t) signal };
    return true;
}

/* A phrase without (a|b). */
static bool
add_plain(triage_phrases_t *phrases, triage_text_t phrase, int signal,
          triage_words_t *words)
{
    bool goes_before, goes_on;
    triage_text_t folded;

    phrase = triage_text_trim(phrase);
    goes_before = phrase.len > 0 && phrase.data[0] == '*';
    if (goes_before) {
        phrase.data++;
        phrase.len--;
    }
    goes_on = phrase.len > 0 && phrase.data[phrase.len - 1] == '*';
    if (goes_on) {
        phrase.len--;
    }

    triage_words_read(words, phrase);
    folded = (triage_text_t) { words->folded, words->len };
    if (words->count == 0) {
        return false;
    }
    if (goes_before) {
        words->folded[0] = INNER;
    }
    if (goes_on) {
        folded.len--;
    }
    return add_folded(phrases, folded, signal);
}

/* The bracket that closes the one at `open`; NULL without one. */
static const char *
find_close(triage_text_t phrase, const char *open)
{
    const char *at;
    unsigned depth = 0;

    for (at = open; at < phrase.data + phrase.len; at++) {
        depth += *at == '(';
        if (*at == ')' && --depth == 0) {
            return at;
        }
    }
    return NULL;
}

/* Cuts the first of `choices` off, brackets inside it kept whole. */
static triage_text_t
next_choice(triage_text_t *choices)
{
    triage_text_t choice = *choices;
    unsigned depth = 0;
    size_t i;

    for (i = 0; i < choice.len; i++) {
        depth += choice.data[i] == '(';
        depth -= choice.data[i] == ')';
        if (choice.data[i] == '|' && depth == 0) {
            choices->data += i + 1;
            choices->len -= i + 1;
            choice.len = i;
            return choice;
        }
    }
    *choices = triage_no_text;
    return choice;
}

/* Resolves the first (a|b), and the rest by calling itself. */
static bool
add_phrase(triage_phrases_t *phrases, triage_text_t phrase, int signal,
           triage_words_t *words)
{
    const char *open = triage_text_find(phrase, triage_text("("));
    const char *close;
    triage_text_t choices, choice, after;
    char resolved[MAX_LINE];
    size_t before;

    if (phrase.len >= MAX_LINE) {
        return false;
    }
    if (open == NULL) {
        return triage_text_find(phrase, triage_text(")")) == NULL
               && add_plain(phrases, phrase, signal, words);
    }
    close = find_close(phrase, open);
    if (close == NULL) {
        return false;
    }

    before = (size_t) (open - phrase.data);
    choices = (triage_text_t) { open + 1, (size_t) (close - open - 1) };
    after.data = close + 1;
    after.len = phrase.len - before - choices.len - 2;
    memcpy(resolved, phrase.data, before);
    do {
        choice = next_choice(&choices);
        memcpy(resolved + before, choice.data, choice.len);
        memcpy(resolved + before + choice.len, after.data, after.len);
        if (!add_phrase(
                phrases,
                (triage_text_t) { resolved, before + choice.len + after.len },
                signal, words))
        {
            return false;
        }
    } while (choices.data != NULL);

    return true;
}

bool
triage_phrases_add(triage_phrases_t *phrases, triage_text_t list,
                   const char **why, unsigned *line)
{
    triage_words_t *words = malloc(sizeof(*words));
    int signal = TRIAGE_NO_SIGNAL;
    triage_text_t text;

    *why = words == NULL ? "no memory" : NULL;
    *line = 0;
    while (*why == NULL && list.len > 0) {
        text = triage_text_trim(triage_text_until(&list, '\n'));
        (*line)++;
        if (text.len == 0 || text.data[0] == '#') {
            continue;
        }
        if (text.data[0] == '[' && text.data[text.len - 1] == ']') {
            text.data++;
            text.len -= 2;
            signal = triage_signal_find(text);
            if (signal == TRIAGE_NO_SIGNAL || signal >= TRIAGE_PHRASE_SIGNALS)
            {
                *why = "no such signal";
            }
            continue;
        }
        if (signal == TRIAGE_NO_SIGNAL) {
            *why = "a phrase before the first [signal]";
        } else if (!add_phrase(phrases, text, signal, words)) {
            *why = "not a phrase";
        } else if (phrases->has_failed) {
            *why = "no memory";
        }
    }

    free(words);
    return *why == NULL;
}

/* The states of the phrase that was added last, not yet shared. */
typedef struct {
    triage_phrases_t *phrases;
    state_t states[MAX_PHRASE + 1];
    const char *letters;
    size_t len;
} path_t;

static uint32_t
hash_of(const state_t *state)
{
    uint64_t hash = state->signals;
    unsigned i;

    for (i = 0; i < SYMBOLS; i++) {
        hash = (hash ^ state->next[i]) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (uint32_t) (hash >> 16);
}

static void
place(list_t *shared, const triage_phrases_t *phrases, uint32_t state)
{
    uint32_t *slots = shared->items;
    uint32_t at = hash_of(state_at(phrases, state)) & (shared->size - 1);

    while (slots[at] != 0) {
        at = (at + 1) & (shared->size - 1);
    }
    slots[at] = state;
    shared->count++;
}

static bool
grow_shared(triage_phrases_t *phrases)
{
    list_t larger = { NULL, 0, phrases->shared.size * 2 };
    uint32_t *slots = phrases->shared.items;
    uint32_t i;

    if (larger.size == 0) {
        larger.size = 4096;
    }
    larger.items = calloc(larger.size, sizeof(uint32_t));
    if (larger.items == NULL) {
        phrases->has_failed = true;
        return false;
    }
    for (i = 0; i < phrases->shared.size; i++) {
        if (slots[i] != 0) {
            place(&larger, phrases, slots[i]);
        }
    }
    free(phrases->shared.items);
    phrases->shared = larger;
    return true;
}

/* A state of the automaton that is equal to this one: a known one if there
 * is one.  0 without memory. */
static uint32_t
share(triage_phrases_t *phrases, const state_t *state)
{
    uint32_t *slots, at, number;
    state_t *added;

    if (phrases->shared.count * 2 >= phrases->shared.size
        && !grow_shared(phrases))
    {
        return 0;
    }
    slots = phrases->shared.items;
    at = hash_of(state) & (phrases->shared.size - 1);
    while (slots[at] != 0) {
        if (memcmp(state_at(phrases, slots[at]), state, sizeof(*state)) == 0) {
            return slots[at];
        }
        at = (at + 1) & (phrases->shared.size - 1);
    }

    number = phrases->states.count;
    added = extend(phrases, &phrases->states, 1, sizeof(*added));
    if (added == NULL) {
        return 0;
    }
    *added = *state;
    slots[at] = number;
    phrases->shared.count++;
    return number;
}

/* Shares what the next phrase, equal in the first `depth`, leaves alone. */
static void
share_tail(path_t *path, size_t depth)
{
    size_t i;

    for (i = path->len; i > depth; i--) {
        path->states[i - 1].next[symbol_of(path->letters[i - 1])] =
            share(path->phrases, &path->states[i]);
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
    path->states[path->len].signals |= UINT64_C(1) << phrase->signal;
}

static int
compare(const void *left, const void *right)
{
    const phrase_t *a = left, *b = right;
    int order =
        memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);

    if (order == 0) {
        order = (int) a->len - (int) b->len;
    }
    return order != 0 ? order : (int) a->signal - (int) b->signal;
}

bool
triage_phrases_finish(triage_phrases_t *phrases)
{
    path_t *path = calloc(1, sizeof(*path));
    phrase_t *waiting = phrases->waiting.items;
    uint32_t i;

    if (path == NULL || phrases->has_failed) {
        free(path);
        return false;
    }
    for (i = 0; i < phrases->waiting.count; i++) {
        waiting[i].text =
            (const char *) phrases->letters.items + waiting[i].start;
    }
    if (phrases->waiting.count > 0) {
        qsort(waiting, phrases->waiting.count, sizeof(*waiting), compare);
    }
    path->phrases = phrases;
    for (i = 0; i < phrases->waiting.count; i++) {
        add_to_path(path, &waiting[i]);
    }
    share_tail(path, 0);
    phrases->root = share(phrases, &path->states[0]);
    phrases->inner =
        state_at(phrases, phrases->root)->next[symbol_of(INNER)];
    phrases->phrase_count = phrases->waiting.count;
    forget_waiting(phrases);
    free(path);
    return !phrases->has_failed;
}

/* The ends of the negations so far, and of the last hit of each signal. */
typedef struct {
    const triage_phrases_t *phrases;
    const triage_words_t *words;
    size_t negations[MAX_NEGATIONS];
    size_t negation_count;
    uint16_t starts[TRIAGE_PHRASE_SIGNALS];
    uint16_t ends[TRIAGE_PHRASE_SIGNALS];
    uint8_t *hits;
} search_t;

static bool
reaches(const triage_words_t *words, size_t from, size_t to)
{
    unsigned blanks = 0;
    size_t i;

    for (i = from; i < to; i++) {
        if (words->folded[i] == '.') {
            return false;
        }
        blanks += words->folded[i] == ' ';
    }
    return blanks <= NEGATION_REACH;
}

static bool
is_negated(const search_t *search, size_t start)
{
    size_t i = search->negation_count;

    while (i > 0) {
        i--;
        /* The blank between two words belongs to both. */
        if (search->negations[i] <= start + 1) {
            return reaches(search->words, search->negations[i], start + 1);
        }
    }
    return false;
}

static void
count_hit(search_t *search, int signal, size_t start, size_t end)
{
    /* The same phrase, going on: "stolen", "stolen card". */
    if (search->ends[signal] > 0 && search->starts[signal] == start) {
        search->ends[signal] = (uint16_t) end;
        return;
    }
    if (start + 1 < search->ends[signal]) {
        return;
    }
    search->starts[signal] = (uint16_t) start;
    search->ends[signal] = (uint16_t) end;
    if (signal == TRIAGE_NEGATION && search->negation_count < MAX_NEGATIONS) {
        search->negations[search->negation_count++] = end;
    }
    if (triage_signals[signal].negated != signal
        && is_negated(search, start))
    {
        signal = triage_signals[signal].negated;
    }
    if (signal != TRIAGE_NO_SIGNAL && search->hits[signal] < UINT8_MAX) {
        search->hits[signal]++;
    }
}

static void
walk(search_t *search, uint32_t state, size_t start)
{
    const state_t *states = search->phrases->states.items;
    const triage_words_t *words = search->words;
    uint64_t signals;
    size_t i;

    for (i = start; i < words->len; i++) {
        state = states[state].next[symbol_of(words->folded[i])];
        if (state == 0) {
            return;
        }
        signals = states[state].signals;
        while (signals != 0) {
            count_hit(search, __builtin_ctzll(signals), start, i + 1);
            signals &= signals - 1;
        }
    }
}

void
triage_phrases_find(const triage_phrases_t *phrases,
                    const triage_words_t *words,
                    uint8_t hits[TRIAGE_PHRASE_SIGNALS])
{
    search_t search;
    size_t i;

    memset(hits, 0, TRIAGE_PHRASE_SIGNALS);
    memset(&search, 0, sizeof(search));
    search.phrases = phrases;
    search.words = words;
    search.hits = hits;
    for (i = 0; i < words->len; i++) {
        if (words->folded[i] == ' ') {
            walk(&search, phrases->root, i);
        } else if (phrases->inner != 0) {
            walk(&search, phrases->inner, i);
        }
    }
}
