/*
 * The door of the desk: its page, its calls and its events.  What a call
 * asks is in ../src/desk, who asks the database in ../src/store.
 */
#ifndef NGX_HTTP_TRIAGE_DESK_H
#define NGX_HTTP_TRIAGE_DESK_H

#include "ngx_http_triage.h"

#include "../src/desk/call.h"
#include "../src/desk/page.h"
#include "../src/store/asker.h"
#include "../src/store/listener.h"

/* The modules that can have made sure who the user is. */
#define NGX_HTTP_TRIAGE_AUTH_MODULES 2

/* http{}: one a configuration; NULL in the main one where there is no
 * triage_desk_database. */
struct ngx_http_triage_desk_s {
    triage_conninfo_t *conninfo;
    ngx_uint_t connections;
    ngx_msec_t timeout;
    ngx_uint_t backlog;
    ngx_uint_t streams_max; /* of a worker */
    triage_keyring_t *key;  /* for tokens; new with each configuration */
    ngx_int_t auth_index[NGX_HTTP_TRIAGE_AUTH_MODULES]; /* or NGX_ERROR */

    /* the worker's own */
    triage_asker_t *asker;
    triage_listener_t *listener;
    ngx_queue_t streams; /* ngx_http_triage_stream_t */
    ngx_uint_t stream_count;
    ngx_event_t heartbeat;
    ngx_uint_t looks; /* of the heartbeat */
    ngx_event_t nudge;
    ngx_msec_t changed_at; /* an agent's last deed here */
    ngx_http_triage_shared_t *shared;
};

/* location{}: where a desk is. */
struct ngx_http_triage_desk_place_s {
    ngx_http_complex_value_t *user; /* NULL: $remote_user */
};

/* A request whose agent is known. */
typedef struct {
    ngx_str_t agent;
    ngx_str_t path; /* below the location */
} ngx_http_triage_visit_t;

typedef struct {
    ngx_uint_t status;
    const char *type;
    triage_text_t body;     /* lives as long as the request */
    const char *cache;      /* Cache-Control */
    ngx_uint_t has_etag;    /* made of the body */
    ngx_uint_t retry_after; /* s; 0: none */
} ngx_http_triage_page_answer_t;

/* ngx_http_triage_desk.c */
ngx_int_t ngx_http_triage_desk_handler(ngx_http_request_t *r);
/* The headers that each answer of the desk has. */
ngx_int_t ngx_http_triage_desk_add_headers(ngx_http_request_t *r,
                                           const char *cache);
ngx_int_t ngx_http_triage_desk_send(ngx_http_request_t *r,
                                    const ngx_http_triage_page_answer_t *a);
/* {"error": why, "code": code}; `why` may be anybody's words. */
ngx_int_t ngx_http_triage_desk_refuse(ngx_http_request_t *r, ngx_uint_t status,
                                      const char *code, triage_text_t why);
/* What the buffer holds, copied to the request. */
triage_text_t ngx_http_triage_desk_keep(ngx_http_request_t *r,
                                        triage_buffer_t *buffer);
triage_text_t ngx_http_triage_desk_header(ngx_http_request_t *r,
                                          const char *name);

/* ngx_http_triage_desk_call.c */
ngx_int_t ngx_http_triage_desk_session(ngx_http_request_t *r,
                                       const ngx_http_triage_visit_t *visit);
ngx_int_t ngx_http_triage_desk_call(ngx_http_request_t *r,
                                    const ngx_http_triage_visit_t *visit,
                                    triage_text_t name);

/* ngx_http_triage_desk_events.c */
ngx_int_t ngx_http_triage_desk_stream(ngx_http_request_t *r);
/* Every page that listens is to look again; `payload` may be NULL. */
void ngx_http_triage_desk_tell(ngx_http_triage_desk_t *desk,
                               const char *payload);
void ngx_http_triage_desk_beat(ngx_event_t *ev);

/* ngx_http_triage_desk_conf.c */
/* An agent did something: open pages are to hear of it at once, those of
 * other workers too.  What customers do, the database tells. */
void ngx_http_triage_desk_changed(ngx_http_triage_desk_t *desk);

#endif
