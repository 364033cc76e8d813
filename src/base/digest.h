/*
 * Keys and what is computed with them; the owner of libcrypto.
 *
 * A keyring is a file of secrets, a key a line, so that a key can be rotated
 * without a gap: whatever is checked is checked against each key, in
 * constant time.  Empty lines and lines that start with # are skipped;
 * blanks around a key are no part of it.  `whsec_` keys (Standard Webhooks)
 * are base64 behind the prefix and used decoded.
 *
 * The contexts of a key are kept and reused (one-shot HMAC() costs four
 * times as much), so a keyring belongs to one thread.
 */
#ifndef TRIAGE_DIGEST_H
#define TRIAGE_DIGEST_H

#include "arena.h"

#define TRIAGE_DIGEST_MAX 64

typedef enum {
    TRIAGE_SHA1 = 0,
    TRIAGE_SHA256,
    TRIAGE_SHA384,
    TRIAGE_SHA512,
    TRIAGE_HASH_COUNT
} triage_hash_t;

size_t triage_hash_size(triage_hash_t hash); /* bytes of a digest */

typedef struct triage_keyring_s triage_keyring_t;

/* From the contents of a file.  NULL with a literal in *why: no key in it,
 * or no memory.  Free with triage_keyring_free, which clears the keys. */
triage_keyring_t *triage_keyring_read(triage_text_t text, const char **why);
void triage_keyring_free(triage_keyring_t *keyring);
size_t triage_keyring_count(const triage_keyring_t *keyring);
/* The key itself, as written; for token compares and vendors' own schemes.
 * Must not be logged or copied to anything that outlives the call. */
triage_text_t triage_keyring_key(const triage_keyring_t *keyring, size_t i);

/* HMAC of several parts put together, with key `i`; the length returned is 0
 * when it failed. */
size_t triage_keyring_mac(triage_keyring_t *keyring, size_t i,
                          triage_hash_t hash, const triage_text_t *parts,
                          size_t count, uint8_t mac[TRIAGE_DIGEST_MAX]);

typedef enum { TRIAGE_HEX = 0, TRIAGE_BASE64 } triage_encoding_t;

/* Is `signature` the encoded HMAC of the parts with any key?  Compared
 * decoded and in constant time; hex in either case, base64 strictly. */
bool triage_keyring_signed(triage_keyring_t *keyring, triage_hash_t hash,
                           const triage_text_t *parts, size_t count,
                           triage_encoding_t encoding,
                           triage_text_t signature);
/* Is `token` one of the keys?  Constant time for equal lengths. */
bool triage_keyring_has(const triage_keyring_t *keyring, triage_text_t token);

/* Ed25519; the keys of the ring are public keys in hex (64 digits), or
 * base64 behind `whpk_`.  `signature` is the 64 raw bytes. */
bool triage_keyring_ed25519(triage_keyring_t *keyring,
                            const triage_text_t *parts, size_t count,
                            triage_text_t signature);

/* Signs with the first key that is a private one: base64 behind `whsk_` of
 * the seed (32 bytes), or of the seed and the public key.  For `triage
 * deliver` and tests; false when there is no such key. */
bool triage_keyring_ed25519_sign(const triage_keyring_t *keyring,
                                 const triage_text_t *parts, size_t count,
                                 uint8_t signature[TRIAGE_DIGEST_MAX]);

/* Plain digest of the parts; 0 when it failed. */
size_t triage_digest(triage_hash_t hash, const triage_text_t *parts,
                     size_t count, uint8_t digest[TRIAGE_DIGEST_MAX]);
bool triage_digest_equal(const void *a, const void *b, size_t len);

triage_text_t triage_hex_encode(const uint8_t *data, size_t len,
                                triage_arena_t *arena);
triage_text_t triage_base64_encode(triage_text_t data, triage_arena_t *arena);
/* No text when it is not in that encoding (base64: with padding, standard
 * alphabet; base64url: either padding). */
triage_text_t triage_hex_decode(triage_text_t text, triage_arena_t *arena);
triage_text_t triage_base64_decode(triage_text_t text, triage_arena_t *arena);
triage_text_t triage_base64url_decode(triage_text_t text,
                                      triage_arena_t *arena);

#endif
