/*
 * What some platforms need to be told beside secrets, as `--option
 * name=value`: the same names as in nginx.conf.
 */
#ifndef TRIAGE_PLATFORM_OPTIONS_H
#define TRIAGE_PLATFORM_OPTIONS_H

#include "../platform/platform.h"

/* The options of a platform, all at their defaults, in the arena; NULL when
 * the platform has none. */
void *triage_platform_options_make(const triage_platform_t *platform,
                                   triage_arena_t *arena);
/* NULL, or what was expected, a literal. */
const char *triage_platform_options_set(const triage_platform_t *platform,
                                        void *options, triage_text_t name,
                                        triage_text_t value,
                                        triage_arena_t *arena);

#endif
