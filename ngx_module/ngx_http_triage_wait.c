/*
 * triage_wait: how long who writes now will wait, out of shared memory.
 */
#include "ngx_http_triage.h"

#define NGX_HTTP_TRIAGE_WAIT_AGE "public, max-age=15"

/* What a location publishes: a form of it, of some queues or all. */
typedef struct {
    const char *name;
    ngx_str_t type;
    const char *policy; /* NULL: the form's own, see triage_wait_policy */
    void (*write)(triage_buffer_t *buffer, const triage_wait_t *waits,
                  size_t count, int64_t now);
} ngx_http_triage_wait_form_t;


static void
ngx_http_triage_write_badge(triage_buffer_t *buffer,
                            const triage_wait_t *waits, size_t count,
                            int64_t now)
{
    (void) count;

    triage_wait_badge(buffer, waits, now);
}


static const ngx_http_triage_wait_form_t ngx_http_triage_wait_forms[] = {
    [NGX_HTTP_TRIAGE_WAIT_JSON] = { "json", ngx_string("application/json"),
                                    "default-src 'none'", triage_wait_json },
    [NGX_HTTP_TRIAGE_WAIT_PAGE] = { "page",
                                    ngx_string("text/html; charset=utf-8"),
                                    NULL, triage_wait_page },
    [NGX_HTTP_TRIAGE_WAIT_BADGE] = { "badge", ngx_string("image/svg+xml"),
                                     "default-src 'none'",
                                     ngx_http_triage_write_badge },
};


ngx_int_t
ngx_http_triage_wait_form(ngx_str_t *word)
{
    ngx_uint_t i;

    for (i = 0; i < sizeof(ngx_http_triage_wait_forms)
                        / sizeof(ngx_http_triage_wait_forms[0]);
         i++)
    {
        if (ngx_strlen(ngx_http_triage_wait_forms[i].name) == word->len
            && ngx_strncmp(ngx_http_triage_wait_forms[i].name, word->data,
                           word->len)
                   == 0)
        {
            return (ngx_int_t) i;
        }
    }

    return NGX_ERROR;
}


static triage_wait_t
ngx_http_triage_find_wait(const ngx_http_triage_wait_row_t *rows,
                          ngx_uint_t count, triage_text_t queue)
{
    triage_wait_t unknown = { .queue = queue,
                              .wait_p50 = -1,
                              .wait_p90 = -1,
                              .target = -1,
                              .waiting = -1 };
    ngx_uint_t i;

    for (i = 0; i < count; i++) {
        if (triage_text_equal(rows[i].wait.queue, queue)) {
            return rows[i].wait;
        }
    }

    return unknown;
}


/* The queues that the location names, in that order; else all. */
static ngx_uint_t
ngx_http_triage_choose_waits(ngx_http_triage_loc_conf_t *tlcf,
                             const ngx_http_triage_wait_row_t *rows,
                             ngx_uint_t count, triage_wait_t *waits)
{
    ngx_str_t *queue;
    ngx_uint_t i;

    if (tlcf->wait_queues == NULL) {
        for (i = 0; i < count; i++) {
            waits[i] = rows[i].wait;
        }
        return count;
    }

    queue = tlcf->wait_queues->elts;
    for (i = 0; i < tlcf->wait_queues->nelts && i < TRIAGE_WAITS_MAX; i++) {
        waits[i] = ngx_http_triage_find_wait(rows, count,
                                             ngx_http_triage_text(queue[i]));
    }

    return i;
}


static ngx_int_t
ngx_http_triage_write_waits(ngx_http_request_t *r,
                            const ngx_http_triage_wait_form_t *form,
                            triage_buffer_t *buffer)
{
    ngx_http_triage_main_conf_t *tmcf;
    ngx_http_triage_loc_conf_t *tlcf;
    ngx_http_triage_shared_t *shared;
    ngx_http_triage_wait_row_t *rows;
    triage_wait_t waits[TRIAGE_WAITS_MAX];
    ngx_time_t *tp = ngx_timeofday();
    ngx_uint_t count;

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);
    tlcf = ngx_http_get_module_loc_conf(r, ngx_http_triage_module);
    shared = ngx_http_triage_zone_shared(tmcf->zone);

    rows = ngx_palloc(r->pool, TRIAGE_WAITS_MAX * sizeof(*rows));
    if (rows == NULL) {
        return NGX_ERROR;
    }

    count = ngx_http_triage_waits_get(&shared->waits, rows);
    count = ngx_http_triage_choose_waits(tlcf, rows, count, waits);
    form->write(buffer, waits, count,
                (int64_t) tp->sec * TRIAGE_SECOND + tp->msec * 1000);

    return buffer->has_failed ? NGX_ERROR : NGX_OK;
}


static ngx_int_t
ngx_http_triage_add_wait_headers(ngx_http_request_t *r,
                                 const ngx_http_triage_wait_form_t *form)
{
    /* it is meant to be put into other pages: frames are allowed */
    if (ngx_http_triage_add_header(r, "Cache-Control",
                                   NGX_HTTP_TRIAGE_WAIT_AGE)
            != NGX_OK
        || ngx_http_triage_add_header(r, "Access-Control-Allow-Origin", "*")
               != NGX_OK
        || ngx_http_triage_add_header(r, "Cross-Origin-Resource-Policy",
                                      "cross-origin")
               != NGX_OK
        || ngx_http_triage_add_header(r, "X-Content-Type-Options", "nosniff")
               != NGX_OK
        || ngx_http_triage_add_header(r, "Referrer-Policy", "no-referrer")
               != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_triage_add_header(
        r, "Content-Security-Policy",
        form->policy != NULL ? form->policy : triage_wait_policy);
}


static ngx_int_t
ngx_http_triage_copy_buffer(ngx_http_request_t *r, triage_buffer_t *buffer,
                            ngx_str_t *text)
{
    text->len = buffer->len;
    text->data = ngx_pnalloc(r->pool, buffer->len);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(text->data, buffer->data, buffer->len);

    return NGX_OK;
}


ngx_int_t
ngx_http_triage_wait_handler(ngx_http_request_t *r)
{
    const ngx_http_triage_wait_form_t *form;
    ngx_http_triage_loc_conf_t *tlcf;
    ngx_http_complex_value_t answer;
    triage_buffer_t buffer = { 0 };
    ngx_str_t type;
    ngx_int_t rc;

    if (!(r->method & (NGX_HTTP_GET | NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    tlcf = ngx_http_get_module_loc_conf(r, ngx_http_triage_module);
    form = &ngx_http_triage_wait_forms[tlcf->wait_form];
    type = form->type;

    ngx_memzero(&answer, sizeof(answer));
    rc = ngx_http_triage_write_waits(r, form, &buffer);
    if (rc == NGX_OK) {
        rc = ngx_http_triage_copy_buffer(r, &buffer, &answer.value);
    }
    triage_buffer_free(&buffer);

    if (rc != NGX_OK || ngx_http_triage_add_wait_headers(r, form) != NGX_OK
        || ngx_http_triage_add_etag(r, ngx_http_triage_text(answer.value))
               != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_send_response(r, NGX_HTTP_OK, &type, &answer);
}


bool
ngx_http_triage_waits_wanted(void *context)
{
    ngx_http_triage_main_conf_t *tmcf = context;
    ngx_http_triage_shared_t *shared = ngx_http_triage_zone_shared(tmcf->zone);

    return ngx_http_triage_waits_is_turn(&shared->waits, ngx_time());
}


void
ngx_http_triage_waits_take(void *context, const triage_wait_t *waits,
                           size_t count)
{
    ngx_http_triage_main_conf_t *tmcf = context;

    ngx_http_triage_waits_put(tmcf->zone, waits, count);
}
