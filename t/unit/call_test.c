/*
 * The desk's calls: what is read from a request, and what is not.
 */
#include "../../src/desk/call.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

#define UUID "0b0d5a3e-0000-4000-8000-00000000abCD"

static triage_text_t values[TRIAGE_CALL_PARAMETERS_MAX];
static const char *which;

static const char *
read_call(const char *name, const char *request, unsigned fail_at)
{
    static triage_heap_t heap;
    triage_arena_t arena;

    triage_heap_free(&heap);
    heap = (triage_heap_t){ .fail_at = fail_at };
    triage_arena_on_heap(&arena, &heap);

    return triage_call_read(triage_call_find(triage_text_of(name)),
                            triage_text_of(request), &arena, values, &which);
}

static bool
takes(const char *name, const char *request)
{
    return read_call(name, request, 0) == NULL;
}

static bool
refuses(const char *name, const char *request, const char *parameter)
{
    return read_call(name, request, 0) != NULL
           && (parameter == NULL
                   ? which == NULL
                   : which != NULL && strcmp(which, parameter) == 0);
}

static void
test_table(void)
{
    const triage_call_t *call;
    int count = 0, by_itself = 0;
    bool is_sound = true;

    for (call = triage_calls; call->name != NULL; call++) {
        char last[8];

        snprintf(last, sizeof(last), "$%d", triage_call_value_count(call));
        count++;
        if (call->sql == NULL) {
            by_itself++;
            continue;
        }
        is_sound = is_sound && strstr(call->sql, "$1") != NULL
                   && strstr(call->sql, last) != NULL
                   && strchr(call->sql, ';') == NULL;
    }

    ok(count > 15, "there are calls");
    ok(is_sound, "each names its agent and all its parameters, and is one"
                 " statement");
    ok(by_itself == 1, "but one that needs no database");
    ok(triage_call_find(triage_text("erase")) == NULL, "and no others");
    ok(triage_call_find(triage_text("")) == NULL, "nor one without a name");
}

static void
test_changes(void)
{
    ok(takes("suggest", "{\"text\":\"by Friday\",\"zone\":null}")
           && triage_text_is(values[0], "by Friday") && values[1].data == NULL,
       "words in the body, not in the URL");
    ok(takes("reply", "{\"conversation\":\"" UUID "\"}"), "a uuid");
    ok(triage_text_is(values[0], UUID), "as it came");
    ok(takes("claim", "{}"), "nothing where nothing is required");
    ok(values[0].data == NULL && values[1].data == NULL, "is null");
    ok(takes("claim", "{\"queues\":[\"a\",\"\\\"b\"],\"quantity\":2}"),
       "a list");
    ok(triage_text_is(values[0], "[\"a\",\"\\\"b\"]"), "written anew");
    ok(triage_text_is(values[1], "2"), "and a number");
    ok(takes("claim", "{\"queues\":null}") && values[0].data == NULL,
       "null is nothing");
    ok(takes("retriage",
             "{\"message\":9007199254740993,\"urgency\":-0.5,\"why\":\"x\"}"),
       "64 bits");
    ok(triage_text_is(values[0], "9007199254740993"), "all of them");
    ok(takes("snooze", "{\"conversation\":\"" UUID
                       "\",\"until\":\"2026-05-04T12:00:00.000Z\"}"),
       "a time");
    ok(takes("snooze", "{\"conversation\":\"" UUID
                       "\",\"until\":\"2026-05-04T12:00+02:00\"}"),
       "with any zone");
}

static void
test_refusals(void)
{
    ok(refuses("reply", "{}", "conversation"), "what is missing");
    ok(refuses("reply", "{\"conversation\":\"\"}", "conversation"), "empty");
    ok(refuses("reply", "{\"conversation\":\"" UUID "0\"}", "conversation"),
       "too long");
    ok(refuses("reply", "{\"conversation\":{}}", "conversation"), "an object");
    ok(refuses("reply", "{\"other\":1}", NULL), "what there is not");
    ok(refuses("reply", "[]", NULL), "an array");
    ok(refuses("reply", "", NULL), "nothing");
    ok(refuses("claim", "{\"queues\":\"a\"}", "queues"), "no list");
    ok(refuses("claim", "{\"quantity\":1.5}", "quantity"), "half a claim");
    ok(refuses("claim", "{\"quantity\":\"1;--\"}", "quantity"), "no number");
    ok(refuses("snooze",
               "{\"conversation\":\"" UUID
               "\",\"until\":\"2026-05-04T12:00:00\"}",
               "until"),
       "a time without its zone");
    ok(refuses("snooze",
               "{\"conversation\":\"" UUID "\",\"until\":\"tomorrow\"}",
               "until"),
       "words");
    ok(refuses("snooze",
               "{\"conversation\":\"" UUID
               "\",\"until\":\"2026-05-04T12:00Z'||now()\"}",
               "until"),
       "SQL");
}

static void
test_queries(void)
{
    ok(takes("inbox", ""), "an empty query");
    ok(takes("inbox", "queue=a%20b"), "a query");
    ok(triage_text_is(values[0], "a b"), "decoded");
    ok(takes("inbox", "queue=") && values[0].data == NULL,
       "an empty value is none");
    ok(refuses("inbox", "queue=%00", "queue"), "NUL");
    ok(refuses("inbox", "queue=%ff", "queue"), "no UTF-8");
    ok(refuses("inbox", "x=1", NULL), "what there is not");
    ok(refuses("explain", "message=99999999999999999999", "message"),
       "more than 64 bits");
}

static void
test_memory(void)
{
    bool is_told = true;
    unsigned i;

    for (i = 1; i <= 3; i++) {
        const char *why =
            read_call("reply", "{\"conversation\":\"" UUID "\"}", i);

        is_told = is_told && (why != NULL || values[0].len == 36);
    }
    ok(is_told, "without memory it is refused, or read");
}

int
main(void)
{
    test_table();
    test_changes();
    test_refusals();
    test_queries();
    test_memory();

    return done_testing();
}
