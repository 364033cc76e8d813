/*
 * Folds a text in one pass: a step a character, a finish a word.
 */
#include "words.h"

#include <string.h>

typedef struct {
    triage_words_t *words;
    const char *at;
    const char *end;
    size_t word_start; /* in the folded text */
    uint32_t hash;     /* of the word so far */
    unsigned letters;  /* of the word so far */
    unsigned capitals;
    unsigned digits;
    unsigned run; /* how often the last letter was repeated */
    char last;
    bool has_amount_sign; /* a currency sign just before or after */
} reader_t;

/* What follows an apostrophe inside an English word: closed up, where other
 * languages start a new word (l'avion). */
static const char *const contractions[] = { "t",  "s", "re", "ll",
                                            "ve", "d", "m",  NULL };

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_letter(char c)
{
    char lower = (char) (c | 0x20);

    return lower >= 'a' && lower <= 'z';
}

static bool
is_word_byte(char c)
{
    return is_letter(c) || is_digit(c) || ((unsigned char) c) >= 0x80;
}

static char
peek(const reader_t *reader, size_t ahead)
{
    if (ahead >= (size_t) (reader->end - reader->at)) {
        return '\0';
    }
    return reader->at[ahead];
}

static bool
has_room(const triage_words_t *words, size_t size)
{
    return words->len + size + 4 < TRIAGE_WORDS_SIZE;
}

static void
append(triage_words_t *words, const char *data, size_t len)
{
    if (has_room(words, len)) {
        memcpy(words->folded + words->len, data, len);
        words->len += len;
    }
}

/* Of a word. */
static void
append_byte(reader_t *reader, char byte)
{
    triage_words_t *words = reader->words;

    if (has_room(words, 1)) {
        words->folded[words->len++] = byte;
        reader->hash = (reader->hash ^ (uint8_t) byte) * TRIAGE_WORDS_PRIME;
    }
}

static bool
is_in_word(const reader_t *reader)
{
    return reader->words->len > reader->word_start;
}

static void
start_word(reader_t *reader)
{
    reader->word_start = reader->words->len;
    reader->hash = TRIAGE_WORDS_SEED;
    reader->letters = 0;
    reader->capitals = 0;
    reader->digits = 0;
    reader->run = 0;
    reader->last = '\0';
}

static void
count_word_shapes(reader_t *reader)
{
    triage_shapes_t *shapes = &reader->words->shapes;

    if (reader->letters >= 3 && reader->capitals == reader->letters
        && reader->digits == 0)
    {
        shapes->capitals++;
    }
    if (reader->digits >= 8
        || (reader->digits >= 2 && reader->letters >= 1
            && reader->capitals == reader->letters
            && reader->digits + reader->letters >= 4))
    {
        shapes->references++;
    }
    if (reader->has_amount_sign && reader->digits > 0) {
        shapes->amounts++;
        reader->has_amount_sign = false;
    }
}

static void
finish_word(reader_t *reader)
{
    triage_words_t *words = reader->words;

    if (!is_in_word(reader)) {
        return;
    }

    count_word_shapes(reader);
    if (words->count < TRIAGE_WORDS_MAX) {
        words->words[words->count].start = (uint16_t) reader->word_start;
        words->words[words->count].len =
            (uint16_t) (words->len - reader->word_start);
        words->words[words->count].hash = reader->hash;
        words->count++;
    }
    append(words, " ", 1);
    start_word(reader);
}

/* One mark for any number of stops. */
static void
finish_sentence(reader_t *reader)
{
    triage_words_t *words = reader->words;

    finish_word(reader);
    if (words->len >= 2 && words->folded[words->len - 2] != '.'
        && words->count > 0)
    {
        append(words, ". ", 2);
    }
    start_word(reader);
}

/* A word that stands for what is not kept. */
static void
add_sign(reader_t *reader, char sign)
{
    finish_word(reader);
    append_byte(reader, sign);
    finish_word(reader);
}

static void
add_letter(reader_t *reader, char letter)
{
    if (letter == reader->last) {
        reader->run++;
        if (reader->run == 2) {
            reader->words->shapes.stretched++;
        }
        if (reader->run >= 2) {
            return;
        }
    } else {
        reader->last = letter;
        reader->run = 0;
    }

    reader->letters++;
    reader->words->shapes.characters++;
    append_byte(reader, letter);
}

static size_t
length_of_link(const reader_t *reader)
{
    triage_text_t rest = { reader->at, (size_t) (reader->end - reader->at) };
    size_t len;

    if (*rest.data != 'h' && *rest.data != 'w') {
        return 0; /* nearly every word */
    }
    if (!triage_text_starts(rest, triage_text("http://"))
        && !triage_text_starts(rest, triage_text("https://"))
        && !triage_text_starts(rest, triage_text("www.")))
    {
        return 0;
    }
    for (len = 4; len < rest.len; len++) {
        if (rest.data[len] <= ' ' && rest.data[len] >= 0) {
            break;
        }
    }
    return len;
}

static void
read_handle(reader_t *reader)
{
    triage_words_t *words = reader->words;
    size_t len = 1;

    while (is_letter(peek(reader, len)) || is_digit(peek(reader, len))
           || peek(reader, len) == '_')
    {
        len++;
    }
    reader->at += len;
    if (len == 1) {
        finish_word(reader);
        return;
    }
    finish_word(reader);
    if (words->count == 0) {
        words->shapes.starts_with_handle = true;
    }
    words->shapes.handles++;
    add_sign(reader, '@');
}

/* 10:30, 24.12., 1,000.00: what stands between two digits. */
static void
read_separator(reader_t *reader, char separator)
{
    triage_shapes_t *shapes = &reader->words->shapes;

    if (separator == ':' && reader->digits <= 2) {
        shapes->clock_times++;
    } else if (separator == '/'
               || (separator == '.' && reader->digits <= 2
                   && (peek(reader, 2) == '.' || peek(reader, 3) == '.')))
    {
        shapes->dates++;
    }

    if (separator == '/') {
        finish_word(reader);
        return;
    }
    append_byte(reader, separator);
    reader->digits = 0;
    reader->last = '\0';
}

static void
read_digit(reader_t *reader)
{
    triage_words_t *words = reader->words;
    char after = (char) (peek(reader, 1) | 0x20);

    append_byte(reader, '0');
    reader->last = '\0';
    reader->digits++;
    words->shapes.digits++;
    words->shapes.characters++;
    if ((after == 'a' || after == 'p') && (peek(reader, 2) | 0x20) == 'm'
        && !is_word_byte(peek(reader, 3)))
    {
        words->shapes.clock_times++;
    }
}

static bool
closes_up(const reader_t *reader, size_t skip)
{
    size_t i, len;

    for (i = 0; contractions[i] != NULL; i++) {
        len = strlen(contractions[i]);
        if ((size_t) (reader->end - reader->at) < skip + len
            || is_word_byte(peek(reader, skip + len)))
        {
            continue;
        }
        if (triage_text_is_nocase((triage_text_t){ reader->at + skip, len },
                                  contractions[i]))
        {
            return true;
        }
    }
    return false;
}

static void
read_apostrophe(reader_t *reader, size_t len)
{
    if (is_in_word(reader) && closes_up(reader, len)) {
        return;
    }
    finish_word(reader);
}

static void
read_currency(reader_t *reader)
{
    triage_words_t *words = reader->words;

    /* "20€" and "20 €", but the sign of "$20" belongs to what follows. */
    if (reader->digits > 0
        || (words->len >= 2 && words->folded[words->len - 2] == '0'
            && !is_digit(peek(reader, 1))))
    {
        words->shapes.amounts++;
        finish_word(reader);
        return;
    }
    finish_word(reader);
    reader->has_amount_sign = true;
}

static void
read_ascii(reader_t *reader, char c)
{
    triage_shapes_t *shapes = &reader->words->shapes;

    switch (c) {
    case '\'':
        read_apostrophe(reader, 1);
        break;
    case '!':
        shapes->exclamations++;
        finish_sentence(reader);
        break;
    case '?':
        shapes->questions++;
        finish_sentence(reader);
        break;
    case '.':
    case ':':
    case ',':
    case '/':
        if (reader->digits > 0 && is_digit(peek(reader, 1))) {
            read_separator(reader, c);
        } else if (c == '.' && !is_word_byte(peek(reader, 1))) {
            finish_sentence(reader);
        } else {
            finish_word(reader);
        }
        break;
    case ';':
    case '\n':
        finish_sentence(reader);
        break;
    case '#':
        finish_word(reader);
        if (is_digit(peek(reader, 1)) && is_digit(peek(reader, 2))
            && is_digit(peek(reader, 3)))
        {
            shapes->references++;
        } else if (is_letter(peek(reader, 1))) {
            shapes->hashtags++;
        }
        break;
    case '$':
        read_currency(reader);
        break;
    default:
        finish_word(reader);
    }
}

static void
read_latin(reader_t *reader, uint32_t code)
{
    const char *letters = triage_latin[code - TRIAGE_LATIN_FIRST];
    /* Upper and lower case are 0x20 apart up to U+00FF and neighbours
     * behind it; capitals with marks need be right only roughly. */
    bool is_capital = code < 0xE0 || (code >= 0x100 && (code & 1) == 0);

    if (letters[0] == ' ') {
        finish_word(reader);
        return;
    }
    if (is_capital && code != 0xDF) {
        reader->capitals++;
    }
    add_letter(reader, letters[0]);
    if (letters[1] != '\0') {
        reader->last = '\0';
        append_byte(reader, letters[1]);
    }
}

static void
add_character(reader_t *reader, uint32_t code)
{
    char bytes[4];
    unsigned len = triage_utf8_encode(triage_lower(code), bytes), i;

    reader->letters++;
    reader->last = '\0';
    reader->words->shapes.characters++;
    for (i = 0; i < len && has_room(reader->words, len - i); i++) {
        append_byte(reader, bytes[i]);
    }
}

static void
read_emoji(reader_t *reader, uint32_t code)
{
    triage_shapes_t *shapes = &reader->words->shapes;

    shapes->emoji[triage_emoji_of(code)]++;
    finish_word(reader);
    add_character(reader, code);
    shapes->characters--;
    finish_word(reader);
}

static void
read_wide(reader_t *reader, uint32_t code, size_t len)
{
    switch (triage_character_of(code)) {
    case TRIAGE_CHARACTER_LATIN:
        read_latin(reader, code);
        return;
    case TRIAGE_CHARACTER_LETTER:
        add_character(reader, code);
        return;
    case TRIAGE_CHARACTER_MARK:
        return; /* of the letter before it */
    case TRIAGE_CHARACTER_APOSTROPHE:
        read_apostrophe(reader, len);
        return;
    case TRIAGE_CHARACTER_CURRENCY:
        read_currency(reader);
        return;
    case TRIAGE_CHARACTER_STOP:
        finish_sentence(reader);
        return;
    case TRIAGE_CHARACTER_EMOJI:
        read_emoji(reader, code);
        return;
    case TRIAGE_CHARACTER_BLANK:
        finish_word(reader);
        return;
    }
}

static void
read_multibyte(reader_t *reader)
{
    unsigned len = triage_utf8_length(reader->at, reader->end);
    const char *at = reader->at;

    if (len == 0) {
        finish_word(reader);
        reader->at++;
        return;
    }
    read_wide(reader, triage_utf8_next(&at, reader->end), len);
    reader->at += len;
}

static size_t
room_of(const triage_words_t *words)
{
    return words->len + 5 < TRIAGE_WORDS_SIZE
               ? TRIAGE_WORDS_SIZE - 5 - words->len
               : 0;
}

/* What add_letter does, for all letters up to `end` at once: there is room
 * for them. */
static void
add_letters(reader_t *reader, const char *end)
{
    triage_words_t *words = reader->words;
    char *start = words->folded + words->len, *out = start;
    uint32_t hash = reader->hash;
    unsigned run = reader->run, capitals = 0;
    char last = reader->last, letter;
    const char *at;

    for (at = reader->at; at < end && is_letter(*at); at++) {
        letter = (char) (*at | 0x20);
        capitals += *at < 'a';
        run = letter == last ? run + 1 : 0;
        last = letter;
        if (run >= 2) {
            words->shapes.stretched += run == 2;
            continue;
        }
        *out++ = letter;
        hash = (hash ^ (uint8_t) letter) * TRIAGE_WORDS_PRIME;
    }

    reader->at = at;
    reader->hash = hash;
    reader->run = run;
    reader->last = last;
    reader->capitals += capitals;
    reader->letters += (unsigned) (out - start);
    words->shapes.characters += (unsigned) (out - start);
    words->len += (size_t) (out - start);
}

/* Up to what is no plain letter; only at the start of a word may a link be. */
static void
read_letters(reader_t *reader)
{
    size_t link = is_in_word(reader) ? 0 : length_of_link(reader);
    size_t left = (size_t) (reader->end - reader->at);
    size_t room = room_of(reader->words);

    if (link > 0) {
        reader->at += link;
        reader->words->shapes.links++;
        add_sign(reader, '~');
        return;
    }
    if (room > 0) {
        add_letters(reader, reader->at + (left < room ? left : room));
        return;
    }
    reader->capitals += *reader->at < 'a';
    add_letter(reader, (char) (*reader->at | 0x20));
    reader->at++;
}

static void
read_character(reader_t *reader)
{
    char c = *reader->at;

    if (is_letter(c)) {
        read_letters(reader);
        return;
    }
    if (((unsigned char) c) >= 0x80) {
        read_multibyte(reader);
        return;
    }
    if (c == '@') {
        read_handle(reader);
        return;
    }
    if (is_digit(c)) {
        read_digit(reader);
    } else {
        read_ascii(reader, c);
    }
    reader->at++;
}

void
triage_words_read(triage_words_t *words, triage_text_t text)
{
    reader_t reader;

    words->len = 0;
    words->count = 0;
    memset(&words->shapes, 0, sizeof(words->shapes));
    memset(&reader, 0, sizeof(reader));
    append(words, " ", 1);

    reader.words = words;
    reader.at = text.data;
    reader.end = text.data;
    if (text.len > 0) {
        reader.end +=
            text.len < TRIAGE_WORDS_READ ? text.len : TRIAGE_WORDS_READ;
    }
    start_word(&reader);
    while (reader.at < reader.end) {
        read_character(&reader);
    }
    finish_word(&reader);
}
