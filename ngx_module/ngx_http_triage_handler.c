#include "ngx_http_triage.h"

#define NGX_HTTP_TRIAGE_RETRY_AFTER "5"

static void ngx_http_triage_body_ready(ngx_http_request_t *r);


/* The client is gone; what it sent is kept all the same. */
static void
ngx_http_triage_cleanup(void *data)
{
    ngx_http_triage_ctx_t *ctx = data;

    if (ctx->ticket != NULL) {
        triage_store_abandon(ctx->ticket);
        ctx->ticket = NULL;
    }
}


static ngx_http_triage_ctx_t *
ngx_http_triage_make_ctx(ngx_http_request_t *r)
{
    ngx_http_triage_ctx_t *ctx;
    ngx_pool_cleanup_t *cln;

    ctx = ngx_pcalloc(r->pool, sizeof(*ctx));
    if (ctx == NULL) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (cln == NULL) {
        return NULL;
    }

    cln->handler = ngx_http_triage_cleanup;
    cln->data = ctx;

    triage_arena_init(&ctx->arena, ngx_http_triage_take, r->pool);
    triage_messages_init(&ctx->intake.reading.messages);
    ngx_http_set_ctx(r, ctx, ngx_http_triage_module);

    return ctx;
}


ngx_int_t
ngx_http_triage_handler(ngx_http_request_t *r)
{
    ngx_http_triage_ctx_t *ctx;
    ngx_int_t rc;

    ctx = ngx_http_triage_make_ctx(r);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->request_body_in_single_buf = 1;

    rc = ngx_http_read_client_request_body(r, ngx_http_triage_body_ready);
    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


/* The filing that an access log is interested in. */
static const triage_filing_t *
ngx_http_triage_most_urgent(const triage_intake_t *intake)
{
    const triage_filing_t *top = NULL;
    size_t i;

    for (i = 0; i < intake->filing_count; i++) {
        if (intake->filings[i].queue != NULL
            && (top == NULL
                || intake->filings[i].score.urgency > top->score.urgency))
        {
            top = &intake->filings[i];
        }
    }

    return top;
}


static void
ngx_http_triage_count(ngx_http_triage_loc_conf_t *tlcf,
                      ngx_http_triage_ctx_t *ctx)
{
    ngx_http_triage_source_t *counters = tlcf->counters;
    triage_code_t code = ctx->outcome.code;

    if (counters == NULL) {
        return;
    }

    (void) ngx_atomic_fetch_add(&counters->outcomes[code], 1);

    if (code == TRIAGE_ANSWERED) {
        counters->last_handshake = (ngx_atomic_uint_t) ngx_time();

        if (ctx->intake.reply.lease > 0) {
            counters->lease_until =
                (ngx_atomic_uint_t) (ngx_time()
                                     + (time_t) ctx->intake.reply.lease);
        }

    } else if (code == TRIAGE_OK || code == TRIAGE_IGNORED
               || code == TRIAGE_MALFORMED)
    {
        counters->last_event = (ngx_atomic_uint_t) ngx_time();
        counters->is_silent = 0;
    }

    if (code != TRIAGE_OK && code != TRIAGE_MALFORMED) {
        return;
    }

    (void) ngx_atomic_fetch_add(&counters->messages,
                                (ngx_atomic_int_t) ctx->intake.filing_count);
    (void) ngx_atomic_fetch_add(&counters->duplicates,
                                (ngx_atomic_int_t) ctx->duplicates);

    if (ctx->intake.failure != NULL) {
        (void) ngx_atomic_fetch_add(&counters->dead_letters, 1);
    }
}


/* nginx would add the request line, where handshakes carry their token. */
static void
ngx_http_triage_log(ngx_http_request_t *r, ngx_http_triage_loc_conf_t *tlcf,
                    const triage_outcome_t *outcome)
{
    ngx_log_t *log = r->connection->log;
    ngx_log_handler_pt handler = log->handler;

    if (outcome->why == NULL) {
        return;
    }

    log->handler = NULL;
    ngx_log_error(ngx_http_triage_reply(outcome->code)->level, log, 0,
                  "triage: %s %s: %s, client: %V, source: \"%V\"",
                  tlcf->platform->name, triage_code_name(outcome->code),
                  outcome->why, &r->connection->addr_text, &tlcf->name);
    log->handler = handler;
}


static ngx_int_t
ngx_http_triage_send_body(ngx_http_request_t *r, triage_text_t body)
{
    ngx_chain_t out;
    ngx_buf_t *b;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = (u_char *) body.data;
    b->last = b->pos + body.len;
    b->memory = 1;
    b->last_buf = 1;
    b->last_in_chain = 1;
    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


/* nginx takes the type from a 204; Discord wants one all the same. */
static ngx_int_t
ngx_http_triage_set_type(ngx_http_request_t *r, const triage_reply_t *reply)
{
    ngx_str_t type = { reply->content_type.len,
                       (u_char *) reply->content_type.data };
    u_char *copy;

    if (type.len == 0) {
        return NGX_OK;
    }

    if (reply->status != NGX_HTTP_NO_CONTENT) {
        r->headers_out.content_type = type;
        r->headers_out.content_type_len = type.len;
        return NGX_OK;
    }

    copy = ngx_pnalloc(r->pool, type.len + 1);
    if (copy == NULL) {
        return NGX_ERROR;
    }

    *ngx_cpymem(copy, type.data, type.len) = '\0';

    return ngx_http_triage_add_header(r, "Content-Type", (char *) copy);
}


/* The platform's own success, or the answer of a handshake. */
static ngx_int_t
ngx_http_triage_send(ngx_http_request_t *r, const triage_reply_t *reply)
{
    ngx_int_t rc;

    r->headers_out.status = reply->status;
    r->headers_out.content_length_n = (off_t) reply->body.len;

    if (ngx_http_triage_set_type(r, reply) != NGX_OK) {
        return NGX_ERROR;
    }

    /* what is echoed was chosen by the caller */
    if (ngx_http_triage_add_header(r, "X-Content-Type-Options", "nosniff")
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (reply->body.len == 0) {
        r->header_only = 1;
    }

    rc = ngx_http_send_header(r);
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    return ngx_http_triage_send_body(r, reply->body);
}


static ngx_int_t
ngx_http_triage_answer(ngx_http_request_t *r, ngx_http_triage_ctx_t *ctx)
{
    ngx_uint_t status = ngx_http_triage_reply(ctx->outcome.code)->status;

    if (status == 0) {
        return ngx_http_triage_send(r, &ctx->intake.reply);
    }

    if (status == NGX_HTTP_SERVICE_UNAVAILABLE
        && ngx_http_triage_add_header(r, "Retry-After",
                                      NGX_HTTP_TRIAGE_RETRY_AFTER)
               != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return (ngx_int_t) status;
}


/* The one end of every delivery. */
static void
ngx_http_triage_finish(ngx_http_request_t *r, triage_outcome_t outcome)
{
    ngx_http_triage_loc_conf_t *tlcf;
    ngx_http_triage_ctx_t *ctx;

    tlcf = ngx_http_get_module_loc_conf(r, ngx_http_triage_module);
    ctx = ngx_http_get_module_ctx(r, ngx_http_triage_module);

    ctx->outcome = outcome;
    ctx->is_done = 1;

    ngx_http_triage_count(tlcf, ctx);
    ngx_http_triage_log(r, tlcf, &outcome);
    ngx_http_finalize_request(r, ngx_http_triage_answer(r, ctx));
}


static void
ngx_http_triage_count_duplicates(ngx_http_triage_ctx_t *ctx,
                                 const bool *duplicates)
{
    size_t i;

    for (i = 0; duplicates != NULL && i < ctx->intake.filing_count; i++) {
        ctx->duplicates += duplicates[i];
    }
}


/* The store kept it, or could not. */
static void
ngx_http_triage_stored(void *data, triage_outcome_t outcome,
                       const bool *duplicates)
{
    ngx_http_request_t *r = data;
    ngx_connection_t *c = r->connection;
    ngx_http_triage_loc_conf_t *tlcf;
    ngx_http_triage_ctx_t *ctx;

    tlcf = ngx_http_get_module_loc_conf(r, ngx_http_triage_module);
    ctx = ngx_http_get_module_ctx(r, ngx_http_triage_module);
    ctx->ticket = NULL;

    if (outcome.code == TRIAGE_OK) {
        ngx_http_triage_count_duplicates(ctx, duplicates);

        if (tlcf->platform->answer != NULL && ctx->intake.filing_count > 0) {
            (void) tlcf->platform->answer(&ctx->intake.reading, duplicates,
                                          &ctx->arena, &ctx->intake.reply);
        }

        /* a dead letter was kept: the platform sees success, ops see why */
        if (ctx->intake.failure != NULL) {
            outcome = ctx->outcome;
        }
    }

    ngx_http_triage_finish(r, outcome);
    ngx_http_run_posted_requests(c);
}


static triage_outcome_t
ngx_http_triage_put(ngx_http_request_t *r, ngx_http_triage_loc_conf_t *tlcf,
                    ngx_http_triage_ctx_t *ctx,
                    const triage_delivery_t *delivery)
{
    ngx_http_triage_main_conf_t *tmcf;
    triage_parcel_t parcel = {
        .platform = triage_text_of(tlcf->platform->name),
        .brand = tlcf->source.brand,
        .received_at = delivery->received_at,
        .raw = delivery->body,
        .headers = triage_intake_headers(tlcf->platform, &tlcf->source,
                                         delivery, &ctx->arena),
        .failure = ctx->intake.failure,
        .filings = ctx->intake.filings,
        .filing_count = ctx->intake.filing_count,
    };

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);
    if (tmcf->store == NULL) {
        return triage_fail(TRIAGE_UNAVAILABLE, "the store is not open");
    }

    return triage_store_put(tmcf->store, &parcel, ngx_http_triage_stored, r,
                            &ctx->ticket);
}


/* Rows are written only for what is genuine. */
static bool
ngx_http_triage_is_kept(const triage_outcome_t *outcome)
{
    return outcome->code == TRIAGE_OK || outcome->code == TRIAGE_MALFORMED;
}


static triage_outcome_t
ngx_http_triage_take_in(ngx_http_request_t *r,
                        ngx_http_triage_loc_conf_t *tlcf,
                        ngx_http_triage_ctx_t *ctx,
                        triage_delivery_t *delivery)
{
    ngx_http_triage_main_conf_t *tmcf;

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);

    if (ngx_http_triage_make_delivery(r, tlcf, delivery) != NGX_OK) {
        return triage_fail(TRIAGE_NO_MEMORY, "the body cannot be read");
    }

    return triage_intake(tlcf->platform, &tlcf->source, tmcf->scorer,
                         &tmcf->router, delivery, &ctx->arena, &ctx->intake);
}


static void
ngx_http_triage_body_ready(ngx_http_request_t *r)
{
    ngx_http_triage_loc_conf_t *tlcf;
    ngx_http_triage_ctx_t *ctx;
    triage_delivery_t delivery;
    triage_outcome_t outcome;

    tlcf = ngx_http_get_module_loc_conf(r, ngx_http_triage_module);
    ctx = ngx_http_get_module_ctx(r, ngx_http_triage_module);

    outcome = ngx_http_triage_take_in(r, tlcf, ctx, &delivery);
    ctx->outcome = outcome;
    ctx->top = ngx_http_triage_most_urgent(&ctx->intake);

    /* a reading in part: filed, and a dead letter too */
    if (outcome.code == TRIAGE_OK && ctx->intake.failure != NULL) {
        ctx->outcome.why = ctx->intake.failure;
    }

    if (!ngx_http_triage_is_kept(&outcome) || tlcf->dry_run) {
        ngx_http_triage_finish(r, ctx->outcome);
        return;
    }

    outcome = ngx_http_triage_put(r, tlcf, ctx, &delivery);
    if (outcome.code != TRIAGE_OK) {
        ngx_http_triage_finish(r, outcome);
        return;
    }

    /* the answer comes from ngx_http_triage_stored; meanwhile a client that
     * leaves is noticed, and its delivery is kept */
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;
}


/* nginx itself refuses a body over the limit, before or after the handler
 * was called. */
ngx_int_t
ngx_http_triage_log_phase(ngx_http_request_t *r)
{
    ngx_http_triage_loc_conf_t *tlcf;
    ngx_http_triage_ctx_t *ctx;

    tlcf = ngx_http_get_module_loc_conf(r, ngx_http_triage_module);
    ctx = ngx_http_get_module_ctx(r, ngx_http_triage_module);

    if (tlcf->counters != NULL && (ctx == NULL || !ctx->is_done)
        && r->headers_out.status == NGX_HTTP_REQUEST_ENTITY_TOO_LARGE)
    {
        (void) ngx_atomic_fetch_add(
            &tlcf->counters->outcomes[TRIAGE_TOO_LARGE], 1);
    }

    return NGX_OK;
}
