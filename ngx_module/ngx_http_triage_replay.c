/*
 * Dead letters that an operator wants read again.
 */
#include "ngx_http_triage.h"


static ngx_http_triage_loc_conf_t *
ngx_http_triage_source_of(ngx_http_triage_main_conf_t *tmcf,
                          const triage_dead_letter_t *letter)
{
    ngx_http_triage_loc_conf_t **source = tmcf->sources.elts;
    ngx_uint_t i;

    for (i = 0; i < tmcf->sources.nelts; i++) {
        if (triage_text_is(letter->platform, source[i]->platform->name)
            && triage_text_equal(letter->brand, source[i]->source.brand))
        {
            return source[i];
        }
    }

    return NULL;
}


static void
ngx_http_triage_replayed(void *data, triage_outcome_t outcome,
                         const bool *duplicates)
{
    (void) data;
    (void) outcome;
    (void) duplicates;
}


static const char *
ngx_http_triage_put_again(ngx_http_triage_main_conf_t *tmcf,
                          ngx_http_triage_loc_conf_t *tlcf,
                          const triage_dead_letter_t *letter,
                          triage_arena_t *arena)
{
    triage_delivery_t delivery = {
        .method = triage_text("POST"),
        .body = letter->raw,
        .header = triage_intake_kept_header,
        .request = &letter->headers,
        .received_at = letter->received_at,
    };
    triage_parcel_t parcel;
    triage_intake_t intake;
    triage_outcome_t outcome;
    triage_ticket_t *ticket;

    outcome = triage_intake_again(tlcf->platform, &tlcf->source, tmcf->scorer,
                                  &tmcf->router, &delivery, arena, &intake);
    if (outcome.code != TRIAGE_OK) {
        return outcome.why;
    }

    if (intake.failure != NULL) {
        return intake.failure;
    }

    parcel = (triage_parcel_t){
        .platform = letter->platform,
        .brand = letter->brand,
        .received_at = letter->received_at,
        .raw = letter->raw,
        .headers = letter->headers,
        .filings = intake.filings,
        .filing_count = intake.filing_count,
    };

    outcome = triage_store_put(tmcf->store, &parcel, ngx_http_triage_replayed,
                               NULL, &ticket);

    return outcome.code == TRIAGE_OK ? NULL : outcome.why;
}


const char *
ngx_http_triage_replay(void *context, const triage_dead_letter_t *letter)
{
    ngx_http_triage_main_conf_t *tmcf = context;
    ngx_http_triage_loc_conf_t *tlcf;
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    const char *why;

    tlcf = ngx_http_triage_source_of(tmcf, letter);
    if (tlcf == NULL) {
        return "no location takes this platform and brand";
    }

    triage_arena_on_heap(&arena, &heap);
    why = ngx_http_triage_put_again(tmcf, tlcf, letter, &arena);
    triage_heap_free(&heap);

    return why;
}
