/*
 * Discord webhook events: messages in games and lobbies, news of the
 * application.  Signed as interactions are.
 */
#include "discord_signature.h"
#include "key.h"
#include "platforms.h"

/* The types of an envelope; on the interactions endpoint the same numbers
 * mean something else. */
enum { PING = 0, EVENT = 1 };

static const triage_kind_row_t kinds[] = {
    { "LOBBY_MESSAGE_CREATE", TRIAGE_MESSAGE },
    { "LOBBY_MESSAGE_UPDATE", TRIAGE_EDIT },
    { "LOBBY_MESSAGE_DELETE", TRIAGE_DELETE },
    { "GAME_DIRECT_MESSAGE_CREATE", TRIAGE_MESSAGE },
    { "GAME_DIRECT_MESSAGE_UPDATE", TRIAGE_EDIT },
    { "GAME_DIRECT_MESSAGE_DELETE", TRIAGE_DELETE },
    { NULL, TRIAGE_OTHER },
};

/* When it was said, changed or, for want of both, reported. */
static int64_t
time_of(const triage_json_t *event, triage_kind_t kind)
{
    const char *paths[] = {
        kind == TRIAGE_EDIT ? "data.edited_timestamp" : "data.timestamp",
        "timestamp",
    };
    int64_t time = kind == TRIAGE_DELETE ? TRIAGE_NO_TIME
                                         : triage_reader_iso(event, paths[0]);

    return time == TRIAGE_NO_TIME ? triage_reader_iso(event, paths[1]) : time;
}

static void
read_said(const triage_reader_t *reader, triage_message_t *message,
          const triage_json_t *data)
{
    const triage_json_t *author = triage_json_at(data, "author");

    triage_discord_author(reader, message, author);
    message->text = triage_reader_text(reader, data, "content");
    message->has_media =
        triage_json_count(triage_json_at(data, "attachments")) > 0;
    message->parent_id =
        triage_reader_id(reader, data, "message_reference.message_id");
    message->thread_id = triage_reader_id(reader, data, "lobby_id");

    if (message->thread_id.data == NULL) {
        message->thread_id = triage_reader_id(reader, data, "channel_id");
    }

    if (message->kind != TRIAGE_DELETE
        && triage_discord_is_echo(reader, message, author))
    {
        message->kind = TRIAGE_ECHO;
    }
}

static void
read_event(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *event)
{
    const triage_json_t *data = triage_json_at(event, "data");
    const triage_json_t *type = triage_json_at(event, "type");
    triage_text_t id = triage_reader_id(reader, data, "id");
    triage_text_t user = triage_reader_id(reader, data, "user.id");
    triage_text_t key =
        triage_key(reader->arena, id.data == NULL ? user : id,
                   triage_json_id(type, reader->arena),
                   triage_reader_id(reader, event, "timestamp"));

    message->kind = triage_reader_kind(type, kinds);

    if (message->kind != TRIAGE_OTHER && id.data == NULL) {
        message->kind = TRIAGE_OTHER;
        reader->reading->problem = "a message without an id";
    }

    if (key.data != NULL) {
        message->event_id = key;
        message->message_id = id.data == NULL ? key : id;
    }

    message->sent_at = time_of(event, message->kind);

    if (message->kind == TRIAGE_OTHER) {
        triage_discord_author(reader, message, triage_json_at(data, "user"));
        return;
    }

    read_said(reader, message, data);
}

static triage_outcome_t
read_envelope(const triage_reader_t *reader, const triage_json_t *envelope)
{
    int64_t type = triage_json_number(triage_json_at(envelope, "type"), -1);
    triage_text_t account =
        triage_reader_id(reader, envelope, "application_id");
    triage_message_t *message;

    if (type == PING) {
        return triage_fail(TRIAGE_ANSWERED, "the URL was checked");
    }

    message = triage_reader_add(reader);
    if (message == NULL) {
        return triage_ok();
    }

    message->message_id = triage_reader_digest(reader);
    message->account = account.data == NULL ? message->account : account;

    if (type == EVENT) {
        read_event(reader, message, triage_json_at(envelope, "event"));
    }

    return triage_ok();
}

#define NOTHING                                                               \
    {                                                                         \
        .status = 204, .content_type = TRIAGE_TEXT("application/json"),       \
        .body = TRIAGE_TEXT("")                                               \
    }

static triage_outcome_t
discord_events_parse(const triage_delivery_t *delivery,
                     const triage_source_t *source, triage_arena_t *arena,
                     triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };
    triage_outcome_t outcome = triage_reader_open(&reader, read_envelope);

    if (outcome.code == TRIAGE_ANSWERED) {
        reading->reply = (triage_reply_t) NOTHING;
    }

    return outcome;
}

const triage_platform_t triage_platform_discord_events = {
    .name = "discord-events",
    .title = "Discord webhook events",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = NOTHING,
    .verify = triage_discord_verify,
    .parse = discord_events_parse,
    .sign = triage_discord_sign,
};
