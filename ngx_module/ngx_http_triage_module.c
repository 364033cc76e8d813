/*
 * triage: response-time routing of social customer service, inside nginx.
 * This file only ties the parts together; see docs/architecture.md.
 */
#include "ngx_http_triage.h"

static ngx_http_module_t ngx_http_triage_module_ctx = {
    .preconfiguration = ngx_http_triage_add_variables,
    .postconfiguration = ngx_http_triage_postconfiguration,
    .create_main_conf = ngx_http_triage_create_main_conf,
    .init_main_conf = ngx_http_triage_init_main_conf,
    .create_loc_conf = ngx_http_triage_create_loc_conf,
    .merge_loc_conf = ngx_http_triage_merge_loc_conf,
};

ngx_module_t ngx_http_triage_module = {
    NGX_MODULE_V1,
    .ctx = &ngx_http_triage_module_ctx,
    .commands = ngx_http_triage_commands,
    .type = NGX_HTTP_MODULE,
    .init_process = ngx_http_triage_init_process,
    .exit_process = ngx_http_triage_exit_process,
};
