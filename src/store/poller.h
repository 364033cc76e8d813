/*
 * A loop on poll(), for the command line and the tests.  nginx has its own.
 */
#ifndef TRIAGE_POLLER_H
#define TRIAGE_POLLER_H

#include "loop.h"

typedef struct triage_poller_s triage_poller_t;

/* NULL without memory. */
triage_poller_t *triage_poller_new(void);
/* Waits for the tasks that run. */
void triage_poller_free(triage_poller_t *poller);

/* To lend to a store, which must be closed before the poller is freed. */
const triage_loop_t *triage_poller_loop(triage_poller_t *poller);

/* One turn: waits for something to happen, `wait_ms` at most. */
void triage_poller_turn(triage_poller_t *poller, int wait_ms);
/* Every waiter is told to close, as nginx does at worker_shutdown_timeout.
 */
void triage_poller_close_all(triage_poller_t *poller);

#endif
