/*
 * Records of the spool, in memory: how a parcel is written down, and how a
 * segment that may have been cut off, or damaged, is read.
 *
 * A record, all numbers little-endian, 8-byte aligned:
 *
 *    0  magic           "TRG1"
 *    4  length          of the payload
 *    8  generation      of the segment: space that was used before cannot
 *                       pass for it
 *   16  sequence        1, 2, 3, ... in the segment
 *   24  received_at     µs since 1970
 *   32  format          3: below; 1: the same without the part of the
 *                       headers; 2: the seal
 *   36  CRC-32C         of the 36 bytes before and the payload, seeded with
 *                       the generation
 *   40  payload         the length of each column's part, then the parts,
 *                       as in batch.h; zeros up to 8
 *
 * A batch is answered when all of it is on disk, and what is written is
 * written in order: so where nothing valid follows, whatever lies behind
 * the last good record was never acknowledged.  A torn tail is normal.
 * Where a good record does follow, the disk has lost something.
 *
 * A segment that its writer has closed ends in a seal, a record of format 2
 * without a payload: so there the last record cannot pass for torn either.
 */
#ifndef TRIAGE_JOURNAL_H
#define TRIAGE_JOURNAL_H

#include "batch.h"

#define TRIAGE_RECORD_HEADER 40

/* Bytes that a parcel of a batch takes. */
size_t triage_record_size(const triage_batch_t *batch, size_t parcel);
/* Appends the record of a parcel. */
void triage_record_write(triage_buffer_t *buffer, const triage_batch_t *batch,
                         size_t parcel, uint64_t generation,
                         uint64_t sequence);
/* The seal behind the record of that sequence. */
void triage_record_seal(char seal[TRIAGE_RECORD_HEADER], uint64_t generation,
                        uint64_t sequence);

typedef struct {
    const char *data; /* the whole segment */
    size_t size;
    size_t offset;       /* behind the last good record */
    uint64_t generation; /* of the first good record; 0: none yet */
    uint64_t sequence;   /* of the last good record */
    uint64_t damaged;    /* runs of bytes that were skipped */
    bool is_at_end;
    bool is_sealed; /* its writer has closed it */
    size_t torn;    /* bytes of a torn tail, once the end is reached */
} triage_journal_t;

typedef struct {
    uint64_t generation;
    uint64_t sequence;
    int64_t received_at;
    triage_text_t payload;
} triage_record_t;

/* The next good record; false at the end. */
bool triage_journal_next(triage_journal_t *journal, triage_record_t *record);
/* A record's parcel into a batch.  NULL when the batch is full, without
 * memory, or when the payload is no parcel: *is_parcel tells. */
triage_ticket_t *triage_record_read(const triage_record_t *record,
                                    triage_batch_t *batch, bool *is_parcel);

#endif
