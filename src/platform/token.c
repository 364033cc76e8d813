#include "token.h"

static void *
open_options(triage_arena_t *arena)
{
    return triage_arena_zero(arena, sizeof(triage_jwt_options_t));
}

static const char *
set_option(void *options, triage_text_t name, triage_text_t value,
           triage_arena_t *arena)
{
    return triage_jwt_options_set(options, name, value, arena);
}

static const char *
check_options(const void *options)
{
    const triage_jwt_options_t *jwt = options;

    return jwt->key_count == 0 || jwt->audience.len == 0
               ? "expected jwks and audience"
               : NULL;
}

static const char *
check_account_options(const void *options)
{
    const triage_jwt_options_t *jwt = options;

    return check_options(options) != NULL || jwt->email.len == 0
               ? "expected jwks, audience and email"
               : NULL;
}

const triage_platform_options_t triage_token_options = {
    .open = open_options,
    .set = set_option,
    .check = check_options,
};

const triage_platform_options_t triage_account_token_options = {
    .open = open_options,
    .set = set_option,
    .check = check_account_options,
};
