/*
 * triage_status: what is counted, as JSON.
 */
#include "ngx_http_triage.h"

static const char *const ngx_http_triage_link_states[] = {
    [TRIAGE_LINK_DOWN] = "down",
    [TRIAGE_LINK_CONNECTING] = "connecting",
    [TRIAGE_LINK_PREPARING] = "preparing",
    [TRIAGE_LINK_IDLE] = "idle",
    [TRIAGE_LINK_BUSY] = "busy",
};

static const char *const ngx_http_triage_commit_names[] = {
    [TRIAGE_COMMIT_LOCAL] = "local",
    [TRIAGE_COMMIT_ON] = "on",
    [TRIAGE_COMMIT_REMOTE_APPLY] = "remote_apply",
};


static void
ngx_http_triage_put_number(triage_writer_t *writer, const char *name,
                           uint64_t number)
{
    triage_write_name(writer, name);
    triage_write_number(writer, (int64_t) number);
}


static void
ngx_http_triage_put_time(triage_writer_t *writer, const char *name,
                         ngx_atomic_t seconds)
{
    triage_write_name(writer, name);
    triage_write_time(writer, seconds == 0
                                  ? TRIAGE_NO_TIME
                                  : (int64_t) seconds * TRIAGE_SECOND);
}


static void
ngx_http_triage_put_source(triage_writer_t *writer,
                           ngx_http_triage_source_t *source)
{
    ngx_uint_t code;

    triage_write_open(writer, '{');
    triage_write_name(writer, "source");
    triage_write_string(writer, source->name);
    triage_write_name(writer, "platform");
    triage_write_string(writer, source->platform);

    triage_write_name(writer, "outcomes");
    triage_write_open(writer, '{');
    for (code = 0; code < TRIAGE_CODE_COUNT; code++) {
        ngx_http_triage_put_number(writer,
                                   triage_code_name((triage_code_t) code),
                                   source->outcomes[code]);
    }
    triage_write_close(writer, '}');

    ngx_http_triage_put_number(writer, "messages", source->messages);
    ngx_http_triage_put_number(writer, "duplicates", source->duplicates);
    ngx_http_triage_put_number(writer, "dead_letters", source->dead_letters);
    ngx_http_triage_put_time(writer, "last_event", source->last_event);
    ngx_http_triage_put_time(writer, "last_handshake", source->last_handshake);
    ngx_http_triage_put_time(writer, "lease_until", source->lease_until);
    triage_write_name(writer, "is_silent");
    triage_write_bool(writer, source->is_silent);
    triage_write_close(writer, '}');
}


static void
ngx_http_triage_put_sources(triage_writer_t *writer,
                            ngx_http_triage_shared_t *shared)
{
    ngx_uint_t i;

    triage_write_name(writer, "sources");
    triage_write_open(writer, '[');

    for (i = 0; i < shared->source_count; i++) {
        if (shared->sources[i].is_configured) {
            ngx_http_triage_put_source(writer, &shared->sources[i]);
        }
    }

    triage_write_close(writer, ']');
}


static void
ngx_http_triage_put_worker(triage_writer_t *writer,
                           ngx_http_triage_worker_t *worker)
{
    triage_store_stats_t *store = &worker->store;
    uint64_t i;

    triage_write_open(writer, '{');
    ngx_http_triage_put_number(writer, "pid", worker->pid);
    ngx_http_triage_put_number(writer, "backlog", store->backlog_deliveries);
    ngx_http_triage_put_number(writer, "commit_us", store->commit_us);

    triage_write_name(writer, "links");
    triage_write_open(writer, '[');
    for (i = 0; i < store->links && i < TRIAGE_LINKS_MAX; i++) {
        triage_write_string(
            writer, ngx_http_triage_link_states[store->link_states[i]
                                                % (TRIAGE_LINK_BUSY + 1)]);
    }
    triage_write_close(writer, ']');
    triage_write_close(writer, '}');
}


static void
ngx_http_triage_put_store(triage_writer_t *writer,
                          const triage_store_stats_t *store)
{
    triage_write_name(writer, "store");
    triage_write_open(writer, '{');
    ngx_http_triage_put_number(writer, "deliveries", store->deliveries);
    ngx_http_triage_put_number(writer, "messages", store->messages);
    ngx_http_triage_put_number(writer, "duplicates", store->duplicates);
    ngx_http_triage_put_number(writer, "batches", store->batches);
    ngx_http_triage_put_number(writer, "batch_rows", store->batch_rows);
    ngx_http_triage_put_number(writer, "batch_max", store->batch_max);
    ngx_http_triage_put_number(writer, "poisoned", store->poisoned);
    ngx_http_triage_put_number(writer, "refused", store->refused);
    ngx_http_triage_put_number(writer, "reconnects", store->reconnects);
    ngx_http_triage_put_number(writer, "timeouts", store->timeouts);
    ngx_http_triage_put_number(writer, "backlog", store->backlog_deliveries);
    ngx_http_triage_put_number(writer, "backlog_bytes", store->backlog_bytes);
    triage_write_close(writer, '}');

    triage_write_name(writer, "spool");
    triage_write_open(writer, '{');
    ngx_http_triage_put_number(writer, "spooled", store->spooled);
    ngx_http_triage_put_number(writer, "drained", store->drained);
    ngx_http_triage_put_number(writer, "bytes", store->spool_bytes);
    ngx_http_triage_put_number(writer, "damaged", store->spool_damaged);
    triage_write_name(writer, "failed");
    triage_write_bool(writer, store->spool_failed != 0);
    triage_write_close(writer, '}');
}


static void
ngx_http_triage_put_workers(triage_writer_t *writer, ngx_shm_zone_t *zone,
                            triage_store_stats_t *sum)
{
    ngx_http_triage_shared_t *shared = ngx_http_triage_zone_shared(zone);
    ngx_uint_t i;

    triage_write_name(writer, "workers");
    triage_write_open(writer, '[');
    ngx_http_triage_zone_lock(zone);
    *sum = shared->gone;

    for (i = 0; i < NGX_HTTP_TRIAGE_WORKERS_MAX; i++) {
        if (shared->workers[i].pid != 0) {
            ngx_http_triage_put_worker(writer, &shared->workers[i]);
            ngx_http_triage_stats_add(sum, &shared->workers[i].store, 1);
        }
    }

    ngx_http_triage_zone_unlock(zone);
    triage_write_close(writer, ']');
}


static void
ngx_http_triage_write_status(ngx_http_triage_main_conf_t *tmcf,
                             triage_buffer_t *buffer)
{
    ngx_http_triage_shared_t *shared;
    triage_store_stats_t sum;
    triage_writer_t writer;

    shared = ngx_http_triage_zone_shared(tmcf->zone);

    triage_writer_init(&writer, buffer);
    triage_write_open(&writer, '{');
    ngx_http_triage_put_time(&writer, "started", shared->started);
    ngx_http_triage_put_number(&writer, "reloads", shared->reloads);
    triage_write_name(&writer, "commit");
    triage_write_string(&writer, ngx_http_triage_commit_names[tmcf->commit]);
    ngx_http_triage_put_sources(&writer, shared);
    ngx_http_triage_put_workers(&writer, tmcf->zone, &sum);
    ngx_http_triage_put_store(&writer, &sum);
    triage_write_close(&writer, '}');
    triage_buffer_add_byte(buffer, '\n');
}


ngx_int_t
ngx_http_triage_status_handler(ngx_http_request_t *r)
{
    ngx_http_triage_main_conf_t *tmcf;
    ngx_http_complex_value_t answer;
    ngx_str_t type = ngx_string("application/json");
    triage_buffer_t buffer = { 0 };
    ngx_int_t rc;

    if (!(r->method & (NGX_HTTP_GET | NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    tmcf = ngx_http_get_module_main_conf(r, ngx_http_triage_module);
    ngx_http_triage_write_status(tmcf, &buffer);

    ngx_memzero(&answer, sizeof(answer));
    answer.value.len = buffer.len;
    answer.value.data =
        buffer.has_failed ? NULL : ngx_pnalloc(r->pool, buffer.len);
    if (answer.value.data != NULL) {
        ngx_memcpy(answer.value.data, buffer.data, buffer.len);
    }

    triage_buffer_free(&buffer);

    if (answer.value.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_send_response(r, NGX_HTTP_OK, &type, &answer);
}
