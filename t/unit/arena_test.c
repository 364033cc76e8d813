#include "../../src/base/arena.h"
#include "tap.h"

#include <stdalign.h>
#include <string.h>

static bool
is_aligned(const void *memory)
{
    return ((uintptr_t) memory & (alignof(max_align_t) - 1)) == 0;
}

static void
aligns(triage_arena_t *arena)
{
    bool all = true;

    for (size_t size = 0; size < 5000; size += 7) {
        char *taken;

        triage_arena_bytes(arena, size % 3 + 1);
        taken = triage_arena_take(arena, size);
        all = all && taken != NULL && is_aligned(taken);
        memset(taken, 'x', size);
    }

    ok(all, "what is taken is aligned, whatever was taken before");
}

static void
clears(triage_arena_t *arena)
{
    const char *memory = triage_arena_zero(arena, 300);
    bool all = true;

    for (size_t i = 0; i < 300; i++) {
        all = all && memory[i] == 0;
    }

    ok(all, "zero is all bits zero");
}

static void
copies(triage_arena_t *arena)
{
    char bytes[] = "words";
    triage_text_t source = { bytes, 5 };
    triage_text_t copy = triage_arena_copy(arena, source);

    bytes[0] = 'W';
    ok(triage_text_is(copy, "words"), "a copy is the arena's own");
    ok(triage_arena_copy(arena, triage_no_text).data == NULL,
       "a copy of no text is no text");
    copy = triage_arena_copy(arena, triage_text(""));
    ok(copy.data != NULL && copy.len == 0,
       "a copy of an empty text is an empty text");
}

static void
copies_empty_text_first(void)
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;

    triage_arena_on_heap(&arena, &heap);
    ok(triage_arena_copy(&arena, triage_text("")).data != NULL,
       "also when it is the first that a new arena sees");
    triage_heap_free(&heap);
}

static void
joins(triage_arena_t *arena)
{
    const triage_text_t parts[] = {
        TRIAGE_TEXT("a"), { NULL, 0 }, TRIAGE_TEXT(""), TRIAGE_TEXT("bc")
    };

    ok(triage_text_is(triage_arena_join(arena, parts, 4), "abc"),
       "parts are put together, absent ones add nothing");
    ok(triage_arena_join(arena, parts, 0).data != NULL,
       "no parts are an empty text");
    ok(triage_text_is(triage_arena_number(arena, INT64_MIN),
                      "-9223372036854775808"),
       "the least number as text");
}

static void
fails_for_good(void)
{
    triage_heap_t heap = { .fail_at = 2 };
    triage_arena_t arena;

    triage_arena_on_heap(&arena, &heap);
    ok(triage_arena_take(&arena, 100) != NULL, "the first piece is there");
    ok(triage_arena_take(&arena, 8000) == NULL && arena.has_failed,
       "the second is refused");
    ok(triage_arena_take(&arena, 1) == NULL
           && triage_arena_bytes(&arena, 1) == NULL
           && triage_arena_zero(&arena, 1) == NULL
           && triage_arena_copy(&arena, triage_text("a")).data == NULL
           && triage_arena_join(&arena, &(triage_text_t){ "a", 1 }, 1).data
                  == NULL,
       "after a failure everything fails, although there is room");
    triage_heap_free(&heap);
}

static void
refuses_the_absurd(void)
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;

    triage_arena_on_heap(&arena, &heap);
    ok(triage_arena_take(&arena, SIZE_MAX) == NULL && arena.has_failed,
       "a size that cannot be is refused without wrapping around");
    triage_heap_free(&heap);
}

int
main(void)
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;

    triage_arena_on_heap(&arena, &heap);
    aligns(&arena);
    clears(&arena);
    copies(&arena);
    joins(&arena);
    triage_heap_free(&heap);

    copies_empty_text_first();
    fails_for_good();
    refuses_the_absurd();

    return done_testing();
}
