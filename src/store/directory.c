#include "directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* No file that is read is larger than what one task can have written. */
#define READ_MAX ((uint64_t) 1 << 30)

bool
triage_spool_path(char *path, const char *folder, const char *name)
{
    int len = snprintf(path, TRIAGE_SPOOL_PATH, "%s/%s", folder, name);

    return len > 0 && len < TRIAGE_SPOOL_PATH;
}

static bool
ends_with(const char *name, const char *ending)
{
    return triage_text_ends(triage_text_of(name), triage_text_of(ending));
}

/* The file whose lock says who drains.  Root, who runs the command line,
 * leaves it to the directory's owner: the workers have to open it too. */
static int
open_drain(const char *path)
{
    char file[TRIAGE_SPOOL_PATH];
    struct stat status;
    int fd;

    if (!triage_spool_path(file, path, ".drain")) {
        errno = ENAMETOOLONG;
        return -1;
    }

    fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd >= 0 && geteuid() == 0 && stat(path, &status) == 0
        && fchown(fd, status.st_uid, status.st_gid) != 0)
    {
        close(fd);
        fd = -1;
    }

    return fd;
}

const char *
triage_spool_check(const char *path)
{
    struct stat status;
    int fd;

    if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        return "the spool is not a directory";
    }

    /* a read-only or full disk may get better: only rights are checked */
    fd = open_drain(path);
    if (fd < 0 && errno != EROFS && errno != ENOSPC && errno != EDQUOT) {
        return "the spool's directory cannot be written to";
    }
    if (fd >= 0) {
        close(fd);
    }

    return NULL;
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}

void
triage_spool_list_free(char **names, size_t count)
{
    while (count > 0) {
        free(names[--count]);
    }
    free(names);
}

static bool
add_name(char ***names, size_t *count, const char *name)
{
    char **longer = realloc(*names, (*count + 1) * sizeof(*longer));

    if (longer == NULL) {
        return false;
    }

    *names = longer;
    longer[*count] = strdup(name);
    if (longer[*count] == NULL) {
        return false;
    }
    ++*count;

    return true;
}

char **
triage_spool_list(const char *path, const char *ending, size_t *count)
{
    DIR *folder = opendir(path);
    char **names = calloc(1, sizeof(*names));
    const struct dirent *entry;
    bool is_good = names != NULL && folder != NULL;

    *count = 0;
    while (is_good && (entry = readdir(folder)) != NULL) {
        if (ends_with(entry->d_name, ending)
            && strlen(entry->d_name) < TRIAGE_SEGMENT_NAME_MAX)
        {
            is_good = add_name(&names, count, entry->d_name);
        }
    }

    if (folder != NULL) {
        closedir(folder);
    }
    if (!is_good) {
        triage_spool_list_free(names, *count);
        return NULL;
    }

    qsort(names, *count, sizeof(*names), compare_names);

    return names;
}

uint64_t
triage_spool_size(const char *path, const char *ending)
{
    size_t count;
    char **names = triage_spool_list(path, ending, &count);
    uint64_t size = 0;
    size_t i;

    for (i = 0; names != NULL && i < count; i++) {
        char file[TRIAGE_SPOOL_PATH];
        struct stat status;

        if (triage_spool_path(file, path, names[i])
            && lstat(file, &status) == 0) {
            size += (uint64_t) status.st_size;
        }
    }
    if (names != NULL) {
        triage_spool_list_free(names, count);
    }

    return size;
}

static bool
read_all(int fd, char *data, size_t size)
{
    size_t done = 0;

    while (done < size) {
        ssize_t len = pread(fd, data + done, size - done, (off_t) done);

        if (len < 0 && errno == EINTR) {
            continue;
        }
        if (len <= 0) {
            return false;
        }
        done += (size_t) len;
    }

    return true;
}

bool
triage_spool_read_fd(int fd, char **data, size_t *size)
{
    struct stat status;

    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)
        || status.st_size < 0 || (uint64_t) status.st_size > READ_MAX)
    {
        return false;
    }

    *size = (size_t) status.st_size;
    *data = malloc(*size + 1);
    if (*data == NULL) {
        return false;
    }
    if (!read_all(fd, *data, *size)) {
        free(*data);
        *data = NULL;
        return false;
    }

    return true;
}

bool
triage_spool_read(const char *path, const char *name, char **data,
                  size_t *size)
{
    char file[TRIAGE_SPOOL_PATH];
    bool is_read;
    int fd;

    if (!triage_spool_path(file, path, name)) {
        return false;
    }

    fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    is_read = fd >= 0 && triage_spool_read_fd(fd, data, size);
    if (fd >= 0) {
        close(fd);
    }

    return is_read;
}

/* With its lock, or closed and -1 when somebody else has that. */
static int
locked(int fd)
{
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return -1;
    }

    return fd;
}

int
triage_spool_lock(const char *folder, const char *name)
{
    char path[TRIAGE_SPOOL_PATH];

    if (!triage_spool_path(path, folder, name)) {
        return -1;
    }

    return locked(open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW));
}

bool
triage_spool_is_held(const char *path, const char *name)
{
    char file[TRIAGE_SPOOL_PATH];
    bool is_held;
    int fd;

    if (!triage_spool_path(file, path, name)) {
        return false;
    }

    fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    is_held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (fd >= 0) {
        close(fd);
    }

    return is_held;
}


int
triage_spool_lock_drain(const char *path)
{
    return locked(open_drain(path));
}
