/*
 * Standard Webhooks over our own normalised JSON: the open door for feeders.
 */
#include "standard.h"
#include "hub.h"
#include "platforms.h"

#define MESSAGES_MAX 20000
#define SIGNATURES_MAX 16
#define TOLERANCE_S 300

/* What a delivery is signed with; Svix, where the scheme comes from, has
 * names of its own. */
typedef struct {
    triage_text_t id;
    triage_text_t timestamp;
    triage_text_t signatures;
} signed_t;

static signed_t
read_headers(const triage_delivery_t *delivery)
{
    signed_t names = {
        triage_delivery_header(delivery, "webhook-id"),
        triage_delivery_header(delivery, "webhook-timestamp"),
        triage_delivery_header(delivery, "webhook-signature"),
    };

    if (names.signatures.data == NULL) {
        names = (signed_t){
            triage_delivery_header(delivery, "svix-id"),
            triage_delivery_header(delivery, "svix-timestamp"),
            triage_delivery_header(delivery, "svix-signature"),
        };
    }

    return names;
}

static bool
is_public_key(triage_text_t key)
{
    return triage_text_starts(key, triage_text("whpk_"));
}

/* v1, with every key but the public ones: what everybody may know must not
 * be taken for a secret. */
static bool
is_signed_v1(triage_keyring_t *keyring, const triage_text_t *parts,
             size_t count, triage_text_t signature)
{
    uint8_t mac[TRIAGE_DIGEST_MAX];
    bool is_signed = false;

    for (size_t i = 0; i < triage_keyring_count(keyring); i++) {
        size_t len;

        if (is_public_key(triage_keyring_key(keyring, i))) {
            continue;
        }

        len = triage_keyring_mac(keyring, i, TRIAGE_SHA256, parts, count, mac);
        if (len > 0 && len == signature.len
            && triage_digest_equal(mac, signature.data, len))
        {
            is_signed = true;
        }
    }

    return is_signed;
}

/* One of "v1,<base64>" and "v1a,<base64>"; versions to come are skipped. */
static bool
is_signed_by(triage_keyring_t *keyring, const triage_text_t *parts,
             size_t count, triage_text_t signature, triage_arena_t *arena)
{
    triage_text_t encoded = signature;
    triage_text_t version = triage_text_until(&encoded, ',');
    triage_text_t bytes = triage_base64_decode(encoded, arena);

    if (bytes.len == 0) {
        return false;
    }

    if (triage_text_is(version, "v1")) {
        return is_signed_v1(keyring, parts, count, bytes);
    }

    return triage_text_is(version, "v1a")
           && triage_keyring_ed25519(keyring, parts, count, bytes);
}

static triage_outcome_t
standard_verify(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena)
{
    signed_t names = read_headers(delivery);
    const triage_text_t parts[5] = { names.id, TRIAGE_TEXT("."),
                                     names.timestamp, TRIAGE_TEXT("."),
                                     delivery->body };
    bool is_signed = false;
    int64_t signed_at = triage_time_from_seconds(names.timestamp);

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (names.id.len == 0 || names.signatures.len == 0
        || signed_at == TRIAGE_NO_TIME)
    {
        return triage_fail(TRIAGE_FORGED, "a webhook header is missing");
    }

    for (size_t i = 0; i < SIGNATURES_MAX && names.signatures.len > 0; i++) {
        triage_text_t signature = triage_text_until(&names.signatures, ' ');

        is_signed =
            is_signed
            || is_signed_by(source->secrets, parts, 5, signature, arena);
    }

    if (!is_signed) {
        return triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return triage_hub_check_age(delivery, source, TOLERANCE_S, signed_at);
}

/* The id is made from the body: the same whenever it is delivered. */
static triage_outcome_t
standard_sign(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_signing_t *signing)
{
    const triage_text_t prefix = TRIAGE_TEXT("msg_");
    const triage_text_t version = TRIAGE_TEXT("v1,");
    const triage_text_t names[2] = { prefix,
                                     triage_key_of(delivery->body, arena) };
    triage_text_t id = triage_arena_join(arena, names, 2);
    triage_text_t timestamp =
        triage_arena_number(arena, delivery->received_at / TRIAGE_SECOND);
    const triage_text_t parts[5] = { id, TRIAGE_TEXT("."), timestamp,
                                     TRIAGE_TEXT("."), delivery->body };
    triage_text_t signature[2] = { version, triage_no_text };
    uint8_t mac[TRIAGE_DIGEST_MAX];
    size_t len;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    len = triage_keyring_mac(source->secrets, 0, TRIAGE_SHA256, parts, 5, mac);
    signature[1] = triage_base64_encode(
        (triage_text_t){ (const char *) mac, len }, arena);

    triage_signing_add(signing, triage_text("webhook-id"), id);
    triage_signing_add(signing, triage_text("webhook-timestamp"), timestamp);
    triage_signing_add(signing, triage_text("webhook-signature"),
                       triage_arena_join(arena, signature, 2));

    return len == 0 || arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for a signature")
               : triage_ok();
}

typedef struct {
    const triage_reader_t *reader;
    triage_standard_item_t *first;
    triage_standard_item_t **last;
} verdicts_t;

static triage_standard_item_t *
add_verdict(verdicts_t *verdicts, const char *list, bool is_alone)
{
    triage_standard_item_t *verdict =
        triage_arena_zero(verdicts->reader->arena, sizeof(*verdict));

    if (verdict == NULL) {
        return NULL;
    }

    verdict->list = list;
    verdict->is_alone = is_alone;
    *verdicts->last = verdict;
    verdicts->last = &verdict->next;

    return verdict;
}

/* A message is in the list only when it is whole. */
static void
read_item(verdicts_t *verdicts, const triage_json_t *item, const char *list,
          bool is_alone)
{
    const triage_reader_t *reader = verdicts->reader;
    triage_messages_t *messages = &reader->reading->messages;
    triage_standard_item_t *verdict = add_verdict(verdicts, list, is_alone);
    triage_messages_t one;
    triage_message_t *message;

    triage_messages_init(&one);
    message = triage_messages_add(&one, reader->arena);

    if (verdict == NULL || message == NULL) {
        return;
    }

    message->account = reader->source->account;
    verdict->fault = triage_standard_read(reader, item, message);

    if (verdict->fault.why != NULL) {
        reader->reading->problem = "an item is not as the contract says";
        return;
    }

    verdict->message_id = message->message_id;
    *messages->last = message;
    messages->last = &message->next;
    messages->count++;
}

static void
read_items(verdicts_t *verdicts, const triage_json_t *items, const char *list)
{
    size_t count = triage_json_count(items);
    bool is_alone = !triage_json_is_array(items);

    for (size_t i = 0; i < count && i < MESSAGES_MAX; i++) {
        read_item(verdicts, triage_json_item(items, i), list, is_alone);
    }

    if (count > MESSAGES_MAX) {
        verdicts->reader->reading->problem =
            "too many messages in one delivery";
    }
}

/* {"type": ...} is an event of somebody's own, not a message of ours: kept,
 * as every platform's unknown events are. */
static void
read_foreign(verdicts_t *verdicts, const triage_json_t *body)
{
    const triage_reader_t *reader = verdicts->reader;
    triage_standard_item_t *verdict = add_verdict(verdicts, "", true);
    triage_message_t *message = triage_reader_add(reader);

    if (verdict == NULL || message == NULL) {
        return;
    }

    message->event_id = triage_reader_header(reader, "webhook-id");
    message->message_id = triage_reader_id(reader, body, "data.id");

    if (message->message_id.len == 0) {
        message->message_id = message->event_id.len > 0
                                  ? message->event_id
                                  : triage_reader_digest(reader);
    }

    message->sent_at = triage_reader_iso(body, "timestamp");
    verdict->message_id = message->message_id;
}

static void
read_object(verdicts_t *verdicts, const triage_json_t *body)
{
    const triage_json_t *data = triage_json_at(body, "data");

    if (triage_json_at(body, "messages") != NULL) {
        read_items(verdicts, triage_json_at(body, "messages"), "/messages");
        return;
    }

    if (triage_json_at(data, "messages") != NULL) {
        read_items(verdicts, triage_json_at(data, "messages"),
                   "/data/messages");
        return;
    }

    if (triage_json_at(data, "message_id") != NULL) {
        read_item(verdicts, data, "/data", true);
        return;
    }

    if (triage_json_is_string(triage_json_at(body, "type"))
        && triage_json_at(body, "message_id") == NULL)
    {
        read_foreign(verdicts, body);
        return;
    }

    read_item(verdicts, body, "", true);
}

static triage_outcome_t
standard_parse(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena,
               triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };
    verdicts_t verdicts = { &reader, NULL, &verdicts.first };
    triage_outcome_t outcome = triage_ok();
    triage_json_t *document = triage_json_open(delivery->body, &outcome.why);

    if (document == NULL) {
        /* one wrong item, so that the answer has one form */
        triage_standard_item_t *verdict = add_verdict(&verdicts, "", true);

        outcome.code = TRIAGE_MALFORMED;
        if (verdict != NULL) {
            verdict->fault = (triage_fault_t){ outcome.why, "" };
        }

    } else if (triage_json_is_array(document)) {
        read_items(&verdicts, document, "");

    } else {
        read_object(&verdicts, document);
    }

    triage_json_close(document);

    reading->notes = verdicts.first;

    /* nothing is filed: this is the answer, for no store will be asked */
    if (reading->messages.count == 0) {
        triage_outcome_t answered =
            triage_standard_answer(reading, NULL, arena, &reading->reply);

        if (answered.code != TRIAGE_OK) {
            return answered;
        }
    }

    return arena->has_failed ? triage_fail(TRIAGE_NO_MEMORY, "no memory")
                             : outcome;
}

static const char *
standard_reads(const triage_source_t *source, size_t i)
{
    static const char *const headers[] = { "webhook-id", NULL };

    (void) source;

    return headers[i];
}

const triage_platform_t triage_platform_standard = {
    .name = "standard",
    .title = "Standard Webhooks: feeders with triage's own JSON",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = standard_verify,
    .parse = standard_parse,
    .sign = standard_sign,
    .answer = triage_standard_answer,
    .reads = standard_reads,
};
