/*
 * A segment that is written.  Blocks: see directory.h.
 */
#ifndef TRIAGE_SEGMENT_H
#define TRIAGE_SEGMENT_H

#include "directory.h"
#include "journal.h"

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
    uint64_t used;  /* by all segments, when one was made: else 0 */
} triage_spool_place_t;

/* Writes the unsettled parcels of a batch behind the others, in a new
 * segment where they do not fit, and makes them durable.  Whatever goes
 * wrong closes the segment: what was written before stays good. */
triage_spool_result_t triage_segment_write(triage_segment_t *segment,
                                           triage_spool_place_t *place,
                                           triage_batch_t *const *batches,
                                           size_t count);
/* Gives it to whoever drains. */
void triage_segment_close(triage_segment_t *segment);

#endif
