#include "ngx_http_triage_zone.h"

#include <signal.h>

#define NGX_HTTP_TRIAGE_MAGIC                                                 \
    ((uint32_t) (0x54520000 ^ sizeof(ngx_http_triage_shared_t)))

#define NGX_HTTP_TRIAGE_WAITS_AGE 5 /* seconds */
#define NGX_HTTP_TRIAGE_WAITS_TRIES 10000


size_t
ngx_http_triage_zone_least(void)
{
    return sizeof(ngx_http_triage_shared_t) + 16 * ngx_pagesize;
}


ngx_http_triage_shared_t *
ngx_http_triage_zone_shared(ngx_shm_zone_t *zone)
{
    ngx_slab_pool_t *pool;

    if (zone == NULL || zone->shm.addr == NULL) {
        return NULL;
    }

    pool = (ngx_slab_pool_t *) zone->shm.addr;

    return pool->data;
}


ngx_int_t
ngx_http_triage_zone_init(ngx_shm_zone_t *zone, void *old)
{
    ngx_slab_pool_t *pool = (ngx_slab_pool_t *) zone->shm.addr;
    ngx_http_triage_shared_t *shared;

    if (old != NULL || zone->shm.exists) {
        shared = pool->data;
        if (shared != NULL && shared->magic == NGX_HTTP_TRIAGE_MAGIC) {
            (void) ngx_atomic_fetch_add(&shared->reloads, 1);
            return NGX_OK;
        }
    }

    shared = ngx_slab_calloc(pool, sizeof(ngx_http_triage_shared_t));
    if (shared == NULL) {
        return NGX_ERROR;
    }

    shared->magic = NGX_HTTP_TRIAGE_MAGIC;
    shared->started = (ngx_atomic_uint_t) ngx_time();
    pool->data = shared;

    return NGX_OK;
}


static ngx_http_triage_source_t *
ngx_http_triage_find_source(ngx_http_triage_shared_t *shared, ngx_str_t *name)
{
    ngx_uint_t i;

    for (i = 0; i < shared->source_count; i++) {
        if (ngx_strlen(shared->sources[i].name) == name->len
            && ngx_strncmp(shared->sources[i].name, name->data, name->len)
                   == 0)
        {
            return &shared->sources[i];
        }
    }

    return NULL;
}


ngx_http_triage_source_t *
ngx_http_triage_zone_source(ngx_shm_zone_t *zone, ngx_str_t *name,
                            const char *platform)
{
    ngx_http_triage_shared_t *shared = ngx_http_triage_zone_shared(zone);
    ngx_http_triage_source_t *source;
    ngx_str_t key = *name;

    key.len = ngx_min(key.len, NGX_HTTP_TRIAGE_SOURCE_NAME - 1);

    ngx_http_triage_zone_lock(zone);

    source = ngx_http_triage_find_source(shared, &key);

    if (source == NULL && shared->source_count < NGX_HTTP_TRIAGE_SOURCES_MAX) {
        source = &shared->sources[shared->source_count];
        ngx_memcpy(source->name, key.data, key.len);
        ngx_cpystrn((u_char *) source->platform, (u_char *) platform,
                    sizeof(source->platform));
        shared->source_count++;
    }

    ngx_http_triage_zone_unlock(zone);

    return source;
}


void
ngx_http_triage_stats_add(triage_store_stats_t *a,
                          const triage_store_stats_t *b,
                          ngx_uint_t with_gauges)
{
    a->batches += b->batches;
    a->batch_rows += b->batch_rows;
    a->batch_max = ngx_max(a->batch_max, b->batch_max);
    a->deliveries += b->deliveries;
    a->messages += b->messages;
    a->duplicates += b->duplicates;
    a->poisoned += b->poisoned;
    a->refused += b->refused;
    a->reconnects += b->reconnects;
    a->timeouts += b->timeouts;
    a->spooled += b->spooled;
    a->drained += b->drained;
    a->spool_damaged += b->spool_damaged;

    if (with_gauges) {
        a->backlog_deliveries += b->backlog_deliveries;
        a->backlog_bytes += b->backlog_bytes;
        /* each has measured the whole directory */
        a->spool_bytes = ngx_max(a->spool_bytes, b->spool_bytes);
        a->spool_failed += b->spool_failed;
    }
}


static ngx_uint_t
ngx_http_triage_is_free(ngx_http_triage_worker_t *worker)
{
    ngx_pid_t pid = (ngx_pid_t) worker->pid;

    /* a worker that was killed has left its row behind */
    return pid == 0 || (kill(pid, 0) == -1 && ngx_errno == ESRCH);
}


ngx_http_triage_worker_t *
ngx_http_triage_zone_enter(ngx_shm_zone_t *zone)
{
    ngx_http_triage_shared_t *shared = ngx_http_triage_zone_shared(zone);
    ngx_http_triage_worker_t *worker = NULL;
    ngx_uint_t i;

    ngx_http_triage_zone_lock(zone);

    for (i = 0; i < NGX_HTTP_TRIAGE_WORKERS_MAX; i++) {
        if (ngx_http_triage_is_free(&shared->workers[i])) {
            worker = &shared->workers[i];
            break;
        }
    }

    if (worker != NULL) {
        ngx_http_triage_stats_add(&shared->gone, &worker->store, 0);
        ngx_memzero(&worker->store, sizeof(worker->store));
        worker->pid = (ngx_atomic_uint_t) ngx_pid;
    }

    ngx_http_triage_zone_unlock(zone);

    return worker;
}


void
ngx_http_triage_zone_leave(ngx_shm_zone_t *zone,
                           ngx_http_triage_worker_t *worker)
{
    ngx_http_triage_shared_t *shared = ngx_http_triage_zone_shared(zone);

    ngx_http_triage_zone_lock(zone);

    ngx_http_triage_stats_add(&shared->gone, &worker->store, 0);
    ngx_memzero(&worker->store, sizeof(worker->store));
    worker->pid = 0;

    ngx_http_triage_zone_unlock(zone);
}


void
ngx_http_triage_zone_lock(ngx_shm_zone_t *zone)
{
    ngx_shmtx_lock(&((ngx_slab_pool_t *) zone->shm.addr)->mutex);
}


void
ngx_http_triage_zone_unlock(ngx_shm_zone_t *zone)
{
    ngx_shmtx_unlock(&((ngx_slab_pool_t *) zone->shm.addr)->mutex);
}


ngx_uint_t
ngx_http_triage_waits_is_turn(ngx_http_triage_waits_t *waits, time_t now)
{
    ngx_atomic_uint_t asked_at = waits->asked_at;
    ngx_atomic_int_t age =
        (ngx_atomic_int_t) now - (ngx_atomic_int_t) asked_at;

    /* a clock that was set back must not stop it */
    if (age >= 0 && age < NGX_HTTP_TRIAGE_WAITS_AGE) {
        return 0;
    }

    return ngx_atomic_cmp_set(&waits->asked_at, asked_at,
                              (ngx_atomic_uint_t) now);
}


static void
ngx_http_triage_put_wait(ngx_http_triage_wait_row_t *row,
                         const triage_wait_t *wait)
{
    ngx_memzero(row, sizeof(*row));
    ngx_memcpy(row->queue, wait->queue.data, wait->queue.len);
    row->queue_len = wait->queue.len;
    row->opens_len = ngx_min(wait->opens.len, sizeof(row->opens));
    ngx_memcpy(row->opens, wait->opens.data, row->opens_len);
    row->wait = *wait;
    row->wait.queue = row->wait.opens = triage_no_text;
}


void
ngx_http_triage_waits_put(ngx_shm_zone_t *zone, const triage_wait_t *rows,
                          size_t count)
{
    ngx_http_triage_waits_t *waits = &ngx_http_triage_zone_shared(zone)->waits;
    size_t i, n = 0;

    /* who asked before may be late */
    ngx_http_triage_zone_lock(zone);
    waits->version |= 1;
    ngx_memory_barrier();

    for (i = 0; i < count && n < TRIAGE_WAITS_MAX; i++) {
        if (rows[i].queue.len < NGX_HTTP_TRIAGE_QUEUE_NAME) {
            ngx_http_triage_put_wait(&waits->rows[n++], &rows[i]);
        }
    }

    waits->count = n;
    ngx_memory_barrier();
    waits->version++;
    ngx_http_triage_zone_unlock(zone);
}


ngx_uint_t
ngx_http_triage_waits_get(ngx_http_triage_waits_t *waits,
                          ngx_http_triage_wait_row_t *rows)
{
    ngx_atomic_uint_t version;
    ngx_uint_t tries, i, count;

    for (tries = 0; tries < NGX_HTTP_TRIAGE_WAITS_TRIES; tries++) {
        version = waits->version;
        ngx_memory_barrier();
        count = ngx_min(waits->count, TRIAGE_WAITS_MAX);
        ngx_memcpy(rows, waits->rows, count * sizeof(*rows));
        ngx_memory_barrier();

        if (version % 2 == 0 && version == waits->version) {
            for (i = 0; i < count; i++) {
                rows[i].wait.queue =
                    (triage_text_t){ rows[i].queue, rows[i].queue_len };
                rows[i].wait.opens =
                    (triage_text_t){ rows[i].opens, rows[i].opens_len };
            }
            return count;
        }

        ngx_cpu_pause();
    }

    return 0;
}
