/*
 * Figures of a ranking: area under the curve with its interval, average
 * precision, precision in the top tenth, pairs in the right order.
 */
#ifndef TRIAGE_BENCH_MEASURE_H
#define TRIAGE_BENCH_MEASURE_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    double auc, low, high;
    double precision; /* average precision */
    double top_tenth;
    double pairs; /* of different grade, in the right order */
} measure_t;

/* `labels` are 1, 0, or -1 for rows that only count for pairs. */
measure_t measure_ranking(const double *scores, const int *labels,
                          const int *grades, size_t count);
double measure_auc(const double *scores, const int *labels, size_t count);
/* The area of `a` less that of `b`, on the same resamples. */
measure_t measure_difference(const double *a, const double *b,
                             const int *labels, size_t count);
double measure_spearman(const double *a, const double *b, size_t count);

#endif
