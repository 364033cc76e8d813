/*
 * The commands of the `triage` tool.
 *
 * A command gets its own name as argv[0] and returns the exit status.  What
 * is asked for goes to stdout, everything else to stderr, each line naming
 * the command and the file or option it is about.
 */
#ifndef TRIAGE_COMMAND_H
#define TRIAGE_COMMAND_H

#include "options.h"

enum {
    TRIAGE_EXIT_OK = 0,
    TRIAGE_EXIT_FAILED = 1,     /* forged, refused, not applied */
    TRIAGE_EXIT_UNREADABLE = 2, /* `parse`: the body cannot be read */
    TRIAGE_EXIT_USAGE = 64,     /* a wrong option, a file that is not there */
    TRIAGE_EXIT_INTERNAL = 70   /* out of memory, a broken pipe */
};

int triage_tool_deliver(int argc, char **argv);
int triage_tool_migrate(int argc, char **argv);
int triage_tool_parse(int argc, char **argv);
int triage_tool_platforms(int argc, char **argv);
int triage_tool_score(int argc, char **argv);
int triage_tool_spool(int argc, char **argv);
int triage_tool_train(int argc, char **argv);
int triage_tool_verify(int argc, char **argv);
int triage_tool_version(int argc, char **argv);

/* Writes what is in the buffer to stdout and empties it; EXIT_OK, or
 * EXIT_INTERNAL after it said why. */
int triage_command_print(const char *command, triage_buffer_t *buffer);

#endif
