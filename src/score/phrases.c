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
#define MAX_LISTS 32
#define SHORT_TEXT 6 /* words */

_Static_assert(TRIAGE_PHRASE_SIGNALS <= 64, "signals fit a state's bits");

/* Where walks begin, and what their first three symbols can be: a bit for
 * each third one, at the first two.  Most walks would end there. */
typedef struct {
    uint32_t place;
    uint32_t bits[TRIAGE_SYMBOLS * TRIAGE_SYMBOLS];
} opening_t;

#define OPENING 3
_Static_assert(TRIAGE_SYMBOLS == 32, "a bit each");

typedef struct {
    triage_automaton_t automaton; /* a bit a signal */
    opening_t outer, inner;       /* where a word begins, and inside one */
    char language[3];             /* empty: for every language */
} list_t;

struct triage_phrases_s {
    list_t lists[MAX_LISTS];
    size_t count;
    triage_automaton_t markers; /* words of a language; a bit a list */
    opening_t marker;           /* where one begins */
    triage_patterns_t words;    /* what they are built from */
};

/* A text as automata walk over it. */
typedef struct {
    const triage_words_t *words;
    uint8_t symbols[TRIAGE_WORDS_SIZE];
    size_t len;                         /* of them */
    uint16_t blanks[TRIAGE_WORDS_SIZE]; /* where they are */
    size_t blank_count;
} text_t;

/* Where the phrases that are read go. */
typedef struct {
    triage_patterns_t *patterns; /* NULL: nowhere yet */
    unsigned bit;
    triage_patterns_t phrases; /* of the list */
} reading_t;

triage_phrases_t *
triage_phrases_create(void)
{
    triage_phrases_t *phrases = calloc(1, sizeof(*phrases));

    if (phrases != NULL) {
        triage_patterns_init(&phrases->words);
    }
    return phrases;
}

void
triage_phrases_free(triage_phrases_t *phrases)
{
    size_t i;

    if (phrases == NULL) {
        return;
    }
    for (i = 0; i < phrases->count; i++) {
        triage_automaton_free(&phrases->lists[i].automaton);
    }
    triage_automaton_free(&phrases->markers);
    triage_patterns_free(&phrases->words);
    free(phrases);
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
        reading->patterns = &phrases->words;
        reading->bit = (unsigned) (list - phrases->lists);
        return NULL;
    }
    signal = triage_signal_find(heading);
    if (signal == TRIAGE_NO_SIGNAL || signal >= TRIAGE_PHRASE_SIGNALS) {
        return "no such signal";
    }
    reading->patterns = &reading->phrases;
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
    if (reading->patterns == NULL) {
        return "a phrase before the first [signal]";
    }
    if (triage_patterns_add(reading->patterns, line, reading->bit)) {
        return NULL;
    }
    return reading->patterns->has_failed ? "no room" : "not a phrase";
}

/* The third symbols that go on from a place, or all when a phrase ends on
 * the way. */
static uint32_t
third_symbols(const triage_automaton_t *automaton, uint32_t place)
{
    uint32_t bits = 0, symbol;

    for (symbol = 0; symbol < TRIAGE_SYMBOLS; symbol++) {
        if (triage_automaton_step(automaton, place, symbol) != TRIAGE_NOWHERE)
        {
            bits |= UINT32_C(1) << symbol;
        }
    }
    return (place & TRIAGE_CELL_ENDS) != 0 ? UINT32_MAX : bits;
}

static void
open_with(opening_t *opening, const triage_automaton_t *automaton,
          uint32_t symbol)
{
    uint32_t first, second, i;

    opening->place = triage_automaton_step(automaton, automaton->root, symbol);
    memset(opening->bits, 0, sizeof(opening->bits));
    for (i = 0; i < TRIAGE_SYMBOLS * TRIAGE_SYMBOLS; i++) {
        first = triage_automaton_step(automaton, opening->place,
                                      i / TRIAGE_SYMBOLS);
        if (first == TRIAGE_NOWHERE) {
            continue;
        }
        second = triage_automaton_step(automaton, first, i % TRIAGE_SYMBOLS);
        opening->bits[i] = (first & TRIAGE_CELL_ENDS) != 0 ? UINT32_MAX
                           : second == TRIAGE_NOWHERE
                               ? 0
                               : third_symbols(automaton, second);
    }
}

/* May more come of a walk that begins with what stands there? */
static inline bool
may_open(const opening_t *opening, const text_t *text, size_t at)
{
    const uint8_t *symbols = text->symbols + at;

    return at + OPENING > text->len
           || (opening->bits[symbols[0] * TRIAGE_SYMBOLS + symbols[1]]
                   >> symbols[2]
               & 1)
                  != 0;
}

static void
read_text(text_t *text, const triage_words_t *words)
{
    size_t i, count = 0;

    for (i = 0; i < words->len; i++) {
        text->symbols[i] = triage_symbols[(uint8_t) words->folded[i]];
        text->blanks[count] = (uint16_t) i;
        count += words->folded[i] == ' ';
    }
    text->words = words;
    text->len = words->len;
    text->blank_count = count;
}

static const char *
build_list(list_t *list, triage_patterns_t *phrases)
{
    triage_automaton_t *automaton = &list->automaton;

    if (!triage_automaton_build(automaton, phrases)) {
        return "no room";
    }
    open_with(&list->outer, automaton, TRIAGE_SYMBOL_BLANK);
    open_with(&list->inner, automaton, TRIAGE_SYMBOL_OTHER);
    return NULL;
}

bool
triage_phrases_add(triage_phrases_t *phrases, triage_text_t text,
                   const char **why, unsigned *line)
{
    reading_t reading = { .patterns = NULL };
    list_t *list;

    *line = 0;
    *why = "too many lists";
    if (phrases->count == MAX_LISTS) {
        return false;
    }
    triage_patterns_init(&reading.phrases);
    list = &phrases->lists[phrases->count++];
    *why = NULL;
    while (*why == NULL && text.len > 0) {
        (*line)++;
        *why = read_line(phrases, list,
                         triage_text_trim(triage_text_until(&text, '\n')),
                         &reading);
    }
    if (*why == NULL) {
        *why = build_list(list, &reading.phrases);
    }
    triage_patterns_free(&reading.phrases);
    return *why == NULL;
}

bool
triage_phrases_finish(triage_phrases_t *phrases)
{
    bool is_built = triage_automaton_build(&phrases->markers, &phrases->words);

    triage_patterns_free(&phrases->words);
    if (is_built) {
        open_with(&phrases->marker, &phrases->markers, TRIAGE_SYMBOL_BLANK);
    }
    return is_built;
}

static void
count_marker(const triage_phrases_t *phrases, const text_t *text, size_t at,
             unsigned counts[MAX_LISTS])
{
    const triage_automaton_t *markers = &phrases->markers;
    uint32_t place = phrases->marker.place;
    uint64_t bits;

    for (; at < text->words->len; at++) {
        place = triage_automaton_step(markers, place, text->symbols[at]);
        if (place == TRIAGE_NOWHERE) {
            return;
        }
        if ((place & TRIAGE_CELL_ENDS) == 0) {
            continue;
        }
        bits = triage_automaton_bits(markers, place);
        for (; bits != 0; bits &= bits - 1) {
            counts[__builtin_ctzll(bits)]++;
        }
    }
}

/* How many words of the text are words of each list's language. */
static void
count_markers(const triage_phrases_t *phrases, const text_t *text,
              unsigned counts[MAX_LISTS])
{
    size_t i;

    for (i = 0; i < text->blank_count; i++) {
        if (may_open(&phrases->marker, text, text->blanks[i] + 1u)) {
            count_marker(phrases, text, text->blanks[i] + 1u, counts);
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
pick_lists(const triage_phrases_t *phrases, const text_t *text,
           triage_text_t language)
{
    unsigned counts[MAX_LISTS] = { 0 }, most = 0;
    uint32_t picked = 0;
    size_t i;

    count_markers(phrases, text, counts);
    for (i = 0; i < phrases->count; i++) {
        counts[i] +=
            language.len >= 2
            && memcmp(language.data, phrases->lists[i].language, 2) == 0;
        most = counts[i] > most ? counts[i] : most;
    }
    for (i = 0; i < phrases->count; i++) {
        if (phrases->lists[i].language[0] == '\0'
            || is_likely(counts[i], most, text->words->count, i))
        {
            picked |= UINT32_C(1) << i;
        }
    }
    return picked;
}

/* The ends of the negations so far, and of the last hit of each signal. */
typedef struct {
    const text_t *text;
    size_t negations[MAX_NEGATIONS];
    size_t negation_count;
    uint16_t starts[TRIAGE_PHRASE_SIGNALS];
    uint16_t ends[TRIAGE_PHRASE_SIGNALS];
    uint8_t *hits;
    triage_places_t *places; /* NULL: nobody asks where */
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
            return reaches(search->text->words, search->negations[i],
                           start + 1);
        }
    }
    return false;
}

static void
keep_place(triage_places_t *places, int signal, size_t start, size_t end)
{
    if (places != NULL && places->count < TRIAGE_PLACES_MAX) {
        places->rows[places->count++] =
            (triage_place_t){ (uint16_t) start, (uint16_t) end,
                              (uint8_t) signal };
    }
}

static void
lengthen_places(triage_places_t *places, int signal, size_t start, size_t end)
{
    size_t i;

    for (i = 0; places != NULL && i < places->count; i++) {
        if (places->rows[i].start == start
            && (places->rows[i].signal == signal
                || places->rows[i].signal == triage_signals[signal].negated))
        {
            places->rows[i].end = (uint16_t) end;
        }
    }
}

static void
count_hit(search_t *search, int signal, size_t start, size_t end)
{
    /* The same phrase, going on: "stolen", "stolen card". */
    if (search->ends[signal] > 0 && search->starts[signal] == start) {
        search->ends[signal] = (uint16_t) end;
        lengthen_places(search->places, signal, start, end);
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
    if (signal == TRIAGE_NO_SIGNAL) {
        return;
    }
    keep_place(search->places, signal, start, end);
    if (search->hits[signal] < UINT8_MAX) {
        search->hits[signal]++;
    }
}

/* Walks on from an opening, with what stands at `from`. */
static void
walk(search_t *search, const triage_automaton_t *automaton,
     const opening_t *opening, size_t start, size_t from)
{
    const text_t *text = search->text;
    uint32_t place = opening->place;
    uint64_t bits;
    size_t i;

    if (!may_open(opening, text, from)) {
        return;
    }
    for (i = from; i < text->words->len; i++) {
        place = triage_automaton_step(automaton, place, text->symbols[i]);
        if (place == TRIAGE_NOWHERE) {
            return;
        }
        if ((place & TRIAGE_CELL_ENDS) == 0) {
            continue;
        }
        bits = triage_automaton_bits(automaton, place);
        for (; bits != 0; bits &= bits - 1) {
            count_hit(search, __builtin_ctzll(bits), start, i + 1);
        }
    }
}

static void
search_words(search_t *search, const list_t *list)
{
    size_t i, at;

    for (i = 0; i < search->text->blank_count; i++) {
        at = search->text->blanks[i];
        walk(search, &list->automaton, &list->outer, at, at + 1);
    }
}

/* Inside of words, too. */
static void
search_everywhere(search_t *search, const list_t *list)
{
    const triage_words_t *words = search->text->words;
    size_t i;

    for (i = 0; i < words->len; i++) {
        if (words->folded[i] == ' ') {
            walk(search, &list->automaton, &list->outer, i, i + 1);
        } else {
            walk(search, &list->automaton, &list->inner, i, i);
        }
    }
}

static void
search_list(const list_t *list, const text_t *text,
            uint8_t hits[TRIAGE_PHRASE_SIGNALS], triage_places_t *places)
{
    search_t search;

    memset(&search, 0, sizeof(search));
    search.text = text;
    search.hits = hits;
    search.places = places;
    if (list->inner.place == TRIAGE_NOWHERE) {
        search_words(&search, list);
    } else {
        search_everywhere(&search, list);
    }
}

static void
search(const triage_phrases_t *phrases, const triage_words_t *words,
       triage_text_t language, uint8_t hits[TRIAGE_PHRASE_SIGNALS],
       triage_places_t *places)
{
    uint8_t found[TRIAGE_PHRASE_SIGNALS];
    uint32_t picked;
    text_t text;
    size_t i;
    int signal;

    read_text(&text, words);
    picked = pick_lists(phrases, &text, language);
    memset(hits, 0, TRIAGE_PHRASE_SIGNALS);
    for (i = 0; i < phrases->count; i++) {
        if ((picked >> i & 1) == 0) {
            continue;
        }
        memset(found, 0, sizeof(found));
        search_list(&phrases->lists[i], &text, found, places);
        for (signal = 0; signal < TRIAGE_PHRASE_SIGNALS; signal++) {
            if (found[signal] > hits[signal]) {
                hits[signal] = found[signal];
            }
        }
    }
}

void
triage_phrases_find(const triage_phrases_t *phrases,
                    const triage_words_t *words, triage_text_t language,
                    uint8_t hits[TRIAGE_PHRASE_SIGNALS])
{
    search(phrases, words, language, hits, NULL);
}

void
triage_phrases_place(const triage_phrases_t *phrases,
                     const triage_words_t *words, triage_text_t language,
                     triage_places_t *places)
{
    uint8_t hits[TRIAGE_PHRASE_SIGNALS];

    places->count = 0;
    search(phrases, words, language, hits, places);
}
