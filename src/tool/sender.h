/*
 * Sends many HTTP requests over a few connections and times the answers.
 *
 * One thread, epoll.  A request whose connection broke is counted and left,
 * but for the one case in which every HTTP client sends again: the server
 * closed a connection that it had kept, with nothing answered.  Closed loop (a
 * connection sends its next request when it has its answer) or, with a rate,
 * open loop: then latency counts from the time a request was due, also when no
 * connection was free.
 */
#ifndef TRIAGE_SENDER_H
#define TRIAGE_SENDER_H

#include "../base/buffer.h"

#include <sys/socket.h>

#define TRIAGE_STATUS_MAX 600

typedef struct {
    const struct sockaddr *address;
    socklen_t address_len;
    int64_t count;
    int64_t concurrency; /* connections */
    int64_t rate;        /* requests a second; 0: as fast as it goes */
    int64_t timeout_ms;  /* from the begin of a request to its answer */
    /* Writes request `number` (0, 1, ...) into the buffer, which is empty.
     * False stops everything. */
    bool (*write)(void *context, int64_t number, triage_buffer_t *request);
    void *context;
    /* Called when request `number` came to its end: an answer's status, or
     * 0 when there was none.  NULL: nobody asks. */
    void (*ended)(void *context, int64_t number, unsigned status,
                  int64_t latency_us);
    void *ended_context;
} triage_sender_options_t;

typedef struct {
    int64_t sent; /* begun; all but the last few were answered or failed */
    int64_t answered;
    int64_t statuses[TRIAGE_STATUS_MAX];
    int64_t resent;  /* over a new connection, see above */
    int64_t dropped; /* the connection broke before the whole answer */
    int64_t timed_out;
    int64_t unreachable; /* nobody took the connection */
    int64_t elapsed_us;
    uint32_t *latencies_us; /* of the answers, `answered` of them, ascending;
                               the caller frees it */
} triage_sender_result_t;

/* False when it could not run at all: no memory, no descriptors, or `write`
 * said so; errno tells. */
TRIAGE_MUST_CHECK bool
triage_sender_run(const triage_sender_options_t *options,
                  triage_sender_result_t *result);

#endif
