/*
 * Reads a command line by a table: one row an option, from which the help is
 * made too.
 *
 * "--name value" and "--name=value" are the same; "--" ends the options;
 * everything else is a word.  Complaints go to stderr and name the option
 * and what was expected.
 */
#ifndef TRIAGE_OPTIONS_H
#define TRIAGE_OPTIONS_H

#include "../base/buffer.h"

typedef enum {
    TRIAGE_OPTION_FLAG,   /* bool */
    TRIAGE_OPTION_STRING, /* const char *, NULL when not given */
    TRIAGE_OPTION_LIST,   /* triage_list_t, may be given again and again */
    TRIAGE_OPTION_NUMBER  /* int64_t, left alone when not given */
} triage_option_kind_t;

/* Strings of the command line, in order; the array is on the heap. */
typedef struct {
    const char **items;
    size_t count;
} triage_list_t;

typedef struct {
    const char *name;     /* "--header"; NULL ends a table */
    const char *argument; /* shown in the help; NULL for a flag */
    const char *help;
    size_t offset; /* of the field in the settings */
    triage_option_kind_t kind;
    int64_t min, max; /* of a number */
} triage_option_t;

typedef struct {
    const char *command;               /* "parse" */
    const char *words;                 /* "PLATFORM < body" */
    const char *summary;               /* a sentence */
    const char *notes;                 /* below the options; NULL: none */
    const triage_option_t *options[2]; /* two tables over the same settings;
                                          either may be NULL */
    size_t min_words, max_words;
} triage_usage_t;

/* Fills the settings, which hold the defaults, and the words (a list that
 * the caller frees, as every list in the settings, whatever is returned).
 * False when the command is to end with *status: the help was printed, or
 * the command line is wrong. */
TRIAGE_MUST_CHECK bool triage_options_read(const triage_usage_t *usage,
                                           int argc, char **argv,
                                           void *settings,
                                           triage_list_t *words, int *status);
void triage_list_free(triage_list_t *list);

/* "triage parse: ..." on stderr, with a newline. */
void triage_complain(const char *command, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
