/*
 * Files that the configuration names: secrets, models, key sets.
 */
#include "ngx_http_triage.h"

/* Secrets are small; a file of megabytes is a mistake. */
#define NGX_HTTP_TRIAGE_SECRET_MAX (64 * 1024)
#define NGX_HTTP_TRIAGE_FILE_MAX (64 * 1024 * 1024)


static ngx_int_t
ngx_http_triage_read_fd(ngx_conf_t *cf, ngx_fd_t fd, ngx_str_t *path,
                        ngx_uint_t is_secret, ngx_str_t *text)
{
    ngx_file_info_t info;
    size_t limit =
        is_secret ? NGX_HTTP_TRIAGE_SECRET_MAX : NGX_HTTP_TRIAGE_FILE_MAX;
    ssize_t n;

    if (ngx_fd_info(fd, &info) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_fd_info_n " \"%V\" failed", path);
        return NGX_ERROR;
    }

    if (!ngx_is_file(&info)) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is not a regular file", path);
        return NGX_ERROR;
    }

    if (is_secret && (info.st_mode & S_IRWXO) != 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" can be read by everybody: expected a "
                           "secret that others cannot read (chmod o= )",
                           path);
        return NGX_ERROR;
    }

    if ((size_t) ngx_file_size(&info) > limit) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                           "\"%V\" is larger than %uz bytes", path, limit);
        return NGX_ERROR;
    }

    text->len = (size_t) ngx_file_size(&info);
    text->data = ngx_pnalloc(cf->pool, text->len + 1);
    if (text->data == NULL) {
        return NGX_ERROR;
    }

    n = ngx_read_fd(fd, text->data, text->len);
    if (n < 0) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_read_fd_n " \"%V\" failed", path);
        return NGX_ERROR;
    }

    text->len = (size_t) n;

    return NGX_OK;
}


ngx_int_t
ngx_http_triage_read_file(ngx_conf_t *cf, ngx_str_t *path,
                          ngx_uint_t is_secret, ngx_str_t *text)
{
    ngx_int_t rc;
    ngx_fd_t fd;

    if (ngx_conf_full_name(cf->cycle, path, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    fd = ngx_open_file(path->data, NGX_FILE_RDONLY, NGX_FILE_OPEN, 0);
    if (fd == NGX_INVALID_FILE) {
        ngx_conf_log_error(NGX_LOG_EMERG, cf, ngx_errno,
                           ngx_open_file_n " \"%V\" failed", path);
        return NGX_ERROR;
    }

    rc = ngx_http_triage_read_fd(cf, fd, path, is_secret, text);

    if (ngx_close_file(fd) == NGX_FILE_ERROR) {
        ngx_conf_log_error(NGX_LOG_ALERT, cf, ngx_errno,
                           ngx_close_file_n " \"%V\" failed", path);
    }

    return rc;
}
