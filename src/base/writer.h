/*
 * Writes JSON into a buffer: the only place that does.
 *
 * Commas and quotes are put by the writer; names and values are escaped.
 * Text must be UTF-8; NUL and control characters are escaped.
 */
#ifndef TRIAGE_WRITER_H
#define TRIAGE_WRITER_H

#include "buffer.h"

typedef struct {
    triage_buffer_t *buffer;
    bool needs_comma;
} triage_writer_t;

void triage_writer_init(triage_writer_t *writer, triage_buffer_t *buffer);

/* Inside an object every value is preceded by its name. */
void triage_write_name(triage_writer_t *writer, const char *name);
void triage_write_name_text(triage_writer_t *writer, triage_text_t name);
void triage_write_open(triage_writer_t *writer, char bracket);  /* { or [ */
void triage_write_close(triage_writer_t *writer, char bracket); /* } or ] */
void triage_write_text(triage_writer_t *writer, triage_text_t text);
/* no text is null */
void triage_write_string(triage_writer_t *writer, const char *string);
void triage_write_number(triage_writer_t *writer, int64_t number);
/* A number of hundredths, printed as a decimal: 1250 is 12.5. */
void triage_write_hundredths(triage_writer_t *writer, int64_t hundredths);
void triage_write_bool(triage_writer_t *writer, bool value);
void triage_write_null(triage_writer_t *writer);
/* µs since 1970 as "2026-01-31T12:00:00.000000Z". */
void triage_write_time(triage_writer_t *writer, int64_t microseconds);

#endif
