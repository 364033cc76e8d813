#include "measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RESAMPLES 1000
#define SEED UINT64_C(20250101)

typedef struct {
    double score;
    uint32_t row;
    int label, grade;
} item_t;

static int
compare_items(const void *a, const void *b)
{
    const item_t *left = a, *right = b;

    if (left->score != right->score) {
        return left->score < right->score ? -1 : 1;
    }
    return left->row < right->row ? -1 : left->row > right->row;
}

static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static uint8_t
poisson(uint64_t *state)
{
    double u = (double) (next_random(state) >> 11) / 9007199254740992.0;
    double p = exp(-1), sum = p;
    uint8_t k = 0;

    while (u > sum && k < 12) {
        k++;
        p /= k;
        sum += p;
    }
    return k;
}

static item_t *
sort_rows(const double *scores, const int *labels, const int *grades,
          size_t count)
{
    item_t *items = calloc(count + 1, sizeof(*items));
    size_t i;

    for (i = 0; i < count; i++) {
        items[i].score = scores[i];
        items[i].row = (uint32_t) i;
        items[i].label = labels[i];
        items[i].grade = grades == NULL ? 0 : grades[i];
    }
    qsort(items, count, sizeof(*items), compare_items);
    return items;
}

/* Ties count half; `weights` of a row, or NULL for 1. */
static double
area(const item_t *items, size_t count, const uint8_t *weights)
{
    double below = 0, right = 0, all = 0;
    size_t i = 0, j;

    while (i < count) {
        double zeros = 0, ones = 0;

        for (j = i; j < count && items[j].score == items[i].score; j++) {
            double weight = weights == NULL ? 1 : weights[items[j].row];

            ones += items[j].label == 1 ? weight : 0;
            zeros += items[j].label == 0 ? weight : 0;
        }
        right += ones * (below + zeros / 2);
        below += zeros;
        all += ones;
        i = j;
    }
    return all * below > 0 ? right / (all * below) : 0.5;
}

double
measure_auc(const double *scores, const int *labels, size_t count)
{
    item_t *items = sort_rows(scores, labels, NULL, count);
    double auc = area(items, count, NULL);

    free(items);
    return auc;
}

static int
compare_doubles(const void *a, const void *b)
{
    double left = *(const double *) a, right = *(const double *) b;

    return left < right ? -1 : left > right;
}

static void
set_interval(measure_t *measure, double *areas)
{
    qsort(areas, RESAMPLES, sizeof(*areas), compare_doubles);
    measure->low = areas[RESAMPLES * 25 / 1000];
    measure->high = areas[RESAMPLES * 975 / 1000 - 1];
}

static void
set_precision(measure_t *measure, const item_t *items, size_t count)
{
    size_t labelled = 0, seen = 0, ones = 0, i;
    double sum = 0;

    for (i = 0; i < count; i++) {
        labelled += items[i].label >= 0;
    }
    for (i = count; i > 0; i--) {
        if (items[i - 1].label < 0) {
            continue;
        }
        seen++;
        if (items[i - 1].label == 1) {
            ones++;
            sum += (double) ones / (double) seen;
        }
        if (seen == labelled / 10) {
            measure->top_tenth = (double) ones / (double) seen;
        }
    }
    measure->precision = ones > 0 ? sum / (double) ones : 0;
}

/* Each pair of grades is an area of its own. */
static void
set_pairs(measure_t *measure, const item_t *items, size_t count)
{
    item_t *pair = calloc(count + 1, sizeof(*pair));
    double right = 0, all = 0;
    int low, high;

    for (low = 0; low < 5; low++) {
        for (high = low + 1; high < 6; high++) {
            double zeros = 0, ones = 0;
            size_t i;

            memcpy(pair, items, count * sizeof(*pair));
            for (i = 0; i < count; i++) {
                pair[i].label = items[i].grade == high  ? 1
                                : items[i].grade == low ? 0
                                                        : -1;
                ones += pair[i].label == 1;
                zeros += pair[i].label == 0;
            }
            if (ones * zeros > 0) {
                right += ones * zeros * area(pair, count, NULL);
                all += ones * zeros;
            }
        }
    }
    measure->pairs = all > 0 ? right / all : 0;
    free(pair);
}

measure_t
measure_ranking(const double *scores, const int *labels, const int *grades,
                size_t count)
{
    item_t *items = sort_rows(scores, labels, grades, count);
    uint8_t *weights = calloc(count + 1, 1);
    double *areas = calloc(RESAMPLES, sizeof(*areas));
    uint64_t state = SEED;
    measure_t measure;
    size_t i, j;

    memset(&measure, 0, sizeof(measure));
    measure.auc = area(items, count, NULL);
    for (i = 0; i < RESAMPLES; i++) {
        for (j = 0; j < count; j++) {
            weights[j] = poisson(&state);
        }
        areas[i] = area(items, count, weights);
    }
    set_interval(&measure, areas);
    set_precision(&measure, items, count);
    set_pairs(&measure, items, count);
    free(items);
    free(weights);
    free(areas);
    return measure;
}

measure_t
measure_difference(const double *a, const double *b, const int *labels,
                   size_t count)
{
    item_t *left = sort_rows(a, labels, NULL, count);
    item_t *right = sort_rows(b, labels, NULL, count);
    uint8_t *weights = calloc(count + 1, 1);
    double *areas = calloc(RESAMPLES, sizeof(*areas));
    uint64_t state = SEED;
    measure_t measure;
    size_t i, j;

    memset(&measure, 0, sizeof(measure));
    measure.auc = area(left, count, NULL) - area(right, count, NULL);
    for (i = 0; i < RESAMPLES; i++) {
        for (j = 0; j < count; j++) {
            weights[j] = poisson(&state);
        }
        areas[i] = area(left, count, weights) - area(right, count, weights);
    }
    set_interval(&measure, areas);
    free(left);
    free(right);
    free(weights);
    free(areas);
    return measure;
}

static double *
ranks_of(const double *values, size_t count)
{
    int *none = calloc(count + 1, sizeof(*none));
    item_t *items = sort_rows(values, none, NULL, count);
    double *ranks = calloc(count + 1, sizeof(*ranks));
    size_t i = 0, j, k;

    while (i < count) {
        for (j = i; j < count && items[j].score == items[i].score; j++) {
        }
        for (k = i; k < j; k++) {
            ranks[items[k].row] = (double) (i + j - 1) / 2;
        }
        i = j;
    }
    free(none);
    free(items);
    return ranks;
}

double
measure_spearman(const double *a, const double *b, size_t count)
{
    double *left = ranks_of(a, count), *right = ranks_of(b, count);
    double mean = ((double) count - 1) / 2, xy = 0, xx = 0, yy = 0;
    size_t i;

    for (i = 0; i < count; i++) {
        xy += (left[i] - mean) * (right[i] - mean);
        xx += (left[i] - mean) * (left[i] - mean);
        yy += (right[i] - mean) * (right[i] - mean);
    }
    free(left);
    free(right);
    return xx * yy > 0 ? xy / sqrt(xx * yy) : 0;
}
