#include "meta.h"
#include "hub.h"

/* Meta sends 1,000 updates a delivery at most; a body that holds more than
 * this is read no further and kept as a dead letter. */
#define MESSAGES_MAX 20000

/* A number below this is seconds (until the year 5138), one above it is
 * milliseconds (since March 1973, long before Meta). */
#define SECONDS_END INT64_C(100000000000)

static const triage_hub_t signature = {
    .header = TRIAGE_TEXT("x-hub-signature-256"),
    .prefix = TRIAGE_TEXT("sha256="),
    .hash = TRIAGE_SHA256,
    .encoding = TRIAGE_HEX,
};

triage_outcome_t
triage_meta_challenge(const triage_delivery_t *delivery,
                      const triage_source_t *source, triage_arena_t *arena,
                      triage_reply_t *reply)
{
    triage_text_t query = delivery->query;
    triage_text_t challenge;

    if (!triage_text_is(delivery->method, "GET")) {
        return triage_fail(TRIAGE_IGNORED, "no handshake");
    }

    if (!triage_text_is(triage_query_get(query, "hub.mode", arena),
                        "subscribe")) {
        return triage_fail(TRIAGE_DENIED, "hub.mode is not subscribe");
    }

    if (!triage_keyring_has(
            source->tokens,
            triage_query_get(query, "hub.verify_token", arena)))
    {
        return triage_fail(TRIAGE_DENIED, "hub.verify_token is not ours");
    }

    challenge = triage_query_get(query, "hub.challenge", arena);
    if (challenge.len == 0) {
        return triage_fail(TRIAGE_DENIED, "no hub.challenge");
    }

    reply->status = 200;
    reply->content_type = triage_text("text/plain");
    reply->body = challenge;

    return triage_fail(TRIAGE_ANSWERED, "handshake");
}

triage_outcome_t
triage_meta_verify(const triage_delivery_t *delivery,
                   const triage_source_t *source, triage_arena_t *arena)
{
    (void) arena;

    return triage_hub_verify(&signature, delivery, source);
}

triage_outcome_t
triage_meta_sign(const triage_delivery_t *delivery,
                 const triage_source_t *source, triage_arena_t *arena,
                 triage_signing_t *signing)
{
    return triage_hub_sign(&signature, delivery, source, arena, signing);
}

void
triage_meta_problem(triage_meta_t *meta, const char *why)
{
    if (meta->reader->reading->problem == NULL) {
        meta->reader->reading->problem = why;
    }
}

/* Stands for the body; most have ids and do without. */
static triage_text_t
digest_of(triage_meta_t *meta)
{
    if (meta->digest.data == NULL) {
        meta->digest = triage_reader_digest(meta->reader);
    }

    return meta->digest;
}

/* Tells the messages of a body apart. */
static triage_text_t
ordinal_of_last(const triage_meta_t *meta)
{
    return triage_arena_number(
        meta->reader->arena, (int64_t) meta->reader->reading->messages.count);
}

triage_message_t *
triage_meta_add(triage_meta_t *meta)
{
    triage_message_t *message;

    if (meta->reader->reading->messages.count >= MESSAGES_MAX) {
        triage_meta_problem(meta, "too many messages in one delivery");
        return NULL;
    }

    message = triage_messages_add(&meta->reader->reading->messages,
                                  meta->reader->arena);
    if (message == NULL) {
        return NULL;
    }

    message->account = meta->entry_id;
    message->sent_at = meta->entry_time;

    return message;
}

void
triage_meta_finish(triage_meta_t *meta, triage_message_t *message)
{
    if (message->account.len == 0) {
        message->account = meta->reader->source->account;
    }

    if (message->message_id.len == 0) {
        message->message_id =
            triage_key(meta->reader->arena, message->account,
                       triage_text_of(triage_kind_name(message->kind)),
                       message->author_id,
                       triage_key_time(message->sent_at, meta->reader->arena),
                       message->text.len > 0
                           ? triage_key_of(message->text, meta->reader->arena)
                           : digest_of(meta),
                       ordinal_of_last(meta));
    }
}

void
triage_meta_add_other(triage_meta_t *meta, triage_text_t name)
{
    triage_message_t *message = triage_meta_add(meta);

    if (message == NULL) {
        return;
    }

    message->message_id = triage_key(meta->reader->arena, name,
                                     digest_of(meta), ordinal_of_last(meta));
    triage_meta_finish(meta, message);
}

void
triage_meta_read_values(triage_meta_t *meta, const triage_json_t *change,
                        triage_meta_value_pt read)
{
    const triage_json_t *field = triage_json_at(change, "field");
    const triage_json_t *values = triage_json_at(change, "value");
    size_t count = triage_json_count(values);

    if (read == NULL || count == 0) {
        triage_meta_add_other(meta,
                              triage_json_text(field, meta->reader->arena));
        return;
    }

    for (size_t i = 0; i < count; i++) {
        const triage_json_t *value = triage_json_item(values, i);

        if (triage_json_is_object(value)) {
            read(meta, field, value);
        } else {
            triage_meta_problem(meta, "the value of a change is no object");
        }
    }
}

int64_t
triage_meta_time(const triage_json_t *value)
{
    int64_t number;

    if (!triage_json_to_int64(value, &number)) {
        return triage_time_of_iso(value);
    }

    return number < SECONDS_END ? triage_time_of_seconds(value)
                                : triage_time_of_milliseconds(value);
}

bool
triage_meta_is_brand(const triage_meta_t *meta, triage_text_t author,
                     triage_text_t account)
{
    if (author.len == 0) {
        return false;
    }

    return triage_text_equal(author, account)
           || triage_keyring_has(meta->reader->source->brand_ids, author);
}

static void
read_list(triage_meta_t *meta, const triage_meta_list_t *list,
          const triage_json_t *items)
{
    size_t count = triage_json_count(items);

    for (size_t i = 0; i < count; i++) {
        const triage_json_t *item = triage_json_item(items, i);

        if (!triage_json_is_object(item)) {
            triage_meta_problem(meta, "an item of an entry is no object");
            continue;
        }
        list->read(meta, item);
    }
}

/* With "Include Values" off there are only the names of what changed. */
static void
read_changed_fields(triage_meta_t *meta, const triage_json_t *names)
{
    size_t count = triage_json_count(names);

    for (size_t i = 0; i < count; i++) {
        triage_meta_add_other(
            meta,
            triage_json_text(triage_json_item(names, i), meta->reader->arena));
    }
}

static void
read_entry(triage_meta_t *meta, const triage_meta_family_t *family,
           const triage_json_t *entry)
{
    bool is_known = false;

    if (!triage_json_is_object(entry)) {
        triage_meta_problem(meta, "an entry is no object");
        return;
    }

    meta->entry_id =
        triage_json_id(triage_json_at(entry, "id"), meta->reader->arena);
    meta->entry_time = triage_meta_time(triage_json_at(entry, "time"));

    for (size_t i = 0; family->lists[i].name != NULL; i++) {
        const triage_json_t *items =
            triage_json_at(entry, family->lists[i].name);

        is_known = is_known || items != NULL;
        read_list(meta, &family->lists[i], items);
    }

    if (triage_json_at(entry, "changed_fields") != NULL) {
        read_changed_fields(meta, triage_json_at(entry, "changed_fields"));
        is_known = true;
    }

    if (!is_known) {
        triage_meta_add_other(meta, triage_text("entry"));
    }
}

static void
read_envelope(triage_meta_t *meta, const triage_meta_family_t *family,
              const triage_json_t *envelope)
{
    const triage_json_t *entries = triage_json_at(envelope, "entry");
    size_t count = triage_json_count(entries);

    if (!triage_json_equals(triage_json_at(envelope, "object"),
                            family->object)) {
        triage_meta_add_other(
            meta, triage_json_text(triage_json_at(envelope, "object"),
                                   meta->reader->arena));
        return;
    }

    for (size_t i = 0; i < count && !meta->reader->arena->has_failed; i++) {
        read_entry(meta, family, triage_json_item(entries, i));
    }
}

triage_outcome_t
triage_meta_parse(const triage_meta_family_t *family,
                  const triage_delivery_t *delivery,
                  const triage_source_t *source, triage_arena_t *arena,
                  triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };
    triage_meta_t meta = { .reader = &reader, .entry_time = TRIAGE_NO_TIME };
    triage_outcome_t outcome = triage_ok();
    triage_json_t *document = triage_json_open(delivery->body, &outcome.why);

    if (document == NULL) {
        outcome.code = TRIAGE_MALFORMED;
        return outcome;
    }

    if (triage_json_is_object(document)) {
        read_envelope(&meta, family, document);

    } else {
        outcome = triage_fail(TRIAGE_MALFORMED, "the body is no JSON object");
    }

    triage_json_close(document);

    return arena->has_failed ? triage_fail(TRIAGE_NO_MEMORY, "no memory")
                             : outcome;
}
