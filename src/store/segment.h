/*
 * The files of the spool.  Everything here may block: it runs in a task's
 * thread, or where nobody waits.
 *
 * A segment is written by one worker, which holds its lock; whoever gets
 * the lock of a segment that nobody writes may drain it, one at a time a
 * directory (the lock of `.drain`).  A segment has its name, NAME.spool,
 * only when it is locked and has its space; before that it is NAME.new and
 * holds nothing.  What cannot be drained is kept as NAME.damaged.
 */
#ifndef TRIAGE_SEGMENT_H
#define TRIAGE_SEGMENT_H

#include <limits.h>

#include "journal.h"

#define TRIAGE_SEGMENT_NAME_MAX 96

typedef enum {
    TRIAGE_SPOOL_OK = 0,
    TRIAGE_SPOOL_FULL,  /* the limit, or the disk's end */
    TRIAGE_SPOOL_FAILED /* the disk, or the directory, refuses */
} triage_spool_result_t;

/* A segment that is written. */
typedef struct {
    int fd; /* -1: none */
    char name[TRIAGE_SEGMENT_NAME_MAX];
    uint64_t generation;
    uint64_t sequence; /* of the last record */
    uint64_t offset;
    uint64_t size; /* what was set aside for it */
} triage_segment_t;

typedef struct {
    const char *path;  /* of the directory */
    uint64_t max_size; /* of all files in it; 0: no limit */
    unsigned worker;
    uint64_t stamp; /* ns since 1970: names the next segment; never goes
                       back */
} triage_spool_place_t;

/* Can the directory be used?  NULL, or why not. */
const char *triage_spool_check(const char *path);
/* Bytes of all segments that wait. */
uint64_t triage_spool_size(const char *path);

/* Writes the unsettled parcels of a batch behind the others, in a new
 * segment where they do not fit, and makes them durable.  Whatever goes
 * wrong closes the segment: what was written before stays good. */
triage_spool_result_t triage_segment_write(triage_segment_t *segment,
                                           triage_spool_place_t *place,
                                           triage_batch_t *const *batches,
                                           size_t count);
/* Gives it to whoever drains. */
void triage_segment_close(triage_segment_t *segment);

/* A segment that is drained, as a whole in memory. */
typedef struct {
    int drain_fd; /* the lock of the directory; -1: none */
    int fd;       /* the lock of the segment */
    char name[TRIAGE_SEGMENT_NAME_MAX];
    char *data;
    size_t size;
} triage_cargo_t;

/* The oldest segment that nobody writes.  False when there is none, when
 * somebody else drains, or when it cannot be read: *why, a literal, then.
 */
bool triage_cargo_load(triage_cargo_t *cargo, const char *path,
                       const char **why);
/* Removes it, or keeps it aside as NAME.damaged, and lets go of the locks.
 */
void triage_cargo_remove(triage_cargo_t *cargo, const char *path,
                         bool is_damaged);
/* Lets go without removing: it will be drained again. */
void triage_cargo_drop(triage_cargo_t *cargo);

/* The names of the files that end so, oldest first.  Free each and the
 * list; NULL without memory, or when the directory cannot be read. */
char **triage_spool_list(const char *path, const char *ending, size_t *count);
void triage_spool_list_free(char **names, size_t count);
/* Does somebody write it, or drain it? */
bool triage_spool_is_held(const char *path, const char *name);
/* Reads a file as a whole; false when it cannot be. */
bool triage_spool_read(const char *path, const char *name, char **data,
                       size_t *size);

#endif
