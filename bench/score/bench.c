/*
 * The table of docs/scoring.md, from ../shared/scoring.
 *
 *   bench FOLDER [BASELINES [SET]]
 *
 * BASELINES is a TSV of id, vader and afinn that bench/score/run makes when
 * the npm packages are there.
 */
#include "measure.h"
#include "sets.h"
#include "../../src/tool/corrections.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define URGENCY_COST 1.0
#define URGENCY_POINTS 300.0 /* as in src/tool/train.c */
#define FOLDS 5

static set_t sets[] = {
    { .name = "airline", .is_urgency = 1 },
    { .name = "disaster", .is_free = 1, .is_urgency = 1 },
    { .name = "disaster_orig", .is_free = 1 },
    { .name = "banking77", .is_free = 1, .is_urgency = 1 },
    { .name = "clinc150", .is_free = 1, .is_urgency = 1 },
    { .name = "tickets_synth", .is_urgency = 1 },
    { .name = "sms_spam" },
};
#define SETS (sizeof(sets) / sizeof(sets[0]))
#define SPAM (SETS - 1)

/* What a customer in trouble is expected to write; a naive baseline. */
static const char *const keywords[] = {
    "urgent",  "asap",     "immediately",  "emergency",   "help",
    "now",     "stuck",    "stranded",     "cancelled",   "canceled",
    "delayed", "delay",    "late",         "lost",        "missing",
    "stolen",  "fraud",    "scam",         "hacked",      "unauthorized",
    "refund",  "broken",   "down",         "outage",      "error",
    "failed",  "failure",  "problem",      "issue",       "complaint",
    "worst",   "terrible", "waiting",      "hours",       "days",
    "never",   "still",    "again",        "nobody",      "no response",
    "ignored", "angry",    "unacceptable", "lawyer",      "police",
    "danger",  "injured",  "hurt",         "sick",        "food",
    "water",   "money",    "charged",      "blocked",     "locked",
    "cannot",  "can't",    "not working",  "please help", "need",
};
#define KEYWORDS (sizeof(keywords) / sizeof(keywords[0]))

static uint64_t
next_random(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));

    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static double *
new_scores(const set_t *set)
{
    return calloc(set->count + 1, sizeof(double));
}

static void
print_measure(const char *what, const double *scores, const int *labels,
              const set_t *set)
{
    measure_t measure =
        measure_ranking(scores, labels, set->grades, set->count);

    printf("  %-34s AUC %.4f [%.4f %.4f]  AP %.3f  top tenth %.3f  "
           "pairs %.4f\n",
           what, measure.auc, measure.low, measure.high, measure.precision,
           measure.top_tenth, measure.pairs);
    fflush(stdout);
}

static void
print_difference(const char *what, const double *ours, const double *theirs,
                 const int *labels, const set_t *set)
{
    measure_t measure = measure_difference(ours, theirs, labels, set->count);

    printf("    cold start less %-18s %+.4f [%+.4f %+.4f]\n", what,
           measure.auc, measure.low, measure.high);
}

static void
count_keywords(const set_t *set, double *scores)
{
    char text[4096];
    size_t i, j, len;

    for (i = 0; i < set->count; i++) {
        len = set->texts[i].len < sizeof(text) - 1 ? set->texts[i].len
                                                   : sizeof(text) - 1;
        for (j = 0; j < len; j++) {
            char c = set->texts[i].data[j];

            text[j] = c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
        }
        text[len] = '\0';
        for (j = 0; j < KEYWORDS; j++) {
            scores[i] += strstr(text, keywords[j]) != NULL;
        }
    }
}

/* id, vader, afinn: more negative is taken for more urgent. */
static int
read_baselines(const char *path, const set_t *set, double *vader,
               double *afinn)
{
    FILE *file = path == NULL ? NULL : fopen(path, "r");
    char line[512], id[256];
    size_t at = 0, found = 0;
    double v, a;

    if (file == NULL) {
        return 0;
    }
    while (at < set->count && fgets(line, sizeof(line), file) != NULL) {
        if (sscanf(line, "%255s %lf %lf", id, &v, &a) == 3
            && triage_text_is(set->ids[at], id))
        {
            vader[at] = -v;
            afinn[at] = -a;
            at++;
            found++;
        }
    }
    fclose(file);
    return found == set->count;
}

/* Learns the head of urgency from the free sets but one domain. */
static int
learn_without(triage_weights_t *weights, const char *left_out)
{
    size_t size = 0, count = 0, i, j;
    triage_example_t **rows;
    triage_learning_t learning = { .cost = URGENCY_COST, .has_sets = true };
    int is_learned;

    for (i = 0; i < SETS; i++) {
        size += sets[i].count;
    }
    rows = calloc(size + 1, sizeof(*rows));
    for (i = 0; i < SETS; i++) {
        /* What was sent and its translation are one domain. */
        if (!sets[i].is_free
            || strncmp(sets[i].name, left_out, strlen(left_out)) == 0) {
            continue;
        }
        for (j = 0; j < sets[i].count; j++) {
            rows[count++] = &sets[i].examples.items[j];
        }
    }
    is_learned = triage_learn(weights, rows, count, &learning);
    free(rows);
    return is_learned;
}

static void
score_unseen(const set_t *set, double *scores)
{
    triage_weights_t weights;
    size_t i;

    if (learn_without(&weights, set->name)) {
        weights.urgency = 0;
        for (i = 0; i < set->count; i++) {
            scores[i] = set->examples.items[i].urgency
                        + URGENCY_POINTS
                              * triage_weights_apply(&weights,
                                                     &set->examples.items[i]);
        }
    }
    triage_weights_free(&weights);
}

static void
score_same(const set_t *set, double *scores)
{
    triage_learning_t learning = { .cost = 4, .is_local = true };
    triage_example_t **rows = calloc(set->count + 1, sizeof(*rows));
    triage_weights_t weights;
    size_t count, i;
    unsigned fold;

    for (fold = 0; fold < FOLDS; fold++) {
        count = 0;
        for (i = 0; i < set->count; i++) {
            if (set->examples.items[i].group % FOLDS != fold) {
                rows[count++] = &set->examples.items[i];
            }
        }
        if (triage_learn(&weights, rows, count, &learning)) {
            for (i = 0; i < set->count; i++) {
                if (set->examples.items[i].group % FOLDS == fold) {
                    scores[i] = triage_weights_apply(&weights,
                                                     &set->examples.items[i]);
                }
            }
        }
        triage_weights_free(&weights);
    }
    free(rows);
}

static void
score_shipped(const set_t *set, const triage_scorer_t *scorer, double *scores)
{
    triage_examples_t examples = { NULL, 0, 0 };
    size_t i;

    for (i = 0; i < set->count; i++) {
        triage_example_t *example =
            triage_examples_add(&examples, scorer, set->texts[i]);

        scores[i] = example == NULL ? 0 : example->urgency;
    }
    triage_examples_free(&examples);
}

/* Corrections drawn from one half, judged on the other. */
static void
try_corrections(const set_t *set, const double *cold, size_t size,
                unsigned draws)
{
    size_t *pool = calloc(set->count + 1, sizeof(*pool));
    double *before = new_scores(set), *after = new_scores(set);
    int *labels = calloc(set->count + 1, sizeof(*labels));
    double sum = 0, start = 0, worst = 1;
    unsigned draw, accepted = 0;

    for (draw = 0; draw < draws; draw++) {
        triage_examples_t drawn = { NULL, 0, 0 };
        double *degrees = calloc(size + 1, sizeof(*degrees));
        uint64_t state = size * 1000 + draw;
        triage_weights_t weights;
        triage_verdict_t verdict;
        size_t count = 0, tested = 0, i, j, swap;
        const char *why;
        int is_new;
        double gain;

        for (i = 0; i < set->count; i++) {
            if (set->labels[i] >= 0
                && (set->examples.items[i].group >> 8) % 2 == 0) {
                pool[count++] = i;
            }
        }
        drawn.items = calloc(size + 1, sizeof(*drawn.items));
        for (i = 0; i < size && i < count; i++) {
            j = i + next_random(&state) % (count - i);
            swap = pool[i];
            pool[i] = pool[j];
            pool[j] = swap;
            drawn.items[i] = set->examples.items[pool[i]];
            drawn.items[i].urgency = (int32_t) cold[pool[i]];
            degrees[i] = set->labels[pool[i]] == 1 ? 85 : 20;
            drawn.count++;
        }
        is_new =
            triage_corrections_learn(&weights, &verdict, &drawn, degrees, &why)
            && verdict.is_better;
        accepted += is_new ? 1 : 0;
        for (i = 0; i < set->count; i++) {
            triage_example_t example = set->examples.items[i];

            if (example.label < 0 || (example.group >> 8) % 2 == 0) {
                continue;
            }
            example.urgency = (int32_t) cold[i];
            labels[tested] = example.label;
            before[tested] = example.urgency;
            after[tested] =
                is_new ? triage_blend_apply(&weights, verdict.share, &example)
                       : example.urgency;
            tested++;
        }
        start = measure_auc(before, labels, tested);
        gain = measure_auc(after, labels, tested) - start;
        sum += gain;
        worst = gain < worst ? gain : worst;
        triage_weights_free(&weights);
        free(drawn.items);
        free(degrees);
    }
    printf("  %5zu corrections: start %.4f, then %.4f, worst draw %+.4f, "
           "%u of %u accepted\n",
           size, start, start + sum / draws, worst, accepted, draws);
    fflush(stdout);
    free(pool);
    free(before);
    free(after);
    free(labels);
}

static void
measure_labels(const char *title, set_t *set, const int *labels,
               const triage_scorer_t *shipped, const char *baselines)
{
    double *length = new_scores(set), *words = new_scores(set);
    double *vader = new_scores(set), *afinn = new_scores(set);
    double *signals = new_scores(set), *unseen = new_scores(set);
    double *same = new_scores(set), *ours = new_scores(set);
    int has_baselines = read_baselines(baselines, set, vader, afinn);
    size_t i;

    for (i = 0; i < set->count; i++) {
        length[i] = (double) set->texts[i].len;
        signals[i] = set->examples.items[i].urgency;
    }
    count_keywords(set, words);
    score_unseen(set, unseen);
    score_shipped(set, shipped, ours);

    printf("\n%s, %zu rows\n", title, set->count);
    print_measure("length", length, labels, set);
    print_measure("60 keywords", words, labels, set);
    if (has_baselines) {
        print_measure("VADER", vader, labels, set);
        print_measure("AFINN", afinn, labels, set);
    } else {
        puts("  # skipped: VADER and AFINN (npm install in bench/score)");
    }
    print_measure("signals alone", signals, labels, set);
    print_measure("unseen domain: signals + free sets", unseen, labels, set);
    print_measure(set->is_free ? "shipped (has seen these rows)" : "shipped",
                  ours, labels, set);
    if (labels == set->labels) {
        score_same(set, same);
        print_measure("same domain, 5 parts", same, labels, set);
    }
    print_difference("length", unseen, length, labels, set);
    print_difference("keywords", unseen, words, labels, set);
    if (has_baselines) {
        print_difference("VADER", unseen, vader, labels, set);
        print_difference("AFINN", unseen, afinn, labels, set);
    }
    free(length);
    free(words);
    free(vader);
    free(afinn);
    free(signals);
    free(unseen);
    free(same);
    free(ours);
}

/* Weights for spam as in src/tool/train.c: rows of the other sets are no
 * spam.  In five parts. */
static void
measure_spam(set_t *set)
{
    triage_learning_t learning = { .cost = 16 };
    size_t size = set->count, count, i, j;
    triage_example_t **rows, *others;
    double *scores = new_scores(set), cut;
    double *ones = calloc(set->count + 1, sizeof(*ones));
    triage_weights_t weights;
    unsigned fold;
    size_t caught = 0, false_hits = 0, ham = 0;

    for (i = 0; i < SETS; i++) {
        size += sets[i].count;
    }
    rows = calloc(size + 1, sizeof(*rows));
    others = calloc(size + 1, sizeof(*others));
    for (fold = 0; fold < FOLDS; fold++) {
        count = 0;
        for (i = 0; i < set->count; i++) {
            if (set->examples.items[i].group % FOLDS != fold) {
                rows[count++] = &set->examples.items[i];
            }
        }
        for (i = 0; i < SETS; i++) {
            for (j = 0; sets[i].is_free && j < sets[i].count; j += 8) {
                others[count] = sets[i].examples.items[j];
                others[count].label = 0;
                rows[count] = &others[count];
                count++;
            }
        }
        if (triage_learn(&weights, rows, count, &learning)) {
            for (i = 0; i < set->count; i++) {
                const triage_example_t *example = &set->examples.items[i];

                if (example->group % FOLDS == fold) {
                    scores[i] =
                        600 * triage_weights_apply(&weights, example)
                        + 1200 * fmin(example->hits[TRIAGE_PROMOTION], 4)
                        + 600 * fmin(example->hits[TRIAGE_AMOUNT], 1);
                }
            }
        }
        triage_weights_free(&weights);
    }
    printf("\nspam, %zu rows, in 5 parts\n", set->count);
    print_measure("spam head and phrases", scores, set->labels, set);

    count = 0;
    for (i = 0; i < set->count; i++) {
        if (set->labels[i] == 1) {
            ones[count++] = scores[i];
        }
    }
    for (i = 1; i < count; i++) { /* few enough for insertion */
        cut = ones[i];
        for (j = i; j > 0 && ones[j - 1] < cut; j--) {
            ones[j] = ones[j - 1];
        }
        ones[j] = cut;
    }
    cut = count > 0 ? ones[(count * 85 + 99) / 100 - 1] : 0;
    for (i = 0; i < set->count; i++) {
        caught += set->labels[i] == 1 && scores[i] >= cut;
        ham += set->labels[i] == 0;
        false_hits += set->labels[i] == 0 && scores[i] >= cut;
    }
    printf("  at %.1f%% caught, %.2f%% false hits\n",
           100.0 * (double) caught / (double) (count ? count : 1),
           100.0 * (double) false_hits / (double) (ham ? ham : 1));
    free(rows);
    free(others);
    free(scores);
    free(ones);
}

static void
measure_cost(const triage_scorer_t *scorer)
{
    static const size_t sizes[] = { 100, 600 };
    static char text[601];
    static const char mail[] =
        "Dear team, since yesterday our account has been locked and we "
        "cannot reach any of the invoices that we need for our customers. I "
        "called twice and was told that someone would call back, but nobody "
        "did. Please help us as soon as possible, the whole office waits. ";
    triage_message_t message;
    size_t i, round, turn;

    puts("\ncost of a score with its terms");
    for (i = 0; i < sizeof(text) - 1; i++) {
        text[i] = mail[i % (sizeof(mail) - 1)];
    }
    memset(&message, 0, sizeof(message));
    message.audience = TRIAGE_PUBLIC;
    message.author_followers = 100;
    for (i = 0; i < 2; i++) {
        double best = 1e9;

        message.text = (triage_text_t){ text, sizes[i] };
        for (round = 0; round < 20; round++) {
            clock_t start = clock();
            double took;

            for (turn = 0; turn < 1000; turn++) {
                triage_heap_t heap = { NULL, 0 };
                triage_arena_t arena;
                triage_score_t score;

                triage_arena_on_heap(&arena, &heap);
                triage_score(scorer, triage_text("x"), &message, &arena,
                             &score);
                triage_heap_free(&heap);
            }
            took = (double) (clock() - start) / CLOCKS_PER_SEC * 1000;
            best = took < best ? took : best;
        }
        printf("  %zu bytes: %.2f us\n", sizes[i], best);
    }
    puts("  model: 1 MiB of weights, one access a bucket");
}

static int
read_sets(const char *folder, const triage_scorer_t *bare)
{
    unsigned i;

    for (i = 0; i < SETS; i++) {
        if (!set_read(&sets[i], folder, bare, i)) {
            printf("# SKIPPED: %s/%s.tsv is not there\n", folder,
                   sets[i].name);
            return 0;
        }
    }
    return 1;
}

static void
measure_set(set_t *set, const triage_scorer_t *shipped, const char *baselines)
{
    static const size_t sizes[] = { 25, 50, 100, 500, 2000 };
    double *cold = new_scores(set);
    int *all;
    size_t i;

    measure_labels(set->name, set, set->labels, shipped, baselines);
    score_unseen(set, cold);
    for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        try_corrections(set, cold, sizes[i], sizes[i] <= 100 ? 10 : 3);
    }
    free(cold);
    if (strcmp(set->name, "airline") != 0) {
        return;
    }
    all = calloc(set->count + 1, sizeof(*all));
    for (i = 0; i < set->count; i++) {
        all[i] = set->labels[i] == 1;
    }
    measure_labels("airline, urgent against all", set, all, shipped,
                   baselines);
    free(all);
}

int
main(int argc, char **argv)
{
    triage_buffer_t bytes = { NULL, 0, 0, false };
    const char *baselines = argc > 2 ? argv[2] : NULL, *why;
    const char *only = argc > 3 ? argv[3] : NULL; /* a set */
    triage_scorer_t *bare, *shipped;
    triage_draft_t draft;
    size_t i;

    if (argc < 2) {
        fputs("usage: bench FOLDER [BASELINES [SET]]\n", stderr);
        return 64;
    }
    shipped = triage_scorer_open(triage_no_text, &why);
    if (shipped == NULL || !triage_draft_init(&draft)
        || !triage_draft_write(&draft, &bytes))
    {
        return 70;
    }
    bare = triage_scorer_open((triage_text_t){ bytes.data, bytes.len }, &why);
    measure_cost(shipped);
    if (bare != NULL && read_sets(argv[1], bare)) {
        for (i = 0; i < SETS; i++) {
            if (sets[i].is_urgency) {
                if (only == NULL || strcmp(only, sets[i].name) == 0) {
                    measure_set(&sets[i], shipped, baselines);
                }
            }
        }
        measure_spam(&sets[SPAM]);
    }
    for (i = 0; i < SETS; i++) {
        set_free(&sets[i]);
    }
    triage_draft_free(&draft);
    triage_scorer_close(bare);
    triage_scorer_close(shipped);
    triage_buffer_free(&bytes);
    return 0;
}
