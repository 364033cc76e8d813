/*
 * What a database says of the migrations that were applied to it.
 */
#ifndef TRIAGE_RECORDED_H
#define TRIAGE_RECORDED_H

#include "schema.h"

#include <libpq-fe.h>
#include <stdbool.h>

/* The names that are recorded, to be cleared by the caller; empty where
 * triage was never installed, NULL after a complaint. */
PGresult *triage_recorded_read(PGconn *link);
bool triage_recorded_has(const PGresult *recorded, const char *name);
/* A newer triage was here: to go on could break what it made.  Complains. */
bool triage_recorded_is_too_new(const PGresult *recorded);

/* Is it a migration of this binary? */
bool triage_recorded_is_ours(const char *name);

#endif
