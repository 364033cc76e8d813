/*
 * Opens a scorer as the command line asks for it, and reads messages from
 * lines of text.
 */
#ifndef TRIAGE_SCORING_H
#define TRIAGE_SCORING_H

#include "../score/scorer.h"
#include "options.h"

typedef struct {
    const char *model;   /* a file; NULL: the shipped weights */
    const char *phrases; /* a directory of lists; NULL: the built-in ones */
} triage_scoring_settings_t;

/* A scorer and what it lies in.  Zero-filled is closed. */
typedef struct {
    triage_scorer_t *scorer;
    triage_buffer_t model;
} triage_scoring_t;

/* False after it said on stderr what is wrong. */
TRIAGE_MUST_CHECK bool
triage_scoring_open(triage_scoring_t *scoring, const char *command,
                    const triage_scoring_settings_t *settings);
void triage_scoring_close(triage_scoring_t *scoring);

/* A message that only has a text, said to the brand in public. */
void triage_message_of_text(triage_message_t *message, triage_text_t id,
                            triage_text_t text);
/* From JSON with the field names of DESIGN section 6; fields that are not
 * there keep what triage_message_of_text gives, and *platform is no text
 * without one.  NULL, or what is wrong. */
const char *triage_message_of_json(triage_message_t *message,
                                   triage_text_t *platform, triage_text_t json,
                                   triage_arena_t *arena);

#endif
