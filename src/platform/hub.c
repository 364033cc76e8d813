#include "hub.h"

triage_outcome_t
triage_hub_verify(const triage_hub_t *hub, const triage_delivery_t *delivery,
                  const triage_source_t *source)
{
    triage_text_t value = delivery->header(delivery->request, hub->header);

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (value.data == NULL) {
        return triage_fail(TRIAGE_FORGED, "no signature");
    }

    if (!triage_text_starts(value, hub->prefix)) {
        return triage_fail(TRIAGE_FORGED, "signature of another kind");
    }

    value.data += hub->prefix.len;
    value.len -= hub->prefix.len;

    if (!triage_keyring_signed(source->secrets, hub->hash, &delivery->body, 1,
                               hub->encoding, value))
    {
        return triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return triage_ok();
}

triage_text_t
triage_hub_mac(const triage_source_t *source, triage_hash_t hash,
               triage_encoding_t encoding, const triage_text_t *parts,
               size_t count, triage_arena_t *arena)
{
    uint8_t mac[TRIAGE_DIGEST_MAX];
    size_t len = 0;

    if (source->secrets != NULL) {
        len = triage_keyring_mac(source->secrets, 0, hash, parts, count, mac);
    }

    if (len == 0) {
        return triage_no_text;
    }

    return encoding == TRIAGE_HEX
               ? triage_hex_encode(mac, len, arena)
               : triage_base64_encode(
                   (triage_text_t){ (const char *) mac, len }, arena);
}

triage_outcome_t
triage_hub_sign(const triage_hub_t *hub, const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena,
                triage_signing_t *signing)
{
    triage_text_t parts[2] = {
        hub->prefix,
        triage_hub_mac(source, hub->hash, hub->encoding, &delivery->body, 1,
                       arena),
    };

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    triage_signing_add(signing, hub->header,
                       triage_arena_join(arena, parts, 2));

    return parts[1].data == NULL || arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for a signature")
               : triage_ok();
}

void
triage_signing_add(triage_signing_t *signing, triage_text_t name,
                   triage_text_t value)
{
    if (signing->count < TRIAGE_SIGNED_HEADERS_MAX) {
        signing->headers[signing->count++] = (triage_header_t){ name, value };
    }
}

triage_outcome_t
triage_hub_check_age(const triage_delivery_t *delivery,
                     const triage_source_t *source, int64_t usual,
                     int64_t signed_at)
{
    int64_t tolerance = source->tolerance > 0 ? source->tolerance : usual;
    int64_t window = tolerance * TRIAGE_SECOND;

    if (tolerance == 0) {
        return triage_ok();
    }

    if (signed_at == TRIAGE_NO_TIME
        || signed_at < delivery->received_at - window) {
        return triage_fail(TRIAGE_STALE, "signed too long ago");
    }

    return signed_at > delivery->received_at + window
               ? triage_fail(TRIAGE_STALE, "signed in the future")
               : triage_ok();
}
