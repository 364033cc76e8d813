/*
 * Learns weights from labelled texts; the only owner of liblinear.
 */
#ifndef TRIAGE_LEARNER_H
#define TRIAGE_LEARNER_H

#include "../score/draft.h"
#include "../score/features.h"

/* A text as numbers.  The buckets are on the heap. */
typedef struct {
    uint32_t *buckets;
    uint32_t bucket_count;
    int32_t urgency; /* of the scorer that read it, before the limit */
    uint8_t hits[TRIAGE_SIGNAL_COUNT];
    int8_t label;   /* 1, 0, or -1: neither */
    int8_t grade;   /* order of urgency, for pairs */
    uint16_t set;   /* what it came from */
    uint32_t group; /* what must stay together */
    float weight;   /* how far it says 1, for learning from degrees */
} triage_example_t;

typedef struct {
    triage_example_t *items;
    size_t count, size;
} triage_examples_t;

/* NULL without memory; label, grade and set are to be filled. */
triage_example_t *triage_examples_add(triage_examples_t *examples,
                                      const triage_scorer_t *scorer,
                                      triage_text_t text);
void triage_examples_free(triage_examples_t *examples);

typedef struct {
    double bias;
    float *ngrams; /* NGRAM_BUCKETS; for a value of 1 / root of the count */
    double signals[TRIAGE_SIGNAL_COUNT]; /* for a hit */
    double urgency; /* for ten points of the scorer's urgency */
} triage_weights_t;

typedef struct {
    double cost;      /* liblinear's C */
    bool has_sets;    /* each set gets a level of its own, then dropped */
    bool is_balanced; /* both labels weigh the same */
    bool is_local;    /* with signals and the scorer's own urgency */
} triage_learning_t;

/* From the examples that have a label; logistic, L2.  False without memory
 * or when there is only one label. */
bool triage_learn(triage_weights_t *weights, triage_example_t **examples,
                  size_t count, const triage_learning_t *learning);
void triage_weights_free(triage_weights_t *weights);
/* The logit, without any set's level. */
double triage_weights_apply(const triage_weights_t *weights,
                            const triage_example_t *example);

/* Puts `weights` into a draft of a model: that many hundredths of a point a
 * logit, moved so that the mean of the examples is 0. */
void triage_draft_head(triage_draft_t *draft, triage_head_t head,
                       const triage_weights_t *weights, double points,
                       triage_example_t **examples, size_t count);
/* Blends local weights with the model they were learned beside: `share` of
 * the old one is kept. */
void triage_draft_blend(triage_draft_t *draft, const triage_model_t *base,
                        const triage_weights_t *weights, double share);
/* What a draft would give: the sum of terms before the limit.  `base` is the
 * model that read the example. */
double triage_blend_apply(const triage_weights_t *weights, double share,
                          const triage_example_t *example);

#endif
