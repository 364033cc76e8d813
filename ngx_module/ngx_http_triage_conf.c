#include "ngx_http_triage.h"

#if (NGX_THREADS)
#include <ngx_thread_pool.h>
#endif


void
ngx_http_triage_free_keyring(void *data)
{
    triage_keyring_free(data);
}


static void
ngx_http_triage_free_scorer(void *data)
{
    triage_scorer_close(data);
}


static void
ngx_http_triage_free_heap(void *data)
{
    free(data);
}


ngx_int_t
ngx_http_triage_own(ngx_pool_t *pool, void (*release)(void *data), void *data)
{
    ngx_pool_cleanup_t *cln = ngx_pool_cleanup_add(pool, 0);

    if (cln == NULL) {
        release(data);
        return NGX_ERROR;
    }

    cln->handler = release;
    cln->data = data;

    return NGX_OK;
}


void *
ngx_http_triage_take(void *pool, size_t size)
{
    return ngx_palloc(pool, size);
}


void *
ngx_http_triage_create_main_conf(ngx_conf_t *cf)
{
    ngx_http_triage_main_conf_t *tmcf;

    tmcf = ngx_pcalloc(cf->pool, sizeof(*tmcf));
    if (tmcf == NULL
        || ngx_array_init(&tmcf->hours, cf->pool, 2, sizeof(triage_hours_t *))
               != NGX_OK
        || ngx_array_init(&tmcf->queues, cf->pool, 8, sizeof(triage_queue_t))
               != NGX_OK
        || ngx_array_init(&tmcf->places, cf->pool, 8,
                          sizeof(ngx_http_triage_place_t))
               != NGX_OK
        || ngx_array_init(&tmcf->routes, cf->pool, 8, sizeof(triage_route_t))
               != NGX_OK
        || ngx_array_init(&tmcf->sources, cf->pool, 8,
                          sizeof(ngx_http_triage_loc_conf_t *))
               != NGX_OK
        || ngx_array_init(&tmcf->waits, cf->pool, 4,
                          sizeof(ngx_http_triage_loc_conf_t *))
               != NGX_OK)
    {
        return NULL;
    }

    tmcf->connections = 1;
    tmcf->timeout = 2000;
    tmcf->backlog = 4096;
    tmcf->commit = NGX_CONF_UNSET_UINT;
    tmcf->spool_max_size = (off_t) 1024 * 1024 * 1024;

    return tmcf;
}


void *
ngx_http_triage_create_loc_conf(ngx_conf_t *cf)
{
    ngx_http_triage_loc_conf_t *tlcf;

    tlcf = ngx_pcalloc(cf->pool, sizeof(*tlcf));
    if (tlcf == NULL) {
        return NULL;
    }

    tlcf->secrets = NGX_CONF_UNSET_PTR;
    tlcf->tokens = NGX_CONF_UNSET_PTR;
    tlcf->brand_ids = NGX_CONF_UNSET_PTR;
    tlcf->tolerance = NGX_CONF_UNSET;
    tlcf->silence = NGX_CONF_UNSET;
    tlcf->dry_run = NGX_CONF_UNSET;

    return tlcf;
}


/* The ids are kept as a keyring too: what compares tokens compares ids. */
static char *
ngx_http_triage_make_brand_ids(ngx_conf_t *cf,
                               ngx_http_triage_loc_conf_t *tlcf)
{
    ngx_str_t *words = tlcf->brand_id_words->elts;
    triage_buffer_t lines = { 0 };
    const char *why = "no memory";
    ngx_uint_t i;

    for (i = 0; i < tlcf->brand_id_words->nelts; i++) {
        triage_buffer_add(&lines, ngx_http_triage_text(words[i]));
        triage_buffer_add_byte(&lines, '\n');
    }

    if (!lines.has_failed) {
        tlcf->brand_ids = triage_keyring_read(
            (triage_text_t){ lines.data, lines.len }, &why);
    }

    triage_buffer_free(&lines);

    if (tlcf->brand_ids == NULL || tlcf->brand_ids == NGX_CONF_UNSET_PTR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "triage_brand_id: %s", why);
        return NGX_CONF_ERROR;
    }

    return ngx_http_triage_own(cf->pool, ngx_http_triage_free_keyring,
                               tlcf->brand_ids)
                   == NGX_OK
               ? NGX_CONF_OK
               : NGX_CONF_ERROR;
}


static void
ngx_http_triage_complain(ngx_conf_t *cf, ngx_http_triage_loc_conf_t *tlcf,
                         const char *what)
{
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0, "\"triage %s\" %s in %V:%ui",
                  tlcf->platform->name, what, &tlcf->place.file,
                  tlcf->place.line);
}


/* What a platform cannot do without. */
static const struct {
    unsigned need;
    size_t offset; /* of a pointer or of a string's length */
    const char *what;
} ngx_http_triage_needs[] = {
    { TRIAGE_NEEDS_SECRET, offsetof(ngx_http_triage_loc_conf_t, secrets),
      "needs triage_secret" },
    { TRIAGE_NEEDS_TOKEN, offsetof(ngx_http_triage_loc_conf_t, tokens),
      "needs triage_verify_token" },
    { TRIAGE_NEEDS_ACCOUNT, offsetof(ngx_http_triage_loc_conf_t, account.len),
      "needs triage_account" },
    { TRIAGE_NEEDS_OPTIONS, offsetof(ngx_http_triage_loc_conf_t, options),
      "needs triage_options" },
};


static char *
ngx_http_triage_check_source(ngx_conf_t *cf, ngx_http_triage_loc_conf_t *tlcf)
{
    ngx_uint_t i;
    const char *why;

    for (i = 0;
         i < sizeof(ngx_http_triage_needs) / sizeof(ngx_http_triage_needs[0]);
         i++)
    {
        if ((tlcf->platform->needs & ngx_http_triage_needs[i].need)
            && *(size_t *) ((char *) tlcf + ngx_http_triage_needs[i].offset)
                   == 0)
        {
            ngx_http_triage_complain(cf, tlcf, ngx_http_triage_needs[i].what);
            return NGX_CONF_ERROR;
        }
    }

    if (tlcf->options != NULL && tlcf->platform->options->check != NULL) {
        why = tlcf->platform->options->check(tlcf->options);
        if (why != NULL) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "triage_options of \"triage %s\": expected %s in "
                          "%V:%ui",
                          tlcf->platform->name, why, &tlcf->place.file,
                          tlcf->place.line);
            return NGX_CONF_ERROR;
        }
    }

    if (tlcf->brand.len == 0) {
        ngx_http_triage_complain(cf, tlcf, "needs triage_brand");
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


/* "facebook acme /hooks/facebook": what the status calls it. */
static ngx_int_t
ngx_http_triage_name_source(ngx_conf_t *cf, ngx_http_triage_loc_conf_t *tlcf)
{
    size_t len = ngx_strlen(tlcf->platform->name) + tlcf->brand.len
                 + tlcf->name.len + 2;
    u_char *name = ngx_pnalloc(cf->pool, len);

    if (name == NULL) {
        return NGX_ERROR;
    }

    ngx_sprintf(name, "%s %V %V", tlcf->platform->name, &tlcf->brand,
                &tlcf->name);
    tlcf->name.data = name;
    tlcf->name.len = len;

    return NGX_OK;
}


static char *
ngx_http_triage_add_source(ngx_conf_t *cf, ngx_http_triage_loc_conf_t *tlcf)
{
    ngx_http_triage_main_conf_t *tmcf;
    ngx_http_triage_loc_conf_t **row;

    if (ngx_http_triage_check_source(cf, tlcf) != NGX_CONF_OK
        || ngx_http_triage_name_source(cf, tlcf) != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    tlcf->source = (triage_source_t){
        .brand = ngx_http_triage_text(tlcf->brand),
        .account = tlcf->account.len > 0 ? ngx_http_triage_text(tlcf->account)
                                         : triage_no_text,
        .secrets = tlcf->secrets,
        .tokens = tlcf->tokens,
        .brand_ids = tlcf->brand_ids,
        .tolerance = tlcf->tolerance,
        .options = tlcf->options,
    };

    tmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_triage_module);
    row = ngx_array_push(&tmcf->sources);
    if (row == NULL) {
        return NGX_CONF_ERROR;
    }

    *row = tlcf;

    return NGX_CONF_OK;
}


char *
ngx_http_triage_merge_loc_conf(ngx_conf_t *cf, void *parent, void *child)
{
    ngx_http_triage_loc_conf_t *prev = parent;
    ngx_http_triage_loc_conf_t *tlcf = child;

    ngx_conf_merge_str_value(tlcf->brand, prev->brand, "");
    ngx_conf_merge_str_value(tlcf->account, prev->account, "");
    ngx_conf_merge_str_value(tlcf->url, prev->url, "");
    ngx_conf_merge_ptr_value(tlcf->secrets, prev->secrets, NULL);
    ngx_conf_merge_ptr_value(tlcf->tokens, prev->tokens, NULL);
    ngx_conf_merge_sec_value(tlcf->tolerance, prev->tolerance, 0);
    ngx_conf_merge_sec_value(tlcf->silence, prev->silence, 0);
    ngx_conf_merge_value(tlcf->dry_run, prev->dry_run, 0);

    if (tlcf->brand_id_words != NULL
        && ngx_http_triage_make_brand_ids(cf, tlcf) != NGX_CONF_OK)
    {
        return NGX_CONF_ERROR;
    }

    ngx_conf_merge_ptr_value(tlcf->brand_ids, prev->brand_ids, NULL);

    if (tlcf->platform == NULL) {
        return NGX_CONF_OK;
    }

    return ngx_http_triage_add_source(cf, tlcf);
}


char *
ngx_http_triage_init_main_conf(ngx_conf_t *cf, void *conf)
{
    ngx_http_triage_main_conf_t *tmcf = conf;

    (void) cf;

    ngx_conf_init_uint_value(tmcf->commit, TRIAGE_COMMIT_ON);

    tmcf->router = (triage_router_t){
        .queues = tmcf->queues.elts,
        .queue_count = tmcf->queues.nelts,
        .routes = tmcf->routes.elts,
        .route_count = tmcf->routes.nelts,
    };

    return NGX_CONF_OK;
}


static void
ngx_http_triage_write_target(triage_writer_t *writer, const char *name,
                             int64_t target)
{
    if (target != 0) {
        triage_write_name(writer, name);
        triage_write_number(writer, target);
    }
}


/* What is not said is left out, so that what the database keeps does not
 * change with the words that there are. */
static void
ngx_http_triage_write_name(triage_writer_t *writer, const char *name,
                           triage_text_t text)
{
    if (text.len > 0) {
        triage_write_name(writer, name);
        triage_write_text(writer, text);
    }
}


static void
ngx_http_triage_write_queue(triage_writer_t *writer,
                            const triage_queue_t *queue)
{
    triage_write_open(writer, '{');
    triage_write_name(writer, "name");
    triage_write_text(writer, queue->name);
    triage_write_name(writer, "respond");
    triage_write_number(writer, queue->respond);
    triage_write_name(writer, "weight");
    triage_write_number(writer, queue->weight);
    triage_write_name(writer, "overflow");
    triage_write_text(writer, queue->overflow);
    ngx_http_triage_write_name(writer, "hours", queue->hours);
    ngx_http_triage_write_target(writer, "next", queue->next);
    ngx_http_triage_write_target(writer, "resolve", queue->resolve);
    ngx_http_triage_write_target(writer, "warn", queue->warn);
    ngx_http_triage_write_name(writer, "escalate", queue->escalate);
    triage_write_close(writer, '}');
}


static void
ngx_http_triage_write_hours(triage_writer_t *writer, const ngx_array_t *hours)
{
    triage_hours_t **all = hours->elts;
    ngx_uint_t i;

    if (hours->nelts == 0) {
        return;
    }

    triage_write_name(writer, "hours");
    triage_write_open(writer, '[');
    for (i = 0; i < hours->nelts; i++) {
        triage_hours_write(all[i], writer);
    }
    triage_write_close(writer, ']');
}


/* The queues, for dashboards: one place to edit, nginx.conf. */
static ngx_int_t
ngx_http_triage_make_mirror(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    size_t i;

    triage_writer_init(&writer, &buffer);
    triage_write_open(&writer, '{');
    ngx_http_triage_write_hours(&writer, &tmcf->hours);
    triage_write_name(&writer, "queues");
    triage_write_open(&writer, '[');

    for (i = 0; i < tmcf->router.queue_count; i++) {
        ngx_http_triage_write_queue(&writer, &tmcf->router.queues[i]);
    }

    triage_write_close(&writer, ']');
    triage_write_name(&writer, "commit");
    triage_write_string(
        &writer, (char *) ngx_http_triage_commits[tmcf->commit].name.data);
    triage_write_close(&writer, '}');
    triage_buffer_add_byte(&buffer, '\0');

    if (buffer.has_failed) {
        triage_buffer_free(&buffer);
        return NGX_ERROR;
    }

    tmcf->mirror = buffer.data;

    return ngx_http_triage_own(cf->pool, ngx_http_triage_free_heap,
                               buffer.data);
}


static ngx_int_t
ngx_http_triage_open_scorer(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf)
{
    const char *why;

    tmcf->scorer = triage_scorer_open(
        tmcf->model.data ? ngx_http_triage_text(tmcf->model) : triage_no_text,
        &why);
    if (tmcf->scorer == NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "triage_model: the model cannot be used: %s", why);
        return NGX_ERROR;
    }

    return ngx_http_triage_own(cf->pool, ngx_http_triage_free_scorer,
                               tmcf->scorer);
}


/* Of the queue that names it; NULL where a route does. */
static ngx_http_triage_place_t *
ngx_http_triage_place_of(ngx_http_triage_main_conf_t *tmcf, triage_text_t name)
{
    ngx_http_triage_place_t *place = tmcf->places.elts;
    triage_queue_t *queue = tmcf->queues.elts;
    ngx_uint_t i;

    for (i = 0; i < tmcf->queues.nelts; i++) {
        if (triage_text_equal(queue[i].overflow, name)
            || triage_text_equal(queue[i].escalate, name))
        {
            return &place[i];
        }
    }

    return NULL;
}


static ngx_int_t
ngx_http_triage_check_router(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf)
{
    ngx_http_triage_place_t *place;
    triage_text_t name;
    ngx_str_t word;
    const char *why = triage_router_check(&tmcf->router, &name);

    if (why == NULL) {
        return NGX_OK;
    }

    word.data = (u_char *) name.data;
    word.len = name.len;
    place = ngx_http_triage_place_of(tmcf, name);

    if (name.len > 0 && place != NULL) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "triage_queue: \"%V\": %s in %V:%ui", &word, why,
                      &place->file, place->line);
        return NGX_ERROR;
    }

    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "triage_route and triage_queue: \"%V\": %s in %V", &word,
                  why, &cf->conf_file->file.name);

    return NGX_ERROR;
}


static ngx_int_t
ngx_http_triage_needs_store(ngx_http_triage_main_conf_t *tmcf)
{
    ngx_http_triage_loc_conf_t **source = tmcf->sources.elts;
    ngx_uint_t i;

    for (i = 0; i < tmcf->sources.nelts; i++) {
        if (!source[i]->dry_run) {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_http_triage_is_queue(ngx_http_triage_main_conf_t *tmcf, ngx_str_t *name)
{
    ngx_uint_t i;

    for (i = 0; i < tmcf->router.queue_count; i++) {
        if (triage_text_equal(tmcf->router.queues[i].name,
                              ngx_http_triage_text(*name)))
        {
            return 1;
        }
    }

    return 0;
}


/* What triage_wait shows comes from the database, through the workers that
 * file deliveries. */
static ngx_int_t
ngx_http_triage_check_wait(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf,
                           ngx_http_triage_loc_conf_t *tlcf)
{
    ngx_str_t *queue;
    ngx_uint_t i;

    if (tmcf->conninfo == NULL || tmcf->sources.nelts == 0) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "triage_wait: expected triage_database and a location "
                      "with triage in the same http{} in %V:%ui",
                      &tlcf->place.file, tlcf->place.line);
        return NGX_ERROR;
    }

    if (tlcf->wait_queues == NULL) {
        return NGX_OK;
    }

    queue = tlcf->wait_queues->elts;
    for (i = 0; i < tlcf->wait_queues->nelts; i++) {
        if (!ngx_http_triage_is_queue(tmcf, &queue[i])) {
            ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                          "triage_wait: invalid parameter \"queue=%V\": "
                          "expected the name of a triage_queue in %V:%ui",
                          &queue[i], &tlcf->place.file, tlcf->place.line);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_triage_check_waits(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf)
{
    ngx_http_triage_loc_conf_t **tlcf = tmcf->waits.elts;
    ngx_uint_t i;

    for (i = 0; i < tmcf->waits.nelts; i++) {
        if (ngx_http_triage_check_wait(cf, tmcf, tlcf[i]) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_http_triage_init_zone(ngx_shm_zone_t *zone, void *old)
{
    ngx_http_triage_main_conf_t *tmcf = zone->data;
    ngx_http_triage_loc_conf_t **source = tmcf->sources.elts;
    ngx_http_triage_shared_t *shared;
    ngx_uint_t i;

    if (ngx_http_triage_zone_init(zone, old) != NGX_OK) {
        return NGX_ERROR;
    }

    shared = ngx_http_triage_zone_shared(zone);

    for (i = 0; i < shared->source_count; i++) {
        shared->sources[i].is_configured = 0;
    }

    for (i = 0; i < tmcf->sources.nelts; i++) {
        source[i]->counters = ngx_http_triage_zone_source(
            zone, &source[i]->name, source[i]->platform->name);

        if (source[i]->counters == NULL) {
            ngx_log_error(NGX_LOG_WARN, zone->shm.log, 0,
                          "triage: \"%V\" is one source too many for the "
                          "zone: it is not counted",
                          &source[i]->name);
            continue;
        }

        source[i]->counters->is_configured = 1;
        source[i]->counters->silence = (ngx_atomic_uint_t) source[i]->silence;

        if (source[i]->counters->watched_since == 0) {
            source[i]->counters->watched_since =
                (ngx_atomic_uint_t) ngx_time();
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_triage_add_default_zone(ngx_conf_t *cf,
                                 ngx_http_triage_main_conf_t *tmcf)
{
    ngx_str_t name = ngx_string("triage");

    tmcf->zone = ngx_shared_memory_add(
        cf, &name, ngx_align(ngx_http_triage_zone_least(), ngx_pagesize),
        &ngx_http_triage_module);
    if (tmcf->zone == NULL) {
        return NGX_ERROR;
    }

    tmcf->zone->init = ngx_http_triage_init_zone;
    tmcf->zone->data = tmcf;

    return NGX_OK;
}


/* The workers write the spool: they run as another user than the master,
 * who makes the directory. */
static ngx_int_t
ngx_http_triage_make_spool(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf)
{
    ngx_core_conf_t *ccf;

    if (ngx_test_config) {
        return NGX_OK;
    }

    if (ngx_create_dir(tmcf->spool.data, 0700) == NGX_FILE_ERROR
        && ngx_errno != NGX_EEXIST)
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                      "triage_spool: " ngx_create_dir_n " \"%V\" failed",
                      &tmcf->spool);
        return NGX_ERROR;
    }

    ccf =
        (ngx_core_conf_t *) ngx_get_conf(cf->cycle->conf_ctx, ngx_core_module);

    if (geteuid() == 0 && ccf->user != (ngx_uid_t) NGX_CONF_UNSET_UINT
        && chown((char *) tmcf->spool.data, ccf->user, ccf->group) == -1)
    {
        ngx_log_error(NGX_LOG_EMERG, cf->log, ngx_errno,
                      "triage_spool: chown(\"%V\") failed", &tmcf->spool);
        return NGX_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_triage_prepare_spool(ngx_conf_t *cf,
                              ngx_http_triage_main_conf_t *tmcf)
{
#if (NGX_THREADS)
    if (tmcf->threads == NULL) {
        tmcf->threads = ngx_thread_pool_add(cf, NULL);
        if (tmcf->threads == NULL) {
            return NGX_ERROR;
        }
    }

    return ngx_http_triage_make_spool(cf, tmcf);
#else
    ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                  "triage_spool needs an nginx that is built "
                  "--with-threads");
    return NGX_ERROR;
#endif
}


static ngx_int_t
ngx_http_triage_add_log_phase(ngx_conf_t *cf)
{
    ngx_http_core_main_conf_t *cmcf;
    ngx_http_handler_pt *handler;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);

    handler = ngx_array_push(&cmcf->phases[NGX_HTTP_LOG_PHASE].handlers);
    if (handler == NULL) {
        return NGX_ERROR;
    }

    *handler = ngx_http_triage_log_phase;

    return NGX_OK;
}


ngx_int_t
ngx_http_triage_postconfiguration(ngx_conf_t *cf)
{
    ngx_http_triage_main_conf_t *tmcf;

    tmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_triage_module);

    if (ngx_http_triage_desk_check(cf, tmcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (tmcf->zone == NULL
        && ngx_http_triage_add_default_zone(cf, tmcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_http_triage_check_waits(cf, tmcf) != NGX_OK) {
        return NGX_ERROR;
    }

    if ((tmcf->sources.nelts > 0 || tmcf->desk_places > 0)
        && ngx_http_triage_open_scorer(cf, tmcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (tmcf->sources.nelts == 0) {
        return NGX_OK;
    }

    if (ngx_http_triage_add_log_phase(cf) != NGX_OK
        || ngx_http_triage_check_router(cf, tmcf) != NGX_OK
        || ngx_http_triage_make_mirror(cf, tmcf) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (tmcf->conninfo == NULL && ngx_http_triage_needs_store(tmcf)) {
        ngx_log_error(NGX_LOG_EMERG, cf->log, 0,
                      "triage_database is missing: expected a connection "
                      "string in http{} of %V",
                      &cf->conf_file->file.name);
        return NGX_ERROR;
    }

    if (tmcf->spool.len > 0) {
        return ngx_http_triage_prepare_spool(cf, tmcf);
    }

    return NGX_OK;
}
