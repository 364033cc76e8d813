/*
 * Most lines are letters, digits, blanks and choices, and are taken as they
 * are.  What folds otherwise, or might across the edge of a choice, is
 * multiplied out and each phrase folded as a message is.
 */
#include "patterns.h"

#include <stdlib.h>
#include <string.h>

#define MAX_LINE 1024
#define MAX_CODES (UINT32_C(1) << 25)
#define STRETCH 3 /* of these equal letters in a row folding keeps two */

/* clang-format off */
const uint8_t triage_symbols[256] = {
    ['a'] = 1,  ['b'] = 2,  ['c'] = 3,  ['d'] = 4,  ['e'] = 5,  ['f'] = 6,
    ['g'] = 7,  ['h'] = 8,  ['i'] = 9,  ['j'] = 10, ['k'] = 11, ['l'] = 12,
    ['m'] = 13, ['n'] = 14, ['o'] = 15, ['p'] = 16, ['q'] = 17, ['r'] = 18,
    ['s'] = 19, ['t'] = 20, ['u'] = 21, ['v'] = 22, ['w'] = 23, ['x'] = 24,
    ['y'] = 25, ['z'] = 26, [' '] = 27, ['0'] = 28, ['@'] = 29, ['~'] = 30,
    ['.'] = 31, /* all others: TRIAGE_SYMBOL_OTHER */
};
/* clang-format on */

/* A phrase between its stars. */
typedef struct {
    triage_text_t text;
    bool goes_before, goes_on;
} phrase_t;

static bool
resize(triage_patterns_t *patterns, void *pointer, uint32_t size, size_t item)
{
    void **array = pointer, *larger = realloc(*array, size * item);

    if (larger == NULL) {
        patterns->has_failed = true;
        return false;
    }
    *array = larger;
    return true;
}

static bool
make_room(triage_patterns_t *patterns, uint32_t more)
{
    uint32_t size = patterns->size == 0 ? 4096 : patterns->size, old;

    if (patterns->has_failed || patterns->count + more > MAX_CODES) {
        patterns->has_failed = true;
        return false;
    }
    while (size < patterns->count + more) {
        size *= 2;
    }
    if (size == patterns->size) {
        return true;
    }
    if (!resize(patterns, &patterns->codes, size, sizeof(uint8_t))
        || !resize(patterns, &patterns->next, size, sizeof(uint32_t))
        || !resize(patterns, &patterns->exit, size, sizeof(uint32_t))
        || !resize(patterns, &patterns->seen, size, sizeof(uint32_t)))
    {
        return false;
    }
    old = patterns->size;
    memset(patterns->seen + old, 0, (size - old) * sizeof(uint32_t));
    patterns->size = size;
    return true;
}

void
triage_patterns_init(triage_patterns_t *patterns)
{
    memset(patterns, 0, sizeof(*patterns));
    if (make_room(patterns, TRIAGE_PATTERN_BITS)) {
        memset(patterns->codes, TRIAGE_PATTERN_END, TRIAGE_PATTERN_BITS);
        patterns->count = TRIAGE_PATTERN_BITS;
    }
}

void
triage_patterns_free(triage_patterns_t *patterns)
{
    free(patterns->codes);
    free(patterns->next);
    free(patterns->exit);
    free(patterns->seen);
    free(patterns->starts);
    free(patterns->found);
    memset(patterns, 0, sizeof(*patterns));
}

void
triage_patterns_clear(triage_patterns_t *patterns)
{
    patterns->found_count = 0;
    patterns->generation++;
}

static void
find(triage_patterns_t *patterns, uint32_t place)
{
    uint32_t size = patterns->found_size == 0 ? 256 : patterns->found_size * 2;

    if (patterns->found_count == patterns->found_size) {
        if (!resize(patterns, &patterns->found, size, sizeof(uint32_t))) {
            return;
        }
        patterns->found_size = size;
    }
    patterns->found[patterns->found_count++] = place;
}

/* An END is the same place for all phrases of a bit. */
static uint32_t
place_of(const triage_patterns_t *patterns, uint32_t at)
{
    return patterns->codes[at] == TRIAGE_PATTERN_END
                   && at >= TRIAGE_PATTERN_BITS
               ? patterns->exit[at]
               : at;
}

void
triage_patterns_reach(triage_patterns_t *patterns, uint32_t at,
                      bool after_blank)
{
    uint32_t choice;

    at = place_of(patterns, at);
    if (patterns->seen[at] == patterns->generation) {
        return;
    }
    patterns->seen[at] = patterns->generation;
    switch (patterns->codes[at]) {
    case TRIAGE_PATTERN_OPEN:
        choice = at;
        do {
            triage_patterns_reach(patterns, choice + 1, after_blank);
            choice = patterns->next[choice];
        } while (patterns->codes[choice] == TRIAGE_PATTERN_OR);
        break;
    case TRIAGE_PATTERN_OR:
    case TRIAGE_PATTERN_CLOSE:
        triage_patterns_reach(patterns, patterns->exit[at], after_blank);
        break;
    case TRIAGE_SYMBOL_BLANK:
        if (after_blank) {
            triage_patterns_reach(patterns, at + 1, true);
            break;
        }
        find(patterns, at);
        break;
    default:
        find(patterns, at);
    }
}

static void
add_code(triage_patterns_t *patterns, uint8_t code)
{
    patterns->codes[patterns->count] = code;
    patterns->next[patterns->count] = 0;
    patterns->exit[patterns->count] = 0;
    patterns->count++;
}

static bool
is_structure(char c)
{
    return c == '(' || c == '|' || c == ')';
}

/* Letters, digits and blanks up to the next bracket. */
static const char *
add_piece(triage_patterns_t *patterns, const char *at, const char *end)
{
    unsigned run = 0;
    uint8_t last = TRIAGE_SYMBOL_BLANK, symbol;

    for (; at < end && !is_structure(*at); at++) {
        if (*at >= '0' && *at <= '9') {
            symbol = triage_symbols['0'];
        } else {
            symbol = triage_symbols[(uint8_t) (*at | 0x20)];
        }
        run = symbol == last ? run + 1 : 1;
        last = symbol;
        if ((symbol == TRIAGE_SYMBOL_BLANK && run > 1)
            || (symbol <= triage_symbols['z'] && run >= STRETCH))
        {
            continue;
        }
        add_code(patterns, symbol);
    }
    return at;
}

/* Brackets know where they lead to. */
static bool
join_brackets(triage_patterns_t *patterns, uint32_t start)
{
    uint32_t open[MAX_LINE], at, choice;
    size_t depth = 0;

    for (at = start; at < patterns->count; at++) {
        switch (patterns->codes[at]) {
        case TRIAGE_PATTERN_OPEN:
            open[depth++] = at;
            patterns->exit[at] = at; /* the last choice so far */
            break;
        case TRIAGE_PATTERN_OR:
        case TRIAGE_PATTERN_CLOSE:
            if (depth == 0) {
                return false;
            }
            patterns->next[patterns->exit[open[depth - 1]]] = at;
            patterns->exit[open[depth - 1]] = at;
            if (patterns->codes[at] == TRIAGE_PATTERN_OR) {
                break;
            }
            choice = open[--depth];
            while (choice != at) {
                choice = patterns->next[choice];
                patterns->exit[choice] = at + 1;
            }
            break;
        default:
            break;
        }
    }
    return depth == 0;
}

/* May a text of this phrase have three equal letters in a row? */
static bool
may_stretch(triage_patterns_t *patterns, uint32_t start)
{
    uint32_t at, i, count, first;
    uint8_t letter;

    for (at = start; at + 1 < patterns->count; at++) {
        letter = patterns->codes[at];
        if (letter == TRIAGE_SYMBOL_OTHER || letter > triage_symbols['z']) {
            continue;
        }
        triage_patterns_clear(patterns);
        triage_patterns_reach(patterns, at + 1, false);
        count = patterns->found_count;
        /* What follows those that are equal is found behind them. */
        for (i = 0; i < count; i++) {
            if (patterns->codes[patterns->found[i]] != letter) {
                continue;
            }
            first = patterns->found_count;
            patterns->generation++;
            triage_patterns_reach(patterns, patterns->found[i] + 1, false);
            for (; first < patterns->found_count; first++) {
                if (patterns->codes[patterns->found[first]] == letter) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* Is there a way through the phrase that says nothing? */
static bool
may_be_empty(triage_patterns_t *patterns, uint32_t start)
{
    uint32_t i;

    triage_patterns_clear(patterns);
    triage_patterns_reach(patterns, start + 1, true);
    for (i = 0; i < patterns->found_count; i++) {
        if (patterns->found[i] < TRIAGE_PATTERN_BITS) {
            return true;
        }
    }
    return false;
}

static void
open_phrase(triage_patterns_t *patterns, const phrase_t *phrase)
{
    add_code(patterns,
             phrase->goes_before ? TRIAGE_SYMBOL_OTHER : TRIAGE_SYMBOL_BLANK);
}

static void
close_phrase(triage_patterns_t *patterns, const phrase_t *phrase, unsigned bit)
{
    if (!phrase->goes_on) {
        add_code(patterns, TRIAGE_SYMBOL_BLANK);
    }
    add_code(patterns, TRIAGE_PATTERN_END);
    patterns->exit[patterns->count - 1] = bit;
}

static void
add_start(triage_patterns_t *patterns, uint32_t start)
{
    uint32_t size = patterns->start_size == 0 ? 256 : patterns->start_size * 2;

    if (patterns->start_count == patterns->start_size) {
        if (!resize(patterns, &patterns->starts, size, sizeof(uint32_t))) {
            return;
        }
        patterns->start_size = size;
    }
    patterns->starts[patterns->start_count++] = start;
}

/* A phrase without (a|b), folded as messages are. */
static bool
add_plain(triage_patterns_t *patterns, const phrase_t *phrase, unsigned bit)
{
    triage_words_t words;
    uint32_t start = patterns->count;
    size_t i;

    triage_words_read(&words, phrase->text);
    if (words.count == 0 || !make_room(patterns, (uint32_t) words.len + 2)) {
        return false;
    }
    open_phrase(patterns, phrase);
    for (i = 1; i + 1 < words.len; i++) {
        add_code(patterns, triage_symbols[(uint8_t) words.folded[i]]);
    }
    close_phrase(patterns, phrase, bit);
    add_start(patterns, start);
    return true;
}

static phrase_t
strip_stars(triage_text_t text)
{
    phrase_t phrase = { triage_text_trim(text), false, false };

    if (phrase.text.len > 0 && phrase.text.data[0] == '*') {
        phrase.goes_before = true;
        phrase.text.data++;
        phrase.text.len--;
    }
    if (phrase.text.len > 0 && phrase.text.data[phrase.text.len - 1] == '*') {
        phrase.goes_on = true;
        phrase.text.len--;
    }
    return phrase;
}

/* The bracket that closes the one at `open`; NULL without one. */
static const char *
find_close(triage_text_t line, const char *open)
{
    const char *at;
    unsigned depth = 0;

    for (at = open; at < line.data + line.len; at++) {
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

/* A star inside, a bracket without another, or of a kind that says nothing:
 * a mistake, not a phrase. */
static bool
has_stray(triage_text_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        if (strchr("*()[]{}|", text.data[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Resolves the first (a|b), and the rest by calling itself. */
static bool
multiply_out(triage_patterns_t *patterns, triage_text_t line, unsigned bit)
{
    const char *open = triage_text_find(line, triage_text("("));
    triage_text_t choices, choice, after;
    char resolved[MAX_LINE];
    const char *close;
    phrase_t phrase;
    size_t before;

    if (open == NULL) {
        phrase = strip_stars(line);
        return !has_stray(phrase.text) && add_plain(patterns, &phrase, bit);
    }
    close = find_close(line, open);
    if (close == NULL) {
        return false;
    }

    before = (size_t) (open - line.data);
    choices = (triage_text_t){ open + 1, (size_t) (close - open - 1) };
    after.data = close + 1;
    after.len = line.len - before - choices.len - 2;
    memcpy(resolved, line.data, before);
    do {
        choice = next_choice(&choices);
        memcpy(resolved + before, choice.data, choice.len);
        memcpy(resolved + before + choice.len, after.data, after.len);
        choice = (triage_text_t){ resolved, before + choice.len + after.len };
        if (!multiply_out(patterns, choice, bit)) {
            return false;
        }
    } while (choices.data != NULL);

    return true;
}

/* Folds letter by letter: nothing in it depends on what stands beside it. */
static bool
is_simple(const phrase_t *phrase)
{
    triage_text_t text = phrase->text;
    size_t i;
    char lower;

    for (i = 0; i < text.len; i++) {
        lower = (char) (text.data[i] | 0x20);
        if ((lower < 'a' || lower > 'z')
            && (text.data[i] < '0' || text.data[i] > '9')
            && text.data[i] != ' ' && !is_structure(text.data[i]))
        {
            return false;
        }
    }
    /* The blank before a last word that is missing is missing too. */
    return !phrase->goes_on
           || triage_text_find(text, triage_text("|)")) == NULL;
}

static bool
add_simple(triage_patterns_t *patterns, const phrase_t *phrase, unsigned bit)
{
    const char *at = phrase->text.data, *end = at + phrase->text.len;
    uint32_t start = patterns->count;

    open_phrase(patterns, phrase);
    while (at < end) {
        at = add_piece(patterns, at, end);
        if (at < end) {
            add_code(patterns, *at == '('   ? TRIAGE_PATTERN_OPEN
                               : *at == '|' ? TRIAGE_PATTERN_OR
                                            : TRIAGE_PATTERN_CLOSE);
            at++;
        }
    }
    close_phrase(patterns, phrase, bit);
    return join_brackets(patterns, start) && !may_be_empty(patterns, start);
}

bool
triage_patterns_add(triage_patterns_t *patterns, triage_text_t line,
                    unsigned bit)
{
    phrase_t phrase = strip_stars(line);
    uint32_t start = patterns->count;

    if (line.len >= MAX_LINE || !make_room(patterns, (uint32_t) line.len + 4))
    {
        return false;
    }
    if (!is_simple(&phrase)) {
        return multiply_out(patterns, line, bit);
    }
    if (!add_simple(patterns, &phrase, bit)) {
        return false;
    }
    if (may_stretch(patterns, start)) {
        patterns->count = start;
        return multiply_out(patterns, line, bit);
    }
    add_start(patterns, start);
    return !patterns->has_failed;
}
