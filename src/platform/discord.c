/*
 * Discord interactions: slash commands, buttons, menus and forms of an
 * application.  Ed25519, and an answer that has a meaning of its own.
 */
#include "discord_signature.h"
#include "key.h"
#include "platforms.h"

#define LEVELS_MAX 8

/* Snowflakes count milliseconds from the first second of 2015. */
#define EPOCH_MS INT64_C(1420070400000)

/* The types of an interaction, and how each is acknowledged in time: with
 * "thinking…", with nothing to be seen, or with an empty list of choices.
 * What agents say comes later, and not from us. */
enum {
    PING = 1,
    COMMAND = 2,
    COMPONENT = 3,
    AUTOCOMPLETE = 4,
    MODAL = 5,
    TYPE_COUNT
};

static const triage_text_t answers[TYPE_COUNT] = {
    [0] = TRIAGE_TEXT("{\"type\":5}"),
    [PING] = TRIAGE_TEXT("{\"type\":1}"),
    [COMMAND] = TRIAGE_TEXT("{\"type\":5}"),
    [COMPONENT] = TRIAGE_TEXT("{\"type\":6}"),
    [AUTOCOMPLETE] = TRIAGE_TEXT("{\"type\":8,\"data\":{\"choices\":[]}}"),
    [MODAL] = TRIAGE_TEXT("{\"type\":5}"),
};

static int64_t
time_of(triage_text_t snowflake)
{
    int64_t id;

    return triage_text_to_int64(snowflake, &id) && id > 0
               ? ((id >> 22) + EPOCH_MS) * 1000
               : TRIAGE_NO_TIME;
}

static void
add_word(const triage_reader_t *reader, triage_text_t *text,
         const triage_json_t *value)
{
    triage_text_t word = triage_json_id(value, reader->arena);

    if (word.data != NULL) {
        *text = text->len == 0
                    ? word
                    : triage_arena_join(
                        reader->arena,
                        (triage_text_t[]){ *text, triage_text(" "), word }, 3);
    }
}

/* What was typed is in `value`, at any depth: options lie in options of a
 * subcommand, fields in rows or labels of a modal. */
static void
collect_values(const triage_reader_t *reader, const triage_json_t *items,
               triage_text_t *text, unsigned level)
{
    static const char *const inner[] = { "options", "components",
                                         "component" };

    if (level > LEVELS_MAX) {
        return;
    }

    for (size_t i = 0; i < triage_json_count(items); i++) {
        const triage_json_t *item = triage_json_item(items, i);

        add_word(reader, text, triage_json_at(item, "value"));

        for (size_t name = 0; name < 3; name++) {
            collect_values(reader, triage_json_at(item, inner[name]), text,
                           level + 1);
        }
    }
}

static void
read_typed(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *data)
{
    const triage_json_t *chosen = triage_json_at(data, "values");
    triage_text_t name = triage_reader_text(reader, data, "name");

    message->text = triage_no_text;
    collect_values(reader, triage_json_at(data, "options"), &message->text, 0);
    collect_values(reader, triage_json_at(data, "components"), &message->text,
                   0);

    for (size_t i = 0; i < triage_json_count(chosen); i++) {
        add_word(reader, &message->text, triage_json_item(chosen, i));
    }

    if (message->text.data == NULL && name.data != NULL) {
        message->text = triage_arena_join(
            reader->arena, (triage_text_t[]){ triage_text("/"), name }, 2);
    }

    if (message->text.data == NULL) {
        message->text = triage_reader_text(reader, data, "custom_id");
    }
}

/* Somebody pointed at a message: it is the message that is read, with its
 * own author and time. */
static bool
read_target(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *data)
{
    triage_text_t id = triage_reader_id(reader, data, "target_id");
    const triage_json_t *messages =
        triage_json_path(data, "resolved.messages");
    const triage_json_t *target = NULL, *candidate;
    void *iterator = NULL;
    triage_text_t name;

    while ((candidate = triage_json_next(messages, &iterator, &name)) != NULL)
    {
        if (triage_text_equal(name, id)) {
            target = candidate;
        }
    }

    if (target == NULL || id.data == NULL) {
        return false;
    }

    message->message_id = id;
    message->event_id = triage_no_text;
    message->text = triage_reader_text(reader, target, "content");
    message->has_media =
        triage_json_count(triage_json_at(target, "attachments")) > 0;
    message->sent_at = triage_reader_iso(target, "timestamp");
    triage_discord_author(reader, message, triage_json_at(target, "author"));

    if (message->sent_at == TRIAGE_NO_TIME) {
        message->sent_at = time_of(id);
    }

    if (triage_discord_is_echo(reader, message,
                               triage_json_at(target, "author"))) {
        message->kind = TRIAGE_ECHO;
    }

    return true;
}

static void
read_interaction(const triage_reader_t *reader, triage_message_t *message,
                 const triage_json_t *interaction)
{
    const triage_json_t *data = triage_json_at(interaction, "data");

    message->kind = TRIAGE_MESSAGE;

    if (!read_target(reader, message, data)) {
        read_typed(reader, message, data);
    }
}

/* Where it was said and by whom: a server, or a conversation with the
 * application alone. */
static void
read_place(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *interaction)
{
    const triage_json_t *member = triage_json_path(interaction, "member.user");
    triage_text_t account =
        triage_reader_id(reader, interaction, "application_id");
    int64_t context =
        triage_json_number(triage_json_at(interaction, "context"), -1);
    triage_text_t guild = triage_reader_id(reader, interaction, "guild_id");

    triage_discord_author(reader, message,
                          member == NULL ? triage_json_at(interaction, "user")
                                         : member);
    message->account = account.data == NULL ? message->account : account;
    message->audience =
        context == 0 || guild.data != NULL ? TRIAGE_LIMITED : TRIAGE_PRIVATE;
    message->thread_id = triage_reader_id(reader, interaction, "channel_id");

    if (message->thread_id.data == NULL) {
        message->thread_id =
            triage_reader_id(reader, interaction, "channel.id");
    }
}

static void
add_interaction(const triage_reader_t *reader,
                const triage_json_t *interaction, int64_t type)
{
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t id = triage_reader_id(reader, interaction, "id");

    if (message == NULL) {
        return;
    }

    message->message_id = id.data == NULL ? triage_reader_digest(reader) : id;
    message->event_id = message->message_id;
    message->sent_at = time_of(message->message_id);
    read_place(reader, message, interaction);

    if (type == COMMAND || type == COMPONENT || type == MODAL) {
        read_interaction(reader, message, interaction);
    }
}

static triage_outcome_t
read_envelope(const triage_reader_t *reader, const triage_json_t *envelope)
{
    int64_t type = triage_json_number(triage_json_at(envelope, "type"), 0);

    reader->reading->reply = (triage_reply_t){
        .status = 200,
        .content_type = triage_text("application/json"),
        .body = answers[type > 0 && type < TYPE_COUNT ? type : 0],
    };

    if (type == PING) {
        return triage_fail(TRIAGE_ANSWERED, "the URL was checked");
    }

    /* somebody is still typing: nothing was said yet */
    if (type != AUTOCOMPLETE) {
        add_interaction(reader, envelope, type);
    }

    return triage_ok();
}

static triage_outcome_t
discord_parse(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_envelope);
}

const triage_platform_t triage_platform_discord = {
    .name = "discord",
    .title = "Discord interactions",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = {
        .status = 200,
        .content_type = TRIAGE_TEXT("application/json"),
        .body = TRIAGE_TEXT("{\"type\":5}"),
    },
    .verify = triage_discord_verify,
    .parse = discord_parse,
    .sign = triage_discord_sign,
};
