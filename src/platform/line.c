/*
 * LINE: what people write to an official account, alone or in groups and
 * rooms.
 */
#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"

static const triage_hub_t hub = {
    TRIAGE_TEXT("x-line-signature"),
    TRIAGE_TEXT(""),
    TRIAGE_SHA256,
    TRIAGE_BASE64,
};

/* Types of event that somebody spoke with; all others are `other`. */
static const struct {
    const char *type;
    triage_kind_t kind;
    const char *id_path;
    const char *text_path;
} rows[] = {
    { "message", TRIAGE_MESSAGE, "message.id", "message.text" },
    { "messageEdited", TRIAGE_EDIT, "message.id", "message.text" },
    { "unsend", TRIAGE_DELETE, "unsend.messageId", NULL },
    { "postback", TRIAGE_MESSAGE, NULL, "postback.data" },
};

static const char *const media[] = { "image", "video", "audio", "file" };

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

/* In groups and rooms the author may be withheld. */
static triage_text_t
thread_of(const triage_reader_t *reader, const triage_json_t *origin)
{
    static const char *const names[] = { "groupId", "roomId", "userId" };
    triage_text_t id = triage_no_text;

    for (size_t i = 0; i < 3 && id.data == NULL; i++) {
        id = triage_reader_id(reader, origin, names[i]);
    }

    return id;
}

static void
read_words(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *event, size_t row)
{
    const triage_json_t *type = triage_json_path(event, "message.type");
    triage_text_t id =
        rows[row].id_path == NULL
            ? triage_no_text
            : triage_reader_id(reader, event, rows[row].id_path);

    message->kind = rows[row].kind;

    if (id.data != NULL) {
        message->message_id = id;
    } else if (rows[row].id_path != NULL) {
        message->kind = TRIAGE_OTHER;
        reader->reading->problem = "a message without an id";
    }

    /* a sticker has a text too, which nobody wrote */
    if (rows[row].text_path != NULL
        && (type == NULL || triage_json_equals(type, "text")))
    {
        message->text = triage_reader_text(reader, event, rows[row].text_path);
    }

    message->has_media = is_media(type);
    message->parent_id =
        triage_reader_id(reader, event, "message.quotedMessageId");
}

static void
read_event(const triage_reader_t *reader, const triage_json_t *event,
           triage_text_t destination)
{
    const triage_json_t *type = triage_json_at(event, "type");
    const triage_json_t *origin = triage_json_at(event, "source");
    triage_message_t *message = triage_reader_add(reader);

    if (message == NULL) {
        return;
    }

    message->event_id = triage_reader_id(reader, event, "webhookEventId");
    message->thread_id = thread_of(reader, origin);
    message->author_id = triage_reader_id(reader, origin, "userId");
    message->sent_at =
        triage_time_of_milliseconds(triage_json_at(event, "timestamp"));
    message->message_id =
        message->event_id.data != NULL
            ? message->event_id
            : triage_key(reader->arena, triage_json_id(type, reader->arena),
                         message->thread_id, message->author_id,
                         triage_reader_id(reader, event, "timestamp"));

    if (message->message_id.data == NULL) {
        message->message_id = triage_reader_digest(reader);
    }

    if (destination.data != NULL) {
        message->account = destination;
    }

    for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
        if (triage_json_equals(type, rows[row].type)) {
            read_words(reader, message, event, row);
        }
    }
}

static triage_outcome_t
read_envelope(const triage_reader_t *reader, const triage_json_t *envelope)
{
    const triage_json_t *events = triage_json_at(envelope, "events");
    triage_text_t destination =
        triage_reader_id(reader, envelope, "destination");

    if (events == NULL) {
        return triage_fail(TRIAGE_MALFORMED, "no list of events");
    }

    for (size_t i = 0; i < triage_json_count(events); i++) {
        const triage_json_t *event = triage_json_item(events, i);

        if (!triage_json_is_object(event)) {
            reader->reading->problem = "an event that is no object";
            continue;
        }

        read_event(reader, event, destination);
    }

    return triage_ok();
}

static triage_outcome_t
line_verify(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena)
{
    (void) arena;

    return triage_hub_verify(&hub, delivery, source);
}

static triage_outcome_t
line_parse(const triage_delivery_t *delivery, const triage_source_t *source,
           triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_envelope);
}

static triage_outcome_t
line_sign(const triage_delivery_t *delivery, const triage_source_t *source,
          triage_arena_t *arena, triage_signing_t *signing)
{
    return triage_hub_sign(&hub, delivery, source, arena, signing);
}

const triage_platform_t triage_platform_line = {
    .name = "line",
    .title = "LINE",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = line_verify,
    .parse = line_parse,
    .sign = line_sign,
};
