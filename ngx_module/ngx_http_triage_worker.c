#include "ngx_http_triage.h"

static const ngx_uint_t ngx_http_triage_levels[] = {
    [TRIAGE_REPORT_INFO] = NGX_LOG_NOTICE,
    [TRIAGE_REPORT_WARN] = NGX_LOG_WARN,
    [TRIAGE_REPORT_ERROR] = NGX_LOG_ERR,
    [TRIAGE_REPORT_CRIT] = NGX_LOG_CRIT,
};

#define NGX_HTTP_TRIAGE_SILENCE_CHECK 1000 /* ms */

static ngx_event_t ngx_http_triage_silence_event;
static ngx_connection_t ngx_http_triage_silence_dummy;


void
ngx_http_triage_report(void *context, int level, const char *what,
                       const char *detail)
{
    ngx_log_t *log = context;

    ngx_log_error(ngx_http_triage_levels[level], log, 0, "triage: %s%s%s",
                  what, detail != NULL ? ": " : "",
                  detail != NULL ? detail : "");
}


/* A subscription that was switched off shows only as silence. */
static void
ngx_http_triage_check_silence(ngx_http_triage_source_t *source, ngx_log_t *log)
{
    time_t last = (time_t) ngx_max(source->last_event, source->watched_since);
    time_t limit = (time_t) source->silence;

    if (limit == 0 || source->is_silent || ngx_time() - last <= limit) {
        return;
    }

    /* one worker says it, once */
    if (ngx_atomic_cmp_set(&source->is_silent, 0, 1)) {
        ngx_log_error(NGX_LOG_WARN, log, 0,
                      "triage: silence: no event of \"%s\" for %T s",
                      source->name, ngx_time() - last);
    }
}


static void
ngx_http_triage_silence(ngx_event_t *ev)
{
    ngx_connection_t *dummy = ev->data;
    ngx_http_triage_main_conf_t *tmcf = dummy->data;
    ngx_http_triage_loc_conf_t **source = tmcf->sources.elts;
    ngx_uint_t i;

    for (i = 0; i < tmcf->sources.nelts; i++) {
        if (source[i]->counters != NULL) {
            ngx_http_triage_check_silence(source[i]->counters, ev->log);
        }
    }

    if (!ngx_exiting) {
        ngx_add_timer(ev, NGX_HTTP_TRIAGE_SILENCE_CHECK);
    }
}


static void
ngx_http_triage_watch_silence(ngx_cycle_t *cycle,
                              ngx_http_triage_main_conf_t *tmcf)
{
    ngx_event_t *ev = &ngx_http_triage_silence_event;

    ngx_http_triage_silence_dummy.fd = (ngx_socket_t) -1;
    ngx_http_triage_silence_dummy.data = tmcf;

    ev->handler = ngx_http_triage_silence;
    ev->data = &ngx_http_triage_silence_dummy;
    ev->log = cycle->log;
    ev->cancelable = 1;

    ngx_add_timer(ev, NGX_HTTP_TRIAGE_SILENCE_CHECK);
}


static triage_store_t *
ngx_http_triage_open_store(ngx_cycle_t *cycle,
                           ngx_http_triage_main_conf_t *tmcf,
                           triage_store_stats_t *stats)
{
    triage_loop_t loop = ngx_http_triage_loop(cycle, tmcf->threads);
    triage_store_options_t options = {
        .conninfo = tmcf->conninfo,
        .links = (unsigned) tmcf->connections,
        .timeout_ms = (uint32_t) tmcf->timeout,
        .backlog_max = tmcf->backlog,
        .backlog_bytes = (size_t) tmcf->backlog * 4096,
        .batch_rows = 256,
        .batch_bytes = 1024 * 1024,
        .commit = (triage_commit_t) tmcf->commit,
        .config = tmcf->mirror,
        .spool_path = tmcf->spool.len > 0 ? (char *) tmcf->spool.data : NULL,
        .spool_max_size = (uint64_t) tmcf->spool_max_size,
        .worker = (unsigned) ngx_worker,
        .stats = stats,
        .report = ngx_http_triage_report,
        .context = cycle->log,
    };

    return loop.watch != NULL ? triage_store_open(&options, &loop) : NULL;
}


static ngx_http_triage_main_conf_t *
ngx_http_triage_main_conf(ngx_cycle_t *cycle)
{
    if (ngx_process != NGX_PROCESS_WORKER && ngx_process != NGX_PROCESS_SINGLE)
    {
        return NULL;
    }

    return ngx_http_cycle_get_module_main_conf(cycle, ngx_http_triage_module);
}


ngx_int_t
ngx_http_triage_init_process(ngx_cycle_t *cycle)
{
    ngx_http_triage_main_conf_t *tmcf = ngx_http_triage_main_conf(cycle);
    triage_waits_reader_t reader = { ngx_http_triage_waits_wanted,
                                     ngx_http_triage_waits_take, tmcf };

    if (tmcf == NULL) {
        return NGX_OK;
    }

    ngx_http_triage_desk_open(cycle, tmcf);

    if (tmcf->sources.nelts == 0) {
        return NGX_OK;
    }

    /* the clock stood still while the configuration was read: an alarm set
     * by it would ring at once */
    ngx_time_update();

    ngx_http_triage_watch_silence(cycle, tmcf);

    if (tmcf->conninfo == NULL) {
        return NGX_OK;
    }

    tmcf->worker = ngx_http_triage_zone_enter(tmcf->zone);
    if (tmcf->worker == NULL) {
        ngx_log_error(NGX_LOG_WARN, cycle->log, 0,
                      "triage: more workers than rows in the zone: "
                      "this one is not counted");
    }

    tmcf->store = ngx_http_triage_open_store(
        cycle, tmcf,
        tmcf->worker != NULL ? &tmcf->worker->store : &tmcf->uncounted);
    if (tmcf->store == NULL) {
        /* a worker that cannot keep anything must still say so, with 503 */
        ngx_log_error(NGX_LOG_CRIT, cycle->log, 0,
                      "triage: the store cannot be opened");
        return NGX_OK;
    }

    triage_store_on_replay(tmcf->store, ngx_http_triage_replay, tmcf);
    triage_store_tick(tmcf->store);
    if (tmcf->waits.nelts > 0) {
        triage_store_on_waits(tmcf->store, &reader);
    }

    return NGX_OK;
}


void
ngx_http_triage_exit_process(ngx_cycle_t *cycle)
{
    ngx_http_triage_main_conf_t *tmcf = ngx_http_triage_main_conf(cycle);

    if (tmcf == NULL) {
        return;
    }

    ngx_http_triage_desk_close(tmcf);

    /* before nginx looks for sockets that were left open */
    if (tmcf->store != NULL) {
        triage_store_close(tmcf->store);
        tmcf->store = NULL;
    }

    if (tmcf->worker != NULL) {
        ngx_http_triage_zone_leave(tmcf->zone, tmcf->worker);
        tmcf->worker = NULL;
    }
}
