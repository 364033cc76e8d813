/*
 * Memory that lives as long as one delivery and is freed all at once.
 *
 * Takes pieces of memory from a source (nginx's request pool, or the heap
 * in tests and the command line) and hands out parts of them.  Failure is
 * sticky: after the first one every call returns NULL, so a stage looks
 * once, at its end.
 */
#ifndef TRIAGE_ARENA_H
#define TRIAGE_ARENA_H

#include "text.h"

typedef struct {
    /* Returns memory aligned for any type, or NULL.  Never freed by us. */
    void *(*take)(void *source, size_t size);
    void *source;
    char *free;
    char *end;
    bool has_failed;
} triage_arena_t;

void triage_arena_init(triage_arena_t *arena,
                       void *(*take)(void *source, size_t size), void *source);

/* Aligned for any type, not cleared. */
void *triage_arena_take(triage_arena_t *arena, size_t size);
/* The same, all bits zero. */
void *triage_arena_zero(triage_arena_t *arena, size_t size);
/* `size` bytes without alignment, for text. */
char *triage_arena_bytes(triage_arena_t *arena, size_t size);
/* A copy.  No text stays no text; an empty text stays an empty text. */
triage_text_t triage_arena_copy(triage_arena_t *arena, triage_text_t text);
/* `count` texts put together; absent ones add nothing. */
triage_text_t triage_arena_join(triage_arena_t *arena,
                                const triage_text_t *parts, size_t count);
/* A decimal number as text. */
triage_text_t triage_arena_number(triage_arena_t *arena, int64_t number);

/* A heap behind an arena.  `fail_at` counts down: the piece that makes it 0
 * is refused, which lets a test fail each allocation in turn; 0: never. */
typedef struct triage_heap_piece_s triage_heap_piece_t;
typedef struct {
    triage_heap_piece_t *pieces;
    unsigned fail_at;
} triage_heap_t;

void triage_arena_on_heap(triage_arena_t *arena, triage_heap_t *heap);
/* Frees every piece.  The arena must not be used after it. */
void triage_heap_free(triage_heap_t *heap);

#endif
