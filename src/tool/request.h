/*
 * Deliveries as bytes to send: HTTP requests, signed as the platform would.
 *
 * In bodies and in the values of headers every `{n}` stands for the number
 * of the delivery, where that was asked for: so each can be another one.
 */
#ifndef TRIAGE_REQUEST_H
#define TRIAGE_REQUEST_H

#include "origin.h"

typedef struct {
    const triage_origin_t *origin;
    triage_text_t host;   /* "127.0.0.1:8080" */
    triage_text_t target; /* "/hooks/x?a=b", no fragment */
    triage_text_t url;    /* what a signature covers: without {n} */
    const triage_buffer_t *bodies;
    size_t body_count;
    bool is_unique;  /* {n} is replaced */
    int64_t first;   /* the number of the first delivery */
    bool closes;     /* a connection a delivery */
    const char *why; /* set when a request could not be made: a literal */
} triage_request_t;

/* Appends delivery `index` (0, 1, ...), which has the number `first` +
 * index.  False with request->why set. */
TRIAGE_MUST_CHECK bool triage_request_write(triage_request_t *request,
                                            int64_t index,
                                            triage_buffer_t *buffer);

/* Is there a {n} in it? */
bool triage_request_has_number(triage_text_t text);

#endif
