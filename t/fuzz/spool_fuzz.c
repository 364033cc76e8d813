/*
 * Bytes of a segment, whatever they are: what is read from them can be
 * sent.  Read as a segment, and as the payload of a record, which a fuzzer
 * does not get to through a checksum.
 */
#include <stdlib.h>
#include <string.h>

#include "../../src/store/journal.h"
#include "../../src/store/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
read_segment(const char *data, size_t size)
{
    triage_journal_t journal = { .data = data, .size = size };
    triage_batch_t *batch = triage_batch_new(64);
    triage_record_t record;
    triage_slice_t slice;
    bool is_parcel;

    while (batch != NULL && triage_journal_next(&journal, &record)) {
        triage_record_read(&record, batch, &is_parcel);
    }

    if (batch != NULL && batch->count > 0) {
        triage_slice_make(batch, 0, (batch->count + 1) / 2, &slice);
        triage_slice_dead_letter(batch, batch->count / 2, "why", &slice);
        triage_slice_make(batch, batch->count - 1, 1, &slice);
    }
    triage_batch_free(batch);
}

/* The payload as that of a record that is good up to there. */
static void
read_payload(const uint8_t *data, size_t size)
{
    triage_batch_t *batch = triage_batch_new(1);
    char *bytes = malloc(TRIAGE_RECORD_HEADER + size);
    triage_record_t record;
    triage_slice_t slice;
    bool is_parcel;

    if (batch != NULL && bytes != NULL) {
        memset(bytes, 0, TRIAGE_RECORD_HEADER);
        bytes[32] = 1; /* the format */
        memcpy(bytes + TRIAGE_RECORD_HEADER, data, size);
        record = (triage_record_t){ .payload = { bytes + TRIAGE_RECORD_HEADER,
                                                 size } };
        if (triage_record_read(&record, batch, &is_parcel) != NULL) {
            triage_slice_make(batch, 0, 1, &slice);
            triage_slice_dead_letter(batch, 0, "why", &slice);
        }
    }
    free(bytes);
    triage_batch_free(batch);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_segment((const char *) data, size);
    read_payload(data, size);

    return 0;
}
