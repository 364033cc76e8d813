/*
 * Learns from what agents corrected, and says whether it helped.
 *
 * New weights are judged on corrections that they have not seen: in five
 * parts, each judged by weights learned from the other four.  They are
 * accepted only when they put no fewer pairs of corrections in the right
 * order than the scorer that is in use.
 */
#ifndef TRIAGE_CORRECTIONS_H
#define TRIAGE_CORRECTIONS_H

#include "learner.h"

/* A correction becomes one example a threshold of the default routes: is it
 * at least that urgent? */
#define TRIAGE_CORRECTION_SPLIT 2

typedef struct {
    size_t count;  /* corrections */
    double before; /* share of pairs in the right order, held back */
    double after;
    double share; /* of the old model that is kept, 50 / (50 + count) */
    bool is_better;
} triage_trial_t;

/* `degrees` are urgencies from 0 to 100, one a text.  False with a literal
 * in *why when nothing can be learned from them.  The weights are filled
 * however the trial ends; free them. */
bool triage_corrections_learn(triage_weights_t *weights, triage_trial_t *trial,
                              const triage_examples_t *examples,
                              const double *degrees, const char **why);

/* The share of pairs of different degree that the scores put in the right
 * order; ties count half. */
double triage_pairs_in_order(const double *scores, const double *degrees,
                             size_t count);

#endif
