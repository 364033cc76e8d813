/*
 * TikTok: direct messages to a business account.
 */
#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"

#define TOLERANCE 300

static const triage_kind_row_t kinds[] = {
    { "im_receive_msg", TRIAGE_MESSAGE },
    { "im_send_msg", TRIAGE_ECHO },
    { NULL, TRIAGE_OTHER },
};

static void
read_content(const triage_reader_t *reader, triage_message_t *message,
             const triage_json_t *content)
{
    triage_text_t id = triage_reader_id(reader, content, "message_id");
    int64_t sent_at =
        triage_time_of_milliseconds(triage_json_at(content, "timestamp"));
    const triage_json_t *type = triage_json_at(content, "type");

    message->thread_id = triage_reader_id(reader, content, "conversation_id");
    message->author_id = triage_reader_id(reader, content, "from_user.id");
    message->author_name = triage_reader_text(reader, content, "from");
    message->text = triage_reader_text(reader, content, "text.body");
    message->has_media = type != NULL && !triage_json_equals(type, "text");

    if (sent_at != TRIAGE_NO_TIME) {
        message->sent_at = sent_at;
    }

    if (id.data != NULL) {
        message->message_id = id;
    } else if (message->kind != TRIAGE_OTHER) {
        message->kind = TRIAGE_OTHER;
        reader->reading->problem = "a message without an id";
    }
}

/* JSON within JSON: a string, which can be unreadable on its own. */
static void
open_content(const triage_reader_t *reader, triage_message_t *message,
             const triage_json_t *content)
{
    const char *why;
    triage_json_t *document;

    if (triage_json_is_object(content)) {
        read_content(reader, message, content);
        return;
    }

    document = triage_json_open(triage_json_peek(content), &why);

    if (triage_json_is_object(document)) {
        read_content(reader, message, document);
    } else {
        message->kind = TRIAGE_OTHER;
        reader->reading->problem = "content that is no JSON";
    }

    triage_json_close(document);
}

static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *event)
{
    const triage_json_t *name = triage_json_at(event, "event");
    const triage_json_t *content = triage_json_at(event, "content");
    triage_text_t account = triage_reader_id(reader, event, "user_openid");
    triage_message_t *message = triage_reader_add(reader);

    if (message == NULL) {
        return triage_ok();
    }

    message->sent_at =
        triage_time_of_seconds(triage_json_at(event, "create_time"));
    message->message_id = triage_reader_digest(reader);

    if (account.data != NULL) {
        message->account = account;
    }

    message->kind = triage_reader_kind(name, kinds);

    if (content != NULL || message->kind != TRIAGE_OTHER) {
        open_content(reader, message, content);
    }

    message->event_id =
        triage_key(reader->arena, triage_json_id(name, reader->arena),
                   message->message_id);

    return triage_ok();
}

/* "t=1700000000,s=ab12…", in either order. */
static bool
read_signature(triage_text_t value, triage_text_t *time,
               triage_text_t *signature)
{
    *time = *signature = triage_no_text;

    while (value.data != NULL) {
        triage_text_t rest = triage_text_trim(triage_text_until(&value, ','));
        triage_text_t name = triage_text_until(&rest, '=');

        if (triage_text_is(name, "t")) {
            *time = rest;
        } else if (triage_text_is(name, "s")) {
            *signature = rest;
        }
    }

    return time->len > 0 && signature->len > 0;
}

static triage_outcome_t
tiktok_verify(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena)
{
    triage_text_t time, signature;

    (void) arena;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (!read_signature(triage_delivery_header(delivery, "Tiktok-Signature"),
                        &time, &signature))
    {
        return triage_fail(TRIAGE_FORGED, "no signature with a time");
    }

    if (!triage_keyring_signed(
            source->secrets, TRIAGE_SHA256,
            (triage_text_t[]){ time, triage_text("."), delivery->body }, 3,
            TRIAGE_HEX, signature))
    {
        return triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return triage_hub_check_age(delivery, source, TOLERANCE,
                                triage_time_from_seconds(time));
}

static triage_outcome_t
tiktok_parse(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_event);
}

static triage_outcome_t
tiktok_sign(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_signing_t *signing)
{
    triage_text_t time =
        triage_arena_number(arena, delivery->received_at / TRIAGE_SECOND);
    triage_text_t parts[] = { time, triage_text("."), delivery->body };
    triage_text_t value[] = {
        triage_text("t="),
        time,
        triage_text(",s="),
        triage_hub_mac(source, TRIAGE_SHA256, TRIAGE_HEX, parts, 3, arena),
    };

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    triage_signing_add(signing, triage_text("Tiktok-Signature"),
                       triage_arena_join(arena, value, 4));

    return value[3].data == NULL || arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to sign")
               : triage_ok();
}

const triage_platform_t triage_platform_tiktok = {
    .name = "tiktok",
    .title = "TikTok",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = tiktok_verify,
    .parse = tiktok_parse,
    .sign = tiktok_sign,
};
