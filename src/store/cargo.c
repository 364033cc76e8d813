#include "cargo.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a worker left behind that died while it made a segment. */
static void
tidy_up(const char *path)
{
    size_t count;
    char **names = triage_spool_list(path, ".new", &count);
    size_t i;

    for (i = 0; names != NULL && i < count; i++) {
        int fd = triage_spool_lock(path, names[i]);
        char file[TRIAGE_SPOOL_PATH];

        if (fd >= 0) {
            if (triage_spool_path(file, path, names[i])) {
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
    cargo->fd = triage_spool_lock(path, name);
    if (cargo->fd < 0) {
        return false;
    }

    snprintf(cargo->name, sizeof(cargo->name), "%s", name);
    if (!triage_spool_read_fd(cargo->fd, &cargo->data, &cargo->size)) {
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
    cargo->drain_fd = triage_spool_lock_drain(path);
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

bool
triage_cargo_remove(triage_cargo_t *cargo, const char *path, bool is_damaged)
{
    bool is_gone = false;
    char file[TRIAGE_SPOOL_PATH];
    char aside[TRIAGE_SPOOL_PATH];
    char name[TRIAGE_SEGMENT_NAME_MAX + 16];
    size_t stem = strlen(cargo->name) - strlen(".spool");

    snprintf(name, sizeof(name), "%.*s.damaged", (int) stem, cargo->name);
    if (triage_spool_path(file, path, cargo->name)
        && triage_spool_path(aside, path, name))
    {
        is_gone = (is_damaged ? rename(file, aside) : unlink(file)) == 0
                  || errno == ENOENT; /* somebody else has */
    }

    triage_cargo_drop(cargo);

    return is_gone;
}
