#include "journal.h"

#include <string.h>

#include "crc32c.h"

enum {
    MAGIC = 0x31475254, /* "TRG1" */
    FORMAT = 3,
    FORMAT_HEADERLESS = 1, /* of earlier versions */
    FORMAT_SEAL = 2,
    AT_LENGTH = 4,
    AT_GENERATION = 8,
    AT_SEQUENCE = 16,
    AT_RECEIVED = 24,
    AT_FORMAT = 32,
    AT_CRC = 36,
    ALIGNMENT = 8,
    LENGTHS = TRIAGE_COLUMN_COUNT * 4
};

static void
put_u32(char *at, uint32_t value)
{
    at[0] = (char) value;
    at[1] = (char) (value >> 8);
    at[2] = (char) (value >> 16);
    at[3] = (char) (value >> 24);
}

static void
put_u64(char *at, uint64_t value)
{
    put_u32(at, (uint32_t) value);
    put_u32(at + 4, (uint32_t) (value >> 32));
}

static uint32_t
get_u32(const char *at)
{
    const unsigned char *byte = (const unsigned char *) at;

    return byte[0] | (uint32_t) byte[1] << 8 | (uint32_t) byte[2] << 16
           | (uint32_t) byte[3] << 24;
}

static uint64_t
get_u64(const char *at)
{
    return get_u32(at) | (uint64_t) get_u32(at + 4) << 32;
}

static size_t
aligned(size_t size)
{
    return (size + ALIGNMENT - 1) & ~(size_t) (ALIGNMENT - 1);
}

static uint32_t
checksum(const char *record, size_t len)
{
    uint64_t generation = get_u64(record + AT_GENERATION);
    uint32_t crc = (uint32_t) (generation ^ generation >> 32);

    crc = triage_crc32c(crc, record, AT_CRC);

    return triage_crc32c(crc, record + TRIAGE_RECORD_HEADER, len);
}

/* --- writing ------------------------------------------------------------ */

static size_t
payload_size(const triage_batch_t *batch, size_t parcel)
{
    size_t size = LENGTHS;
    triage_column_t column;

    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        size += triage_batch_part(batch, parcel, column).len;
    }

    return size;
}

size_t
triage_record_size(const triage_batch_t *batch, size_t parcel)
{
    return TRIAGE_RECORD_HEADER + aligned(payload_size(batch, parcel));
}

static void
write_payload(char *at, const triage_batch_t *batch, size_t parcel)
{
    char *part_at = at + LENGTHS;
    triage_column_t column;

    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        triage_text_t part = triage_batch_part(batch, parcel, column);

        put_u32(at + 4 * column, (uint32_t) part.len);
        memcpy(part_at, part.data, part.len);
        part_at += part.len;
    }
}

static void
write_header(char *at, uint32_t len, uint32_t format, uint64_t generation,
             uint64_t sequence)
{
    put_u32(at, MAGIC);
    put_u32(at + AT_LENGTH, len);
    put_u64(at + AT_GENERATION, generation);
    put_u64(at + AT_SEQUENCE, sequence);
    put_u64(at + AT_RECEIVED, 0);
    put_u32(at + AT_FORMAT, format);
}

void
triage_record_seal(char seal[TRIAGE_RECORD_HEADER], uint64_t generation,
                   uint64_t sequence)
{
    write_header(seal, 0, FORMAT_SEAL, generation, sequence + 1);
    put_u32(seal + AT_CRC, checksum(seal, 0));
}

void
triage_record_write(triage_buffer_t *buffer, const triage_batch_t *batch,
                    size_t parcel, uint64_t generation, uint64_t sequence)
{
    size_t len = payload_size(batch, parcel);
    size_t padding = aligned(len) - len;
    char *at =
        triage_buffer_extend(buffer, TRIAGE_RECORD_HEADER + len + padding);

    if (at == NULL) {
        return;
    }

    write_header(at, (uint32_t) len, FORMAT, generation, sequence);
    put_u64(at + AT_RECEIVED,
            (uint64_t) triage_batch_received_at(batch, parcel));
    write_payload(at + TRIAGE_RECORD_HEADER, batch, parcel);
    memset(at + TRIAGE_RECORD_HEADER + len, 0, padding);
    put_u32(at + AT_CRC, checksum(at, len));
}

/* --- reading ------------------------------------------------------------ */

/* Is there a good record at that offset that can follow the last one? */
static bool
is_record(const triage_journal_t *journal, size_t offset)
{
    const char *at = journal->data + offset;
    uint32_t len;

    if (journal->size - offset < TRIAGE_RECORD_HEADER || get_u32(at) != MAGIC)
    {
        return false;
    }

    len = get_u32(at + AT_LENGTH);

    return len <= journal->size - offset - TRIAGE_RECORD_HEADER
           && (journal->generation == 0
               || get_u64(at + AT_GENERATION) == journal->generation)
           && get_u64(at + AT_SEQUENCE) > journal->sequence
           && checksum(at, len) == get_u32(at + AT_CRC);
}

/* The next good record from `offset` on; the size when there is none. */
static size_t
find_record(const triage_journal_t *journal, size_t offset)
{
    while (offset < journal->size && !is_record(journal, offset)) {
        offset += ALIGNMENT;
    }

    return offset < journal->size ? offset : journal->size;
}

/* Bytes from the offset to the last one that is not zero. */
static size_t
count_torn(const triage_journal_t *journal)
{
    size_t end = journal->size;

    while (end > journal->offset && journal->data[end - 1] == '\0') {
        end--;
    }

    return end - journal->offset;
}

/* What fills a record up is in no checksum. */
static bool
is_filled_with_zeros(const triage_journal_t *journal, size_t from, size_t to)
{
    while (from < to && from < journal->size && journal->data[from] == '\0') {
        from++;
    }

    return from >= to || from >= journal->size;
}

/* Takes the good record at that offset. */
static void
take_record(triage_journal_t *journal, size_t offset, triage_record_t *record)
{
    const char *at = journal->data + offset;
    size_t paid, end;

    *record =
        (triage_record_t){ .generation = get_u64(at + AT_GENERATION),
                           .sequence = get_u64(at + AT_SEQUENCE),
                           .received_at = (int64_t) get_u64(at + AT_RECEIVED),
                           .payload = { at + TRIAGE_RECORD_HEADER,
                                        get_u32(at + AT_LENGTH) } };
    paid = offset + TRIAGE_RECORD_HEADER + record->payload.len;
    end = offset + TRIAGE_RECORD_HEADER + aligned(record->payload.len);

    /* something in between, or in front of the first one, is lost */
    journal->damaged +=
        offset != journal->offset || record->sequence != journal->sequence + 1;
    journal->damaged += !is_filled_with_zeros(journal, paid, end);
    journal->is_sealed = get_u32(at + AT_FORMAT) == FORMAT_SEAL;
    journal->generation = record->generation;
    journal->sequence = record->sequence;
    journal->offset = end < journal->size ? end : journal->size;
}

bool
triage_journal_next(triage_journal_t *journal, triage_record_t *record)
{
    do {
        size_t offset = find_record(journal, journal->offset);

        if (offset == journal->size) {
            journal->is_at_end = true;
            journal->torn = count_torn(journal);
            return false;
        }
        take_record(journal, offset, record);
    } while (journal->is_sealed);

    return true;
}

/* The parts of a payload; false when it is none. */
static bool
read_parts(const triage_record_t *record,
           triage_text_t parts[TRIAGE_COLUMN_COUNT])
{
    uint32_t format =
        get_u32(record->payload.data - TRIAGE_RECORD_HEADER + AT_FORMAT);
    size_t count = TRIAGE_COLUMN_COUNT - (format == FORMAT_HEADERLESS);
    const char *lengths = record->payload.data;
    const char *at = lengths + 4 * count;
    size_t left = record->payload.len - 4 * count;
    triage_column_t column;

    if ((format != FORMAT && format != FORMAT_HEADERLESS)
        || record->payload.len < 4 * count)
    {
        return false;
    }

    for (column = 0; column < TRIAGE_COLUMN_COUNT; column++) {
        size_t len;

        if (format == FORMAT_HEADERLESS && column == TRIAGE_COLUMN_HEADERS) {
            parts[column] = triage_text("\xff\xff\xff\xff"); /* null */
            continue;
        }

        len = get_u32(lengths);
        lengths += 4;
        if (len > left) {
            return false;
        }
        parts[column] = (triage_text_t){ at, len };
        at += len;
        left -= len;
    }

    return left == 0;
}

triage_ticket_t *
triage_record_read(const triage_record_t *record, triage_batch_t *batch,
                   bool *is_parcel)
{
    triage_text_t parts[TRIAGE_COLUMN_COUNT];

    *is_parcel = read_parts(record, parts) && triage_batch_is_parcel(parts);

    return *is_parcel ? triage_batch_add_parts(batch, parts) : NULL;
}
