/* Any bytes: a document that opens is walked whole, and every text in it is
 * UTF-8 without NUL.  What jansson itself reads is read alike. */
#include "../../src/base/json.h"
#include "../../src/base/clock.h"
#include "fuzz.h"

#include <jansson.h>

static bool is_alike(const triage_json_t *ours, const json_t *theirs);

static bool
are_members_alike(const triage_json_t *ours, const json_t *theirs)
{
    size_t count = 0;
    void *iterator = NULL;
    triage_text_t name;
    const triage_json_t *member;

    while ((member = triage_json_next(ours, &iterator, &name)) != NULL) {
        if (!is_alike(member, json_object_getn(theirs, name.data, name.len))) {
            return false;
        }
        count++;
    }

    return count == json_object_size(theirs);
}

static bool
are_items_alike(const triage_json_t *ours, const json_t *theirs)
{
    for (size_t i = 0; i < json_array_size(theirs); i++) {
        if (!is_alike(triage_json_item(ours, i), json_array_get(theirs, i))) {
            return false;
        }
    }

    return triage_json_count(ours) == json_array_size(theirs);
}

static bool
is_alike(const triage_json_t *ours, const json_t *theirs)
{
    int64_t number;
    double real;

    switch (theirs == NULL ? JSON_NULL : json_typeof(theirs)) {
    case JSON_OBJECT:
        return triage_json_is_object(ours) && are_members_alike(ours, theirs);
    case JSON_ARRAY:
        return triage_json_is_array(ours) && are_items_alike(ours, theirs);
    case JSON_STRING:
        return triage_json_is_string(ours)
               && triage_text_equal(
                   triage_json_peek(ours),
                   (triage_text_t){ json_string_value(theirs),
                                    json_string_length(theirs) });
    case JSON_INTEGER:
        return triage_json_to_int64(ours, &number)
               && number == json_integer_value(theirs);
    case JSON_REAL:
        return triage_json_to_double(ours, &real)
               && real - json_real_value(theirs) == 0;
    case JSON_TRUE:
        return triage_json_is_true(ours);
    case JSON_FALSE:
        return triage_json_is_bool(ours) && !triage_json_is_true(ours);
    default:
        return theirs != NULL && triage_json_peek(ours).data == NULL
               && !triage_json_is_object(ours) && !triage_json_is_bool(ours);
    }
}

static void
compare(const triage_json_t *document, triage_text_t text)
{
    json_error_t error;
    json_t *theirs = json_loadb(text.data, text.len, 0, &error);

    fuzz_expect(theirs == NULL || is_alike(document, theirs),
                "jansson reads it otherwise");
    json_decref(theirs);
}

static void
walk(const triage_json_t *value, triage_arena_t *arena, unsigned depth)
{
    void *iterator = NULL;
    const triage_json_t *child;
    triage_text_t name;
    int64_t number;
    double real;

    fuzz_expect_words(triage_json_text(value, arena));
    triage_json_to_int64(value, &number);
    triage_json_to_double(value, &real);
    triage_time_of_seconds(value);
    triage_time_of_milliseconds(value);
    triage_time_of_iso(value);
    triage_json_pointer(value, triage_json_peek(value));

    if (depth > 100) {
        return;
    }

    if (triage_json_is_array(value)) {
        for (size_t i = 0; i < triage_json_count(value); i++) {
            walk(triage_json_item(value, i), arena, depth + 1);
        }
    }

    if (triage_json_is_object(value)) {
        while ((child = triage_json_next(value, &iterator, &name)) != NULL) {
            fuzz_expect_words(name);
            walk(child, arena, depth + 1);
        }
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    triage_text_t text = { (const char *) data, size };
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    const char *why = NULL;
    triage_json_t *document = triage_json_open(text, &why);

    compare(document, text);
    if (document == NULL) {
        fuzz_expect(why != NULL, "no document, and no reason");
        return 0;
    }

    triage_arena_on_heap(&arena, &heap);
    walk(document, &arena, 0);
    triage_heap_free(&heap);
    triage_json_close(document);

    return 0;
}
