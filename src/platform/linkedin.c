/*
 * LinkedIn: comments, likes, shares and mentions of an organisation's page.
 */
#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"

#define CHALLENGE_LEN_MAX 128

/* Part of what is signed, and not of the header: LinkedIn's oddity. */
static const triage_text_t prefix = TRIAGE_TEXT("hmacsha256=");

static const triage_kind_row_t kinds[] = {
    { "COMMENT", TRIAGE_COMMENT },       { "COMMENT_EDIT", TRIAGE_EDIT },
    { "COMMENT_DELETE", TRIAGE_DELETE }, { "ADMIN_COMMENT", TRIAGE_ECHO },
    { "LIKE", TRIAGE_REACTION },         { "SHARE", TRIAGE_MENTION },
    { "SHARE_MENTION", TRIAGE_MENTION }, { NULL, TRIAGE_OTHER },
};

/* The comment, the post or the like: the only member of the decoration. */
static const triage_json_t *
activity_of(const triage_json_t *notification)
{
    static const char *const paths[] = {
        "decoratedGeneratedActivity.comment",
        "decoratedGeneratedActivity.share",
        "decoratedGeneratedActivity.like",
    };
    const triage_json_t *activity = NULL;

    for (size_t i = 0; i < 3 && activity == NULL; i++) {
        activity = triage_json_path(notification, paths[i]);
    }

    return activity;
}

static void
read_activity(const triage_reader_t *reader, triage_message_t *message,
              const triage_json_t *activity)
{
    triage_text_t object = triage_reader_id(reader, activity, "object");

    message->author_id = triage_reader_id(reader, activity, "owner");
    message->text = triage_reader_text(reader, activity, "text");

    if (message->text.data == NULL) {
        message->text = triage_reader_text(reader, activity, "message.text");
    }

    if (triage_text_starts(object, triage_text("urn:li:comment:"))) {
        message->parent_id = object;
    }

    if ((message->kind == TRIAGE_COMMENT || message->kind == TRIAGE_EDIT)
        && message->author_id.data != NULL
        && (triage_text_equal(message->author_id, message->account)
            || triage_reader_is_brand(reader, message->author_id)))
    {
        message->kind = TRIAGE_ECHO;
    }
}

static void
read_notification(const triage_reader_t *reader,
                  const triage_json_t *notification)
{
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t id =
        triage_reader_id(reader, notification, "generatedActivity");
    triage_text_t account =
        triage_reader_id(reader, notification, "organizationalEntity");

    if (message == NULL) {
        return;
    }

    message->event_id =
        triage_reader_id(reader, notification, "notificationId");
    message->thread_id = triage_reader_id(reader, notification, "sourcePost");
    message->sent_at = triage_time_of_milliseconds(
        triage_json_at(notification, "lastModifiedAt"));
    message->kind =
        triage_reader_kind(triage_json_at(notification, "action"), kinds);
    message->audience = TRIAGE_PUBLIC;
    message->account = account.data == NULL ? message->account : account;

    /* a like is on the post */
    if (message->kind == TRIAGE_REACTION && message->thread_id.data != NULL) {
        id = message->thread_id;
    }

    if (id.data == NULL) {
        message->kind = TRIAGE_OTHER;
        id = message->event_id.data == NULL ? triage_reader_digest(reader)
                                            : message->event_id;
    }

    message->message_id = id;
    read_activity(reader, message, activity_of(notification));
}

/* A type that we do not know is one message, named by its bytes. */
static void
read_unknown(const triage_reader_t *reader)
{
    triage_message_t *message = triage_reader_add(reader);

    if (message != NULL) {
        message->message_id = triage_reader_digest(reader);
    }
}

static triage_outcome_t
read_envelope(const triage_reader_t *reader, const triage_json_t *envelope)
{
    const triage_json_t *notifications =
        triage_json_at(envelope, "notifications");

    if (notifications == NULL
        || !triage_json_equals(triage_json_at(envelope, "type"),
                               "ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS"))
    {
        read_unknown(reader);
        return triage_ok();
    }

    for (size_t i = 0; i < triage_json_count(notifications); i++) {
        const triage_json_t *notification = triage_json_item(notifications, i);

        if (!triage_json_is_object(notification)) {
            reader->reading->problem = "a notification that is no object";
            continue;
        }

        read_notification(reader, notification);
    }

    return triage_ok();
}

static triage_text_t
response_to(triage_text_t code, triage_text_t mac, triage_arena_t *arena)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    triage_text_t body = triage_no_text;

    triage_writer_init(&writer, &buffer);
    triage_write_open(&writer, '{');
    triage_write_name(&writer, "challengeCode");
    triage_write_text(&writer, code);
    triage_write_name(&writer, "challengeResponse");
    triage_write_text(&writer, mac);
    triage_write_close(&writer, '}');

    if (!buffer.has_failed) {
        body = triage_arena_copy(arena,
                                 (triage_text_t){ buffer.data, buffer.len });
    }

    triage_buffer_free(&buffer);
    return body;
}

/* Whoever asks gets our HMAC of the code, so the code must never be what a
 * signature is made of: "hmacsha256=" and a body.  LinkedIn sends UUIDs. */
static bool
is_plain(triage_text_t code)
{
    for (size_t i = 0; i < code.len; i++) {
        char letter = code.data[i];

        if (!(letter >= 'a' && letter <= 'z')
            && !(letter >= 'A' && letter <= 'Z')
            && !(letter >= '0' && letter <= '9') && letter != '-'
            && letter != '_')
        {
            return false;
        }
    }

    return code.len > 0 && code.len <= CHALLENGE_LEN_MAX;
}

static triage_outcome_t
linkedin_challenge(const triage_delivery_t *delivery,
                   const triage_source_t *source, triage_arena_t *arena,
                   triage_reply_t *reply)
{
    triage_text_t code, mac;

    if (!triage_text_is(delivery->method, "GET")) {
        return triage_fail(TRIAGE_IGNORED, "no challenge");
    }

    code = triage_query_get(delivery->query, "challengeCode", arena);
    if (code.data == NULL) {
        return triage_fail(TRIAGE_IGNORED, "no challenge");
    }

    if (!is_plain(code) || source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "not a challenge of LinkedIn");
    }

    mac = triage_hub_mac(source, TRIAGE_SHA256, TRIAGE_HEX, &code, 1, arena);
    *reply = (triage_reply_t){
        .status = 200,
        .content_type = triage_text("application/json"),
        .body = response_to(code, mac, arena),
    };

    return mac.data == NULL || reply->body.data == NULL
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to answer")
               : triage_fail(TRIAGE_ANSWERED, "the challenge was answered");
}

static triage_outcome_t
linkedin_verify(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena)
{
    triage_text_t value = triage_delivery_header(delivery, "X-LI-Signature");

    (void) arena;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (value.len == 0) {
        return triage_fail(TRIAGE_FORGED, "no signature");
    }

    return triage_keyring_signed(source->secrets, TRIAGE_SHA256,
                                 (triage_text_t[]){ prefix, delivery->body },
                                 2, TRIAGE_HEX, value)
               ? triage_ok()
               : triage_fail(TRIAGE_FORGED, "signature does not match");
}

static triage_outcome_t
linkedin_parse(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena,
               triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_envelope);
}

static triage_outcome_t
linkedin_sign(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_signing_t *signing)
{
    triage_text_t parts[] = { prefix, delivery->body };
    triage_text_t mac =
        triage_hub_mac(source, TRIAGE_SHA256, TRIAGE_HEX, parts, 2, arena);

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    triage_signing_add(signing, triage_text("X-LI-Signature"), mac);

    return mac.data == NULL
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to sign")
               : triage_ok();
}

const triage_platform_t triage_platform_linkedin = {
    .name = "linkedin",
    .title = "LinkedIn organisation pages",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .challenge = linkedin_challenge,
    .verify = linkedin_verify,
    .parse = linkedin_parse,
    .sign = linkedin_sign,
};
