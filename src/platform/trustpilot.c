/*
 * Trustpilot: reviews of the service and of products.  Nothing is signed; a
 * key may stand in the URL.
 */
#include "hub.h"
#include "platforms.h"
#include "reader.h"

/* Trustpilot signs nothing.  Where the location has a secret, the URL that
 * was given to Trustpilot carries it as this argument. */
#define KEY "key"

static const struct {
    const char *ending; /* of service-review-… and product-review-… */
    triage_kind_t kind;
} events[] = {
    { "-review-created", TRIAGE_REVIEW },
    { "-review-updated", TRIAGE_EDIT },
    { "-review-deleted", TRIAGE_DELETE },
};

static triage_outcome_t
trustpilot_verify(const triage_delivery_t *delivery,
                  const triage_source_t *source, triage_arena_t *arena)
{
    triage_text_t key;

    if (source->secrets == NULL) {
        return triage_ok();
    }

    key = triage_query_get(delivery->query, KEY, arena);

    if (key.len == 0 || !triage_keyring_has(source->secrets, key)) {
        return triage_fail(TRIAGE_FORGED, "the URL has no key or another");
    }

    return triage_ok();
}

static triage_outcome_t
trustpilot_sign(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena,
                triage_signing_t *signing)
{
    triage_text_t parts[] = { triage_text(KEY "="), triage_no_text };

    (void) delivery;

    if (source->secrets != NULL) {
        parts[1] = triage_keyring_key(source->secrets, 0);
        signing->query = triage_arena_join(arena, parts, 2);
    }

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for a key")
               : triage_ok();
}

static triage_kind_t
kind_of(triage_text_t event)
{
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (triage_text_ends(event, triage_text_of(events[i].ending))) {
            return events[i].kind;
        }
    }

    return TRIAGE_OTHER;
}

/* A title says as much as the text below it. */
static triage_text_t
read_words(const triage_reader_t *reader, const triage_json_t *review)
{
    triage_text_t parts[] = { triage_reader_text(reader, review, "title"),
                              triage_text("\n"),
                              triage_reader_text(reader, review, "text") };

    if (parts[2].data == NULL) { /* product reviews */
        parts[2] = triage_reader_text(reader, review, "content");
    }

    if (parts[0].len == 0 || parts[2].len == 0) {
        return parts[0].len == 0 ? parts[2] : parts[0];
    }

    return triage_arena_join(reader->arena, parts, 3);
}

static int64_t
read_time(const triage_json_t *review, triage_kind_t kind)
{
    int64_t time = TRIAGE_NO_TIME;

    if (kind == TRIAGE_DELETE) {
        time = triage_reader_iso(review, "deletedAt");
    }

    if (kind == TRIAGE_EDIT) {
        time = triage_reader_iso(review, "updatedAt");
    }

    return time == TRIAGE_NO_TIME ? triage_reader_iso(review, "createdAt")
                                  : time;
}

static void
read_author(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *review)
{
    message->author_id = triage_reader_id(reader, review, "consumer.id");
    message->author_name = triage_reader_text(reader, review, "consumer.name");
}

/* An update without a time of its own is told from the next by its words. */
static triage_text_t
read_event_id(const triage_reader_t *reader, const triage_message_t *message,
              triage_text_t event, const triage_json_t *review)
{
    triage_text_t changed = triage_reader_id(reader, review, "updatedAt");

    if (message->kind == TRIAGE_EDIT && changed.data == NULL) {
        changed = triage_key_of(message->text, reader->arena);
    }

    return triage_key(reader->arena, event, message->message_id, changed);
}

static void
read_item(const triage_reader_t *reader, const triage_json_t *item)
{
    const triage_json_t *review = triage_json_at(item, "eventData");
    triage_text_t event = triage_reader_text(reader, item, "eventName");
    triage_message_t *message;

    if (!triage_json_is_object(review)) {
        reader->reading->problem = "an event without eventData";
        return;
    }

    message = triage_reader_add(reader);

    if (message == NULL) {
        return;
    }

    message->kind = kind_of(event);
    message->audience = TRIAGE_PUBLIC;
    message->message_id = triage_reader_id(reader, review, "id");
    message->sent_at = read_time(review, message->kind);

    if (message->message_id.data == NULL) {
        message->message_id = triage_reader_digest(reader);
    }

    message->thread_id = message->message_id;

    if (message->kind != TRIAGE_OTHER) {
        message->text = read_words(reader, review);
        message->language = triage_reader_id(reader, review, "language");
        message->stars = triage_reader_count(review, "stars");
        read_author(reader, message, review);
    }

    message->event_id = read_event_id(reader, message, event, review);

    if (message->kind == TRIAGE_DELETE) {
        message->text = triage_no_text;
    }
}

static triage_outcome_t
read_events(const triage_reader_t *reader, const triage_json_t *body)
{
    const triage_json_t *items = triage_json_at(body, "events");
    triage_message_t *message;

    if (items == NULL) {
        message = triage_reader_add(reader);

        if (message != NULL) {
            message->message_id = triage_reader_digest(reader);
        }

        return triage_ok();
    }

    for (size_t i = 0; i < triage_json_count(items); i++) {
        read_item(reader, triage_json_item(items, i));
    }

    return triage_ok();
}

static triage_outcome_t
trustpilot_parse(const triage_delivery_t *delivery,
                 const triage_source_t *source, triage_arena_t *arena,
                 triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_events);
}

const triage_platform_t triage_platform_trustpilot = {
    .name = "trustpilot",
    .title = "Trustpilot reviews",
    .needs = TRIAGE_NEEDS_ACCOUNT,
    .success = { .status = 200 },
    .verify = trustpilot_verify,
    .parse = trustpilot_parse,
    .sign = trustpilot_sign,
};
