/*
 * All SQL text of the C side.
 *
 * No statement leaves a setting in its session: they hold for its own
 * transaction only, so that a pooler may give every statement another
 * server, and other clients of that server notice nothing.
 */
#ifndef TRIAGE_STATEMENTS_H
#define TRIAGE_STATEMENTS_H

#include "store.h"

typedef struct {
    const char *name; /* when prepared; NULL: never prepared */
    const char *text;
    int parameter_count;
} triage_statement_t;

/* What a new link asks first.  One row: fsync, read-only, in recovery. */
extern const triage_statement_t triage_look_statement;
/* Says that the session wants to hear what is told on our channel. */
extern const triage_statement_t triage_listen_statement;
/* Tells the listeners that somebody did something at a desk. */
extern const triage_statement_t triage_nudge_statement;
/* $1: the configuration, $2: lock_timeout. */
extern const triage_statement_t triage_sync_statement;
/* The columns of a batch, then $28 synchronous_commit and $29
 * lock_timeout.  One row; the int4[] is in its column
 * TRIAGE_INGEST_DUPLICATES. */
extern const triage_statement_t triage_ingest_statement;
#define TRIAGE_INGEST_DUPLICATES 2
/* $1: how many.  Rows: id, platform, brand, µs since 1970, raw, headers. */
extern const triage_statement_t triage_replay_statement;
/* $1: id, $2: null when it was read, else why it still cannot be. */
extern const triage_statement_t triage_replayed_statement;
/* One row: whether there was anything to do. */
extern const triage_statement_t triage_tick_statement;
/* Rows: queue, µs since 1970, then seconds and numbers as int8: p50, p90,
 * target, how many wait, published, held, spikes. */
extern const triage_statement_t triage_publish_statement;

/* The word for synchronous_commit. */
const char *triage_commit_name(triage_commit_t commit);

#endif
