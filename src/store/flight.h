/*
 * A batch on a link: sends it, slice by slice, until all its parcels are
 * settled.
 *
 * The first slice is all of it.  When PostgreSQL refuses a slice it is
 * halved, until a single parcel is left that is to blame: that one is sent
 * as a dead letter.  What was settled stays settled when the link is lost.
 *
 * A batch that comes to nothing again and again without being refused (the
 * server crashes, a statement in it fails that is the same for any data)
 * goes parcel by parcel, and one that alone still does it becomes a dead
 * letter.  Where everything fails, so does that dead letter, and nobody is
 * blamed.
 */
#ifndef TRIAGE_FLIGHT_H
#define TRIAGE_FLIGHT_H

#include "batch.h"
#include "link.h"

typedef enum {
    TRIAGE_FLIGHT_FILED = 0, /* the parcels of the range are committed */
    TRIAGE_FLIGHT_NOTED,     /* the one parcel is kept as a dead letter */
    TRIAGE_FLIGHT_REJECTED,  /* the one parcel is refused even so */
    TRIAGE_FLIGHT_GROUNDED   /* the batch must be sent again, later */
} triage_flight_end_t;

typedef struct triage_flight_s triage_flight_t;
struct triage_flight_s {
    triage_job_t job;      /* first: the link gives it back */
    triage_batch_t *batch; /* NULL: none under way */
    const triage_store_options_t *options;
    const triage_loop_t *loop;
    int64_t sent_at;
    uint32_t timeout_ms;
    bool holds_exit;
    /* Parcels from..from+count came to an end, but for GROUNDED, where it
     * is all that is left.  The flight is free again: where there is more
     * left of the batch, it has to be started again.  The link is IDLE, or
     * DOWN. */
    void (*landed)(triage_flight_t *flight, triage_link_t *link,
                   triage_batch_t *batch, triage_flight_end_t end, size_t from,
                   size_t count);
    void *owner;
};

/* Sets what the link calls. */
void triage_flight_init(triage_flight_t *flight);

/* Sends the next slice over an IDLE link.  False when that cannot be: the
 * batch is as it was. */
TRIAGE_MUST_CHECK bool triage_flight_start(triage_flight_t *flight,
                                           triage_link_t *link,
                                           triage_batch_t *batch,
                                           uint32_t timeout_ms);

#endif
