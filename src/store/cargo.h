/*
 * A segment that is drained, as a whole in memory.  Blocks: see directory.h.
 */
#ifndef TRIAGE_CARGO_H
#define TRIAGE_CARGO_H

#include "directory.h"

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
 * False when that cannot be: it will be drained again. */
TRIAGE_MUST_CHECK bool triage_cargo_remove(triage_cargo_t *cargo,
                                           const char *path, bool is_damaged);
/* Lets go without removing: it will be drained again. */
void triage_cargo_drop(triage_cargo_t *cargo);

#endif
