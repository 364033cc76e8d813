/*
 * Reads an HTTP/1.1 answer as it arrives, piece by piece.  The body is
 * counted and dropped.
 */
#ifndef TRIAGE_ANSWER_H
#define TRIAGE_ANSWER_H

#include "../base/text.h"

#define TRIAGE_ANSWER_LINE_MAX 8192

typedef enum {
    TRIAGE_ANSWER_STATUS = 0, /* waits for the status line */
    TRIAGE_ANSWER_HEADERS,
    TRIAGE_ANSWER_BODY, /* `left` bytes of it */
    TRIAGE_ANSWER_CHUNK_SIZE,
    TRIAGE_ANSWER_CHUNK, /* `left` bytes of it and a line end */
    TRIAGE_ANSWER_TRAILERS,
    TRIAGE_ANSWER_REST, /* all until the connection is closed */
    TRIAGE_ANSWER_DONE,
    TRIAGE_ANSWER_BROKEN /* what came is no HTTP */
} triage_answer_state_t;

typedef struct {
    triage_answer_state_t state;
    unsigned status; /* 0 until it is known */
    bool closes;     /* the connection cannot be used again */
    bool is_chunked;
    bool has_length;
    int64_t left;
    size_t line_len;
    char line[TRIAGE_ANSWER_LINE_MAX];
} triage_answer_t;

void triage_answer_init(triage_answer_t *answer);
/* Takes what arrived; looks at nothing behind the end of the answer. */
void triage_answer_feed(triage_answer_t *answer, const char *data, size_t len);
/* The server closed the connection: is the answer whole? */
bool triage_answer_end(triage_answer_t *answer);

#endif
