/*
 * What is learned from: texts as the scorer sees them, each with how much it
 * is what is to be learned.
 */
#ifndef TRIAGE_MATERIAL_H
#define TRIAGE_MATERIAL_H

#include "learner.h"

/* Zero but for the scorer at first. */
typedef struct {
    const triage_scorer_t *scorer; /* lent */
    triage_examples_t examples;
    double *degrees; /* of each example */
    size_t size;
} triage_material_t;

/* The rows of a file (table.h) whose degree is in the column `value`, as
 * examples of that set.  False after `command` said what is wrong. */
bool triage_material_add_file(triage_material_t *material, const char *command,
                              const char *path, const char *value,
                              unsigned set);
/* What agents corrected (triage.correction), by urgency. */
bool triage_material_add_database(triage_material_t *material,
                                  const char *command, const char *conninfo);
void triage_material_free(triage_material_t *material);

#endif
