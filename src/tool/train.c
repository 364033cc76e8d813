/*
 * Learns the weights of the scorer: from labelled sets, or from what agents
 * corrected, beside the weights in use.
 */
#include "command.h"
#include "corrections.h"
#include "input.h"
#include "material.h"
#include "scoring.h"
#include "../score/shipped.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND "train"

/* Hundredths of a point for a logit.  The learned part of urgency weighs
 * about half of what the signals do, the mood hardly anything: it is weak
 * evidence (docs/scoring.md). */
#define URGENCY_POINTS 300.0
#define UPSET_POINTS 80.0
#define SPAM_POINTS 600.0
#define SPAM_MIDDLE 4000.0 /* spam of a logit of 0 */
#define HAM_STEP 8 /* every eighth row of other sets is no spam either */

typedef struct {
    const char *output;
    const char *model;
    const char *database;
    triage_list_t urgency, upset, spam, corrections;
    bool is_forced;
} settings_t;

static const triage_option_t options[] = {
    { .name = "--output",
      .argument = "FILE",
      .help = "where the weights go, for triage_model",
      .offset = offsetof(settings_t, output),
      .kind = TRIAGE_OPTION_STRING },
    { .name = "--database",
      .argument = "CONNINFO",
      .help = "learn from the corrections of agents (triage.correction)",
      .offset = offsetof(settings_t, database),
      .kind = TRIAGE_OPTION_STRING },
    { .name = "--corrections",
      .argument = "TSV",
      .help = "the same from a file with the columns urgency and text",
      .offset = offsetof(settings_t, corrections),
      .kind = TRIAGE_OPTION_LIST },
    { .name = "--model",
      .argument = "FILE",
      .help = "learn beside these weights instead of the shipped ones",
      .offset = offsetof(settings_t, model),
      .kind = TRIAGE_OPTION_STRING },
    { .name = "--urgency",
      .argument = "TSV",
      .help = "from scratch: a set with the columns label and text",
      .offset = offsetof(settings_t, urgency),
      .kind = TRIAGE_OPTION_LIST },
    { .name = "--upset",
      .argument = "TSV",
      .help = "from scratch: a set for the mood",
      .offset = offsetof(settings_t, upset),
      .kind = TRIAGE_OPTION_LIST },
    { .name = "--spam",
      .argument = "TSV",
      .help = "from scratch: a set for spam",
      .offset = offsetof(settings_t, spam),
      .kind = TRIAGE_OPTION_LIST },
    { .name = "--force",
      .help = "write the weights even if they are worse",
      .offset = offsetof(settings_t, is_forced),
      .kind = TRIAGE_OPTION_FLAG },
    { .name = NULL },
};

static const triage_usage_t usage = {
    .command = COMMAND,
    .words = "--output FILE [options]",
    .summary = "Learns weights for the scorer: from corrections, beside the "
               "weights in use, or\nfrom labelled sets, from scratch.  "
               "Weights that are worse on corrections held\nback are "
               "refused, with the figures.",
    .notes = "A TSV file starts with a line that names its columns.\n"
             "exit: 0 written, 1 refused, 2 a file that cannot be read, 64 "
             "wrong command line\n",
    .options = { options, NULL },
    .min_words = 0,
    .max_words = 0,
};

static int
write_model(const triage_draft_t *draft, const char *path)
{
    triage_buffer_t bytes = { 0 };
    triage_model_t model;
    const char *why = "out of memory";
    char fresh[4096];
    FILE *file;
    bool is_whole;

    if (!triage_draft_write(draft, &bytes)
        || !triage_model_read(&model, triage_input_text(&bytes), &why))
    {
        triage_complain(COMMAND, "%s", why);
        triage_buffer_free(&bytes);
        return TRIAGE_EXIT_INTERNAL;
    }

    /* Renamed into place: a reload meets the old file or the new one. */
    snprintf(fresh, sizeof(fresh), "%s.new", path);
    file = fopen(fresh, "wb");
    if (file == NULL) {
        triage_complain(COMMAND, "%s: %s", fresh, strerror(errno));
        triage_buffer_free(&bytes);
        return TRIAGE_EXIT_USAGE;
    }
    is_whole = fwrite(bytes.data, 1, bytes.len, file) == bytes.len;
    is_whole = fclose(file) == 0 && is_whole;
    triage_buffer_free(&bytes);
    if (!is_whole || rename(fresh, path) != 0) {
        triage_complain(COMMAND, "%s: %s", path, strerror(errno));
        return TRIAGE_EXIT_INTERNAL;
    }
    return TRIAGE_EXIT_OK;
}

/* Pointers to the examples that are to be learned from. */
static triage_example_t **
rows_of(const triage_material_t *material, size_t first, size_t step,
        size_t *count)
{
    triage_example_t **rows =
        calloc(material->examples.count + 1, sizeof(*rows));
    size_t i;

    *count = 0;
    for (i = 0; rows != NULL && i < material->examples.count; i++) {
        if (i < first || (i - first) % step == 0) {
            rows[(*count)++] = &material->examples.items[i];
        }
    }
    return rows;
}

typedef struct {
    triage_head_t head;
    const triage_list_t *files;
    triage_learning_t learning;
    double points;
} head_plan_t;

/* Its own files, then what `others` hold as that which it is not; *own is
 * where those begin. */
static bool
gather(triage_material_t *material, const head_plan_t *plan,
       const triage_list_t *others, size_t *own)
{
    bool is_read = true;
    size_t i;

    for (i = 0; is_read && i < plan->files->count; i++) {
        is_read = triage_material_add_file(
            material, COMMAND, plan->files->items[i], "label", (unsigned) i);
    }
    *own = material->examples.count;
    for (i = 0; is_read && others != NULL && i < others->count; i++) {
        is_read = triage_material_add_file(material, COMMAND, others->items[i],
                                           "label", 0);
    }
    for (i = *own; i < material->examples.count; i++) {
        material->examples.items[i].label = 0;
    }

    return is_read;
}

static bool
learn_from(triage_draft_t *draft, const head_plan_t *plan,
           triage_example_t **rows, size_t count)
{
    triage_weights_t weights = { 0 };
    bool is_learned =
        rows != NULL && triage_learn(&weights, rows, count, &plan->learning);

    if (is_learned) {
        triage_draft_head(draft, plan->head, &weights, plan->points, rows,
                          count);
        if (plan->head == TRIAGE_HEAD_SPAM) {
            draft->bias[TRIAGE_HEAD_SPAM] =
                SPAM_MIDDLE + plan->points * weights.bias;
        }
        printf("%s: %zu texts\n", plan->files->items[0], count);
    } else {
        triage_complain(COMMAND, "%s: nothing to learn from",
                        plan->files->items[0]);
    }
    triage_weights_free(&weights);

    return is_learned;
}

static bool
learn_head(triage_draft_t *draft, const triage_scorer_t *scorer,
           const head_plan_t *plan, const triage_list_t *others)
{
    triage_material_t material = { .scorer = scorer };
    triage_example_t **rows;
    size_t own, count;
    bool is_learned = false;

    if (gather(&material, plan, others, &own)) {
        rows = rows_of(&material, own, HAM_STEP, &count);
        is_learned = learn_from(draft, plan, rows, count);
        free(rows);
    }
    triage_material_free(&material);

    return is_learned;
}

/* A scorer without learned weights. */
static triage_scorer_t *
open_bare(const triage_draft_t *draft, triage_buffer_t *bytes)
{
    const char *why;

    if (!triage_draft_write(draft, bytes)) {
        return NULL;
    }
    return triage_scorer_open(triage_input_text(bytes), &why);
}

static int
train_from_sets(const settings_t *settings)
{
    const head_plan_t plans[] = {
        { TRIAGE_HEAD_URGENCY,
          &settings->urgency,
          { 1, true, false, false },
          URGENCY_POINTS },
        { TRIAGE_HEAD_UPSET,
          &settings->upset,
          { 1, false, true, false },
          UPSET_POINTS },
        { TRIAGE_HEAD_SPAM,
          &settings->spam,
          { 16, false, false, false },
          SPAM_POINTS },
    };
    triage_buffer_t bytes = { 0 };
    triage_scorer_t *scorer = NULL;
    triage_draft_t draft;
    int status = TRIAGE_EXIT_UNREADABLE;
    bool is_good;
    size_t i;

    is_good = triage_draft_init(&draft)
              && (scorer = open_bare(&draft, &bytes)) != NULL;
    for (i = 0; is_good && i < sizeof(plans) / sizeof(plans[0]); i++) {
        if (plans[i].files->count > 0) {
            is_good = learn_head(
                &draft, scorer, &plans[i],
                plans[i].head == TRIAGE_HEAD_SPAM ? &settings->urgency : NULL);
        }
    }
    if (is_good) {
        status = write_model(&draft, settings->output);
    }
    triage_scorer_close(scorer);
    triage_buffer_free(&bytes);
    triage_draft_free(&draft);
    return status;
}

static bool
add_corrections(triage_material_t *material, const settings_t *settings)
{
    size_t i;

    for (i = 0; i < settings->corrections.count; i++) {
        if (!triage_material_add_file(material, COMMAND,
                                      settings->corrections.items[i],
                                      "urgency", 0))
        {
            return false;
        }
    }
    return settings->database == NULL
           || triage_material_add_database(material, COMMAND,
                                           settings->database);
}

static void
print_trial(FILE *out, const triage_trial_t *trial)
{
    fprintf(out,
            "corrections %zu, of the old weights %.3f kept\n"
            "pairs in the right order, held back: before %.4f, after %.4f\n",
            trial->count, trial->share, trial->before, trial->after);
}

static int
write_blend(const settings_t *settings, const triage_weights_t *weights,
            const triage_trial_t *trial, triage_text_t base)
{
    triage_model_t model;
    triage_draft_t draft;
    const char *why;
    int status = TRIAGE_EXIT_INTERNAL;

    triage_model_init(&model);
    if (base.len > 0 && !triage_model_read(&model, base, &why)) {
        triage_complain(COMMAND, "%s", why);
        return TRIAGE_EXIT_UNREADABLE;
    }
    if (triage_draft_init(&draft)) {
        triage_draft_blend(&draft, &model, weights, trial->share);
        draft.correction_count = (uint32_t) trial->count;
        status = write_model(&draft, settings->output);
    }
    triage_draft_free(&draft);
    return status;
}

static int
learn_corrections(const settings_t *settings, triage_material_t *material,
                  triage_text_t base)
{
    triage_weights_t weights;
    triage_trial_t trial;
    const char *why;
    int status;

    if (!triage_corrections_learn(&weights, &trial, &material->examples,
                                  material->degrees, &why))
    {
        triage_complain(COMMAND, "refused: %s", why);
        triage_weights_free(&weights);
        return TRIAGE_EXIT_FAILED;
    }
    if (!trial.is_better && !settings->is_forced) {
        triage_complain(COMMAND, "refused: not better, nothing was written");
        print_trial(stderr, &trial);
        triage_weights_free(&weights);
        return TRIAGE_EXIT_FAILED;
    }
    status = write_blend(settings, &weights, &trial, base);
    if (status == TRIAGE_EXIT_OK) {
        print_trial(stdout, &trial);
    }
    triage_weights_free(&weights);
    return status;
}

static int
train_from_corrections(const settings_t *settings)
{
    triage_scoring_settings_t scoring_settings = { settings->model, NULL };
    triage_scoring_t scoring;
    triage_material_t material = { .scorer = NULL };
    triage_text_t base;
    int status = TRIAGE_EXIT_UNREADABLE;

    if (triage_scoring_open(&scoring, COMMAND, &scoring_settings)) {
        material.scorer = scoring.scorer;
        base = settings->model != NULL ? triage_input_text(&scoring.model)
                                       : triage_shipped_model();
        if (add_corrections(&material, settings)) {
            status = learn_corrections(settings, &material, base);
        }
    }
    triage_material_free(&material);
    triage_scoring_close(&scoring);
    return status;
}

static int
train_from(const settings_t *settings)
{
    size_t sets =
        settings->urgency.count + settings->upset.count + settings->spam.count;

    if (settings->output == NULL) {
        triage_complain(COMMAND, "--output: where do the weights go?");
        return TRIAGE_EXIT_USAGE;
    }
    if (settings->database != NULL || settings->corrections.count > 0) {
        if (sets > 0) {
            triage_complain(COMMAND, "corrections or sets, not both");
            return TRIAGE_EXIT_USAGE;
        }
        return train_from_corrections(settings);
    }
    if (sets == 0) {
        triage_complain(COMMAND, "--database, --corrections or --urgency: "
                                 "what is there to learn from?");
        return TRIAGE_EXIT_USAGE;
    }
    return train_from_sets(settings);
}

int
triage_tool_train(int argc, char **argv)
{
    settings_t settings = { .output = NULL };
    triage_list_t words;
    int status;

    if (triage_options_read(&usage, argc, argv, &settings, &words, &status)) {
        status = train_from(&settings);
    }
    triage_list_free(&words);
    triage_list_free(&settings.urgency);
    triage_list_free(&settings.upset);
    triage_list_free(&settings.spam);
    triage_list_free(&settings.corrections);
    return status;
}
