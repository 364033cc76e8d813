/*
 * The glue between nginx and the core in ../src: configuration, the
 * request, the event loop, variables and the status.  The only folder that
 * knows nginx.
 */
#ifndef NGX_HTTP_TRIAGE_H
#define NGX_HTTP_TRIAGE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "../src/intake/intake.h"
#include "../src/route/hours.h"
#include "../src/store/store.h"

#include "ngx_http_triage_zone.h"

/* ngx_http_triage_desk.h */
typedef struct ngx_http_triage_desk_s ngx_http_triage_desk_t;
typedef struct ngx_http_triage_desk_place_s ngx_http_triage_desk_place_t;

/* Where a directive stands, for what is found wrong only later. */
typedef struct {
    ngx_str_t file;
    ngx_uint_t line;
} ngx_http_triage_place_t;

/* http{}: one a configuration. */
typedef struct {
    ngx_shm_zone_t *zone;
    triage_conninfo_t *conninfo;
    ngx_uint_t connections;
    ngx_msec_t timeout;
    ngx_uint_t backlog;
    ngx_uint_t commit; /* triage_commit_t */
    ngx_str_t spool;   /* empty: none */
    off_t spool_max_size;
    ngx_thread_pool_t *threads; /* for the spool's fsync */

    ngx_array_t hours;   /* triage_hours_t * */
    ngx_array_t queues;  /* triage_queue_t */
    ngx_array_t places;  /* ngx_http_triage_place_t of each queue */
    ngx_array_t routes;  /* triage_route_t */
    ngx_array_t sources; /* ngx_http_triage_loc_conf_t * */
    ngx_array_t waits;   /* the same, of triage_wait */
    triage_router_t router;
    ngx_str_t model;
    triage_scorer_t *scorer;
    char *mirror;                 /* the JSON for triage.sync */
    ngx_http_triage_desk_t *desk; /* NULL: no triage_desk_database */
    ngx_uint_t desk_places;       /* how many triage_desk */

    triage_store_t *store; /* the worker's own; NULL in the master */
    ngx_http_triage_worker_t *worker; /* its row in the zone */
    triage_store_stats_t uncounted;   /* where the zone has no row left */
} ngx_http_triage_main_conf_t;

/* location{}: where one kind of delivery comes in. */
typedef struct {
    const triage_platform_t *platform; /* NULL: not an endpoint */
    ngx_http_triage_place_t place;
    triage_source_t source;
    ngx_str_t brand;
    ngx_str_t account;
    ngx_str_t url;
    ngx_str_t name; /* of the location, names the source in the status */
    triage_keyring_t *secrets;
    triage_keyring_t *tokens;
    triage_keyring_t *brand_ids;
    ngx_array_t *brand_id_words; /* ngx_str_t, until they are a keyring */
    void *options; /* of the platform, see triage_platform_options_t */
    time_t tolerance;
    time_t silence;
    ngx_flag_t dry_run;
    ngx_http_triage_desk_place_t *desk; /* NULL: not a desk */
    ngx_http_triage_source_t *counters; /* in the zone */
    ngx_uint_t wait_form;               /* what triage_wait shows */
    ngx_array_t *wait_queues;           /* ngx_str_t; NULL: all */
    unsigned has_wait : 1;
} ngx_http_triage_loc_conf_t;

/* What is remembered of a delivery while its request lives. */
typedef struct {
    triage_outcome_t outcome;
    triage_intake_t intake;
    triage_arena_t arena;
    triage_ticket_t *ticket;
    const triage_filing_t *top; /* the most urgent of the filings */
    ngx_uint_t duplicates;
    unsigned is_done : 1;
} ngx_http_triage_ctx_t;

extern ngx_module_t ngx_http_triage_module;

/* ngx_http_triage_handler.c */
ngx_int_t ngx_http_triage_handler(ngx_http_request_t *r);
ngx_int_t ngx_http_triage_log_phase(ngx_http_request_t *r);

/* ngx_http_triage_delivery.c */
ngx_int_t ngx_http_triage_make_delivery(ngx_http_request_t *r,
                                        ngx_http_triage_loc_conf_t *tlcf,
                                        triage_delivery_t *delivery);
/* Every byte as received, in one piece. */
ngx_int_t ngx_http_triage_read_body(ngx_http_request_t *r,
                                    triage_text_t *body);

/* ngx_http_triage_replay.c: a triage_replay_pt */
const char *ngx_http_triage_replay(void *context,
                                   const triage_dead_letter_t *letter);

/* ngx_http_triage_outcome.c: the only place where an outcome becomes HTTP */
typedef struct {
    ngx_uint_t status; /* 0: the platform's own success */
    ngx_uint_t level;  /* of the error log */
} ngx_http_triage_reply_t;
const ngx_http_triage_reply_t *ngx_http_triage_reply(triage_code_t code);

/* ngx_http_triage_status.c */
ngx_int_t ngx_http_triage_status_handler(ngx_http_request_t *r);

/* ngx_http_triage_wait.c */
enum {
    NGX_HTTP_TRIAGE_WAIT_JSON = 0,
    NGX_HTTP_TRIAGE_WAIT_PAGE,
    NGX_HTTP_TRIAGE_WAIT_BADGE
};
/* One of the above; NGX_ERROR for any other word. */
ngx_int_t ngx_http_triage_wait_form(ngx_str_t *word);
ngx_int_t ngx_http_triage_wait_handler(ngx_http_request_t *r);
/* A triage_waits_reader_t. */
bool ngx_http_triage_waits_wanted(void *context);
void ngx_http_triage_waits_take(void *context, const triage_wait_t *waits,
                                size_t count);

/* ngx_http_triage_variables.c */
ngx_int_t ngx_http_triage_add_variables(ngx_conf_t *cf);

/* ngx_http_triage_loop.c */
triage_loop_t ngx_http_triage_loop(ngx_cycle_t *cycle,
                                   ngx_thread_pool_t *threads);

/* ngx_http_triage_worker.c: the worker's store, from start to end */
ngx_int_t ngx_http_triage_init_process(ngx_cycle_t *cycle);
void ngx_http_triage_exit_process(ngx_cycle_t *cycle);

/* ngx_http_triage_conf.c */
void *ngx_http_triage_create_main_conf(ngx_conf_t *cf);
char *ngx_http_triage_init_main_conf(ngx_conf_t *cf, void *conf);
void *ngx_http_triage_create_loc_conf(ngx_conf_t *cf);
char *ngx_http_triage_merge_loc_conf(ngx_conf_t *cf, void *parent,
                                     void *child);
ngx_int_t ngx_http_triage_postconfiguration(ngx_conf_t *cf);
/* Hands what is not from a pool to a pool that frees it. */
ngx_int_t ngx_http_triage_own(ngx_pool_t *pool, void (*release)(void *data),
                              void *data);
void ngx_http_triage_free_keyring(void *keyring);
/* For an arena on a pool. */
void *ngx_http_triage_take(void *pool, size_t size);
/* Makes the counters of each source, in a zone that is new or taken over. */
ngx_int_t ngx_http_triage_init_zone(ngx_shm_zone_t *zone, void *old);

/* ngx_http_triage_header.c */
/* `name` and `value` must live as long as the request. */
ngx_int_t ngx_http_triage_add_header(ngx_http_request_t *r, const char *name,
                                     const char *value);
/* Made of the body, so that it is the same on every host. */
ngx_int_t ngx_http_triage_add_etag(ngx_http_request_t *r, triage_text_t body);

/* ngx_http_triage_file.c */
/* Reads a file that is named relative to nginx.conf.  A secret must not be
 * readable by everybody.  Complains itself. */
ngx_int_t ngx_http_triage_read_file(ngx_conf_t *cf, ngx_str_t *path,
                                    ngx_uint_t is_secret, ngx_str_t *text);

/* ngx_http_triage_desk_conf.c: the directives, and the worker's part */
char *ngx_http_triage_desk(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_triage_desk_database(ngx_conf_t *cf, ngx_command_t *cmd,
                                    void *conf);
ngx_int_t ngx_http_triage_desk_check(ngx_conf_t *cf,
                                     ngx_http_triage_main_conf_t *tmcf);
void ngx_http_triage_desk_open(ngx_cycle_t *cycle,
                               ngx_http_triage_main_conf_t *tmcf);
void ngx_http_triage_desk_close(ngx_http_triage_main_conf_t *tmcf);
/* ngx_http_triage_worker.c: a report as the store gives it; the context is
 * the log. */
void ngx_http_triage_report(void *context, int level, const char *what,
                            const char *detail);

/* ngx_http_triage_directives.c */
/* Every complaint has the same form: what is wrong, the word, what was
 * expected; nginx adds the file and the line. */
char *ngx_http_triage_refuse(ngx_conf_t *cf, const char *directive,
                             ngx_str_t *word, const char *expected);
extern ngx_command_t ngx_http_triage_commands[];
extern ngx_conf_enum_t ngx_http_triage_commits[];

#define ngx_http_triage_text(str)                                             \
    ((triage_text_t){ (const char *) (str).data, (str).len })

#endif
