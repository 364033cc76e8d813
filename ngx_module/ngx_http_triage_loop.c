#include "ngx_http_triage.h"

#if (NGX_THREADS)
#include <ngx_thread_pool.h>
#endif

/* One a waiter: its descriptor in nginx's clothes, and its alarm. */
typedef struct {
    triage_waiter_t *waiter;
    ngx_connection_t *connection; /* NULL: watches nothing */
    ngx_event_t alarm;
} ngx_http_triage_handle_t;

/* One a worker. */
typedef struct {
    ngx_cycle_t *cycle;
    ngx_thread_pool_t *threads;
    ngx_event_t deferred;
    void (*call)(void *data);
    void *data;
} ngx_http_triage_loop_t;


static void
ngx_http_triage_loop_ready(ngx_event_t *ev)
{
    ngx_connection_t *c = ev->data;
    ngx_http_triage_handle_t *handle = c->data;

    /* worker_shutdown_timeout closes everything, ours too */
    if (c->close) {
        handle->waiter->closing(handle->waiter);
        return;
    }

    handle->waiter->ready(handle->waiter,
                          ev->write ? TRIAGE_WRITABLE : TRIAGE_READABLE);
}


static void
ngx_http_triage_loop_alarmed(ngx_event_t *ev)
{
    ngx_http_triage_handle_t *handle = ev->data;

    handle->waiter->alarm(handle->waiter);
}


static ngx_http_triage_handle_t *
ngx_http_triage_loop_handle(ngx_http_triage_loop_t *loop,
                            triage_waiter_t *waiter)
{
    ngx_http_triage_handle_t *handle = waiter->handle;

    if (handle != NULL) {
        return handle;
    }

    handle = ngx_pcalloc(loop->cycle->pool, sizeof(*handle));
    if (handle == NULL) {
        return NULL;
    }

    handle->waiter = waiter;
    handle->alarm.handler = ngx_http_triage_loop_alarmed;
    handle->alarm.data = handle;
    handle->alarm.log = loop->cycle->log;
    waiter->handle = handle;

    return handle;
}


/* Neither closes the descriptor, which is libpq's, nor keeps epoll on it. */
static void
ngx_http_triage_loop_forget(void *data, triage_waiter_t *waiter)
{
    ngx_http_triage_handle_t *handle = waiter->handle;
    ngx_connection_t *c;
    ngx_uint_t flags;

    (void) data;

    if (handle == NULL || handle->connection == NULL) {
        return;
    }

    c = handle->connection;
    handle->connection = NULL;

    /* libpq closes the descriptor itself when the server hangs up, and the
     * kernel has then forgotten it */
    flags = fcntl(c->fd, F_GETFD) == -1 ? NGX_CLOSE_EVENT : 0;

    if (ngx_del_conn != NULL) {
        ngx_del_conn(c, flags);

    } else {
        if (c->read->active || c->read->disabled) {
            ngx_del_event(c->read, NGX_READ_EVENT, flags);
        }
        if (c->write->active || c->write->disabled) {
            ngx_del_event(c->write, NGX_WRITE_EVENT, flags);
        }
    }

    if (c->read->posted) {
        ngx_delete_posted_event(c->read);
    }

    if (c->write->posted) {
        ngx_delete_posted_event(c->write);
    }

    c->read->closed = 1;
    c->write->closed = 1;

    ngx_free_connection(c);
    c->fd = (ngx_socket_t) -1;
}


static ngx_connection_t *
ngx_http_triage_loop_connection(ngx_http_triage_loop_t *loop,
                                ngx_http_triage_handle_t *handle, int fd)
{
    ngx_connection_t *c = ngx_get_connection(fd, loop->cycle->log);

    if (c == NULL) {
        return NULL;
    }

    c->data = handle;
    c->log = loop->cycle->log;
    c->read->log = c->log;
    c->write->log = c->log;
    c->read->handler = ngx_http_triage_loop_ready;
    c->write->handler = ngx_http_triage_loop_ready;
    c->number = ngx_atomic_fetch_add(ngx_connection_counter, 1);

    return c;
}


static ngx_int_t
ngx_http_triage_loop_want(ngx_event_t *ev, ngx_int_t event, unsigned wanted)
{
    if (wanted && !ev->active) {
        return ngx_add_event(ev, event, NGX_LEVEL_EVENT);
    }

    if (!wanted && ev->active) {
        return ngx_del_event(ev, event, 0);
    }

    return NGX_OK;
}


static bool
ngx_http_triage_loop_watch(void *data, triage_waiter_t *waiter, int fd,
                           unsigned events)
{
    ngx_http_triage_loop_t *loop = data;
    ngx_http_triage_handle_t *handle;
    ngx_connection_t *c;

    handle = ngx_http_triage_loop_handle(loop, waiter);
    if (handle == NULL) {
        return false;
    }

    if (handle->connection != NULL && handle->connection->fd != fd) {
        ngx_http_triage_loop_forget(data, waiter);
    }

    if (handle->connection == NULL) {
        handle->connection = ngx_http_triage_loop_connection(loop, handle, fd);
    }

    c = handle->connection;
    if (c == NULL) {
        return false;
    }

    return ngx_http_triage_loop_want(c->read, NGX_READ_EVENT,
                                     events & TRIAGE_READABLE)
               == NGX_OK
           && ngx_http_triage_loop_want(c->write, NGX_WRITE_EVENT,
                                        events & TRIAGE_WRITABLE)
                  == NGX_OK;
}


static void
ngx_http_triage_loop_alarm(void *data, triage_waiter_t *waiter, uint32_t ms,
                           bool holds_exit)
{
    ngx_http_triage_handle_t *handle;

    handle = ngx_http_triage_loop_handle(data, waiter);
    if (handle == NULL) {
        return;
    }

    if (handle->alarm.timer_set) {
        ngx_del_timer(&handle->alarm);
    }

    if (ms > 0) {
        handle->alarm.cancelable = !holds_exit;
        ngx_add_timer(&handle->alarm, ms);
    }
}


static void
ngx_http_triage_loop_deferred(ngx_event_t *ev)
{
    ngx_http_triage_loop_t *loop = ev->data;

    loop->call(loop->data);
}


static void
ngx_http_triage_loop_defer(void *data, void (*call)(void *data),
                           void *call_data)
{
    ngx_http_triage_loop_t *loop = data;

    loop->call = call;
    loop->data = call_data;

    ngx_post_event(&loop->deferred, &ngx_posted_events);
}


#if (NGX_THREADS)

static void
ngx_http_triage_loop_run_task(void *data, ngx_log_t *log)
{
    triage_task_t *task = *(triage_task_t **) data;

    (void) log;

    task->run(task);
}


static void
ngx_http_triage_loop_task_done(ngx_event_t *ev)
{
    triage_task_t *task = ev->data;

    task->done(task);
}


static bool
ngx_http_triage_loop_run(void *data, triage_task_t *task)
{
    ngx_http_triage_loop_t *loop = data;
    ngx_thread_task_t *ours = task->handle;

    if (loop->threads == NULL) {
        return false;
    }

    if (ours == NULL) {
        ours =
            ngx_thread_task_alloc(loop->cycle->pool, sizeof(triage_task_t *));
        if (ours == NULL) {
            return false;
        }

        *(triage_task_t **) ours->ctx = task;
        ours->handler = ngx_http_triage_loop_run_task;
        ours->event.handler = ngx_http_triage_loop_task_done;
        ours->event.data = task;
        ours->event.log = loop->cycle->log;
        task->handle = ours;
    }

    return ngx_thread_task_post(loop->threads, ours) == NGX_OK;
}

#else

static bool
ngx_http_triage_loop_run(void *data, triage_task_t *task)
{
    return false;
}

#endif


static int64_t
ngx_http_triage_loop_now(void *data)
{
    ngx_time_t *tp = ngx_timeofday();

    (void) data;

    return (int64_t) tp->sec * TRIAGE_SECOND + (int64_t) tp->msec * 1000;
}


triage_loop_t
ngx_http_triage_loop(ngx_cycle_t *cycle, ngx_thread_pool_t *threads)
{
    ngx_http_triage_loop_t *loop = ngx_pcalloc(cycle->pool, sizeof(*loop));

    if (loop == NULL) {
        return (triage_loop_t){ 0 };
    }

    loop->cycle = cycle;
    loop->threads = threads;
    loop->deferred.handler = ngx_http_triage_loop_deferred;
    loop->deferred.data = loop;
    loop->deferred.log = cycle->log;

    return (triage_loop_t){
        .watch = ngx_http_triage_loop_watch,
        .forget = ngx_http_triage_loop_forget,
        .alarm = ngx_http_triage_loop_alarm,
        .defer = ngx_http_triage_loop_defer,
        .run = ngx_http_triage_loop_run,
        .now = ngx_http_triage_loop_now,
        .loop = loop,
    };
}
