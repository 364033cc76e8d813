/*
 * A request as the core sees it: method, query, headers, every byte of the
 * body, and the URL as the platform called it.
 */
#include "ngx_http_triage.h"


static triage_text_t
ngx_http_triage_find_header(const void *request, triage_text_t name)
{
    const ngx_http_request_t *r = request;
    const ngx_list_part_t *part = &r->headers_in.headers.part;
    ngx_table_elt_t *header = part->elts;
    ngx_uint_t i;

    for (i = 0; /* void */; i++) {
        if (i >= part->nelts) {
            if (part->next == NULL) {
                return triage_no_text;
            }

            part = part->next;
            header = part->elts;
            i = 0;
        }

        if (header[i].hash != 0 && header[i].key.len == name.len
            && ngx_strncasecmp(header[i].key.data, (u_char *) name.data,
                               name.len)
                   == 0)
        {
            return ngx_http_triage_text(header[i].value);
        }
    }
}


static ngx_int_t
ngx_http_triage_copy_buf(ngx_buf_t *b, u_char *to, ngx_log_t *log)
{
    size_t size = (size_t) ngx_buf_size(b);

    (void) log;

    /* a body of no bytes is a buffer that says nothing but "last" */
    if (size == 0 || ngx_buf_special(b)) {
        return NGX_OK;
    }

    if (ngx_buf_in_memory(b)) {
        ngx_memcpy(to, b->pos, size);
        return NGX_OK;
    }

    /* a temporary file that was written a moment ago: in the page cache */
    return ngx_read_file(b->file, to, size, b->file_pos) == (ssize_t) size
               ? NGX_OK
               : NGX_ERROR;
}


ngx_int_t
ngx_http_triage_read_body(ngx_http_request_t *r, triage_text_t *body)
{
    ngx_chain_t *bufs, *link;
    size_t len = 0;
    u_char *copy;

    *body = triage_text("");

    bufs = r->request_body != NULL ? r->request_body->bufs : NULL;
    if (bufs == NULL) {
        return NGX_OK;
    }

    if (bufs->next == NULL && ngx_buf_in_memory(bufs->buf)) {
        body->data = (char *) bufs->buf->pos;
        body->len = (size_t) (bufs->buf->last - bufs->buf->pos);
        return NGX_OK;
    }

    for (link = bufs; link != NULL; link = link->next) {
        len += (size_t) ngx_buf_size(link->buf);
    }

    copy = ngx_pnalloc(r->pool, len ? len : 1);
    if (copy == NULL) {
        return NGX_ERROR;
    }

    body->data = (char *) copy;
    body->len = len;

    for (link = bufs; link != NULL; link = link->next) {
        if (ngx_http_triage_copy_buf(link->buf, copy, r->connection->log)
            != NGX_OK) {
            return NGX_ERROR;
        }
        copy += ngx_buf_size(link->buf);
    }

    return NGX_OK;
}


/* As the platform called it: behind a proxy or a port mapping only the
 * configuration knows the scheme and the host. */
static ngx_int_t
ngx_http_triage_url(ngx_http_request_t *r, ngx_http_triage_loc_conf_t *tlcf,
                    triage_text_t *url)
{
    ngx_str_t scheme = ngx_string("http://");
    ngx_str_t host = r->headers_in.server;
    ngx_str_t path = r->unparsed_uri;
    u_char *p;

#if (NGX_HTTP_SSL)
    if (r->connection->ssl) {
        ngx_str_set(&scheme, "https://");
    }
#endif

    if (r->headers_in.host != NULL) {
        host = r->headers_in.host->value;
    }

    if (tlcf->url.len > 0) {
        ngx_str_null(&scheme);
        host = tlcf->url;
        ngx_str_null(&path);

        if (r->args.len > 0) {
            path.len = r->args.len + 1;
            path.data = r->args.data - 1; /* with its `?` */
        }
    }

    url->len = scheme.len + host.len + path.len;
    url->data = (char *) ngx_pnalloc(r->pool, url->len + 1);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem((u_char *) url->data, scheme.data, scheme.len);
    p = ngx_cpymem(p, host.data, host.len);

    if (path.len > 0) {
        ngx_memcpy(p, path.data, path.len);
    }

    return NGX_OK;
}


static int64_t
ngx_http_triage_now(void)
{
    ngx_time_t *tp = ngx_timeofday();

    return (int64_t) tp->sec * TRIAGE_SECOND + (int64_t) tp->msec * 1000;
}


ngx_int_t
ngx_http_triage_make_delivery(ngx_http_request_t *r,
                              ngx_http_triage_loc_conf_t *tlcf,
                              triage_delivery_t *delivery)
{
    *delivery = (triage_delivery_t){
        .method = ngx_http_triage_text(r->method_name),
        .query = ngx_http_triage_text(r->args),
        .header = ngx_http_triage_find_header,
        .request = r,
        .received_at = ngx_http_triage_now(),
    };

    if ((tlcf->platform->needs & TRIAGE_NEEDS_URL)
        && ngx_http_triage_url(r, tlcf, &delivery->url) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_triage_read_body(r, &delivery->body);
}
