/*
 * A table of texts, each with a number: a line a row, with tabs between its
 * columns, which the first line names.
 */
#ifndef TRIAGE_TABLE_H
#define TRIAGE_TABLE_H

#include "../base/text.h"

/* A row at a time. */
typedef struct {
    triage_text_t rest;
    int value, text; /* columns, -1: none */
} triage_table_t;

/* Reads the line with the names: `value` and "text" have to be among them,
 * or false after `command` said so of the file at `path`. */
bool triage_table_open(triage_table_t *table, const char *command,
                       const char *path, triage_text_t content,
                       const char *value);
/* The next row that has a number where one is due; false at the end.  The
 * text points into the content. */
bool triage_table_next(triage_table_t *table, double *value,
                       triage_text_t *text);

#endif
