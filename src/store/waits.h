/*
 * The published waits, read from the database now and then: for whoever
 * shows them.
 */
#ifndef TRIAGE_WAITS_H
#define TRIAGE_WAITS_H

#include "link.h"

typedef struct triage_waits_s triage_waits_t;

typedef struct {
    const triage_store_options_t *options;
    const triage_loop_t *loop;
    triage_waits_reader_t reader;
    /* It is time to ask. */
    void (*due)(void *owner);
    void *owner;
} triage_waits_setup_t;

triage_waits_t *triage_waits_open(const triage_waits_setup_t *setup);
void triage_waits_close(triage_waits_t *waits);

/* Gives an IDLE link something to do.  False when there is nothing. */
bool triage_waits_use(triage_waits_t *waits, triage_link_t *link);
/* No more questions: the worker stops. */
void triage_waits_stop(triage_waits_t *waits);

#endif
