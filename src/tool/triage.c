/*
 * The `triage` command: what ops and tests do without nginx.
 */
#include "command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
} command_t;

static const command_t commands[] = {
    { "deliver", triage_tool_deliver, "sign deliveries and send them" },
    { "migrate", triage_tool_migrate, "bring a database up to date" },
    { "parse", triage_tool_parse, "show the messages of a delivery" },
    { "platforms", triage_tool_platforms, "list the platforms" },
    { "score", triage_tool_score, "score messages" },
    { "spool", triage_tool_spool, "show, check or empty a spool" },
    { "train", triage_tool_train, "learn the weights of the scorer" },
    { "verify", triage_tool_verify, "say whether a delivery is genuine" },
    { "version", triage_tool_version, "print the version" },
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

int
triage_command_print(const char *command, triage_buffer_t *buffer)
{
    const char *data = buffer->data;
    size_t left = buffer->len;

    if (buffer->has_failed) {
        triage_complain(command, "out of memory");
        return TRIAGE_EXIT_INTERNAL;
    }

    while (left > 0) {
        ssize_t len = write(STDOUT_FILENO, data, left);

        if (len < 0 && errno != EINTR) {
            triage_complain(command, "stdout: cannot be written: %s",
                            strerror(errno));
            return TRIAGE_EXIT_INTERNAL;
        }

        if (len > 0) {
            data += len;
            left -= (size_t) len;
        }
    }

    triage_buffer_clear(buffer);

    return TRIAGE_EXIT_OK;
}

static void
print_commands(FILE *out)
{
    fputs("usage: triage COMMAND [options]\n\n", out);

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        fprintf(out, "  %-11s %s\n", commands[i].name, commands[i].summary);
    }

    fputs("\n`triage COMMAND --help` tells more; docs/tool.md all.\n", out);
}

int
main(int argc, char **argv)
{
    if (argc < 2) {
        print_commands(stderr);
        return TRIAGE_EXIT_USAGE;
    }

    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_commands(stdout);
        return TRIAGE_EXIT_OK;
    }

    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].run(argc - 1, argv + 1);
        }
    }

    fprintf(stderr, "triage: %s: no such command, see triage --help\n",
            argv[1]);

    return TRIAGE_EXIT_USAGE;
}
