/*
 * Server-sent events: a page that listens is told that something changed,
 * and looks for itself.  So an event holds nobody's words, one that a slow
 * client missed is not missed, and a stream needs one small buffer.
 */
#include "ngx_http_triage_desk.h"

#define NGX_HTTP_TRIAGE_LOOK 1000       /* ms between looks */
#define NGX_HTTP_TRIAGE_BEAT 15         /* looks between heartbeats */
#define NGX_HTTP_TRIAGE_STREAM 3600     /* s, then the client comes again */
#define NGX_HTTP_TRIAGE_EVENT_MAX 512   /* bytes */
#define NGX_HTTP_TRIAGE_PAYLOAD_MAX 400 /* of them */

typedef struct {
    ngx_queue_t queue; /* of the desk's streams */
    ngx_http_triage_desk_t *desk;
    ngx_http_request_t *request;
    time_t started;
    ngx_buf_t buf;
    ngx_chain_t out;
    unsigned has_news : 1; /* while the buffer was still on its way */
    u_char memory[NGX_HTTP_TRIAGE_EVENT_MAX];
} ngx_http_triage_stream_t;

static ngx_str_t ngx_http_triage_hello =
    ngx_string("retry: 2000\nevent: hello\ndata: {}\n\n");
static ngx_str_t ngx_http_triage_heartbeat =
    ngx_string("event: beat\ndata: {}\n\n");
static ngx_str_t ngx_http_triage_news =
    ngx_string("event: change\ndata: {}\n\n");


static void
ngx_http_triage_stream_cleanup(void *data)
{
    ngx_http_triage_stream_t *stream = data;

    ngx_queue_remove(&stream->queue);
    stream->desk->stream_count--;
    stream->request->connection->idle = 0;
}


static ngx_uint_t
ngx_http_triage_stream_is_behind(ngx_http_triage_stream_t *stream)
{
    return stream->buf.pos != stream->buf.last
           || stream->request->connection->buffered
           || stream->request->buffered;
}


/* What the client does not take is waited for, so long. */
static ngx_int_t
ngx_http_triage_stream_wait(ngx_http_triage_stream_t *stream)
{
    ngx_http_request_t *r = stream->request;
    ngx_event_t *wev = r->connection->write;
    ngx_http_core_loc_conf_t *clcf;

    if (!ngx_http_triage_stream_is_behind(stream)) {
        if (wev->timer_set) {
            ngx_del_timer(wev);
        }
        return NGX_OK;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    if (!wev->timer_set) {
        ngx_add_timer(wev, clcf->send_timeout);
    }

    return ngx_handle_write_event(wev, clcf->send_lowat);
}


static ngx_int_t
ngx_http_triage_stream_put(ngx_http_triage_stream_t *stream, ngx_str_t *event)
{
    ngx_buf_t *b = &stream->buf;

    if (ngx_http_triage_stream_is_behind(stream)) {
        stream->has_news = 1;
        return NGX_OK;
    }

    b->pos = stream->memory;
    b->last = ngx_cpymem(b->pos, event->data, event->len);
    b->start = b->pos;
    b->end = b->pos + sizeof(stream->memory);
    b->temporary = 1;
    b->flush = 1;
    stream->out.buf = b;
    stream->out.next = NULL;

    if (ngx_http_output_filter(stream->request, &stream->out) == NGX_ERROR) {
        return NGX_ERROR;
    }

    return ngx_http_triage_stream_wait(stream);
}


static void
ngx_http_triage_stream_end(ngx_http_triage_stream_t *stream)
{
    ngx_http_request_t *r = stream->request;
    ngx_connection_t *c = r->connection;
    ngx_int_t rc = NGX_ERROR;

    if (!ngx_http_triage_stream_is_behind(stream)) {
        r->keepalive = 0;
        rc = ngx_http_send_special(r, NGX_HTTP_LAST);
    }

    ngx_http_finalize_request(r, rc);
    ngx_http_run_posted_requests(c);
}


static void
ngx_http_triage_stream_give(ngx_http_triage_stream_t *stream, ngx_str_t *event)
{
    ngx_connection_t *c = stream->request->connection;

    if (ngx_http_triage_stream_put(stream, event) != NGX_OK) {
        ngx_http_finalize_request(stream->request, NGX_ERROR);
        ngx_http_run_posted_requests(c);
    }
}


/* The client takes more again, or has not for too long. */
static void
ngx_http_triage_stream_drained(ngx_http_request_t *r)
{
    ngx_http_triage_stream_t *stream;
    ngx_event_t *wev = r->connection->write;

    stream = ngx_http_get_module_ctx(r, ngx_http_triage_module);

    if (wev->timedout) {
        r->connection->timedout = 1;
        ngx_http_finalize_request(r, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }

    if (ngx_http_output_filter(r, NULL) == NGX_ERROR
        || ngx_http_triage_stream_wait(stream) != NGX_OK)
    {
        ngx_http_finalize_request(r, NGX_ERROR);
        return;
    }

    if (stream->has_news && !ngx_http_triage_stream_is_behind(stream)) {
        stream->has_news = 0;

        if (ngx_http_triage_stream_put(stream, &ngx_http_triage_news)
            != NGX_OK) {
            ngx_http_finalize_request(r, NGX_ERROR);
        }
    }
}


static ngx_http_triage_stream_t *
ngx_http_triage_stream_open(ngx_http_request_t *r,
                            ngx_http_triage_desk_t *desk)
{
    ngx_http_triage_stream_t *stream = ngx_pcalloc(r->pool, sizeof(*stream));
    ngx_pool_cleanup_t *cln = ngx_pool_cleanup_add(r->pool, 0);

    if (stream == NULL || cln == NULL) {
        return NULL;
    }

    stream->desk = desk;
    stream->request = r;
    stream->started = ngx_time();
    ngx_queue_insert_tail(&desk->streams, &stream->queue);
    desk->stream_count++;
    cln->handler = ngx_http_triage_stream_cleanup;
    cln->data = stream;
    desk->heartbeat.cancelable = 0;
    ngx_http_set_ctx(r, stream, ngx_http_triage_module);

    return stream;
}


ngx_int_t
ngx_http_triage_desk_stream(ngx_http_request_t *r)
{
    static ngx_str_t type = ngx_string("text/event-stream");
    ngx_http_triage_main_conf_t *tmcf;
    ngx_http_triage_stream_t *stream;
    ngx_int_t rc;

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);

    if (r->method != NGX_HTTP_GET) {
        return ngx_http_triage_desk_refuse(r, NGX_HTTP_NOT_ALLOWED, "method",
                                           triage_text("expected GET"));
    }

    if (tmcf->desk->listener == NULL || ngx_exiting
        || tmcf->desk->stream_count >= tmcf->desk->streams_max)
    {
        return ngx_http_triage_desk_refuse(
            r, NGX_HTTP_SERVICE_UNAVAILABLE, "busy",
            triage_text("too many pages listen"));
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    r->headers_out.status = NGX_HTTP_OK;
    r->headers_out.content_type = type;
    r->headers_out.content_type_len = type.len;
    if (ngx_http_triage_desk_add_headers(r, "no-store") != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_http_send_header(r);
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    stream = ngx_http_triage_stream_open(r, tmcf->desk);
    if (stream == NULL
        || ngx_http_triage_stream_put(stream, &ngx_http_triage_hello)
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_triage_stream_drained;
    /* a worker that shuts down ends it at once */
    r->connection->idle = 1;
    r->main->count++;

    return NGX_DONE;
}


/* What anybody may have said on the channel goes into one line, or is left
 * out. */
static void
ngx_http_triage_desk_event(const char *payload, u_char *memory,
                           ngx_str_t *event)
{
    size_t len = payload != NULL ? ngx_strlen(payload) : 0;
    size_t i = 0;

    while (i < len && (u_char) payload[i] >= ' ') {
        i++;
    }

    *event = ngx_http_triage_news;
    if (len > 0 && i == len && len <= NGX_HTTP_TRIAGE_PAYLOAD_MAX) {
        event->data = memory;
        event->len =
            (size_t) (ngx_sprintf(memory, "event: change\ndata: %s\n\n",
                                  payload)
                      - memory);
    }
}


void
ngx_http_triage_desk_tell(ngx_http_triage_desk_t *desk, const char *payload)
{
    u_char memory[NGX_HTTP_TRIAGE_EVENT_MAX];
    ngx_http_triage_stream_t *stream;
    ngx_queue_t *q, *next;
    ngx_str_t event;

    ngx_http_triage_desk_event(payload, memory, &event);

    for (q = ngx_queue_head(&desk->streams);
         q != ngx_queue_sentinel(&desk->streams); q = next)
    {
        next = ngx_queue_next(q);
        stream = ngx_queue_data(q, ngx_http_triage_stream_t, queue);
        ngx_http_triage_stream_give(stream, &event);
    }
}


/* An exiting worker closes idle connections by itself, but not those of
 * HTTP/2, nor does it wait for them: the timer that is not cancelable makes
 * it. */
void
ngx_http_triage_desk_beat(ngx_event_t *ev)
{
    ngx_connection_t *dummy = ev->data;
    ngx_http_triage_desk_t *desk = dummy->data;
    ngx_http_triage_stream_t *stream;
    ngx_queue_t *q, *next;
    ngx_uint_t is_beat = ++desk->looks % NGX_HTTP_TRIAGE_BEAT == 0;

    for (q = ngx_queue_head(&desk->streams);
         q != ngx_queue_sentinel(&desk->streams); q = next)
    {
        next = ngx_queue_next(q);
        stream = ngx_queue_data(q, ngx_http_triage_stream_t, queue);

        if (ngx_exiting
            || ngx_time() - stream->started > NGX_HTTP_TRIAGE_STREAM) {
            ngx_http_triage_stream_end(stream);
        } else if (is_beat) {
            ngx_http_triage_stream_give(stream, &ngx_http_triage_heartbeat);
        }
    }

    ev->cancelable = ngx_queue_empty(&desk->streams);
    ngx_add_timer(ev, NGX_HTTP_TRIAGE_LOOK);
}
