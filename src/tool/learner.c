#include "learner.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEN_POINTS 1000.0
/* A local logit as points: 0 is between both labels. */
#define LOCAL_MIDDLE 5500.0
#define LOCAL_POINTS 1200.0
#define SIGNAL_VALUE 0.25 /* of a hit, beside n-grams */
#define URGENCY_VALUE 1.0
#define LEAST_LEANING 0.05
#define LEAST_URGENCY 0.4 /* LOCAL_POINTS make 10 points 5 */

triage_example_t *
triage_examples_add(triage_examples_t *examples, const triage_scorer_t *scorer,
                    triage_text_t text)
{
    triage_features_t *features = malloc(sizeof(*features));
    triage_message_t message;
    triage_example_t *example, *larger;
    size_t size, i;

    memset(&message, 0, sizeof(message));
    message.kind = TRIAGE_MESSAGE;
    message.text = text;
    message.stars = TRIAGE_UNKNOWN;
    if (features == NULL) {
        return NULL;
    }
    if (examples->count == examples->size) {
        size = examples->size == 0 ? 1024 : 2 * examples->size;
        larger = realloc(examples->items, size * sizeof(*larger));
        if (larger == NULL) {
            free(features);
            return NULL;
        }
        examples->items = larger;
        examples->size = size;
    }

    triage_features_read(scorer, &message, features);
    example = &examples->items[examples->count];
    memset(example, 0, sizeof(*example));
    example->bucket_count = (uint32_t) features->ngrams.count;
    example->urgency = features->urgency;
    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        example->hits[i] =
            (uint8_t) (features->hits[i] < 255 ? features->hits[i] : 255);
    }
    example->buckets = malloc((example->bucket_count + 1) * sizeof(uint32_t));
    if (example->buckets != NULL) {
        memcpy(example->buckets, features->ngrams.buckets,
               example->bucket_count * sizeof(uint32_t));
        examples->count++;
    }
    free(features);
    return example->buckets == NULL ? NULL : example;
}

void
triage_examples_free(triage_examples_t *examples)
{
    size_t i;

    for (i = 0; i < examples->count; i++) {
        free(examples->items[i].buckets);
    }
    free(examples->items);
    memset(examples, 0, sizeof(*examples));
}

/* The features of liblinear: n-grams, then signals, the scorer's urgency,
 * sets. */
enum {
    FIRST_NGRAM = 1,
    FIRST_SIGNAL = FIRST_NGRAM + TRIAGE_NGRAM_BUCKETS,
    URGENCY = FIRST_SIGNAL + TRIAGE_SIGNAL_COUNT,
    FIRST_SET,
    SETS = 16,
    FEATURES = FIRST_SET + SETS - 1
};

typedef struct {
    struct problem problem;
    struct feature_node *nodes;
    size_t node_count;
    float *leanings; /* of n-grams; NULL: all alike */
} table_t;

static int
compare_nodes(const void *a, const void *b)
{
    const struct feature_node *left = a, *right = b;

    return left->index - right->index;
}

static void
add_node(table_t *table, int index, double value)
{
    table->nodes[table->node_count].index = index;
    table->nodes[table->node_count].value = value;
    table->node_count++;
}

static double
value_of(const triage_example_t *example)
{
    return example->bucket_count == 0 ? 0 : 1 / sqrt(example->bucket_count);
}

/* How much an n-gram leans to one label, as the difference of the logs of its
 * frequencies: features are scaled by it, so that what tells the labels apart
 * is regularised less (Wang and Manning 2012). */
static bool
read_leanings(table_t *table, triage_example_t **examples, size_t count)
{
    float *seen[2] = { calloc(TRIAGE_NGRAM_BUCKETS, sizeof(float)),
                       calloc(TRIAGE_NGRAM_BUCKETS, sizeof(float)) };
    double texts[2] = { 0, 0 };
    size_t i;
    uint32_t j;

    table->leanings = malloc(TRIAGE_NGRAM_BUCKETS * sizeof(float));
    if (seen[0] == NULL || seen[1] == NULL || table->leanings == NULL) {
        free(seen[0]);
        free(seen[1]);
        return false;
    }
    for (i = 0; i < count; i++) {
        if (examples[i]->label < 0) {
            continue;
        }
        texts[examples[i]->label]++;
        for (j = 0; j < examples[i]->bucket_count; j++) {
            seen[examples[i]->label][examples[i]->buckets[j]]++;
        }
    }
    for (i = 0; i < TRIAGE_NGRAM_BUCKETS; i++) {
        table->leanings[i] =
            (float) (LEAST_LEANING
                     + fabs(
                         log(((double) seen[1][i] + 1) / (texts[1] + 2))
                         - log(((double) seen[0][i] + 1) / (texts[0] + 2))));
    }
    free(seen[0]);
    free(seen[1]);
    return true;
}

static double
leaning_of(const table_t *table, uint32_t bucket)
{
    return table->leanings == NULL ? 1 : (double) table->leanings[bucket];
}

static void
free_table(table_t *table)
{
    free(table->leanings);
    free(table->nodes);
    free(table->problem.x);
    free(table->problem.y);
}

static void
add_row(table_t *table, const triage_example_t *example,
        const triage_learning_t *learning)
{
    struct problem *problem = &table->problem;
    struct feature_node *row = &table->nodes[table->node_count];
    uint32_t i;

    for (i = 0; i < example->bucket_count; i++) {
        add_node(table, FIRST_NGRAM + (int) example->buckets[i],
                 value_of(example) * leaning_of(table, example->buckets[i]));
    }
    qsort(row, example->bucket_count, sizeof(*row), compare_nodes);
    for (i = 0; learning->is_local && i < TRIAGE_SIGNAL_COUNT; i++) {
        if (example->hits[i] > 0) {
            add_node(table, FIRST_SIGNAL + (int) i, SIGNAL_VALUE);
        }
    }
    if (learning->is_local) {
        add_node(table, URGENCY,
                 URGENCY_VALUE * example->urgency / TEN_POINTS);
    }
    if (learning->has_sets) {
        add_node(table, FIRST_SET + example->set % SETS, 1);
    }
    add_node(table, FEATURES + 1, 1); /* the bias */
    add_node(table, -1, 0);
    problem->x[problem->l] = row;
    problem->y[problem->l] = example->label;
    problem->l++;
}

static bool
fill_table(table_t *table, triage_example_t **examples, size_t count,
           const triage_learning_t *learning)
{
    size_t i, nodes = 0;

    for (i = 0; i < count; i++) {
        nodes += examples[i]->bucket_count + TRIAGE_SIGNAL_COUNT + 4;
    }
    table->nodes = malloc((nodes + 1) * sizeof(*table->nodes));
    table->problem.x = malloc((count + 1) * sizeof(*table->problem.x));
    table->problem.y = malloc((count + 1) * sizeof(*table->problem.y));
    if (table->nodes == NULL || table->problem.x == NULL
        || table->problem.y == NULL)
    {
        return false;
    }
    if (learning->is_local && !read_leanings(table, examples, count)) {
        return false;
    }
    table->problem.bias = 1;
    table->problem.n = FEATURES + 1;
    for (i = 0; i < count; i++) {
        if (examples[i]->label >= 0) {
            add_row(table, examples[i], learning);
        }
    }
    return true;
}

static void
keep_quiet(const char *line)
{
    (void) line;
}

static struct model *
fit(const struct problem *problem, const triage_learning_t *learning)
{
    int labels[2] = { 0, 1 };
    double weights[2] = { 1, 1 };
    struct parameter parameter;
    double positive = 0;
    int i;

    for (i = 0; i < problem->l; i++) {
        positive += problem->y[i];
    }
    if (positive < 1 || positive > problem->l - 1) {
        return NULL;
    }
    memset(&parameter, 0, sizeof(parameter));
    if (learning->is_balanced) {
        weights[0] = problem->l / (2 * (problem->l - positive));
        weights[1] = problem->l / (2 * positive);
        parameter.nr_weight = 2;
        parameter.weight_label = labels;
        parameter.weight = weights;
    }
    parameter.solver_type = L2R_LR;
    parameter.C = learning->cost;
    parameter.eps = 0.01;
    parameter.p = 0.1;
    set_print_string_function(keep_quiet);
    return train(problem, &parameter);
}

static void
read_weights(triage_weights_t *weights, const struct model *model,
             const table_t *table)
{
    int i;

    /* liblinear's weights are for the label that it met first. */
    weights->bias = get_decfun_bias(model, 0);
    for (i = 0; i < (int) TRIAGE_NGRAM_BUCKETS; i++) {
        weights->ngrams[i] =
            (float) (get_decfun_coef(model, FIRST_NGRAM + i, 0)
                     * leaning_of(table, (uint32_t) i));
    }
    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        weights->signals[i] =
            SIGNAL_VALUE * get_decfun_coef(model, FIRST_SIGNAL + i, 0);
    }
    weights->urgency = URGENCY_VALUE * get_decfun_coef(model, URGENCY, 0);
    if (model->label[0] == 1) {
        return;
    }
    weights->bias = -weights->bias;
    weights->urgency = -weights->urgency;
    for (i = 0; i < (int) TRIAGE_NGRAM_BUCKETS; i++) {
        weights->ngrams[i] = -weights->ngrams[i];
    }
    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        weights->signals[i] = -weights->signals[i];
    }
}

/* What was known must outlive corrections that are all about one thing: the
 * old score keeps at least half of its say, around the same middle. */
static void
keep_urgency(triage_weights_t *weights, triage_example_t **examples,
             size_t count)
{
    double mean = 0, lacking = LEAST_URGENCY - weights->urgency;
    size_t i;

    if (lacking <= 0) {
        return;
    }
    for (i = 0; i < count; i++) {
        mean += examples[i]->urgency / TEN_POINTS / (double) count;
    }
    weights->urgency += lacking;
    weights->bias -= lacking * mean;
}

bool
triage_learn(triage_weights_t *weights, triage_example_t **examples,
             size_t count, const triage_learning_t *learning)
{
    table_t table;
    struct model *model = NULL;
    bool is_learned;

    memset(weights, 0, sizeof(*weights));
    memset(&table, 0, sizeof(table));
    weights->ngrams = calloc(TRIAGE_NGRAM_BUCKETS, sizeof(float));
    if (weights->ngrams != NULL
        && fill_table(&table, examples, count, learning)) {
        model = fit(&table.problem, learning);
    }
    is_learned = model != NULL;
    if (model != NULL) {
        read_weights(weights, model, &table);
        if (learning->is_local) {
            keep_urgency(weights, examples, count);
        }
        free_and_destroy_model(&model);
    }
    free_table(&table);
    return is_learned;
}

void
triage_weights_free(triage_weights_t *weights)
{
    free(weights->ngrams);
    memset(weights, 0, sizeof(*weights));
}

static double
apply_ngrams(const triage_weights_t *weights, const triage_example_t *example)
{
    double sum = 0;
    uint32_t i;

    for (i = 0; i < example->bucket_count; i++) {
        sum += (double) weights->ngrams[example->buckets[i]];
    }
    return sum * value_of(example);
}

double
triage_weights_apply(const triage_weights_t *weights,
                     const triage_example_t *example)
{
    double logit = weights->bias + apply_ngrams(weights, example);
    int i;

    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        if (example->hits[i] > 0) {
            logit += weights->signals[i];
        }
    }
    return logit + weights->urgency * example->urgency / TEN_POINTS;
}

void
triage_draft_head(triage_draft_t *draft, triage_head_t head,
                  const triage_weights_t *weights, double points,
                  triage_example_t **examples, size_t count)
{
    double mean = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        mean += apply_ngrams(weights, examples[i]) / (double) count;
    }
    draft->bias[head] = -mean * points;
    for (i = 0; i < TRIAGE_NGRAM_BUCKETS; i++) {
        draft->heads[head][i] = (float) (points * (double) weights->ngrams[i]);
    }
}

void
triage_draft_blend(triage_draft_t *draft, const triage_model_t *base,
                   const triage_weights_t *weights, double share)
{
    /* The old sum of terms is a feature of the new one. */
    double old =
        share + (1 - share) * LOCAL_POINTS * weights->urgency / TEN_POINTS;
    double local = (1 - share) * LOCAL_POINTS;
    size_t i;

    triage_draft_add(draft, base, 1);
    draft->gain = base->gain / 1024.0 * old;
    draft->bias[TRIAGE_HEAD_UPSET] *= old;
    draft->bias[TRIAGE_HEAD_URGENCY] =
        old * (TRIAGE_SCORE_BASE + draft->bias[TRIAGE_HEAD_URGENCY])
        - TRIAGE_SCORE_BASE + (1 - share) * LOCAL_MIDDLE
        + local * weights->bias;
    for (i = 0; i < TRIAGE_NGRAM_BUCKETS; i++) {
        draft->heads[TRIAGE_HEAD_UPSET][i] *= (float) old;
        draft->heads[TRIAGE_HEAD_URGENCY][i] =
            (float) (old * (double) draft->heads[TRIAGE_HEAD_URGENCY][i]
                     + local * (double) weights->ngrams[i]);
    }
    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        draft->added[i] = old * draft->added[i] + local * weights->signals[i];
    }
}

double
triage_blend_apply(const triage_weights_t *weights, double share,
                   const triage_example_t *example)
{
    return share * example->urgency
           + (1 - share)
                 * (LOCAL_MIDDLE
                    + LOCAL_POINTS * triage_weights_apply(weights, example));
}
