/*
 * How many people will see whether the brand answers: who could read the
 * message, guessed from its author and its platform, and who already did,
 * measured.
 *
 * It never changes urgency.  Of the text only the length and the presence of
 * a link count.
 */
#ifndef TRIAGE_VISIBILITY_H
#define TRIAGE_VISIBILITY_H

#include "scorer.h"
#include "words.h"

#define TRIAGE_VISIBILITY_TERMS 8

/* Fills `terms` and returns their number; none for a private message. */
size_t triage_visibility_terms(triage_text_t platform,
                               const triage_message_t *message,
                               const triage_shapes_t *shapes,
                               triage_term_t *terms);

#endif
