#include "../../src/base/text.h"
#include "tap.h"

#include <string.h>

static void
compares(void)
{
    ok(triage_text_equal(triage_no_text, triage_text("")),
       "an absent text and an empty one have the same bytes");
    ok(!triage_text_equal(triage_text("a"), triage_text("b")),
       "other bytes are not equal");
    ok(!triage_text_equal(triage_text("a"), triage_text("ab")),
       "a prefix is not equal");
    ok(triage_text_equal(triage_text("a\0b"), triage_text("a\0b"))
           && !triage_text_equal(triage_text("a\0b"), triage_text("a\0c")),
       "a NUL does not end a text");
    ok(triage_text_is(triage_text("page"), "page"), "a text is a string");
    ok(triage_text_of(NULL).data == NULL, "no string is no text");
    ok(triage_text_is_nocase(triage_text("X-Hub"), "x-hUB"),
       "letters compare without case where asked");
    ok(!triage_text_is_nocase(triage_text("X-Hub"), "x-hu"),
       "and only over the whole length");
    ok(triage_text_is_nocase(triage_no_text, ""), "nothing is nothing");
}

static void
starts_and_ends(void)
{
    triage_text_t text = triage_text("sha256=abc");

    ok(triage_text_starts(text, triage_text("sha256=")), "starts with");
    ok(!triage_text_starts(triage_text("sha"), text), "too short to start");
    ok(triage_text_starts(text, triage_no_text), "starts with nothing");
    ok(triage_text_ends(text, triage_text("=abc")), "ends with");
    ok(!triage_text_ends(text, triage_text("abd")), "ends with another");
    ok(!triage_text_ends(triage_text("c"), triage_text("abc")),
       "too short to end");
    ok(triage_text_ends(triage_no_text, triage_no_text),
       "nothing ends with nothing");
}

static void
cuts(void)
{
    triage_text_t rest = triage_text("a=b=c");

    ok(triage_text_is(triage_text_until(&rest, '='), "a")
           && triage_text_is(rest, "b=c"),
       "the part before the first mark, and the rest");
    rest = triage_text("a=");
    triage_text_until(&rest, '=');
    ok(rest.data != NULL && rest.len == 0,
       "a mark at the end leaves an empty rest");
    rest = triage_text("abc");
    ok(triage_text_is(triage_text_until(&rest, '='), "abc")
           && rest.data == NULL,
       "without a mark there is no rest");
    rest = triage_no_text;
    ok(triage_text_until(&rest, '=').data == NULL, "no text has no parts");

    ok(triage_text_is(triage_text_trim(triage_text(" \t\r\na b\n ")), "a b"),
       "blanks at both sides are trimmed");
    ok(triage_text_trim(triage_text(" \n")).len == 0, "blanks alone vanish");
}

static void
finds(void)
{
    triage_text_t text = triage_text("never mind");

    ok(triage_text_find(text, triage_text("mind")) == text.data + 6,
       "finds a part");
    ok(triage_text_find(text, triage_text("minds")) == NULL,
       "not what is not there");
    ok(triage_text_find(text, triage_no_text) == NULL, "nor nothing");
    ok(triage_text_find(triage_no_text, text) == NULL, "nor in nothing");
}

static bool
reads(const char *digits, int64_t expected)
{
    int64_t value = 42;

    return triage_text_to_int64(triage_text_of(digits), &value)
           && value == expected;
}

static bool
refuses(const char *digits)
{
    int64_t value;

    return !triage_text_to_int64(triage_text_of(digits), &value);
}

static void
numbers(void)
{
    ok(reads("0", 0) && reads("-0", 0) && reads("+7", 7) && reads("-7", -7),
       "small numbers");
    ok(reads("9223372036854775807", INT64_MAX), "the greatest");
    ok(reads("-9223372036854775808", INT64_MIN), "the least");
    ok(refuses("9223372036854775808"), "one more than the greatest");
    ok(refuses("-9223372036854775809"), "one less than the least");
    ok(refuses("18446744073709551616"), "20 digits");
    ok(refuses("") && refuses("-") && refuses("+") && refuses("1a")
           && refuses(" 1") && refuses("1.0") && refuses("--1"),
       "what is no number");
}

static unsigned
length_of(const char *bytes)
{
    return triage_utf8_length(bytes, bytes + strlen(bytes));
}

static void
utf8_lengths(void)
{
    const char nul = '\0';

    ok(length_of("a") == 1 && length_of("\xC3\xA9") == 2
           && length_of("\xE2\x82\xAC") == 3
           && length_of("\xF0\x9F\x98\x80") == 4,
       "characters of 1 to 4 bytes");
    ok(triage_utf8_length(&nul, &nul + 1) == 1, "NUL is a character");
    ok(triage_utf8_length(&nul, &nul) == 0, "nothing is none");
    ok(length_of("\x80") == 0 && length_of("\xFF") == 0,
       "bytes that start no character");
    ok(length_of("\xC0\x80") == 0 && length_of("\xC1\xBF") == 0
           && length_of("\xE0\x9F\xBF") == 0
           && length_of("\xF0\x8F\xBF\xBF") == 0,
       "over-long forms");
    ok(length_of("\xED\xA0\x80") == 0, "a surrogate");
    ok(length_of("\xF4\x90\x80\x80") == 0
           && length_of("\xF5\x80\x80\x80") == 0,
       "beyond U+10FFFF");
    ok(length_of("\xC3") == 0 && length_of("\xE2\x82") == 0
           && length_of("\xF0\x9F\x98") == 0,
       "a character that is cut short");
    ok(length_of("\xE2(\xAC") == 0, "a wrong continuation");
}

static bool
survives(uint32_t code)
{
    char bytes[4];
    unsigned len = triage_utf8_encode(code, bytes);
    const char *next = bytes;

    return triage_utf8_length(bytes, bytes + len) == len
           && triage_utf8_next(&next, bytes + len) == code
           && next == bytes + len;
}

static void
utf8_codes(void)
{
    const char *bad = "\xFFz";
    bool all = true;

    for (uint32_t code = 0; code < 0x110000; code++) {
        if (code >= 0xD800 && code < 0xE000) {
            continue;
        }
        all = all && survives(code);
    }

    ok(all, "every character survives encoding and decoding");
    ok(triage_utf8_next(&bad, bad + 2) == 0xFFFD && *bad == 'z',
       "a byte that is no UTF-8 is one U+FFFD");
}

int
main(void)
{
    compares();
    starts_and_ends();
    cuts();
    finds();
    numbers();
    utf8_lengths();
    utf8_codes();

    return done_testing();
}
