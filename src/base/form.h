/*
 * Query strings and form bodies: name=value&name=value, percent-encoded.
 */
#ifndef TRIAGE_FORM_H
#define TRIAGE_FORM_H

#include "arena.h"

typedef struct {
    triage_text_t name;  /* decoded */
    triage_text_t value; /* decoded; empty where there is no `=` */
} triage_field_t;

typedef struct {
    triage_field_t *fields;
    size_t count;
} triage_form_t;

/* Decodes into the arena: `+` is a blank, a `%` that starts no escape stays.
 * Fields beyond 1,024 are left out and `false` is returned (as it is when
 * memory is short). */
bool triage_form_read(triage_text_t text, triage_arena_t *arena,
                      triage_form_t *form);
/* The first field of that name; no text when there is none. */
triage_text_t triage_form_get(const triage_form_t *form, const char *name);

/* The same as words: valid UTF-8 without NUL, U+FFFD for what is not.  No
 * text for an empty field too. */
triage_text_t triage_form_text(const triage_form_t *form, const char *name,
                               triage_arena_t *arena);

/* One argument of a query string, decoded to the arena. */
triage_text_t triage_query_get(triage_text_t query, const char *name,
                               triage_arena_t *arena);

#endif
