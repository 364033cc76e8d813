/*
 * Whole files and whole streams, every byte as it is.
 */
#ifndef TRIAGE_INPUT_H
#define TRIAGE_INPUT_H

#include "../base/buffer.h"

/* Appends the whole file to the buffer; "-" is stdin.  False after it said
 * on stderr what is wrong with the file. */
TRIAGE_MUST_CHECK bool triage_input_read(const char *command, const char *path,
                                         triage_buffer_t *buffer);

/* What is in a buffer; an empty buffer is an empty text. */
triage_text_t triage_input_text(const triage_buffer_t *buffer);

#endif
