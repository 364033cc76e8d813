#include "platform_options.h"

#include "../base/jwt.h"

#include <string.h>

typedef struct {
    const char *platform;
    size_t size; /* all zero is the default */
    const char *(*set)(void *options, triage_text_t name,
                       triage_text_t value, triage_arena_t *arena);
} row_t;

static const char *
set_jwt(void *options, triage_text_t name, triage_text_t value,
        triage_arena_t *arena)
{
    (void) arena;

    if (!triage_jwt_options_set(options, name, value)) {
        return "expected jwks, issuer, audience or email";
    }

    return NULL;
}

static const row_t rows[] = {
    { "google-business", sizeof(triage_jwt_options_t), set_jwt },
    { "teams", sizeof(triage_jwt_options_t), set_jwt },
};

static const row_t *
find_row(const triage_platform_t *platform)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].platform, platform->name) == 0) {
            return &rows[i];
        }
    }

    return NULL;
}

void *
triage_platform_options_make(const triage_platform_t *platform,
                             triage_arena_t *arena)
{
    const row_t *row = find_row(platform);

    return row != NULL ? triage_arena_zero(arena, row->size) : NULL;
}

const char *
triage_platform_options_set(const triage_platform_t *platform, void *options,
                            triage_text_t name, triage_text_t value,
                            triage_arena_t *arena)
{
    const row_t *row = find_row(platform);

    if (row == NULL || options == NULL) {
        return "this platform has no options";
    }

    return row->set(options, name, value, arena);
}
