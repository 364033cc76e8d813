/*
 * The event loop that the store is lent: nginx's in a worker, poll() in
 * tests and on the command line.  The store never blocks and never asks the
 * system for the time: everything comes through here.
 */
#ifndef TRIAGE_LOOP_H
#define TRIAGE_LOOP_H

#include "../base/outcome.h"

enum { TRIAGE_READABLE = 1, TRIAGE_WRITABLE = 2 };

/* One thing that waits for a descriptor or a time.  Embedded in what waits;
 * the loop keeps its own state in `handle`. */
typedef struct triage_waiter_s triage_waiter_t;
struct triage_waiter_s {
    void (*ready)(triage_waiter_t *waiter, unsigned events);
    void (*alarm)(triage_waiter_t *waiter);
    /* The loop wants everything closed at once (worker_shutdown_timeout).
     * NULL in what watches no descriptor. */
    void (*closing)(triage_waiter_t *waiter);
    void *handle; /* the loop's; NULL at first */
};

/* Work that blocks (fsync): `run` is called in another thread, then `done`
 * in the loop's.  The owner keeps it alive between. */
typedef struct triage_task_s triage_task_t;
struct triage_task_s {
    void (*run)(triage_task_t *task);
    void (*done)(triage_task_t *task);
    void *handle; /* the loop's; NULL at first */
};

typedef struct {
    /* Watches fd, level-triggered, for these events instead of the earlier
     * ones.  False when the loop is out of connections. */
    bool (*watch)(void *loop, triage_waiter_t *waiter, int fd,
                  unsigned events);
    /* No more events; called before fd is closed or handed to
     * PQconnectPoll, which may swap what is behind the number. */
    void (*forget)(void *loop, triage_waiter_t *waiter);
    /* Calls waiter->alarm once after ms; 0 takes it back.  Where
     * `holds_exit`, a worker that shuts down waits for it: someone's answer
     * depends on it. */
    void (*alarm)(void *loop, triage_waiter_t *waiter, uint32_t ms,
                  bool holds_exit);
    /* Calls `call(data)` once at the end of this turn of the loop, so that
     * all that arrived in the turn goes together. */
    void (*defer)(void *loop, void (*call)(void *data), void *data);
    /* Runs a task in a thread; false when it cannot. */
    bool (*run)(void *loop, triage_task_t *task);
    int64_t (*now)(void *loop); /* µs since 1970 */
    void *loop;
} triage_loop_t;

#endif
