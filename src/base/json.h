/*
 * Reads JSON; the only owner of jansson.
 *
 * A document is opened and closed in the same function, and in one thread of
 * the process only; what outlives it is copied to an arena.  Every getter
 * takes NULL and returns "absent" for it, so that a path can be walked without
 * a check at each step.
 *
 * Forgiving where people's words would be lost otherwise: a BOM is skipped,
 * NUL, lone surrogates and bytes that are no UTF-8 become U+FFFD, integers
 * beyond 64 bits and reals beyond a double become strings of their digits.
 * Not forgiven: more than 2,048 levels, text after the document, a document
 * that is neither an object nor an array.
 */
#ifndef TRIAGE_JSON_H
#define TRIAGE_JSON_H

#include "arena.h"

typedef struct triage_json_s triage_json_t; /* a value inside a document */

/* NULL when `text` is no JSON, with a literal in *why. */
triage_json_t *triage_json_open(triage_text_t text, const char **why);
void triage_json_close(triage_json_t *document);

const triage_json_t *triage_json_at(const triage_json_t *object,
                                    const char *name);
/* Walks names separated by dots: "message.reply_to.mid". */
const triage_json_t *triage_json_path(const triage_json_t *object,
                                      const char *path);
/* RFC 6901: "/message/0/text"; "" is the value itself. */
const triage_json_t *triage_json_pointer(const triage_json_t *value,
                                         triage_text_t pointer);

/* Elements of an array.  Anything else but null and absent counts as an
 * array of itself: platforms unwrap lists of one. */
size_t triage_json_count(const triage_json_t *array);
const triage_json_t *triage_json_item(const triage_json_t *array, size_t i);

/* Members of an object, in no order: `*iterator` starts as NULL.  Returns
 * NULL at the end.  The name lives as long as the document. */
const triage_json_t *triage_json_next(const triage_json_t *object,
                                      void **iterator, triage_text_t *name);

bool triage_json_is_object(const triage_json_t *value);
bool triage_json_is_array(const triage_json_t *value);
bool triage_json_is_string(const triage_json_t *value);
bool triage_json_is_true(const triage_json_t *value); /* true itself */
bool triage_json_is_bool(const triage_json_t *value);

/* A string or an integer as text, copied to the arena; anything else is no
 * text.  NUL becomes U+FFFD.  The one way to read an id. */
triage_text_t triage_json_text(const triage_json_t *value,
                               triage_arena_t *arena);
/* The same, and an empty string is no text either. */
triage_text_t triage_json_id(const triage_json_t *value,
                             triage_arena_t *arena);
/* A string without a copy: valid until the document is closed. */
triage_text_t triage_json_peek(const triage_json_t *value);
bool triage_json_equals(const triage_json_t *value, const char *string);

/* An integer, a real without a fraction, or a string of digits. */
bool triage_json_to_int64(const triage_json_t *value, int64_t *number);
/* The same with a default for everything that is no number. */
int64_t triage_json_number(const triage_json_t *value, int64_t otherwise);
bool triage_json_to_double(const triage_json_t *value, double *number);

#endif
