/*
 * A power cut that can be had a hundred times a day: an LD_PRELOAD library
 * that writes down how to take back what a disk was not asked to keep.
 *
 * For files under $TRIAGE_CUT_DIR it keeps, in $TRIAGE_CUT_STATE, a log of
 * the bytes and sizes that were there before each write, emptied by a
 * successful fsync or fdatasync of the file; and one of names that were
 * made, changed and removed, emptied by an fsync of the directory.  After
 * everything was killed, Triage::Chaos::PowerCut plays the logs backwards.
 * An entry is written before what it is about is done, so that none can be
 * missing.  This is harsher than a file system: whatever was not synced is
 * gone, names of synced files too.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PATH_SIZE = 4096 };

static const struct timespec slowness = { .tv_nsec = 20000000 };

static const char *dir, *state;

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_rename)(const char *, const char *);
static int (*real_unlink)(const char *);
static int (*real_ftruncate)(int, off_t);
static int (*real_fallocate)(int, off_t, off_t);

int open(const char *path, int flags, ...);
int open64(const char *path, int flags, ...);
ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset);
int ftruncate64(int fd, off_t size);
int posix_fallocate64(int fd, off_t offset, off_t size);

/* nginx writes its title over the environment. */
static const char *
kept(const char *value)
{
    return value != NULL ? strdup(value) : NULL;
}

__attribute__((constructor)) static void
begin(void)
{
    dir = kept(getenv("TRIAGE_CUT_DIR"));
    state = kept(getenv("TRIAGE_CUT_STATE"));
    real_open = dlsym(RTLD_NEXT, "open");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_rename = dlsym(RTLD_NEXT, "rename");
    real_unlink = dlsym(RTLD_NEXT, "unlink");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
    real_fallocate = dlsym(RTLD_NEXT, "posix_fallocate");
}

static bool
is_ours(const char *path)
{
    size_t len = dir != NULL && state != NULL ? strlen(dir) : 0;

    return len > 0 && strncmp(path, dir, len) == 0
           && (path[len] == '/' || path[len] == '\0');
}

static bool
is_our_fd(int fd, struct stat *status)
{
    char link[64], path[PATH_SIZE];
    ssize_t len;

    if (dir == NULL) {
        return false;
    }

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    len = readlink(link, path, sizeof(path) - 1);
    if (len < 0) {
        return false;
    }
    path[len] = '\0';

    return is_ours(path) && fstat(fd, status) == 0;
}

/* A simulation that cannot write its log would make a build look good. */
static void
must(bool is_done)
{
    if (!is_done) {
        abort();
    }
}

/* --- bytes and sizes: a log for each inode ------------------------------ */

static int
open_log(ino_t inode)
{
    char path[PATH_SIZE];
    int fd;

    snprintf(path, sizeof(path), "%s/undo-%llu", state,
             (unsigned long long) inode);
    fd = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    must(fd >= 0);

    return fd;
}

static void
log_bytes(int fd, const struct stat *status, off_t offset, size_t size)
{
    char *entry = malloc(64 + size);
    ssize_t old;
    int head, log;

    must(entry != NULL);
    old = pread(fd, entry + 64, size, offset);
    old = old < 0 ? 0 : old;
    head = snprintf(entry, 64, "W %lld %lld %lld\n", (long long) offset,
                    (long long) old, (long long) status->st_size);
    memmove(entry + head, entry + 64, (size_t) old);

    log = open_log(status->st_ino);
    must(write(log, entry, (size_t) (head + old)) == head + old);
    close(log);
    free(entry);
}

static void
forget_bytes(ino_t inode)
{
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "%s/undo-%llu", state,
             (unsigned long long) inode);
    must(real_unlink(path) == 0 || errno == ENOENT);
}

/* --- names: a log for the directory ------------------------------------- */

static int
lock_names(void)
{
    char path[PATH_SIZE];
    int fd;

    snprintf(path, sizeof(path), "%s/names", state);
    fd = real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    must(fd >= 0 && flock(fd, LOCK_EX) == 0);

    return fd;
}

static void
log_name(int log, const char *what, const char *a, const char *b)
{
    char entry[3 * PATH_SIZE];
    int len = snprintf(entry, sizeof(entry), "%s\t%s\t%s\n", what, a, b);

    must(write(log, entry, (size_t) len) == len);
}

int
open(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list rest;
    int fd, log;

    va_start(rest, flags);
    if ((flags & O_CREAT) != 0) {
        mode = va_arg(rest, mode_t);
    }
    va_end(rest);

    if (real_open == NULL) {
        begin();
    }
    if ((flags & O_CREAT) == 0 || !is_ours(path)) {
        return real_open(path, flags, mode);
    }

    log = lock_names();
    if (access(path, F_OK) != 0) {
        log_name(log, "C", path, "");
    }
    fd = real_open(path, flags, mode);
    close(log);

    return fd;
}

int
open64(const char *path, int flags, ...)
{
    mode_t mode = 0;
    va_list rest;

    va_start(rest, flags);
    if ((flags & O_CREAT) != 0) {
        mode = va_arg(rest, mode_t);
    }
    va_end(rest);

    return open(path, flags, mode);
}

int
rename(const char *from, const char *to)
{
    int result, log;

    if (!is_ours(from)) {
        return real_rename(from, to);
    }

    log = lock_names();
    log_name(log, "R", from, to);
    result = real_rename(from, to);
    close(log);

    return result;
}

int
unlink(const char *path)
{
    static unsigned count;
    char kept[PATH_SIZE];
    int result, log;

    if (!is_ours(path)) {
        return real_unlink(path);
    }

    log = lock_names();
    snprintf(kept, sizeof(kept), "%s/kept-%ld-%u", state, (long) getpid(),
             count++);
    if (link(path, kept) == 0) {
        log_name(log, "U", path, kept);
    }
    result = real_unlink(path);
    close(log);

    return result;
}

/* --- bytes -------------------------------------------------------------- */

ssize_t
pwrite(int fd, const void *data, size_t size, off_t offset)
{
    struct stat status;

    if (is_our_fd(fd, &status)) {
        log_bytes(fd, &status, offset, size);
    }

    return real_pwrite(fd, data, size, offset);
}

ssize_t
pwrite64(int fd, const void *data, size_t size, off_t offset)
{
    return pwrite(fd, data, size, offset);
}

int
ftruncate(int fd, off_t size)
{
    struct stat status;

    if (is_our_fd(fd, &status)) {
        log_bytes(fd, &status, size,
                  status.st_size > size ? (size_t) (status.st_size - size)
                                        : 0);
    }

    return real_ftruncate(fd, size);
}

int
ftruncate64(int fd, off_t size)
{
    return ftruncate(fd, size);
}

int
posix_fallocate(int fd, off_t offset, off_t size)
{
    struct stat status;

    if (is_our_fd(fd, &status)) {
        log_bytes(fd, &status, offset, 0);
    }

    return real_fallocate(fd, offset, size);
}

int
posix_fallocate64(int fd, off_t offset, off_t size)
{
    return posix_fallocate(fd, offset, size);
}

/* --- what is durable from now on ---------------------------------------- */

static int
sync_names(int fd)
{
    int log = lock_names();
    int result = real_fsync(fd);

    if (result == 0) {
        must(real_ftruncate(log, 0) == 0);
    }
    close(log);

    return result;
}

static int
sync_bytes(int fd, int (*real)(int))
{
    struct stat status;
    bool is_our = is_our_fd(fd, &status);
    int result;

    if (is_our && S_ISDIR(status.st_mode)) {
        return sync_names(fd);
    }

    if (is_our) {
        /* a slow disk: most cuts come in the middle of something */
        nanosleep(&slowness, NULL);
    }

    result = real(fd);
    if (is_our && result == 0) {
        forget_bytes(status.st_ino);
    }

    return result;
}

int
fsync(int fd)
{
    return sync_bytes(fd, real_fsync);
}

int
fdatasync(int fd)
{
    return sync_bytes(fd, real_fdatasync);
}
