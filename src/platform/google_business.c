/*
 * Google Business Profile: reviews and questions, as pushes of Pub/Sub that
 * name things without their words.  A token (JWT); the body is not signed.
 */
#include "hub.h"
#include "platforms.h"
#include "reader.h"
#include "token.h"

#define ISSUER "https://accounts.google.com"
#define SKEW 300 /* seconds that clocks may differ */

/* Only the names of things are sent; the words have to be fetched. */
static const struct {
    const char *type;
    triage_kind_t kind;
} types[] = {
    { "NEW_REVIEW", TRIAGE_REVIEW },    { "UPDATED_REVIEW", TRIAGE_EDIT },
    { "NEW_QUESTION", TRIAGE_COMMENT }, { "UPDATED_QUESTION", TRIAGE_EDIT },
    { "NEW_ANSWER", TRIAGE_COMMENT },   { "UPDATED_ANSWER", TRIAGE_EDIT },
};

/* The names of the fields differ between what observers saw. */
static const char *const resources[] = { "review",       "reviewName",
                                         "reviewId",     "answer",
                                         "answerName",   "question",
                                         "questionName", NULL };
static const char *const locations[] = { "location", "locationName",
                                         "locationId", NULL };

static triage_text_t
read_first(const triage_reader_t *reader, const triage_json_t *notification,
           const char *const *names)
{
    triage_text_t text = triage_no_text;

    for (; *names != NULL && text.data == NULL; names++) {
        text = triage_reader_id(reader, notification, *names);
    }

    return text;
}

static void
read_kind(triage_message_t *message, const triage_json_t *type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (triage_json_equals(type, types[i].type)) {
            message->kind = types[i].kind;
            message->needs_fetch = true;
        }
    }
}

static triage_outcome_t
read_notification(const triage_reader_t *reader,
                  const triage_json_t *notification)
{
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t location = read_first(reader, notification, locations);

    if (message == NULL) {
        return triage_ok();
    }

    read_kind(message, triage_json_at(notification, "notificationType"));
    message->audience = TRIAGE_PUBLIC;
    message->account = location.data ? location : message->account;
    message->message_id = read_first(reader, notification, resources);
    message->thread_id = message->message_id;

    return triage_ok();
}

/* Pub/Sub writes its fields in both spellings. */
static triage_text_t
read_field(const triage_reader_t *reader, const triage_json_t *push,
           const char *name, const char *old_name)
{
    triage_text_t text = triage_reader_id(reader, push, name);

    return text.data ? text : triage_reader_id(reader, push, old_name);
}

static void
read_data(const triage_reader_t *reader, const triage_json_t *push)
{
    triage_text_t data = triage_base64_decode(
        triage_json_peek(triage_json_path(push, "message.data")),
        reader->arena);
    triage_outcome_t outcome;

    if (data.data == NULL) {
        reader->reading->problem = "message.data is not base64";
        return;
    }

    outcome = triage_reader_open_text(reader, data, read_notification);

    if (outcome.code != TRIAGE_OK) {
        reader->reading->problem = "message.data holds no JSON object";
    }
}

static triage_outcome_t
read_push(const triage_reader_t *reader, const triage_json_t *push)
{
    triage_message_t *message;

    if (!triage_json_is_object(triage_json_at(push, "message"))) {
        return triage_fail(TRIAGE_MALFORMED, "not a push of Pub/Sub");
    }

    read_data(reader, push);
    message = reader->reading->messages.first;

    if (message == NULL) {
        return triage_ok();
    }

    message->event_id =
        read_field(reader, push, "message.messageId", "message.message_id");
    message->sent_at = triage_time_from_iso(read_field(
        reader, push, "message.publishTime", "message.publish_time"));

    if (message->message_id.data == NULL) {
        message->message_id = message->event_id.data
                                  ? message->event_id
                                  : triage_reader_digest(reader);
    }

    return triage_ok();
}

static triage_outcome_t
google_business_parse(const triage_delivery_t *delivery,
                      const triage_source_t *source, triage_arena_t *arena,
                      triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_push);
}

static triage_outcome_t
google_business_verify(const triage_delivery_t *delivery,
                       const triage_source_t *source, triage_arena_t *arena)
{
    triage_jwt_options_t options;
    triage_jwt_t token;
    triage_outcome_t outcome;
    int64_t skew = source->tolerance > 0 ? source->tolerance : SKEW;

    if (source->options == NULL) {
        return triage_fail(TRIAGE_FORGED, "no keys to check with");
    }

    options = *(const triage_jwt_options_t *) source->options;

    if (options.issuer.len == 0) {
        options.issuer = triage_text(ISSUER);
    }

    outcome = triage_jwt_check(
        triage_jwt_bearer(triage_delivery_header(delivery, "Authorization")),
        &options, delivery->received_at, skew, arena, &token);

    if (outcome.code == TRIAGE_OK) {
        triage_jwt_close(&token);
    }

    return outcome;
}

static triage_outcome_t
google_business_sign(const triage_delivery_t *delivery,
                     const triage_source_t *source, triage_arena_t *arena,
                     triage_signing_t *signing)
{
    const triage_jwt_options_t *options = source->options;
    triage_text_t value;

    if (options == NULL || options->signer.len == 0) {
        return triage_fail(TRIAGE_DENIED, "no key to sign with");
    }

    value = triage_jwt_authorization(options, triage_text(ISSUER),
                                     delivery->received_at, NULL,
                                     triage_no_text, arena);

    if (value.data == NULL) {
        return triage_fail(TRIAGE_DENIED, "the key cannot sign");
    }

    triage_signing_add(signing, triage_text("Authorization"), value);

    return triage_ok();
}

const triage_platform_t triage_platform_google_business = {
    .name = "google-business",
    .title = "Google Business Profile reviews",
    .needs = TRIAGE_NEEDS_OPTIONS,
    .success = { .status = 200 },
    .verify = google_business_verify,
    .parse = google_business_parse,
    .sign = google_business_sign,
    .options = &triage_account_token_options,
};
