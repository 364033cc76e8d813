/*
 * What is counted, in shared memory: across workers, and across reloads as
 * long as the zone keeps its name and size.
 */
#ifndef NGX_HTTP_TRIAGE_ZONE_H
#define NGX_HTTP_TRIAGE_ZONE_H

#include <ngx_config.h>
#include <ngx_core.h>

#include "../src/base/outcome.h"
#include "../src/store/store.h"

#define NGX_HTTP_TRIAGE_SOURCES_MAX 256
#define NGX_HTTP_TRIAGE_WORKERS_MAX 128
#define NGX_HTTP_TRIAGE_SOURCE_NAME 96
#define NGX_HTTP_TRIAGE_QUEUE_NAME 96 /* longer ones are not published */
#define NGX_HTTP_TRIAGE_WAIT_OPENS 96 /* "Monday 09:00 (Europe/Berlin)" */

/* A source: a location that takes deliveries.  Times are seconds since
 * 1970; 0 is never. */
typedef struct {
    char name[NGX_HTTP_TRIAGE_SOURCE_NAME]; /* "facebook acme /hooks/fb" */
    char platform[32];
    ngx_atomic_t outcomes[TRIAGE_CODE_COUNT];
    ngx_atomic_t messages;
    ngx_atomic_t duplicates;
    ngx_atomic_t dead_letters;
    ngx_atomic_t last_event;
    ngx_atomic_t last_handshake;
    ngx_atomic_t lease_until; /* of a WebSub subscription */
    ngx_atomic_t silence;     /* the limit in seconds; 0: none */
    ngx_atomic_t watched_since;
    ngx_atomic_t is_silent;
    ngx_atomic_t is_configured; /* in the running configuration */
} ngx_http_triage_source_t;

/* A worker's row.  Only its owner writes it. */
typedef struct {
    ngx_atomic_t pid; /* 0: free */
    triage_store_stats_t store;
} ngx_http_triage_worker_t;

/* The published wait of a queue: a triage_wait_t with its texts. */
typedef struct {
    char queue[NGX_HTTP_TRIAGE_QUEUE_NAME];
    size_t queue_len;
    char opens[NGX_HTTP_TRIAGE_WAIT_OPENS];
    size_t opens_len;
    triage_wait_t wait;
} ngx_http_triage_wait_row_t;

/* What triage_wait shows.  Written under the zone's lock, by the worker that
 * asked last; read without it: a reader that sees `version` odd or changed
 * looks again, so a worker that dies while it writes keeps nobody waiting. */
typedef struct {
    ngx_atomic_t version;
    ngx_atomic_t asked_at; /* seconds since 1970 */
    ngx_atomic_t count;
    ngx_http_triage_wait_row_t rows[TRIAGE_WAITS_MAX];
} ngx_http_triage_waits_t;

typedef struct {
    uint32_t magic; /* of the layout: another one is not taken over */
    ngx_atomic_t source_count;
    ngx_atomic_t started; /* when the zone was made */
    ngx_atomic_t reloads;
    ngx_http_triage_source_t sources[NGX_HTTP_TRIAGE_SOURCES_MAX];
    ngx_http_triage_worker_t workers[NGX_HTTP_TRIAGE_WORKERS_MAX];
    triage_store_stats_t gone; /* the sums of workers that have ended */
    ngx_http_triage_waits_t waits;
    ngx_atomic_t desk_told_at; /* ms, of all desks: the last notification */
} ngx_http_triage_shared_t;

/* Least size that holds the structure and the allocator's own pages. */
size_t ngx_http_triage_zone_least(void);
ngx_int_t ngx_http_triage_zone_init(ngx_shm_zone_t *zone, void *old);
ngx_http_triage_shared_t *ngx_http_triage_zone_shared(ngx_shm_zone_t *zone);

/* The counters of a source, made when there are none of that name; NULL
 * when the zone has no room. */
ngx_http_triage_source_t *ngx_http_triage_zone_source(ngx_shm_zone_t *zone,
                                                      ngx_str_t *name,
                                                      const char *platform);

/* A row for this process; NULL when all are taken. */
ngx_http_triage_worker_t *ngx_http_triage_zone_enter(ngx_shm_zone_t *zone);
void ngx_http_triage_zone_leave(ngx_shm_zone_t *zone,
                                ngx_http_triage_worker_t *worker);

/* Whether this worker is to ask for the published waits: one of all, every
 * few seconds. */
ngx_uint_t ngx_http_triage_waits_is_turn(ngx_http_triage_waits_t *waits,
                                         time_t now);
void ngx_http_triage_waits_put(ngx_shm_zone_t *zone, const triage_wait_t *rows,
                               size_t count);
/* Copies the rows; their names lie in them.  Returns how many. */
ngx_uint_t ngx_http_triage_waits_get(ngx_http_triage_waits_t *waits,
                                     ngx_http_triage_wait_row_t *rows);

/* Nobody enters or leaves in between: a worker that ends is counted either
 * in its row or in `gone`. */
void ngx_http_triage_zone_lock(ngx_shm_zone_t *zone);
void ngx_http_triage_zone_unlock(ngx_shm_zone_t *zone);

/* Adds the counters of `b` to `a`, gauges included. */
void ngx_http_triage_stats_add(triage_store_stats_t *a,
                               const triage_store_stats_t *b,
                               ngx_uint_t with_gauges);

#endif
