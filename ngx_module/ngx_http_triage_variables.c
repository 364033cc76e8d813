#include "ngx_http_triage.h"

typedef enum {
    NGX_HTTP_TRIAGE_PLATFORM = 0,
    NGX_HTTP_TRIAGE_BRAND,
    NGX_HTTP_TRIAGE_OUTCOME,
    NGX_HTTP_TRIAGE_WHY,
    NGX_HTTP_TRIAGE_MESSAGES,
    NGX_HTTP_TRIAGE_DUPLICATES,
    NGX_HTTP_TRIAGE_QUEUE,
    NGX_HTTP_TRIAGE_URGENCY,
    NGX_HTTP_TRIAGE_VISIBILITY,
} ngx_http_triage_variable_e;

static ngx_int_t ngx_http_triage_variable(ngx_http_request_t *r,
                                          ngx_http_variable_value_t *v,
                                          uintptr_t data);

/* clang-format off */
static const struct {
    ngx_str_t name;
    ngx_http_triage_variable_e which;
} ngx_http_triage_variables[] = {
    { ngx_string("triage_platform"),   NGX_HTTP_TRIAGE_PLATFORM },
    { ngx_string("triage_brand"),      NGX_HTTP_TRIAGE_BRAND },
    { ngx_string("triage_outcome"),    NGX_HTTP_TRIAGE_OUTCOME },
    { ngx_string("triage_why"),        NGX_HTTP_TRIAGE_WHY },
    { ngx_string("triage_messages"),   NGX_HTTP_TRIAGE_MESSAGES },
    { ngx_string("triage_duplicates"), NGX_HTTP_TRIAGE_DUPLICATES },
    { ngx_string("triage_queue"),      NGX_HTTP_TRIAGE_QUEUE },
    { ngx_string("triage_urgency"),    NGX_HTTP_TRIAGE_URGENCY },
    { ngx_string("triage_visibility"), NGX_HTTP_TRIAGE_VISIBILITY },
};
/* clang-format on */

#define NGX_HTTP_TRIAGE_VARIABLES                                             \
    (sizeof(ngx_http_triage_variables) / sizeof(ngx_http_triage_variables[0]))


static triage_text_t
ngx_http_triage_number(ngx_pool_t *pool, ngx_uint_t number)
{
    u_char *digits = ngx_pnalloc(pool, NGX_INT_T_LEN);

    if (digits == NULL) {
        return triage_no_text;
    }

    return (triage_text_t){
        (char *) digits, (size_t) (ngx_sprintf(digits, "%ui", number) - digits)
    };
}


static triage_text_t
ngx_http_triage_points(ngx_pool_t *pool, int32_t hundredths)
{
    return ngx_http_triage_number(pool, (ngx_uint_t) hundredths / 100);
}


static triage_text_t
ngx_http_triage_of_filing(ngx_http_request_t *r, ngx_http_triage_ctx_t *ctx,
                          ngx_http_triage_variable_e which)
{
    if (ctx->top == NULL) {
        return triage_no_text;
    }

    switch (which) {
    case NGX_HTTP_TRIAGE_QUEUE:
        return ctx->top->queue->name;
    case NGX_HTTP_TRIAGE_URGENCY:
        return ngx_http_triage_points(r->pool, ctx->top->score.urgency);
    default:
        return ngx_http_triage_points(r->pool, ctx->top->score.visibility);
    }
}


/* Ended before triage could say what came of it. */
static const char *
ngx_http_triage_unfinished(ngx_http_request_t *r)
{
    if (r->headers_out.status == NGX_HTTP_REQUEST_ENTITY_TOO_LARGE) {
        return triage_code_name(TRIAGE_TOO_LARGE);
    }

    return "abandoned";
}


static triage_text_t
ngx_http_triage_of_delivery(ngx_http_request_t *r, ngx_http_triage_ctx_t *ctx,
                            ngx_http_triage_variable_e which)
{
    switch (which) {
    case NGX_HTTP_TRIAGE_OUTCOME:
        return triage_text_of(ctx->is_done
                                  ? triage_code_name(ctx->outcome.code)
                                  : ngx_http_triage_unfinished(r));
    case NGX_HTTP_TRIAGE_WHY:
        return triage_text_of(ctx->outcome.why);
    case NGX_HTTP_TRIAGE_MESSAGES:
        return ngx_http_triage_number(r->pool, ctx->intake.filing_count);
    case NGX_HTTP_TRIAGE_DUPLICATES:
        return ngx_http_triage_number(r->pool, ctx->duplicates);
    default:
        return ngx_http_triage_of_filing(r, ctx, which);
    }
}


static ngx_int_t
ngx_http_triage_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v,
                         uintptr_t data)
{
    ngx_http_triage_variable_e which = (ngx_http_triage_variable_e) data;
    ngx_http_triage_loc_conf_t *tlcf;
    ngx_http_triage_ctx_t *ctx;
    triage_text_t text = triage_no_text;

    tlcf = ngx_http_get_module_loc_conf(r, ngx_http_triage_module);
    ctx = ngx_http_get_module_ctx(r, ngx_http_triage_module);

    if (tlcf->platform != NULL && which == NGX_HTTP_TRIAGE_PLATFORM) {
        text = triage_text_of(tlcf->platform->name);

    } else if (tlcf->platform != NULL && which == NGX_HTTP_TRIAGE_BRAND) {
        text = tlcf->source.brand;

    } else if (tlcf->platform != NULL && ctx != NULL) {
        text = ngx_http_triage_of_delivery(r, ctx, which);

    } else if (tlcf->platform != NULL && which == NGX_HTTP_TRIAGE_OUTCOME) {
        text = triage_text_of(ngx_http_triage_unfinished(r));
    }

    v->not_found = text.data == NULL;
    v->valid = !v->not_found;
    v->no_cacheable = 1;
    v->data = (u_char *) text.data;
    v->len = (unsigned) text.len;

    return NGX_OK;
}


ngx_int_t
ngx_http_triage_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t *variable;
    ngx_str_t name;
    ngx_uint_t i;

    for (i = 0; i < NGX_HTTP_TRIAGE_VARIABLES; i++) {
        name = ngx_http_triage_variables[i].name;
        variable = ngx_http_add_variable(cf, &name, NGX_HTTP_VAR_NOCACHEABLE);
        if (variable == NULL) {
            return NGX_ERROR;
        }

        variable->get_handler = ngx_http_triage_variable;
        variable->data = ngx_http_triage_variables[i].which;
    }

    return NGX_OK;
}
