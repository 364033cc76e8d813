/*
 * Viber: what people write to a bot.
 */
#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"

static const triage_hub_t hub = {
    TRIAGE_TEXT("X-Viber-Content-Signature"),
    TRIAGE_TEXT(""),
    TRIAGE_SHA256,
    TRIAGE_HEX,
};

static const char *const media[] = { "picture", "video", "file", "sticker" };

static bool
is_media(const triage_json_t *type)
{
    for (size_t i = 0; i < sizeof(media) / sizeof(media[0]); i++) {
        if (triage_json_equals(type, media[i])) {
            return true;
        }
    }

    return false;
}

/* `sender` of a message, `user` of who came, `user_id` of all others. */
static void
read_author(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *event)
{
    const triage_json_t *person = triage_json_at(event, "sender");

    if (person == NULL) {
        person = triage_json_at(event, "user");
    }

    message->author_id = triage_reader_id(reader, person, "id");
    message->author_name = triage_reader_text(reader, person, "name");

    if (message->author_id.data == NULL) {
        message->author_id = triage_reader_id(reader, event, "user_id");
    }
}

static void
read_message(const triage_reader_t *reader, triage_message_t *message,
             const triage_json_t *event)
{
    message->kind = TRIAGE_MESSAGE;
    message->text = triage_reader_text(reader, event, "message.text");
    message->has_media = is_media(triage_json_path(event, "message.type"));
}

static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *event)
{
    const triage_json_t *name = triage_json_at(event, "event");
    triage_text_t token = triage_reader_id(reader, event, "message_token");
    triage_message_t *message;

    /* sent by set_webhook, with a timestamp that is none */
    if (triage_json_equals(name, "webhook")) {
        reader->reading->reply = (triage_reply_t){ .status = 200 };
        return triage_fail(TRIAGE_ANSWERED, "the URL was checked");
    }

    message = triage_reader_add(reader);
    if (message == NULL) {
        return triage_ok();
    }

    message->message_id =
        token.data == NULL ? triage_reader_digest(reader) : token;
    message->event_id = triage_key(reader->arena, message->message_id,
                                   triage_json_id(name, reader->arena));
    message->sent_at =
        triage_time_of_milliseconds(triage_json_at(event, "timestamp"));
    read_author(reader, message, event);
    message->thread_id = message->author_id;

    if (triage_json_equals(name, "message")) {
        read_message(reader, message, event);
    }

    return triage_ok();
}

/* Viber's own library takes the signature from ?sig= too. */
static triage_outcome_t
viber_verify(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena)
{
    triage_text_t value = triage_query_get(delivery->query, "sig", arena);

    if (delivery->header(delivery->request, hub.header).len > 0
        || value.len == 0) {
        return triage_hub_verify(&hub, delivery, source);
    }

    return source->secrets != NULL
                   && triage_keyring_signed(source->secrets, hub.hash,
                                            &delivery->body, 1, hub.encoding,
                                            value)
               ? triage_ok()
               : triage_fail(TRIAGE_FORGED, "signature does not match");
}

static triage_outcome_t
viber_parse(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_event);
}

static triage_outcome_t
viber_sign(const triage_delivery_t *delivery, const triage_source_t *source,
           triage_arena_t *arena, triage_signing_t *signing)
{
    return triage_hub_sign(&hub, delivery, source, arena, signing);
}

const triage_platform_t triage_platform_viber = {
    .name = "viber",
    .title = "Viber",
    .needs = TRIAGE_NEEDS_SECRET | TRIAGE_NEEDS_ACCOUNT,
    .success = { .status = 200 },
    .verify = viber_verify,
    .parse = viber_parse,
    .sign = viber_sign,
};
