#include "../../src/base/form.h"
#include "tap.h"

#include <string.h>

static triage_heap_t heap;
static triage_arena_t arena;

static bool
field_is(const triage_form_t *form, const char *name, const char *value)
{
    triage_text_t text = triage_form_get(form, name);

    return text.data != NULL && triage_text_is(text, value);
}

static void
reads(void)
{
    triage_form_t form;

    ok(triage_form_read(triage_text("a=1&b=x+y%21&c&=e&a=2&&d=%C3%A9"), &arena,
                        &form)
           && form.count == 6,
       "a form has its fields; what is empty is none");
    ok(field_is(&form, "a", "1"), "the first of a name");
    ok(field_is(&form, "b", "x y!"), "+ and % are decoded");
    ok(field_is(&form, "c", ""), "a name alone has an empty value");
    ok(field_is(&form, "", "e"), "a value without a name");
    ok(field_is(&form, "d", "é"), "UTF-8");
    ok(triage_form_get(&form, "z").data == NULL, "an absent field");
    ok(triage_form_read(triage_no_text, &arena, &form) && form.count == 0,
       "no body has no fields");
}

static void
reads_odd_escapes(void)
{
    triage_form_t form;

    triage_form_read(triage_text("a=100%&b=%4&c=%zz&d=%41%&e=a%3Db%26c=d"),
                     &arena, &form);
    ok(field_is(&form, "a", "100%") && field_is(&form, "b", "%4")
           && field_is(&form, "c", "%zz") && field_is(&form, "d", "A%"),
       "a % that starts no escape stays");
    ok(field_is(&form, "e", "a=b&c=d"), "marks in a value");
    triage_form_read(triage_text("%41%62=%00"), &arena, &form);
    ok(triage_form_get(&form, "Ab").len == 1, "names are decoded too");
}

static void
makes_words(void)
{
    triage_form_t form;

    triage_form_read(triage_text("a=x%00y%FFz&b="), &arena, &form);
    ok(triage_text_is(triage_form_text(&form, "a", &arena),
                      "x\xEF\xBF\xBDy\xEF\xBF\xBDz"),
       "NUL and broken UTF-8 become U+FFFD");
    ok(triage_form_text(&form, "b", &arena).data == NULL
           && triage_form_text(&form, "c", &arena).data == NULL,
       "an empty field is no text, as an absent one");
}

static void
limits(void)
{
    static char many[3 * 2000];
    triage_form_t form;

    for (size_t i = 0; i < sizeof(many); i += 3) {
        memcpy(many + i, "a=&", 3);
    }

    ok(!triage_form_read((triage_text_t){ many, sizeof(many) }, &arena, &form)
           && form.count == 1024,
       "of 2,000 fields 1,024 are read, and that is said");
}

static void
queries(void)
{
    triage_text_t query = triage_text("hub.mode=subscribe&c=a%20b&d");

    ok(triage_text_is(triage_query_get(query, "hub.mode", &arena),
                      "subscribe"),
       "an argument of a query string");
    ok(triage_text_is(triage_query_get(query, "c", &arena), "a b"), "decoded");
    ok(triage_query_get(query, "x", &arena).data == NULL, "an absent one");
    ok(triage_query_get(triage_no_text, "x", &arena).data == NULL,
       "no query has none");
}

static void
fails(void)
{
    triage_heap_t broken = { .fail_at = 1 };
    triage_arena_t none;
    triage_form_t form;

    triage_arena_on_heap(&none, &broken);
    ok(!triage_form_read(triage_text("a=b"), &none, &form) && form.count == 0,
       "no memory, no form");
    triage_heap_free(&broken);
}

int
main(void)
{
    triage_arena_on_heap(&arena, &heap);
    reads();
    reads_odd_escapes();
    makes_words();
    limits();
    queries();
    fails();
    triage_heap_free(&heap);

    return done_testing();
}
