#include "ngx_http_triage.h"

/* A forged delivery is worth a line, but not an alarm: anybody can send one.
 * What is ours to mend is an error. */
static const ngx_http_triage_reply_t ngx_http_triage_replies[] = {
    [TRIAGE_OK] = { 0, NGX_LOG_DEBUG },
    [TRIAGE_IGNORED] = { 0, NGX_LOG_DEBUG },
    [TRIAGE_ANSWERED] = { 0, NGX_LOG_INFO },
    [TRIAGE_DENIED] = { NGX_HTTP_FORBIDDEN, NGX_LOG_WARN },
    [TRIAGE_FORGED] = { NGX_HTTP_UNAUTHORIZED, NGX_LOG_WARN },
    [TRIAGE_STALE] = { NGX_HTTP_UNAUTHORIZED, NGX_LOG_WARN },
    [TRIAGE_UNEXPECTED] = { NGX_HTTP_NOT_ALLOWED, NGX_LOG_INFO },
    [TRIAGE_TOO_LARGE] = { NGX_HTTP_REQUEST_ENTITY_TOO_LARGE, NGX_LOG_WARN },
    [TRIAGE_MALFORMED] = { 0, NGX_LOG_WARN },
    [TRIAGE_NO_MEMORY] = { NGX_HTTP_SERVICE_UNAVAILABLE, NGX_LOG_CRIT },
    [TRIAGE_BUSY] = { NGX_HTTP_SERVICE_UNAVAILABLE, NGX_LOG_ERR },
    [TRIAGE_UNAVAILABLE] = { NGX_HTTP_SERVICE_UNAVAILABLE, NGX_LOG_ERR },
};

_Static_assert(sizeof(ngx_http_triage_replies)
                       / sizeof(ngx_http_triage_replies[0])
                   == TRIAGE_CODE_COUNT,
               "each outcome has a row");


const ngx_http_triage_reply_t *
ngx_http_triage_reply(triage_code_t code)
{
    return &ngx_http_triage_replies[code];
}
