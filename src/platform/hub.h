/*
 * Signatures that are one header holding one HMAC of the body, as WebSub's
 * X-Hub-Signature began it: Meta, X, LINE, Viber, Mastodon, Discourse and
 * others differ only in a row of this type.
 */
#ifndef TRIAGE_HUB_H
#define TRIAGE_HUB_H

#include "platform.h"

typedef struct {
    triage_text_t header;
    triage_text_t prefix; /* before the encoded HMAC: "sha256="; or empty */
    triage_hash_t hash;
    triage_encoding_t encoding;
} triage_hub_t;

/* Is the header the HMAC of the body with any key?  OK or FORGED. */
triage_outcome_t triage_hub_verify(const triage_hub_t *hub,
                                   const triage_delivery_t *delivery,
                                   const triage_source_t *source);

/* Adds the header, made with the first key. */
triage_outcome_t triage_hub_sign(const triage_hub_t *hub,
                                 const triage_delivery_t *delivery,
                                 const triage_source_t *source,
                                 triage_arena_t *arena,
                                 triage_signing_t *signing);

/* The encoded HMAC of the parts with the first key, for schemes of a
 * platform's own; no text when there is no key or no memory. */
triage_text_t triage_hub_mac(const triage_source_t *source, triage_hash_t hash,
                             triage_encoding_t encoding,
                             const triage_text_t *parts, size_t count,
                             triage_arena_t *arena);

/* Adds a header to `signing`; for schemes of a platform's own. */
void triage_signing_add(triage_signing_t *signing, triage_text_t name,
                        triage_text_t value);

/* Was it signed within the tolerance of the location, or where that says
 * nothing within `usual`, the seconds that the platform names (0: it names
 * none, and any time will do)?  OK, or STALE; a time that cannot be read is
 * stale too. */
triage_outcome_t triage_hub_check_age(const triage_delivery_t *delivery,
                                      const triage_source_t *source,
                                      int64_t usual, int64_t signed_at);

#endif
