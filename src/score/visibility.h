/*
 * How many people will see whether the brand answers: who could read the
 * message, guessed from its author, and who already did, measured.
 *
 * It never changes urgency, and no term of it depends on the text but the
 * presence of a link.
 */
#ifndef TRIAGE_VISIBILITY_H
#define TRIAGE_VISIBILITY_H

#include "scorer.h"

#define TRIAGE_VISIBILITY_TERMS 8

/* Fills `terms` and returns their number; none for a private message. */
size_t triage_visibility_terms(const triage_message_t *message, bool has_link,
                               triage_term_t *terms);

#endif
