/*
 * Keeps deliveries: in PostgreSQL through triage.ingest, or in the local
 * spool while PostgreSQL cannot take them.
 *
 * Natural batching: while a link is busy, deliveries gather; when it is
 * free, all that gathered go as one batch in one transaction, flushed at the
 * end of the loop's turn.  All the messages of a delivery are in one
 * transaction.  Never blocks, knows no nginx.
 */
#ifndef TRIAGE_STORE_H
#define TRIAGE_STORE_H

#include "../route/filing.h"
#include "../wait/wait.h"
#include "conninfo.h"
#include "loop.h"

typedef struct triage_store_s triage_store_t;
typedef struct triage_ticket_s triage_ticket_t;

typedef enum {
    TRIAGE_COMMIT_LOCAL = 0,
    TRIAGE_COMMIT_ON, /* the default */
    TRIAGE_COMMIT_REMOTE_APPLY
} triage_commit_t;

typedef enum {
    TRIAGE_LINK_DOWN = 0, /* waits for its next try */
    TRIAGE_LINK_CONNECTING,
    TRIAGE_LINK_PREPARING, /* sync, settings, statements */
    TRIAGE_LINK_IDLE,
    TRIAGE_LINK_BUSY
} triage_link_state_t;

#define TRIAGE_LINKS_MAX 8

/* What the store counts.  Written by one worker, read by any: it may lie in
 * shared memory. */
typedef struct {
    uint64_t batches, batch_rows, batch_max;
    uint64_t deliveries, messages, duplicates;
    uint64_t poisoned; /* deliveries that PostgreSQL refused: dead letters */
    uint64_t refused;  /* BUSY or UNAVAILABLE */
    uint64_t reconnects;
    uint64_t timeouts;
    uint64_t backlog_deliveries, backlog_bytes;
    uint64_t commit_us;        /* of the last batch, from send to answer */
    uint64_t spooled, drained; /* deliveries */
    uint64_t spool_bytes; /* of all segments in the directory, whoever wrote
                             them, as last seen: not to be added up */
    uint64_t spool_damaged;
    uint64_t spool_failed; /* 1 while the spool's disk refuses */
    uint64_t links;
    uint64_t link_states[TRIAGE_LINKS_MAX]; /* triage_link_state_t */
} triage_store_stats_t;

typedef struct {
    const triage_conninfo_t *conninfo;
    unsigned links;      /* 1 to TRIAGE_LINKS_MAX */
    uint32_t timeout_ms; /* of a connect, and of a batch: past it the link
                            is dropped and the batch goes elsewhere */
    size_t backlog_max;  /* deliveries that wait, this worker */
    size_t backlog_bytes;
    size_t batch_rows; /* at most 1,024; 256 */
    size_t batch_bytes;
    triage_commit_t commit;
    const char *config; /* JSON for triage.sync, sent once a link */
    /* The spool (NULL: none): a directory of this worker's user. */
    const char *spool_path;
    uint64_t spool_max_size;
    unsigned worker; /* names the spool's segments */
    triage_store_stats_t *stats;
    /* Something an operator should know: `level` as in the enum below,
     * `what` a literal, `detail` names an endpoint, a file or an SQLSTATE
     * (never data), may be NULL. */
    void (*report)(void *context, int level, const char *what,
                   const char *detail);
    void *context;
} triage_store_options_t;

enum {
    TRIAGE_REPORT_INFO,
    TRIAGE_REPORT_WARN,
    TRIAGE_REPORT_ERROR,
    TRIAGE_REPORT_CRIT
};

/* One delivery to keep. */
typedef struct {
    triage_text_t platform;
    triage_text_t brand;
    int64_t received_at;
    triage_text_t raw;     /* the body, kept once */
    triage_text_t headers; /* those that its platform reads, one a line;
                              kept with a dead letter; no text: none */
    const char *failure;   /* a dead letter, and why; or NULL */
    const triage_filing_t *filings;
    size_t filing_count;
} triage_parcel_t;

/* OK: committed (or fsynced in the spool).  `duplicates`: one flag a
 * filing, valid during the call; NULL where it is not known (spool). */
typedef void (*triage_stored_pt)(void *data, triage_outcome_t outcome,
                                 const bool *duplicates);

/* Starts to connect at once.  NULL when out of memory or the spool's
 * directory cannot be used (reported). */
triage_store_t *triage_store_open(const triage_store_options_t *options,
                                  const triage_loop_t *loop);

/* Copies the parcel.  `done` is called once, later, never from inside this
 * call; when this does not return OK (BUSY, UNAVAILABLE, NO_MEMORY), it is
 * never called. */
TRIAGE_MUST_CHECK triage_outcome_t
triage_store_put(triage_store_t *store, const triage_parcel_t *parcel,
                 triage_stored_pt done, void *data, triage_ticket_t **ticket);

/* The client went away: `done` will not be called; the parcel is kept all
 * the same. */
void triage_store_abandon(triage_ticket_t *ticket);

/* Nothing waits and nothing is under way. */
bool triage_store_is_idle(const triage_store_t *store);

/* The worker stops: what is put is still kept and answered, but nothing is
 * drained or replayed any more. */
void triage_store_stop(triage_store_t *store);
/* Closes links and files now.  What waits goes to the spool synchronously
 * where there is one; `done` is not called any more.  What the store had
 * deferred may still be called by the loop afterwards, or never. */
void triage_store_close(triage_store_t *store);

/* A dead letter that an operator wants read again: the store asks the
 * database now and then (triage.replay_next).  `replay` must put the parcel
 * of what it can read (or return the failure) before it returns. */
typedef struct {
    int64_t dead_letter_id;
    triage_text_t platform, brand, raw, headers;
    int64_t received_at;
} triage_dead_letter_t;
/* NULL: read and put; else why it still cannot be read. */
typedef const char *(*triage_replay_pt)(void *context,
                                        const triage_dead_letter_t *letter);
void triage_store_on_replay(triage_store_t *store, triage_replay_pt replay,
                            void *context);

/* From now on the store has the database do what time demands
 * (triage.tick), about once a second, shared with all other stores. */
void triage_store_tick(triage_store_t *store);

#define TRIAGE_WAITS_MAX 64 /* more are not published */

/* Who wants to know the published waits (triage.publish). */
typedef struct {
    /* Asked every few seconds: is it this worker's turn to read them? */
    bool (*is_wanted)(void *context);
    /* The rows, valid during the call. */
    void (*take)(void *context, const triage_wait_t *waits, size_t count);
    void *context;
} triage_waits_reader_t;
void triage_store_on_waits(triage_store_t *store,
                           const triage_waits_reader_t *reader);

#endif
