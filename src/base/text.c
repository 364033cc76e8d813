#define _GNU_SOURCE /* memmem */
#include "text.h"

#include <string.h>
#include <strings.h>

triage_text_t
triage_text_of(const char *string)
{
    if (string == NULL) {
        return triage_no_text;
    }

    return (triage_text_t){ string, strlen(string) };
}

bool
triage_text_equal(triage_text_t a, triage_text_t b)
{
    return a.len == b.len
           && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool
triage_text_is(triage_text_t text, const char *string)
{
    return triage_text_equal(text, triage_text_of(string));
}

bool
triage_text_is_nocase(triage_text_t text, const char *string)
{
    return text.len == strlen(string)
           && (text.len == 0 || strncasecmp(text.data, string, text.len) == 0);
}

bool
triage_text_starts(triage_text_t text, triage_text_t prefix)
{
    return text.len >= prefix.len
           && (prefix.len == 0
               || memcmp(text.data, prefix.data, prefix.len) == 0);
}

bool
triage_text_ends(triage_text_t text, triage_text_t suffix)
{
    if (text.len < suffix.len || suffix.len == 0) {
        return suffix.len == 0;
    }

    return memcmp(text.data + text.len - suffix.len, suffix.data, suffix.len)
           == 0;
}

static bool
is_blank(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

triage_text_t
triage_text_trim(triage_text_t text)
{
    while (text.len > 0 && is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }

    while (text.len > 0 && is_blank(text.data[text.len - 1])) {
        text.len--;
    }

    return text;
}

triage_text_t
triage_text_until(triage_text_t *rest, char mark)
{
    triage_text_t part = *rest;
    const char *found =
        rest->len > 0 ? memchr(rest->data, mark, rest->len) : NULL;

    if (found == NULL) {
        *rest = triage_no_text;
        return part;
    }

    part.len = (size_t) (found - part.data);
    rest->data = found + 1;
    rest->len -= part.len + 1;

    return part;
}

const char *
triage_text_find(triage_text_t text, triage_text_t needle)
{
    if (text.len == 0 || needle.len == 0 || needle.len > text.len) {
        return NULL;
    }

    return memmem(text.data, text.len, needle.data, needle.len);
}

bool
triage_text_to_int64(triage_text_t text, int64_t *value)
{
    bool is_negative = false;
    uint64_t number = 0;
    uint64_t limit = INT64_MAX;

    if (text.len > 0 && (text.data[0] == '-' || text.data[0] == '+')) {
        is_negative = text.data[0] == '-';
        limit += is_negative;
        text.data++;
        text.len--;
    }

    if (text.len == 0 || text.len > 19) {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        number = number * 10 + (uint64_t) (text.data[i] - '0');
    }

    if (number > limit) {
        return false;
    }

    *value = is_negative ? (int64_t) (0 - number) : (int64_t) number;

    return true;
}

static bool
is_continuation(const char *data)
{
    return ((unsigned char) *data & 0xC0) == 0x80;
}

unsigned
triage_utf8_length(const char *data, const char *end)
{
    size_t left = (size_t) (end - data);
    unsigned char first, second;

    if (left == 0) {
        return 0;
    }

    first = (unsigned char) data[0];

    if (first < 0x80) {
        return 1;
    }

    if (left < 2 || first < 0xC2 || first > 0xF4 || !is_continuation(data + 1))
    {
        return 0;
    }

    second = (unsigned char) data[1];

    if (first < 0xE0) {
        return 2;
    }

    /* over-long forms, surrogates, beyond U+10FFFF */
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)
        || (first == 0xF0 && second < 0x90)
        || (first == 0xF4 && second > 0x8F))
    {
        return 0;
    }

    if (left < 3 || !is_continuation(data + 2)) {
        return 0;
    }

    if (first < 0xF0) {
        return 3;
    }

    return left >= 4 && is_continuation(data + 3) ? 4 : 0;
}

uint32_t
triage_utf8_next(const char **data, const char *end)
{
    static const unsigned char first_bits[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
    unsigned len = triage_utf8_length(*data, end);
    uint32_t code;

    if (len == 0) {
        (*data)++;
        return 0xFFFD;
    }

    code = (unsigned char) **data & first_bits[len];

    for (unsigned i = 1; i < len; i++) {
        code = code << 6 | ((unsigned char) (*data)[i] & 0x3F);
    }

    *data += len;

    return code;
}

unsigned
triage_utf8_encode(uint32_t code, char out[4])
{
    if (code < 0x80) {
        out[0] = (char) code;
        return 1;
    }

    if (code < 0x800) {
        out[0] = (char) (0xC0 | code >> 6);
        out[1] = (char) (0x80 | (code & 0x3F));
        return 2;
    }

    if (code < 0x10000) {
        out[0] = (char) (0xE0 | code >> 12);
        out[1] = (char) (0x80 | (code >> 6 & 0x3F));
        out[2] = (char) (0x80 | (code & 0x3F));
        return 3;
    }

    out[0] = (char) (0xF0 | code >> 18);
    out[1] = (char) (0x80 | (code >> 12 & 0x3F));
    out[2] = (char) (0x80 | (code >> 6 & 0x3F));
    out[3] = (char) (0x80 | (code & 0x3F));

    return 4;
}
