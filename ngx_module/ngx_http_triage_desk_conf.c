/*
 * The desk's directives, and what a worker opens and closes for it.
 */
#include "ngx_http_triage_desk.h"

#define NGX_HTTP_TRIAGE_NUDGE 200  /* ms: what happens goes together */
#define NGX_HTTP_TRIAGE_APART 1000 /* ms between two notifications */
#define NGX_HTTP_TRIAGE_PING 30000 /* ms */
#define NGX_HTTP_TRIAGE_KEY_BYTES 32

/* For timers, which nginx wants to have a connection. */
static ngx_connection_t ngx_http_triage_desk_dummy;


/* --- directives ---------------------------------------------------------- */

static void
ngx_http_triage_desk_free_conninfo(void *data)
{
    triage_conninfo_free(data);
}


/* New with each configuration: a page gets itself a new token. */
static ngx_int_t
ngx_http_triage_desk_make_key(ngx_conf_t *cf, ngx_http_triage_desk_t *desk)
{
    u_char bytes[NGX_HTTP_TRIAGE_KEY_BYTES];
    u_char hex[2 * NGX_HTTP_TRIAGE_KEY_BYTES];
    ngx_fd_t fd =
        ngx_open_file("/dev/urandom", NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    const char *why;
    ssize_t n;

    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           "triage_desk_database: no /dev/urandom");
        return NGX_ERROR;
    }

    n = ngx_read_fd(fd, bytes, sizeof(bytes));
    ngx_close_file(fd);
    if (n != (ssize_t) sizeof(bytes)) {
        return NGX_ERROR;
    }

    ngx_hex_dump(hex, bytes, sizeof(bytes));
    desk->key = triage_keyring_read(
        (triage_text_t){ (char *) hex, sizeof(hex) }, &why);
    ngx_explicit_memzero(bytes, sizeof(bytes));
    ngx_explicit_memzero(hex, sizeof(hex));

    return desk->key != NULL ? ngx_http_triage_own(
               cf->pool, ngx_http_triage_free_keyring, desk->key)
                             : NGX_ERROR;
}


static void
ngx_http_triage_desk_find_modules(ngx_conf_t *cf, ngx_http_triage_desk_t *desk)
{
    static const char *const names[NGX_HTTP_TRIAGE_AUTH_MODULES] = {
        "ngx_http_auth_basic_module", "ngx_http_auth_request_module"
    };
    ngx_module_t **module = cf->cycle->modules;
    ngx_uint_t i, m;

    for (i = 0; i < NGX_HTTP_TRIAGE_AUTH_MODULES; i++) {
        desk->auth_index[i] = NGX_ERROR;

        for (m = 0; module[m] != NULL; m++) {
            if (ngx_strcmp(module[m]->name, names[i]) == 0) {
                desk->auth_index[i] = (ngx_int_t) module[m]->ctx_index;
            }
        }
    }
}


static const char *
ngx_http_triage_desk_set_number(ngx_str_t *value, ngx_uint_t most,
                                ngx_uint_t *number, const char *expected)
{
    ngx_int_t n = ngx_atoi(value->data, value->len);

    if (n < 1 || n > (ngx_int_t) most) {
        return expected;
    }

    *number = (ngx_uint_t) n;

    return NULL;
}


static const char *
ngx_http_triage_desk_set_connections(ngx_http_triage_desk_t *desk,
                                     ngx_str_t *value)
{
    return ngx_http_triage_desk_set_number(
        value, TRIAGE_LINKS_MAX, &desk->connections,
        "a number of connections from 1 to 8");
}


static const char *
ngx_http_triage_desk_set_backlog(ngx_http_triage_desk_t *desk,
                                 ngx_str_t *value)
{
    return ngx_http_triage_desk_set_number(
        value, 100000, &desk->backlog, "a number of calls from 1 to 100000");
}


static const char *
ngx_http_triage_desk_set_streams(ngx_http_triage_desk_t *desk,
                                 ngx_str_t *value)
{
    return ngx_http_triage_desk_set_number(
        value, 100000, &desk->streams_max,
        "a number of pages from 1 to 100000");
}


static const char *
ngx_http_triage_desk_set_timeout(ngx_http_triage_desk_t *desk,
                                 ngx_str_t *value)
{
    ngx_int_t time = ngx_parse_time(value, 0);

    if (time == NGX_ERROR || time < 50 || time > 60000) {
        return "a time from 50ms to 60s";
    }

    desk->timeout = (ngx_msec_t) time;

    return NULL;
}


static const struct {
    ngx_str_t name; /* with the `=` */
    const char *(*set)(ngx_http_triage_desk_t *desk, ngx_str_t *value);
} ngx_http_triage_desk_words[] = {
    { ngx_string("connections="), ngx_http_triage_desk_set_connections },
    { ngx_string("timeout="), ngx_http_triage_desk_set_timeout },
    { ngx_string("backlog="), ngx_http_triage_desk_set_backlog },
    { ngx_string("streams="), ngx_http_triage_desk_set_streams },
};


static const char *
ngx_http_triage_desk_read_word(ngx_http_triage_desk_t *desk, ngx_str_t *word)
{
    ngx_str_t rest;
    size_t i;

    for (i = 0; i < sizeof(ngx_http_triage_desk_words)
                        / sizeof(ngx_http_triage_desk_words[0]);
         i++)
    {
        const ngx_str_t *name = &ngx_http_triage_desk_words[i].name;

        if (word->len > name->len
            && ngx_strncmp(word->data, name->data, name->len) == 0)
        {
            rest.data = word->data + name->len;
            rest.len = word->len - name->len;
            return ngx_http_triage_desk_words[i].set(desk, &rest);
        }
    }

    return "connections=number, timeout=time, backlog=number or "
           "streams=number";
}


static ngx_int_t
ngx_http_triage_desk_read_conninfo(ngx_conf_t *cf, ngx_str_t *value,
                                   ngx_http_triage_desk_t *desk)
{
    char error[256];
    char *text = ngx_pnalloc(cf->temp_pool, value->len + 1);

    if (text == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(text, value->data, value->len);
    text[value->len] = '\0';

    /* the string may hold a password: it is never printed */
    desk->conninfo = triage_conninfo_read(text, error, sizeof(error));
    if (desk->conninfo == NULL) {
        ngx_conf_log_error(
            NGX_LOG_EMERG, cf, 0,
            "triage_desk_database: invalid connection string: %s", error);
        return NGX_ERROR;
    }

    return ngx_http_triage_own(cf->pool, ngx_http_triage_desk_free_conninfo,
                               desk->conninfo);
}


char *
ngx_http_triage_desk_database(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_main_conf_t *tmcf = conf;
    ngx_str_t *value = cf->args->elts;
    ngx_http_triage_desk_t *desk;
    const char *expected;
    ngx_uint_t i;

    (void) cmd;

    if (tmcf->desk != NULL) {
        return "is duplicate";
    }

    desk = ngx_pcalloc(cf->pool, sizeof(*desk));
    if (desk == NULL) {
        return NGX_CONF_ERROR;
    }

    tmcf->desk = desk;
    desk->connections = 2;
    desk->timeout = 5000;
    desk->backlog = 128;
    desk->streams_max = 1024;

    for (i = 2; i < cf->args->nelts; i++) {
        expected = ngx_http_triage_desk_read_word(desk, &value[i]);
        if (expected != NULL) {
            return ngx_http_triage_refuse(cf, "triage_desk_database",
                                          &value[i], expected);
        }
    }

    ngx_http_triage_desk_find_modules(cf, desk);

    return ngx_http_triage_desk_read_conninfo(cf, &value[1], desk) == NGX_OK
                   && ngx_http_triage_desk_make_key(cf, desk) == NGX_OK
               ? NGX_CONF_OK
               : NGX_CONF_ERROR;
}


static ngx_int_t
ngx_http_triage_desk_compile_user(ngx_conf_t *cf, ngx_str_t *word,
                                  ngx_http_triage_desk_place_t *place)
{
    ngx_http_compile_complex_value_t compile;
    ngx_str_t value = *word;

    value.data += sizeof("user=") - 1;
    value.len -= sizeof("user=") - 1;
    place->user = ngx_pcalloc(cf->pool, sizeof(*place->user));
    if (place->user == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&compile, sizeof(compile));
    compile.cf = cf;
    compile.value = &value;
    compile.complex_value = place->user;

    return ngx_http_compile_complex_value(&compile);
}


char *
ngx_http_triage_desk(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_loc_conf_t *tlcf = conf;
    ngx_http_triage_main_conf_t *tmcf;
    ngx_http_core_loc_conf_t *clcf;
    ngx_str_t *value = cf->args->elts;

    (void) cmd;

    if (tlcf->desk != NULL) {
        return "is duplicate";
    }

    tlcf->desk = ngx_pcalloc(cf->pool, sizeof(*tlcf->desk));
    if (tlcf->desk == NULL) {
        return NGX_CONF_ERROR;
    }

    if (cf->args->nelts == 2) {
        if (value[1].len <= 5 || ngx_strncmp(value[1].data, "user=", 5) != 0) {
            return ngx_http_triage_refuse(cf, "triage_desk", &value[1],
                                          "user=value");
        }
        if (ngx_http_triage_desk_compile_user(cf, &value[1], tlcf->desk)
            != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    if (clcf->exact_match || clcf->name.len == 0
        || clcf->name.data[clcf->name.len - 1] != '/')
    {
        return ngx_http_triage_refuse(cf, "triage_desk", &clcf->name,
                                      "a location that ends in \"/\"");
    }

#if (NGX_PCRE)
    if (clcf->regex != NULL) {
        return ngx_http_triage_refuse(cf, "triage_desk", &clcf->name,
                                      "a location without an expression");
    }
#endif

    clcf->handler = ngx_http_triage_desk_handler;
    clcf->auto_redirect = 1;

    tmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_triage_module);
    tmcf->desk_places++;

    return NGX_CONF_OK;
}


ngx_int_t
ngx_http_triage_desk_check(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf)
{
    if (tmcf->desk_places > 0 && tmcf->desk == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "triage_desk_database is missing: expected a "
                      "connection string in http{} of %V",
                      &cf->conf_file->file.name);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* --- the worker ---------------------------------------------------------- */

static void
ngx_http_triage_desk_report(void *context, int level, const char *what,
                            const char *detail)
{
    ngx_http_triage_desk_t *desk = context;
    u_char why[512];

    ngx_snprintf(why, sizeof(why) - 1, "%s%s%s%Z", what,
                 detail != NULL ? ": " : "", detail != NULL ? detail : "");
    why[sizeof(why) - 1] = '\0';

    ngx_http_triage_report(desk->heartbeat.log, level, "desk", (char *) why);
}


static void
ngx_http_triage_desk_heard(void *context, const char *payload)
{
    ngx_http_triage_desk_tell(context, payload);
}


static void
ngx_http_triage_desk_joined(void *context)
{
    ngx_http_triage_desk_tell(context, NULL);
}


static void
ngx_http_triage_desk_nudged(void *data, const triage_told_t *told)
{
    (void) data; /* pages look now and then anyway */
    (void) told;
}


/* How long it is until any worker may tell something again, in ms. */
static ngx_msec_int_t
ngx_http_triage_desk_until_told(ngx_msec_t told_at)
{
    ngx_msec_int_t age = (ngx_msec_int_t) (ngx_current_msec - told_at);

    /* a little ahead: another worker's clock; far ahead: no clock at all */
    if (told_at == 0 || age >= NGX_HTTP_TRIAGE_APART
        || age < -NGX_HTTP_TRIAGE_APART)
    {
        return 0;
    }

    return age < 0 ? NGX_HTTP_TRIAGE_APART : NGX_HTTP_TRIAGE_APART - age;
}


/* What another worker told since then, told of this deed, too. */
static void
ngx_http_triage_desk_nudge(ngx_event_t *ev)
{
    ngx_connection_t *dummy = ev->data;
    ngx_http_triage_desk_t *desk = dummy->data;
    ngx_atomic_uint_t told_at = desk->shared->desk_told_at;
    ngx_msec_int_t wait = ngx_http_triage_desk_until_told(told_at);
    triage_question_t *question;

    if (desk->asker == NULL
        || (wait > 0 && (ngx_msec_int_t) (told_at - desk->changed_at) > 0))
    {
        return;
    }

    if (wait == 0
        && !ngx_atomic_cmp_set(&desk->shared->desk_told_at, told_at,
                               ngx_current_msec))
    {
        wait = 1;
    }

    if (wait > 0) {
        ngx_add_timer(ev, (ngx_msec_t) wait);
        return;
    }

    (void) !triage_asker_ask(desk->asker, &triage_nudge_statement, NULL,
                             ngx_http_triage_desk_nudged, NULL, &question)
        .code;
}


/* Not in the transaction of what was done: all who notify commit one after
 * the other.  And not more than one a second, whatever the agents do. */
void
ngx_http_triage_desk_changed(ngx_http_triage_desk_t *desk)
{
    desk->changed_at = ngx_current_msec;

    if (!desk->nudge.timer_set && !ngx_exiting) {
        ngx_add_timer(&desk->nudge, NGX_HTTP_TRIAGE_NUDGE);
    }
}


static void
ngx_http_triage_desk_set_timers(ngx_cycle_t *cycle,
                                ngx_http_triage_desk_t *desk)
{
    ngx_http_triage_desk_dummy.fd = (ngx_socket_t) -1;
    ngx_http_triage_desk_dummy.data = desk;

    desk->heartbeat.handler = ngx_http_triage_desk_beat;
    desk->heartbeat.data = &ngx_http_triage_desk_dummy;
    desk->heartbeat.log = cycle->log;
    desk->heartbeat.cancelable = 1;

    desk->nudge.handler = ngx_http_triage_desk_nudge;
    desk->nudge.data = &ngx_http_triage_desk_dummy;
    desk->nudge.log = cycle->log;
    desk->nudge.cancelable = 1;

    ngx_http_triage_desk_beat(&desk->heartbeat);
}


void
ngx_http_triage_desk_open(ngx_cycle_t *cycle,
                          ngx_http_triage_main_conf_t *tmcf)
{
    ngx_http_triage_desk_t *desk = tmcf->desk;
    triage_loop_t loop;

    if (desk == NULL || tmcf->desk_places == 0) {
        return;
    }

    ngx_time_update();
    ngx_queue_init(&desk->streams);
    desk->shared = ngx_http_triage_zone_shared(tmcf->zone);
    desk->heartbeat.log = cycle->log;
    loop = ngx_http_triage_loop(cycle, NULL);
    if (loop.watch != NULL) {
        triage_asker_options_t asker = {
            .conninfo = desk->conninfo,
            .links = (unsigned) desk->connections,
            .timeout_ms = (uint32_t) desk->timeout,
            .questions_max = desk->backlog,
            .worker = (unsigned) ngx_worker,
            .report = ngx_http_triage_desk_report,
            .context = desk,
        };
        triage_listener_options_t listener = {
            .conninfo = desk->conninfo,
            .timeout_ms = (uint32_t) desk->timeout,
            .ping_ms = NGX_HTTP_TRIAGE_PING,
            .worker = (unsigned) ngx_worker,
            .report = ngx_http_triage_desk_report,
            .heard = ngx_http_triage_desk_heard,
            .joined = ngx_http_triage_desk_joined,
            .context = desk,
        };

        desk->asker = triage_asker_open(&asker, &loop);
        desk->listener = triage_listener_open(&listener, &loop);
    }

    if (desk->asker == NULL || desk->listener == NULL) {
        ngx_log_error(NGX_LOG_CRIT, cycle->log, 0,
                      "triage: the desk cannot be opened");
    }

    ngx_http_triage_desk_set_timers(cycle, desk);
}


void
ngx_http_triage_desk_close(ngx_http_triage_main_conf_t *tmcf)
{
    ngx_http_triage_desk_t *desk = tmcf->desk;

    if (desk == NULL) {
        return;
    }

    triage_asker_close(desk->asker);
    triage_listener_close(desk->listener);
    desk->asker = NULL;
    desk->listener = NULL;
}
