#include "../../src/base/jwt.h"
#include "../../src/base/clock.h"
#include "../../src/base/digest.h"
#include "tap.h"

#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

static triage_heap_t heap;
static triage_arena_t arena;

/* RFC 7515, appendix A.2: joe's token. */
static const char rfc_keys[] =
    "{\"keys\":[{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
    "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4q"
    "PCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ4"
    "7soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBE"
    "Ma2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWN"
    "moudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\"}]}";
static const char rfc_token[] =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh"
    "0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB"
    "__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9"
    "uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARN"
    "PvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZES"
    "c6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVm"
    "tVrBp0igcN_IoypGlUPQGe77Rw";

#define NOW INT64_C(1772440530)

/* A key made for this run: PEM, and its row of a key set. */
typedef struct {
    char pem[4096];
    char jwk[1024];
} signer_t;

static triage_text_t
url_number(const EVP_PKEY *key, const char *name)
{
    BIGNUM *number = NULL;
    unsigned char bytes[512];
    int len;
    triage_text_t text;

    EVP_PKEY_get_bn_param(key, name, &number);
    len = BN_bn2bin(number, bytes);
    BN_free(number);
    text = triage_base64_encode(
        (triage_text_t){ (char *) bytes, (size_t) len }, &arena);

    for (size_t i = 0; i < text.len; i++) {
        char *byte = (char *) (uintptr_t) &text.data[i];

        *byte = (char) (*byte == '+' ? '-' : *byte == '/' ? '_' : *byte);
    }

    return text;
}

static void
make_signer(signer_t *signer, unsigned bits, const char *id, const char *more)
{
    EVP_PKEY *key = EVP_RSA_gen(bits);
    BIO *sink = BIO_new(BIO_s_mem());
    triage_text_t number = url_number(key, OSSL_PKEY_PARAM_RSA_N);
    int len;

    PEM_write_bio_PrivateKey(sink, key, NULL, NULL, 0, NULL, NULL);
    len = BIO_read(sink, signer->pem, sizeof(signer->pem) - 1);
    signer->pem[len] = '\0';
    snprintf(signer->jwk, sizeof(signer->jwk),
             "{\"kty\":\"RSA\",\"kid\":\"%s\",\"n\":\"%.*s\","
             "\"e\":\"AQAB\"%s}",
             id, (int) number.len, number.data, more);
    BIO_free(sink);
    EVP_PKEY_free(key);
}

static triage_text_t
key_set(const signer_t *first, const signer_t *second)
{
    triage_text_t parts[] = {
        triage_text("{\"keys\":["),
        triage_text_of(first->jwk),
        second == NULL ? triage_no_text : triage_text(","),
        second == NULL ? triage_no_text : triage_text_of(second->jwk),
        triage_text("]}"),
    };

    return triage_arena_join(&arena, parts, 5);
}

static triage_outcome_t
check(triage_text_t text, const triage_jwt_options_t *options, int64_t now)
{
    triage_jwt_t token;
    triage_outcome_t outcome = triage_jwt_check(
        text, options, now * TRIAGE_SECOND, 300, &arena, &token);

    if (outcome.code == TRIAGE_OK) {
        triage_jwt_close(&token);
    }

    return outcome;
}

static bool
is_refused(triage_text_t text, const triage_jwt_options_t *options,
           const char *reason)
{
    triage_outcome_t outcome = check(text, options, NOW);

    return outcome.code == TRIAGE_FORGED && strcmp(outcome.why, reason) == 0;
}

static triage_text_t
sign(const char *payload, const signer_t *signer, const char *id)
{
    return triage_jwt_sign(triage_text_of(payload),
                           triage_text_of(signer->pem), triage_text_of(id),
                           &arena);
}

static bool
has_keys(triage_jwt_options_t *options, triage_text_t set)
{
    return triage_jwt_options_set(options, triage_text("jwks"), set, &arena)
           == NULL;
}

static void
checks_the_example(void)
{
    triage_jwt_options_t options = { .issuer = triage_text("joe"),
                                     .audience = triage_text("ours") };
    char forged[sizeof(rfc_token)];

    ok(has_keys(&options, triage_text_of(rfc_keys)), "a key set is read");
    ok(is_refused(triage_text_of(rfc_token), &options,
                  "token for another audience"),
       "the example of RFC 7515 is signed, but for nobody");

    memcpy(forged, rfc_token, sizeof(forged));
    forged[40] = forged[40] == 'A' ? 'B' : 'A';
    ok(is_refused(triage_text_of(forged), &options,
                  "token is signed by no key of the set"),
       "with a letter changed it is not signed");
}

#define CLAIMS(more)                                                          \
    "{\"iss\":\"us\",\"aud\":\"ours\",\"nbf\":1772440500,"                    \
    "\"exp\":1772444100" more "}"

static void
checks_claims(const signer_t *signer, triage_jwt_options_t options)
{
    triage_text_t good = sign(CLAIMS(""), signer, "k1");

    ok(check(good, &options, NOW).code == TRIAGE_OK, "a token for us");
    ok(check(good, &options, NOW + 3600 + 269).code == TRIAGE_OK,
       "a little late is in time");
    ok(check(good, &options, NOW + 3600 + 270).code == TRIAGE_STALE,
       "later is stale");
    ok(check(good, &options, NOW - 30 - 301).code == TRIAGE_STALE,
       "too early is stale");
    ok(check(sign("{\"iss\":\"us\",\"aud\":[\"theirs\",\"ours\"],"
                  "\"exp\":1772444100}",
                  signer, "k1"),
             &options, NOW)
               .code
           == TRIAGE_OK,
       "one of several audiences, no nbf");
    ok(is_refused(sign("{\"iss\":\"us\",\"aud\":\"ours\"}", signer, "k1"),
                  &options, "token without a time"),
       "a token for ever");
    ok(is_refused(sign("{\"iss\":\"them\",\"aud\":\"ours\"}", signer, "k1"),
                  &options, "token of another issuer"),
       "another issuer");
    ok(is_refused(sign("[1]", signer, "k1"), &options, "token without claims"),
       "no object");

    options.email = triage_text("robot@example.com");
    ok(is_refused(good, &options, "token of another account"),
       "no e-mail address");
    ok(is_refused(
           sign(CLAIMS(",\"email\":\"robot@example.com\""), signer, "k1"),
           &options, "token of another account"),
       "one that is not verified");
    ok(check(sign(CLAIMS(",\"email\":\"robot@example.com\","
                         "\"email_verified\":true"),
                  signer, "k1"),
             &options, NOW)
               .code
           == TRIAGE_OK,
       "one that is");

    options.audience = triage_no_text;
    ok(is_refused(good, &options, "token for another audience"),
       "an audience must be configured");
}

static void
checks_keys(const signer_t *first, const signer_t *second,
            const signer_t *weak, triage_jwt_options_t options)
{
    triage_text_t token = sign(CLAIMS(""), second, "k2");

    ok(is_refused(token, &options, "token is signed by no key of the set"),
       "a key that is not in the set");
    (void) has_keys(&options, key_set(first, second));
    ok(options.key_count == 2, "two keys");
    ok(check(token, &options, NOW).code == TRIAGE_OK,
       "one that is, beside another");
    ok(check(sign(CLAIMS(""), second, NULL), &options, NOW).code == TRIAGE_OK,
       "without a key id each key is tried");
    ok(is_refused(sign(CLAIMS(""), second, "k1"), &options,
                  "token is signed by no key of the set"),
       "with another key's id it is not signed");
    ok(!has_keys(&options, key_set(weak, NULL)), "1,024 bits are too few");
    ok(is_refused(sign(CLAIMS(""), weak, "k0"), &options,
                  "token is signed by no key of the set"),
       "and sign nothing");
    ok(!has_keys(&options, triage_text("no key set"))
           && !has_keys(&options, triage_text("{}"))
           && !has_keys(&options, triage_text("{\"keys\":[1,{}]}"))
           && !has_keys(&options,
                        triage_text("{\"keys\":[{\"kty\":\"EC\"}]}")),
       "a broken key set");
    ok(is_refused(token, &options, "token is signed by no key of the set"),
       "without a key nothing is signed");
}

static triage_text_t
with_header(const char *header, triage_text_t token)
{
    triage_text_t rest = token;
    triage_text_t encoded =
        triage_base64_encode(triage_text_of(header), &arena);

    (void) triage_text_until(&rest, '.');

    while (encoded.len > 0 && encoded.data[encoded.len - 1] == '=') {
        encoded.len--;
    }

    return triage_arena_join(
        &arena, (triage_text_t[]){ encoded, triage_text("."), rest }, 3);
}

static void
refuses_other_algorithms(const signer_t *signer, triage_jwt_options_t options)
{
    triage_text_t token = sign(CLAIMS(""), signer, "k1");
    const char *const headers[] = {
        "{\"alg\":\"none\"}",
        "{\"alg\":\"HS256\"}",
        "{\"alg\":\"RS512\"}",
        "{\"alg\":\"rs256\"}",
        "{}",
        "[]",
        "x",
        "{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}",
    };
    bool are_refused = true;

    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        are_refused = are_refused
                      && is_refused(with_header(headers[i], token), &options,
                                    "token is not signed with RS256");
    }

    ok(are_refused, "every algorithm but RS256");
    ok(is_refused(triage_text("a.b"), &options, "not a token")
           && is_refused(triage_text("a.b.c.d"), &options, "not a token")
           && is_refused(triage_text("..."), &options, "not a token")
           && is_refused(triage_no_text, &options, "not a token")
           && is_refused(triage_text("e30.e30.!"), &options, "not a token"),
       "what is no token");
}

static void
signs_for_the_options(const signer_t *signer, triage_jwt_options_t options)
{
    triage_jwt_t token;
    triage_text_t header;

    options.signer = triage_text_of(signer->pem);
    options.email = triage_text("robot@example.com");
    header = triage_jwt_authorization(
        &options, options.issuer, NOW * TRIAGE_SECOND, "serviceurl",
        triage_text("https://a.example/\"x\""), &arena);
    ok(triage_jwt_check(triage_jwt_bearer(header), &options,
                        NOW * TRIAGE_SECOND, 0, &arena, &token)
               .code
           == TRIAGE_OK,
       "what we sign is ours");
    ok(triage_json_equals(triage_json_at(token.payload, "serviceurl"),
                          "https://a.example/\"x\""),
       "with a claim more");
    triage_jwt_close(&token);

    ok(triage_jwt_bearer(triage_text("Basic abc")).data == NULL
           && triage_jwt_bearer(triage_text("Bearer")).data == NULL
           && triage_text_is(triage_jwt_bearer(triage_text("bearer  t ")),
                             "t"),
       "the bearer of the header");
    options.signer = triage_text("no key");
    ok(triage_jwt_authorization(&options, options.issuer, 0, NULL,
                                triage_no_text, &arena)
               .data
           == NULL,
       "no key, no signature");
}

int
main(void)
{
    static signer_t first, second, weak;
    triage_jwt_options_t options = { .issuer = triage_text("us"),
                                     .audience = triage_text("ours") };

    triage_arena_on_heap(&arena, &heap);
    make_signer(&first, 2048, "k1", ",\"use\":\"sig\",\"alg\":\"RS256\"");
    make_signer(&second, 2048, "k2", "");
    make_signer(&weak, 1024, "k0", "");
    (void) has_keys(&options, key_set(&first, NULL));

    checks_the_example();
    checks_claims(&first, options);
    checks_keys(&first, &second, &weak, options);
    refuses_other_algorithms(&first, options);
    signs_for_the_options(&first, options);
    ok(triage_jwt_options_set(&options, triage_text("x"), triage_no_text,
                              &arena)
               != NULL
           && triage_jwt_options_set(&options, triage_text("issuer"),
                                     triage_text("i"), &arena)
                  == NULL
           && triage_text_is(options.issuer, "i"),
       "options by their names");
    triage_heap_free(&heap);

    return done_testing();
}
