#include "ngx_http_triage.h"

#define NGX_HTTP_TRIAGE_RETRY_AFTER "5"

static void ngx_http_triage_body_ready(ngx_http_request_t *r);


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


static ngx_int_t
ngx_http_triage_copy_buf(ngx_buf_t *b, u_char *to, ngx_log_t *log)
{
    size_t size = (size_t) ngx_buf_size(b);

    (void) log;

    if (ngx_buf_in_memory(b)) {
        ngx_memcpy(to, b->pos, size);
        return NGX_OK;
    }

    /* a temporary file that was written a moment ago: in the page cache */
    return ngx_read_file(b->file, to, size, b->file_pos) == (ssize_t) size
               ? NGX_OK
               : NGX_ERROR;
}


/* Every byte as received, in one piece. */
static ngx_int_t
ngx_http_triage_body(ngx_http_request_t *r, triage_text_t *body)
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
            != NGX_OK)
        {
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
        path.len = r->args.len > 0 ? r->args.len + 1 : 0;
        path.data = r->args.data - 1; /* with its `?` */
    }

    url->len = scheme.len + host.len + path.len;
    url->data = (char *) ngx_pnalloc(r->pool, url->len + 1);
    if (url->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem((u_char *) url->data, scheme.data, scheme.len);
    p = ngx_cpymem(p, host.data, host.len);
    ngx_memcpy(p, path.data, path.len);

    return NGX_OK;
}


static int64_t
ngx_http_triage_now(void)
{
    ngx_time_t *tp = ngx_timeofday();

    return (int64_t) tp->sec * TRIAGE_SECOND + (int64_t) tp->msec * 1000;
}


static ngx_int_t
ngx_http_triage_make_delivery(ngx_http_request_t *r,
                              ngx_http_triage_loc_conf_t *tlcf,
                              triage_delivery_t *delivery)
{
    *delivery = (triage_delivery_t) {
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

    return ngx_http_triage_body(r, &delivery->body);
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
ngx_http_triage_add_header(ngx_http_request_t *r, const char *name,
                           const char *value)
{
    ngx_table_elt_t *header = ngx_list_push(&r->headers_out.headers);

    if (header == NULL) {
        return NGX_ERROR;
    }

    header->hash = 1;
    header->key.data = (u_char *) name;
    header->key.len = ngx_strlen(name);
    header->value.data = (u_char *) value;
    header->value.len = ngx_strlen(value);
#if (nginx_version >= 1023000)
    header->next = NULL;
#endif

    return NGX_OK;
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


/* The platform's own success, or the answer of a handshake. */
static ngx_int_t
ngx_http_triage_send(ngx_http_request_t *r, const triage_reply_t *reply)
{
    ngx_int_t rc;

    r->headers_out.status = reply->status;
    r->headers_out.content_length_n = (off_t) reply->body.len;

    if (reply->content_type.len > 0) {
        r->headers_out.content_type.data =
            (u_char *) reply->content_type.data;
        r->headers_out.content_type.len = reply->content_type.len;
        r->headers_out.content_type_len = reply->content_type.len;
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


static triage_text_t
ngx_http_triage_no_header(const void *request, triage_text_t name)
{
    (void) request;
    (void) name;

    return triage_no_text;
}


static ngx_http_triage_loc_conf_t *
ngx_http_triage_source_of(ngx_http_triage_main_conf_t *tmcf,
                          const triage_dead_letter_t *letter)
{
    ngx_http_triage_loc_conf_t **source = tmcf->sources.elts;
    ngx_uint_t i;

    for (i = 0; i < tmcf->sources.nelts; i++) {
        if (triage_text_is(letter->platform, source[i]->platform->name)
            && triage_text_equal(letter->brand, source[i]->source.brand))
        {
            return source[i];
        }
    }

    return NULL;
}


static void
ngx_http_triage_replayed(void *data, triage_outcome_t outcome,
                         const bool *duplicates)
{
    (void) data;
    (void) outcome;
    (void) duplicates;
}


static const char *
ngx_http_triage_put_again(ngx_http_triage_main_conf_t *tmcf,
                          ngx_http_triage_loc_conf_t *tlcf,
                          const triage_dead_letter_t *letter,
                          triage_arena_t *arena)
{
    triage_delivery_t delivery = {
        .method = triage_text("POST"),
        .body = letter->raw,
        .header = ngx_http_triage_no_header,
        .received_at = letter->received_at,
    };
    triage_parcel_t parcel;
    triage_intake_t intake;
    triage_outcome_t outcome;
    triage_ticket_t *ticket;

    outcome = triage_intake_again(tlcf->platform, &tlcf->source,
                                  tmcf->scorer, &tmcf->router, &delivery,
                                  arena, &intake);
    if (outcome.code != TRIAGE_OK) {
        return outcome.why;
    }

    if (intake.failure != NULL) {
        return intake.failure;
    }

    parcel = (triage_parcel_t) {
        .platform = letter->platform,
        .brand = letter->brand,
        .received_at = letter->received_at,
        .raw = letter->raw,
        .filings = intake.filings,
        .filing_count = intake.filing_count,
    };

    outcome = triage_store_put(tmcf->store, &parcel,
                               ngx_http_triage_replayed, NULL, &ticket);

    return outcome.code == TRIAGE_OK ? NULL : outcome.why;
}


const char *
ngx_http_triage_replay(void *context, const triage_dead_letter_t *letter)
{
    ngx_http_triage_main_conf_t *tmcf = context;
    ngx_http_triage_loc_conf_t *tlcf;
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    const char *why;

    tlcf = ngx_http_triage_source_of(tmcf, letter);
    if (tlcf == NULL) {
        return "no location takes this platform and brand";
    }

    triage_arena_on_heap(&arena, &heap);
    why = ngx_http_triage_put_again(tmcf, tlcf, letter, &arena);
    triage_heap_free(&heap);

    return why;
}
