/*
 * A delivery and where it comes from, as the options of a command describe
 * them: what a location and a request are in nginx.
 */
#ifndef TRIAGE_ORIGIN_H
#define TRIAGE_ORIGIN_H

#include "../platform/platform.h"
#include "options.h"

/* First in the settings of each command that uses triage_origin_options. */
typedef struct {
    triage_list_t headers; /* "Name: value" */
    triage_list_t brand_ids;
    triage_list_t options; /* "name=value" */
    const char *secret;    /* files */
    const char *token;
    const char *options_file; /* "name value" lines */
    const char *account;
    const char *brand;
    const char *url;
    const char *query;
    const char *method;
    int64_t now;       /* seconds since 1970; below 0: the clock's */
    int64_t tolerance; /* seconds; 0: the platform's own rule */
} triage_origin_settings_t;

#define TRIAGE_ORIGIN_DEFAULTS                                                \
    {                                                                         \
        .now = -1                                                             \
    }

extern const triage_option_t triage_origin_options[];

typedef struct triage_origin_s triage_origin_t;
struct triage_origin_s {
    const char *command;
    const triage_origin_settings_t *settings;
    const triage_platform_t *platform;
    triage_source_t source;
    triage_delivery_t delivery; /* all but the body */
    triage_keyring_t *brand_ids;
    triage_heap_t heap; /* lives as long as the origin */
    triage_arena_t arena;
};

/* The platform by its name, its secrets and the request's head.  False
 * after a complaint.  To be closed in either case. */
TRIAGE_MUST_CHECK bool
triage_origin_open(triage_origin_t *origin, const char *command,
                   const char *platform,
                   const triage_origin_settings_t *settings);
void triage_origin_close(triage_origin_t *origin);
void triage_origin_settings_free(triage_origin_settings_t *settings);

/* µs since 1970: --now, else the clock. */
int64_t triage_origin_now(const triage_origin_settings_t *settings);

#endif
