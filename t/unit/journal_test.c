/*
 * Records of the spool: what was written is read, a segment that was cut
 * off anywhere gives what is whole, and no bit that flipped goes unnoticed.
 */
#include <stdlib.h>
#include <string.h>

#include "../../src/store/crc32c.h"
#include "../../src/store/journal.h"
#include "tap.h"

enum { RECORDS = 5 };

static triage_buffer_t segment;
static size_t ends[RECORDS + 1]; /* where each record ends */
static size_t paid[RECORDS + 1]; /* where its payload ends */

static triage_batch_t *
make_batch(void)
{
    static const char *const raws[RECORDS] = { "a", "bb", "", "dddd", "e" };
    triage_batch_t *batch = triage_batch_new(RECORDS);
    size_t i;

    for (i = 0; i < RECORDS; i++) {
        triage_message_t message = { .message_id = triage_text_of(raws[i]),
                                     .author_followers = TRIAGE_UNKNOWN,
                                     .kind = TRIAGE_COMMENT,
                                     .sent_at = 1700000000000000 };
        triage_filing_t filings[2] = { { .message = &message },
                                       { .message = &message } };
        triage_parcel_t parcel = { .platform = triage_text("x"),
                                   .brand = triage_text("acme"),
                                   .received_at =
                                       1700000000000000 + (int64_t) i,
                                   .raw = triage_text_of(raws[i]),
                                   .filings = filings,
                                   .filing_count = i % 3 };

        if (triage_batch_add(batch, &parcel) == NULL) {
            abort();
        }
    }

    return batch;
}

static void
make_segment(const triage_batch_t *batch)
{
    size_t i;

    for (i = 0; i < RECORDS; i++) {
        triage_record_write(&segment, batch, i, 77, i + 1);
        ends[i + 1] = segment.len;
        paid[i + 1] = ends[i] + TRIAGE_RECORD_HEADER
                      + (unsigned char) segment.data[ends[i] + 4]
                      + 256u * (unsigned char) segment.data[ends[i] + 5];
    }
}

/* Reads all; how many records came. */
static size_t
count_records(const char *data, size_t size, triage_journal_t *journal)
{
    triage_record_t record;
    size_t count = 0;

    *journal = (triage_journal_t){ .data = data, .size = size };
    while (triage_journal_next(journal, &record)) {
        count++;
    }

    return count;
}

static void
test_round_trip(const triage_batch_t *batch)
{
    triage_batch_t *copy = triage_batch_new(RECORDS);
    triage_journal_t journal = { .data = segment.data, .size = segment.len };
    triage_record_t record;
    bool is_same = true;
    bool is_parcel;
    size_t i = 0;
    int column;

    while (triage_journal_next(&journal, &record)) {
        is_same &= record.sequence == i + 1;
        is_same &= record.received_at == 1700000000000000 + (int64_t) i;
        is_same &= triage_record_read(&record, copy, &is_parcel) != NULL;
        for (column = 0; column < TRIAGE_COLUMN_COUNT && is_same; column++) {
            is_same &= triage_text_equal(
                triage_batch_part(batch, i, (triage_column_t) column),
                triage_batch_part(copy, i, (triage_column_t) column));
        }
        i++;
    }

    ok(is_same && i == RECORDS, "what was written is read");
    ok(journal.damaged == 0 && journal.torn == 0 && journal.is_at_end,
       "and nothing is wrong with it");
    ok(copy->message_count == batch->message_count, "messages and all");
    triage_batch_free(copy);
}

static void
test_truncation(void)
{
    triage_journal_t journal;
    bool is_whole = true, is_clean = true, is_torn = true;
    size_t size, i;

    for (size = 0; size <= segment.len; size++) {
        char *data = malloc(size + 1); /* valgrind watches its end */
        size_t whole = 0;

        for (i = 1; i <= RECORDS; i++) {
            whole += paid[i] <= size;
        }
        memcpy(data, segment.data, size);
        is_whole &= count_records(data, size, &journal) == whole;
        is_clean &= journal.damaged == 0;
        is_torn &= (journal.torn > 0) == (size > ends[whole]);
        free(data);
    }

    ok(is_whole, "cut off anywhere, the whole records are read");
    ok(is_clean, "a torn tail is no damage");
    ok(is_torn, "but it is told");
}

static void
test_flips(void)
{
    triage_journal_t journal;
    char *data = malloc(segment.len);
    bool is_noticed = true, is_known = true;
    size_t byte;
    unsigned bit;

    memcpy(data, segment.data, segment.len);
    for (byte = 0; byte < segment.len; byte++) {
        for (bit = 0; bit < 8; bit++) {
            size_t count;

            data[byte] = (char) (data[byte] ^ 1 << bit);
            count = count_records(data, segment.len, &journal);
            data[byte] = (char) (data[byte] ^ 1 << bit);

            /* bytes behind a payload fill it up to 8: nothing is lost */
            is_noticed &= count == RECORDS - 1 || count == RECORDS;
            is_known &= journal.damaged == 1
                        || (byte >= ends[RECORDS - 1] && journal.torn > 0);
        }
    }

    ok(is_noticed, "a flipped bit costs no more than its record");
    ok(is_known, "and is told as damage, or as a torn tail");
    free(data);
}

/* Behind a seal nothing can be torn. */
static void
test_seal(void)
{
    size_t size = segment.len + TRIAGE_RECORD_HEADER;
    char *data = malloc(size);
    triage_journal_t journal;
    bool is_known = true;
    size_t byte;
    unsigned bit;

    memcpy(data, segment.data, segment.len);
    triage_record_seal(data + segment.len, 77, RECORDS);
    ok(count_records(data, size, &journal) == RECORDS && journal.is_sealed
           && journal.damaged == 0 && journal.torn == 0,
       "a sealed segment is whole");

    for (byte = 0; byte < size; byte++) {
        for (bit = 0; bit < 8; bit++) {
            data[byte] = (char) (data[byte] ^ 1 << bit);
            count_records(data, size, &journal);
            data[byte] = (char) (data[byte] ^ 1 << bit);

            is_known &=
                byte < segment.len ? journal.damaged == 1 : journal.torn > 0;
        }
    }
    ok(is_known, "a flipped bit is told as damage in the last record, too");

    memmove(data + ends[RECORDS - 1], data + segment.len,
            TRIAGE_RECORD_HEADER);
    ok(count_records(data, ends[RECORDS - 1] + TRIAGE_RECORD_HEADER, &journal)
               == RECORDS - 1
           && journal.damaged == 1,
       "and a last record that is missing");
    free(data);
}

/* A record of a version that kept no headers. */
static void
test_headerless(const triage_batch_t *batch)
{
    triage_batch_t *copy = triage_batch_new(1);
    triage_buffer_t record = { 0 };
    triage_record_t read = { 0 };
    bool is_parcel;
    char *at;
    int column;

    triage_record_write(&record, batch, 0, 77, 1);
    at = record.data + TRIAGE_RECORD_HEADER;
    read.payload.data = at;
    read.payload.len =
        (unsigned char) record.data[4] + 256u * (unsigned char) record.data[5];

    ok(triage_record_read(&read, copy, &is_parcel) != NULL && is_parcel,
       "a record with headers is read");

    /* the same without the length, and the 4 bytes, of that part */
    for (column = 0, read.payload.len = 0; column < TRIAGE_COLUMN_COUNT;
         column++) {
        triage_text_t part =
            triage_batch_part(batch, 0, (triage_column_t) column);

        if (column == TRIAGE_COLUMN_HEADERS) {
            continue;
        }
        memset(at, 0, 4);
        at[0] = (char) part.len;
        at += 4;
    }
    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        triage_text_t part =
            triage_batch_part(batch, 0, (triage_column_t) column);

        if (column != TRIAGE_COLUMN_HEADERS && part.len > 0) {
            memcpy(at, part.data, part.len);
            at += part.len;
        }
    }
    read.payload.len = (size_t) (at - read.payload.data);
    record.data[32] = 1; /* its format */

    ok(triage_batch_clear(copy, SIZE_MAX)
           && triage_record_read(&read, copy, &is_parcel) != NULL && is_parcel,
       "one of an earlier version, too");
    ok(triage_text_equal(triage_batch_part(copy, 0, TRIAGE_COLUMN_HEADERS),
                         triage_text("\xff\xff\xff\xff")),
       "without headers");
    record.data[32] = 9;
    ok(triage_record_read(&read, copy, &is_parcel) == NULL && !is_parcel,
       "one of a later version is not");
    triage_buffer_free(&record);
    triage_batch_free(copy);
}

static void
test_space(const triage_batch_t *batch)
{
    triage_buffer_t buffer = { 0 };
    triage_journal_t journal;
    size_t zeros = 4096;

    triage_buffer_add(&buffer, (triage_text_t){ segment.data, segment.len });
    memset(triage_buffer_extend(&buffer, zeros), 0, zeros);
    ok(count_records(buffer.data, buffer.len, &journal) == RECORDS
           && journal.damaged == 0 && journal.torn == 0,
       "space that was set aside is the end");

    memcpy(buffer.data + segment.len + 512, segment.data, ends[1]);
    ok(count_records(buffer.data, buffer.len, &journal) == RECORDS,
       "an old record behind it is not read again");

    buffer.len = segment.len + 512;
    triage_record_write(&buffer, batch, 0, 78, RECORDS + 1);
    ok(count_records(buffer.data, buffer.len, &journal) == RECORDS,
       "nor one of another generation");

    buffer.len = segment.len + 512;
    triage_record_write(&buffer, batch, 0, 77, RECORDS + 9);
    ok(count_records(buffer.data, buffer.len, &journal) == RECORDS + 1
           && journal.damaged == 1,
       "a later one behind a hole is read, and the hole is damage");
    triage_buffer_free(&buffer);
}

static void
test_crc(void)
{
    static const char text[] = "a text longer than a few words of eight";
    bool is_same = true;
    size_t len;

    ok(triage_crc32c(0, "123456789", 9) == 0xe3069283, "the CRC of RFC 3720");
    for (len = 0; len < sizeof(text); len++) {
        is_same &= triage_crc32c(7, text, len)
                   == triage_crc32c_portable(7, text, len);
    }
    ok(is_same, "with and without the processor's help");
}

int
main(void)
{
    triage_batch_t *batch = make_batch();

    make_segment(batch);
    test_round_trip(batch);
    test_truncation();
    test_flips();
    test_seal();
    test_headerless(batch);
    test_space(batch);
    test_crc();
    triage_buffer_free(&segment);
    triage_batch_free(batch);

    return done_testing();
}
