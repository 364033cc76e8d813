/*
 * Parcels on their way to the database: encoded once, when they are put,
 * straight into the binary arrays that triage.ingest takes (slice.h).
 *
 * A column is one growing run of bytes: room for an array header, then
 * (length, bytes) elements.  A parcel's part of each column is contiguous,
 * so what PostgreSQL is sent, a smaller batch that looks for a culprit, and
 * a record of the spool are all slices of the same bytes.
 *
 * Parcels are settled from the front: a slice's header is written over the
 * bytes before it, which belong to parcels that are settled already.
 */
#ifndef TRIAGE_BATCH_H
#define TRIAGE_BATCH_H

#include "../base/buffer.h"
#include "store.h"

/* The parameters of triage.ingest, in its order but for the headers, which
 * are its last. */
typedef enum {
    TRIAGE_COLUMN_PLATFORM = 0, /* an element a delivery */
    TRIAGE_COLUMN_BRAND,
    TRIAGE_COLUMN_RECEIVED_AT,
    TRIAGE_COLUMN_RAW,
    TRIAGE_COLUMN_FAILURE,
    TRIAGE_COLUMN_HEADERS,
    TRIAGE_COLUMN_DELIVERY, /* an element a message */
    TRIAGE_COLUMN_ACCOUNT,
    TRIAGE_COLUMN_MESSAGE_ID,
    TRIAGE_COLUMN_EVENT_ID,
    TRIAGE_COLUMN_THREAD_ID,
    TRIAGE_COLUMN_PARENT_ID,
    TRIAGE_COLUMN_AUTHOR_ID,
    TRIAGE_COLUMN_AUTHOR_NAME,
    TRIAGE_COLUMN_AUTHOR_HANDLE,
    TRIAGE_COLUMN_AUTHOR_FOLLOWERS,
    TRIAGE_COLUMN_AUTHOR_VERIFIED,
    TRIAGE_COLUMN_KIND,
    TRIAGE_COLUMN_AUDIENCE,
    TRIAGE_COLUMN_TEXT,
    TRIAGE_COLUMN_ENGAGEMENT,
    TRIAGE_COLUMN_LANGUAGE,
    TRIAGE_COLUMN_SENT_AT,
    TRIAGE_COLUMN_URGENCY,
    TRIAGE_COLUMN_VISIBILITY,
    TRIAGE_COLUMN_TERMS,
    TRIAGE_COLUMN_QUEUE,
    TRIAGE_COLUMN_COUNT
} triage_column_t;

#define TRIAGE_COLUMN_FIRST_OF_MESSAGE TRIAGE_COLUMN_DELIVERY
#define TRIAGE_ARRAY_HEADER 20
/* PostgreSQL refuses a field of 1 GiB; the whole call must stay below. */
#define TRIAGE_BATCH_LIMIT ((size_t) 512 << 20)

typedef struct triage_batch_s triage_batch_t;

/* A parcel in a batch. */
struct triage_ticket_s {
    triage_stored_pt done; /* NULL: abandoned, or nobody asked */
    void *data;
    uint32_t size; /* of the parcel, as triage_parcel_size tells */
    uint32_t message_first;
    uint32_t message_count;
    uint32_t start[TRIAGE_COLUMN_COUNT]; /* offset in each column */
};

struct triage_batch_s {
    triage_buffer_t columns[TRIAGE_COLUMN_COUNT];
    triage_ticket_t *tickets; /* never moves: tickets are lent out */
    size_t count, room;
    size_t message_count;
    triage_buffer_t duplicates; /* a bool a message, once answered */
    triage_buffer_t note;       /* the failure of a lone dead letter */

    /* How far it got; kept by who files it. */
    size_t settled;    /* parcels, from the front */
    size_t span;       /* parcels of the next slice; 0: all that are left */
    bool is_sealed;    /* was sent once: takes no more parcels */
    bool is_drained;   /* comes from the spool */
    bool is_suspect;   /* the next slices are a parcel each */
    const char *fault; /* the next slice is one parcel as a dead letter, and
                          why: a literal; or NULL */
    unsigned tries;    /* of this slice */
    unsigned losses;   /* of this slice: it was sent and came to nothing */
    unsigned charges;  /* those of a lone parcel that speak against it */
    uint64_t filed;    /* deliveries of the store, at the last loss */
    int64_t queued_at; /* the oldest parcel */
    triage_batch_t *next;
};

/* An empty batch with room for that many parcels; NULL without memory. */
triage_batch_t *triage_batch_new(size_t room);
void triage_batch_free(triage_batch_t *batch);
/* Empty again; keeps its memory unless that is more than `keep` bytes.
 * False without memory: then it must not be used but freed. */
TRIAGE_MUST_CHECK bool triage_batch_clear(triage_batch_t *batch, size_t keep);

/* Bytes of all parcels. */
size_t triage_batch_size(const triage_batch_t *batch);
/* The greater of parcels and messages. */
size_t triage_batch_rows(const triage_batch_t *batch);
/* Bytes that a parcel will take, about; to compare with limits. */
size_t triage_parcel_size(const triage_parcel_t *parcel);

/* Appends a copy.  NULL, and the batch as it was, when there is no room or
 * no memory. */
triage_ticket_t *triage_batch_add(triage_batch_t *batch,
                                  const triage_parcel_t *parcel);

/* One flag a message of the parcel; NULL before an answer. */
const bool *triage_batch_duplicates(const triage_batch_t *batch,
                                    const triage_ticket_t *ticket);

/* The parts of a parcel, from the spool: could triage_batch_add have made
 * them?  Only then may they be added. */
bool triage_batch_is_parcel(const triage_text_t parts[TRIAGE_COLUMN_COUNT]);
triage_ticket_t *
triage_batch_add_parts(triage_batch_t *batch,
                       const triage_text_t parts[TRIAGE_COLUMN_COUNT]);
/* When a parcel was received, µs since 1970; 0 where it has no time. */
int64_t triage_batch_received_at(const triage_batch_t *batch, size_t parcel);

/* Where the parcel's part begins in a column, and which of the batch's
 * messages is its first; the end of all behind the last parcel. */
size_t triage_batch_offset(const triage_batch_t *batch, size_t parcel,
                           triage_column_t column);
size_t triage_batch_first_message(const triage_batch_t *batch, size_t parcel);
/* The part of a column that belongs to a parcel, without the header. */
triage_text_t triage_batch_part(const triage_batch_t *batch, size_t parcel,
                                triage_column_t column);

#endif
