/*
 * The way of a delivery up to the store: challenge, verify, parse, score,
 * route.  Pure: no clock, no network, no nginx.
 */
#ifndef TRIAGE_INTAKE_H
#define TRIAGE_INTAKE_H

#include "../platform/platform.h"
#include "../route/filing.h"

typedef struct {
    triage_reading_t reading;
    triage_filing_t *filings; /* one a message, in order */
    size_t filing_count;
    const char *failure;  /* not NULL: the raw body is a dead letter, and
                             why; filings may be there all the same */
    triage_reply_t reply; /* the answer once it is kept, or at once when
                             nothing is to be kept */
} triage_intake_t;

/*
 * OK: store the filings (and the dead letter, if `failure`), then reply.
 * IGNORED, ANSWERED: reply now, nothing to store.
 * MALFORMED: store the dead letter, then reply: a retry of the same bytes
 *   cannot help.
 * DENIED, FORGED, STALE, UNEXPECTED, NO_MEMORY: refuse, nothing to store.
 */
triage_outcome_t triage_intake(const triage_platform_t *platform,
                               const triage_source_t *source,
                               const triage_scorer_t *scorer,
                               const triage_router_t *router,
                               const triage_delivery_t *delivery,
                               triage_arena_t *arena, triage_intake_t *intake);

/* Without challenge and verify: a dead letter that is read again. */
triage_outcome_t triage_intake_again(const triage_platform_t *platform,
                                     const triage_source_t *source,
                                     const triage_scorer_t *scorer,
                                     const triage_router_t *router,
                                     const triage_delivery_t *delivery,
                                     triage_arena_t *arena,
                                     triage_intake_t *intake);

/* The headers of a delivery that its platform's parse reads, to be kept with
 * it: "Name: value\n" each, valid UTF-8; one longer than 1,024 bytes is
 * left out.  No text when there is none, or no memory. */
triage_text_t triage_intake_headers(const triage_platform_t *platform,
                                    const triage_source_t *source,
                                    const triage_delivery_t *delivery,
                                    triage_arena_t *arena);
/* A triage_delivery_t's `header` for a request that is a triage_text_t of
 * these. */
triage_text_t triage_intake_kept_header(const void *headers,
                                        triage_text_t name);

#endif
