/*
 * Keys that a platform does not give but its deliveries imply: composed of
 * parts that are the same in every redelivery.
 */
#ifndef TRIAGE_KEY_H
#define TRIAGE_KEY_H

#include "platform.h"

/* The parts with ':' between them; those that are absent or empty are left
 * out.  No text when nothing is left. */
triage_text_t triage_key_join(triage_arena_t *arena,
                              const triage_text_t *parts, size_t count);

#define TRIAGE_KEY_PARTS(...) ((const triage_text_t[]){ __VA_ARGS__ })
#define triage_key(arena, ...)                                                \
    triage_key_join((arena), TRIAGE_KEY_PARTS(__VA_ARGS__),                   \
                    sizeof(TRIAGE_KEY_PARTS(__VA_ARGS__))                     \
                        / sizeof(triage_text_t))

/* 32 hex digits that stand for a text: for bodies and words that carry no id
 * of their own. */
triage_text_t triage_key_of(triage_text_t text, triage_arena_t *arena);

/* A time as digits (µs); no text for NO_TIME. */
triage_text_t triage_key_time(int64_t time, triage_arena_t *arena);

#endif
