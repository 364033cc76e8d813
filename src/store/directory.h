/*
 * The spool's directory: what is in it, and its locks.  Everything here may
 * block: it runs in a task's thread, or where nobody waits.
 *
 * A segment is written by one worker, which holds its lock; whoever gets
 * the lock of a segment that nobody writes may drain it, one at a time a
 * directory (the lock of `.drain`).  A segment has its name, NAME.spool,
 * only when it is locked and has its space; before that it is NAME.new and
 * holds nothing.  What cannot be drained is kept as NAME.damaged.
 */
#ifndef TRIAGE_DIRECTORY_H
#define TRIAGE_DIRECTORY_H

#include <limits.h>

#include "../base/text.h"

#define TRIAGE_SEGMENT_NAME_MAX 96
#define TRIAGE_SPOOL_PATH PATH_MAX

/* Can the directory be used?  NULL, or why not: a literal. */
const char *triage_spool_check(const char *path);
/* Bytes of all files that end so. */
uint64_t triage_spool_size(const char *path, const char *ending);
/* The names of the files that end so, oldest first, for
 * triage_spool_list_free.  NULL without memory, or when the directory cannot
 * be read. */
char **triage_spool_list(const char *path, const char *ending, size_t *count);
void triage_spool_list_free(char **names, size_t count);

/* The path of a file, TRIAGE_SPOOL_PATH bytes; false when it is too long. */
bool triage_spool_path(char *path, const char *folder, const char *name);
/* A descriptor that holds the lock of a file, or of the right to drain; -1
 * when somebody else has it.  Closing it lets go. */
int triage_spool_lock(const char *folder, const char *name);
int triage_spool_lock_drain(const char *path);
/* Does somebody write it, or drain it? */
bool triage_spool_is_held(const char *path, const char *name);

/* A file as a whole, on the heap; false when it cannot be read. */
bool triage_spool_read_fd(int fd, char **data, size_t *size);
bool triage_spool_read(const char *path, const char *name, char **data,
                       size_t *size);

#endif
