/*
 * What a step came to: a code to act on and a literal to log.
 *
 * `why` is never request data, so it is safe in any log.
 */
#ifndef TRIAGE_OUTCOME_H
#define TRIAGE_OUTCOME_H

#include "text.h"

typedef enum {
    TRIAGE_OK = 0,
    TRIAGE_IGNORED,    /* genuine, and nothing in it for us to keep */
    TRIAGE_ANSWERED,   /* a handshake: the reply holds the answer */
    TRIAGE_DENIED,     /* a handshake with the wrong token or topic */
    TRIAGE_FORGED,     /* the signature is missing or wrong */
    TRIAGE_STALE,      /* signed too long ago: a replay */
    TRIAGE_UNEXPECTED, /* a method that this endpoint does not have */
    TRIAGE_TOO_LARGE,  /* the body is over the limit */
    TRIAGE_MALFORMED,  /* genuine, but cannot be read: a dead letter */
    TRIAGE_NO_MEMORY,
    TRIAGE_BUSY,        /* the store's backlog is full: try again */
    TRIAGE_UNAVAILABLE, /* the store cannot be reached: try again */
    TRIAGE_CODE_COUNT
} triage_code_t;

typedef struct {
    triage_code_t code;
    const char *why; /* a literal; NULL when OK */
} triage_outcome_t;

#define triage_ok() ((triage_outcome_t){ TRIAGE_OK, NULL })
/* Literals only: the "" refuses anything else. */
#define triage_fail(code, why) ((triage_outcome_t){ (code), "" why })

/* The code's name in lower case, as in logs and counters: "forged". */
const char *triage_code_name(triage_code_t code);

#endif
