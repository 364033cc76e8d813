/*
 * WeChat: what people write to an official account, plain or encrypted, as
 * XML.
 */
#include <string.h>

#include "../base/xml.h"
#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"
#include "wechat_envelope.h"

/* Seconds that a plain signature is good for: it says nothing of the body,
 * so that who has seen one could send what he likes with it for ever. */
#define PLAIN_TOLERANCE 300

static const struct {
    const char *type;
    const char *text;
    bool is_media;
} rows[] = {
    { "text", "Content", false },     { "image", NULL, true },
    { "voice", "Recognition", true }, { "video", NULL, true },
    { "shortvideo", NULL, true },     { "location", "Label", false },
    { "link", "Title", false },
};

static void
sort_texts(triage_text_t *texts, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = i; j > 0; j--) {
            triage_text_t a = texts[j - 1], b = texts[j];
            size_t len = a.len < b.len ? a.len : b.len;
            int order = len == 0 ? 0 : memcmp(a.data, b.data, len);

            if (order < 0 || (order == 0 && a.len <= b.len)) {
                break;
            }

            texts[j - 1] = b;
            texts[j] = a;
        }
    }
}

/* SHA-1 over the token and the parts, in the order of the alphabet. */
static size_t
digest_sorted(triage_text_t token, const triage_text_t parts[3],
              uint8_t digest[TRIAGE_DIGEST_MAX])
{
    triage_text_t texts[] = { token, parts[0], parts[1], parts[2] };

    sort_texts(texts, 4);
    return triage_digest(TRIAGE_SHA1, texts, 4, digest);
}

static bool
is_signed(const triage_source_t *source, const triage_text_t parts[3],
          triage_text_t signature, triage_arena_t *arena)
{
    triage_text_t given = triage_hex_decode(signature, arena);
    uint8_t digest[TRIAGE_DIGEST_MAX];
    bool is_ours = false;

    if (source->secrets == NULL || given.len != triage_hash_size(TRIAGE_SHA1))
    {
        return false;
    }

    for (size_t i = 0; i < triage_keyring_count(source->secrets); i++) {
        triage_text_t key = triage_keyring_key(source->secrets, i);

        if (!triage_wechat_is_aes_key(key)
            && digest_sorted(key, parts, digest) == given.len
            && triage_digest_equal(digest, given.data, given.len))
        {
            is_ours = true;
        }
    }

    return is_ours;
}

/* The query arguments that every request carries. */
typedef struct {
    triage_text_t signature;
    triage_text_t message_signature;
    triage_text_t time;
    triage_text_t nonce;
} arguments_t;

static arguments_t
read_arguments(triage_text_t query, triage_arena_t *arena)
{
    return (arguments_t){
        triage_query_get(query, "signature", arena),
        triage_query_get(query, "msg_signature", arena),
        triage_query_get(query, "timestamp", arena),
        triage_query_get(query, "nonce", arena),
    };
}

static bool
is_genuine_query(const triage_source_t *source, const arguments_t *arguments,
                 triage_arena_t *arena)
{
    const triage_text_t parts[3] = { arguments->time, arguments->nonce };

    return arguments->time.len > 0
           && is_signed(source, parts, arguments->signature, arena);
}

static bool
is_genuine_message(const triage_source_t *source, const arguments_t *arguments,
                   triage_text_t encrypted, triage_arena_t *arena)
{
    const triage_text_t parts[3] = { arguments->time, arguments->nonce,
                                     encrypted };

    return arguments->time.len > 0 && encrypted.len > 0
           && is_signed(source, parts, arguments->message_signature, arena);
}

static triage_text_t
encrypted_part(triage_text_t body, triage_arena_t *arena)
{
    const char *why;

    return triage_xml_text(
        triage_xml_at(triage_xml_open(body, arena, &why), "Encrypt"));
}

static triage_outcome_t
wechat_challenge(const triage_delivery_t *delivery,
                 const triage_source_t *source, triage_arena_t *arena,
                 triage_reply_t *reply)
{
    arguments_t arguments;
    triage_text_t echo;

    if (!triage_text_is(delivery->method, "GET")) {
        return triage_fail(TRIAGE_IGNORED, "no check of the URL");
    }

    arguments = read_arguments(delivery->query, arena);
    echo = triage_query_get(delivery->query, "echostr", arena);

    if (echo.len == 0) {
        return triage_fail(TRIAGE_IGNORED, "no check of the URL");
    }

    if (!is_genuine_query(source, &arguments, arena)) {
        return triage_fail(TRIAGE_DENIED, "check with a wrong signature");
    }

    *reply = (triage_reply_t){ .status = 200,
                               .content_type = triage_text("text/plain"),
                               .body = echo };

    return triage_fail(TRIAGE_ANSWERED, "the URL was checked");
}

/* The plain signature says nothing of the body.  Where a key for encryption
 * is configured, only encrypted bodies are taken. */
static triage_outcome_t
check_signature(const triage_delivery_t *delivery,
                const triage_source_t *source, const arguments_t *arguments,
                triage_arena_t *arena)
{
    triage_text_t encrypted;

    if (arguments->message_signature.len == 0) {
        if (triage_wechat_is_sealed(source)) {
            return triage_fail(TRIAGE_FORGED, "message is not encrypted");
        }

        return is_genuine_query(source, arguments, arena)
                   ? triage_ok()
                   : triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    encrypted = encrypted_part(delivery->body, arena);

    return is_genuine_message(source, arguments, encrypted, arena)
               ? triage_ok()
               : triage_fail(TRIAGE_FORGED, "signature does not match");
}

static triage_outcome_t
wechat_verify(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena)
{
    arguments_t arguments = read_arguments(delivery->query, arena);
    triage_outcome_t outcome;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no token to check with");
    }

    outcome = check_signature(delivery, source, &arguments, arena);

    if (arena->has_failed) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory to check");
    }

    if (outcome.code != TRIAGE_OK) {
        return outcome;
    }

    return triage_hub_check_age(
        delivery, source,
        arguments.message_signature.len == 0 ? PLAIN_TOLERANCE : 0,
        triage_time_from_seconds(arguments.time));
}

static triage_text_t
child(const triage_xml_t *xml, const char *name)
{
    triage_text_t text = triage_xml_text(triage_xml_at(xml, name));

    return text.len == 0 ? triage_no_text : text;
}

/* Events have no MsgId; who and when is what their retries share. */
static void
read_ids(const triage_reader_t *reader, triage_message_t *message,
         const triage_xml_t *xml)
{
    triage_text_t id = child(xml, "MsgId");

    if (id.data == NULL) {
        id = triage_key(reader->arena, child(xml, "FromUserName"),
                        child(xml, "CreateTime"), child(xml, "Event"));
    }

    message->message_id = id.data == NULL ? triage_reader_digest(reader) : id;
}

static triage_outcome_t
read_message(const triage_reader_t *reader, const triage_xml_t *xml)
{
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t account = child(xml, "ToUserName");
    triage_text_t type = child(xml, "MsgType");

    if (message == NULL) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory to read");
    }

    read_ids(reader, message, xml);
    message->account = account.data == NULL ? message->account : account;
    message->author_id = child(xml, "FromUserName");
    message->thread_id = message->author_id;
    message->sent_at = triage_time_from_seconds(child(xml, "CreateTime"));

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (triage_text_is(type, rows[i].type)) {
            message->kind = TRIAGE_MESSAGE;
            message->has_media = rows[i].is_media;
            message->text = rows[i].text == NULL ? triage_no_text
                                                 : child(xml, rows[i].text);
        }
    }

    return triage_ok();
}

static triage_outcome_t
read_xml(const triage_reader_t *reader)
{
    triage_arena_t *arena = reader->arena;
    const char *why = NULL;
    const triage_xml_t *xml =
        triage_xml_open(reader->delivery->body, arena, &why);
    triage_text_t encrypted = child(xml, "Encrypt");

    if (xml == NULL) {
        return (triage_outcome_t){ TRIAGE_MALFORMED, why };
    }

    /* in the compatible mode the plain fields are there too */
    if (encrypted.data != NULL
        && (triage_xml_at(xml, "MsgType") == NULL
            || triage_wechat_is_sealed(reader->source)))
    {
        triage_text_t text =
            triage_wechat_unseal(reader->source, encrypted, arena);

        if (text.data == NULL) {
            return triage_fail(TRIAGE_MALFORMED, "cannot be decrypted");
        }

        xml = triage_xml_open(text, arena, &why);
    }

    if (!triage_xml_is(xml, "xml")) {
        return triage_fail(TRIAGE_MALFORMED, "not a message of WeChat");
    }

    return read_message(reader, xml);
}

static triage_outcome_t
wechat_parse(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };
    triage_outcome_t outcome = read_xml(&reader);

    return arena->has_failed ? triage_fail(TRIAGE_NO_MEMORY, "no memory")
                             : outcome;
}

static triage_text_t
signature_of(const triage_source_t *source, const triage_text_t parts[3],
             triage_arena_t *arena)
{
    uint8_t digest[TRIAGE_DIGEST_MAX];
    triage_text_t token = triage_no_text;

    for (size_t i = 0;
         token.data == NULL && i < triage_keyring_count(source->secrets); i++)
    {
        if (!triage_wechat_is_aes_key(triage_keyring_key(source->secrets, i)))
        {
            token = triage_keyring_key(source->secrets, i);
        }
    }

    return triage_hex_encode(digest, digest_sorted(token, parts, digest),
                             arena);
}

static triage_outcome_t
wechat_sign(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_signing_t *signing)
{
    triage_text_t time =
        triage_arena_number(arena, delivery->received_at / TRIAGE_SECOND);
    triage_text_t nonce = triage_key_of(delivery->body, arena);
    triage_text_t encrypted = encrypted_part(delivery->body, arena);
    const triage_text_t plain[3] = { time, nonce };
    const triage_text_t sealed[3] = { time, nonce, encrypted };

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no token to sign with");
    }

    signing->query = triage_arena_join(
        arena,
        (triage_text_t[]){
            triage_text("signature="), signature_of(source, plain, arena),
            triage_text("&timestamp="), time, triage_text("&nonce="), nonce },
        6);

    if (encrypted.len > 0) {
        signing->query = triage_arena_join(
            arena,
            (triage_text_t[]){ signing->query,
                               triage_text("&encrypt_type=aes&msg_signature="),
                               signature_of(source, sealed, arena) },
            3);
    }

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to sign")
               : triage_ok();
}

const triage_platform_t triage_platform_wechat = {
    .name = "wechat",
    .title = "WeChat official accounts",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = {
        .status = 200,
        .content_type = TRIAGE_TEXT("text/plain"),
        .body = TRIAGE_TEXT("success"),
    },
    .challenge = wechat_challenge,
    .verify = wechat_verify,
    .parse = wechat_parse,
    .sign = wechat_sign,
};
