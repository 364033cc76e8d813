#include "sets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
read_file(const char *path, triage_buffer_t *buffer)
{
    FILE *file = fopen(path, "rb");
    char piece[65536];
    size_t len;

    if (file == NULL) {
        return 0;
    }
    while ((len = fread(piece, 1, sizeof(piece), file)) > 0) {
        triage_buffer_add(buffer, (triage_text_t){ piece, len });
    }
    fclose(file);
    return !buffer->has_failed;
}

static uint32_t
hash_of(triage_text_t text)
{
    uint32_t hash = UINT32_C(0x811C9DC5);
    size_t i;

    for (i = 0; i < text.len; i++) {
        hash = (hash ^ (uint8_t) text.data[i]) * UINT32_C(0x01000193);
    }
    hash ^= hash >> 15;
    return hash * UINT32_C(0x2C1B3C6D);
}

static int
number_of(triage_text_t text)
{
    int64_t number = -1;

    (void) triage_text_to_int64(text, &number);
    return (int) number;
}

int
set_read(set_t *set, const char *folder, const triage_scorer_t *scorer,
         unsigned number)
{
    char path[1024];
    triage_text_t rest, line, field[7];
    triage_example_t *example;
    size_t size = 0, i;

    snprintf(path, sizeof(path), "%s/%s.tsv", folder, set->name);
    if (!read_file(path, &set->file)) {
        return 0;
    }
    rest = (triage_text_t){ set->file.data, set->file.len };
    (void) triage_text_until(&rest, '\n');
    while (rest.len > 0) {
        line = triage_text_until(&rest, '\n');
        for (i = 0; i < 6; i++) {
            field[i] = triage_text_until(&line, '\t');
        }
        field[6] = line;
        if (field[6].data == NULL) {
            continue;
        }
        if (set->count == size) {
            size = size == 0 ? 4096 : 2 * size;
            set->ids = realloc(set->ids, size * sizeof(*set->ids));
            set->texts = realloc(set->texts, size * sizeof(*set->texts));
            set->labels = realloc(set->labels, size * sizeof(int));
            set->grades = realloc(set->grades, size * sizeof(int));
        }
        example = triage_examples_add(&set->examples, scorer, field[6]);
        if (example == NULL) {
            abort();
        }
        set->ids[set->count] = field[0];
        set->texts[set->count] = field[6];
        set->grades[set->count] = number_of(field[3]);
        set->labels[set->count] = number_of(field[4]);
        example->label = (int8_t) set->labels[set->count];
        example->grade = (int8_t) set->grades[set->count];
        example->set = (uint16_t) number;
        /* "train" and the like say nothing about who wrote it. */
        example->group = hash_of(
            field[2].len > 2 && field[2].data[1] == ':' ? field[2] : field[0]);
        set->count++;
    }
    return set->count > 0;
}

void
set_free(set_t *set)
{
    triage_examples_free(&set->examples);
    triage_buffer_free(&set->file);
    free(set->ids);
    free(set->texts);
    free(set->labels);
    free(set->grades);
}
