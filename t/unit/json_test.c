#include "../../src/base/json.h"
#include "tap.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static triage_heap_t heap;
static triage_arena_t arena;

/* The text of the only element of an array, copied. */
static triage_text_t
text_in(triage_text_t json)
{
    const char *why;
    triage_json_t *document = triage_json_open(json, &why);
    triage_text_t text =
        triage_json_text(triage_json_item(document, 0), &arena);

    triage_json_close(document);

    return text;
}

#define reads(json, expected)                                                 \
    triage_text_equal(text_in(triage_text(json)), triage_text(expected))

static bool
fails_with(triage_text_t json, const char *reason)
{
    const char *why = NULL;
    triage_json_t *document = triage_json_open(json, &why);

    if (document != NULL) {
        triage_json_close(document);
        return false;
    }

    if (strcmp(why, reason) != 0) {
        printf("# %s\n", why);
    }

    return strcmp(why, reason) == 0;
}

static void
reads_texts(void)
{
    ok(reads("[\"a\"]", "a"), "a string");
    ok(reads("\xEF\xBB\xBF[\"a\"]", "a"), "behind a BOM");
    ok(reads("[42]", "42")
           && reads("[-9223372036854775808]", "-9223372036854775808"),
       "an integer, as an id may be one");
    ok(text_in(triage_text("[1.5]")).data == NULL
           && text_in(triage_text("[true]")).data == NULL
           && text_in(triage_text("[null]")).data == NULL
           && text_in(triage_text("[{}]")).data == NULL
           && text_in(triage_text("[]")).data == NULL,
       "what is neither is no text");
    ok(reads("[\"\"]", "") && text_in(triage_text("[\"\"]")).data != NULL,
       "an empty string is an empty text");
}

static void
mends(void)
{
    ok(reads("[\"a\\u0000b\"]", "a\xEF\xBF\xBD"
                                "b"),
       "an escaped NUL becomes U+FFFD");
    ok(reads("[\"\\ud83d x\"]", "\xEF\xBF\xBD x")
           && reads("[\"\\ude00 x\"]", "\xEF\xBF\xBD x")
           && reads("[\"\\ud83d\\ud83d\\ude00\"]", "\xEF\xBF\xBD😀")
           && reads("[\"\\ud83d\"]", "\xEF\xBF\xBD"),
       "so does each lone surrogate");
    ok(reads("[\"\\uD83D\\uDE00\"]", "😀"), "a pair is a character");
    ok(reads("[\"a\xFFz\"]", "a\xEF\xBF\xBDz")
           && reads("[\"\xC3\"]", "\xEF\xBF\xBD")
           && reads("[\"\xED\xA0\x80\"]",
                    "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"),
       "so do bytes that are no UTF-8");
    ok(reads("[\"a\nb\tc\0d\"]", "a\nb\tc\xEF\xBF\xBD"
                                 "d"),
       "raw control characters stay, a raw NUL does not");
    ok(reads("[\"\\\\u0000\xFF\"]", "\\u0000\xEF\xBF\xBD"),
       "an escaped backslash starts no escape");
    ok(reads("[12345678901234567890]", "12345678901234567890")
           && reads("[-9223372036854775809]", "-9223372036854775809"),
       "an integer beyond 64 bits keeps its digits");
    ok(reads("[1e400]", "1e400") && reads("[-1E+999]", "-1E+999"),
       "so does a real beyond a double");
    ok(reads("[\"1e400\xFF\"]", "1e400\xEF\xBF\xBD"),
       "digits in a string are left alone");
}

static void
mends_names(void)
{
    const char *why;
    triage_json_t *document =
        triage_json_open(triage_text("{\"a\\u0000\":1,\"b\":2}"), &why);

    ok(triage_json_number(triage_json_at(document, "b"), 0) == 2,
       "a NUL in a name does not cost the rest");
    triage_json_close(document);
}

static void
refuses(void)
{
    ok(fails_with(triage_text(""), "the body is empty")
           && fails_with(triage_no_text, "the body is empty")
           && fails_with(triage_text(" \n"), "the body is empty")
           && fails_with(triage_text("\xEF\xBB\xBF"), "the body is empty"),
       "an empty body");
    ok(fails_with(triage_text("[1"), "JSON ends too early")
           && fails_with(triage_text("{\"a\":"), "JSON ends too early"),
       "a document that ends too early");
    ok(fails_with(triage_text("[] []"), "text after the JSON document"),
       "text behind the document");
    ok(fails_with(triage_text("hello"), "not JSON")
           && fails_with(triage_text("1"), "not JSON")
           && fails_with(triage_text("\"a\""), "not JSON")
           && fails_with(triage_text("{1:2}"), "not JSON")
           && fails_with(triage_text("[1,]"), "not JSON"),
       "what is no array and no object");
    ok(fails_with(triage_text("[\"\xFF"), "JSON ends too early"),
       "what cannot be mended");
}

/* `levels` arrays in each other. */
static bool
opens_nested(size_t levels, const char **why)
{
    char *bytes = malloc(2 * levels);
    triage_json_t *document;

    memset(bytes, '[', levels);
    memset(bytes + levels, ']', levels);
    document = triage_json_open((triage_text_t){ bytes, 2 * levels }, why);
    triage_json_close(document);
    free(bytes);

    return document != NULL;
}

static void
nests(void)
{
    const char *why;

    ok(opens_nested(2000, &why), "2,000 levels are read");
    ok(!opens_nested(100000, &why)
           && strcmp(why, "JSON nested too deeply") == 0,
       "100,000 are not");
}

static bool
holds(const triage_json_t *document, const char *expected)
{
    return triage_json_equals(triage_json_item(document, 0), expected);
}

/* What another user of jansson in the same process does meanwhile. */
static bool
others_are_served(void)
{
    json_t *theirs = json_string("theirs");
    bool is_served = theirs != NULL;

    json_decref(theirs);

    return is_served;
}

static void
shares_jansson(void)
{
    json_malloc_t take, take_after;
    json_free_t leave, leave_after;
    const char *why;
    triage_json_t *first, *second;

    json_get_alloc_funcs(&take, &leave);
    first = triage_json_open(triage_text("[\"first\"]"), &why);
    second = triage_json_open(triage_text("[\"second\"]"), &why);
    json_get_alloc_funcs(&take_after, &leave_after);
    ok(take == take_after && leave == leave_after,
       "jansson's functions for memory are as they were");
    ok(others_are_served(), "and work while documents are open");
    triage_json_close(first);
    ok(holds(second, "second"), "a document outlives an older one");
    triage_json_close(second);
}

/* A string of so many bytes, the whole in a piece of its own. */
static bool
reads_string_of(size_t len, const char *last, const char *read)
{
    size_t last_len = strlen(last), size = len + last_len + 4;
    char *json = malloc(size), *expected = malloc(len + 8);
    triage_text_t text;
    bool is_read;

    memcpy(json, "[\"", 2);
    memset(json + 2, 'a', len);
    memcpy(json + 2 + len, last, last_len);
    memcpy(json + 2 + len + last_len, "\"]", 2);
    memset(expected, 'a', len);
    memcpy(expected + len, read, strlen(read));
    text = text_in((triage_text_t){ json, size });
    is_read = triage_text_equal(
        text, (triage_text_t){ expected, len + strlen(read) });
    free(json);
    free(expected);

    return is_read;
}

static void
reads_long_strings(void)
{
    static const char *const ends[][2] = {
        { "", "" },         { "\\n", "\n" },           { "\\\"", "\"" },
        { "é", "é" },       { "\\u20ac", "€" },        { "\\\\", "\\" },
        { "\x7F", "\x7F" }, { "\\ud83d\\ude00", "😀" },
    };
    bool are_read = true;

    for (size_t len = 0; len < 40; len++) {
        for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
            are_read =
                are_read && reads_string_of(len, ends[i][0], ends[i][1]);
        }
    }
    ok(are_read, "strings of all lengths, with all that may be in one");
    ok(reads("[\"0123456789\\/\\b\\f\\r\\t\\u00e9\"]", "0123456789/\b\f\r\té"),
       "with every escape");
    ok(fails_with(triage_text("[\"0123456789\\x\"]"), "not JSON")
           && fails_with(triage_text("[\"0123456789\\u12g4\"]"), "not JSON")
           && fails_with(triage_text("[\"0123456789\\"), "not JSON")
           && fails_with(triage_text("[\"0123456789"), "JSON ends too early")
           && fails_with(triage_text("[\"0123456789\" \"0123456789\"]"),
                         "not JSON"),
       "what is no string is refused");
}

/* Those that json_strings.c leaves in a text, sent by a stranger. */
static void
tells_stand_ins(void)
{
    const char *why;
    triage_json_t *document = triage_json_open(
        triage_text("{\"\x7F#####\":\"a long, long string\",\"b\":"
                    "[\"\x7F#####\",\"\\u007f#####\",\"\x7F####\"]}"),
        &why);
    const triage_json_t *list = triage_json_at(document, "b");

    ok(triage_json_equals(triage_json_at(document, "\x7F#####"),
                          "a long, long string"),
       "a name is no stand-in");
    ok(triage_json_equals(triage_json_item(list, 0), "\x7F#####")
           && triage_json_equals(triage_json_item(list, 1), "\x7F#####")
           && triage_json_equals(triage_json_item(list, 2), "\x7F####"),
       "what looks like a stand-in is what was sent");
    triage_json_close(document);
    ok(reads("[\"\x7F#####\",\"\xFF\"]", "\x7F#####")
           && reads("[\"\\u007F#####\",1e400]", "\x7F#####"),
       "in a document that is mended, too");
}

static void
opens_many(void)
{
    enum { MANY = 17 };
    const triage_text_t json =
        TRIAGE_TEXT("[\"a long, long string of each\"]");
    triage_json_t *documents[MANY];
    const char *why;
    bool are_read = true;

    for (size_t i = 0; i < MANY; i++) {
        documents[i] = triage_json_open(json, &why);
    }
    for (size_t i = 0; i + 1 < MANY; i++) {
        are_read =
            are_read && holds(documents[i], "a long, long string of each");
    }
    ok(are_read, "sixteen documents at once");
    ok(documents[MANY - 1] == NULL
           && strcmp(why, "JSON nested too deeply") == 0,
       "and no more");
    for (size_t i = MANY; i > 0; i--) {
        triage_json_close(documents[i - 1]);
    }
}

/* Far more than a document has room for in itself. */
static void
reads_large_documents(void)
{
    enum { ITEMS = 20000 };
    static const char item[] = "\"a string of some length\",";
    size_t len = sizeof(item) - 1;
    char *json = malloc(ITEMS * len + 2);
    triage_json_t *document;
    const char *why;
    bool are_read = true;

    json[0] = '[';
    for (size_t i = 0; i < ITEMS; i++) {
        memcpy(json + 1 + i * len, item, len);
    }
    json[ITEMS * len] = ']';
    document =
        triage_json_open((triage_text_t){ json, ITEMS * len + 1 }, &why);
    for (size_t i = 0; i < ITEMS; i++) {
        are_read = are_read
                   && triage_json_equals(triage_json_item(document, i),
                                         "a string of some length");
    }
    ok(are_read && triage_json_count(document) == ITEMS,
       "a document of half a megabyte");
    triage_json_close(document);
    free(json);
}

static void
walks(void)
{
    const char *why;
    triage_json_t *document = triage_json_open(
        triage_text("{\"a\":{\"b\":[{\"c\":\"d\"},5]},\"x/y\":{\"~\":1},"
                    "\"\":\"nameless\"}"),
        &why);
    const triage_json_t *list = triage_json_path(document, "a.b");

    ok(triage_json_count(list) == 2, "a path leads to a list");
    ok(triage_json_path(document, "a.z.b") == NULL
           && triage_json_path(document, "a.b.c") == NULL
           && triage_json_path(NULL, "a") == NULL
           && triage_json_at(NULL, "a") == NULL,
       "or nowhere");
    ok(triage_json_path(document,
                        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                        "aaaaaaaaaaaaaaaa")
           == NULL,
       "a name that is too long leads nowhere");

    ok(triage_json_equals(
           triage_json_pointer(document, triage_text("/a/b/0/c")), "d"),
       "a pointer walks objects and lists");
    ok(triage_json_number(
           triage_json_pointer(document, triage_text("/x~1y/~0")), 0)
           == 1,
       "with its escapes");
    ok(triage_json_pointer(document, triage_no_text) == document
           && triage_json_equals(
               triage_json_pointer(document, triage_text("/")), "nameless"),
       "the whole, and the member without a name");
    ok(triage_json_pointer(document, triage_text("a")) == NULL
           && triage_json_pointer(document, triage_text("/a/b/2")) == NULL
           && triage_json_pointer(document, triage_text("/a/b/-1")) == NULL
           && triage_json_pointer(document, triage_text("/a/b/x")) == NULL
           && triage_json_pointer(document, triage_text("/q/w/e")) == NULL
           && triage_json_pointer(NULL, triage_text("/a")) == NULL,
       "pointers that lead nowhere");
    triage_json_close(document);
}

static void
counts_odd_lists(void)
{
    const char *why;
    triage_json_t *document =
        triage_json_open(triage_text("{\"a\":{\"b\":1},\"n\":null}"), &why);
    const triage_json_t *one = triage_json_at(document, "a");

    ok(triage_json_count(one) == 1 && triage_json_item(one, 0) == one
           && triage_json_item(one, 1) == NULL,
       "what is no list is a list of itself");
    ok(triage_json_count(triage_json_at(document, "n")) == 0
           && triage_json_count(NULL) == 0
           && triage_json_item(NULL, 0) == NULL,
       "null and absent are empty lists");
    triage_json_close(document);
}

static void
iterates(void)
{
    const char *why;
    triage_json_t *document =
        triage_json_open(triage_text("{\"a\":1,\"b\":2,\"c\":3}"), &why);
    const triage_json_t *value;
    void *iterator = NULL;
    triage_text_t name;
    int64_t sum = 0;
    size_t names = 0;

    while ((value = triage_json_next(document, &iterator, &name)) != NULL) {
        sum += triage_json_number(value, 0);
        names += name.len;
    }
    ok(sum == 6 && names == 3, "members, each once");

    iterator = NULL;
    ok(triage_json_next(NULL, &iterator, &name) == NULL, "none of nothing");
    triage_json_close(document);
}

static int64_t
number_in(const char *json)
{
    const char *why;
    triage_json_t *document = triage_json_open(triage_text_of(json), &why);
    int64_t number = triage_json_number(triage_json_item(document, 0), -77);

    triage_json_close(document);

    return number;
}

static void
numbers(void)
{
    ok(number_in("[7]") == 7 && number_in("[7.0]") == 7
           && number_in("[\"7\"]") == 7 && number_in("[1e3]") == 1000,
       "integers, whole reals and strings of digits");
    ok(number_in("[9223372036854775807]") == INT64_MAX, "64 bits, exactly");
    ok(number_in("[7.5]") == -77 && number_in("[\"x\"]") == -77
           && number_in("[1e300]") == -77 && number_in("[null]") == -77
           && number_in("[true]") == -77 && number_in("[]") == -77
           && number_in("[[1]]") == -77,
       "what is no integer is the default");
}

static void
predicates(void)
{
    const char *why;
    triage_json_t *document =
        triage_json_open(triage_text("[true,false,{},[],\"a\",\"\"]"), &why);
    double real;

    ok(triage_json_is_true(triage_json_item(document, 0))
           && !triage_json_is_true(triage_json_item(document, 1))
           && !triage_json_is_true(NULL),
       "true is true");
    ok(triage_json_is_bool(triage_json_item(document, 1))
           && !triage_json_is_bool(triage_json_item(document, 2)),
       "true and false are booleans");
    ok(triage_json_is_object(triage_json_item(document, 2))
           && triage_json_is_array(triage_json_item(document, 3))
           && triage_json_is_string(triage_json_item(document, 4))
           && !triage_json_is_object(NULL) && !triage_json_is_array(NULL)
           && !triage_json_is_string(NULL),
       "objects, arrays, strings");
    ok(triage_json_id(triage_json_item(document, 5), &arena).data == NULL,
       "an empty string is no id");
    ok(!triage_json_to_double(triage_json_item(document, 4), &real)
           && !triage_json_to_double(NULL, &real),
       "a string is no real");
    ok(!triage_json_equals(NULL, "a") && triage_json_peek(NULL).data == NULL,
       "nothing equals nothing");
    triage_json_close(document);
}

int
main(void)
{
    triage_arena_on_heap(&arena, &heap);
    reads_texts();
    mends();
    mends_names();
    refuses();
    nests();
    shares_jansson();
    reads_long_strings();
    tells_stand_ins();
    opens_many();
    reads_large_documents();
    walks();
    counts_odd_lists();
    iterates();
    numbers();
    predicates();
    triage_heap_free(&heap);

    return done_testing();
}
