/*
 * An Aho-Corasick automaton over 32 symbols: 26 letters, a digit, the blank,
 * a handle, a link, the end of a sentence, and everything else.
 */
#include "phrases.h"

#include <stdlib.h>
#include <string.h>

#define SYMBOLS 32
#define MAX_NEGATIONS 16
#define NEGATION_REACH 3 /* words between a negation and what it negates */
#define MAX_PHRASE 256   /* bytes, after (a|b) was resolved */

enum {
    SYMBOL_BLANK = 26,
    SYMBOL_DIGIT,
    SYMBOL_HANDLE,
    SYMBOL_LINK,
    SYMBOL_STOP,
    SYMBOL_OTHER
};

typedef struct {
    uint32_t next[SYMBOLS];
} state_t;

/* What ends in a state; a phrase of several signals is several. */
typedef struct {
    uint32_t next; /* in outputs, 0: none */
    uint16_t len;  /* of the phrase, in folded bytes */
    uint16_t signal;
} output_t;

struct triage_phrases_s {
    state_t *states;
    uint32_t *outputs_of; /* of a state: first output, 0: none */
    uint32_t state_count, state_size;
    output_t *outputs;
    uint32_t output_count, output_size;
    size_t phrase_count;
    bool has_failed;
};

static uint8_t
symbol_of(char c)
{
    if (c >= 'a' && c <= 'z') {
        return (uint8_t) (c - 'a');
    }
    switch (c) {
    case ' ':
        return SYMBOL_BLANK;
    case '0':
        return SYMBOL_DIGIT;
    case '@':
        return SYMBOL_HANDLE;
    case '~':
        return SYMBOL_LINK;
    case '.':
        return SYMBOL_STOP;
    default:
        return SYMBOL_OTHER;
    }
}

static bool
grow(void **array, uint32_t *size, size_t item)
{
    uint32_t wanted = *size == 0 ? 1024 : *size * 2;
    void *larger = realloc(*array, wanted * item);

    if (larger == NULL) {
        return false;
    }
    *array = larger;
    *size = wanted;
    return true;
}

static uint32_t
add_state(triage_phrases_t *phrases)
{
    uint32_t size = phrases->state_size;
    void *array;

    if (phrases->state_count == size) {
        array = phrases->states;
        if (!grow(&array, &size, sizeof(state_t))) {
            phrases->has_failed = true;
            return 0;
        }
        phrases->states = array;
        array = phrases->outputs_of;
        if (!grow(&array, &phrases->state_size, sizeof(uint32_t))) {
            phrases->has_failed = true;
            return 0;
        }
        phrases->outputs_of = array;
    }

    memset(&phrases->states[phrases->state_count], 0, sizeof(state_t));
    phrases->outputs_of[phrases->state_count] = 0;
    return phrases->state_count++;
}

static void
add_output(triage_phrases_t *phrases, uint32_t state, size_t len, int signal)
{
    void *array = phrases->outputs;
    uint32_t i;

    for (i = phrases->outputs_of[state]; i != 0; i = phrases->outputs[i].next)
    {
        if (phrases->outputs[i].signal == signal) {
            return;
        }
    }
    if (phrases->output_count == phrases->output_size) {
        if (!grow(&array, &phrases->output_size, sizeof(output_t))) {
            phrases->has_failed = true;
            return;
        }
        phrases->outputs = array;
    }
    phrases->outputs[phrases->output_count] =
        (output_t) { phrases->outputs_of[state], (uint16_t) len,
                     (uint16_t) signal };
    phrases->outputs_of[state] = phrases->output_count++;
}

triage_phrases_t *
triage_phrases_create(void)
{
    triage_phrases_t *phrases = calloc(1, sizeof(*phrases));

    if (phrases == NULL) {
        return NULL;
    }
    phrases->output_count = 1; /* 0 is none */
    phrases->output_size = 1;
    add_state(phrases);
    if (phrases->has_failed) {
        triage_phrases_free(phrases);
        return NULL;
    }
    return phrases;
}

void
triage_phrases_free(triage_phrases_t *phrases)
{
    if (phrases == NULL) {
        return;
    }
    free(phrases->states);
    free(phrases->outputs_of);
    free(phrases->outputs);
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
    return phrases->state_count;
}

static void
add_folded(triage_phrases_t *phrases, triage_text_t folded, int signal)
{
    uint32_t state = 0, next;
    size_t i;

    for (i = 0; i < folded.len; i++) {
        next = phrases->states[state].next[symbol_of(folded.data[i])];
        if (next == 0) {
            next = add_state(phrases);
            if (phrases->has_failed) {
                return;
            }
            phrases->states[state].next[symbol_of(folded.data[i])] = next;
        }
        state = next;
    }
    add_output(phrases, state, folded.len, signal);
    phrases->phrase_count++;
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
        folded.data++;
        folded.len--;
    }
    if (goes_on) {
        folded.len--;
    }
    add_folded(phrases, folded, signal);
    return true;
}

/* Resolves the first (a|b), and the rest by calling itself. */
static bool
add_phrase(triage_phrases_t *phrases, triage_text_t phrase, int signal,
           triage_words_t *words)
{
    const char *open = triage_text_find(phrase, triage_text("("));
    const char *close = triage_text_find(phrase, triage_text(")"));
    triage_text_t before, choices, choice, after;
    char resolved[MAX_PHRASE];
    size_t len;

    if (open == NULL && close == NULL) {
        return add_plain(phrases, phrase, signal, words);
    }
    if (open == NULL || close == NULL || close < open
        || phrase.len >= MAX_PHRASE)
    {
        return false;
    }

    before = (triage_text_t) { phrase.data, (size_t) (open - phrase.data) };
    choices = (triage_text_t) { open + 1, (size_t) (close - open - 1) };
    after.data = close + 1;
    after.len = phrase.len - (size_t) (after.data - phrase.data);
    do {
        choice = triage_text_until(&choices, '|');
        len = before.len;
        memcpy(resolved, before.data, before.len);
        memcpy(resolved + len, choice.data, choice.len);
        len += choice.len;
        memcpy(resolved + len, after.data, after.len);
        len += after.len;
        if (!add_phrase(phrases, (triage_text_t) { resolved, len }, signal,
                        words))
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

/* Breadth first: a state inherits from the longest other suffix of it. */
static void
link_state(triage_phrases_t *phrases, uint32_t state, uint32_t fail,
           uint32_t *fails, uint32_t *queue, uint32_t *tail)
{
    state_t *from = &phrases->states[state];
    uint32_t next, inherited, last;
    unsigned i;

    for (i = 0; i < SYMBOLS; i++) {
        next = from->next[i];
        inherited = state == 0 ? 0 : phrases->states[fail].next[i];
        if (next == 0) {
            from->next[i] = inherited;
            continue;
        }
        fails[next] = inherited;
        queue[(*tail)++] = next;
        if (phrases->outputs_of[next] == 0) {
            phrases->outputs_of[next] = phrases->outputs_of[inherited];
            continue;
        }
        /* Longest first: its own outputs, then those of the suffix. */
        last = phrases->outputs_of[next];
        while (phrases->outputs[last].next != 0) {
            last = phrases->outputs[last].next;
        }
        phrases->outputs[last].next = phrases->outputs_of[inherited];
    }
}

bool
triage_phrases_finish(triage_phrases_t *phrases)
{
    uint32_t *fails = calloc(phrases->state_count, sizeof(*fails));
    uint32_t *queue = calloc(phrases->state_count, sizeof(*queue));
    uint32_t head = 0, tail = 0;

    if (fails == NULL || queue == NULL || phrases->has_failed) {
        free(fails);
        free(queue);
        return false;
    }
    link_state(phrases, 0, 0, fails, queue, &tail);
    while (head < tail) {
        uint32_t state = queue[head++];

        link_state(phrases, state, fails[state], fails, queue, &tail);
    }
    free(fails);
    free(queue);
    return true;
}

/* The ends of the negations so far, and of the last hit of each signal. */
typedef struct {
    const triage_words_t *words;
    size_t negations[MAX_NEGATIONS];
    size_t negation_count;
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
count_hit(search_t *search, const output_t *output, size_t end)
{
    size_t start = end - output->len;
    int signal = output->signal;

    if (start + 1 < search->ends[signal]) {
        return;
    }
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

void
triage_phrases_find(const triage_phrases_t *phrases,
                    const triage_words_t *words,
                    uint8_t hits[TRIAGE_PHRASE_SIGNALS])
{
    search_t search;
    uint32_t state = 0, output;
    size_t i;

    memset(hits, 0, TRIAGE_PHRASE_SIGNALS);
    search.words = words;
    search.negation_count = 0;
    search.hits = hits;
    memset(search.ends, 0, sizeof(search.ends));

    for (i = 0; i < words->len; i++) {
        state = phrases->states[state].next[symbol_of(words->folded[i])];
        output = phrases->outputs_of[state];
        while (output != 0) {
            count_hit(&search, &phrases->outputs[output], i + 1);
            output = phrases->outputs[output].next;
        }
    }
}
