/*
 * What tokens have to be, out of options of a platform: the key set (a
 * JWKS), issuer, audience.
 */
#include "digest.h"
#include "jwt.h"

#define KEY_BITS_MIN 2048
#define KEY_BYTES_MAX 1024
#define EXPONENT_BYTES_MAX 8

static bool
can_sign(const triage_json_t *jwk)
{
    const triage_json_t *use = triage_json_at(jwk, "use");
    const triage_json_t *algorithm = triage_json_at(jwk, "alg");

    return triage_json_equals(triage_json_at(jwk, "kty"), "RSA")
           && (use == NULL || triage_json_equals(use, "sig"))
           && (algorithm == NULL || triage_json_equals(algorithm, "RS256"));
}

static size_t
count_bits(triage_text_t number)
{
    size_t bits;

    while (number.len > 0 && *number.data == 0) {
        number.data++;
        number.len--;
    }

    bits = number.len * 8;

    for (unsigned mask = 0x80;
         number.len > 0 && mask > 0 && (*number.data & (int) mask) == 0;
         mask >>= 1)
    {
        bits--;
    }

    return bits;
}

static bool
is_strong(const triage_jwt_key_t *key)
{
    return key->modulus.len <= KEY_BYTES_MAX
           && count_bits(key->modulus) >= KEY_BITS_MIN
           && key->exponent.len <= EXPONENT_BYTES_MAX
           && count_bits(key->exponent) > 1
           && (key->exponent.data[key->exponent.len - 1] & 1) != 0;
}

static bool
read_numbers(triage_jwt_key_t *key, const triage_json_t *jwk,
             triage_arena_t *arena)
{
    key->modulus = triage_base64url_decode(
        triage_json_peek(triage_json_at(jwk, "n")), arena);
    key->exponent = triage_base64url_decode(
        triage_json_peek(triage_json_at(jwk, "e")), arena);

    return is_strong(key);
}

static void
read_endorsements(triage_jwt_key_t *key, const triage_json_t *list,
                  triage_arena_t *arena)
{
    size_t count = triage_json_count(list);

    if (list == NULL) {
        return;
    }

    key->endorsements =
        triage_arena_zero(arena, (count + 1) * sizeof(triage_text_t));

    for (size_t i = 0; key->endorsements != NULL && i < count; i++) {
        key->endorsements[i] =
            triage_json_text(triage_json_item(list, i), arena);
        key->endorsement_count++;
    }
}

static void
read_keys(triage_jwt_options_t *options, const triage_json_t *list,
          triage_arena_t *arena)
{
    size_t count = triage_json_count(list);

    options->key_count = 0;
    options->keys =
        triage_arena_zero(arena, (count + 1) * sizeof(triage_jwt_key_t));

    for (size_t i = 0; options->keys != NULL && i < count; i++) {
        const triage_json_t *jwk = triage_json_item(list, i);
        triage_jwt_key_t *key = &options->keys[options->key_count];

        if (can_sign(jwk) && read_numbers(key, jwk, arena)) {
            key->id = triage_json_text(triage_json_at(jwk, "kid"), arena);
            read_endorsements(key, triage_json_at(jwk, "endorsements"), arena);
            options->key_count++;
        }
    }
}

static const char *
set_keys(triage_jwt_options_t *options, triage_text_t value,
         triage_arena_t *arena)
{
    const char *why;
    triage_json_t *set = triage_json_open(value, &why);

    read_keys(options, triage_json_at(set, "keys"), arena);
    triage_json_close(set);

    if (arena->has_failed) {
        return "memory";
    }

    return options->key_count == 0
               ? "a key set with an RSA key of 2,048 bits or more"
               : NULL;
}

const char *
triage_jwt_options_set(triage_jwt_options_t *options, triage_text_t name,
                       triage_text_t value, triage_arena_t *arena)
{
    const struct {
        const char *name;
        triage_text_t *value;
    } rows[] = {
        { "issuer", &options->issuer },
        { "audience", &options->audience },
        { "email", &options->email },
        { "signer", &options->signer },
    };

    if (triage_text_is(name, "jwks")) {
        return set_keys(options, value, arena);
    }

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (triage_text_is(name, rows[i].name)) {
            *rows[i].value = triage_arena_copy(arena, value);
            return arena->has_failed ? "memory" : NULL;
        }
    }

    return "jwks, issuer, audience, email or signer";
}
