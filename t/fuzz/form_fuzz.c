/* Any bytes as a form body, and as a query string. */
#include "../../src/base/form.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    triage_text_t text = { (const char *) data, size };
    triage_heap_t heap = { .fail_at = size % 5 };
    triage_arena_t arena;
    triage_form_t form;

    triage_arena_on_heap(&arena, &heap);

    if (triage_form_read(text, &arena, &form)) {
        fuzz_expect(form.count <= 1024, "too many fields");
        fuzz_expect_words(triage_form_text(&form, "Body", &arena));
        fuzz_expect_words(triage_form_text(&form, "a", &arena));
        fuzz_expect(triage_form_get(&form, "a").len <= size,
                    "a value that grew");
    }

    triage_query_get(text, "hub.challenge", &arena);
    triage_heap_free(&heap);

    return 0;
}
