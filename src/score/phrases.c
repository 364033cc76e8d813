/*
 * Reads phrase lists, picks those of a text's language and counts what they
 * find.  The automaton of a list is walked from the start of each word.
 */
#include "phrases.h"

#include <stdlib.h>
#include <string.h>

#include "automaton.h"

#define MAX_NEGATIONS 16
#define NEGATION_REACH 3 /* words between a negation and what it negates */
#define MAX_LINE 1024
#define MAX_LISTS 32
#define SHORT_TEXT 6 /* words */
#define INNER '\1'   /* before phrases that may start inside a word */

_Static_assert(TRIAGE_PHRASE_SIGNALS <= 64, "signals fit a state's bits");

typedef struct {
    triage_automaton_t phrases; /* a bit a signal */
    uint32_t inner;             /* where INNER leads; 0 where nowhere */
    char language[3];           /* empty: for every language */
} list_t;

struct triage_phrases_s {
    list_t lists[MAX_LISTS];
    size_t count;
    triage_automaton_t markers; /* words of a language; a bit a list */
};

/* Where the phrases that are read go. */
typedef struct {
    triage_automaton_t *automaton;
    unsigned bit;
    triage_words_t words; /* to fold in */
} reading_t;

triage_phrases_t *
triage_phrases_create(void)
{
    return calloc(1, sizeof(triage_phrases_t));
}

void
triage_phrases_free(triage_phrases_t *phrases)
{
    size_t i;

    if (phrases == NULL) {
        return;
    }
    for (i = 0; i < phrases->count; i++) {
        triage_automaton_free(&phrases->lists[i].phrases);
    }
    triage_automaton_free(&phrases->markers);
    free(phrases);
}

size_t
triage_phrases_count(const triage_phrases_t *phrases)
{
    size_t i, count = 0;

    for (i = 0; i < phrases->count; i++) {
        count += phrases->lists[i].phrases.phrase_count;
    }
    return count;
}

size_t
triage_phrases_states(const triage_phrases_t *phrases)
{
    size_t i, count = 0;

    for (i = 0; i < phrases->count; i++) {
        count += phrases->lists[i].phrases.states.count;
    }
    return count;
}

/* A phrase without (a|b). */
static bool
add_plain(reading_t *reading, triage_text_t phrase)
{
    triage_words_t *words = &reading->words;
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
    folded = (triage_text_t){ words->folded, words->len };
    if (words->count == 0) {
        return false;
    }
    if (goes_before) {
        words->folded[0] = INNER;
    }
    if (goes_on) {
        folded.len--;
    }
    triage_automaton_add(reading->automaton, folded, reading->bit);
    return true;
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
add_phrase(reading_t *reading, triage_text_t phrase)
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
               && add_plain(reading, phrase);
    }
    close = find_close(phrase, open);
    if (close == NULL) {
        return false;
    }

    before = (size_t) (open - phrase.data);
    choices = (triage_text_t){ open + 1, (size_t) (close - open - 1) };
    after.data = close + 1;
    after.len = phrase.len - before - choices.len - 2;
    memcpy(resolved, phrase.data, before);
    do {
        choice = next_choice(&choices);
        memcpy(resolved + before, choice.data, choice.len);
        memcpy(resolved + before + choice.len, after.data, after.len);
        choice = (triage_text_t){ resolved, before + choice.len + after.len };
        if (!add_phrase(reading, choice)) {
            return false;
        }
    } while (choices.data != NULL);

    return true;
}

/* "[stranded]", "[language en]". */
static const char *
read_heading(triage_phrases_t *phrases, list_t *list, triage_text_t heading,
             reading_t *reading)
{
    triage_text_t prefix = triage_text("language ");
    int signal;

    heading.data++;
    heading.len -= 2;
    if (triage_text_starts(heading, prefix)) {
        if (heading.len != prefix.len + 2) {
            return "a language has two letters";
        }
        memcpy(list->language, heading.data + prefix.len, 2);
        reading->automaton = &phrases->markers;
        reading->bit = (unsigned) (list - phrases->lists);
        return NULL;
    }
    signal = triage_signal_find(heading);
    if (signal == TRIAGE_NO_SIGNAL || signal >= TRIAGE_PHRASE_SIGNALS) {
        return "no such signal";
    }
    reading->automaton = &list->phrases;
    reading->bit = (unsigned) signal;
    return NULL;
}

static const char *
read_line(triage_phrases_t *phrases, list_t *list, triage_text_t line,
          reading_t *reading)
{
    if (line.len == 0 || line.data[0] == '#') {
        return NULL;
    }
    if (line.data[0] == '[' && line.data[line.len - 1] == ']') {
        return read_heading(phrases, list, line, reading);
    }
    if (reading->automaton == NULL) {
        return "a phrase before the first [signal]";
    }
    if (!add_phrase(reading, line)) {
        return "not a phrase";
    }
    return reading->automaton->has_failed ? "no room" : NULL;
}

bool
triage_phrases_add(triage_phrases_t *phrases, triage_text_t text,
                   const char **why, unsigned *line)
{
    reading_t *reading;
    list_t *list;

    *line = 0;
    *why = "too many lists";
    if (phrases->count == MAX_LISTS) {
        return false;
    }
    *why = "no memory";
    reading = calloc(1, sizeof(*reading));
    if (reading == NULL) {
        return false;
    }
    list = &phrases->lists[phrases->count++];
    *why = NULL;
    while (*why == NULL && text.len > 0) {
        (*line)++;
        *why = read_line(phrases, list,
                         triage_text_trim(triage_text_until(&text, '\n')),
                         reading);
    }
    free(reading);
    return *why == NULL;
}

bool
triage_phrases_finish(triage_phrases_t *phrases)
{
    list_t *list;
    size_t i;

    for (i = 0; i < phrases->count; i++) {
        list = &phrases->lists[i];
        if (!triage_automaton_finish(&list->phrases)) {
            return false;
        }
        list->inner =
            triage_automaton_step(&list->phrases, list->phrases.root, INNER);
    }
    return triage_automaton_finish(&phrases->markers);
}

/* How many words of the text are words of each list's language. */
static void
count_markers(const triage_phrases_t *phrases, const triage_words_t *words,
              unsigned counts[MAX_LISTS])
{
    const triage_automaton_t *markers = &phrases->markers;
    uint32_t state;
    uint64_t bits;
    size_t i, j;

    for (i = 0; i < words->len; i++) {
        if (words->folded[i] != ' ') {
            continue;
        }
        state = markers->root;
        for (j = i; j < words->len && state != 0; j++) {
            state = triage_automaton_step(markers, state, words->folded[j]);
            bits = triage_automaton_state(markers, state)->bits;
            for (; bits != 0; bits &= bits - 1) {
                counts[__builtin_ctzll(bits)]++;
            }
        }
    }
}

/* A few words say little about their language: lists that come near are
 * taken too.  A longer text in a language that no list is for gets the first
 * list, for "urgent" and "sos" are understood everywhere. */
static bool
is_likely(unsigned count, unsigned most, size_t words, size_t list)
{
    if (most == 0) {
        return words <= SHORT_TEXT || list == 0;
    }
    return count == most || (most <= 2 && count == most - 1 && count > 0);
}

/* A bit a list: those of the language that most words are of, and those for
 * every language. */
static uint32_t
pick_lists(const triage_phrases_t *phrases, const triage_words_t *words,
           triage_text_t language)
{
    unsigned counts[MAX_LISTS] = { 0 }, most = 0;
    uint32_t picked = 0;
    size_t i;

    count_markers(phrases, words, counts);
    for (i = 0; i < phrases->count; i++) {
        counts[i] +=
            language.len >= 2
            && memcmp(language.data, phrases->lists[i].language, 2) == 0;
        most = counts[i] > most ? counts[i] : most;
    }
    for (i = 0; i < phrases->count; i++) {
        if (phrases->lists[i].language[0] == '\0'
            || is_likely(counts[i], most, words->count, i))
        {
            picked |= UINT32_C(1) << i;
        }
    }
    return picked;
}

/* The ends of the negations so far, and of the last hit of each signal. */
typedef struct {
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
    if (triage_signals[signal].negated != signal && is_negated(search, start))
    {
        signal = triage_signals[signal].negated;
    }
    if (signal != TRIAGE_NO_SIGNAL && search->hits[signal] < UINT8_MAX) {
        search->hits[signal]++;
    }
}

static void
walk(search_t *search, const triage_automaton_t *automaton, uint32_t state,
     size_t start)
{
    const triage_words_t *words = search->words;
    uint64_t bits;
    size_t i;

    for (i = start; i < words->len; i++) {
        state = triage_automaton_step(automaton, state, words->folded[i]);
        if (state == 0) {
            return;
        }
        bits = triage_automaton_state(automaton, state)->bits;
        for (; bits != 0; bits &= bits - 1) {
            count_hit(search, __builtin_ctzll(bits), start, i + 1);
        }
    }
}

static void
search_list(const list_t *list, const triage_words_t *words,
            uint8_t hits[TRIAGE_PHRASE_SIGNALS])
{
    const triage_automaton_t *automaton = &list->phrases;
    search_t search;
    size_t i;

    memset(&search, 0, sizeof(search));
    search.words = words;
    search.hits = hits;
    for (i = 0; i < words->len; i++) {
        if (words->folded[i] == ' ') {
            walk(&search, automaton, automaton->root, i);
        } else if (triage_automaton_step(automaton, list->inner,
                                         words->folded[i])
                   != 0)
        {
            walk(&search, automaton, list->inner, i);
        }
    }
}

void
triage_phrases_find(const triage_phrases_t *phrases,
                    const triage_words_t *words, triage_text_t language,
                    uint8_t hits[TRIAGE_PHRASE_SIGNALS])
{
    uint32_t picked = pick_lists(phrases, words, language);
    uint8_t found[TRIAGE_PHRASE_SIGNALS];
    size_t i;
    int signal;

    memset(hits, 0, TRIAGE_PHRASE_SIGNALS);
    for (i = 0; i < phrases->count; i++) {
        if ((picked >> i & 1) == 0) {
            continue;
        }
        memset(found, 0, sizeof(found));
        search_list(&phrases->lists[i], words, found);
        for (signal = 0; signal < TRIAGE_PHRASE_SIGNALS; signal++) {
            if (found[signal] > hits[signal]) {
                hits[signal] = found[signal];
            }
        }
    }
}
