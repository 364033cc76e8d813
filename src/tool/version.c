#include "command.h"
#include "version.h"

#include <stdio.h>

static const triage_usage_t usage = {
    .command = "version",
    .words = "",
    .summary = "Prints the version of this tool.",
};

int
triage_tool_version(int argc, char **argv)
{
    triage_list_t words;
    int status;

    if (triage_options_read(&usage, argc, argv, NULL, &words, &status)) {
        printf("triage %s\n", TRIAGE_VERSION);
        status = TRIAGE_EXIT_OK;
    }

    triage_list_free(&words);

    return status;
}
