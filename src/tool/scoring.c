#include "scoring.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/json.h"
#include "input.h"

#define LISTS_MAX 64

typedef struct {
    char paths[LISTS_MAX][512];
    triage_buffer_t buffers[LISTS_MAX];
    size_t count;
} lists_t;

static int
compare_paths(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* Sorted, so that the order of a directory makes no difference. */
static bool
find_lists(lists_t *lists, const char *command, const char *folder)
{
    DIR *directory = opendir(folder);
    struct dirent *entry;
    size_t len;

    if (directory == NULL) {
        triage_complain(command, "%s: %s", folder, strerror(errno));
        return false;
    }
    while (lists->count < LISTS_MAX && (entry = readdir(directory)) != NULL) {
        len = strlen(entry->d_name);
        if (len <= 4 || strcmp(entry->d_name + len - 4, ".txt") != 0) {
            continue;
        }
        snprintf(lists->paths[lists->count], sizeof(lists->paths[0]), "%s/%s",
                 folder, entry->d_name);
        lists->count++;
    }
    closedir(directory);
    qsort(lists->paths, lists->count, sizeof(lists->paths[0]), compare_paths);

    if (lists->count == 0) {
        triage_complain(command, "%s: no phrase list (*.txt)", folder);
    }
    return lists->count > 0;
}

/* One list after the other, so that a complaint can name the file. */
static bool
open_with_lists(triage_scoring_t *scoring, const char *command,
                triage_text_t model, lists_t *lists)
{
    triage_text_t texts[LISTS_MAX];
    triage_scorer_t *scorer;
    const char *why;
    unsigned line;
    size_t i;

    for (i = 0; i < lists->count; i++) {
        if (!triage_input_read(command, lists->paths[i], &lists->buffers[i])) {
            return false;
        }
        texts[i] = triage_input_text(&lists->buffers[i]);
        scorer = triage_scorer_open_lists(model, &texts[i], 1, &why, &line);
        if (scorer == NULL && line > 0) {
            triage_complain(command, "%s:%u: %s", lists->paths[i], line, why);
            return false;
        }
        triage_scorer_close(scorer);
    }
    scoring->scorer =
        triage_scorer_open_lists(model, texts, lists->count, &why, &line);
    if (scoring->scorer == NULL) {
        triage_complain(command, "%s", why);
    }
    return scoring->scorer != NULL;
}

static bool
open_with_folder(triage_scoring_t *scoring, const char *command,
                 triage_text_t model, const char *folder)
{
    lists_t *lists = calloc(1, sizeof(*lists));
    bool is_open;
    size_t i;

    if (lists == NULL) {
        triage_complain(command, "out of memory");
        return false;
    }
    is_open = find_lists(lists, command, folder)
              && open_with_lists(scoring, command, model, lists);
    for (i = 0; i < lists->count; i++) {
        triage_buffer_free(&lists->buffers[i]);
    }
    free(lists);
    return is_open;
}

bool
triage_scoring_open(triage_scoring_t *scoring, const char *command,
                    const triage_scoring_settings_t *settings)
{
    triage_text_t model = triage_no_text;
    const char *why;

    memset(scoring, 0, sizeof(*scoring));
    if (settings->model != NULL) {
        if (!triage_input_read(command, settings->model, &scoring->model)) {
            return false;
        }
        model = triage_input_text(&scoring->model);
    }
    if (settings->phrases != NULL) {
        return open_with_folder(scoring, command, model, settings->phrases);
    }
    scoring->scorer = triage_scorer_open(model, &why);
    if (scoring->scorer == NULL) {
        triage_complain(command, "%s: %s",
                        settings->model != NULL ? settings->model : "scorer",
                        why);
    }
    return scoring->scorer != NULL;
}

void
triage_scoring_close(triage_scoring_t *scoring)
{
    triage_scorer_close(scoring->scorer);
    triage_buffer_free(&scoring->model);
    memset(scoring, 0, sizeof(*scoring));
}

void
triage_message_of_text(triage_message_t *message, triage_text_t id,
                       triage_text_t text)
{
    triage_message_init(message);
    message->message_id = id;
    message->text = text;
    message->kind = TRIAGE_MESSAGE;
    message->audience = TRIAGE_PUBLIC;
}

/* The counts of a message; what is no number stays unknown. */
static void
read_counts(triage_message_t *message, const triage_json_t *object)
{
    const struct {
        const char *path;
        int64_t *count;
    } counts[] = {
        { "author_followers", &message->author_followers },
        { "author_posts", &message->author_posts },
        { "engagement.likes", &message->likes },
        { "engagement.replies", &message->replies },
        { "engagement.shares", &message->shares },
        { "engagement.stars", &message->stars },
    };
    size_t i;

    for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        *counts[i].count = triage_json_number(
            triage_json_path(object, counts[i].path), TRIAGE_UNKNOWN);
    }
}

static const char *
read_choices(triage_message_t *message, const triage_json_t *object,
             triage_arena_t *arena)
{
    triage_text_t kind = triage_json_id(triage_json_at(object, "kind"), arena);
    triage_text_t audience =
        triage_json_id(triage_json_at(object, "audience"), arena);

    if (kind.data != NULL && !triage_kind_from(kind, &message->kind)) {
        return "no such kind";
    }
    if (audience.data != NULL
        && !triage_audience_from(audience, &message->audience))
    {
        return "no such audience";
    }
    return NULL;
}

static const char *
read_object(triage_message_t *message, const triage_json_t *object,
            triage_arena_t *arena)
{
    const triage_json_t *verified = triage_json_at(object, "author_verified");

    if (!triage_json_is_object(object)) {
        return "not a JSON object";
    }
    triage_message_of_text(
        message, triage_json_id(triage_json_at(object, "message_id"), arena),
        triage_json_text(triage_json_at(object, "text"), arena));
    message->account =
        triage_json_id(triage_json_at(object, "account"), arena);
    message->thread_id =
        triage_json_id(triage_json_at(object, "thread_id"), arena);
    message->parent_id =
        triage_json_id(triage_json_at(object, "parent_id"), arena);
    message->author_id =
        triage_json_id(triage_json_at(object, "author_id"), arena);
    message->language =
        triage_json_id(triage_json_at(object, "language"), arena);
    message->has_media =
        triage_json_is_true(triage_json_at(object, "has_media"));
    if (triage_json_is_bool(verified)) {
        message->author_verified = triage_json_is_true(verified);
    }
    read_counts(message, object);
    return read_choices(message, object, arena);
}

const char *
triage_message_of_json(triage_message_t *message, triage_text_t *platform,
                       triage_text_t json, triage_arena_t *arena)
{
    const char *why;
    triage_json_t *document = triage_json_open(json, &why);

    if (document == NULL) {
        return why;
    }
    why = read_object(message, document, arena);
    *platform = triage_json_id(triage_json_at(document, "platform"), arena);
    triage_json_close(document);
    return why;
}
