/*
 * What a link does when nobody waits for it: has dead letters read again, has
 * the database do what time demands, asks for the published waits.
 */
#ifndef TRIAGE_ERRANDS_H
#define TRIAGE_ERRANDS_H

#include "replay.h"
#include "ticker.h"
#include "waits.h"

/* Owned by it; NULL where it is not wanted. */
typedef struct {
    triage_replayer_t *replayer;
    triage_ticker_t *ticker;
    triage_waits_t *waits;
} triage_errands_t;

/* Gives an IDLE link one of them, if there is one to do. */
void triage_errands_use(const triage_errands_t *errands, triage_link_t *link);
/* The same before any delivery, for what has been due for too long.  False
 * when nothing has. */
bool triage_errands_use_overdue(const triage_errands_t *errands,
                                triage_link_t *link);

/* No more questions: the worker stops. */
void triage_errands_stop(const triage_errands_t *errands);
void triage_errands_close(triage_errands_t *errands);

#endif
