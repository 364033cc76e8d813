/*
 * A loop whose time the test passes by hand: nothing waits, nothing races.
 * It has two clocks, as a machine does: alarms go by the steady one, now()
 * tells the one that can be set.
 */
#ifndef TRIAGE_FAKE_LOOP_H
#define TRIAGE_FAKE_LOOP_H

#include <poll.h>
#include <stdlib.h>

#include "../../src/store/loop.h"

enum { FAKE_PLACES = 16, FAKE_CALLS = 64 };

typedef struct {
    triage_waiter_t *waiter; /* NULL: free */
    int fd;                  /* -1: none */
    short events;
    int64_t alarm_at; /* steady µs; 0: none */
} fake_place_t;

typedef struct {
    void (*call)(void *data);
    void *data;
} fake_call_t;

typedef struct {
    triage_loop_t loop; /* to be lent */
    int64_t steady;     /* µs */
    int64_t offset;     /* of the clock that can be set */
    fake_place_t places[FAKE_PLACES];
    fake_call_t calls[FAKE_CALLS]; /* at the end of the turn, in order */
    size_t call_count;
    bool has_no_threads;
    bool is_slow;        /* a task is held until fake_release() */
    triage_task_t *held; /* NULL: none */
    /* What happens outside meanwhile; true when something did.  NULL:
     * nothing. */
    bool (*outside)(void *data);
    void *data;
} fake_loop_t;

static fake_place_t *
fake_place(fake_loop_t *loop, triage_waiter_t *waiter)
{
    fake_place_t *unused = NULL;
    size_t i;

    for (i = 0; i < FAKE_PLACES; i++) {
        if (loop->places[i].waiter == waiter) {
            return &loop->places[i];
        }
        if (loop->places[i].waiter == NULL && unused == NULL) {
            unused = &loop->places[i];
        }
    }

    if (unused == NULL) {
        abort();
    }
    *unused = (fake_place_t){ .waiter = waiter, .fd = -1 };

    return unused;
}

static bool
fake_watch(void *loop, triage_waiter_t *waiter, int fd, unsigned events)
{
    fake_place_t *place = fake_place(loop, waiter);

    place->fd = fd;
    place->events = (short) ((events & TRIAGE_READABLE ? POLLIN : 0)
                             | (events & TRIAGE_WRITABLE ? POLLOUT : 0));

    return true;
}

static void
fake_forget(void *loop, triage_waiter_t *waiter)
{
    fake_place(loop, waiter)->fd = -1;
}

static void
fake_alarm(void *data, triage_waiter_t *waiter, uint32_t ms, bool holds_exit)
{
    fake_loop_t *loop = data;

    (void) holds_exit;
    fake_place(loop, waiter)->alarm_at =
        ms == 0 ? 0 : loop->steady + (int64_t) ms * 1000;
}

static void
fake_defer(void *data, void (*call)(void *data), void *argument)
{
    fake_loop_t *loop = data;

    if (loop->call_count == FAKE_CALLS) {
        abort();
    }
    loop->calls[loop->call_count++] = (fake_call_t){ call, argument };
}

static void
fake_done(void *data)
{
    triage_task_t *task = data;

    task->done(task);
}

static bool
fake_run(void *data, triage_task_t *task)
{
    fake_loop_t *loop = data;

    if (loop->has_no_threads) {
        return false;
    }
    if (loop->is_slow) {
        loop->held = task;
        return true;
    }
    task->run(task);
    fake_defer(loop, fake_done, task);

    return true;
}

/* The task that was held runs after all. */
static inline void
fake_release(fake_loop_t *loop)
{
    loop->is_slow = false;
    fake_run(loop, loop->held);
}

static int64_t
fake_now(void *data)
{
    const fake_loop_t *loop = data;

    return loop->steady + loop->offset;
}

static void
fake_init(fake_loop_t *loop)
{
    *loop = (fake_loop_t){ .steady = 1000000,
                           .offset = INT64_C(1767225600000000) };
    loop->loop = (triage_loop_t){ .watch = fake_watch,
                                  .forget = fake_forget,
                                  .alarm = fake_alarm,
                                  .defer = fake_defer,
                                  .run = fake_run,
                                  .now = fake_now,
                                  .loop = loop };
}

static bool
fake_deferred(fake_loop_t *loop)
{
    fake_call_t first = loop->calls[0];
    size_t i;

    if (loop->call_count == 0) {
        return false;
    }

    for (i = 1; i < loop->call_count; i++) {
        loop->calls[i - 1] = loop->calls[i];
    }
    loop->call_count--;
    first.call(first.data);

    return true;
}

static bool
fake_ready(fake_loop_t *loop)
{
    bool is_any = false;
    size_t i;

    for (i = 0; i < FAKE_PLACES; i++) {
        fake_place_t *place = &loop->places[i];
        struct pollfd fd = { .fd = place->fd, .events = place->events };

        if (place->waiter != NULL && place->fd >= 0 && poll(&fd, 1, 0) > 0) {
            is_any = true;
            place->waiter->ready(
                place->waiter,
                (fd.revents & ~POLLOUT ? TRIAGE_READABLE : 0u)
                    | (fd.revents & POLLOUT ? TRIAGE_WRITABLE : 0u));
        }
    }

    return is_any;
}

/* A turn: true when anything happened in it. */
static bool
fake_step(fake_loop_t *loop)
{
    bool is_any = fake_deferred(loop);

    is_any |= loop->outside != NULL && loop->outside(loop->data);

    return fake_ready(loop) || is_any;
}

/* Until nothing happens any more unless time passes. */
static void
fake_settle(fake_loop_t *loop)
{
    while (fake_step(loop)) {
    }
}

static void
fake_pass(fake_loop_t *loop, int64_t ms)
{
    int64_t end = loop->steady + ms * 1000;

    for (;;) {
        fake_place_t *next = NULL;
        size_t i;

        fake_settle(loop);
        for (i = 0; i < FAKE_PLACES; i++) {
            fake_place_t *place = &loop->places[i];

            if (place->waiter != NULL && place->alarm_at != 0
                && place->alarm_at <= end
                && (next == NULL || place->alarm_at < next->alarm_at))
            {
                next = place;
            }
        }
        if (next == NULL) {
            break;
        }
        loop->steady = next->alarm_at;
        next->alarm_at = 0;
        next->waiter->alarm(next->waiter);
    }

    loop->steady = end;
}

#endif
