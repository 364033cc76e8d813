#include "segment.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

/* A segment's usual size; less where the limit is small. */
enum { SEGMENT_SIZE = 16 << 20, SEGMENT_SIZE_MIN = 64 << 10 };

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

static triage_spool_result_t
result_of(int error)
{
    return error == ENOSPC || error == EDQUOT || error == EFBIG
               ? TRIAGE_SPOOL_FULL
               : TRIAGE_SPOOL_FAILED;
}

/* So that a last record that is damaged does not pass for one that was cut
 * off.  Nobody waits for it: it is not synced, and not missed on a full
 * disk. */
static void
seal(triage_segment_t *segment)
{
    char seal[TRIAGE_RECORD_HEADER];

    triage_record_seal(seal, segment->generation, segment->sequence);
    if (pwrite(segment->fd, seal, sizeof(seal), (off_t) segment->offset)
        == (ssize_t) sizeof(seal))
    {
        segment->offset += sizeof(seal);
    }
}

void
triage_segment_close(triage_segment_t *segment)
{
    if (segment->fd >= 0) {
        seal(segment);
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
    char path[TRIAGE_SPOOL_PATH];
    int error;

    if (flock(segment->fd, LOCK_EX | LOCK_NB) != 0) {
        return TRIAGE_SPOOL_FAILED; /* somebody tidies it up */
    }

    error = posix_fallocate(segment->fd, 0, (off_t) segment->size);
    if (error != 0) {
        return result_of(error);
    }

    if (fsync(segment->fd) != 0
        || !triage_spool_path(path, place->path, segment->name)
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
    char path[TRIAGE_SPOOL_PATH];
    uint64_t size = segment_size(place, needed);

    if (place->max_size > 0
        && triage_spool_size(place->path, ".spool")
                   + triage_spool_size(place->path, ".damaged") + size
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
    if (!triage_spool_path(path, place->path, name)) {
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
        return result;
    }

    place->used = triage_spool_size(place->path, ".spool");

    return TRIAGE_SPOOL_OK;
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
