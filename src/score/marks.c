/*
 * From the folded text back to the written one.  Folding is fast because it
 * does not remember where a letter came from; here it is found out by
 * folding again: blanks never join words, so each run between two of them
 * has its own folded words, and the least start of a run whose folded form
 * is long enough ends with the letter that is looked for.
 */
#include "marks.h"

#include <string.h>

#include "features.h"
#include "phrases.h"
#include "words.h"

#define MARKS_MAX 512

/* A run of a text without a blank in it. */
typedef struct {
    uint16_t start, len;
} run_t;

typedef struct {
    triage_text_t text;
    triage_words_t words;
    run_t runs[TRIAGE_WORDS_MAX];      /* of each word */
    uint16_t folded[TRIAGE_WORDS_MAX]; /* where it begins in its run's */
    size_t placed;                     /* so many words are known */
    triage_words_t scratch;
} reading_t;

typedef struct {
    size_t start, end; /* bytes of the text */
    triage_text_t prefix, name;
} mark_t;

typedef struct {
    mark_t rows[MARKS_MAX];
    size_t count;
} marks_t;

static bool
is_blank(char c)
{
    return ((unsigned char) c) <= ' ';
}

static const triage_words_t *
fold(reading_t *reading, size_t start, size_t len)
{
    triage_words_read(&reading->scratch,
                      (triage_text_t){ reading->text.data + start, len });
    return &reading->scratch;
}

static bool
is_same_word(const triage_words_t *a, size_t i, const triage_words_t *b,
             size_t j)
{
    return i < a->count && a->words[i].len == b->words[j].len
           && memcmp(a->folded + a->words[i].start,
                     b->folded + b->words[j].start, a->words[i].len)
                  == 0;
}

/* False when the run does not read as it does in the whole text. */
static bool
place_run(reading_t *reading, run_t run)
{
    const triage_words_t *part = fold(reading, run.start, run.len);
    size_t i;

    for (i = 0; i < part->count; i++) {
        if (!is_same_word(&reading->words, reading->placed, part, i)) {
            return false;
        }
        reading->runs[reading->placed] = run;
        reading->folded[reading->placed] = part->words[i].start;
        reading->placed++;
    }

    return true;
}

static void
place_words(reading_t *reading)
{
    triage_text_t text = reading->text;
    size_t at = 0, start;
    bool is_known = true;

    reading->placed = 0;
    while (at < text.len && is_known) {
        while (at < text.len && is_blank(text.data[at])) {
            at++;
        }
        start = at;
        while (at < text.len && !is_blank(text.data[at])) {
            at++;
        }
        is_known = place_run(
            reading, (run_t){ (uint16_t) start, (uint16_t) (at - start) });
    }
}

/* Bytes of the folded start of a run, without the blank or the end of a
 * sentence behind it: what is cut off may go on there. */
static size_t
folded_length(reading_t *reading, size_t start, size_t len)
{
    const triage_words_t *words = fold(reading, start, len);
    size_t end = words->len;

    while (end > 0
           && (words->folded[end - 1] == ' ' || words->folded[end - 1] == '.'))
    {
        end--;
    }

    return end;
}

static size_t
back_to_character(triage_text_t text, size_t at)
{
    while (at > 0 && at < text.len
           && (((unsigned char) text.data[at]) & 0xC0) == 0x80)
    {
        at--;
    }

    return at;
}

/* Where the letter begins that became a byte of a word, in the text. */
static size_t
find_letter(reading_t *reading, size_t word, size_t byte)
{
    run_t run = reading->runs[word];
    size_t wanted =
        byte - reading->words.words[word].start + reading->folded[word];
    size_t low = 1, high = run.len, middle;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (folded_length(reading, run.start, middle) > wanted) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }

    return back_to_character(reading->text, run.start + low - 1);
}

/* Letters of scripts that part words with blanks, and digits. */
static bool
goes_on(triage_text_t text, size_t at)
{
    const char *data = text.data + at;
    const char *end = text.data + text.len;
    uint32_t code;

    if (at >= text.len || triage_utf8_length(data, end) == 0) {
        return false;
    }

    code = triage_utf8_next(&data, end);

    return (code >= '0' && code <= '9')
           || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z')
           || (code >= 0xC0 && code < 0x590 && code != 0xD7 && code != 0xF7);
}

static size_t
next_character(triage_text_t text, size_t at)
{
    unsigned len = triage_utf8_length(text.data + at, text.data + text.len);

    return at + (len == 0 ? 1 : len);
}

/* The words of a hit as they were written, to their ends. */
static void
keep_mark(reading_t *reading, marks_t *marks, size_t first, size_t start,
          size_t last, size_t end, const char *prefix, triage_text_t name)
{
    triage_text_t text = reading->text;
    size_t from = find_letter(reading, first, start);
    size_t to = next_character(text, find_letter(reading, last, end - 1));

    while (from > reading->runs[first].start
           && goes_on(text, back_to_character(text, from - 1)))
    {
        from = back_to_character(text, from - 1);
    }
    while (goes_on(text, to)) {
        to = next_character(text, to);
    }

    if (marks->count < MARKS_MAX && from < to) {
        marks->rows[marks->count++] =
            (mark_t){ from, to, triage_text_of(prefix), name };
    }
}

static void
mark_words(reading_t *reading, marks_t *marks)
{
    const triage_words_t *words = &reading->words;
    size_t i;

    for (i = 0; i < reading->placed; i++) {
        triage_word_t word = words->words[i];

        keep_mark(
            reading, marks, i, word.start, i, (size_t) word.start + word.len,
            "word:", (triage_text_t){ words->folded + word.start, word.len });
    }
}

/* The words that a hit is in, and as much of them as it is. */
static void
mark_place(reading_t *reading, marks_t *marks, const triage_place_t *place)
{
    const triage_words_t *words = &reading->words;
    size_t first = 0, last, start, end;

    while (first < reading->placed
           && words->words[first].start + words->words[first].len
                  <= place->start)
    {
        first++;
    }

    last = first;
    while (last + 1 < reading->placed
           && words->words[last + 1].start < place->end) {
        last++;
    }

    if (first >= reading->placed || words->words[first].start >= place->end) {
        return;
    }

    start = words->words[first].start;
    start = place->start > start ? place->start : start;
    end = (size_t) words->words[last].start + words->words[last].len;
    end = place->end < end ? place->end : end;
    keep_mark(reading, marks, first, start, last, end, "",
              triage_text_of(triage_signals[place->signal].name));
}

static size_t
units(triage_text_t text, size_t from, size_t to)
{
    const char *at = text.data + from;
    size_t count = 0;

    while (at < text.data + to) {
        if (triage_utf8_length(at, text.data + text.len) == 0) {
            at++;
            count++;
        } else {
            count +=
                triage_utf8_next(&at, text.data + text.len) > 0xFFFF ? 2 : 1;
        }
    }

    return count;
}

static void
write_mark(const reading_t *reading, const mark_t *mark,
           triage_writer_t *writer)
{
    char name[128];
    size_t len = mark->prefix.len + mark->name.len;

    if (len > sizeof(name)) {
        return;
    }
    memcpy(name, mark->prefix.data, mark->prefix.len);
    memcpy(name + mark->prefix.len, mark->name.data, mark->name.len);

    triage_write_open(writer, '{');
    triage_write_name(writer, "start");
    triage_write_number(writer,
                        (int64_t) units(reading->text, 0, mark->start));
    triage_write_name(writer, "length");
    triage_write_number(
        writer, (int64_t) units(reading->text, mark->start, mark->end));
    triage_write_name(writer, "signal");
    triage_write_text(writer, (triage_text_t){ name, len });
    triage_write_close(writer, '}');
}

void
triage_marks_write(const triage_scorer_t *scorer, triage_text_t text,
                   triage_writer_t *writer)
{
    reading_t reading = { .text = triage_no_text };
    triage_places_t places;
    marks_t marks = { .count = 0 };
    size_t i;

    if (text.len > TRIAGE_WORDS_READ) {
        text.len = TRIAGE_WORDS_READ;
    }
    reading.text = text;
    triage_words_read(&reading.words, text);
    place_words(&reading);

    triage_phrases_place(triage_scorer_phrases(scorer), &reading.words,
                         triage_no_text, &places);
    for (i = 0; i < places.count; i++) {
        mark_place(&reading, &marks, &places.rows[i]);
    }
    mark_words(&reading, &marks);

    triage_write_open(writer, '[');
    for (i = 0; i < marks.count; i++) {
        write_mark(&reading, &marks.rows[i], writer);
    }
    triage_write_close(writer, ']');
}
