#include "ngx_http_triage.h"

#if (NGX_THREADS)
#include <ngx_thread_pool.h>
#endif

/* One word "name=value" of a directive. */
typedef struct {
    const char *name; /* with the `=` */
    char *(*set)(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf,
                 ngx_str_t *value);
} ngx_http_triage_word_t;

static char *ngx_http_triage_endpoint(ngx_conf_t *cf, ngx_command_t *cmd,
                                      void *conf);
static char *ngx_http_triage_zone(ngx_conf_t *cf, ngx_command_t *cmd,
                                  void *conf);
static char *ngx_http_triage_database(ngx_conf_t *cf, ngx_command_t *cmd,
                                      void *conf);
static char *ngx_http_triage_spool(ngx_conf_t *cf, ngx_command_t *cmd,
                                   void *conf);
static char *ngx_http_triage_hours(ngx_conf_t *cf, ngx_command_t *cmd,
                                   void *conf);
static char *ngx_http_triage_queue(ngx_conf_t *cf, ngx_command_t *cmd,
                                   void *conf);
static char *ngx_http_triage_route(ngx_conf_t *cf, ngx_command_t *cmd,
                                   void *conf);
static char *ngx_http_triage_model(ngx_conf_t *cf, ngx_command_t *cmd,
                                   void *conf);
static char *ngx_http_triage_keyring(ngx_conf_t *cf, ngx_command_t *cmd,
                                     void *conf);
static char *ngx_http_triage_options(ngx_conf_t *cf, ngx_command_t *cmd,
                                     void *conf);
static char *ngx_http_triage_brand_id(ngx_conf_t *cf, ngx_command_t *cmd,
                                      void *conf);
static char *ngx_http_triage_status(ngx_conf_t *cf, ngx_command_t *cmd,
                                    void *conf);

static char *ngx_http_triage_wait(ngx_conf_t *cf, ngx_command_t *cmd,
                                  void *conf);

ngx_conf_enum_t ngx_http_triage_commits[] = {
    { ngx_string("local"), TRIAGE_COMMIT_LOCAL },
    { ngx_string("on"), TRIAGE_COMMIT_ON },
    { ngx_string("remote_apply"), TRIAGE_COMMIT_REMOTE_APPLY },
    { ngx_null_string, 0 },
};

#define ANYWHERE NGX_HTTP_MAIN_CONF | NGX_HTTP_SRV_CONF | NGX_HTTP_LOC_CONF
#define MAIN(field)                                                           \
    NGX_HTTP_MAIN_CONF_OFFSET, offsetof(ngx_http_triage_main_conf_t, field)
#define LOC(field)                                                            \
    NGX_HTTP_LOC_CONF_OFFSET, offsetof(ngx_http_triage_loc_conf_t, field)

/* clang-format off */
ngx_command_t ngx_http_triage_commands[] = {

    { ngx_string("triage"),
      NGX_HTTP_LOC_CONF | NGX_CONF_TAKE1,
      ngx_http_triage_endpoint, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_zone"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE2,
      ngx_http_triage_zone, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_database"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_1MORE,
      ngx_http_triage_database, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_desk_database"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_1MORE,
      ngx_http_triage_desk_database, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_desk"),
      NGX_HTTP_LOC_CONF | NGX_CONF_NOARGS | NGX_CONF_TAKE1,
      ngx_http_triage_desk, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_commit"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
      ngx_conf_set_enum_slot, MAIN(commit), ngx_http_triage_commits },

    { ngx_string("triage_spool"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_1MORE,
      ngx_http_triage_spool, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_hours"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_2MORE,
      ngx_http_triage_hours, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_queue"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_2MORE,
      ngx_http_triage_queue, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_route"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_1MORE,
      ngx_http_triage_route, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_model"),
      NGX_HTTP_MAIN_CONF | NGX_CONF_TAKE1,
      ngx_http_triage_model, NGX_HTTP_MAIN_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_brand"),
      ANYWHERE | NGX_CONF_TAKE1,
      ngx_conf_set_str_slot, LOC(brand), NULL },

    { ngx_string("triage_brand_id"),
      ANYWHERE | NGX_CONF_1MORE,
      ngx_http_triage_brand_id, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_account"),
      ANYWHERE | NGX_CONF_TAKE1,
      ngx_conf_set_str_slot, LOC(account), NULL },

    { ngx_string("triage_url"),
      ANYWHERE | NGX_CONF_TAKE1,
      ngx_conf_set_str_slot, LOC(url), NULL },

    { ngx_string("triage_secret"),
      ANYWHERE | NGX_CONF_TAKE1,
      ngx_http_triage_keyring, LOC(secrets), NULL },

    { ngx_string("triage_verify_token"),
      ANYWHERE | NGX_CONF_TAKE1,
      ngx_http_triage_keyring, LOC(tokens), NULL },

    { ngx_string("triage_options"),
      NGX_HTTP_LOC_CONF | NGX_CONF_BLOCK | NGX_CONF_NOARGS,
      ngx_http_triage_options, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_tolerance"),
      ANYWHERE | NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot, LOC(tolerance), NULL },

    { ngx_string("triage_silence"),
      ANYWHERE | NGX_CONF_TAKE1,
      ngx_conf_set_sec_slot, LOC(silence), NULL },

    { ngx_string("triage_dry_run"),
      ANYWHERE | NGX_CONF_FLAG,
      ngx_conf_set_flag_slot, LOC(dry_run), NULL },

    { ngx_string("triage_status"),
      NGX_HTTP_LOC_CONF | NGX_CONF_NOARGS,
      ngx_http_triage_status, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },

    { ngx_string("triage_wait"),
      NGX_HTTP_LOC_CONF | NGX_CONF_ANY,
      ngx_http_triage_wait, NGX_HTTP_LOC_CONF_OFFSET, 0, NULL },

    ngx_null_command
};
/* clang-format on */


char *
ngx_http_triage_refuse(ngx_conf_t *cf, const char *directive, ngx_str_t *word,
                       const char *expected)
{
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "%s: invalid parameter \"%V\": expected %s", directive,
                       word, expected);
    return NGX_CONF_ERROR;
}


static void
ngx_http_triage_free_conninfo(void *data)
{
    triage_conninfo_free(data);
}


static char *
ngx_http_triage_endpoint(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_loc_conf_t *tlcf = conf;
    ngx_http_core_loc_conf_t *clcf;
    ngx_str_t *value = cf->args->elts;

    (void) cmd;

    if (tlcf->platform != NULL) {
        return "is duplicate";
    }

    tlcf->platform = triage_platform_find(ngx_http_triage_text(value[1]));
    if (tlcf->platform == NULL) {
        return ngx_http_triage_refuse(cf, "triage", &value[1],
                                      "the name of a platform (see "
                                      "\"triage platforms\")");
    }

    tlcf->place.file = cf->conf_file->file.name;
    tlcf->place.line = cf->conf_file->line;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_triage_handler;
    tlcf->name = clcf->name;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_status(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_core_loc_conf_t *clcf;

    (void) cmd;
    (void) conf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_triage_status_handler;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_add_wait_queue(ngx_conf_t *cf,
                               ngx_http_triage_loc_conf_t *tlcf,
                               ngx_str_t *name)
{
    ngx_str_t *queue;

    if (tlcf->wait_queues == NULL) {
        tlcf->wait_queues = ngx_array_create(cf->pool, 4, sizeof(*queue));
        if (tlcf->wait_queues == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    if (tlcf->wait_queues->nelts == TRIAGE_WAITS_MAX) {
        return "is given more than 64 queues";
    }

    queue = ngx_array_push(tlcf->wait_queues);
    if (queue == NULL) {
        return NGX_CONF_ERROR;
    }

    *queue = *name;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_wait_word(ngx_conf_t *cf, ngx_http_triage_loc_conf_t *tlcf,
                          ngx_str_t *word, ngx_uint_t is_first)
{
    ngx_str_t name;
    ngx_int_t form;

    if (word->len > 6 && ngx_strncmp(word->data, "queue=", 6) == 0) {
        name.data = word->data + 6;
        name.len = word->len - 6;
        return ngx_http_triage_add_wait_queue(cf, tlcf, &name);
    }

    form = ngx_http_triage_wait_form(word);
    if (form == NGX_ERROR || !is_first) {
        return ngx_http_triage_refuse(cf, "triage_wait", word,
                                      "json, page or badge, then queue=name");
    }

    tlcf->wait_form = (ngx_uint_t) form;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_wait(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_main_conf_t *tmcf;
    ngx_http_triage_loc_conf_t *tlcf = conf;
    ngx_http_triage_loc_conf_t **row;
    ngx_http_core_loc_conf_t *clcf;
    ngx_str_t *value = cf->args->elts;
    ngx_uint_t i;
    char *rc;

    (void) cmd;

    if (tlcf->has_wait) {
        return "is duplicate";
    }

    tlcf->has_wait = 1;
    tlcf->place.file = cf->conf_file->file.name;
    tlcf->place.line = cf->conf_file->line;

    for (i = 1; i < cf->args->nelts; i++) {
        rc = ngx_http_triage_wait_word(cf, tlcf, &value[i], i == 1);
        if (rc != NGX_CONF_OK) {
            return rc;
        }
    }

    if (tlcf->wait_form == NGX_HTTP_TRIAGE_WAIT_BADGE
        && (tlcf->wait_queues == NULL || tlcf->wait_queues->nelts != 1))
    {
        return ngx_http_triage_refuse(cf, "triage_wait", &value[1],
                                      "one queue=name behind it");
    }

    tmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_triage_module);
    row = ngx_array_push(&tmcf->waits);
    if (row == NULL) {
        return NGX_CONF_ERROR;
    }

    *row = tlcf;

    clcf = ngx_http_conf_get_module_loc_conf(cf, ngx_http_core_module);
    clcf->handler = ngx_http_triage_wait_handler;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_zone(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_main_conf_t *tmcf = conf;
    ngx_str_t *value = cf->args->elts;
    ssize_t size;

    (void) cmd;

    if (tmcf->zone != NULL) {
        return "is duplicate";
    }

    size = ngx_parse_size(&value[2]);
    if (size == NGX_ERROR || (size_t) size < ngx_http_triage_zone_least()) {
        return ngx_http_triage_refuse(cf, "triage_zone", &value[2],
                                      "a size of at least 1m");
    }

    tmcf->zone = ngx_shared_memory_add(cf, &value[1], (size_t) size,
                                       &ngx_http_triage_module);
    if (tmcf->zone == NULL) {
        return NGX_CONF_ERROR;
    }

    tmcf->zone->init = ngx_http_triage_init_zone;
    tmcf->zone->data = tmcf;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_set_connections(ngx_conf_t *cf,
                                ngx_http_triage_main_conf_t *tmcf,
                                ngx_str_t *value)
{
    ngx_int_t number = ngx_atoi(value->data, value->len);

    (void) cf;

    if (number < 1 || number > TRIAGE_LINKS_MAX) {
        return "a number of connections from 1 to 8";
    }

    tmcf->connections = (ngx_uint_t) number;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_set_timeout(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf,
                            ngx_str_t *value)
{
    ngx_int_t time = ngx_parse_time(value, 0);

    (void) cf;

    if (time == NGX_ERROR || time < 50 || time > 60000) {
        return "a time from 50ms to 60s";
    }

    tmcf->timeout = (ngx_msec_t) time;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_set_backlog(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf,
                            ngx_str_t *value)
{
    ngx_int_t number = ngx_atoi(value->data, value->len);

    (void) cf;

    if (number < 1 || number > 1000000) {
        return "a number of deliveries from 1 to 1000000";
    }

    tmcf->backlog = (ngx_uint_t) number;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_set_max_size(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf,
                             ngx_str_t *value)
{
    off_t size = ngx_parse_offset(value);

    (void) cf;

    if (size == NGX_ERROR || size < 1024 * 1024) {
        return "a size of at least 1m";
    }

    tmcf->spool_max_size = size;

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_set_threads(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf,
                            ngx_str_t *value)
{
#if (NGX_THREADS)
    tmcf->threads = ngx_thread_pool_add(cf, value);
    return tmcf->threads != NULL ? NGX_CONF_OK : "the name of a thread_pool";
#else
    return "an nginx that is built --with-threads";
#endif
}


/* The words behind a directive's own argument, from `first` on. */
static char *
ngx_http_triage_read_words(ngx_conf_t *cf, const char *directive,
                           ngx_uint_t first,
                           const ngx_http_triage_word_t *words,
                           const char *expected)
{
    ngx_http_triage_main_conf_t *tmcf;
    ngx_str_t *value = cf->args->elts;
    ngx_str_t rest;
    ngx_uint_t i, row;
    size_t len;
    const char *wanted;

    tmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_triage_module);

    for (i = first; i < cf->args->nelts; i++) {
        wanted = expected;

        for (row = 0; words[row].name != NULL; row++) {
            len = ngx_strlen(words[row].name);

            if (value[i].len > len
                && ngx_strncmp(value[i].data, words[row].name, len) == 0)
            {
                rest.data = value[i].data + len;
                rest.len = value[i].len - len;
                wanted = words[row].set(cf, tmcf, &rest);
                break;
            }
        }

        if (wanted != NGX_CONF_OK) {
            return ngx_http_triage_refuse(cf, directive, &value[i], wanted);
        }
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_database(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    static const ngx_http_triage_word_t words[] = {
        { "connections=", ngx_http_triage_set_connections },
        { "timeout=", ngx_http_triage_set_timeout },
        { "backlog=", ngx_http_triage_set_backlog },
        { NULL, NULL },
    };
    ngx_http_triage_main_conf_t *tmcf = conf;
    ngx_str_t *value = cf->args->elts;
    char error[256];
    char *text;

    (void) cmd;

    if (tmcf->conninfo != NULL) {
        return "is duplicate";
    }

    text = ngx_pnalloc(cf->temp_pool, value[1].len + 1);
    if (text == NULL) {
        return NGX_CONF_ERROR;
    }

    ngx_memcpy(text, value[1].data, value[1].len);
    text[value[1].len] = '\0';

    /* the string may hold a password: it is never printed */
    tmcf->conninfo = triage_conninfo_read(text, error, sizeof(error));
    if (tmcf->conninfo == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "triage_database: invalid connection string: %s",
                           error);
        return NGX_CONF_ERROR;
    }

    if (ngx_http_triage_own(cf->pool, ngx_http_triage_free_conninfo,
                            tmcf->conninfo)
        != NGX_OK)
    {
        return NGX_CONF_ERROR;
    }

    return ngx_http_triage_read_words(
        cf, "triage_database", 2, words,
        "connections=number, timeout=time or backlog=number");
}


static char *
ngx_http_triage_spool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    static const ngx_http_triage_word_t words[] = {
        { "max_size=", ngx_http_triage_set_max_size },
        { "thread_pool=", ngx_http_triage_set_threads },
        { NULL, NULL },
    };
    ngx_http_triage_main_conf_t *tmcf = conf;
    ngx_str_t *value = cf->args->elts;

    (void) cmd;

    if (tmcf->spool.data != NULL) {
        return "is duplicate";
    }

    tmcf->spool = value[1];

    if (ngx_conf_full_name(cf->cycle, &tmcf->spool, 0) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    return ngx_http_triage_read_words(cf, "triage_spool", 2, words,
                                      "max_size=size or thread_pool=name");
}


static triage_text_t
ngx_http_triage_word(ngx_str_t *value)
{
    return ngx_http_triage_text(*value);
}


static triage_hours_t *
ngx_http_triage_find_hours(ngx_http_triage_main_conf_t *tmcf,
                           triage_text_t name)
{
    triage_hours_t **hours = tmcf->hours.elts;
    ngx_uint_t i;

    for (i = 0; i < tmcf->hours.nelts; i++) {
        if (triage_text_equal(hours[i]->name, name)) {
            return hours[i];
        }
    }

    return NULL;
}


/* PostgreSQL has the last word; but most typing errors show in the folder
 * that both take their zones from.  Without one any sound name will do. */
static ngx_uint_t
ngx_http_triage_is_zone(ngx_conf_t *cf, ngx_str_t *zone)
{
    static ngx_str_t folder = ngx_string("/usr/share/zoneinfo/");
    ngx_file_info_t info;
    u_char *path;

    if (!triage_zone_is_sound(ngx_http_triage_word(zone))) {
        return 0;
    }

    if (ngx_file_info(folder.data, &info) == NGX_FILE_ERROR) {
        return 1;
    }

    path = ngx_pnalloc(cf->temp_pool, folder.len + zone->len + 1);
    if (path == NULL) {
        return 0;
    }

    ngx_sprintf(path, "%V%V%Z", &folder, zone);

    return ngx_file_info(path, &info) != NGX_FILE_ERROR && ngx_is_file(&info);
}


static char *
ngx_http_triage_hours(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_main_conf_t *tmcf = conf;
    ngx_str_t *value = cf->args->elts;
    triage_hours_t **place;
    triage_hours_t *hours;
    const char *expected;
    ngx_uint_t i;

    (void) cmd;

    if (ngx_http_triage_find_hours(tmcf, ngx_http_triage_word(&value[1]))
        != NULL) {
        return ngx_http_triage_refuse(cf, "triage_hours", &value[1],
                                      "a name that is not used yet");
    }

    if (!ngx_http_triage_is_zone(cf, &value[2])) {
        return ngx_http_triage_refuse(cf, "triage_hours", &value[2],
                                      "a time zone such as Europe/Berlin");
    }

    place = ngx_array_push(&tmcf->hours);
    hours = ngx_palloc(cf->pool, sizeof(*hours));
    if (place == NULL || hours == NULL) {
        return NGX_CONF_ERROR;
    }

    *place = hours;
    triage_hours_init(hours, ngx_http_triage_word(&value[1]),
                      ngx_http_triage_word(&value[2]));

    for (i = 3; i < cf->args->nelts; i++) {
        expected = triage_hours_read(hours, ngx_http_triage_word(&value[i]));
        if (expected != NULL) {
            return ngx_http_triage_refuse(cf, "triage_hours", &value[i],
                                          expected);
        }
    }

    if (!triage_hours_open(hours)) {
        return ngx_http_triage_refuse(cf, "triage_hours", &value[1],
                                      "spans of a weekday behind the zone");
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_queue_hours(ngx_conf_t *cf, ngx_http_triage_main_conf_t *tmcf,
                            const triage_queue_t *queue)
{
    ngx_str_t word;

    if (queue->hours.len == 0
        || ngx_http_triage_find_hours(tmcf, queue->hours) != NULL)
    {
        return NGX_CONF_OK;
    }

    word.data = (u_char *) queue->hours.data;
    word.len = queue->hours.len;

    return ngx_http_triage_refuse(cf, "triage_queue hours", &word,
                                  "the name of a triage_hours above");
}


static char *
ngx_http_triage_queue(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_main_conf_t *tmcf = conf;
    ngx_str_t *value = cf->args->elts;
    triage_queue_t *queue = tmcf->queues.elts;
    ngx_http_triage_place_t *place;
    const char *expected;
    ngx_uint_t i;

    (void) cmd;

    for (i = 0; i < tmcf->queues.nelts; i++) {
        if (triage_text_equal(queue[i].name, ngx_http_triage_word(&value[1])))
        {
            return ngx_http_triage_refuse(cf, "triage_queue", &value[1],
                                          "a name that is not used yet");
        }
    }

    queue = ngx_array_push(&tmcf->queues);
    place = ngx_array_push(&tmcf->places);
    if (queue == NULL || place == NULL) {
        return NGX_CONF_ERROR;
    }

    place->file = cf->conf_file->file.name;
    place->line = cf->conf_file->line;
    triage_queue_init(queue, ngx_http_triage_word(&value[1]));

    for (i = 2; i < cf->args->nelts; i++) {
        expected = triage_queue_read(queue, ngx_http_triage_word(&value[i]));
        if (expected != NULL) {
            return ngx_http_triage_refuse(cf, "triage_queue", &value[i],
                                          expected);
        }
    }

    if (queue->respond == 0) {
        return ngx_http_triage_refuse(cf, "triage_queue", &value[1],
                                      "respond=time behind the name");
    }

    return ngx_http_triage_queue_hours(cf, tmcf, queue);
}


static char *
ngx_http_triage_route(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_main_conf_t *tmcf = conf;
    ngx_str_t *value = cf->args->elts;
    triage_route_t *route;
    const char *expected;
    ngx_uint_t i;

    (void) cmd;

    route = ngx_array_push(&tmcf->routes);
    if (route == NULL) {
        return NGX_CONF_ERROR;
    }

    triage_route_init(route, ngx_http_triage_word(&value[1]));

    for (i = 2; i < cf->args->nelts; i++) {
        expected = triage_route_read(route, ngx_http_triage_word(&value[i]));
        if (expected != NULL) {
            return ngx_http_triage_refuse(cf, "triage_route", &value[i],
                                          expected);
        }
    }

    if (route->platform.len > 0
        && triage_platform_find(route->platform) == NULL) {
        ngx_str_t name = { route->platform.len,
                           (u_char *) route->platform.data };

        return ngx_http_triage_refuse(cf, "triage_route", &name,
                                      "the name of a platform");
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_keyring(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    triage_keyring_t **keyring =
        (triage_keyring_t **) ((char *) conf + cmd->offset);
    ngx_str_t *value = cf->args->elts;
    ngx_str_t text;
    const char *why;

    if (*keyring != NGX_CONF_UNSET_PTR) {
        return "is duplicate";
    }

    if (ngx_http_triage_read_file(cf, &value[1], 1, &text) != NGX_OK) {
        return NGX_CONF_ERROR;
    }

    *keyring = triage_keyring_read(ngx_http_triage_text(text), &why);
    ngx_explicit_memzero(text.data, text.len);

    if (*keyring == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "%V: \"%V\": %s: expected a key a line", &cmd->name,
                           &value[1], why);
        return NGX_CONF_ERROR;
    }

    return ngx_http_triage_own(cf->pool, ngx_http_triage_free_keyring,
                               *keyring)
                   == NGX_OK
               ? NGX_CONF_OK
               : NGX_CONF_ERROR;
}


static char *
ngx_http_triage_model(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_main_conf_t *tmcf = conf;
    ngx_str_t *value = cf->args->elts;

    (void) cmd;

    if (tmcf->model.data != NULL) {
        return "is duplicate";
    }

    return ngx_http_triage_read_file(cf, &value[1], 0, &tmcf->model) == NGX_OK
               ? NGX_CONF_OK
               : NGX_CONF_ERROR;
}


static char *
ngx_http_triage_brand_id(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_loc_conf_t *tlcf = conf;
    ngx_str_t *value = cf->args->elts;
    ngx_str_t *word;
    ngx_uint_t i;

    (void) cmd;

    if (tlcf->brand_id_words == NULL) {
        tlcf->brand_id_words =
            ngx_array_create(cf->pool, 4, sizeof(ngx_str_t));
        if (tlcf->brand_id_words == NULL) {
            return NGX_CONF_ERROR;
        }
    }

    for (i = 1; i < cf->args->nelts; i++) {
        word = ngx_array_push(tlcf->brand_id_words);
        if (word == NULL) {
            return NGX_CONF_ERROR;
        }
        *word = value[i];
    }

    return NGX_CONF_OK;
}


/* One line of triage_options {}: name value; where the value is @file it is
 * what is in the file. */
static char *
ngx_http_triage_option(ngx_conf_t *cf, ngx_command_t *dummy, void *conf)
{
    ngx_http_triage_loc_conf_t *tlcf = conf;
    ngx_str_t *value = cf->args->elts;
    ngx_str_t text;
    triage_arena_t arena;
    const char *expected;

    (void) dummy;

    if (cf->args->nelts != 2) {
        return ngx_http_triage_refuse(cf, "triage_options", &value[0],
                                      "one value behind the name");
    }

    text = value[1];

    if (text.len > 1 && text.data[0] == '@') {
        text.data++;
        text.len--;
        if (ngx_http_triage_read_file(cf, &text, 0, &text) != NGX_OK) {
            return NGX_CONF_ERROR;
        }
    }

    triage_arena_init(&arena, ngx_http_triage_take, cf->pool);

    expected = tlcf->platform->options->set(
        tlcf->options, ngx_http_triage_text(value[0]),
        ngx_http_triage_text(text), &arena);
    if (expected != NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "triage_options: invalid \"%V\" \"%V\": "
                           "expected %s",
                           &value[0], &value[1], expected);
        return NGX_CONF_ERROR;
    }

    return NGX_CONF_OK;
}


static char *
ngx_http_triage_options(ngx_conf_t *cf, ngx_command_t *cmd, void *conf)
{
    ngx_http_triage_loc_conf_t *tlcf = conf;
    triage_arena_t arena;
    ngx_conf_t save;
    char *rv;

    (void) cmd;

    if (tlcf->platform == NULL) {
        return "must stand behind the \"triage\" of its location";
    }

    if (tlcf->platform->options == NULL) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "triage_options: platform \"%s\" has no options",
                           tlcf->platform->name);
        return NGX_CONF_ERROR;
    }

    if (tlcf->options != NULL) {
        return "is duplicate";
    }

    triage_arena_init(&arena, ngx_http_triage_take, cf->pool);
    tlcf->options = tlcf->platform->options->open(&arena);
    if (tlcf->options == NULL) {
        return NGX_CONF_ERROR;
    }

    save = *cf;
    cf->handler = ngx_http_triage_option;
    cf->handler_conf = conf;
    rv = ngx_conf_parse(cf, NULL);
    *cf = save;

    return rv;
}
