/*
 * Finds what the options of `custom` point at, in one delivery.
 */
#ifndef TRIAGE_CUSTOM_VALUE_H
#define TRIAGE_CUSTOM_VALUE_H

#include "custom.h"
#include "reader.h"

/* Where values are looked for: the delivery, and one item of it. */
typedef struct {
    const triage_reader_t *reader;
    const triage_custom_t *custom;
    const triage_json_t *root; /* NULL: a form */
    const triage_json_t *item;
    triage_form_t form;
} triage_custom_scope_t;

/* What stands at a place: JSON too where it comes out of JSON. */
typedef struct {
    const triage_json_t *json;
    triage_text_t text;
} triage_custom_found_t;

/* The first choice of which something is there; its parts with `between`
 * between them.  No text when there is none. */
triage_text_t triage_custom_text(const triage_custom_scope_t *scope,
                                 const triage_custom_value_t *value,
                                 triage_text_t between);
/* The same with colons, and with blanks. */
triage_text_t triage_custom_id(const triage_custom_scope_t *scope,
                               const triage_custom_value_t *value);
triage_text_t triage_custom_name(const triage_custom_scope_t *scope,
                                 const triage_custom_value_t *value);

/* The first choice that is there, as it stands: for what is no text. */
triage_custom_found_t triage_custom_find(const triage_custom_scope_t *scope,
                                         const triage_custom_value_t *value);

/* A count from 0 on, or TRIAGE_UNKNOWN. */
int64_t triage_custom_count(const triage_custom_scope_t *scope,
                            const triage_custom_value_t *value);
/* There, and not false, empty or 0. */
bool triage_custom_flag(const triage_custom_scope_t *scope,
                        const triage_custom_value_t *value);
/* 0, 1 or TRIAGE_UNKNOWN. */
int64_t triage_custom_verdict(const triage_custom_scope_t *scope,
                              const triage_custom_value_t *value);

#endif
