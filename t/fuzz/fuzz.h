/*
 * What every harness begins with: the input as a text in memory of its own
 * size, so that a byte read behind it is found, and an arena.
 */
#ifndef TRIAGE_FUZZ_H
#define TRIAGE_FUZZ_H

#include "../../src/base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must not be. */
static inline void
fuzz_expect(bool condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "_fuzz: %s\n", what);
        abort();
    }
}

/* A text that people can be shown: UTF-8 without NUL. */
static inline void
fuzz_expect_words(triage_text_t text)
{
    const char *next = text.data;
    const char *end = text.len > 0 ? next + text.len : next;

    while (next < end) {
        unsigned len = triage_utf8_length(next, end);

        fuzz_expect(len > 0 && *next != '\0', "words that are none");
        next += len;
    }
}

#endif
