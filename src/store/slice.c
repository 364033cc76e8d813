#include "slice.h"

#include <string.h>

#include "network.h"

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

/* Messages name their delivery by its place in the slice. */
static void
number_deliveries(triage_batch_t *batch, size_t from, size_t count)
{
    size_t parcel, i;

    for (parcel = from; parcel < from + count; parcel++) {
        char *at =
            batch->columns[TRIAGE_COLUMN_DELIVERY].data
            + triage_batch_offset(batch, parcel, TRIAGE_COLUMN_DELIVERY);

        for (i = 0; i < batch->tickets[parcel].message_count; i++) {
            triage_put_u32(at + 8 * i + 4, (uint32_t) (parcel - from + 1));
        }
    }
}

static void
slice_column(triage_batch_t *batch, size_t from, size_t count,
             triage_column_t column, triage_slice_t *slice)
{
    size_t start =
        triage_batch_offset(batch, from, column) - TRIAGE_ARRAY_HEADER;
    size_t end = triage_batch_offset(batch, from + count, column);
    size_t elements = count;
    char *data = batch->columns[column].data + start;

    if (column >= TRIAGE_COLUMN_FIRST_OF_MESSAGE) {
        elements = triage_batch_first_message(batch, from + count)
                   - triage_batch_first_message(batch, from);
    }

    write_header(data, column, elements);
    slice->values[column] = data;
    slice->lengths[column] = (int) (end - start);
}

void
triage_slice_make(triage_batch_t *batch, size_t from, size_t count,
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
triage_slice_dead_letter(triage_batch_t *batch, size_t from,
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
                         + triage_batch_offset(batch, from, column)
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
triage_slice_answered(triage_batch_t *batch, size_t from, const char *ordinals,
                      size_t len)
{
    int64_t count = count_ordinals(ordinals, len);
    size_t first = triage_batch_first_message(batch, from);
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
