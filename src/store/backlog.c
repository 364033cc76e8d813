#include "backlog.h"

enum { SPARE_MAX = 4 };

void
triage_backlog_init(triage_backlog_t *backlog,
                    const triage_store_options_t *options)
{
    *backlog = (triage_backlog_t){ .deliveries_max = options->backlog_max,
                                   .bytes_max = options->backlog_bytes,
                                   .batch_rows = options->batch_rows,
                                   .batch_bytes = options->batch_bytes };
}

static void
free_list(triage_batch_t *batch)
{
    while (batch != NULL) {
        triage_batch_t *next = batch->next;

        triage_batch_free(batch);
        batch = next;
    }
}

void
triage_backlog_free(triage_backlog_t *backlog)
{
    free_list(backlog->first);
    free_list(backlog->spare);
    *backlog = (triage_backlog_t){ 0 };
}

bool
triage_backlog_has_room(const triage_backlog_t *backlog,
                        const triage_parcel_t *parcel)
{
    size_t size = triage_parcel_size(parcel);

    if (backlog->deliveries == 0) {
        return size <= TRIAGE_BATCH_LIMIT;
    }

    return backlog->deliveries < backlog->deliveries_max
           && size <= backlog->bytes_max
           && backlog->bytes <= backlog->bytes_max - size;
}

triage_batch_t *
triage_backlog_batch(triage_backlog_t *backlog)
{
    triage_batch_t *batch = backlog->spare;

    if (batch == NULL) {
        return triage_batch_new(backlog->batch_rows);
    }

    backlog->spare = batch->next;
    backlog->spare_count--;
    batch->next = NULL;

    return batch;
}

void
triage_backlog_recycle(triage_backlog_t *backlog, triage_batch_t *batch)
{
    if (backlog->spare_count == SPARE_MAX
        || !triage_batch_clear(batch, 2 * backlog->batch_bytes))
    {
        triage_batch_free(batch);
        return;
    }

    batch->next = backlog->spare;
    backlog->spare = batch;
    backlog->spare_count++;
}

/* A batch alone takes a parcel of any size: it is never divided. */
static bool
fits(const triage_backlog_t *backlog, const triage_batch_t *batch,
     const triage_parcel_t *parcel)
{
    size_t rows = parcel->filing_count > 0 ? parcel->filing_count : 1;

    return batch != NULL && !batch->is_sealed && batch->count < batch->room
           && triage_batch_rows(batch) + rows <= backlog->batch_rows
           && triage_batch_size(batch) + triage_parcel_size(parcel)
                  <= backlog->batch_bytes;
}

static void
append(triage_backlog_t *backlog, triage_batch_t *batch, int64_t now)
{
    batch->queued_at = now;
    if (backlog->first == NULL) {
        backlog->first = batch;
    } else {
        backlog->last->next = batch;
    }
    backlog->last = batch;
}

triage_ticket_t *
triage_backlog_add(triage_backlog_t *backlog, const triage_parcel_t *parcel,
                   int64_t now)
{
    triage_batch_t *batch = backlog->last;
    bool is_new = !fits(backlog, batch, parcel);
    triage_ticket_t *ticket;

    if (is_new) {
        batch = triage_backlog_batch(backlog);
        if (batch == NULL) {
            return NULL;
        }
    }

    ticket = triage_batch_add(batch, parcel);
    if (ticket == NULL) {
        if (is_new) {
            triage_backlog_recycle(backlog, batch);
        }
        return NULL;
    }

    if (is_new) {
        append(backlog, batch, now);
    }
    backlog->deliveries++;
    backlog->bytes += ticket->size;

    return ticket;
}

triage_batch_t *
triage_backlog_take(triage_backlog_t *backlog)
{
    triage_batch_t *batch = backlog->first;

    if (batch == NULL) {
        return NULL;
    }

    backlog->first = batch->next;
    if (backlog->first == NULL) {
        backlog->last = NULL;
    }
    batch->next = NULL;
    batch->is_sealed = true;

    return batch;
}

void
triage_backlog_return(triage_backlog_t *backlog, triage_batch_t *batch)
{
    batch->next = backlog->first;
    if (backlog->first == NULL) {
        backlog->last = batch;
    }
    backlog->first = batch;
}

void
triage_backlog_settle(triage_backlog_t *backlog, const triage_ticket_t *ticket)
{
    backlog->deliveries--;
    backlog->bytes -= ticket->size;
}
