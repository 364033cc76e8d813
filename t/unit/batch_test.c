/*
 * The arrays that PostgreSQL is sent: whole, in slices, as a dead letter,
 * and its answer.
 */
#include <string.h>

#include "../../src/store/network.h"
#include "../../src/store/slice.h"
#include "tap.h"

static const triage_queue_t queue = { .name = TRIAGE_TEXT("urgent") };
static const triage_term_t term = { TRIAGE_TEXT("stranded"), 3250, 0 };

static triage_message_t
a_message(const char *id)
{
    return (triage_message_t){ .account = triage_text("page"),
                               .message_id = triage_text_of(id),
                               .author_followers = 7,
                               .author_verified = 1,
                               .kind = TRIAGE_COMMENT,
                               .audience = TRIAGE_PUBLIC,
                               .text = triage_text(""),
                               .likes = 2,
                               .replies = TRIAGE_UNKNOWN,
                               .shares = 0,
                               .stars = TRIAGE_UNKNOWN,
                               .sent_at = 946684800000001 };
}

/* A parcel with `count` messages called id. */
static triage_ticket_t *
add(triage_batch_t *batch, const char *id, size_t count)
{
    triage_message_t message = a_message(id);
    triage_filing_t filings[4];
    triage_parcel_t parcel = { .platform = triage_text("x"),
                               .brand = triage_text("acme"),
                               .received_at = 946684800000000,
                               .raw = triage_text_of(id),
                               .filings = filings,
                               .filing_count = count };
    size_t i;

    for (i = 0; i < count; i++) {
        filings[i] = (triage_filing_t){
            .message = &message,
            .score = { .urgency = 3250, .terms = &term, .term_count = 1 },
            .queue = &queue
        };
    }

    return triage_batch_add(batch, &parcel);
}

/* Element `n` of an array: its length, -1 for null and -2 for none. */
static int64_t
element(const triage_slice_t *slice, triage_column_t column, unsigned n,
        const char **bytes)
{
    const char *at = slice->values[column];
    const char *end = at + slice->lengths[column];
    unsigned i;

    *bytes = NULL;
    if (triage_get_u32(at) != 1 || n >= triage_get_u32(at + 12)) {
        return -2;
    }

    at += TRIAGE_ARRAY_HEADER;
    for (i = 0; at < end; i++) {
        uint32_t len = triage_get_u32(at);

        if (i == n) {
            *bytes = at + 4;
            return len == UINT32_MAX ? -1 : (int64_t) len;
        }
        at += 4 + (len == UINT32_MAX ? 0 : len);
    }

    return -2;
}

static bool
is(const triage_slice_t *slice, triage_column_t column, unsigned n,
   const char *expected)
{
    const char *bytes;
    int64_t len = element(slice, column, n, &bytes);

    return len >= 0 && (size_t) len == strlen(expected)
           && memcmp(bytes, expected, (size_t) len) == 0;
}

static uint32_t
number(const triage_slice_t *slice, triage_column_t column, unsigned n)
{
    const char *bytes;

    return element(slice, column, n, &bytes) == 4 ? triage_get_u32(bytes)
                                                  : UINT32_MAX;
}

/* Do the elements of each array fill it exactly? */
static bool
is_sound(const triage_slice_t *slice)
{
    int column;

    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        const char *at = slice->values[column];
        const char *end = at + slice->lengths[column];
        uint32_t left = triage_get_u32(at + 12);

        for (at += TRIAGE_ARRAY_HEADER; left > 0 && at < end; left--) {
            uint32_t len = triage_get_u32(at);

            at += 4 + (len == UINT32_MAX ? 0 : len);
        }
        if (left != 0 || at != end) {
            return false;
        }
    }

    return true;
}

static void
test_whole(void)
{
    triage_batch_t *batch = triage_batch_new(8);
    triage_slice_t slice;
    const char *bytes;

    add(batch, "a", 1);
    add(batch, "b", 2);
    triage_slice_make(batch, 0, 2, &slice);

    ok(is_sound(&slice), "each array is as long as its elements");
    ok(triage_get_u32(slice.values[TRIAGE_COLUMN_PLATFORM] + 12) == 2
           && triage_get_u32(slice.values[TRIAGE_COLUMN_MESSAGE_ID] + 12) == 3,
       "there is an element a delivery or a message");
    ok(triage_get_u32(slice.values[TRIAGE_COLUMN_RAW] + 8) == 17
           && triage_get_u32(slice.values[TRIAGE_COLUMN_TERMS] + 8) == 114,
       "arrays name the type of their elements");
    ok(is(&slice, TRIAGE_COLUMN_PLATFORM, 1, "x")
           && is(&slice, TRIAGE_COLUMN_RAW, 1, "b")
           && is(&slice, TRIAGE_COLUMN_MESSAGE_ID, 2, "b")
           && is(&slice, TRIAGE_COLUMN_KIND, 0, "comment")
           && is(&slice, TRIAGE_COLUMN_AUDIENCE, 0, "public")
           && is(&slice, TRIAGE_COLUMN_QUEUE, 0, "urgent"),
       "texts are there");
    ok(number(&slice, TRIAGE_COLUMN_DELIVERY, 0) == 1
           && number(&slice, TRIAGE_COLUMN_DELIVERY, 2) == 2,
       "messages name their delivery");
    ok(is(&slice, TRIAGE_COLUMN_TEXT, 0, ""), "an empty text is no null");
    ok(element(&slice, TRIAGE_COLUMN_EVENT_ID, 0, &bytes) == -1
           && element(&slice, TRIAGE_COLUMN_FAILURE, 0, &bytes) == -1,
       "what is absent is null");
    ok(is(&slice, TRIAGE_COLUMN_ENGAGEMENT, 0, "{\"likes\":2,\"shares\":0}"),
       "known counts are engagement");
    ok(number(&slice, TRIAGE_COLUMN_URGENCY, 0) == 0x42020000,
       "urgency is a real: 32.5");
    ok(element(&slice, TRIAGE_COLUMN_SENT_AT, 0, &bytes) == 8
           && memcmp(bytes, "\0\0\0\0\0\0\0\1", 8) == 0,
       "times count from 2000");
    triage_batch_free(batch);
}

static void
test_unknown(void)
{
    triage_batch_t *batch = triage_batch_new(1);
    triage_message_t message = a_message("a");
    triage_filing_t filing = { .message = &message };
    triage_queue_t crisis = { .name = triage_text("crisis") };
    triage_rise_t rise = { 6000, &crisis };
    triage_parcel_t parcel = { .platform = triage_text("x"),
                               .raw = triage_text("r"),
                               .filings = &filing,
                               .filing_count = 1 };
    triage_slice_t slice;
    const char *bytes;

    message.author_followers = TRIAGE_UNKNOWN;
    message.author_verified = TRIAGE_UNKNOWN;
    message.likes = message.shares = TRIAGE_UNKNOWN;
    message.sent_at = TRIAGE_NO_TIME;
    ok(triage_batch_add(batch, &parcel) != NULL, "nothing has to be known");
    triage_slice_make(batch, 0, 1, &slice);
    ok(element(&slice, TRIAGE_COLUMN_AUTHOR_FOLLOWERS, 0, &bytes) == -1
           && element(&slice, TRIAGE_COLUMN_AUTHOR_VERIFIED, 0, &bytes) == -1
           && element(&slice, TRIAGE_COLUMN_ENGAGEMENT, 0, &bytes) == -1
           && element(&slice, TRIAGE_COLUMN_SENT_AT, 0, &bytes) == -1
           && element(&slice, TRIAGE_COLUMN_QUEUE, 0, &bytes) == -1,
       "what is unknown is null");
    ok(is(&slice, TRIAGE_COLUMN_TERMS, 0,
          "{\"urgency\":{},\"visibility\":{}}"),
       "no terms are empty sides");
    filing.rises = &rise;
    filing.rise_count = 1;
    triage_batch_free(batch);
    batch = triage_batch_new(1);
    ok(triage_batch_add(batch, &parcel) != NULL, "a message that may rise");
    triage_slice_make(batch, 0, 1, &slice);
    ok(is(&slice, TRIAGE_COLUMN_ENGAGEMENT, 0,
          "{\"rises\":[{\"visibility\":60,\"queue\":\"crisis\"}]}"),
       "says where to");
    ok(triage_batch_add(batch, &parcel) == NULL, "a batch has its limit");
    triage_batch_free(batch);
}

static void
test_slices(void)
{
    triage_batch_t *batch = triage_batch_new(8);
    triage_slice_t slice;

    add(batch, "a", 1);
    add(batch, "b", 0);
    add(batch, "c", 2);
    add(batch, "d", 3);

    triage_slice_make(batch, 0, 1, &slice);
    ok(is_sound(&slice) && is(&slice, TRIAGE_COLUMN_RAW, 0, "a")
           && triage_get_u32(slice.values[TRIAGE_COLUMN_RAW] + 12) == 1,
       "the first alone");
    triage_slice_make(batch, 1, 1, &slice);
    ok(is_sound(&slice) && is(&slice, TRIAGE_COLUMN_RAW, 0, "b")
           && triage_get_u32(slice.values[TRIAGE_COLUMN_TEXT] + 12) == 0,
       "one without messages");
    triage_slice_make(batch, 2, 2, &slice);
    ok(is_sound(&slice) && is(&slice, TRIAGE_COLUMN_RAW, 0, "c")
           && is(&slice, TRIAGE_COLUMN_MESSAGE_ID, 4, "d")
           && number(&slice, TRIAGE_COLUMN_DELIVERY, 0) == 1
           && number(&slice, TRIAGE_COLUMN_DELIVERY, 4) == 2,
       "the rest, numbered from 1");
    ok(triage_slice_dead_letter(batch, 2, "refused", &slice)
           && is_sound(&slice) && is(&slice, TRIAGE_COLUMN_RAW, 0, "c")
           && is(&slice, TRIAGE_COLUMN_FAILURE, 0, "refused")
           && triage_get_u32(slice.values[TRIAGE_COLUMN_TEXT] + 12) == 0,
       "one as a dead letter has no messages");
    triage_slice_make(batch, 3, 1, &slice);
    ok(is_sound(&slice) && is(&slice, TRIAGE_COLUMN_MESSAGE_ID, 2, "d"),
       "and the next one is whole");
    triage_batch_free(batch);
}

static void
test_answer(void)
{
    static const char none[12] = "\0\0\0\0\0\0\0\0\0\0\0\x17";
    triage_batch_t *batch = triage_batch_new(8);
    triage_ticket_t *first = add(batch, "a", 2);
    triage_ticket_t *second = add(batch, "b", 3);
    char array[TRIAGE_ARRAY_HEADER + 16] = { 0 };
    const bool *flags;
    size_t len;
    bool is_fooled = false;

    ok(triage_batch_duplicates(batch, first) == NULL, "no answer, no flags");
    ok(triage_slice_answered(batch, 0, none, sizeof(none)),
       "none, as an array");
    flags = triage_batch_duplicates(batch, first);
    ok(!flags[0] && !flags[1], "then none is a duplicate");

    triage_put_u32(array, 1);
    triage_put_u32(array + 8, 23);
    triage_put_u32(array + 12, 2);
    triage_put_u32(array + 16, 1);
    triage_put_u32(array + 20, 4);
    triage_put_u32(array + 24, 2);
    triage_put_u32(array + 28, 4);
    triage_put_u32(array + 32, INT32_MAX); /* of no message of ours */
    ok(triage_slice_answered(batch, 1, array, sizeof(array)), "an array");
    flags = triage_batch_duplicates(batch, second);
    ok(!flags[0] && flags[1] && !flags[2],
       "its ordinals count from the slice's first message");
    for (len = 0; len < sizeof(array); len++) {
        is_fooled |= triage_slice_answered(batch, 0, array, len);
    }
    ok(!is_fooled, "an array that was cut off is none");
    triage_batch_free(batch);
}

/* From a spool whose bytes are good, and whose arrays are not ours. */
static void
test_parts(void)
{
    triage_batch_t *batch = triage_batch_new(2);
    triage_text_t parts[TRIAGE_COLUMN_COUNT];
    triage_column_t column;

    add(batch, "a", 1);
    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        parts[column] = triage_batch_part(batch, 0, column);
    }
    ok(triage_batch_is_parcel(parts), "the parts of a parcel are one");

    parts[TRIAGE_COLUMN_DELIVERY] = triage_text("\xff\xff\xff\xff");
    ok(!triage_batch_is_parcel(parts), "but not where a number is null");

    parts[TRIAGE_COLUMN_DELIVERY] =
        triage_batch_part(batch, 0, TRIAGE_COLUMN_DELIVERY);
    parts[TRIAGE_COLUMN_RAW] = triage_text("\0\0\0\1a\0\0\0\1b");
    ok(!triage_batch_is_parcel(parts), "nor with two bodies");

    parts[TRIAGE_COLUMN_RAW] = triage_text("\0\0\0\2a");
    ok(!triage_batch_is_parcel(parts), "nor with one that ends too early");
    triage_batch_free(batch);
}

static void
test_again(void)
{
    triage_batch_t *batch = triage_batch_new(2);
    triage_slice_t slice;

    add(batch, "a", 1);
    ok(triage_batch_clear(batch, 0) && triage_batch_rows(batch) == 0,
       "a batch can be cleared");
    add(batch, "b", 1);
    triage_slice_make(batch, 0, 1, &slice);
    ok(is_sound(&slice) && is(&slice, TRIAGE_COLUMN_RAW, 0, "b"),
       "and used again");
    triage_batch_free(batch);
}

int
main(void)
{
    test_whole();
    test_unknown();
    test_slices();
    test_answer();
    test_parts();
    test_again();

    return done_testing();
}
