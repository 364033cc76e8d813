/*
 * Lists the platforms, with what a location needs to be told.
 */
#include "command.h"

#include "../platform/platform.h"

#include <stdio.h>
#include <string.h>

#define COMMAND "platforms"

static const triage_usage_t usage = {
    .command = COMMAND,
    .words = "",
    .summary = "Lists the platforms, one a line: name, title and what a "
               "location needs to be\ntold.",
};

static const struct {
    unsigned need;
    const char *name;
} needs[] = {
    { TRIAGE_NEEDS_SECRET, "secret" },   { TRIAGE_NEEDS_TOKEN, "token" },
    { TRIAGE_NEEDS_ACCOUNT, "account" }, { TRIAGE_NEEDS_OPTIONS, "options" },
    { TRIAGE_NEEDS_URL, "url" },
};

static void
print_needs(unsigned all)
{
    const char *separator = "";

    for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (all & needs[i].need) {
            printf("%s%s", separator, needs[i].name);
            separator = ",";
        }
    }

    printf("%s\n", all == 0 ? "-" : "");
}

static int
longest_title(void)
{
    size_t longest = 0;

    for (size_t i = 0; triage_platforms[i] != NULL; i++) {
        size_t len = strlen(triage_platforms[i]->title);

        longest = len > longest ? len : longest;
    }

    return (int) longest;
}

int
triage_tool_platforms(int argc, char **argv)
{
    triage_list_t words;
    int width = longest_title();
    int status;

    if (triage_options_read(&usage, argc, argv, NULL, &words, &status)) {
        for (size_t i = 0; triage_platforms[i] != NULL; i++) {
            printf("%-16s %-*s ", triage_platforms[i]->name, width,
                   triage_platforms[i]->title);
            print_needs(triage_platforms[i]->needs);
        }

        status = TRIAGE_EXIT_OK;
    }

    triage_list_free(&words);

    return status;
}
