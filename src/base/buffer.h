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
/* The rest of triage_buffer_extend: new memory, or a failure. */
char *triage_buffer_enlarge(triage_buffer_t *buffer, size_t size);

/* Room for `size` more bytes, which the caller fills; NULL on failure.
 * Inline, as a message is put together from hundreds of pieces. */
static inline char *
triage_buffer_extend(triage_buffer_t *buffer, size_t size)
{
    char *room;

    if (buffer->size - buffer->len <= size || buffer->has_failed) {
        return triage_buffer_enlarge(buffer, size);
    }

    room = buffer->data + buffer->len;
    buffer->len += size;

    return room;
}

static inline void
triage_buffer_add_byte(triage_buffer_t *buffer, char byte)
{
    char *room = triage_buffer_extend(buffer, 1);

    if (room != NULL) {
        *room = byte;
    }
}

void triage_buffer_add(triage_buffer_t *buffer, triage_text_t text);
void triage_buffer_print(triage_buffer_t *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
