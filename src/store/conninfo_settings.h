/*
 * What a connection string says, and what holds where it says nothing: the
 * service, the PG* environment, libpq's own defaults.
 */
#ifndef TRIAGE_CONNINFO_SETTINGS_H
#define TRIAGE_CONNINFO_SETTINGS_H

#include <libpq-fe.h>

#include "../base/text.h"

typedef struct {
    PQconninfoOption *written;
    PQconninfoOption *defaults;
} triage_conninfo_settings_t;

/* Where a reader says what is wrong. */
typedef struct {
    char *text;
    size_t size;
} triage_complaint_t;

/* `what`, and `word` (or NULL) quoted behind it.  Always false. */
bool triage_conninfo_complain(const triage_complaint_t *complaint,
                              const char *what, const char *word);

/* Reads files and the environment, so never in a worker; sets PGSERVICE for
 * a moment.  False with a complaint, in which there is no password; to be
 * freed even then. */
TRIAGE_MUST_CHECK bool
triage_conninfo_settings_read(triage_conninfo_settings_t *settings,
                              const char *text,
                              const triage_complaint_t *complaint);
void triage_conninfo_settings_free(triage_conninfo_settings_t *settings);

/* NULL where it is empty or not set; owned by the settings. */
const char *triage_conninfo_setting(const triage_conninfo_settings_t *settings,
                                    const char *keyword);

#endif
