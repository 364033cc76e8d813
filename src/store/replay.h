/*
 * Dead letters that an operator wants read again: asks the database for
 * them now and then, has them read and put, and tells the database when
 * what was in them is kept.
 */
#ifndef TRIAGE_REPLAY_H
#define TRIAGE_REPLAY_H

#include "link.h"

typedef struct triage_replayer_s triage_replayer_t;

typedef struct {
    const triage_store_options_t *options;
    const triage_loop_t *loop;
    triage_replay_pt replay;
    void *context;
    /* The ticket of the last parcel that was put; NULL when none was since
     * the last call. */
    triage_ticket_t *(*last_put)(void *owner);
    /* There is something to ask or tell. */
    void (*due)(void *owner);
    void *owner;
} triage_replay_setup_t;

triage_replayer_t *triage_replayer_open(const triage_replay_setup_t *setup);
void triage_replayer_close(triage_replayer_t *replayer);

/* Gives an IDLE link that nobody waits for something to do.  False when
 * there is nothing to ask or tell. */
bool triage_replayer_use(triage_replayer_t *replayer, triage_link_t *link);
/* A parcel was kept, or was not; `failure`, a literal: as a dead letter
 * once more. */
void triage_replayer_settled(triage_replayer_t *replayer,
                             const triage_ticket_t *ticket, bool is_kept,
                             const char *failure);
/* No more questions: the worker stops. */
void triage_replayer_stop(triage_replayer_t *replayer);

#endif
