/* Any bytes: a document that opens is walked whole, and every text in it is
 * UTF-8 without NUL. */
#include "../../src/base/json.h"
#include "../../src/base/clock.h"
#include "fuzz.h"

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
