#include "batch.h"

#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "parcel.h"

/* OIDs of pg_type.dat: they never change. */
enum {
    BOOL_OID = 16,
    BYTEA_OID = 17,
    INT8_OID = 20,
    INT4_OID = 23,
    TEXT_OID = 25,
    JSON_OID = 114,
    FLOAT4_OID = 700,
    TIMESTAMPTZ_OID = 1184
};

static const uint16_t element_types[TRIAGE_COLUMN_COUNT] = {
    [TRIAGE_COLUMN_PLATFORM] = TEXT_OID,
    [TRIAGE_COLUMN_BRAND] = TEXT_OID,
    [TRIAGE_COLUMN_RECEIVED_AT] = TIMESTAMPTZ_OID,
    [TRIAGE_COLUMN_RAW] = BYTEA_OID,
    [TRIAGE_COLUMN_FAILURE] = TEXT_OID,
    [TRIAGE_COLUMN_HEADERS] = TEXT_OID,
    [TRIAGE_COLUMN_DELIVERY] = INT4_OID,
    [TRIAGE_COLUMN_ACCOUNT] = TEXT_OID,
    [TRIAGE_COLUMN_MESSAGE_ID] = TEXT_OID,
    [TRIAGE_COLUMN_EVENT_ID] = TEXT_OID,
    [TRIAGE_COLUMN_THREAD_ID] = TEXT_OID,
    [TRIAGE_COLUMN_PARENT_ID] = TEXT_OID,
    [TRIAGE_COLUMN_AUTHOR_ID] = TEXT_OID,
    [TRIAGE_COLUMN_AUTHOR_NAME] = TEXT_OID,
    [TRIAGE_COLUMN_AUTHOR_HANDLE] = TEXT_OID,
    [TRIAGE_COLUMN_AUTHOR_FOLLOWERS] = INT8_OID,
    [TRIAGE_COLUMN_AUTHOR_VERIFIED] = BOOL_OID,
    [TRIAGE_COLUMN_KIND] = TEXT_OID,
    [TRIAGE_COLUMN_AUDIENCE] = TEXT_OID,
    [TRIAGE_COLUMN_TEXT] = TEXT_OID,
    [TRIAGE_COLUMN_ENGAGEMENT] = JSON_OID,
    [TRIAGE_COLUMN_LANGUAGE] = TEXT_OID,
    [TRIAGE_COLUMN_SENT_AT] = TIMESTAMPTZ_OID,
    [TRIAGE_COLUMN_URGENCY] = FLOAT4_OID,
    [TRIAGE_COLUMN_VISIBILITY] = FLOAT4_OID,
    [TRIAGE_COLUMN_TERMS] = JSON_OID,
    [TRIAGE_COLUMN_QUEUE] = TEXT_OID
};

/* One dimension of `count` elements, counted from 1. */
static void
write_header(char *at, triage_column_t column, size_t count)
{
    triage_put_u32(at, 1);
    triage_put_u32(at + 4, 1); /* there may be nulls */
    triage_put_u32(at + 8, element_types[column]);
    triage_put_u32(at + 12, (uint32_t) count);
    triage_put_u32(at + 16, 1);
}

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

/* Where parcel `parcel` begins in a column; the column's end behind the
 * last. */
static size_t
part_start(const triage_batch_t *batch, size_t parcel, triage_column_t column)
{
    if (parcel == batch->count) {
        return batch->columns[column].len;
    }

    return batch->tickets[parcel].start[column];
}

static size_t
first_message(const triage_batch_t *batch, size_t parcel)
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
    size_t start = part_start(batch, parcel, column);

    return (triage_text_t){ batch->columns[column].data + start,
                            part_start(batch, parcel + 1, column) - start };
}

/* Messages name their delivery by its place in the slice. */
static void
number_deliveries(triage_batch_t *batch, size_t from, size_t count)
{
    size_t parcel, i;

    for (parcel = from; parcel < from + count; parcel++) {
        char *at = batch->columns[TRIAGE_COLUMN_DELIVERY].data
                   + part_start(batch, parcel, TRIAGE_COLUMN_DELIVERY);

        for (i = 0; i < batch->tickets[parcel].message_count; i++) {
            triage_put_u32(at + 8 * i + 4, (uint32_t) (parcel - from + 1));
        }
    }
}

static void
slice_column(triage_batch_t *batch, size_t from, size_t count,
             triage_column_t column, triage_slice_t *slice)
{
    size_t start = part_start(batch, from, column) - TRIAGE_ARRAY_HEADER;
    size_t end = part_start(batch, from + count, column);
    size_t elements = count;
    char *data = batch->columns[column].data + start;

    if (column >= TRIAGE_COLUMN_FIRST_OF_MESSAGE) {
        elements =
            first_message(batch, from + count) - first_message(batch, from);
    }

    write_header(data, column, elements);
    slice->values[column] = data;
    slice->lengths[column] = (int) (end - start);
}

void
triage_batch_slice(triage_batch_t *batch, size_t from, size_t count,
                   triage_slice_t *slice)
{
    triage_column_t column;

    number_deliveries(batch, from, count);
    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        slice_column(batch, from, count, column, slice);
    }
}

static void
add_note(triage_buffer_t *note, triage_text_t text)
{
    char *room = triage_buffer_extend(note, 4);

    if (room != NULL) {
        triage_put_u32(room, (uint32_t) text.len);
        triage_buffer_add(note, text);
    }
}

bool
triage_batch_dead_letter(triage_batch_t *batch, size_t from,
                         const char *failure, triage_slice_t *slice)
{
    triage_column_t column;

    triage_buffer_clear(&batch->note);
    triage_buffer_extend(&batch->note, TRIAGE_ARRAY_HEADER);
    add_note(&batch->note, triage_text_of(failure));
    if (batch->note.has_failed) {
        return false;
    }

    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        if (column < TRIAGE_COLUMN_FIRST_OF_MESSAGE) {
            slice_column(batch, from, 1, column, slice);
        } else {
            /* the parcel's own messages stay as they are: a retry of the
             * note needs no more than a header, before them */
            char *data = batch->columns[column].data
                         + part_start(batch, from, column)
                         - TRIAGE_ARRAY_HEADER;

            write_header(data, column, 0);
            slice->values[column] = data;
            slice->lengths[column] = TRIAGE_ARRAY_HEADER;
        }
    }

    write_header(batch->note.data, TRIAGE_COLUMN_FAILURE, 1);
    slice->values[TRIAGE_COLUMN_FAILURE] = batch->note.data;
    slice->lengths[TRIAGE_COLUMN_FAILURE] = (int) batch->note.len;

    return true;
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

/* --- the answer --------------------------------------------------------- */

/* Elements of a binary int4[] without nulls; -1 when it is none. */
static int64_t
count_ordinals(const char *array, size_t len)
{
    if (len == 12 && triage_get_u32(array) == 0) {
        return 0;
    }

    if (len < TRIAGE_ARRAY_HEADER || triage_get_u32(array) != 1
        || triage_get_u32(array + 8) != INT4_OID
        || (len - TRIAGE_ARRAY_HEADER) / 8 != triage_get_u32(array + 12)
        || (len - TRIAGE_ARRAY_HEADER) % 8 != 0)
    {
        return -1;
    }

    return (int64_t) triage_get_u32(array + 12);
}

static bool
make_flags(triage_batch_t *batch)
{
    char *flags;

    if (batch->duplicates.len > 0) {
        return true;
    }

    flags = triage_buffer_extend(&batch->duplicates, batch->message_count + 1);
    if (flags == NULL) {
        triage_buffer_clear(&batch->duplicates);
        return false;
    }

    memset(flags, false, batch->message_count + 1);

    return true;
}

bool
triage_batch_answer(triage_batch_t *batch, size_t from, const char *ordinals,
                    size_t len)
{
    int64_t count = count_ordinals(ordinals, len);
    size_t first = first_message(batch, from);
    int64_t i;

    if (count < 0 || !make_flags(batch)) {
        return false;
    }

    for (i = 0; i < count; i++) {
        size_t ordinal =
            triage_get_u32(ordinals + TRIAGE_ARRAY_HEADER + 8 * i + 4);

        if (ordinal > 0 && first + ordinal <= batch->message_count) {
            batch->duplicates.data[first + ordinal - 1] = true;
        }
    }

    return true;
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
