/*
 * A task with memory of its own, which its owner may leave behind: nginx
 * stops its threads when it likes, before or after we are told.
 */
#ifndef TRIAGE_CHORE_H
#define TRIAGE_CHORE_H

#include <stddef.h>

#include "loop.h"

typedef struct triage_chore_s triage_chore_t;

/* `work` is called in a thread, then `done` in the loop, each with `data`,
 * which has `size` bytes, all zero at first.  NULL without memory. */
triage_chore_t *triage_chore_new(size_t size, void (*work)(void *data),
                                 void (*done)(void *owner, void *data),
                                 void *owner);
void *triage_chore_data(triage_chore_t *chore);
/* False when no thread can be had.  Can be started again when done. */
TRIAGE_MUST_CHECK bool triage_chore_start(triage_chore_t *chore,
                                          const triage_loop_t *loop);

/* `done` will not be called any more.  Waits for work that has begun, and
 * prevents what has not: false then, if it was started at all. */
bool triage_chore_stop(triage_chore_t *chore);
/* After the stop; the data are gone. */
void triage_chore_free(triage_chore_t *chore);

#endif
