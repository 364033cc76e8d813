/*
 * The sets of ../shared/scoring, read and turned into examples.
 */
#ifndef TRIAGE_BENCH_SETS_H
#define TRIAGE_BENCH_SETS_H

#include "../../src/tool/learner.h"

enum { SET_COUNT = 8 };

typedef struct {
    const char *name;
    int is_free; /* may train what is shipped */
    int is_urgency;
    triage_buffer_t file;
    triage_examples_t examples;
    triage_text_t *ids, *texts;
    /* As arrays, for measuring. */
    int *labels, *grades;
    size_t count;
} set_t;

/* False when the file is not there. */
int set_read(set_t *set, const char *folder, const triage_scorer_t *scorer,
             unsigned number);
void set_free(set_t *set);

#endif
