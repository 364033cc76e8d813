/*
 * Puts the terms of a score together: signals found by phrases and shapes,
 * the learned part, and how far the message can be seen.
 */
#include "scorer.h"

#include <stdlib.h>
#include <string.h>

#include "features.h"
#include "model.h"
#include "phrases.h"
#include "shipped.h"
#include "visibility.h"

#define BASE TRIAGE_SCORE_BASE
#define SPAM_BASE 1000
#define WORDS_NAMED 8
#define BEND 1000 /* hundredths from either end where the limit begins */
#define MAX_UPSET 800

struct triage_scorer_s {
    triage_phrases_t *phrases;
    triage_model_t model;
};

/* What is known of one message on the way to its score. */
typedef struct {
    const triage_scorer_t *scorer;
    const triage_message_t *message;
    triage_arena_t *arena;
    triage_words_t words;
    triage_ngrams_t ngrams;
    unsigned hits[TRIAGE_SIGNAL_COUNT];
    triage_term_t terms[TRIAGE_TERMS_MAX];
    size_t term_count;
    int64_t urgency, visibility; /* sums of the terms */
} work_t;

static bool
add_lists(triage_scorer_t *scorer, const triage_text_t *lists, size_t count,
          const char **why, unsigned *line)
{
    const triage_shipped_t *shipped;
    triage_text_t list;
    size_t i;

    for (i = 0; i < count; i++) {
        if (!triage_phrases_add(scorer->phrases, lists[i], why, line)) {
            return false;
        }
    }
    if (count > 0) {
        return true;
    }
    for (shipped = triage_shipped_phrases; shipped->name != NULL; shipped++) {
        list = (triage_text_t){ shipped->start,
                                (size_t) (shipped->end - shipped->start) };
        if (!triage_phrases_add(scorer->phrases, list, why, line)) {
            return false;
        }
    }
    return true;
}

triage_scorer_t *
triage_scorer_open_lists(triage_text_t model, const triage_text_t *lists,
                         size_t count, const char **why, unsigned *line)
{
    triage_scorer_t *scorer = calloc(1, sizeof(*scorer));

    *why = "no memory";
    *line = 0;
    if (scorer == NULL) {
        return NULL;
    }
    if (model.data == NULL) {
        model = triage_shipped_model();
    }
    triage_model_init(&scorer->model);
    if (model.len > 0 && !triage_model_read(&scorer->model, model, why)) {
        free(scorer);
        return NULL;
    }

    scorer->phrases = triage_phrases_create();
    if (scorer->phrases == NULL || !add_lists(scorer, lists, count, why, line)
        || !triage_phrases_finish(scorer->phrases))
    {
        triage_scorer_close(scorer);
        return NULL;
    }
    *why = NULL;
    return scorer;
}

triage_scorer_t *
triage_scorer_open(triage_text_t model, const char **why)
{
    unsigned line;

    return triage_scorer_open_lists(model, NULL, 0, why, &line);
}

void
triage_scorer_close(triage_scorer_t *scorer)
{
    if (scorer == NULL) {
        return;
    }
    triage_phrases_free(scorer->phrases);
    free(scorer);
}

/* Terms that add nothing are left out; there is room for all others. */
static void
add_term(work_t *work, triage_text_t signal, int64_t urgency,
         int64_t visibility)
{
    triage_term_t *term = &work->terms[work->term_count];

    if ((urgency == 0 && visibility == 0)
        || work->term_count == TRIAGE_TERMS_MAX) {
        return;
    }
    term->signal = signal;
    term->urgency = (int32_t) urgency;
    term->visibility = (int32_t) visibility;
    work->term_count++;
    work->urgency += urgency;
    work->visibility += visibility;
}

/* Sixteen steps of length: 16, 32, … 160 characters. */
static unsigned
steps_of(unsigned characters)
{
    return 1 + characters / 16;
}

static unsigned
stars_below(int64_t stars, int64_t limit)
{
    return stars >= 1 && stars < limit ? (unsigned) (limit - stars) : 0;
}

static void
count_shapes(work_t *work)
{
    const triage_shapes_t *shapes = &work->words.shapes;
    unsigned *hits = work->hits;
    int64_t stars = work->message->stars;

    hits[TRIAGE_LENGTH] = steps_of(shapes->characters);
    hits[TRIAGE_CAPITALS] = shapes->capitals;
    hits[TRIAGE_EXCLAMATION] = shapes->exclamations;
    hits[TRIAGE_QUESTION_MARK] = shapes->questions;
    hits[TRIAGE_CLOCK_TIME] = shapes->clock_times;
    hits[TRIAGE_DATE] = shapes->dates;
    hits[TRIAGE_AMOUNT] = shapes->amounts;
    hits[TRIAGE_REFERENCE] = shapes->references;
    hits[TRIAGE_STRETCHED] = shapes->stretched;
    hits[TRIAGE_HAPPY_FACE] = shapes->emoji[TRIAGE_EMOJI_HAPPY];
    hits[TRIAGE_LAUGHTER] += shapes->emoji[TRIAGE_EMOJI_LAUGHING];
    hits[TRIAGE_ANGRY_FACE] = shapes->emoji[TRIAGE_EMOJI_ANGRY];
    hits[TRIAGE_ALARM_SIGN] = shapes->emoji[TRIAGE_EMOJI_ALARMING];
    hits[TRIAGE_LINK] = shapes->links;
    hits[TRIAGE_HANDLES] = shapes->handles > 1 ? shapes->handles - 1 : 0;
    hits[TRIAGE_LOW_RATING] = stars_below(stars, 3);
    hits[TRIAGE_HIGH_RATING] = stars > 3 ? (unsigned) (stars - 3) : 0;
}

static void
add_signals(work_t *work)
{
    const triage_model_t *model = &work->scorer->model;
    const triage_signal_t *signal;
    int64_t points;
    int i;

    for (i = 0; i < TRIAGE_SIGNAL_COUNT; i++) {
        if (work->hits[i] == 0) {
            continue;
        }
        signal = &triage_signals[i];
        points = triage_signal_points(signal, work->hits[i]);
        points = points * model->gain / 1024 + model->added[i];
        add_term(work, triage_text_of(signal->name), points, 0);
    }
}

static int64_t
bent(int64_t sum)
{
    const int64_t bend = BEND, most = 10000;

    if (sum > most - bend) {
        return most - bend * bend / (sum - (most - 2 * bend));
    }
    if (sum < bend) {
        return bend * bend / (2 * bend - sum);
    }
    return sum;
}

/* The words that weigh most, heaviest first and of equals the earlier. */
static size_t
find_heaviest(const int32_t *sums, size_t count, size_t heaviest[WORDS_NAMED])
{
    size_t found = 0, at, i;
    int32_t weight, least = -1; /* to come in */

    for (i = 0; i < count; i++) {
        weight = abs(sums[i]);
        if (weight <= least) {
            continue;
        }
        at = found < WORDS_NAMED ? found++ : WORDS_NAMED - 1;
        for (; at > 0 && abs(sums[heaviest[at - 1]]) < weight; at--) {
            heaviest[at] = heaviest[at - 1];
        }
        heaviest[at] = i;
        if (found == WORDS_NAMED) {
            least = abs(sums[heaviest[WORDS_NAMED - 1]]);
        }
    }
    return found;
}

/* Words by name, each with all n-grams that came from it. */
static void
add_words(work_t *work, const int32_t *sums, int64_t total, int64_t root)
{
    static const triage_text_t prefix = TRIAGE_TEXT("word:");
    const triage_words_t *words = &work->words;
    size_t heaviest[WORDS_NAMED] = { 0 }, count, i;
    const triage_word_t *word;
    int64_t points;
    triage_text_t parts[2];

    count = find_heaviest(sums, words->count, heaviest);
    for (i = 0; i < count; i++) {
        points = triage_model_points(&work->scorer->model, TRIAGE_HEAD_URGENCY,
                                     sums[heaviest[i]], root);
        if (llabs(points) < 50) {
            break;
        }
        word = &words->words[heaviest[i]];
        parts[0] = prefix;
        parts[1] = (triage_text_t){ words->folded + word->start, word->len };
        add_term(work, triage_arena_join(work->arena, parts, 2), points, 0);
        total -= points;
    }
    add_term(work, triage_text("other_words"), total, 0);
}

_Static_assert(TRIAGE_NGRAMS_MAX < INT32_MAX / 128, "sums fit");

/* What each word brings to the urgency is kept by itself. */
static void
sum_weights(const work_t *work, int32_t *sums, int32_t *word_sums)
{
    const triage_ngrams_t *ngrams = &work->ngrams;
    const int8_t *table = work->scorer->model.table, *weights;
    int32_t urgency = 0, upset = 0, spam = 0, before;
    size_t i = 0, word;

    for (word = 0; word < work->words.count; word++) {
        before = urgency;
        for (; i < ngrams->ends[word]; i++) {
            weights = table + (size_t) ngrams->buckets[i] * TRIAGE_HEAD_COUNT;
            urgency += weights[TRIAGE_HEAD_URGENCY];
            upset += weights[TRIAGE_HEAD_UPSET];
            spam += weights[TRIAGE_HEAD_SPAM];
        }
        word_sums[word] = urgency - before;
    }
    sums[TRIAGE_HEAD_URGENCY] = urgency;
    sums[TRIAGE_HEAD_UPSET] = upset;
    sums[TRIAGE_HEAD_SPAM] = spam;
}

static int64_t
between(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* Returns what the head for spam says. */
static int64_t
add_learned(work_t *work)
{
    const triage_model_t *model = &work->scorer->model;
    int32_t sums[TRIAGE_HEAD_COUNT], word_sums[TRIAGE_WORDS_MAX];
    int64_t points, root;

    if (model->table == NULL || work->words.count == 0) {
        return 0;
    }
    triage_ngrams_read(&work->ngrams, &work->words, model->table);
    root = triage_model_root(work->ngrams.count);
    sum_weights(work, sums, word_sums);

    add_term(work, triage_text("learned"), model->bias[TRIAGE_HEAD_URGENCY],
             0);
    points = triage_model_points(model, TRIAGE_HEAD_URGENCY,
                                 sums[TRIAGE_HEAD_URGENCY], root);
    add_words(work, word_sums, points, root);
    points = model->bias[TRIAGE_HEAD_UPSET]
             + triage_model_points(model, TRIAGE_HEAD_UPSET,
                                   sums[TRIAGE_HEAD_UPSET], root);
    add_term(work, triage_text("mood"), between(points, -MAX_UPSET, MAX_UPSET),
             0);
    return model->bias[TRIAGE_HEAD_SPAM]
           + triage_model_points(model, TRIAGE_HEAD_SPAM,
                                 sums[TRIAGE_HEAD_SPAM], root);
}

static void
add_visibility(work_t *work, triage_text_t platform)
{
    triage_term_t terms[TRIAGE_VISIBILITY_TERMS];
    size_t i, count;

    count = triage_visibility_terms(platform, work->message,
                                    &work->words.shapes, terms);
    for (i = 0; i < count; i++) {
        add_term(work, terms[i].signal, 0, terms[i].visibility);
    }
}

/* Said to the brand: in a conversation, under its posts, in a review, in
 * answer to somebody, or by a post that starts with a handle or says "you".
 * The rest is about the brand. */
static bool
is_said_to_brand(const work_t *work)
{
    const triage_message_t *message = work->message;

    return message->audience == TRIAGE_PRIVATE
           || message->kind == TRIAGE_MESSAGE
           || message->kind == TRIAGE_COMMENT || message->kind == TRIAGE_REVIEW
           || message->parent_id.data != NULL
           || work->words.shapes.starts_with_handle
           || work->hits[TRIAGE_SECOND_PERSON] > 0;
}

static int32_t
spam_of(const work_t *work, int64_t learned)
{
    const triage_shapes_t *shapes = &work->words.shapes;
    int64_t sum = SPAM_BASE + learned;

    sum += 1200 * between(work->hits[TRIAGE_PROMOTION], 0, 4);
    sum += 600 * between(shapes->links, 0, 2);
    sum += 100 * between(shapes->digits, 0, 12);
    sum += 600 * between(shapes->amounts, 0, 1);
    return (int32_t) bent(sum);
}

static void
read_hits(work_t *work)
{
    uint8_t hits[TRIAGE_PHRASE_SIGNALS];
    int i;

    triage_words_read(&work->words, work->message->text);
    triage_phrases_find(work->scorer->phrases, &work->words,
                        work->message->language, hits);
    memset(work->hits, 0, sizeof(work->hits));
    for (i = 0; i < TRIAGE_PHRASE_SIGNALS; i++) {
        work->hits[i] = hits[i];
    }
    count_shapes(work);
}

/* Both limits are one term, so that "limit" appears once. */
static void
finish(work_t *work, triage_score_t *score)
{
    int64_t urgency = bent(work->urgency);
    int64_t visibility = work->visibility == 0 ? 0 : bent(work->visibility);

    add_term(work, triage_text("limit"), urgency - work->urgency,
             visibility - work->visibility);
    score->urgency = (int32_t) urgency;
    score->visibility = (int32_t) visibility;
}

static void
keep_terms(const work_t *work, triage_score_t *score)
{
    size_t size = work->term_count * sizeof(triage_term_t);
    triage_term_t *terms = triage_arena_take(work->arena, size);

    if (terms == NULL || work->arena->has_failed) {
        return;
    }
    memcpy(terms, work->terms, size);
    score->terms = terms;
    score->term_count = work->term_count;
}

static void
init_work(work_t *work, const triage_scorer_t *scorer,
          const triage_message_t *message, triage_arena_t *arena)
{
    work->scorer = scorer;
    work->message = message;
    work->arena = arena;
    work->term_count = 0;
    work->urgency = 0;
    work->visibility = 0;
}

/* Returns what the head for spam says. */
static int64_t
add_urgency(work_t *work)
{
    add_term(work, triage_text("base"), BASE, 0);
    add_signals(work);
    return add_learned(work);
}

void
triage_score(const triage_scorer_t *scorer, triage_text_t platform,
             const triage_message_t *message, triage_arena_t *arena,
             triage_score_t *score)
{
    work_t work;
    int64_t spam;

    memset(score, 0, sizeof(*score));
    if (!triage_kind_is_scored(message->kind)) {
        return;
    }
    init_work(&work, scorer, message, arena);
    read_hits(&work);
    spam = add_urgency(&work);
    add_visibility(&work, platform);
    finish(&work, score);
    score->spam = spam_of(&work, spam);
    score->is_addressed = is_said_to_brand(&work);
    keep_terms(&work, score);
}

const triage_phrases_t *
triage_scorer_phrases(const triage_scorer_t *scorer)
{
    return scorer->phrases;
}

void
triage_features_read(const triage_scorer_t *scorer,
                     const triage_message_t *message,
                     triage_features_t *features)
{
    triage_heap_t heap = { NULL, 0 };
    triage_arena_t arena;
    work_t work;

    triage_arena_on_heap(&arena, &heap);
    init_work(&work, scorer, message, &arena);
    read_hits(&work);
    add_urgency(&work);
    triage_ngrams_read(&features->ngrams, &work.words, NULL);
    memcpy(features->hits, work.hits, sizeof(features->hits));
    features->urgency = (int32_t) work.urgency;
    triage_heap_free(&heap);
}

/* What adds to one side of a score. */
static void
write_side(triage_writer_t *writer, const triage_score_t *score,
           bool is_urgency)
{
    const triage_term_t *term;
    int32_t points;
    size_t i;

    triage_write_open(writer, '{');
    for (i = 0; i < score->term_count; i++) {
        term = &score->terms[i];
        points = is_urgency ? term->urgency : term->visibility;
        if (points != 0) {
            triage_write_name_text(writer, term->signal);
            triage_write_hundredths(writer, points);
        }
    }
    triage_write_close(writer, '}');
}

void
triage_score_write(const triage_score_t *score, triage_writer_t *writer)
{
    triage_write_open(writer, '{');
    triage_write_name(writer, "urgency");
    write_side(writer, score, true);
    triage_write_name(writer, "visibility");
    write_side(writer, score, false);
    triage_write_close(writer, '}');
}
