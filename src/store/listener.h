/*
 * One connection that listens to the channel `triage`, where the database
 * says that something changed.
 *
 * Comes up again by itself, and asks now and then whether the server is
 * still there: what is said while it is away is lost, so whoever listens is
 * told when to look for themselves.
 */
#ifndef TRIAGE_LISTENER_H
#define TRIAGE_LISTENER_H

#include "statements.h"

typedef struct triage_listener_s triage_listener_t;

typedef struct {
    const triage_conninfo_t *conninfo;
    uint32_t timeout_ms; /* of a connect, and of a question */
    uint32_t ping_ms;    /* between two questions */
    unsigned worker;     /* jitter */
    void (*report)(void *context, int level, const char *what,
                   const char *detail);
    /* Something was said.  The payload is valid during the call. */
    void (*heard)(void *context, const char *payload);
    /* It listens now, and did not before: anything may have changed. */
    void (*joined)(void *context);
    void *context;
} triage_listener_options_t;

/* NULL without memory. */
triage_listener_t *
triage_listener_open(const triage_listener_options_t *options,
                     const triage_loop_t *loop);
void triage_listener_close(triage_listener_t *listener);

#endif
