/*
 * What Meta's products have in common: the handshake, the signature, and the
 * envelope of Facebook, Instagram and WhatsApp (an object name, entries, and
 * in each a few lists).  Knows nothing of what is in the lists.
 */
#ifndef TRIAGE_META_H
#define TRIAGE_META_H

#include "reader.h"

/* Of a body that is being read. */
typedef struct {
    const triage_reader_t *reader;
    triage_text_t digest; /* stands for the body; made at first use */
    /* of the entry that is being read: */
    triage_text_t entry_id;
    int64_t entry_time;
} triage_meta_t;

/* Reads one object of a list of an entry. */
typedef void (*triage_meta_read_pt)(triage_meta_t *meta,
                                    const triage_json_t *item);

typedef struct {
    const char *name; /* of a list in an entry: "changes" */
    triage_meta_read_pt read;
} triage_meta_list_t;

typedef struct {
    const char *object;          /* "page" */
    triage_meta_list_t lists[4]; /* ends in a NULL name */
} triage_meta_family_t;

/* The GET with hub.mode, hub.verify_token and hub.challenge. */
triage_outcome_t triage_meta_challenge(const triage_delivery_t *delivery,
                                       const triage_source_t *source,
                                       triage_arena_t *arena,
                                       triage_reply_t *reply);
/* X-Hub-Signature-256; SHA-1 alone is not enough. */
triage_outcome_t triage_meta_verify(const triage_delivery_t *delivery,
                                    const triage_source_t *source,
                                    triage_arena_t *arena);
triage_outcome_t triage_meta_sign(const triage_delivery_t *delivery,
                                  const triage_source_t *source,
                                  triage_arena_t *arena,
                                  triage_signing_t *signing);

/* Walks the entries and hands each item of each list to its reader.  OK, or
 * MALFORMED, or NO_MEMORY. */
triage_outcome_t triage_meta_parse(const triage_meta_family_t *family,
                                   const triage_delivery_t *delivery,
                                   const triage_source_t *source,
                                   triage_arena_t *arena,
                                   triage_reading_t *reading);

/* A message at the end of the reading with account and time of the entry;
 * NULL without memory or when there are too many. */
triage_message_t *triage_meta_add(triage_meta_t *meta);

/* Reads one value of a change of a field. */
typedef void (*triage_meta_value_pt)(triage_meta_t *meta,
                                     const triage_json_t *field,
                                     const triage_json_t *value);

/* Hands each value of a change, which is one or a list, to `read`.  A change
 * that is empty, or that has no reader (NULL), is noted as OTHER. */
void triage_meta_read_values(triage_meta_t *meta, const triage_json_t *change,
                             triage_meta_value_pt read);

/* To be called when a message was read: gives it a message_id if it has
 * none. */
void triage_meta_finish(triage_meta_t *meta, triage_message_t *message);

/* A kind OTHER message for an event that has no reader.  `name` says what it
 * was and must live in the arena or for ever. */
void triage_meta_add_other(triage_meta_t *meta, triage_text_t name);

/* Notes that something in the body could not be read; the first counts. */
void triage_meta_problem(triage_meta_t *meta, const char *why);

/* Seconds, milliseconds or ISO 8601: Meta uses all three, sometimes for the
 * same field, and no time of ours can be taken for another. */
int64_t triage_meta_time(const triage_json_t *value);

/* Is this the brand itself, as far as `account` or the source know? */
bool triage_meta_is_brand(const triage_meta_t *meta, triage_text_t author,
                          triage_text_t account);

#endif
