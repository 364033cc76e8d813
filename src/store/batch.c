#include "batch.h"

#include <stdlib.h>

#include "network.h"
#include "parcel.h"

/* --- parcels ------------------------------------------------------------ */

/* The columns as they were before the parcel. */
static void
take_back(triage_batch_t *batch, const triage_ticket_t *ticket)
{
    size_t i;

    for (i = 0; i < TRIAGE_COLUMN_COUNT; i++) {
        batch->columns[i].len = ticket->start[i];
        batch->columns[i].has_failed = false;
    }
}

static bool
has_failed(const triage_batch_t *batch)
{
    size_t i;

    for (i = 0; i < TRIAGE_COLUMN_COUNT; i++) {
        if (batch->columns[i].has_failed) {
            return true;
        }
    }

    return false;
}

static void
open_ticket(const triage_batch_t *batch, triage_ticket_t *ticket)
{
    size_t i;

    *ticket =
        (triage_ticket_t){ .message_first = (uint32_t) batch->message_count };
    for (i = 0; i < TRIAGE_COLUMN_COUNT; i++) {
        ticket->start[i] = (uint32_t) batch->columns[i].len;
    }
}

/* The ticket, or NULL where a column failed. */
static triage_ticket_t *
close_ticket(triage_batch_t *batch, triage_ticket_t *ticket)
{
    if (has_failed(batch)) {
        take_back(batch, ticket);
        return NULL;
    }

    batch->count++;
    batch->message_count += ticket->message_count;

    return ticket;
}

triage_ticket_t *
triage_batch_add(triage_batch_t *batch, const triage_parcel_t *parcel)
{
    triage_ticket_t *ticket = &batch->tickets[batch->count];

    if (batch->count == batch->room
        || triage_parcel_size(parcel) > TRIAGE_BATCH_LIMIT
        || triage_batch_size(batch) > TRIAGE_BATCH_LIMIT)
    {
        return NULL;
    }

    open_ticket(batch, ticket);
    ticket->size = (uint32_t) triage_parcel_size(parcel);
    ticket->message_count = (uint32_t) parcel->filing_count;

    triage_parcel_encode(parcel, batch->columns, batch->count + 1);

    return close_ticket(batch, ticket);
}

/* --- batches ------------------------------------------------------------ */

triage_batch_t *
triage_batch_new(size_t room)
{
    triage_batch_t *batch = calloc(1, sizeof(*batch));

    if (batch == NULL) {
        return NULL;
    }

    batch->room = room;
    batch->tickets = malloc(room * sizeof(*batch->tickets));
    if (batch->tickets == NULL || !triage_batch_clear(batch, SIZE_MAX)) {
        triage_batch_free(batch);
        return NULL;
    }

    return batch;
}

void
triage_batch_free(triage_batch_t *batch)
{
    size_t i;

    if (batch == NULL) {
        return;
    }

    for (i = 0; i < TRIAGE_COLUMN_COUNT; i++) {
        triage_buffer_free(&batch->columns[i]);
    }
    triage_buffer_free(&batch->duplicates);
    triage_buffer_free(&batch->note);
    free(batch->tickets);
    free(batch);
}

static size_t
kept_memory(const triage_batch_t *batch)
{
    size_t size = 0;
    size_t i;

    for (i = 0; i < TRIAGE_COLUMN_COUNT; i++) {
        size += batch->columns[i].size;
    }

    return size;
}

bool
triage_batch_clear(triage_batch_t *batch, size_t keep)
{
    bool is_large = kept_memory(batch) > keep;
    size_t i;

    for (i = 0; i < TRIAGE_COLUMN_COUNT; i++) {
        triage_buffer_clear(&batch->columns[i]);
        if (is_large) {
            triage_buffer_free(&batch->columns[i]);
        }
        triage_buffer_extend(&batch->columns[i], TRIAGE_ARRAY_HEADER);
    }

    triage_buffer_clear(&batch->duplicates);
    batch->count = 0;
    batch->message_count = 0;
    batch->settled = 0;
    batch->span = 0;
    batch->is_sealed = false;
    batch->is_drained = false;
    batch->is_suspect = false;
    batch->fault = NULL;
    batch->tries = 0;
    batch->losses = 0;
    batch->charges = 0;
    batch->next = NULL;

    return !has_failed(batch);
}

size_t
triage_batch_size(const triage_batch_t *batch)
{
    size_t size = 0;
    size_t i;

    for (i = 0; i < TRIAGE_COLUMN_COUNT; i++) {
        size += batch->columns[i].len;
    }

    return size;
}

size_t
triage_batch_rows(const triage_batch_t *batch)
{
    return batch->message_count > batch->count ? batch->message_count
                                               : batch->count;
}

size_t
triage_batch_offset(const triage_batch_t *batch, size_t parcel,
                    triage_column_t column)
{
    if (parcel == batch->count) {
        return batch->columns[column].len;
    }

    return batch->tickets[parcel].start[column];
}

size_t
triage_batch_first_message(const triage_batch_t *batch, size_t parcel)
{
    if (parcel == batch->count) {
        return batch->message_count;
    }

    return batch->tickets[parcel].message_first;
}

triage_text_t
triage_batch_part(const triage_batch_t *batch, size_t parcel,
                  triage_column_t column)
{
    size_t start = triage_batch_offset(batch, parcel, column);
    size_t end = triage_batch_offset(batch, parcel + 1, column);

    return (triage_text_t){ batch->columns[column].data + start, end - start };
}

const bool *
triage_batch_duplicates(const triage_batch_t *batch,
                        const triage_ticket_t *ticket)
{
    if (batch->duplicates.len == 0) {
        return NULL;
    }

    return (const bool *) batch->duplicates.data + ticket->message_first;
}

/* --- parts -------------------------------------------------------------- */

/* Elements of a part; -1 when it does not consist of whole ones. */
static int64_t
count_elements(triage_text_t part)
{
    int64_t count = 0;

    while (part.len > 0) {
        uint32_t len;

        if (part.len < 4) {
            return -1;
        }

        len = triage_get_u32(part.data);
        len = len == UINT32_MAX ? 0 : len;
        if (len > part.len - 4) {
            return -1;
        }

        part.data += 4 + len;
        part.len -= 4 + len;
        count++;
    }

    return count;
}

bool
triage_batch_is_parcel(const triage_text_t parts[TRIAGE_COLUMN_COUNT])
{
    int64_t messages = count_elements(parts[TRIAGE_COLUMN_FIRST_OF_MESSAGE]);
    triage_column_t column;

    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        int64_t expected =
            column < TRIAGE_COLUMN_FIRST_OF_MESSAGE ? 1 : messages;

        if (expected < 0 || count_elements(parts[column]) != expected) {
            return false;
        }
    }

    /* ordinals are written over: 4 bytes each, and their length */
    return parts[TRIAGE_COLUMN_DELIVERY].len == (size_t) messages * 8;
}

triage_ticket_t *
triage_batch_add_parts(triage_batch_t *batch,
                       const triage_text_t parts[TRIAGE_COLUMN_COUNT])
{
    triage_ticket_t *ticket = &batch->tickets[batch->count];
    size_t size = 0;
    triage_column_t column;

    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        size += parts[column].len;
    }

    if (batch->count == batch->room || size > TRIAGE_BATCH_LIMIT
        || triage_batch_size(batch) > TRIAGE_BATCH_LIMIT)
    {
        return NULL;
    }

    open_ticket(batch, ticket);
    ticket->size = (uint32_t) size;
    ticket->message_count = (uint32_t) (parts[TRIAGE_COLUMN_DELIVERY].len / 8);
    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        triage_buffer_add(&batch->columns[column], parts[column]);
    }

    return close_ticket(batch, ticket);
}

int64_t
triage_batch_received_at(const triage_batch_t *batch, size_t parcel)
{
    triage_text_t part =
        triage_batch_part(batch, parcel, TRIAGE_COLUMN_RECEIVED_AT);

    if (part.len != 12) {
        return 0;
    }

    return (int64_t) ((uint64_t) triage_get_u32(part.data + 4) << 32
                      | triage_get_u32(part.data + 8))
           + TRIAGE_POSTGRES_EPOCH;
}
