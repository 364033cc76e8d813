/* UTF-8 as HTML, as escaped text and as mrkdwn: what comes out is UTF-8 too,
 * and no longer. */
#include "../../src/base/markup.h"
#include "fuzz.h"

static bool
is_words(triage_text_t text)
{
    const char *end = text.data + text.len;

    for (const char *next = text.data; next < end;) {
        unsigned len = triage_utf8_length(next, end);

        if (len == 0 || *next == '\0') {
            return false;
        }
        next += len;
    }

    return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    triage_text_t text = { (const char *) data, size };
    triage_text_t (*const readers[])(triage_text_t, triage_arena_t *) = {
        triage_markup_strip,
        triage_markup_unescape,
        triage_markup_mrkdwn,
    };
    bool is_sound = size > 0 && is_words(text);

    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++) {
        triage_heap_t heap = { 0 };
        triage_arena_t arena;
        triage_text_t read;

        triage_arena_on_heap(&arena, &heap);
        read = readers[i](text, &arena);
        fuzz_expect(read.len <= size, "markup that grew");
        if (is_sound) {
            fuzz_expect_words(read);
        }
        triage_heap_free(&heap);
    }

    return 0;
}
