/*
 * One call of the desk: who may, what is asked, what comes back.
 */
#include "ngx_http_triage_desk.h"

#include "../src/score/marks.h"

/* What is remembered of a call while its request lives. */
typedef struct {
    ngx_http_triage_desk_t *desk;
    const triage_call_t *call;
    triage_statement_t statement;
    triage_arena_t arena;
    triage_question_t *question; /* NULL: nothing is asked */
    triage_text_t values[1 + TRIAGE_CALL_PARAMETERS_MAX];
} ngx_http_triage_desk_ctx_t;

_Static_assert(1 + TRIAGE_CALL_PARAMETERS_MAX <= TRIAGE_QUESTION_VALUES_MAX,
               "a question has room for the values of each call");

/* What an SQLSTATE is to the agent; the first row that it starts with. */
static const struct {
    const char *prefix;
    ngx_uint_t status;
    triage_text_t why; /* no text: what the database says, which is ours */
} ngx_http_triage_desk_refusals[] = {
    { "TR001", NGX_HTTP_NOT_FOUND, { NULL, 0 } },
    { "TR002", NGX_HTTP_CONFLICT, { NULL, 0 } },
    { "TR003", NGX_HTTP_CONFLICT, { NULL, 0 } },
    { "TR004", NGX_HTTP_NOT_FOUND, { NULL, 0 } },
    { "TR005", NGX_HTTP_NOT_FOUND, { NULL, 0 } },
    { "TR010", NGX_HTTP_CONFLICT, { NULL, 0 } },
    { "TR011", NGX_HTTP_FORBIDDEN, { NULL, 0 } },
    { "TR012", NGX_HTTP_FORBIDDEN, { NULL, 0 } },
    { "TR013", NGX_HTTP_CONFLICT, { NULL, 0 } },
    { "TR", NGX_HTTP_BAD_REQUEST, { NULL, 0 } },
    { "22", NGX_HTTP_BAD_REQUEST,
      TRIAGE_TEXT("an argument is out of its range") },
    { "42501", NGX_HTTP_FORBIDDEN,
      TRIAGE_TEXT("the role of triage_desk_database may not do this") },
    { "55P03", NGX_HTTP_SERVICE_UNAVAILABLE,
      TRIAGE_TEXT("the database is busy") },
    { "57014", NGX_HTTP_SERVICE_UNAVAILABLE,
      TRIAGE_TEXT("the database took too long") },
    { "", NGX_HTTP_INTERNAL_SERVER_ERROR,
      TRIAGE_TEXT("the database could not do this") },
};

static void ngx_http_triage_desk_body_ready(ngx_http_request_t *r);


/* --- tokens -------------------------------------------------------------- */

static void
ngx_http_triage_desk_signed(const ngx_http_triage_visit_t *visit,
                            triage_text_t parts[2])
{
    parts[0] = triage_text("desk\x1f");
    parts[1] = ngx_http_triage_text(visit->agent);
}


static ngx_uint_t
ngx_http_triage_desk_has_token(ngx_http_request_t *r,
                               ngx_http_triage_desk_t *desk,
                               const ngx_http_triage_visit_t *visit)
{
    triage_text_t parts[2];

    ngx_http_triage_desk_signed(visit, parts);

    return triage_keyring_signed(
        desk->key, TRIAGE_SHA256, parts, 2, TRIAGE_HEX,
        ngx_http_triage_desk_header(r, "X-Triage-Token"));
}


/* Only a page of ours can read this, and so the token. */
ngx_int_t
ngx_http_triage_desk_session(ngx_http_request_t *r,
                             const ngx_http_triage_visit_t *visit)
{
    ngx_http_triage_page_answer_t a = { .status = NGX_HTTP_OK,
                                        .type = "application/json",
                                        .cache = "no-store" };
    ngx_http_triage_main_conf_t *tmcf;
    uint8_t mac[TRIAGE_DIGEST_MAX];
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    triage_arena_t arena;
    triage_text_t parts[2];
    size_t len;

    if (r->method != NGX_HTTP_GET) {
        return ngx_http_triage_desk_refuse(r, NGX_HTTP_NOT_ALLOWED, "method",
                                           triage_text("expected GET"));
    }

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);
    ngx_http_triage_desk_signed(visit, parts);
    len = triage_keyring_mac(tmcf->desk->key, 0, TRIAGE_SHA256, parts, 2, mac);
    triage_arena_init(&arena, ngx_http_triage_take, r->pool);

    triage_writer_init(&writer, &buffer);
    triage_write_open(&writer, '{');
    triage_write_name(&writer, "agent");
    triage_write_text(&writer, ngx_http_triage_text(visit->agent));
    triage_write_name(&writer, "token");
    triage_write_text(&writer, triage_hex_encode(mac, len, &arena));
    triage_write_close(&writer, '}');
    triage_buffer_add_byte(&buffer, '\n');

    a.body = ngx_http_triage_desk_keep(r, &buffer);
    if (len == 0 || a.body.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_triage_desk_send(r, &a);
}


/* --- answers ------------------------------------------------------------- */

static ngx_int_t
ngx_http_triage_desk_answer(ngx_http_request_t *r, triage_text_t value)
{
    ngx_http_triage_page_answer_t a = { .status = NGX_HTTP_OK,
                                        .type = "application/json",
                                        .cache = "no-store" };
    char *copy = ngx_pnalloc(r->pool, value.len + 1);

    if (copy == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(copy, value.data, value.len);
    copy[value.len] = '\n';
    a.body = (triage_text_t){ copy, value.len + 1 };

    return ngx_http_triage_desk_send(r, &a);
}


static ngx_int_t
ngx_http_triage_desk_answer_refusal(ngx_http_request_t *r,
                                    const triage_told_t *told)
{
    ngx_uint_t i = 0;

    while (ngx_strncmp(told->sqlstate, ngx_http_triage_desk_refusals[i].prefix,
                       ngx_strlen(ngx_http_triage_desk_refusals[i].prefix))
           != 0)
    {
        i++;
    }

    if (ngx_http_triage_desk_refusals[i].why.data == NULL) {
        return ngx_http_triage_desk_refuse(
            r, ngx_http_triage_desk_refusals[i].status, told->sqlstate,
            triage_text_of(told->message));
    }

    ngx_log_error(NGX_LOG_ERR, r->connection->log, 0,
                  "triage: desk: the database refuses: %s", told->sqlstate);

    return ngx_http_triage_desk_refuse(
        r, ngx_http_triage_desk_refusals[i].status, "database",
        ngx_http_triage_desk_refusals[i].why);
}


static ngx_int_t
ngx_http_triage_desk_unavailable(ngx_http_request_t *r,
                                 triage_outcome_t outcome)
{
    ngx_log_error(NGX_LOG_WARN, r->connection->log, 0, "triage: desk: %s",
                  outcome.why);

    return ngx_http_triage_desk_refuse(r, NGX_HTTP_SERVICE_UNAVAILABLE,
                                       triage_code_name(outcome.code),
                                       triage_text_of(outcome.why));
}


static void
ngx_http_triage_desk_told(void *data, const triage_told_t *told)
{
    ngx_http_request_t *r = data;
    ngx_connection_t *c = r->connection;
    ngx_http_triage_desk_ctx_t *ctx;
    ngx_int_t rc;

    ctx = ngx_http_get_module_ctx(r, ngx_http_triage_module);
    ctx->question = NULL;

    if (told->outcome.code == TRIAGE_OK) {
        if (ctx->call->way == TRIAGE_CALL_CHANGES) {
            ngx_http_triage_desk_changed(ctx->desk);
        }
        rc = ngx_http_triage_desk_answer(r, told->value);

    } else if (told->outcome.code == TRIAGE_DENIED && told->sqlstate != NULL) {
        rc = ngx_http_triage_desk_answer_refusal(r, told);

    } else {
        rc = ngx_http_triage_desk_unavailable(r, told->outcome);
    }

    ngx_http_finalize_request(r, rc);
    ngx_http_run_posted_requests(c);
}


/* --- asking -------------------------------------------------------------- */

static ngx_int_t
ngx_http_triage_desk_refuse_argument(ngx_http_request_t *r, const char *why,
                                     const char *which)
{
    triage_buffer_t buffer = { 0 };
    triage_text_t text;

    triage_buffer_print(&buffer, "%s%s%s", which != NULL ? which : "",
                        which != NULL ? ": " : "", why);
    text = ngx_http_triage_desk_keep(r, &buffer);

    return ngx_http_triage_desk_refuse(r, NGX_HTTP_BAD_REQUEST, "argument",
                                       text);
}


/* The one call that asks nobody: how a text is read, the scorer knows. */
static ngx_int_t
ngx_http_triage_desk_mark(ngx_http_request_t *r,
                          const ngx_http_triage_desk_ctx_t *ctx)
{
    ngx_http_triage_main_conf_t *tmcf;
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    triage_text_t value;

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);
    triage_writer_init(&writer, &buffer);
    triage_write_open(&writer, '{');
    triage_write_name(&writer, "agent");
    triage_write_text(&writer, ctx->values[0]);
    triage_write_name(&writer, "marks");
    triage_marks_write(tmcf->scorer, ctx->values[1], &writer);
    triage_write_close(&writer, '}');
    value = ngx_http_triage_desk_keep(r, &buffer);

    return value.data != NULL ? ngx_http_triage_desk_answer(r, value)
                              : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* NGX_DONE: the answer comes later. */
static ngx_int_t
ngx_http_triage_desk_put(ngx_http_request_t *r,
                         ngx_http_triage_desk_ctx_t *ctx,
                         triage_text_t request)
{
    triage_outcome_t outcome;
    const char *why, *which;

    why = triage_call_read(ctx->call, request, &ctx->arena, ctx->values + 1,
                           &which);
    if (why != NULL) {
        return ngx_http_triage_desk_refuse_argument(r, why, which);
    }

    if (ctx->call->sql == NULL) {
        return ngx_http_triage_desk_mark(r, ctx);
    }

    if (ctx->desk->asker == NULL) {
        return ngx_http_triage_desk_unavailable(
            r, triage_fail(TRIAGE_UNAVAILABLE, "the desk is not open"));
    }

    ctx->statement.text = ctx->call->sql;
    ctx->statement.parameter_count = triage_call_value_count(ctx->call);

    outcome = triage_asker_ask(ctx->desk->asker, &ctx->statement, ctx->values,
                               ngx_http_triage_desk_told, r, &ctx->question);

    return outcome.code == TRIAGE_OK
               ? NGX_DONE
               : ngx_http_triage_desk_unavailable(r, outcome);
}


/* The client is gone; what it asked for is done all the same. */
static void
ngx_http_triage_desk_cleanup(void *data)
{
    ngx_http_triage_desk_ctx_t *ctx = data;

    if (ctx->question != NULL) {
        triage_asker_abandon(ctx->question);
        ctx->question = NULL;
    }
}


static ngx_http_triage_desk_ctx_t *
ngx_http_triage_desk_make_ctx(ngx_http_request_t *r, const triage_call_t *call,
                              const ngx_http_triage_visit_t *visit)
{
    ngx_http_triage_main_conf_t *tmcf;
    ngx_http_triage_desk_ctx_t *ctx;
    ngx_pool_cleanup_t *cln;

    ctx = ngx_pcalloc(r->pool, sizeof(*ctx));
    cln = ngx_pool_cleanup_add(r->pool, 0);
    if (ctx == NULL || cln == NULL) {
        return NULL;
    }

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);
    cln->handler = ngx_http_triage_desk_cleanup;
    cln->data = ctx;
    ctx->desk = tmcf->desk;
    ctx->call = call;
    ctx->values[0] = ngx_http_triage_text(visit->agent);
    triage_arena_init(&ctx->arena, ngx_http_triage_take, r->pool);
    ngx_http_set_ctx(r, ctx, ngx_http_triage_module);

    return ctx;
}


static void
ngx_http_triage_desk_body_ready(ngx_http_request_t *r)
{
    ngx_http_triage_desk_ctx_t *ctx;
    triage_text_t body;
    ngx_int_t rc;

    ctx = ngx_http_get_module_ctx(r, ngx_http_triage_module);

    if (ngx_http_triage_read_body(r, &body) != NGX_OK) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    rc = ngx_http_triage_desk_put(r, ctx, body);
    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


static ngx_int_t
ngx_http_triage_desk_get(ngx_http_request_t *r,
                         ngx_http_triage_desk_ctx_t *ctx)
{
    ngx_int_t rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_http_triage_desk_put(r, ctx, ngx_http_triage_text(r->args));
    if (rc == NGX_DONE) {
        r->main->count++;
    }

    return rc;
}


/* What no form of another site can send; a charset may follow. */
static ngx_uint_t
ngx_http_triage_desk_is_json(ngx_http_request_t *r)
{
    triage_text_t type = ngx_http_triage_desk_header(r, "Content-Type");
    triage_text_t json = triage_text("application/json");

    return triage_text_starts(type, json)
           && (type.len == json.len || type.data[json.len] == ';'
               || type.data[json.len] == ' ');
}


static ngx_int_t
ngx_http_triage_desk_post(ngx_http_request_t *r,
                          ngx_http_triage_desk_ctx_t *ctx,
                          const ngx_http_triage_visit_t *visit)
{
    ngx_int_t rc;

    if (!ngx_http_triage_desk_is_json(r)) {
        return ngx_http_triage_desk_refuse(
            r, NGX_HTTP_UNSUPPORTED_MEDIA_TYPE, "type",
            triage_text("expected application/json"));
    }

    if (!ngx_http_triage_desk_has_token(r, ctx->desk, visit)) {
        return ngx_http_triage_desk_refuse(
            r, NGX_HTTP_FORBIDDEN, "token",
            triage_text("the token is missing or not of this session"));
    }

    r->request_body_in_single_buf = 1;
    rc = ngx_http_read_client_request_body(r, ngx_http_triage_desk_body_ready);

    return rc >= NGX_HTTP_SPECIAL_RESPONSE ? rc : NGX_DONE;
}


ngx_int_t
ngx_http_triage_desk_call(ngx_http_request_t *r,
                          const ngx_http_triage_visit_t *visit,
                          triage_text_t name)
{
    const triage_call_t *call = triage_call_find(name);
    ngx_http_triage_desk_ctx_t *ctx;
    ngx_uint_t is_post;

    if (call == NULL) {
        return ngx_http_triage_desk_refuse(
            r, NGX_HTTP_NOT_FOUND, "call",
            triage_text("there is no such call"));
    }

    is_post = call->way != TRIAGE_CALL_LOOKS;
    if (r->method != (is_post ? NGX_HTTP_POST : NGX_HTTP_GET)) {
        return ngx_http_triage_desk_refuse(r, NGX_HTTP_NOT_ALLOWED, "method",
                                           is_post
                                               ? triage_text("expected POST")
                                               : triage_text("expected GET"));
    }

    ctx = ngx_http_triage_desk_make_ctx(r, call, visit);
    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return is_post ? ngx_http_triage_desk_post(r, ctx, visit)
                   : ngx_http_triage_desk_get(r, ctx);
}
