/*
 * Intercom: conversations of the messenger and the inbox, part by part.
 */
#include "hub.h"
#include "platforms.h"
#include "reader.h"

static const triage_hub_t hub = {
    TRIAGE_TEXT("X-Hub-Signature"),
    TRIAGE_TEXT("sha1="),
    TRIAGE_SHA1,
    TRIAGE_HEX,
};

/* OTHER: the parts are not for the customer (notes), or not words. */
static const triage_kind_row_t kinds[] = {
    { "conversation.user.created", TRIAGE_MESSAGE },
    { "conversation.user.replied", TRIAGE_MESSAGE },
    { "conversation.admin.replied", TRIAGE_ECHO },
    { "conversation.admin.single.created", TRIAGE_ECHO },
    { "conversation_part.redacted", TRIAGE_DELETE },
    { NULL, TRIAGE_OTHER },
};

/* Who wrote it says more than the topic.  A bot's words end nobody's wait:
 * they are no echo. */
static triage_kind_t
kind_by_author(triage_kind_t kind, const triage_json_t *type)
{
    if (kind == TRIAGE_DELETE || kind == TRIAGE_OTHER) {
        return kind;
    }

    if (triage_json_equals(type, "bot")) {
        return TRIAGE_OTHER;
    }

    if (triage_json_equals(type, "admin") || triage_json_equals(type, "team"))
    {
        return TRIAGE_ECHO;
    }

    return triage_json_is_string(type) ? TRIAGE_MESSAGE : kind;
}

/* What the delivery says once for all of its parts. */
typedef struct {
    const triage_reader_t *reader;
    const triage_json_t *event;
    const triage_json_t *item;
    triage_kind_t kind;
} envelope_t;

static triage_message_t *
add_message(const envelope_t *envelope)
{
    const triage_reader_t *reader = envelope->reader;
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t account;

    if (message == NULL) {
        return NULL;
    }

    account = triage_reader_id(reader, envelope->event, "app_id");
    message->kind = envelope->kind;
    message->account = account.data ? account : message->account;
    message->event_id = triage_reader_id(reader, envelope->event, "id");
    message->thread_id = triage_reader_id(reader, envelope->item, "id");
    message->sent_at =
        triage_time_of_seconds(triage_json_at(envelope->event, "created_at"));

    return message;
}

/* A part of the conversation, or the message that began it. */
static void
read_part(const envelope_t *envelope, const triage_json_t *part)
{
    const triage_reader_t *reader = envelope->reader;
    const triage_json_t *author = triage_json_at(part, "author");
    triage_message_t *message = add_message(envelope);
    int64_t created_at =
        triage_time_of_seconds(triage_json_at(part, "created_at"));

    if (message == NULL) {
        return;
    }

    message->message_id = triage_reader_id(reader, part, "id");
    message->kind =
        kind_by_author(envelope->kind, triage_json_at(author, "type"));
    message->author_id = triage_reader_id(reader, author, "id");
    message->author_name = triage_reader_id(reader, author, "name");
    message->has_media =
        triage_json_count(triage_json_at(part, "attachments")) > 0;

    if (created_at != TRIAGE_NO_TIME && message->kind != TRIAGE_DELETE) {
        message->sent_at = created_at;
    }

    if (message->kind == TRIAGE_MESSAGE || message->kind == TRIAGE_ECHO) {
        message->text = triage_reader_html(reader, part, "body");

        if (message->text.len == 0 && !message->has_media) {
            message->kind = TRIAGE_OTHER; /* assigned, closed, snoozed */
        }
    }

    if (message->message_id.data == NULL) {
        message->message_id =
            triage_key(reader->arena, triage_reader_digest(reader),
                       triage_key_of(message->text, reader->arena));
    }
}

static void
read_parts(const envelope_t *envelope)
{
    const triage_json_t *parts = triage_json_path(
        envelope->item, "conversation_parts.conversation_parts");
    size_t count = triage_json_count(parts);

    for (size_t i = 0; i < count; i++) {
        read_part(envelope, triage_json_item(parts, i));
    }
}

/* The first words of a conversation: `source` since API 2.0. */
static const triage_json_t *
find_beginning(const triage_json_t *item)
{
    const triage_json_t *source = triage_json_at(item, "source");

    return triage_json_is_object(source)
               ? source
               : triage_json_at(item, "conversation_message");
}

/* One notification may carry several parts, which must not be taken for
 * duplicates of each other. */
static void
tell_apart(const triage_reader_t *reader)
{
    triage_messages_t *messages = &reader->reading->messages;
    triage_message_t *message = messages->first;

    if (messages->count < 2) {
        return;
    }

    for (; message != NULL; message = message->next) {
        message->event_id =
            triage_key(reader->arena, message->event_id, message->message_id);
    }
}

static void
read_item(const envelope_t *envelope)
{
    const triage_json_t *beginning = find_beginning(envelope->item);

    if (triage_json_equals(triage_json_at(envelope->item, "type"),
                           "conversation_part"))
    {
        read_part(envelope, envelope->item);
        return;
    }

    read_parts(envelope);

    if (envelope->reader->reading->messages.count == 0
        && envelope->kind != TRIAGE_OTHER && triage_json_is_object(beginning))
    {
        read_part(envelope, beginning);
    }
}

static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *event)
{
    const triage_json_t *topic = triage_json_at(event, "topic");
    const envelope_t envelope = { reader, event,
                                  triage_json_path(event, "data.item"),
                                  triage_reader_kind(topic, kinds) };
    triage_message_t *message;

    if (triage_json_equals(topic, "ping")) {
        reader->reading->reply = (triage_reply_t){ .status = 200 };
        return triage_fail(TRIAGE_ANSWERED, "a ping");
    }

    if (envelope.kind != TRIAGE_OTHER) {
        read_item(&envelope);
    }

    if (reader->reading->messages.count > 0) {
        tell_apart(reader);
        return triage_ok();
    }

    message = add_message(&envelope);

    if (message != NULL) {
        message->kind = TRIAGE_OTHER;
        message->message_id = message->event_id.data
                                  ? message->event_id
                                  : triage_reader_digest(reader);
    }

    return triage_ok();
}

/* Intercom asks with HEAD whether the URL is there. */
static triage_outcome_t
intercom_challenge(const triage_delivery_t *delivery,
                   const triage_source_t *source, triage_arena_t *arena,
                   triage_reply_t *reply)
{
    (void) source;
    (void) arena;

    if (!triage_text_is(delivery->method, "HEAD")) {
        return triage_fail(TRIAGE_IGNORED, "not a check of the endpoint");
    }

    *reply = (triage_reply_t){ .status = 200 };

    return triage_fail(TRIAGE_ANSWERED, "the endpoint is here");
}

static triage_outcome_t
intercom_verify(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena)
{
    (void) arena;

    return triage_hub_verify(&hub, delivery, source);
}

static triage_outcome_t
intercom_parse(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena,
               triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_event);
}

static triage_outcome_t
intercom_sign(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_signing_t *signing)
{
    return triage_hub_sign(&hub, delivery, source, arena, signing);
}

const triage_platform_t triage_platform_intercom = {
    .name = "intercom",
    .title = "Intercom",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .challenge = intercom_challenge,
    .verify = intercom_verify,
    .parse = intercom_parse,
    .sign = intercom_sign,
};
