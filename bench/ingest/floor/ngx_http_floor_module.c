/*
 * floor read | mac | parse;
 *
 * The least that a webhook's receiver can do in nginx with the same
 * libraries: the ruler that bench/ingest holds triage against.
 */
#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include <jansson.h>

#include "../../../src/base/digest.h"

enum { FLOOR_READ, FLOOR_MAC, FLOOR_PARSE };

typedef struct {
    ngx_uint_t depth;
    triage_keyring_t *keyring;
} ngx_http_floor_loc_conf_t;

static char *ngx_http_floor(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
static void *ngx_http_floor_create_loc_conf(ngx_conf_t *cf);

static ngx_conf_enum_t ngx_http_floor_depths[] = {
    { ngx_string("read"), FLOOR_READ },
    { ngx_string("mac"), FLOOR_MAC },
    { ngx_string("parse"), FLOOR_PARSE },
    { ngx_null_string, 0 },
};

static ngx_command_t ngx_http_floor_commands[] = {
    { ngx_string("floor"), NGX_HTTP_LOC_CONF | NGX_CONF_TAKE2, ngx_http_floor,
      NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },
    ngx_null_command
};

static ngx_http_module_t ngx_http_floor_module_ctx = {
    .create_loc_conf = ngx_http_floor_create_loc_conf,
};

ngx_module_t ngx_http_floor_module = {
    NGX_MODULE_V1,
    .ctx = &ngx_http_floor_module_ctx,
    .commands = ngx_http_floor_commands,
    .type = NGX_HTTP_MODULE,
};


static ngx_int_t
ngx_http_floor_check(ngx_http_request_t *r, triage_text_t body)
{
    ngx_http_floor_loc_conf_t *flcf;
    json_error_t error;
    json_t *document;
    uint8_t mac[TRIAGE_DIGEST_MAX];

    flcf = ngx_http_get_module_loc_conf(r, ngx_http_floor_module);

    if (flcf->depth >= FLOOR_MAC
        && triage_keyring_mac(flcf->keyring, 0, TRIAGE_SHA256, &body, 1, mac)
               == 0)
    {
        return NGX_HTTP_UNAUTHORIZED;
    }

    if (flcf->depth >= FLOOR_PARSE) {
        document = json_loadb(body.data, body.len, 0, &error);
        if (document == NULL) {
            return NGX_HTTP_BAD_REQUEST;
        }
        json_decref(document);
    }

    return NGX_HTTP_OK;
}


static void
ngx_http_floor_body(ngx_http_request_t *r)
{
    triage_text_t body = { NULL, 0 };
    ngx_buf_t *b;

    if (r->request_body != NULL && r->request_body->bufs != NULL) {
        b = r->request_body->bufs->buf;
        body.data = (char *) b->pos;
        body.len = (size_t) (b->last - b->pos);
    }

    r->headers_out.status = (ngx_uint_t) ngx_http_floor_check(r, body);
    r->headers_out.content_length_n = 0;
    r->header_only = 1;
    ngx_http_finalize_request(r, ngx_http_send_header(r));
}


static ngx_int_t
ngx_http_floor_handler(ngx_http_request_t *r)
{
    ngx_int_t rc;

    r->request_body_in_single_buf = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_floor_body);

    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}


static void *
ngx_http_floor_create_loc_conf(ngx_conf_t *cf)
{
    return ngx_pcalloc(cf->pool, sizeof(ngx_http_floor_loc_conf_t));
}


/* floor DEPTH KEY */
static char *
ngx_http_floor(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_floor_loc_conf_t *flcf = conf;
    ngx_http_core_loc_conf_t *clcf;
    ngx_str_t *value = cf->args->elts;
    const char *why;
    ngx_uint_t i;

    (void) cmd;

    for (i = 0; ngx_http_floor_depths[i].name.len > 0; i++) {
        if (ngx_strcmp(ngx_http_floor_depths[i].name.data, value[1].data) == 0)
        {
            flcf->depth = ngx_http_floor_depths[i].value;
        }
    }

    flcf->keyring = triage_keyring_read(
        (triage_text_t){ (char *) value[2].data, value[2].len }, &why);
    if (flcf->keyring == NULL) {
        return NGX_CONF_ERROR;
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_floor_handler;

    return NGX_CONF_OK;
}
