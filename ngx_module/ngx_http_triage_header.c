/*
 * Headers of an answer.
 */
#include "ngx_http_triage.h"


ngx_int_t
ngx_http_triage_add_header(ngx_http_request_t *r, const char *name,
                           const char *value)
{
    ngx_table_elt_t *header = ngx_list_push(&r->headers_out.headers);

    if (header == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(header, sizeof(*header));
    header->hash = 1;
    header->key.data = (u_char *) name;
    header->key.len = ngx_strlen(name);
    header->value.data = (u_char *) value;
    header->value.len = ngx_strlen(value);

    return NGX_OK;
}


ngx_int_t
ngx_http_triage_add_etag(ngx_http_request_t *r, triage_text_t body)
{
    ngx_table_elt_t *header;
    u_char *value = ngx_pnalloc(r->pool, sizeof("\"00000000-00000000\""));

    if (value == NULL) {
        return NGX_ERROR;
    }

    *ngx_sprintf(value, "\"%08xD-%08xD\"",
                 ngx_crc32_long((u_char *) body.data, body.len),
                 (uint32_t) body.len) = '\0';

    if (ngx_http_triage_add_header(r, "ETag", (char *) value) != NGX_OK) {
        return NGX_ERROR;
    }

    header = r->headers_out.headers.last->elts;
    r->headers_out.etag = &header[r->headers_out.headers.last->nelts - 1];

    return NGX_OK;
}
