/*
 * JSON Web Tokens signed with RS256, checked against a key set that is
 * given as text.
 *
 * Nothing is fetched: a worker must never wait for somebody else's server.
 * Ops keep the file with the key set fresh (docs/platforms/teams.md); it is
 * read once, when the options are set.  Every algorithm but RS256 is refused,
 * `none` and HS256 above all, and so is a key of less than 2,048 bits.
 */
#ifndef TRIAGE_JWT_H
#define TRIAGE_JWT_H

#include "json.h"
#include "outcome.h"

typedef struct {
    triage_text_t id;                /* "kid"; no text when it has none */
    triage_text_t modulus, exponent; /* big endian */
    triage_text_t *endorsements;     /* NULL: the set says nothing of them */
    size_t endorsement_count;
} triage_jwt_key_t;

/* What a token has to say; source->options of the platforms that use it
 * (teams, google-business).  Zero-filled is without any. */
typedef struct {
    triage_jwt_key_t *keys; /* of the set, those that can sign RS256 */
    size_t key_count;
    triage_text_t issuer;   /* no text: the platform's own default */
    triage_text_t audience; /* must be there */
    triage_text_t email;    /* of the service account; no text: any */
    triage_text_t signer;   /* private key, for triage_jwt_sign alone */
} triage_jwt_options_t;

/* Sets an option by its name in the configuration: jwks (the contents of
 * the file: RFC 7517, {"keys":[...]}), issuer, audience, email, signer.
 * What is kept is in the arena.  NULL, or what was expected, a literal. */
const char *triage_jwt_options_set(triage_jwt_options_t *options,
                                   triage_text_t name, triage_text_t value,
                                   triage_arena_t *arena);

/* A checked token.  The claims are open until triage_jwt_close. */
typedef struct {
    triage_json_t *payload;
    const triage_jwt_key_t *key; /* that signed */
} triage_jwt_t;

/* The token behind "Bearer "; no text when there is none. */
triage_text_t triage_jwt_bearer(triage_text_t authorization);

/*
 * OK: signed by a key of the set, for this issuer, audience and (if one is
 * given) verified e-mail address, and `now` (µs since 1970) is in its time,
 * give or take `skew` seconds.  STALE: it was, but no longer or not yet.
 * FORGED: everything else.  `token` is to be closed after OK only.
 */
TRIAGE_MUST_CHECK
triage_outcome_t triage_jwt_check(triage_text_t text,
                                  const triage_jwt_options_t *options,
                                  int64_t now, int64_t skew,
                                  triage_arena_t *arena, triage_jwt_t *token);
void triage_jwt_close(triage_jwt_t *token);

/* Signs `payload` (JSON) with a private key: PEM, or the PKCS#8 inside it
 * on one line.  For `triage deliver` and tests; `key_id` may be no text.  No
 * text when it failed. */
triage_text_t triage_jwt_sign(triage_text_t payload, triage_text_t key,
                              triage_text_t key_id, triage_arena_t *arena);

/* The Authorization header of a token for these options, valid for an hour
 * from `now` on, with one more claim (`name` NULL: none).  No text when it
 * failed. */
triage_text_t triage_jwt_authorization(const triage_jwt_options_t *options,
                                       triage_text_t issuer, int64_t now,
                                       const char *name, triage_text_t value,
                                       triage_arena_t *arena);

#endif
