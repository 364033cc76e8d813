#include "parcel.h"

#include <string.h>

#include "network.h"

/* What lies beyond is no time that anybody wrote at. */
#define EARLIEST (INT64_C(-62135596800) * TRIAGE_SECOND) /* year 1 */
#define LATEST (INT64_C(253402300800) * TRIAGE_SECOND)   /* year 10000 */

static void
add_null(triage_buffer_t *column)
{
    char *room = triage_buffer_extend(column, 4);

    if (room != NULL) {
        triage_put_u32(room, UINT32_MAX);
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
        triage_put_u32(room, (uint32_t) text.len);
        memcpy(room + 4, text.data, text.len);
    }
}

static void
add_u32(triage_buffer_t *column, uint32_t value)
{
    char *room = triage_buffer_extend(column, 8);

    if (room != NULL) {
        triage_put_u32(room, 4);
        triage_put_u32(room + 4, value);
    }
}

static void
add_i64(triage_buffer_t *column, int64_t value)
{
    char *room = triage_buffer_extend(column, 12);

    if (room != NULL) {
        triage_put_u32(room, 8);
        triage_put_u64(room + 4, (uint64_t) value);
    }
}

static void
add_bool(triage_buffer_t *column, bool value)
{
    char *room = triage_buffer_extend(column, 5);

    if (room != NULL) {
        triage_put_u32(room, 1);
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

    add_i64(column, time - TRIAGE_POSTGRES_EPOCH);
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
        triage_put_u32(column->data + start,
                       (uint32_t) (column->len - start - 4));
    }
}

static void
write_rises(triage_writer_t *writer, const triage_filing_t *filing)
{
    size_t i;

    triage_write_name(writer, "rises");
    triage_write_open(writer, '[');
    for (i = 0; i < filing->rise_count; i++) {
        triage_write_open(writer, '{');
        triage_write_name(writer, "visibility");
        triage_write_hundredths(writer, filing->rises[i].visibility);
        triage_write_name(writer, "queue");
        triage_write_text(writer, filing->rises[i].queue->name);
        triage_write_close(writer, '}');
    }
    triage_write_close(writer, ']');
}

static bool
has_engagement(const triage_filing_t *filing)
{
    const triage_message_t *message = filing->message;

    return message->likes != TRIAGE_UNKNOWN
           || message->replies != TRIAGE_UNKNOWN
           || message->shares != TRIAGE_UNKNOWN
           || message->stars != TRIAGE_UNKNOWN || filing->rise_count > 0;
}

/* The counts that are known, and what more of them would lead to. */
static void
add_engagement(triage_buffer_t *column, const triage_filing_t *filing)
{
    const triage_message_t *message = filing->message;
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
    if (!has_engagement(filing)) {
        return;
    }

    triage_writer_init(&writer, column);
    triage_write_open(&writer, '{');
    for (i = 0; i < sizeof(engagements) / sizeof(engagements[0]); i++) {
        if (engagements[i].count != TRIAGE_UNKNOWN) {
            triage_write_name(&writer, engagements[i].name);
            triage_write_number(&writer, engagements[i].count);
        }
    }
    if (filing->rise_count > 0) {
        write_rises(&writer, filing);
    }
    triage_write_close(&writer, '}');
    close_json(column, start);
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

static void
add_delivery(triage_buffer_t *columns, const triage_parcel_t *parcel)
{
    add_text(&columns[TRIAGE_COLUMN_PLATFORM], parcel->platform);
    add_text(&columns[TRIAGE_COLUMN_BRAND], parcel->brand);
    add_time(&columns[TRIAGE_COLUMN_RECEIVED_AT], parcel->received_at);
    add_text(&columns[TRIAGE_COLUMN_RAW], parcel->raw);
    add_text(&columns[TRIAGE_COLUMN_FAILURE], triage_text_of(parcel->failure));
    add_text(&columns[TRIAGE_COLUMN_HEADERS], parcel->headers);
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
    add_engagement(&columns[TRIAGE_COLUMN_ENGAGEMENT], filing);
    add_text(&columns[TRIAGE_COLUMN_LANGUAGE], message->language);
    add_time(&columns[TRIAGE_COLUMN_SENT_AT], message->sent_at);
    add_hundredths(&columns[TRIAGE_COLUMN_URGENCY], filing->score.urgency);
    add_hundredths(&columns[TRIAGE_COLUMN_VISIBILITY],
                   filing->score.visibility);
    add_terms(&columns[TRIAGE_COLUMN_TERMS], &filing->score);
    add_text(&columns[TRIAGE_COLUMN_QUEUE],
             filing->queue == NULL ? triage_no_text : filing->queue->name);
}

void
triage_parcel_encode(const triage_parcel_t *parcel, triage_buffer_t *columns,
                     size_t ordinal)
{
    size_t i;

    add_delivery(columns, parcel);
    for (i = 0; i < parcel->filing_count; i++) {
        add_filing(columns, &parcel->filings[i], ordinal);
    }
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
           + message->text.len + filing->score.term_count * 64
           + filing->rise_count * 128;
}

size_t
triage_parcel_size(const triage_parcel_t *parcel)
{
    size_t size = parcel->platform.len + parcel->brand.len + parcel->raw.len
                  + parcel->headers.len + sizeof(triage_ticket_t);
    size_t i;

    for (i = 0; i < parcel->filing_count; i++) {
        size += filing_size(&parcel->filings[i]);
    }

    return size;
}
