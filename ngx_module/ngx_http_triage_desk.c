/*
 * Who is at the desk, what they may come for, and the page itself.
 */
#include "ngx_http_triage_desk.h"

/* Nothing is loaded from elsewhere, no words become markup, nobody frames
 * us. */
#define NGX_HTTP_TRIAGE_POLICY                                                \
    "default-src 'none'; script-src 'self'; style-src 'self'; "               \
    "img-src 'self'; connect-src 'self'; manifest-src 'self'; "               \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "           \
    "require-trusted-types-for 'script'; trusted-types 'none'"

static const struct {
    const char *name;
    const char *value;
} ngx_http_triage_desk_headers[] = {
    { "Content-Security-Policy", NGX_HTTP_TRIAGE_POLICY },
    { "X-Content-Type-Options", "nosniff" },
    { "X-Frame-Options", "DENY" },
    { "Referrer-Policy", "no-referrer" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
};


ngx_int_t
ngx_http_triage_desk_add_headers(ngx_http_request_t *r, const char *cache)
{
    size_t i;

    for (i = 0; i < sizeof(ngx_http_triage_desk_headers)
                        / sizeof(ngx_http_triage_desk_headers[0]);
         i++)
    {
        if (ngx_http_triage_add_header(r, ngx_http_triage_desk_headers[i].name,
                                       ngx_http_triage_desk_headers[i].value)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return ngx_http_triage_add_header(r, "Cache-Control", cache);
}


static ngx_int_t
ngx_http_triage_desk_set_retry(ngx_http_request_t *r, ngx_uint_t seconds)
{
    u_char *value;

    if (seconds == 0) {
        return NGX_OK;
    }

    value = ngx_pnalloc(r->pool, NGX_INT_T_LEN + 1);
    if (value == NULL) {
        return NGX_ERROR;
    }

    *ngx_sprintf(value, "%ui", seconds) = '\0';

    return ngx_http_triage_add_header(r, "Retry-After", (char *) value);
}


ngx_int_t
ngx_http_triage_desk_send(ngx_http_request_t *r,
                          const ngx_http_triage_page_answer_t *a)
{
    ngx_chain_t out;
    ngx_buf_t *b;
    ngx_int_t rc;

    r->headers_out.status = a->status;
    r->headers_out.content_length_n = (off_t) a->body.len;
    r->headers_out.content_type.data = (u_char *) a->type;
    r->headers_out.content_type.len = ngx_strlen(a->type);
    r->headers_out.content_type_len = r->headers_out.content_type.len;

    if (ngx_http_triage_desk_add_headers(r, a->cache) != NGX_OK
        || (a->has_etag && ngx_http_triage_add_etag(r, a->body) != NGX_OK)
        || ngx_http_triage_desk_set_retry(r, a->retry_after) != NGX_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_http_send_header(r);
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = (u_char *) a->body.data;
    b->last = b->pos + a->body.len;
    b->memory = a->body.len > 0;
    b->last_buf = 1;
    b->last_in_chain = 1;
    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


triage_text_t
ngx_http_triage_desk_keep(ngx_http_request_t *r, triage_buffer_t *buffer)
{
    triage_text_t kept = triage_no_text;
    char *copy = buffer->has_failed ? NULL : ngx_pnalloc(r->pool, buffer->len);

    if (copy != NULL) {
        ngx_memcpy(copy, buffer->data, buffer->len);
        kept = (triage_text_t){ copy, buffer->len };
    }

    triage_buffer_free(buffer);

    return kept;
}


ngx_int_t
ngx_http_triage_desk_refuse(ngx_http_request_t *r, ngx_uint_t status,
                            const char *code, triage_text_t why)
{
    ngx_http_triage_page_answer_t a = {
        .status = status,
        .type = "application/json",
        .cache = "no-store",
        .retry_after = status == NGX_HTTP_SERVICE_UNAVAILABLE ? 2 : 0,
    };
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    ngx_int_t rc;

    /* A body that nobody reads would be taken for the next request. */
    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    triage_writer_init(&writer, &buffer);
    triage_write_open(&writer, '{');
    triage_write_name(&writer, "error");
    triage_write_text(&writer, why);
    triage_write_name(&writer, "code");
    triage_write_string(&writer, code);
    triage_write_close(&writer, '}');
    triage_buffer_add_byte(&buffer, '\n');

    a.body = ngx_http_triage_desk_keep(r, &buffer);
    if (a.body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_triage_desk_send(r, &a);
}


triage_text_t
ngx_http_triage_desk_header(ngx_http_request_t *r, const char *name)
{
    const ngx_list_part_t *part;
    const ngx_table_elt_t *header;
    size_t len = ngx_strlen(name);
    ngx_uint_t i;

    for (part = &r->headers_in.headers.part; part != NULL; part = part->next) {
        header = part->elts;

        for (i = 0; i < part->nelts; i++) {
            if (header[i].hash != 0 && header[i].key.len == len
                && ngx_strncasecmp(header[i].key.data, (u_char *) name, len)
                       == 0)
            {
                return ngx_http_triage_text(header[i].value);
            }
        }
    }

    return triage_no_text;
}


/* The settings of auth_basic begin with the realm and the file of names, each
 * NULL while it is not given; "off" is a realm that asks nobody. */
static ngx_uint_t
ngx_http_triage_desk_asks_password(ngx_http_request_t *r, const void *settings)
{
    ngx_http_complex_value_t *const *basic = settings;
    ngx_str_t realm;

    return basic[0] != NULL && basic[1] != NULL
           && ngx_http_complex_value(r, basic[0], &realm) == NGX_OK
           && (realm.len != 3 || ngx_strncmp(realm.data, "off", 3) != 0);
}


/* Those of auth_request begin with its URI, empty while it is off. */
static ngx_uint_t
ngx_http_triage_desk_asks_service(ngx_http_request_t *r, const void *settings)
{
    const ngx_str_t *uri = settings;

    return uri->len > 0;
}


/* $remote_user is what the client says: it counts only where somebody
 * checked the password, and no other way in will do (satisfy any). */
static ngx_uint_t
ngx_http_triage_desk_is_guarded(ngx_http_request_t *r,
                                const ngx_http_triage_desk_t *desk)
{
    static ngx_uint_t (*const asks[NGX_HTTP_TRIAGE_AUTH_MODULES])(
        ngx_http_request_t *,
        const void *) = { ngx_http_triage_desk_asks_password,
                          ngx_http_triage_desk_asks_service };
    ngx_http_core_loc_conf_t *clcf;
    ngx_uint_t i;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
    if (clcf->satisfy == NGX_HTTP_SATISFY_ANY) {
        return 0;
    }

    for (i = 0; i < NGX_HTTP_TRIAGE_AUTH_MODULES; i++) {
        if (desk->auth_index[i] != NGX_ERROR
            && r->loc_conf[desk->auth_index[i]] != NULL
            && asks[i](r, r->loc_conf[desk->auth_index[i]]))
        {
            return 1;
        }
    }

    return 0;
}


/* NULL, or why nobody is at the desk. */
static const char *
ngx_http_triage_desk_find_agent(ngx_http_request_t *r,
                                ngx_http_triage_main_conf_t *tmcf,
                                ngx_http_triage_loc_conf_t *tlcf,
                                ngx_str_t *agent)
{
    static const char nobody[] =
        "nobody is signed in: the desk's location needs auth_basic, "
        "auth_request, or the user= of triage_desk";

    if (tlcf->desk->user != NULL) {
        if (ngx_http_complex_value(r, tlcf->desk->user, agent) != NGX_OK) {
            return "no memory";
        }

    } else if (!ngx_http_triage_desk_is_guarded(r, tmcf->desk)
               || ngx_http_auth_basic_user(r) != NGX_OK)
    {
        return nobody;

    } else {
        *agent = r->headers_in.user;
    }

    if (agent->len == 0) {
        return nobody;
    }

    if (agent->len > 200) {
        return "the name of the agent is longer than 200 bytes";
    }

    if (ngx_utf8_length(agent->data, agent->len) > agent->len
        || ngx_strlchr(agent->data, agent->data + agent->len, '\0') != NULL)
    {
        return "the name of the agent is not UTF-8";
    }

    return NULL;
}


/* Browsers say where a request comes from; who says nothing is no browser,
 * or an old one that says at least the origin of what it posts. */
static ngx_uint_t
ngx_http_triage_desk_is_foreign(ngx_http_request_t *r)
{
    triage_text_t site = ngx_http_triage_desk_header(r, "Sec-Fetch-Site");
    triage_text_t origin = ngx_http_triage_desk_header(r, "Origin");
    ngx_str_t host;
    const char *mark;

    if (site.data != NULL) {
        return !triage_text_is(site, "same-origin")
               && !(triage_text_is(site, "none")
                    && r->method != NGX_HTTP_POST);
    }

    if (origin.data == NULL) {
        return 0;
    }

    mark = triage_text_find(origin, triage_text("://"));
    if (mark == NULL || r->headers_in.host == NULL) {
        return 1;
    }

    host = r->headers_in.host->value;
    origin.len -= (size_t) (mark + 3 - origin.data);
    origin.data = mark + 3;

    return origin.len != host.len
           || ngx_strncasecmp((u_char *) origin.data, host.data, host.len)
                  != 0;
}


static ngx_int_t
ngx_http_triage_desk_page(ngx_http_request_t *r, const triage_page_t *page)
{
    ngx_http_triage_page_answer_t a = {
        .status = NGX_HTTP_OK,
        .type = page->type,
        .body = { page->start, (size_t) (page->end - page->start) },
        .cache = "no-cache",
        .has_etag = 1,
    };

    if (!(r->method & (NGX_HTTP_GET | NGX_HTTP_HEAD))) {
        return ngx_http_triage_desk_refuse(r, NGX_HTTP_NOT_ALLOWED, "method",
                                           triage_text("expected GET"));
    }

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_triage_desk_send(r, &a);
}


/* What a script asks for. */
static ngx_int_t
ngx_http_triage_desk_ask(ngx_http_request_t *r,
                         const ngx_http_triage_visit_t *visit)
{
    triage_text_t path = ngx_http_triage_text(visit->path);
    triage_text_t api = triage_text("api/");

    if (ngx_http_triage_desk_is_foreign(r)) {
        return ngx_http_triage_desk_refuse(
            r, NGX_HTTP_FORBIDDEN, "foreign",
            triage_text("the request comes from another site"));
    }

    if (triage_text_is(path, "events")) {
        return ngx_http_triage_desk_stream(r);
    }

    if (triage_text_is(path, "api/session")) {
        return ngx_http_triage_desk_session(r, visit);
    }

    if (triage_text_starts(path, api)) {
        path.data += api.len;
        path.len -= api.len;
        return ngx_http_triage_desk_call(r, visit, path);
    }

    return ngx_http_triage_desk_refuse(r, NGX_HTTP_NOT_FOUND, "path",
                                       triage_text("there is no such page"));
}


ngx_int_t
ngx_http_triage_desk_handler(ngx_http_request_t *r)
{
    ngx_http_triage_main_conf_t *tmcf;
    ngx_http_triage_loc_conf_t *tlcf;
    ngx_http_core_loc_conf_t *clcf;
    ngx_http_triage_visit_t visit;
    const triage_page_t *page;
    const char *why;

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);
    tlcf = ngx_http_get_module_loc_conf(r, ngx_http_triage_module);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    why = ngx_http_triage_desk_find_agent(r, tmcf, tlcf, &visit.agent);
    if (why != NULL) {
        return ngx_http_triage_desk_refuse(r, NGX_HTTP_FORBIDDEN, "no_agent",
                                           triage_text_of(why));
    }

    visit.path.data = r->uri.data + clcf->name.len;
    visit.path.len = r->uri.len - clcf->name.len;

    page = triage_page_find(ngx_http_triage_text(visit.path));
    if (page != NULL) {
        return ngx_http_triage_desk_page(r, page);
    }

    return ngx_http_triage_desk_ask(r, &visit);
}
