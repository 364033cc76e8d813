#include "arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#define PIECE_SIZE ((size_t) 4000)
#define ALIGNMENT alignof(max_align_t)

void
triage_arena_init(triage_arena_t *arena,
                  void *(*take)(void *source, size_t size), void *source)
{
    *arena = (triage_arena_t){ .take = take, .source = source };
}

/* A request that does not fit gets a new piece; a large one a piece of its
 * own, so that what is left of the current piece is not wasted. */
static char *
take_piece(triage_arena_t *arena, size_t size)
{
    char *piece;
    bool is_large = size > PIECE_SIZE / 4;

    if (arena->has_failed) {
        return NULL;
    }

    piece = arena->take(arena->source, is_large ? size : PIECE_SIZE);
    if (piece == NULL) {
        arena->has_failed = true;
        return NULL;
    }

    if (!is_large) {
        arena->free = piece + size;
        arena->end = piece + PIECE_SIZE;
    }

    return piece;
}

void *
triage_arena_take(triage_arena_t *arena, size_t size)
{
    size_t used = (uintptr_t) arena->free & (ALIGNMENT - 1);
    size_t padding = used ? ALIGNMENT - used : 0;
    size_t left = (size_t) (arena->end - arena->free);
    char *taken;

    if (size > SIZE_MAX - ALIGNMENT) {
        arena->has_failed = true;
        return NULL;
    }

    if (arena->has_failed || left < padding || left - padding < size) {
        return take_piece(arena, size ? size : 1);
    }

    taken = arena->free + padding;
    arena->free = taken + size;

    return taken;
}

void *
triage_arena_zero(triage_arena_t *arena, size_t size)
{
    void *taken = triage_arena_take(arena, size);

    return taken ? memset(taken, 0, size) : NULL;
}

char *
triage_arena_bytes(triage_arena_t *arena, size_t size)
{
    char *taken = arena->free;

    /* an empty text needs an address even before the first piece */
    if (arena->has_failed || taken == NULL
        || (size_t) (arena->end - taken) < size) {
        return take_piece(arena, size ? size : 1);
    }

    arena->free += size;

    return taken;
}

triage_text_t
triage_arena_copy(triage_arena_t *arena, triage_text_t text)
{
    char *copy;

    if (text.data == NULL) {
        return triage_no_text;
    }

    copy = triage_arena_bytes(arena, text.len);
    if (copy == NULL) {
        return triage_no_text;
    }

    memcpy(copy, text.data, text.len);

    return (triage_text_t){ copy, text.len };
}

triage_text_t
triage_arena_join(triage_arena_t *arena, const triage_text_t *parts,
                  size_t count)
{
    size_t len = 0;
    char *joined, *next;

    for (size_t i = 0; i < count; i++) {
        len += parts[i].len;
    }

    joined = triage_arena_bytes(arena, len);
    if (joined == NULL) {
        return triage_no_text;
    }

    next = joined;

    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > 0) {
            memcpy(next, parts[i].data, parts[i].len);
            next += parts[i].len;
        }
    }

    return (triage_text_t){ joined, len };
}

triage_text_t
triage_arena_number(triage_arena_t *arena, int64_t number)
{
    char digits[20];
    size_t start = sizeof(digits);
    uint64_t left = number < 0 ? 0 - (uint64_t) number : (uint64_t) number;

    do {
        digits[--start] = (char) ('0' + left % 10);
        left /= 10;
    } while (left > 0);

    if (number < 0) {
        digits[--start] = '-';
    }

    return triage_arena_copy(
        arena, (triage_text_t){ digits + start, sizeof(digits) - start });
}

struct triage_heap_piece_s {
    triage_heap_piece_t *next;
    alignas(max_align_t) char memory[];
};

static void *
take_from_heap(void *source, size_t size)
{
    triage_heap_t *heap = source;
    triage_heap_piece_t *piece;

    if (heap->fail_at > 0 && --heap->fail_at == 0) {
        return NULL;
    }

    piece = malloc(sizeof(*piece) + size);
    if (piece == NULL) {
        return NULL;
    }

    piece->next = heap->pieces;
    heap->pieces = piece;

    return piece->memory;
}

void
triage_arena_on_heap(triage_arena_t *arena, triage_heap_t *heap)
{
    triage_arena_init(arena, take_from_heap, heap);
}

void
triage_heap_free(triage_heap_t *heap)
{
    while (heap->pieces != NULL) {
        triage_heap_piece_t *next = heap->pieces->next;

        free(heap->pieces);
        heap->pieces = next;
    }
}
