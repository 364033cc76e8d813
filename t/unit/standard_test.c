/* The contract with feeders: what is answered after the store told which
 * messages were there before, and what happens when memory fails. */
#include "../../src/platform/platforms.h"
#include "tap.h"

#include <string.h>

static triage_text_t
no_header(const void *request, triage_text_t name)
{
    (void) request;
    (void) name;

    return triage_no_text;
}

static const char batch[] =
    "{\"messages\":[{\"message_id\":\"a\",\"text\":\"1\"},7,"
    "{\"message_id\":\"b\",\"text\":\"2\"},{\"text\":\"3\"},"
    "{\"message_id\":\"c \\\"\\u00e9\",\"text\":\"4\"}]}";

static triage_outcome_t
read_text(const char *body, triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_source_t source = { .brand = TRIAGE_TEXT("acme") };
    const triage_delivery_t delivery = { .method = TRIAGE_TEXT("POST"),
                                         .body = triage_text_of(body),
                                         .header = no_header };

    *reading = (triage_reading_t){ .problem = NULL };
    triage_messages_init(&reading->messages);

    return triage_platform_standard.parse(&delivery, &source, arena, reading);
}

static void
test_duplicates(void)
{
    static const char expected[] =
        "{\"accepted\":1,\"duplicate\":2,\"wrong\":2,\"items\":["
        "{\"item\":0,\"result\":\"duplicate\",\"message_id\":\"a\"},"
        "{\"item\":1,\"result\":\"wrong\",\"where\":\"/messages/1\","
        "\"why\":\"expected an object\"},"
        "{\"item\":2,\"result\":\"accepted\",\"message_id\":\"b\"},"
        "{\"item\":3,\"result\":\"wrong\","
        "\"where\":\"/messages/3/message_id\",\"why\":\"missing\"},"
        "{\"item\":4,\"result\":\"duplicate\","
        "\"message_id\":\"c \\\"\xc3\xa9\"}]}";
    const bool duplicates[] = { true, false, true };
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    triage_reading_t reading;
    triage_reply_t reply = { 0 };

    triage_arena_on_heap(&arena, &heap);
    ok(read_text(batch, &arena, &reading).code == TRIAGE_OK, "a batch");
    ok(reading.messages.count == 3, "three of five can be filed");
    ok(reading.problem != NULL, "and it is a dead letter besides");
    ok(reading.reply.status == 0, "the answer waits for the store");

    ok(triage_platform_standard.answer(&reading, duplicates, &arena, &reply)
               .code
           == TRIAGE_OK,
       "it is answered");
    ok(reply.status == 200, "with 200");
    if (!ok(triage_text_is(reply.body, expected), "item by item")) {
        printf("# %.*s\n", (int) reply.body.len, reply.body.data);
    }

    triage_heap_free(&heap);
}

static void
test_answer_without_store(void)
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    triage_reading_t reading;

    triage_arena_on_heap(&arena, &heap);
    ok(read_text("{", &arena, &reading).code == TRIAGE_MALFORMED,
       "half a body is malformed");
    ok(reading.reply.status == 200 && reading.reply.body.len > 0,
       "and answered all the same");
    ok(read_text("[{}]", &arena, &reading).code == TRIAGE_OK
           && reading.problem != NULL && reading.reply.body.len > 0,
       "a batch of nothing right is answered at once");
    triage_heap_free(&heap);
}

static void
test_memory_that_fails(void)
{
    bool is_good = true;
    unsigned fail_at = 0;
    triage_code_t code;

    do {
        triage_heap_t heap = { 0 };
        triage_arena_t arena;
        triage_reading_t reading;

        heap.fail_at = ++fail_at;
        triage_arena_on_heap(&arena, &heap);
        code = read_text(batch, &arena, &reading).code;
        is_good = is_good && (code == TRIAGE_OK || code == TRIAGE_NO_MEMORY)
                  && (code == TRIAGE_OK) == !arena.has_failed;
        triage_heap_free(&heap);
    } while (code != TRIAGE_OK && fail_at < 100);

    ok(is_good, "without memory the outcome is NO_MEMORY");
    ok(fail_at > 1 && fail_at < 100, "at each piece that is taken");
}

int
main(void)
{
    test_duplicates();
    test_answer_without_store();
    test_memory_that_fails();

    return done_testing();
}
