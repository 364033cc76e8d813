/*
 * Where the database is, worked out once, while the configuration is read:
 * libpq would look up names, service files and the environment in the middle
 * of a worker's loop, blocking it.
 */
#ifndef TRIAGE_CONNINFO_H
#define TRIAGE_CONNINFO_H

#include "../base/text.h"

typedef struct triage_conninfo_s triage_conninfo_t;

/* Reads a libpq connection string (keywords or URI), with its service file
 * and PG* environment, and looks up the addresses of its hosts: blocks, so
 * never in a worker.  NULL with what is wrong in `error` (no password and no
 * people's words in it). */
triage_conninfo_t *triage_conninfo_read(const char *text, char *error,
                                        size_t size);
void triage_conninfo_free(triage_conninfo_t *conninfo);

/* How many endpoints (host and port) there are: tried in turn. */
size_t triage_conninfo_count(const triage_conninfo_t *conninfo);
/* Arrays for PQconnectStartParams for endpoint i, ending in NULL; owned by
 * the conninfo.  Everything explicit: hostaddr, sslmode, gssencmode=disable,
 * passfile, application_name=triage. */
void triage_conninfo_params(const triage_conninfo_t *conninfo, size_t i,
                            const char *const **keywords,
                            const char *const **values);
/* "host:port" for logs and status. */
const char *triage_conninfo_name(const triage_conninfo_t *conninfo, size_t i);
/* Must the server be writable (target_session_attrs=read-write, primary)? */
bool triage_conninfo_wants_primary(const triage_conninfo_t *conninfo);

#endif
