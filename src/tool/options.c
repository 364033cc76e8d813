#include "options.h"

#include "command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HELP_COLUMN 26

/* The command line that is read. */
typedef struct {
    const triage_usage_t *usage;
    char **next; /* behind the argument that is looked at */
    char **end;
    void *settings;
    triage_list_t *words;
} reader_t;

void
triage_complain(const char *command, const char *format, ...)
{
    va_list arguments;

    fprintf(stderr, "triage %s: ", command);
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
}

void
triage_list_free(triage_list_t *list)
{
    free(list->items);
    *list = (triage_list_t){ NULL, 0 };
}

static bool
append(triage_list_t *list, const char *item)
{
    const char **items;

    items = realloc(list->items, (list->count + 1) * sizeof(*items));

    if (items == NULL) {
        fputs("triage: out of memory\n", stderr);
        return false;
    }

    items[list->count++] = item;
    list->items = items;

    return true;
}

static void
print_option(const triage_option_t *option)
{
    int width;

    width =
        printf("  %s%s%s", option->name, option->argument != NULL ? " " : "",
               option->argument != NULL ? option->argument : "");

    if (width >= HELP_COLUMN) {
        printf("\n");
        width = 0;
    }

    printf("%*s%s\n", HELP_COLUMN - width, "", option->help);
}

static void
print_help(const triage_usage_t *usage)
{
    printf("usage: triage %s%s%s\n\n%s\n\noptions:\n", usage->command,
           *usage->words == '\0' ? "" : " ", usage->words, usage->summary);

    for (size_t table = 0; table < 2; table++) {
        const triage_option_t *option = usage->options[table];

        for (; option != NULL && option->name != NULL; option++) {
            print_option(option);
        }
    }

    printf("  %-*s%s\n", HELP_COLUMN - 2, "--help", "this text");

    if (usage->notes != NULL) {
        printf("\n%s", usage->notes);
    }
}

/* `argument` is "--name" or "--name=value". */
static const triage_option_t *
find_option(const triage_usage_t *usage, const char *argument)
{
    size_t len = strcspn(argument, "=");

    for (size_t table = 0; table < 2; table++) {
        const triage_option_t *option = usage->options[table];

        for (; option != NULL && option->name != NULL; option++) {
            if (strlen(option->name) == len
                && memcmp(option->name, argument, len) == 0) {
                return option;
            }
        }
    }

    return NULL;
}

static bool
set_number(const reader_t *reader, const triage_option_t *option,
           const char *value, int64_t *field)
{
    int64_t number;

    if (!triage_text_to_int64(triage_text_of(value), &number)
        || number < option->min || number > option->max)
    {
        triage_complain(reader->usage->command,
                        "%s: expected a number from %lld to %lld, not \"%s\"",
                        option->name, (long long) option->min,
                        (long long) option->max, value);
        return false;
    }

    *field = number;
    return true;
}

static bool
set_option(const reader_t *reader, const triage_option_t *option,
           const char *value)
{
    void *field = (char *) reader->settings + option->offset;

    switch (option->kind) {
    case TRIAGE_OPTION_FLAG:
        *(bool *) field = true;
        return true;
    case TRIAGE_OPTION_STRING:
        *(const char **) field = value;
        return true;
    case TRIAGE_OPTION_LIST:
        return append(field, value);
    case TRIAGE_OPTION_NUMBER:
        return set_number(reader, option, value, field);
    }

    return false;
}

static bool
read_option(reader_t *reader, const char *argument)
{
    const char *command = reader->usage->command;
    const triage_option_t *option = find_option(reader->usage, argument);
    const char *value = strchr(argument, '=');

    if (option == NULL) {
        triage_complain(command, "%.*s: no such option, see triage %s --help",
                        (int) strcspn(argument, "="), argument, command);
        return false;
    }

    if (option->kind == TRIAGE_OPTION_FLAG) {
        if (value != NULL) {
            triage_complain(command, "%s: takes no value", option->name);
            return false;
        }

        return set_option(reader, option, NULL);
    }

    if (value != NULL) {
        return set_option(reader, option, value + 1);
    }

    if (reader->next == reader->end) {
        triage_complain(command, "%s: expected %s behind it", option->name,
                        option->argument);
        return false;
    }

    return set_option(reader, option, *reader->next++);
}

static bool
read_arguments(reader_t *reader)
{
    bool is_over = false;

    while (reader->next != reader->end) {
        const char *argument = *reader->next++;

        if (is_over || argument[0] != '-' || argument[1] == '\0') {
            if (!append(reader->words, argument)) {
                return false;
            }
            continue;
        }

        if (strcmp(argument, "--") == 0) {
            is_over = true;
            continue;
        }

        if (!read_option(reader, argument)) {
            return false;
        }
    }

    return true;
}

static bool
asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            return true;
        }
    }

    return false;
}

bool
triage_options_read(const triage_usage_t *usage, int argc, char **argv,
                    void *settings, triage_list_t *words, int *status)
{
    reader_t reader = { usage, argv + 1, argv + argc, settings, words };

    *words = (triage_list_t){ NULL, 0 };

    if (asks_for_help(argc, argv)) {
        print_help(usage);
        *status = TRIAGE_EXIT_OK;
        return false;
    }

    *status = TRIAGE_EXIT_USAGE;

    if (!read_arguments(&reader)) {
        return false;
    }

    if (words->count < usage->min_words || words->count > usage->max_words) {
        triage_complain(usage->command, "%s: expected triage %s %s",
                        words->count < usage->min_words ? "too few words"
                                                        : "too many words",
                        usage->command, usage->words);
        return false;
    }

    return true;
}
