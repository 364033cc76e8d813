/*
 * What X's three products have in common: people, times and keys.  v1.1 and
 * v2 name the same things differently, and one delivery can hold both.
 */
#ifndef TRIAGE_X_H
#define TRIAGE_X_H

#include "reader.h"

/* Of the event that is being read. */
typedef struct {
    const triage_reader_t *reader;
    triage_text_t account; /* the subscribed user */
    triage_text_t key;     /* the event's own, if X gives one */
    triage_text_t digest;  /* stands for the body */
} triage_x_t;

/* Account Activity: arrays of v1.1 objects under their names. */
triage_outcome_t triage_x_read_account(const triage_reader_t *reader,
                                       const triage_json_t *body);
/* X Activity and filtered stream: one event of v2 objects in `data`. */
triage_outcome_t triage_x_read_activity(const triage_reader_t *reader,
                                        const triage_json_t *body);

/* `users` holds the people by their id. */
void triage_x_read_direct(const triage_x_t *x, const triage_json_t *event,
                          const triage_json_t *users);

/* A message at the end of the reading; NULL without memory or when there
 * are too many. */
triage_message_t *triage_x_add(const triage_x_t *x, triage_kind_t kind);
/* Gives the message its keys.  `own` is the id of what was delivered, which
 * for edits and reactions is not the message spoken of; `what` tells several
 * events of one id apart. */
void triage_x_finish(const triage_x_t *x, triage_message_t *message,
                     triage_text_t own, const char *what);

/* When, by whichever member says it. */
int64_t triage_x_time(const triage_json_t *object);
/* Objects come bare or as {"data": {...}}. */
const triage_json_t *triage_x_unwrap(const triage_json_t *object);
/* Fills what is said of the author; absent is allowed. */
void triage_x_read_author(const triage_x_t *x, const triage_json_t *user,
                          triage_message_t *message);
bool triage_x_is_brand(const triage_x_t *x, triage_text_t author);
/* The words, which X escapes once (&amp; &lt; &gt;). */
triage_text_t triage_x_text(const triage_x_t *x, const triage_json_t *value);
triage_text_t triage_x_language(const triage_x_t *x,
                                const triage_json_t *post);

#endif
