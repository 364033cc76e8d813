#include "chore.h"

#include <pthread.h>
#include <stdlib.h>

typedef enum {
    IDLE = 0,
    STARTED,  /* waits for its thread */
    WORKING,  /* in the thread */
    WORKED,   /* `done` is to come */
    CANCELLED /* must not begin any more */
} phase_t;

struct triage_chore_s {
    triage_task_t task;    /* first: the loop gives it back */
    pthread_mutex_t mutex; /* of phase */
    pthread_cond_t worked;
    phase_t phase;
    bool is_freed; /* by its owner: by us when the loop has done with it */
    void (*work)(void *data);
    void (*done)(void *owner, void *data);
    void *owner;
    max_align_t data[];
};

static phase_t
phase_of(triage_chore_t *chore)
{
    phase_t phase;

    pthread_mutex_lock(&chore->mutex);
    phase = chore->phase;
    pthread_mutex_unlock(&chore->mutex);

    return phase;
}

static void
set_phase(triage_chore_t *chore, phase_t phase)
{
    pthread_mutex_lock(&chore->mutex);
    chore->phase = phase;
    pthread_cond_signal(&chore->worked);
    pthread_mutex_unlock(&chore->mutex);
}

static void
run(triage_task_t *task)
{
    triage_chore_t *chore = (triage_chore_t *) task;
    bool is_cancelled;

    pthread_mutex_lock(&chore->mutex);
    is_cancelled = chore->phase == CANCELLED;
    if (!is_cancelled) {
        chore->phase = WORKING;
    }
    pthread_mutex_unlock(&chore->mutex);

    if (!is_cancelled) {
        chore->work(chore->data);
        set_phase(chore, WORKED);
    }
}

static void
destroy(triage_chore_t *chore)
{
    pthread_mutex_destroy(&chore->mutex);
    pthread_cond_destroy(&chore->worked);
    free(chore);
}

static void
done(triage_task_t *task)
{
    triage_chore_t *chore = (triage_chore_t *) task;

    set_phase(chore, IDLE);
    if (chore->is_freed) {
        destroy(chore);
    } else if (chore->done != NULL) {
        chore->done(chore->owner, chore->data);
    }
}

triage_chore_t *
triage_chore_new(size_t size, void (*work)(void *data),
                 void (*done_with)(void *owner, void *data), void *owner)
{
    triage_chore_t *chore = calloc(1, sizeof(*chore) + size);

    if (chore == NULL) {
        return NULL;
    }

    chore->task = (triage_task_t){ .run = run, .done = done };
    pthread_mutex_init(&chore->mutex, NULL);
    pthread_cond_init(&chore->worked, NULL);
    chore->work = work;
    chore->done = done_with;
    chore->owner = owner;

    return chore;
}

void *
triage_chore_data(triage_chore_t *chore)
{
    return chore->data;
}

bool
triage_chore_start(triage_chore_t *chore, const triage_loop_t *loop)
{
    set_phase(chore, STARTED);
    if (loop->run(loop->loop, &chore->task)) {
        return true;
    }

    set_phase(chore, IDLE);

    return false;
}

bool
triage_chore_stop(triage_chore_t *chore)
{
    bool has_worked;

    chore->done = NULL;
    pthread_mutex_lock(&chore->mutex);
    if (chore->phase == STARTED) {
        chore->phase = CANCELLED;
    }
    while (chore->phase == WORKING) {
        pthread_cond_wait(&chore->worked, &chore->mutex);
    }
    has_worked = chore->phase != CANCELLED;
    pthread_mutex_unlock(&chore->mutex);

    return has_worked;
}

void
triage_chore_free(triage_chore_t *chore)
{
    if (chore == NULL) {
        return;
    }

    if (phase_of(chore) == IDLE) {
        destroy(chore);
    } else {
        chore->is_freed = true; /* the loop still knows it */
    }
}
