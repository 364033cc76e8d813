#include "discord_signature.h"

#include "hub.h"

triage_outcome_t
triage_discord_verify(const triage_delivery_t *delivery,
                      const triage_source_t *source, triage_arena_t *arena)
{
    triage_text_t time =
        triage_delivery_header(delivery, "X-Signature-Timestamp");
    triage_text_t signature = triage_hex_decode(
        triage_delivery_header(delivery, "X-Signature-Ed25519"), arena);
    triage_text_t parts[] = { time, delivery->body };

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no public key to check with");
    }

    if (time.len == 0 || signature.len == 0) {
        return triage_fail(TRIAGE_FORGED, "no signature with a time");
    }

    if (!triage_keyring_ed25519(source->secrets, parts, 2, signature)) {
        return triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return triage_hub_check_age(delivery, source, 0,
                                triage_time_from_seconds(time));
}

triage_outcome_t
triage_discord_sign(const triage_delivery_t *delivery,
                    const triage_source_t *source, triage_arena_t *arena,
                    triage_signing_t *signing)
{
    uint8_t signature[TRIAGE_DIGEST_MAX];
    triage_text_t time =
        triage_arena_number(arena, delivery->received_at / TRIAGE_SECOND);
    triage_text_t parts[] = { time, delivery->body };

    if (source->secrets == NULL
        || !triage_keyring_ed25519_sign(source->secrets, parts, 2, signature))
    {
        return triage_fail(TRIAGE_DENIED, "no private key to sign with");
    }

    triage_signing_add(signing, triage_text("X-Signature-Timestamp"), time);
    triage_signing_add(signing, triage_text("X-Signature-Ed25519"),
                       triage_hex_encode(signature, sizeof(signature), arena));

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to sign")
               : triage_ok();
}

void
triage_discord_author(const triage_reader_t *reader, triage_message_t *message,
                      const triage_json_t *user)
{
    message->author_id = triage_reader_id(reader, user, "id");
    message->author_name = triage_reader_text(reader, user, "global_name");
    message->author_handle = triage_reader_text(reader, user, "username");
}

bool
triage_discord_is_echo(const triage_reader_t *reader,
                       const triage_message_t *message,
                       const triage_json_t *user)
{
    return triage_json_is_true(triage_json_at(user, "bot"))
           || (message->author_id.data != NULL
               && triage_text_equal(message->author_id, message->account))
           || triage_reader_is_brand(reader, message->author_id);
}
