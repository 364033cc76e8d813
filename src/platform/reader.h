/*
 * What the parsers of platforms that send JSON have in common: the document
 * is opened and closed here, and ids, words and times are taken out of it by
 * their paths.  For flat webhooks; nothing here knows a platform.
 */
#ifndef TRIAGE_READER_H
#define TRIAGE_READER_H

#include "key.h"

typedef struct {
    const triage_delivery_t *delivery;
    const triage_source_t *source;
    triage_arena_t *arena;
    triage_reading_t *reading;
} triage_reader_t;

/* Reads an object; what is returned becomes the outcome, unless memory ran
 * short meanwhile. */
typedef triage_outcome_t (*triage_reader_pt)(const triage_reader_t *reader,
                                             const triage_json_t *object);

/* Opens the body, which must be an object, and lets `read` read it. */
triage_outcome_t triage_reader_open(const triage_reader_t *reader,
                                    triage_reader_pt read);
/* The same with another text than the body: JSON within JSON. */
triage_outcome_t triage_reader_open_text(const triage_reader_t *reader,
                                         triage_text_t text,
                                         triage_reader_pt read);

/* A key for a delivery that carries no id: the same when it comes again. */
triage_text_t triage_reader_digest(const triage_reader_t *reader);

/* A new message at the end of the reading, with the source's account; NULL
 * when memory is short. */
triage_message_t *triage_reader_add(const triage_reader_t *reader);

/* What is at `path` ("a.b.c") of an object, in the arena: an id (string or
 * number, not empty), a string, a string of HTML as plain text. */
triage_text_t triage_reader_id(const triage_reader_t *reader,
                               const triage_json_t *object, const char *path);
triage_text_t triage_reader_text(const triage_reader_t *reader,
                                 const triage_json_t *object,
                                 const char *path);
/* The first of some paths (ends in NULL) where there is an id. */
triage_text_t triage_reader_first(const triage_reader_t *reader,
                                  const triage_json_t *object,
                                  const char *const *paths);
triage_text_t triage_reader_html(const triage_reader_t *reader,
                                 const triage_json_t *object,
                                 const char *path);
/* A header of the delivery. */
triage_text_t triage_reader_header(const triage_reader_t *reader,
                                   const char *name);
/* A count there; TRIAGE_UNKNOWN where there is none or a negative one. */
int64_t triage_reader_count(const triage_json_t *object, const char *path);
/* An ISO 8601 time there. */
int64_t triage_reader_iso(const triage_json_t *object, const char *path);

/* What a platform calls a kind of event; a list of them ends in a NULL
 * name. */
typedef struct {
    const char *name;
    triage_kind_t kind;
} triage_kind_row_t;

/* The kind of the event with that name; OTHER where it is not in the list. */
triage_kind_t triage_reader_kind(const triage_json_t *name,
                                 const triage_kind_row_t *rows);

/* Is it one of the brand's own ids or handles? */
bool triage_reader_is_brand(const triage_reader_t *reader, triage_text_t id);

#endif
