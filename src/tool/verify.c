/*
 * Says whether a delivery is genuine; answers handshakes.
 */
#include "command.h"
#include "input.h"
#include "origin.h"

#include <string.h>

#define COMMAND "verify"

typedef struct {
    triage_origin_settings_t origin;
    bool wants_reply;
} settings_t;

static const triage_option_t options[] = {
    { "--method", "METHOD", "GET checks a handshake; POST by default",
      offsetof(settings_t, origin.method), TRIAGE_OPTION_STRING, 0, 0 },
    { "--tolerance", "SECONDS", "how far a signed time may be off",
      offsetof(settings_t, origin.tolerance), TRIAGE_OPTION_NUMBER, 0,
      INT64_C(3153600000) },
    { "--reply", NULL, "print the answer: status, content type, body",
      offsetof(settings_t, wants_reply), TRIAGE_OPTION_FLAG, 0, 0 },
    { NULL, NULL, NULL, 0, TRIAGE_OPTION_FLAG, 0, 0 },
};

static const triage_usage_t usage = {
    .command = COMMAND,
    .words = "PLATFORM --secret FILE [options] < body",
    .summary = "Says whether a delivery is genuine.  With --method GET, "
               "answers the platform's\ncheck of the endpoint and prints "
               "the body of the answer.",
    .notes = "exit: 0 genuine, 1 forged, stale or denied (the reason is on "
             "stderr), 64 wrong command line\n",
    .options = { triage_origin_options, options },
    .min_words = 1,
    .max_words = 1,
};

static bool
has_what_it_needs(const triage_origin_t *origin)
{
    unsigned needs = origin->platform->needs;
    const char *missing = NULL;

    if ((needs & TRIAGE_NEEDS_SECRET) && origin->source.secrets == NULL) {
        missing = "--secret";

    } else if ((needs & TRIAGE_NEEDS_OPTIONS)
               && origin->source.options == NULL) {
        missing = "--option or --options";

    } else if ((needs & TRIAGE_NEEDS_URL) && origin->settings->url == NULL) {
        missing = "--url";
    }

    if (missing != NULL) {
        triage_complain(COMMAND, "%s: expected %s", origin->platform->name,
                        missing);
    }

    return missing == NULL;
}

/* As in the fixtures: status, content type, an empty line, the body. */
static void
write_reply(const triage_reply_t *reply, bool is_whole,
            triage_buffer_t *buffer)
{
    if (is_whole) {
        triage_buffer_print(buffer, "%u\n", reply->status);
        triage_buffer_add(buffer, reply->content_type);
        triage_buffer_add(buffer, triage_text("\n\n"));
    }

    triage_buffer_add(buffer, reply->body);
}

static int
print_reply(const triage_reply_t *reply, bool is_whole)
{
    triage_buffer_t buffer = { 0 };
    int status;

    write_reply(reply, is_whole, &buffer);
    status = triage_command_print(COMMAND, &buffer);
    triage_buffer_free(&buffer);

    return status;
}

static int
refuse(triage_outcome_t outcome)
{
    triage_complain(COMMAND, "%s: %s", triage_code_name(outcome.code),
                    outcome.why);

    return outcome.code == TRIAGE_NO_MEMORY ? TRIAGE_EXIT_INTERNAL
                                            : TRIAGE_EXIT_FAILED;
}

static triage_outcome_t
challenge(triage_origin_t *origin, triage_reply_t *reply)
{
    if (origin->platform->challenge == NULL) {
        return triage_fail(TRIAGE_IGNORED, "no handshake");
    }

    return origin->platform->challenge(&origin->delivery, &origin->source,
                                       &origin->arena, reply);
}

/* What a kept delivery, none of it a duplicate, is answered with. */
static triage_outcome_t
answer(triage_origin_t *origin, triage_reply_t *reply)
{
    const triage_platform_t *platform = origin->platform;
    triage_reading_t reading = { .problem = NULL };
    triage_outcome_t outcome;
    bool *duplicates;

    triage_messages_init(&reading.messages);
    outcome = platform->parse(&origin->delivery, &origin->source,
                              &origin->arena, &reading);

    *reply = reading.reply.status != 0 ? reading.reply : platform->success;

    if (outcome.code != TRIAGE_OK || platform->answer == NULL) {
        return outcome.code == TRIAGE_NO_MEMORY ? outcome : triage_ok();
    }

    duplicates = triage_arena_zero(&origin->arena, reading.messages.count + 1);

    if (duplicates == NULL) {
        return triage_fail(TRIAGE_NO_MEMORY, "out of memory");
    }

    return platform->answer(&reading, duplicates, &origin->arena, reply);
}

static int
verify(triage_origin_t *origin, bool wants_reply)
{
    triage_reply_t reply = { 0 };
    triage_outcome_t outcome = challenge(origin, &reply);

    if (outcome.code == TRIAGE_ANSWERED) {
        return print_reply(&reply, wants_reply);
    }

    if (outcome.code != TRIAGE_IGNORED) {
        return refuse(outcome);
    }

    if (!triage_text_is(origin->delivery.method, "POST")) {
        return refuse((triage_outcome_t){
            TRIAGE_UNEXPECTED, "no handshake, and deliveries are POST" });
    }

    outcome = origin->platform->verify(&origin->delivery, &origin->source,
                                       &origin->arena);

    if (outcome.code == TRIAGE_OK && wants_reply) {
        outcome = answer(origin, &reply);
    }

    if (outcome.code != TRIAGE_OK) {
        return refuse(outcome);
    }

    return wants_reply ? print_reply(&reply, true) : TRIAGE_EXIT_OK;
}

static int
read_and_verify(triage_origin_t *origin, const settings_t *settings)
{
    triage_buffer_t body = { 0 };
    int status = TRIAGE_EXIT_USAGE;

    /* A handshake has no body to wait for. */
    if (!triage_text_is(origin->delivery.method, "POST")
        || triage_input_read(COMMAND, "-", &body))
    {
        origin->delivery.body = triage_input_text(&body);
        status = verify(origin, settings->wants_reply);
    }

    triage_buffer_free(&body);

    return status;
}

int
triage_tool_verify(int argc, char **argv)
{
    settings_t settings = { .origin = TRIAGE_ORIGIN_DEFAULTS };
    triage_origin_t origin;
    triage_list_t words;
    int status;

    if (triage_options_read(&usage, argc, argv, &settings, &words, &status)) {
        status = TRIAGE_EXIT_USAGE;

        if (triage_origin_open(&origin, COMMAND, words.items[0],
                               &settings.origin)
            && has_what_it_needs(&origin))
        {
            status = read_and_verify(&origin, &settings);
        }

        triage_origin_close(&origin);
    }

    triage_list_free(&words);
    triage_origin_settings_free(&settings.origin);

    return status;
}
