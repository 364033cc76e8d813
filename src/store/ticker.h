/*
 * What the database has to do regularly (triage.tick): one of the callers,
 * on whatever host, does it, the others look now and then whether it still
 * does.
 */
#ifndef TRIAGE_TICKER_H
#define TRIAGE_TICKER_H

#include "link.h"

typedef struct triage_ticker_s triage_ticker_t;

typedef struct {
    const triage_store_options_t *options;
    const triage_loop_t *loop;
    /* It is time to ask. */
    void (*due)(void *owner);
    void *owner;
} triage_ticker_setup_t;

triage_ticker_t *triage_ticker_open(const triage_ticker_setup_t *setup);
void triage_ticker_close(triage_ticker_t *ticker);

/* It has been time for so long that deliveries should wait for it. */
bool triage_ticker_is_overdue(const triage_ticker_t *ticker);
/* Gives an IDLE link something to do.  False when there is nothing. */
bool triage_ticker_use(triage_ticker_t *ticker, triage_link_t *link);
/* No more questions: the worker stops. */
void triage_ticker_stop(triage_ticker_t *ticker);

#endif
