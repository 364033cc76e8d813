#include "corrections.h"

#include <stdlib.h>
#include <string.h>

#define PARTS 5
#define LEAST 20       /* corrections */
#define PRIOR 50.0     /* corrections that the shipped weights are worth */
#define COST 4.0       /* liblinear's C */
#define PAIRS_MAX 4000 /* corrections that pairs are counted among */

static const double thresholds[TRIAGE_CORRECTION_SPLIT] = { 40, 70 };

double
triage_pairs_in_order(const double *scores, const double *degrees,
                      size_t count)
{
    double right = 0, all = 0;
    size_t i, j;

    count = count < PAIRS_MAX ? count : PAIRS_MAX;
    for (i = 0; i < count; i++) {
        for (j = 0; j < i; j++) {
            if (degrees[i] == degrees[j]) {
                continue;
            }
            all++;
            if (scores[i] == scores[j]) {
                right += 0.5;
            } else if ((scores[i] > scores[j]) == (degrees[i] > degrees[j])) {
                right++;
            }
        }
    }
    return all > 0 ? right / all : 0.5;
}

/* Examples for the rows outside of `part` (all rows for PARTS). */
static bool
learn_without(triage_weights_t *weights, const triage_examples_t *examples,
              const double *degrees, unsigned part)
{
    size_t size = examples->count * TRIAGE_CORRECTION_SPLIT;
    triage_example_t *split = calloc(size + 1, sizeof(*split));
    triage_example_t **rows = calloc(size + 1, sizeof(*rows));
    triage_learning_t learning = { .cost = COST, .is_local = true };
    size_t count = 0, i, j;
    bool is_learned;

    for (i = 0; split != NULL && rows != NULL && i < examples->count; i++) {
        if (examples->items[i].group % PARTS == part) {
            continue;
        }
        for (j = 0; j < TRIAGE_CORRECTION_SPLIT; j++) {
            split[count] = examples->items[i];
            split[count].label = degrees[i] >= thresholds[j];
            rows[count] = &split[count];
            count++;
        }
    }
    /* Each correction is there once a threshold. */
    learning.cost /= TRIAGE_CORRECTION_SPLIT;
    is_learned = count > 0 && triage_learn(weights, rows, count, &learning);
    free(split);
    free(rows);
    return is_learned;
}

static double
share_of(size_t count)
{
    return PRIOR / (PRIOR + (double) count);
}

/* Pairs of corrections that were held back together: others were scored by
 * different weights. */
typedef struct {
    double old_right, new_right, all;
} tally_t;

typedef struct {
    double *old_scores, *new_scores, *degrees;
    size_t count;
} held_t;

static void
hold_back(held_t *held, const triage_examples_t *examples,
          const double *degrees, unsigned part,
          const triage_weights_t *weights)
{
    double share = share_of(examples->count * (PARTS - 1) / PARTS);
    size_t i;

    held->count = 0;
    for (i = 0; i < examples->count; i++) {
        if (examples->items[i].group % PARTS != part) {
            continue;
        }
        held->old_scores[held->count] = examples->items[i].urgency;
        held->new_scores[held->count] =
            triage_blend_apply(weights, share, &examples->items[i]);
        held->degrees[held->count] = degrees[i];
        held->count++;
    }
}

static double
pairs_of(const held_t *held)
{
    double pairs = 0;
    size_t i, j;

    for (i = 0; i < held->count; i++) {
        for (j = 0; j < i; j++) {
            pairs += held->degrees[i] != held->degrees[j];
        }
    }
    return pairs;
}

static bool
judge_part(held_t *held, tally_t *tally, const triage_examples_t *examples,
           const double *degrees, unsigned part)
{
    triage_weights_t weights;
    bool is_learned = learn_without(&weights, examples, degrees, part);
    double pairs;

    if (is_learned) {
        hold_back(held, examples, degrees, part, &weights);
        pairs = pairs_of(held);
        tally->all += pairs;
        tally->old_right += pairs
                            * triage_pairs_in_order(
                                held->old_scores, held->degrees, held->count);
        tally->new_right += pairs
                            * triage_pairs_in_order(
                                held->new_scores, held->degrees, held->count);
    }
    triage_weights_free(&weights);
    return is_learned;
}

static bool
judge(triage_trial_t *trial, const triage_examples_t *examples,
      const double *degrees)
{
    size_t size = (examples->count + 1) * sizeof(double);
    held_t held = { malloc(size), malloc(size), malloc(size), 0 };
    tally_t tally = { 0, 0, 0 };
    unsigned part;
    bool is_judged = held.old_scores != NULL && held.new_scores != NULL
                     && held.degrees != NULL;

    for (part = 0; is_judged && part < PARTS; part++) {
        is_judged = judge_part(&held, &tally, examples, degrees, part);
    }
    free(held.old_scores);
    free(held.new_scores);
    free(held.degrees);
    if (!is_judged || tally.all < 1) {
        return false;
    }
    trial->before = tally.old_right / tally.all;
    trial->after = tally.new_right / tally.all;
    trial->is_better = trial->after >= trial->before;
    return true;
}

bool
triage_corrections_learn(triage_weights_t *weights, triage_trial_t *trial,
                         const triage_examples_t *examples,
                         const double *degrees, const char **why)
{
    memset(weights, 0, sizeof(*weights));
    memset(trial, 0, sizeof(*trial));
    trial->count = examples->count;
    trial->share = share_of(examples->count);
    if (examples->count < LEAST) {
        *why = "fewer than 20 corrections";
        return false;
    }
    if (!judge(trial, examples, degrees)
        || !learn_without(weights, examples, degrees, PARTS))
    {
        *why = "the corrections are all on one side of 40 and 70, or memory "
               "is short";
        return false;
    }
    return true;
}
