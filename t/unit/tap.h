/*
 * TAP for C tests: `ok(condition, "what")`, and `return done_testing();` at
 * the end of main.
 */
#ifndef TRIAGE_TAP_H
#define TRIAGE_TAP_H

#include <stdbool.h>
#include <stdio.h>

static unsigned tap_count, tap_failed;

static inline bool
tap_ok(bool is_good, const char *what, const char *file, int line)
{
    tap_count++;
    printf("%sok %u - %s\n", is_good ? "" : "not ", tap_count, what);

    if (!is_good) {
        tap_failed++;
        printf("#   at %s line %d\n", file, line);
    }
    fflush(stdout);

    return is_good;
}

#define ok(condition, what) tap_ok((condition), (what), __FILE__, __LINE__)

static inline int
done_testing(void)
{
    printf("1..%u\n", tap_count);

    return tap_failed != 0;
}

#endif
