#include "poller.h"

#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { WAITERS_MAX = 32, CALLS_MAX = 32, TASKS_MAX = 8 };

/* A waiter's place, and what it waits for. */
typedef struct {
    triage_waiter_t *waiter; /* NULL: free */
    int fd;
    unsigned events; /* 0: none */
    int64_t due_ms;  /* on the steady clock; 0: no alarm */
} place_t;

typedef struct {
    void (*call)(void *data);
    void *data;
} call_t;

typedef struct {
    triage_task_t *task; /* NULL: free */
    triage_poller_t *poller;
    pthread_t thread;
} worker_t;

struct triage_poller_s {
    triage_loop_t loop;
    place_t places[WAITERS_MAX];
    call_t calls[CALLS_MAX];
    size_t call_count;
    worker_t workers[TASKS_MAX];
    int ended[2]; /* a pipe: workers that are through with their task */
};

static int64_t
clock_us(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);

    return (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static place_t *
place_of(triage_poller_t *poller, triage_waiter_t *waiter)
{
    size_t i;

    if (waiter->handle != NULL) {
        return waiter->handle;
    }

    for (i = 0; i < WAITERS_MAX; i++) {
        if (poller->places[i].waiter == NULL) {
            poller->places[i] = (place_t){ .waiter = waiter, .fd = -1 };
            waiter->handle = &poller->places[i];
            return waiter->handle;
        }
    }

    return NULL;
}

static void
leave_if_unused(place_t *place)
{
    if (place->events == 0 && place->due_ms == 0 && place->waiter != NULL) {
        place->waiter->handle = NULL;
        place->waiter = NULL;
    }
}

static bool
watch(void *loop, triage_waiter_t *waiter, int fd, unsigned events)
{
    place_t *place = place_of(loop, waiter);

    if (place == NULL) {
        return false;
    }

    place->fd = fd;
    place->events = events;

    return true;
}

static void
forget(void *loop, triage_waiter_t *waiter)
{
    place_t *place = waiter->handle;

    (void) loop;
    if (place != NULL) {
        place->events = 0;
        leave_if_unused(place);
    }
}

static void
set_alarm(void *loop, triage_waiter_t *waiter, uint32_t ms, bool holds_exit)
{
    place_t *place;

    (void) holds_exit; /* the caller decides when it leaves */
    if (ms == 0 && waiter->handle == NULL) {
        return;
    }

    place = place_of(loop, waiter);
    if (place == NULL) {
        abort(); /* more waiters than a store has */
    }

    place->due_ms = ms == 0 ? 0 : clock_us(CLOCK_MONOTONIC) / 1000 + ms;
    leave_if_unused(place);
}

static void
defer(void *loop, void (*call)(void *data), void *data)
{
    triage_poller_t *poller = loop;

    if (poller->call_count == CALLS_MAX) {
        abort(); /* more than a store has */
    }

    poller->calls[poller->call_count++] = (call_t){ call, data };
}

static void *
work(void *data)
{
    worker_t *worker = data;

    worker->task->run(worker->task);
    while (write(worker->poller->ended[1], &worker, sizeof(worker)) < 0) {
    }

    return NULL;
}

static bool
run(void *loop, triage_task_t *task)
{
    triage_poller_t *poller = loop;
    size_t i;

    for (i = 0; i < TASKS_MAX; i++) {
        worker_t *worker = &poller->workers[i];

        if (worker->task == NULL) {
            *worker = (worker_t){ .task = task, .poller = poller };
            if (pthread_create(&worker->thread, NULL, work, worker) != 0) {
                worker->task = NULL;
            }
            return worker->task != NULL;
        }
    }

    return false;
}

static int64_t
now(void *loop)
{
    (void) loop;

    return clock_us(CLOCK_REALTIME);
}

triage_poller_t *
triage_poller_new(void)
{
    triage_poller_t *poller = calloc(1, sizeof(*poller));

    if (poller == NULL) {
        return NULL;
    }

    if (pipe(poller->ended) != 0) {
        free(poller);
        return NULL;
    }

    poller->loop = (triage_loop_t){ .watch = watch,
                                    .forget = forget,
                                    .alarm = set_alarm,
                                    .defer = defer,
                                    .run = run,
                                    .now = now,
                                    .loop = poller };

    return poller;
}

const triage_loop_t *
triage_poller_loop(triage_poller_t *poller)
{
    return &poller->loop;
}

/* --- a turn ------------------------------------------------------------- */

static void
end_task(triage_poller_t *poller)
{
    worker_t *worker;
    triage_task_t *task;

    if (read(poller->ended[0], &worker, sizeof(worker)) != sizeof(worker)) {
        return;
    }

    task = worker->task;
    pthread_join(worker->thread, NULL);
    worker->task = NULL;
    task->done(task);
}

static void
call_deferred(triage_poller_t *poller)
{
    call_t calls[CALLS_MAX];
    size_t count = poller->call_count;
    size_t i;

    for (i = 0; i < count; i++) {
        calls[i] = poller->calls[i];
    }
    poller->call_count = 0;

    for (i = 0; i < count; i++) {
        calls[i].call(calls[i].data);
    }
}

static void
ring_alarms(triage_poller_t *poller)
{
    int64_t now_ms = clock_us(CLOCK_MONOTONIC) / 1000;
    size_t i;

    for (i = 0; i < WAITERS_MAX; i++) {
        place_t *place = &poller->places[i];
        triage_waiter_t *waiter = place->waiter;

        if (waiter != NULL && place->due_ms != 0 && place->due_ms <= now_ms) {
            place->due_ms = 0;
            leave_if_unused(place);
            waiter->alarm(waiter);
        }
    }
}

static int
time_to_wait(const triage_poller_t *poller, int wait_ms)
{
    int64_t now_ms = clock_us(CLOCK_MONOTONIC) / 1000;
    int64_t shortest = poller->call_count > 0 ? 0 : wait_ms;
    size_t i;

    for (i = 0; i < WAITERS_MAX; i++) {
        const place_t *place = &poller->places[i];

        if (place->waiter != NULL && place->due_ms != 0
            && place->due_ms - now_ms < shortest)
        {
            shortest = place->due_ms - now_ms;
        }
    }

    return shortest < 0 ? 0 : (int) shortest;
}

static size_t
make_polls(triage_poller_t *poller, struct pollfd *polls, size_t *places)
{
    size_t count = 0;
    size_t i;

    polls[count++] =
        (struct pollfd){ .fd = poller->ended[0], .events = POLLIN };
    for (i = 0; i < WAITERS_MAX; i++) {
        const place_t *place = &poller->places[i];

        if (place->waiter == NULL || place->events == 0) {
            continue;
        }
        places[count] = i;
        polls[count].fd = place->fd;
        polls[count].revents = 0;
        polls[count].events =
            (short) ((place->events & TRIAGE_READABLE ? POLLIN : 0)
                     | (place->events & TRIAGE_WRITABLE ? POLLOUT : 0));
        count++;
    }

    return count;
}

static void
tell_ready(triage_poller_t *poller, const struct pollfd *polled,
           size_t place_index)
{
    place_t *place = &poller->places[place_index];
    unsigned events = 0;

    if (polled->revents & (POLLIN | POLLERR | POLLHUP | POLLNVAL)) {
        events |= TRIAGE_READABLE;
    }
    if (polled->revents & (POLLOUT | POLLERR | POLLHUP)) {
        events |= TRIAGE_WRITABLE;
    }

    events &= place->events;
    if (place->waiter != NULL && place->fd == polled->fd && events != 0) {
        place->waiter->ready(place->waiter, events);
    }
}

void
triage_poller_turn(triage_poller_t *poller, int wait_ms)
{
    struct pollfd polls[WAITERS_MAX + 1];
    size_t places[WAITERS_MAX + 1];
    size_t count = make_polls(poller, polls, places);
    size_t i;

    if (poll(polls, count, time_to_wait(poller, wait_ms)) > 0) {
        if (polls[0].revents != 0) {
            end_task(poller);
        }
        for (i = 1; i < count; i++) {
            tell_ready(poller, &polls[i], places[i]);
        }
    }

    ring_alarms(poller);
    call_deferred(poller);
}

void
triage_poller_close_all(triage_poller_t *poller)
{
    size_t i;

    for (i = 0; i < WAITERS_MAX; i++) {
        triage_waiter_t *waiter = poller->places[i].waiter;

        if (waiter != NULL && waiter->closing != NULL) {
            waiter->closing(waiter);
        }
    }
}

void
triage_poller_free(triage_poller_t *poller)
{
    size_t i;

    if (poller == NULL) {
        return;
    }

    for (i = 0; i < TASKS_MAX; i++) {
        triage_task_t *task = poller->workers[i].task;

        if (task != NULL) {
            pthread_join(poller->workers[i].thread, NULL);
            poller->workers[i].task = NULL;
            task->done(task);
        }
    }

    call_deferred(poller); /* what a closed store left behind */
    close(poller->ended[0]);
    close(poller->ended[1]);
    free(poller);
}
