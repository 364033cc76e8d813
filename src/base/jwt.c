#include "jwt.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "clock.h"
#include "digest.h"
#include "writer.h"

#define TOKEN_LEN_MAX 16384

typedef struct {
    triage_text_t header;
    triage_text_t payload;
    triage_text_t signed_part; /* both, and the dot between them */
    triage_text_t signature;
} parts_t;

triage_text_t
triage_jwt_bearer(triage_text_t authorization)
{
    triage_text_t scheme = triage_text_until(&authorization, ' ');

    if (!triage_text_is_nocase(scheme, "bearer") || authorization.data == NULL)
    {
        return triage_no_text;
    }

    return triage_text_trim(authorization);
}

static bool
split(triage_text_t text, parts_t *parts, triage_arena_t *arena)
{
    triage_text_t rest = text;
    triage_text_t header = triage_text_until(&rest, '.');
    triage_text_t payload = triage_text_until(&rest, '.');

    if (text.len > TOKEN_LEN_MAX || header.len == 0 || payload.len == 0
        || rest.len == 0 || memchr(rest.data, '.', rest.len) != NULL)
    {
        return false;
    }

    parts->signed_part.data = text.data;
    parts->signed_part.len = (size_t) (payload.data + payload.len - text.data);
    parts->header = triage_base64url_decode(header, arena);
    parts->payload = triage_base64url_decode(payload, arena);
    parts->signature = triage_base64url_decode(rest, arena);

    return parts->header.data != NULL && parts->payload.data != NULL
           && parts->signature.data != NULL;
}

static BIGNUM *
number_of(triage_text_t bytes)
{
    return BN_bin2bn((const unsigned char *) bytes.data, (int) bytes.len,
                     NULL);
}

static EVP_PKEY *
key_from_numbers(const BIGNUM *modulus, const BIGNUM *exponent)
{
    OSSL_PARAM_BLD *builder = OSSL_PARAM_BLD_new();
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    OSSL_PARAM *params = NULL;
    EVP_PKEY *key = NULL;

    if (builder != NULL && context != NULL
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus)
        && OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent))
    {
        params = OSSL_PARAM_BLD_to_param(builder);
    }

    if (params != NULL && EVP_PKEY_fromdata_init(context) == 1) {
        (void) EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
    }

    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(builder);
    EVP_PKEY_CTX_free(context);
    return key;
}

static EVP_PKEY *
public_key(const triage_jwt_key_t *numbers)
{
    BIGNUM *modulus = number_of(numbers->modulus);
    BIGNUM *exponent = number_of(numbers->exponent);
    EVP_PKEY *key = NULL;

    if (modulus != NULL && exponent != NULL) {
        key = key_from_numbers(modulus, exponent);
    }

    BN_free(modulus);
    BN_free(exponent);
    return key;
}

static bool
is_signed_by(const parts_t *parts, EVP_PKEY *key)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_signed =
        context != NULL
        && EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1
        && EVP_DigestVerify(context,
                            (const unsigned char *) parts->signature.data,
                            parts->signature.len,
                            (const unsigned char *) parts->signed_part.data,
                            parts->signed_part.len)
               == 1;

    EVP_MD_CTX_free(context);
    return is_signed;
}

static const triage_jwt_key_t *
find_signer(const parts_t *parts, const triage_json_t *key_id,
            const triage_jwt_options_t *options)
{
    for (size_t i = 0; i < options->key_count; i++) {
        const triage_jwt_key_t *row = &options->keys[i];
        EVP_PKEY *key = NULL;
        bool is_signed;

        if (key_id != NULL
            && !triage_text_equal(row->id, triage_json_peek(key_id))) {
            continue;
        }

        key = public_key(row);
        is_signed = key != NULL && is_signed_by(parts, key);
        EVP_PKEY_free(key);

        if (is_signed) {
            return row;
        }
    }

    return NULL;
}

static triage_outcome_t
check_signature(const parts_t *parts, const triage_jwt_options_t *options,
                triage_jwt_t *token)
{
    const char *why;
    triage_json_t *header = triage_json_open(parts->header, &why);
    bool is_rs256 = triage_json_equals(triage_json_at(header, "alg"), "RS256")
                    && triage_json_at(header, "crit") == NULL;

    if (is_rs256) {
        token->key =
            find_signer(parts, triage_json_at(header, "kid"), options);
    }

    triage_json_close(header);

    if (!is_rs256) {
        return triage_fail(TRIAGE_FORGED, "token is not signed with RS256");
    }

    if (token->key == NULL) {
        return triage_fail(TRIAGE_FORGED,
                           "token is signed by no key of the set");
    }

    return triage_ok();
}

static bool
is_for(const triage_json_t *audience, triage_text_t wanted)
{
    for (size_t i = 0; i < triage_json_count(audience); i++) {
        if (triage_text_equal(triage_json_peek(triage_json_item(audience, i)),
                              wanted)) {
            return true;
        }
    }

    return false;
}

static triage_outcome_t
check_time(const triage_json_t *payload, int64_t now, int64_t skew)
{
    const triage_json_t *begin = triage_json_at(payload, "nbf");
    int64_t expires_at =
        triage_time_of_seconds(triage_json_at(payload, "exp"));
    int64_t begins_at = triage_time_of_seconds(begin);

    if (expires_at == TRIAGE_NO_TIME
        || (begin != NULL && begins_at == TRIAGE_NO_TIME))
    {
        return triage_fail(TRIAGE_FORGED, "token without a time");
    }

    if (now >= expires_at + skew * TRIAGE_SECOND) {
        return triage_fail(TRIAGE_STALE, "token has expired");
    }

    if (begin != NULL && now < begins_at - skew * TRIAGE_SECOND) {
        return triage_fail(TRIAGE_STALE, "token is not valid yet");
    }

    return triage_ok();
}

static triage_outcome_t
check_claims(const triage_json_t *payload, const triage_jwt_options_t *options,
             int64_t now, int64_t skew)
{
    if (options->issuer.len == 0
        || !triage_text_equal(triage_json_peek(triage_json_at(payload, "iss")),
                              options->issuer))
    {
        return triage_fail(TRIAGE_FORGED, "token of another issuer");
    }

    if (options->audience.len == 0
        || !is_for(triage_json_at(payload, "aud"), options->audience))
    {
        return triage_fail(TRIAGE_FORGED, "token for another audience");
    }

    if (options->email.data != NULL
        && (!triage_text_equal(
                triage_json_peek(triage_json_at(payload, "email")),
                options->email)
            || !triage_json_is_true(
                triage_json_at(payload, "email_verified"))))
    {
        return triage_fail(TRIAGE_FORGED, "token of another account");
    }

    return check_time(payload, now, skew);
}

static triage_outcome_t
check(const parts_t *parts, const triage_jwt_options_t *options, int64_t now,
      int64_t skew, triage_jwt_t *token)
{
    triage_outcome_t outcome = check_signature(parts, options, token);
    const char *why;

    if (outcome.code != TRIAGE_OK) {
        return outcome;
    }

    token->payload = triage_json_open(parts->payload, &why);
    if (!triage_json_is_object(token->payload)) {
        return triage_fail(TRIAGE_FORGED, "token without claims");
    }

    return check_claims(token->payload, options, now, skew);
}

triage_outcome_t
triage_jwt_check(triage_text_t text, const triage_jwt_options_t *options,
                 int64_t now, int64_t skew, triage_arena_t *arena,
                 triage_jwt_t *token)
{
    triage_outcome_t outcome;
    parts_t parts;

    *token = (triage_jwt_t){ 0 };

    if (!split(text, &parts, arena)) {
        return arena->has_failed ? triage_fail(TRIAGE_NO_MEMORY, "no memory")
                                 : triage_fail(TRIAGE_FORGED, "not a token");
    }

    outcome = check(&parts, options, now, skew, token);

    if (outcome.code != TRIAGE_OK) {
        triage_jwt_close(token);

        if (arena->has_failed) {
            return triage_fail(TRIAGE_NO_MEMORY, "no memory");
        }
    }

    return outcome;
}

void
triage_jwt_close(triage_jwt_t *token)
{
    triage_json_close(token->payload);
    *token = (triage_jwt_t){ 0 };
}

/* base64url without padding, RFC 7515. */
static triage_text_t
encode(triage_text_t data, triage_arena_t *arena)
{
    triage_text_t base64 = triage_base64_encode(data, arena);
    char *url;

    if (base64.data == NULL) {
        return triage_no_text;
    }

    url = triage_arena_bytes(arena, base64.len);
    if (url == NULL) {
        return triage_no_text;
    }

    while (base64.len > 0 && base64.data[base64.len - 1] == '=') {
        base64.len--;
    }

    for (size_t i = 0; i < base64.len; i++) {
        char byte = base64.data[i];

        url[i] = (char) (byte == '+' ? '-' : byte == '/' ? '_' : byte);
    }

    return (triage_text_t){ url, base64.len };
}

static EVP_PKEY *
key_from_der(triage_text_t text, triage_arena_t *arena)
{
    triage_text_t der = triage_base64_decode(text, arena);
    const unsigned char *next = (const unsigned char *) der.data;

    return der.len == 0 ? NULL
                        : d2i_AutoPrivateKey(NULL, &next, (long) der.len);
}

static EVP_PKEY *
key_from_pem(triage_text_t text)
{
    BIO *source = BIO_new_mem_buf(text.data, (int) text.len);
    EVP_PKEY *key = NULL;

    if (source != NULL) {
        key = PEM_read_bio_PrivateKey(source, NULL, NULL, NULL);
    }

    BIO_free(source);
    return key;
}

static EVP_PKEY *
private_key(triage_text_t text, triage_arena_t *arena)
{
    text = triage_text_trim(text);

    if (text.len == 0 || text.len > TOKEN_LEN_MAX) {
        return NULL;
    }

    return triage_text_starts(text, triage_text("-----BEGIN"))
               ? key_from_pem(text)
               : key_from_der(text, arena);
}

static triage_text_t
sign(EVP_PKEY *key, triage_text_t text, triage_arena_t *arena)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = (size_t) EVP_PKEY_get_size(key);
    char *signature = triage_arena_bytes(arena, len);
    bool is_signed =
        context != NULL && signature != NULL
        && EVP_DigestSignInit(context, NULL, EVP_sha256(), NULL, key) == 1
        && EVP_DigestSign(context, (unsigned char *) signature, &len,
                          (const unsigned char *) text.data, text.len)
               == 1;

    EVP_MD_CTX_free(context);
    return is_signed ? (triage_text_t){ signature, len } : triage_no_text;
}

/* Takes the JSON out of a buffer; no text when it is not whole. */
static triage_text_t
take_json(triage_buffer_t *buffer, triage_arena_t *arena)
{
    triage_text_t text = triage_no_text;

    if (!buffer->has_failed) {
        text = triage_arena_copy(arena,
                                 (triage_text_t){ buffer->data, buffer->len });
    }

    triage_buffer_free(buffer);
    return text;
}

static void
write_claim(triage_writer_t *writer, const char *name, triage_text_t value)
{
    triage_write_name(writer, name);
    triage_write_text(writer, value);
}

static triage_text_t
header_of(triage_text_t key_id, triage_arena_t *arena)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;

    triage_writer_init(&writer, &buffer);
    triage_write_open(&writer, '{');
    write_claim(&writer, "alg", triage_text("RS256"));
    write_claim(&writer, "typ", triage_text("JWT"));

    if (key_id.data != NULL) {
        write_claim(&writer, "kid", key_id);
    }

    triage_write_close(&writer, '}');

    return encode(take_json(&buffer, arena), arena);
}

triage_text_t
triage_jwt_sign(triage_text_t payload, triage_text_t key, triage_text_t key_id,
                triage_arena_t *arena)
{
    const triage_text_t dot = triage_text(".");
    triage_text_t unsigned_parts[] = { header_of(key_id, arena), dot,
                                       encode(payload, arena) };
    triage_text_t text = triage_arena_join(arena, unsigned_parts, 3);
    EVP_PKEY *signer = private_key(key, arena);
    triage_text_t signature;

    if (signer == NULL || text.data == NULL) {
        EVP_PKEY_free(signer);
        return triage_no_text;
    }

    signature = encode(sign(signer, text, arena), arena);
    EVP_PKEY_free(signer);

    if (signature.data == NULL) {
        return triage_no_text;
    }

    return triage_arena_join(arena, (triage_text_t[]){ text, dot, signature },
                             3);
}

triage_text_t
triage_jwt_authorization(const triage_jwt_options_t *options,
                         triage_text_t issuer, int64_t now, const char *name,
                         triage_text_t value, triage_arena_t *arena)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    triage_text_t token;

    triage_writer_init(&writer, &buffer);
    triage_write_open(&writer, '{');
    write_claim(&writer, "iss", issuer);
    write_claim(&writer, "aud", options->audience);
    triage_write_name(&writer, "nbf");
    triage_write_number(&writer, now / TRIAGE_SECOND);
    triage_write_name(&writer, "exp");
    triage_write_number(&writer, now / TRIAGE_SECOND + 3600);

    if (options->email.data != NULL) {
        write_claim(&writer, "email", options->email);
        triage_write_name(&writer, "email_verified");
        triage_write_bool(&writer, true);
    }

    if (name != NULL) {
        write_claim(&writer, name, value);
    }

    triage_write_close(&writer, '}');
    token = triage_jwt_sign(take_json(&buffer, arena), options->signer,
                            triage_no_text, arena);

    if (token.data == NULL) {
        return triage_no_text;
    }

    return triage_arena_join(
        arena, (triage_text_t[]){ triage_text("Bearer "), token }, 2);
}
