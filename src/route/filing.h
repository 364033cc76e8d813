/*
 * A message with all that is filed with it: what the intake hands to the
 * store.
 */
#ifndef TRIAGE_FILING_H
#define TRIAGE_FILING_H

#include "router.h"

typedef struct {
    const triage_message_t *message;
    triage_score_t score;
    const triage_queue_t *queue; /* NULL for kinds that nobody waits for */
    const triage_rise_t *rises;  /* in the arena, as triage_router_rises */
    size_t rise_count;
} triage_filing_t;

#endif
