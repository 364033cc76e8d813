/*
 * Bytes that grow, on the heap.
 *
 * Failure is sticky, as in libpq's PQExpBuffer: after it nothing more is
 * appended and `has_failed` stays set, so a chain of appends needs one look.
 * Zero-filled is a valid empty buffer.
 */
#ifndef TRIAGE_BUFFER_H
#define TRIAGE_BUFFER_H

#include "text.h"

typedef struct {
    char *data;
    size_t len;
    size_t size;
    bool has_failed;
} triage_buffer_t;

void triage_buffer_free(triage_buffer_t *buffer);
void triage_buffer_clear(triage_buffer_t *buffer); /* keeps the memory */
/* Room for `size` more bytes, which the caller fills; NULL on failure. */
char *triage_buffer_extend(triage_buffer_t *buffer, size_t size);
void triage_buffer_add(triage_buffer_t *buffer, triage_text_t text);
void triage_buffer_add_byte(triage_buffer_t *buffer, char byte);
void triage_buffer_print(triage_buffer_t *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
