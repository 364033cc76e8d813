#include "batch.h"

#include <stdlib.h>
#include <string.h>

/* PostgreSQL counts from 2000-01-01, in µs. */
#define POSTGRES_EPOCH (INT64_C(946684800) * TRIAGE_SECOND)
/* Years it can hold; what lies beyond is no time anybody wrote at. */
#define EARLIEST (INT64_C(-62135596800) * TRIAGE_SECOND) /* year 1 */
#define LATEST (INT64_C(253402300800) * TRIAGE_SECOND)   /* year 10000 */

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

static void
write_u32(char *at, uint32_t value)
{
    at[0] = (char) (value >> 24);
    at[1] = (char) (value >> 16);
    at[2] = (char) (value >> 8);
    at[3] = (char) value;
}

static void
write_u64(char *at, uint64_t value)
{
    write_u32(at, (uint32_t) (value >> 32));
    write_u32(at + 4, (uint32_t) value);
}

static uint32_t
read_u32(const char *at)
{
    const unsigned char *byte = (const unsigned char *) at;

    return (uint32_t) byte[0] << 24 | (uint32_t) byte[1] << 16
           | (uint32_t) byte[2] << 8 | byte[3];
}

/* One dimension of `count` elements, counted from 1. */
static void
write_header(char *at, triage_column_t column, size_t count)
{
    write_u32(at, 1);
    write_u32(at + 4, 1); /* there may be nulls */
    write_u32(at + 8, element_types[column]);
    write_u32(at + 12, (uint32_t) count);
    write_u32(at + 16, 1);
}

/* --- elements ----------------------------------------------------------- */

static void
add_null(triage_buffer_t *column)
{
    char *room = triage_buffer_extend(column, 4);

    if (room != NULL) {
        write_u32(room, UINT32_MAX);
    }
}

static void
add_text(triage_buffer_t *column, triage_text_t text)
{
    char *room;

    if (text.data == NULL) {
        add_null(column);
        return;
    }

    room = triage_buffer_extend(column, 4 + text.len);
    if (room != NULL) {
        write_u32(room, (uint32_t) text.len);
        memcpy(room + 4, text.data, text.len);
    }
}

static void
add_u32(triage_buffer_t *column, uint32_t value)
{
    char *room = triage_buffer_extend(column, 8);

    if (room != NULL) {
        write_u32(room, 4);
        write_u32(room + 4, value);
    }
}

static void
add_i64(triage_buffer_t *column, int64_t value)
{
    char *room = triage_buffer_extend(column, 12);

    if (room != NULL) {
        write_u32(room, 8);
        write_u64(room + 4, (uint64_t) value);
    }
}

static void
add_bool(triage_buffer_t *column, bool value)
{
    char *room = triage_buffer_extend(column, 5);

    if (room != NULL) {
        write_u32(room, 1);
        room[4] = value;
    }
}

static void
add_time(triage_buffer_t *column, int64_t time)
{
    if (time < EARLIEST || time >= LATEST) {
        add_null(column); /* NO_TIME is one of these */
        return;
    }

    add_i64(column, time - POSTGRES_EPOCH);
}

static void
add_hundredths(triage_buffer_t *column, int32_t hundredths)
{
    float value = (float) hundredths / 100;
    uint32_t bits;

    memcpy(&bits, &value, sizeof(bits));
    add_u32(column, bits);
}

/* JSON is written in place: the length is known only behind it. */
static void
close_json(triage_buffer_t *column, size_t start)
{
    if (!column->has_failed) {
        write_u32(column->data + start, (uint32_t) (column->len - start - 4));
    }
}

static void
add_engagement(triage_buffer_t *column, const triage_message_t *message)
{
    const struct {
        const char *name;
        int64_t count;
    } engagements[] = { { "likes", message->likes },
                        { "replies", message->replies },
                        { "shares", message->shares },
                        { "stars", message->stars } };
    triage_writer_t writer;
    size_t start = column->len;
    size_t i;

    add_null(column); /* room for the length; stays when nothing is known */
    triage_writer_init(&writer, column);

    for (i = 0; i < sizeof(engagements) / sizeof(engagements[0]); i++) {
        if (engagements[i].count == TRIAGE_UNKNOWN) {
            continue;
        }
        if (column->len == start + 4) {
            triage_write_open(&writer, '{');
        }
        triage_write_name(&writer, engagements[i].name);
        triage_write_number(&writer, engagements[i].count);
    }

    if (column->len > start + 4) {
        triage_write_close(&writer, '}');
        close_json(column, start);
    }
}

static void
add_terms(triage_buffer_t *column, const triage_score_t *score)
{
    triage_writer_t writer;
    size_t start = column->len;

    add_null(column);
    triage_writer_init(&writer, column);
    triage_score_write(score, &writer);
    close_json(column, start);
}

static void
add_followers(triage_buffer_t *column, int64_t followers)
{
    if (followers == TRIAGE_UNKNOWN) {
        add_null(column);
        return;
    }

    add_i64(column, followers);
}

static void
add_verified(triage_buffer_t *column, int64_t verified)
{
    if (verified == TRIAGE_UNKNOWN) {
        add_null(column);
        return;
    }

    add_bool(column, verified != 0);
}

/* --- parcels ------------------------------------------------------------ */

static void
add_delivery(triage_buffer_t *columns, const triage_parcel_t *parcel)
{
    add_text(&columns[TRIAGE_COLUMN_PLATFORM], parcel->platform);
    add_text(&columns[TRIAGE_COLUMN_BRAND], parcel->brand);
    add_time(&columns[TRIAGE_COLUMN_RECEIVED_AT], parcel->received_at);
    add_text(&columns[TRIAGE_COLUMN_RAW], parcel->raw);
    add_text(&columns[TRIAGE_COLUMN_FAILURE], triage_text_of(parcel->failure));
}

static void
add_author(triage_buffer_t *columns, const triage_message_t *message)
{
    add_text(&columns[TRIAGE_COLUMN_AUTHOR_ID], message->author_id);
    add_text(&columns[TRIAGE_COLUMN_AUTHOR_NAME], message->author_name);
    add_text(&columns[TRIAGE_COLUMN_AUTHOR_HANDLE], message->author_handle);
    add_followers(&columns[TRIAGE_COLUMN_AUTHOR_FOLLOWERS],
                  message->author_followers);
    add_verified(&columns[TRIAGE_COLUMN_AUTHOR_VERIFIED],
                 message->author_verified);
}

static void
add_filing(triage_buffer_t *columns, const triage_filing_t *filing,
           size_t ordinal)
{
    const triage_message_t *message = filing->message;

    add_u32(&columns[TRIAGE_COLUMN_DELIVERY], (uint32_t) ordinal);
    add_text(&columns[TRIAGE_COLUMN_ACCOUNT], message->account);
    add_text(&columns[TRIAGE_COLUMN_MESSAGE_ID], message->message_id);
    add_text(&columns[TRIAGE_COLUMN_EVENT_ID], message->event_id);
    add_text(&columns[TRIAGE_COLUMN_THREAD_ID], message->thread_id);
    add_text(&columns[TRIAGE_COLUMN_PARENT_ID], message->parent_id);
    add_author(columns, message);
    add_text(&columns[TRIAGE_COLUMN_KIND],
             triage_text_of(triage_kind_name(message->kind)));
    add_text(&columns[TRIAGE_COLUMN_AUDIENCE],
             triage_text_of(triage_audience_name(message->audience)));
    add_text(&columns[TRIAGE_COLUMN_TEXT], message->text);
    add_engagement(&columns[TRIAGE_COLUMN_ENGAGEMENT], message);
    add_text(&columns[TRIAGE_COLUMN_LANGUAGE], message->language);
    add_time(&columns[TRIAGE_COLUMN_SENT_AT], message->sent_at);
    add_hundredths(&columns[TRIAGE_COLUMN_URGENCY], filing->score.urgency);
    add_hundredths(&columns[TRIAGE_COLUMN_VISIBILITY],
                   filing->score.visibility);
    add_terms(&columns[TRIAGE_COLUMN_TERMS], &filing->score);
    add_text(&columns[TRIAGE_COLUMN_QUEUE],
             filing->queue == NULL ? triage_no_text : filing->queue->name);
}

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
    size_t i;

    if (batch->count == batch->room
        || triage_parcel_size(parcel) > TRIAGE_BATCH_LIMIT
        || triage_batch_size(batch) > TRIAGE_BATCH_LIMIT)
    {
        return NULL;
    }

    open_ticket(batch, ticket);
    ticket->size = (uint32_t) triage_parcel_size(parcel);
    ticket->message_count = (uint32_t) parcel->filing_count;

    add_delivery(batch->columns, parcel);
    for (i = 0; i < parcel->filing_count; i++) {
        add_filing(batch->columns, &parcel->filings[i], batch->count + 1);
    }

    return close_ticket(batch, ticket);
}

static size_t
filing_size(const triage_filing_t *filing)
{
    const triage_message_t *message = filing->message;

    /* fixed columns, lengths, and 64 bytes a term of JSON */
    return 256 + message->account.len + message->message_id.len
           + message->event_id.len + message->thread_id.len
           + message->parent_id.len + message->author_id.len
           + message->author_name.len + message->author_handle.len
           + message->text.len + filing->score.term_count * 64;
}

size_t
triage_parcel_size(const triage_parcel_t *parcel)
{
    size_t size = parcel->platform.len + parcel->brand.len + parcel->raw.len
                  + sizeof(triage_ticket_t);
    size_t i;

    for (i = 0; i < parcel->filing_count; i++) {
        size += filing_size(&parcel->filings[i]);
    }

    return size;
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
    batch->is_noted = false;
    batch->tries = 0;
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
            write_u32(at + 8 * i + 4, (uint32_t) (parcel - from + 1));
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

bool
triage_batch_dead_letter(triage_batch_t *batch, size_t from,
                         const char *failure, triage_slice_t *slice)
{
    triage_column_t column;

    triage_buffer_clear(&batch->note);
    triage_buffer_extend(&batch->note, TRIAGE_ARRAY_HEADER);
    add_text(&batch->note, triage_text_of(failure));
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

        len = read_u32(part.data);
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

    return (int64_t) ((uint64_t) read_u32(part.data + 4) << 32
                      | read_u32(part.data + 8))
           + POSTGRES_EPOCH;
}

/* --- the answer --------------------------------------------------------- */

/* Elements of a binary int4[] without nulls; -1 when it is none. */
static int64_t
count_ordinals(const char *array, size_t len)
{
    if (len == 12 && read_u32(array) == 0) {
        return 0;
    }

    if (len < TRIAGE_ARRAY_HEADER || read_u32(array) != 1
        || read_u32(array + 8) != INT4_OID
        || (len - TRIAGE_ARRAY_HEADER) / 8 != read_u32(array + 12)
        || (len - TRIAGE_ARRAY_HEADER) % 8 != 0)
    {
        return -1;
    }

    return (int64_t) read_u32(array + 12);
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
        size_t ordinal = read_u32(ordinals + TRIAGE_ARRAY_HEADER + 8 * i + 4);

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
