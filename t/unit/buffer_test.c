#include "../../src/base/buffer.h"
#include "tap.h"

#include <string.h>

static triage_text_t
content(const triage_buffer_t *buffer)
{
    return (triage_text_t){ buffer->data, buffer->len };
}

static void
grows(void)
{
    triage_buffer_t buffer = { 0 };
    bool all = true;

    for (int i = 0; i < 10000; i++) {
        triage_buffer_add_byte(&buffer, (char) ('a' + i % 26));
    }

    for (size_t i = 0; i < buffer.len; i++) {
        all = all && buffer.data[i] == (char) ('a' + i % 26);
    }

    ok(buffer.len == 10000 && all && !buffer.has_failed,
       "10,000 bytes, one at a time");

    triage_buffer_clear(&buffer);
    ok(buffer.len == 0 && buffer.data != NULL, "clearing keeps the memory");
    triage_buffer_free(&buffer);
    ok(buffer.data == NULL && buffer.size == 0, "freeing does not");
}

static void
prints(void)
{
    triage_buffer_t buffer = { 0 };

    triage_buffer_add(&buffer, triage_no_text);
    ok(buffer.len == 0 && !buffer.has_failed, "no text adds nothing");
    triage_buffer_add(&buffer, triage_text("a\0b"));
    ok(buffer.len == 3, "a NUL is a byte like any other");
    triage_buffer_clear(&buffer);

    for (int i = 0; i < 100; i++) {
        triage_buffer_print(&buffer, "%d,", i % 10);
    }
    ok(buffer.len == 200 && memcmp(buffer.data, "0,1,2,", 6) == 0,
       "what is printed is joined, without terminators");
    triage_buffer_print(&buffer, "%s", "");
    ok(buffer.len == 200, "printing nothing adds nothing");
    triage_buffer_free(&buffer);
}

static void
fails_for_good(void)
{
    triage_buffer_t buffer = { 0 };

    triage_buffer_add(&buffer, triage_text("kept"));
    ok(triage_buffer_extend(&buffer, SIZE_MAX - 2) == NULL
           && buffer.has_failed,
       "a size that cannot be is refused without wrapping around");
    triage_buffer_add(&buffer, triage_text(" more"));
    triage_buffer_print(&buffer, "%d", 1);
    ok(triage_text_is(content(&buffer), "kept"),
       "after a failure nothing is added");
    triage_buffer_clear(&buffer);
    triage_buffer_add(&buffer, triage_text("new"));
    ok(!buffer.has_failed && triage_text_is(content(&buffer), "new"),
       "clearing forgets the failure");
    triage_buffer_free(&buffer);
}

int
main(void)
{
    grows();
    prints();
    fails_for_good();

    return done_testing();
}
