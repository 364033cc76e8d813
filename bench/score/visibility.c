/*
 * How well visibility ranks posts by the retweets and likes they got.
 *
 *   visibility FOLDER
 *
 * The text of a post is not in the sets: one of the same length, with a link
 * where there was one, and a handle in front, stands for it.
 */
#include "measure.h"
#include "../../src/score/scorer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 32, ROWS = 60000 };

static char *columns[COLUMNS];
static double *guesses, *followers, *reached;
static size_t count;

static int
column_of(const char *name)
{
    int i;

    for (i = 0; i < COLUMNS && columns[i] != NULL; i++) {
        if (strcmp(columns[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int
split(char *line, char **cells)
{
    int i = 0;

    line[strcspn(line, "\r\n")] = '\0';
    memset(cells, 0, COLUMNS * sizeof(*cells));
    while (line != NULL && i < COLUMNS) {
        cells[i++] = strsep(&line, "\t");
    }
    return i;
}

static int64_t
number_of(char **cells, const char *name)
{
    int column = column_of(name);

    return column < 0 || cells[column] == NULL ? -1 : atoll(cells[column]);
}

static void
fill_text(char *text, size_t size, int64_t length, int has_link)
{
    size_t i;

    length = length < 0 ? 0 : length < (int64_t) size - 32 ? length : 0;
    /* The same letters and blanks as in a text of that length. */
    for (i = 0; i < (size_t) length; i++) {
        text[i] = i % 6 == 5 ? ' ' : 'a' + (char) (i % 5);
    }
    text[i] = '\0';
    if (has_link) {
        strcat(text, " http://t.co/x");
    }
}

static void
add_row(const triage_scorer_t *scorer, char **cells)
{
    triage_heap_t heap = { NULL, 0 };
    triage_message_t message;
    triage_arena_t arena;
    triage_score_t score;
    char text[1024];
    int has_handle = number_of(cells, "starts_mention") > 0;

    memset(&message, 0, sizeof(message));
    message.kind = TRIAGE_MENTION;
    message.author_followers = number_of(cells, "followers");
    message.author_posts = number_of(cells, "statuses");
    message.author_verified = number_of(cells, "verified");
    message.likes = message.replies = message.shares = TRIAGE_UNKNOWN;
    message.has_media = number_of(cells, "media") > 0;
    if (number_of(cells, "is_reply") > 0) {
        message.parent_id = triage_text("1");
    }
    strcpy(text, has_handle ? "@a " : "");
    fill_text(text + strlen(text), sizeof(text) - strlen(text),
              number_of(cells, "length"), number_of(cells, "urls") > 0);
    message.text = triage_text_of(text);
    triage_arena_on_heap(&arena, &heap);
    triage_score(scorer, triage_text("x"), &message, &arena, &score);
    triage_heap_free(&heap);
    guesses[count] = score.visibility;
    followers[count] = (double) message.author_followers;
    reached[count] =
        (double) (number_of(cells, "retweets") + number_of(cells, "likes"));
    count++;
}

static int
compare(const void *a, const void *b)
{
    double left = *(const double *) a, right = *(const double *) b;

    return left < right ? -1 : left > right;
}

static void
print(const char *title)
{
    double *sorted = calloc(count + 1, sizeof(*sorted)), cut;
    int *labels = calloc(count + 1, sizeof(*labels));
    size_t i;

    memcpy(sorted, reached, count * sizeof(*sorted));
    qsort(sorted, count, sizeof(*sorted), compare);
    cut = count > 0 ? sorted[count * 9 / 10] : 0;
    for (i = 0; i < count; i++) {
        labels[i] = reached[i] >= cut && reached[i] > 0;
    }
    printf("\nvisibility, %s, %zu posts\n", title, count);
    printf("  followers alone: rank correlation %.4f, top tenth AUC %.4f\n",
           measure_spearman(followers, reached, count),
           measure_auc(followers, labels, count));
    printf("  visibility:      rank correlation %.4f, top tenth AUC %.4f\n",
           measure_spearman(guesses, reached, count),
           measure_auc(guesses, labels, count));
    free(sorted);
    free(labels);
}

static void
measure_file(const triage_scorer_t *scorer, const char *folder,
             const char *name, const char *year)
{
    static char head[4096], line[4096];
    char path[1024], *cells[COLUMNS];
    FILE *file;

    snprintf(path, sizeof(path), "%s/visibility/%s.tsv", folder, name);
    file = fopen(path, "r");
    if (file == NULL || fgets(head, sizeof(head), file) == NULL) {
        printf("# SKIPPED: %s is not there\n", path);
        return;
    }
    split(head, columns);
    count = 0;
    while (count < ROWS && fgets(line, sizeof(line), file) != NULL) {
        split(line, cells);
        if (year == NULL || strstr(cells[column_of("event")], year) != NULL) {
            add_row(scorer, cells);
        }
    }
    fclose(file);
    print(name);
}

int
main(int argc, char **argv)
{
    const char *why;
    triage_scorer_t *scorer = triage_scorer_open(triage_no_text, &why);

    if (argc != 2 || scorer == NULL) {
        return 64;
    }
    guesses = calloc(ROWS, sizeof(double));
    followers = calloc(ROWS, sizeof(double));
    reached = calloc(ROWS, sizeof(double));
    measure_file(scorer, argv[1], "visibility_trec", "2019");
    measure_file(scorer, argv[1], "visibility_vax", NULL);
    free(guesses);
    free(followers);
    free(reached);
    triage_scorer_close(scorer);
    return 0;
}
