#include "segment.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A segment's usual size; less where the limit is small. */
enum { SEGMENT_SIZE = 16 << 20, SEGMENT_SIZE_MIN = 64 << 10 };
/* No file that is read is larger than what one parcel can need. */
#define READ_MAX (TRIAGE_BATCH_LIMIT + SEGMENT_SIZE)

enum { PATH_SIZE = PATH_MAX };

static bool
make_path(char *path, const char *folder, const char *name)
{
    int len = snprintf(path, PATH_SIZE, "%s/%s", folder, name);

    return len > 0 && len < PATH_SIZE;
}

static bool
ends_with(const char *name, const char *ending)
{
    return triage_text_ends(triage_text_of(name), triage_text_of(ending));
}

/* --- the directory ------------------------------------------------------ */

/* The file whose lock says who drains.  Root, who runs the command line,
 * leaves it to the directory's owner: the workers have to open it too. */
static int
open_drain(const char *path)
{
    char file[PATH_SIZE];
    struct stat status;
    int fd;

    if (!make_path(file, path, ".drain")) {
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

static uint64_t
sum_sizes(const char *path, const char *ending)
{
    size_t count;
    char **names = triage_spool_list(path, ending, &count);
    uint64_t size = 0;
    size_t i;

    for (i = 0; names != NULL && i < count; i++) {
        char file[PATH_SIZE];
        struct stat status;

        if (make_path(file, path, names[i]) && lstat(file, &status) == 0) {
            size += (uint64_t) status.st_size;
        }
    }
    if (names != NULL) {
        triage_spool_list_free(names, count);
    }

    return size;
}

uint64_t
triage_spool_size(const char *path)
{
    return sum_sizes(path, ".spool");
}

/* A name is durable when its directory is. */
static bool
sync_folder(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool is_synced = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) {
        close(fd);
    }

    return is_synced;
}

/* --- writing ------------------------------------------------------------ */

static triage_spool_result_t
result_of(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG
               ? TRIAGE_SPOOL_FULL
               : TRIAGE_SPOOL_FAILED;
}

void
triage_segment_close(triage_segment_t *segment)
{
    if (segment->fd >= 0) {
        /* the space behind is given back; if not, it reads as zeros */
        if (ftruncate(segment->fd, (off_t) segment->offset) != 0) {
            segment->size = 0;
        }
        close(segment->fd);
    }
    segment->fd = -1;
}

static uint64_t
segment_size(const triage_spool_place_t *place, uint64_t needed)
{
    uint64_t size = SEGMENT_SIZE;

    if (place->max_size > 0 && place->max_size / 8 < size) {
        size = place->max_size / 8;
        size = size < SEGMENT_SIZE_MIN ? SEGMENT_SIZE_MIN : size;
    }

    return needed > size ? needed : size;
}

/* From NAME.new, locked and with all its space, to NAME.spool. */
static triage_spool_result_t
prepare(triage_segment_t *segment, const triage_spool_place_t *place,
        const char *new_path)
{
    char path[PATH_SIZE];
    int error;

    if (flock(segment->fd, LOCK_EX | LOCK_NB) != 0) {
        return TRIAGE_SPOOL_FAILED; /* somebody tidies it up */
    }

    error = posix_fallocate(segment->fd, 0, (off_t) segment->size);
    if (error != 0) {
        return result_of(error);
    }

    if (fsync(segment->fd) != 0 || !make_path(path, place->path, segment->name)
        || rename(new_path, path) != 0 || !sync_folder(place->path))
    {
        return result_of(errno);
    }

    return TRIAGE_SPOOL_OK;
}

static triage_spool_result_t
create(triage_segment_t *segment, triage_spool_place_t *place, uint64_t needed)
{
    triage_spool_result_t result;
    char name[TRIAGE_SEGMENT_NAME_MAX];
    char path[PATH_SIZE];
    uint64_t size = segment_size(place, needed);

    if (place->max_size > 0
        && triage_spool_size(place->path) + sum_sizes(place->path, ".damaged")
                   + size
               > place->max_size)
    {
        return TRIAGE_SPOOL_FULL;
    }

    *segment = (triage_segment_t){ .fd = -1,
                                   .generation = ++place->stamp,
                                   .size = size };
    snprintf(name, sizeof(name), "%020" PRIu64 "-%u-%ld.new",
             segment->generation, place->worker, (long) getpid());
    snprintf(segment->name, sizeof(segment->name),
             "%020" PRIu64 "-%u-%ld.spool", segment->generation, place->worker,
             (long) getpid());
    if (!make_path(path, place->path, name)) {
        return TRIAGE_SPOOL_FAILED;
    }

    segment->fd =
        open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (segment->fd < 0) {
        return result_of(errno);
    }

    result = prepare(segment, place, path);
    if (result != TRIAGE_SPOOL_OK) {
        unlink(path);
        close(segment->fd);
        segment->fd = -1;
    }

    return result;
}

static triage_spool_result_t
write_all(triage_segment_t *segment, const triage_buffer_t *buffer)
{
    size_t written = 0;

    while (written < buffer->len) {
        ssize_t len =
            pwrite(segment->fd, buffer->data + written, buffer->len - written,
                   (off_t) (segment->offset + written));

        if (len < 0 && errno == EINTR) {
            continue;
        }
        if (len <= 0) {
            return result_of(errno);
        }
        written += (size_t) len;
    }

    /* never tried again: after an error the pages are gone, and a second
     * call would say that all is well */
    if (fdatasync(segment->fd) != 0) {
        return TRIAGE_SPOOL_FAILED;
    }

    segment->offset += buffer->len;

    return TRIAGE_SPOOL_OK;
}

static uint64_t
size_of(triage_batch_t *const *batches, size_t count)
{
    uint64_t size = 0;
    size_t i, parcel;

    for (i = 0; i < count; i++) {
        for (parcel = batches[i]->settled; parcel < batches[i]->count;
             parcel++) {
            size += triage_record_size(batches[i], parcel);
        }
    }

    return size;
}

/* Behind a failed write there may be a torn record: nothing can follow. */
static void
abandon(triage_segment_t *segment)
{
    close(segment->fd);
    segment->fd = -1;
}

triage_spool_result_t
triage_segment_write(triage_segment_t *segment, triage_spool_place_t *place,
                     triage_batch_t *const *batches, size_t count)
{
    uint64_t size = size_of(batches, count);
    triage_buffer_t buffer = { 0 };
    triage_spool_result_t result = TRIAGE_SPOOL_OK;
    uint64_t sequence;
    size_t i, parcel;

    if (segment->fd >= 0 && segment->size - segment->offset < size) {
        triage_segment_close(segment);
    }
    if (segment->fd < 0) {
        result = create(segment, place, size);
    }
    if (segment->fd < 0 && result == TRIAGE_SPOOL_FAILED) {
        result = create(segment, place, size); /* it was tidied up */
    }
    if (result != TRIAGE_SPOOL_OK) {
        return result;
    }

    sequence = segment->sequence;
    for (i = 0; i < count; i++) {
        for (parcel = batches[i]->settled; parcel < batches[i]->count;
             parcel++) {
            triage_record_write(&buffer, batches[i], parcel,
                                segment->generation, ++sequence);
        }
    }

    if (buffer.has_failed) {
        triage_buffer_free(&buffer);
        return TRIAGE_SPOOL_FAILED; /* nothing was written */
    }

    result = write_all(segment, &buffer);
    triage_buffer_free(&buffer);
    if (result != TRIAGE_SPOOL_OK) {
        abandon(segment);
        return result;
    }

    segment->sequence = sequence;

    return TRIAGE_SPOOL_OK;
}

/* --- draining ----------------------------------------------------------- */

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

static bool
read_file(int fd, char **data, size_t *size)
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
    char file[PATH_SIZE];
    bool is_read;
    int fd;

    if (!make_path(file, path, name)) {
        return false;
    }

    fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    is_read = fd >= 0 && read_file(fd, data, size);
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

static int
lock(const char *folder, const char *name)
{
    char path[PATH_SIZE];

    if (!make_path(path, folder, name)) {
        return -1;
    }

    return locked(open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW));
}

bool
triage_spool_is_held(const char *path, const char *name)
{
    char file[PATH_SIZE];
    bool is_held;
    int fd;

    if (!make_path(file, path, name)) {
        return false;
    }

    fd = open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    is_held = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) != 0;
    if (fd >= 0) {
        close(fd);
    }

    return is_held;
}

/* What a worker left behind that died while it made a segment. */
static void
tidy_up(const char *path)
{
    size_t count;
    char **names = triage_spool_list(path, ".new", &count);
    size_t i;

    for (i = 0; names != NULL && i < count; i++) {
        int fd = lock(path, names[i]);
        char file[PATH_SIZE];

        if (fd >= 0) {
            if (make_path(file, path, names[i])) {
                unlink(file);
            }
            close(fd);
        }
    }
    if (names != NULL) {
        triage_spool_list_free(names, count);
    }
}

static bool
load_one(triage_cargo_t *cargo, const char *path, const char *name,
         const char **why)
{
    cargo->fd = lock(path, name);
    if (cargo->fd < 0) {
        return false;
    }

    snprintf(cargo->name, sizeof(cargo->name), "%s", name);
    if (!read_file(cargo->fd, &cargo->data, &cargo->size)) {
        *why = "a segment of the spool cannot be read";
        close(cargo->fd);
        cargo->fd = -1;
        return false;
    }

    return true;
}

bool
triage_cargo_load(triage_cargo_t *cargo, const char *path, const char **why)
{
    char **names;
    size_t count = 0;
    size_t i;
    bool is_loaded = false;

    *why = NULL;
    *cargo = (triage_cargo_t){ .fd = -1 };
    cargo->drain_fd = locked(open_drain(path));
    if (cargo->drain_fd < 0) {
        return false;
    }

    tidy_up(path);
    names = triage_spool_list(path, ".spool", &count);
    for (i = 0; names != NULL && i < count && !is_loaded; i++) {
        is_loaded = load_one(cargo, path, names[i], why);
    }
    if (names != NULL) {
        triage_spool_list_free(names, count);
    }

    if (!is_loaded) {
        triage_cargo_drop(cargo);
    }

    return is_loaded;
}

void
triage_cargo_drop(triage_cargo_t *cargo)
{
    free(cargo->data);
    if (cargo->fd >= 0) {
        close(cargo->fd);
    }
    if (cargo->drain_fd >= 0) {
        close(cargo->drain_fd);
    }
    *cargo = (triage_cargo_t){ .fd = -1, .drain_fd = -1 };
}

void
triage_cargo_remove(triage_cargo_t *cargo, const char *path, bool is_damaged)
{
    char file[PATH_SIZE];
    char aside[PATH_SIZE];
    char name[TRIAGE_SEGMENT_NAME_MAX + 16];
    size_t stem = strlen(cargo->name) - strlen(".spool");

    snprintf(name, sizeof(name), "%.*s.damaged", (int) stem, cargo->name);
    if (make_path(file, path, cargo->name) && make_path(aside, path, name)) {
        if (is_damaged) {
            (void) rename(file, aside); /* else it is drained again */
        } else {
            unlink(file);
        }
    }

    triage_cargo_drop(cargo);
}
