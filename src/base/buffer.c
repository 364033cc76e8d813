#include "buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
triage_buffer_free(triage_buffer_t *buffer)
{
    free(buffer->data);
    *buffer = (triage_buffer_t){ 0 };
}

void
triage_buffer_clear(triage_buffer_t *buffer)
{
    buffer->len = 0;
    buffer->has_failed = false;
}

static bool
grow(triage_buffer_t *buffer, size_t needed)
{
    size_t size = buffer->size ? buffer->size : 256;
    char *data;

    while (size < needed) {
        if (size > SIZE_MAX / 2) {
            return false;
        }
        size *= 2;
    }

    data = realloc(buffer->data, size);
    if (data == NULL) {
        return false;
    }

    buffer->data = data;
    buffer->size = size;

    return true;
}

char *
triage_buffer_enlarge(triage_buffer_t *buffer, size_t size)
{
    char *room;

    if (buffer->has_failed || size > SIZE_MAX - buffer->len) {
        buffer->has_failed = true;
        return NULL;
    }

    if ((buffer->data == NULL || buffer->size - buffer->len < size)
        && !grow(buffer, buffer->len + size))
    {
        buffer->has_failed = true;
        return NULL;
    }

    room = buffer->data + buffer->len;
    buffer->len += size;

    return room;
}

void
triage_buffer_add(triage_buffer_t *buffer, triage_text_t text)
{
    char *room = triage_buffer_extend(buffer, text.len);

    if (room != NULL && text.len > 0) {
        memcpy(room, text.data, text.len);
    }
}

void
triage_buffer_print(triage_buffer_t *buffer, const char *format, ...)
{
    va_list args;
    int len;
    char *room;

    va_start(args, format);
    len = vsnprintf(NULL, 0, format, args);
    va_end(args);

    /* one more for the terminator, which is then dropped */
    room = len < 0 ? NULL : triage_buffer_extend(buffer, (size_t) len + 1);
    if (room == NULL) {
        buffer->has_failed = true;
        return;
    }

    va_start(args, format);
    vsnprintf(room, (size_t) len + 1, format, args);
    va_end(args);

    buffer->len--;
}
