/*
 * A stand-in is DEL and five digits of six bits: the number of the set, then
 * where the string begins.
 */
#include "json_strings.h"

#include <endian.h>
#include <string.h>

#define MARK '\x7F'
#define STAND_IN 6
#define SHORTEST 8 /* as written, that is worth it */

#define OFFSET_BITS 26
#define FIRST_DIGIT '#'
#define SKIPPED '\\' /* is none of the digits */

_Static_assert(TRIAGE_JSON_STRINGS_MAX < 1 << OFFSET_BITS, "offsets fit");
_Static_assert(TRIAGE_JSON_STRINGS_SETS <= 1 << (30 - OFFSET_BITS),
               "numbers fit");

typedef struct {
    const char *next;
    const char *end;
    char *left;    /* written up to here */
    char *strings; /* likewise */
} taker_t;

static int
hex_digit(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }

    digit = (char) (digit | 0x20);

    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

int
triage_json_unit(const char *data, const char *end)
{
    int code = 0;

    if (end - data < 6 || data[0] != '\\' || data[1] != 'u') {
        return -1;
    }

    for (int i = 2; i < 6; i++) {
        int digit = hex_digit(data[i]);

        if (digit < 0) {
            return -1;
        }
        code = code << 4 | digit;
    }

    return code;
}

static bool
take_unit(taker_t *taker)
{
    int unit = triage_json_unit(taker->next, taker->end);
    uint32_t code = (uint32_t) unit;
    int second;

    if (unit <= 0 || (unit >= 0xDC00 && unit < 0xE000)) {
        return false;
    }
    taker->next += 6;

    if (unit >= 0xD800 && unit < 0xDC00) {
        second = triage_json_unit(taker->next, taker->end);
        if (second < 0xDC00 || second >= 0xE000) {
            return false;
        }
        taker->next += 6;
        code =
            0x10000 + ((code - 0xD800) << 10) + ((uint32_t) second - 0xDC00);
    }

    taker->strings += triage_utf8_encode(code, taker->strings);

    return true;
}

static bool
take_escape(taker_t *taker)
{
    static const char escapes[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
    const char *found;

    if (taker->end - taker->next < 2) {
        return false;
    }

    if (taker->next[1] == 'u') {
        return take_unit(taker);
    }

    for (found = escapes; *found != '\0'; found += 2) {
        if (*found == taker->next[1]) {
            *taker->strings++ = found[1];
            taker->next += 2;
            return true;
        }
    }

    return false;
}

/* Of eight bytes the highest bit of each that does not stand for itself, and
 * perhaps of some that come after one. */
static uint64_t
special_bytes(uint64_t bytes)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
    uint64_t quotes = bytes ^ (ones * '"'), slashes = bytes ^ (ones * '\\');

    return ((bytes - ones * 0x20) | (quotes - ones) | (slashes - ones) | bytes)
           & high;
}

/* The first byte that is a quote, a backslash, a control character or none
 * of ASCII. */
static const char *
end_of_plain(const char *at, const char *end)
{
    uint64_t bytes;

    while (end - at >= 8) {
        memcpy(&bytes, at, sizeof(bytes));
        bytes = special_bytes(le64toh(bytes));
        if (bytes != 0) {
            return at + __builtin_ctzll(bytes) / 8;
        }
        at += 8;
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char) *at >= 0x20
           && (unsigned char) *at < 0x80)
    {
        at++;
    }

    return at;
}

/* Text and room are both longer than what is copied, nearly always. */
static char *
copy(char *to, const char *from, size_t len, const char *end)
{
    if ((size_t) (end - from) < len + 8) {
        memcpy(to, from, len);
        return to + len;
    }

    for (size_t i = 0; i < len; i += 8) {
        memcpy(to + i, from + i, 8);
    }

    return to + len;
}

static void
take_plain(taker_t *taker)
{
    const char *from = taker->next;

    taker->next = end_of_plain(from, taker->end);
    taker->strings =
        copy(taker->strings, from, (size_t) (taker->next - from), taker->end);
}

/* Up to the quote that ends it; false when it is no string. */
static bool
take_string(taker_t *taker)
{
    unsigned len;

    for (;;) {
        take_plain(taker);

        len = triage_utf8_length(taker->next, taker->end);
        if (len == 0 || (unsigned char) *taker->next < 0x20) {
            return false;
        }
        if (*taker->next == '"') {
            *taker->strings++ = '\0';
            return true;
        }
        if (*taker->next == '\\') {
            if (!take_escape(taker)) {
                return false;
            }
            continue;
        }

        memcpy(taker->strings, taker->next, len);
        taker->strings += len;
        taker->next += len;
    }
}

/* Is what ends in front of `at` a member's name? */
static bool
is_name(const char *at, const char *end)
{
    while (at < end
           && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r')) {
        at++;
    }

    return at < end && *at == ':';
}

/* As written: is it long, or could it pass for a stand-in? */
static bool
is_taken(const char *start, const char *end)
{
    const triage_text_t escaped = TRIAGE_TEXT("\\u007");
    const char *at = start;

    while (at < end && *at != '"' && at - start < SHORTEST) {
        at += *at == '\\' ? 2 : 1;
    }
    if (at >= end || at - start >= SHORTEST) {
        return true;
    }

    return at - start >= STAND_IN
           && (*start == MARK
               || triage_text_starts(
                   (triage_text_t){ start, (size_t) (at - start) }, escaped));
}

static void
leave_stand_in(taker_t *taker, unsigned number, size_t offset)
{
    uint32_t bits = number << OFFSET_BITS | (uint32_t) offset;

    *taker->left++ = MARK;
    for (int shift = 24; shift >= 0; shift -= 6) {
        char digit = (char) (FIRST_DIGIT + (bits >> shift & 63));

        *taker->left++ = (char) (digit + (digit >= SKIPPED));
    }
}

static void
leave(taker_t *taker, const char *from)
{
    taker->left =
        copy(taker->left, from, (size_t) (taker->next - from), taker->end);
}

static void
stand_in(taker_t *taker, const triage_json_strings_t *strings,
         const char *taken)
{
    leave_stand_in(taker, strings->number,
                   (size_t) (taken - strings->strings));
}

/* Nearly every string; `end` is its last quote. */
static void
plain_string(taker_t *taker, const triage_json_strings_t *strings,
             const char *end)
{
    const char *start = taker->next;
    char *taken = taker->strings;
    bool is_long = end - start >= SHORTEST;

    taker->next = end;
    if ((!is_long && (end - start != STAND_IN || *start != MARK))
        || is_name(end + 1, taker->end))
    {
        leave(taker, start);
        return;
    }

    taker->strings = copy(taken, start, (size_t) (end - start), taker->end);
    *taker->strings++ = '\0';
    stand_in(taker, strings, taken);
}

static bool
other_string(taker_t *taker, const triage_json_strings_t *strings)
{
    const char *start = taker->next;
    char *taken = taker->strings;

    if (!is_taken(start, taker->end)) {
        while (*taker->next != '"') {
            taker->next += *taker->next == '\\' ? 2 : 1;
        }
        leave(taker, start);
        return true;
    }

    if (!take_string(taker)) {
        return false;
    }

    if (is_name(taker->next + 1, taker->end)) {
        taker->strings = taken;
        leave(taker, start);
    } else {
        stand_in(taker, strings, taken);
    }

    return true;
}

/* Behind its first quote; up to its last one. */
static bool
take_or_leave(taker_t *taker, const triage_json_strings_t *strings)
{
    const char *end = end_of_plain(taker->next, taker->end);

    if (end == taker->end || *end != '"') {
        return other_string(taker, strings);
    }

    plain_string(taker, strings, end);

    return true;
}

bool
triage_json_strings_take(triage_json_strings_t *strings, triage_text_t text,
                         char *room)
{
    taker_t taker = { text.data, text.data + text.len, room + text.len + 8,
                      room };

    if (text.len > TRIAGE_JSON_STRINGS_MAX) {
        return false;
    }

    strings->strings = room;
    strings->left.data = taker.left;

    while (taker.next < taker.end) {
        char byte = *taker.next++;

        *taker.left++ = byte;
        if (byte != '"') {
            continue;
        }
        if (!take_or_leave(&taker, strings)) {
            return false;
        }
        *taker.left++ = *taker.next++;
    }

    strings->left.len = (size_t) (taker.left - strings->left.data);

    return true;
}

static uint32_t
bits_of(triage_text_t stand_in)
{
    uint32_t bits = 0;

    for (size_t i = 1; i < STAND_IN; i++) {
        char digit = stand_in.data[i];

        bits =
            bits << 6 | (uint32_t) (digit - (digit > SKIPPED) - FIRST_DIGIT);
    }

    return bits;
}

int
triage_json_strings_set(triage_text_t string)
{
    return string.len == STAND_IN && string.data[0] == MARK
               ? (int) (bits_of(string) >> OFFSET_BITS)
               : -1;
}

triage_text_t
triage_json_strings_get(const triage_json_strings_t *strings,
                        triage_text_t stand_in)
{
    uint32_t offset = bits_of(stand_in) & ((1u << OFFSET_BITS) - 1);

    return triage_text_of(strings->strings + offset);
}
