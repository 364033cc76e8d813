/* Any bytes as XML: a tree that opens is walked whole. */
#include "../../src/base/xml.h"
#include "fuzz.h"

static void
walk(const triage_xml_t *element)
{
    for (; element != NULL; element = triage_xml_next(element)) {
        fuzz_expect_words(triage_xml_name(element));
        fuzz_expect_words(triage_xml_text(element));
        fuzz_expect_words(triage_xml_attribute(element, "href"));
        triage_xml_path(element, "entry/author/name");
        triage_xml_again(element);
        walk(triage_xml_first(element));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    triage_text_t text = { (const char *) data, size };
    triage_heap_t heap = { .fail_at = size % 5 };
    triage_arena_t arena;
    const triage_xml_t *root;
    const char *why = NULL;

    triage_arena_on_heap(&arena, &heap);
    root = triage_xml_open(text, &arena, &why);
    fuzz_expect(root != NULL || why != NULL, "no tree, and no reason");
    walk(root);
    triage_heap_free(&heap);

    return 0;
}
