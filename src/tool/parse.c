/*
 * Shows the messages of a delivery.
 */
#include "command.h"
#include "input.h"
#include "origin.h"

#define COMMAND "parse"

typedef struct {
    triage_origin_settings_t origin;
} settings_t;

static const triage_usage_t usage = {
    .command = COMMAND,
    .words = "PLATFORM [options] < body",
    .summary = "Reads the body of a delivery and prints its messages, one a "
               "line, as JSON.\nNothing is verified: see triage verify.",
    .notes = "exit: 0 read, 2 unreadable (in nginx: a dead letter), 64 wrong "
             "command line\n",
    .options = { triage_origin_options, NULL },
    .min_words = 1,
    .max_words = 1,
};

static int
print_messages(const triage_origin_t *origin,
               const triage_messages_t *messages)
{
    triage_buffer_t lines = { 0 };
    const triage_message_t *message = messages->first;
    int status;

    for (; message != NULL; message = message->next) {
        triage_writer_t writer;

        triage_writer_init(&writer, &lines);
        triage_message_write(message, triage_text_of(origin->platform->name),
                             origin->source.brand, &writer);
        triage_buffer_add_byte(&lines, '\n');
    }

    status = triage_command_print(COMMAND, &lines);
    triage_buffer_free(&lines);

    return status;
}

static int
parse(triage_origin_t *origin)
{
    triage_reading_t reading = { .problem = NULL };
    triage_outcome_t outcome;

    triage_messages_init(&reading.messages);
    outcome = origin->platform->parse(&origin->delivery, &origin->source,
                                      &origin->arena, &reading);

    switch (outcome.code) {
    case TRIAGE_OK:
    case TRIAGE_IGNORED:
    case TRIAGE_ANSWERED:
        break;
    case TRIAGE_MALFORMED:
        triage_complain(COMMAND, "%s", outcome.why);
        return TRIAGE_EXIT_UNREADABLE;
    default:
        triage_complain(COMMAND, "%s: %s", triage_code_name(outcome.code),
                        outcome.why);
        return TRIAGE_EXIT_INTERNAL;
    }

    if (reading.problem != NULL) {
        triage_complain(COMMAND, "a part cannot be read: %s", reading.problem);
    }

    if (outcome.code == TRIAGE_ANSWERED) {
        triage_complain(COMMAND, "a handshake, no messages: see triage "
                                 "verify --reply");
    }

    return print_messages(origin, &reading.messages);
}

int
triage_tool_parse(int argc, char **argv)
{
    settings_t settings = { .origin = TRIAGE_ORIGIN_DEFAULTS };
    triage_origin_t origin;
    triage_buffer_t body = { 0 };
    triage_list_t words;
    int status;

    if (triage_options_read(&usage, argc, argv, &settings, &words, &status)) {
        status = TRIAGE_EXIT_USAGE;

        if (triage_origin_open(&origin, COMMAND, words.items[0],
                               &settings.origin)
            && triage_input_read(COMMAND, "-", &body))
        {
            origin.delivery.body = triage_input_text(&body);
            status = parse(&origin);
        }

        triage_origin_close(&origin);
    }

    triage_buffer_free(&body);
    triage_list_free(&words);
    triage_origin_settings_free(&settings.origin);

    return status;
}
