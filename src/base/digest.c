#include "digest.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#define KEYS_MAX 16
#define KEY_LEN_MAX 1024
#define ED25519_KEY_LEN 32
#define ED25519_SIGNATURE_LEN 64

static const struct {
    const char *name;
    size_t size;
} hashes[] = {
    [TRIAGE_SHA1] = { "SHA1", 20 },
    [TRIAGE_SHA256] = { "SHA256", 32 },
    [TRIAGE_SHA384] = { "SHA384", 48 },
    [TRIAGE_SHA512] = { "SHA512", 64 },
};

_Static_assert(sizeof(hashes) / sizeof(hashes[0]) == TRIAGE_HASH_COUNT,
               "each hash has a row");

typedef struct {
    char text[KEY_LEN_MAX]; /* as written */
    size_t len;
    uint8_t bytes[KEY_LEN_MAX]; /* what a MAC is keyed with */
    size_t byte_count;
    EVP_MAC_CTX *macs[TRIAGE_HASH_COUNT]; /* keyed; made at first use */
    EVP_PKEY *public;                     /* Ed25519; made at first use */
} triage_key_t;

struct triage_keyring_s {
    triage_key_t keys[KEYS_MAX];
    size_t count;
    EVP_MAC *hmac;
};

size_t
triage_hash_size(triage_hash_t hash)
{
    return hashes[hash].size;
}

/* Decodes strict base64 of either alphabet; -1 when it is none. */
static int
base64_value(char digit, bool is_url)
{
    if (digit >= 'A' && digit <= 'Z') {
        return digit - 'A';
    }
    if (digit >= 'a' && digit <= 'z') {
        return digit - 'a' + 26;
    }
    if (digit >= '0' && digit <= '9') {
        return digit - '0' + 52;
    }
    if (digit == (is_url ? '-' : '+')) {
        return 62;
    }

    return digit == (is_url ? '_' : '/') ? 63 : -1;
}

/* Without padding; `out` has room for 3 bytes for each 4 digits.  The bits
 * that are left over must be zero, so that a value has one spelling. */
static bool
decode_base64_digits(triage_text_t text, bool is_url, uint8_t *out,
                     size_t *len)
{
    uint32_t bits = 0;
    unsigned count = 0;

    *len = 0;

    if (text.len % 4 == 1) {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        int value = base64_value(text.data[i], is_url);

        if (value < 0) {
            return false;
        }

        bits = bits << 6 | (uint32_t) value;
        count += 6;

        if (count >= 8) {
            count -= 8;
            out[(*len)++] = (uint8_t) (bits >> count);
            bits &= (1u << count) - 1;
        }
    }

    return bits == 0;
}

static triage_text_t
without_padding(triage_text_t text)
{
    for (int i = 0; i < 2 && text.len > 0 && text.data[text.len - 1] == '=';
         i++) {
        text.len--;
    }

    return text;
}

static bool
decode_base64(triage_text_t text, uint8_t *out, size_t *len)
{
    return text.len % 4 == 0
           && decode_base64_digits(without_padding(text), false, out, len);
}

/* What a digit is worth and 1 more, so that 0 is none.  A table: which digit
 * comes next in a signature is nothing that a processor could guess. */
static const uint8_t hex_digits[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
    ['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
    ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
    ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static int
hex_digit(char digit)
{
    return hex_digits[(uint8_t) digit] - 1;
}

static bool
decode_hex(triage_text_t text, uint8_t *out)
{
    if (text.len % 2 != 0) {
        return false;
    }

    for (size_t i = 0; i < text.len; i += 2) {
        int high = hex_digit(text.data[i]);
        int low = hex_digit(text.data[i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }
        out[i / 2] = (uint8_t) (high << 4 | low);
    }

    return true;
}

static const char *
add_key(triage_keyring_t *keyring, triage_text_t line)
{
    const triage_text_t standard = TRIAGE_TEXT("whsec_");
    triage_key_t *key = &keyring->keys[keyring->count];

    if (keyring->count == KEYS_MAX) {
        return "more than 16 keys";
    }

    if (line.len > KEY_LEN_MAX) {
        return "a key is longer than 1024 bytes";
    }

    memcpy(key->text, line.data, line.len);
    key->len = line.len;

    if (triage_text_starts(line, standard)) {
        line.data += standard.len;
        line.len -= standard.len;
        if (!decode_base64(line, key->bytes, &key->byte_count)) {
            return "a whsec_ key is not base64";
        }

    } else {
        memcpy(key->bytes, line.data, line.len);
        key->byte_count = line.len;
    }

    keyring->count++;

    return NULL;
}

static const char *
add_keys(triage_keyring_t *keyring, triage_text_t text)
{
    while (text.len > 0) {
        triage_text_t line = triage_text_trim(triage_text_until(&text, '\n'));
        const char *why;

        if (line.len == 0 || line.data[0] == '#') {
            continue;
        }

        why = add_key(keyring, line);
        if (why != NULL) {
            return why;
        }
    }

    return keyring->count == 0 ? "no key in it" : NULL;
}

triage_keyring_t *
triage_keyring_read(triage_text_t text, const char **why)
{
    triage_keyring_t *keyring = calloc(1, sizeof(*keyring));

    if (keyring == NULL) {
        *why = "no memory";
        return NULL;
    }

    keyring->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    *why = keyring->hmac == NULL ? "libcrypto has no HMAC"
                                 : add_keys(keyring, text);
    if (*why != NULL) {
        triage_keyring_free(keyring);
        return NULL;
    }

    return keyring;
}

void
triage_keyring_free(triage_keyring_t *keyring)
{
    if (keyring == NULL) {
        return;
    }

    for (size_t i = 0; i < KEYS_MAX; i++) {
        for (int hash = 0; hash < TRIAGE_HASH_COUNT; hash++) {
            EVP_MAC_CTX_free(keyring->keys[i].macs[hash]);
        }
        EVP_PKEY_free(keyring->keys[i].public);
    }

    EVP_MAC_free(keyring->hmac);
    OPENSSL_cleanse(keyring, sizeof(*keyring));
    free(keyring);
}

size_t
triage_keyring_count(const triage_keyring_t *keyring)
{
    return keyring == NULL ? 0 : keyring->count;
}

triage_text_t
triage_keyring_key(const triage_keyring_t *keyring, size_t i)
{
    return (triage_text_t){ keyring->keys[i].text, keyring->keys[i].len };
}

/* A context that is keyed once and started again for each message. */
static EVP_MAC_CTX *
keyed_mac(triage_keyring_t *keyring, size_t i, triage_hash_t hash)
{
    triage_key_t *key = &keyring->keys[i];
    char name[16];
    OSSL_PARAM params[2];

    if (key->macs[hash] != NULL) {
        return EVP_MAC_init(key->macs[hash], NULL, 0, NULL) ? key->macs[hash]
                                                            : NULL;
    }

    memcpy(name, hashes[hash].name, strlen(hashes[hash].name) + 1);
    params[0] =
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
    params[1] = OSSL_PARAM_construct_end();

    key->macs[hash] = EVP_MAC_CTX_new(keyring->hmac);
    if (key->macs[hash] == NULL
        || !EVP_MAC_init(key->macs[hash], key->bytes, key->byte_count, params))
    {
        EVP_MAC_CTX_free(key->macs[hash]);
        key->macs[hash] = NULL;
    }

    return key->macs[hash];
}

size_t
triage_keyring_mac(triage_keyring_t *keyring, size_t i, triage_hash_t hash,
                   const triage_text_t *parts, size_t count,
                   uint8_t mac[TRIAGE_DIGEST_MAX])
{
    EVP_MAC_CTX *context = keyed_mac(keyring, i, hash);
    size_t len = 0;

    if (context == NULL) {
        return 0;
    }

    for (size_t part = 0; part < count; part++) {
        if (parts[part].len > 0
            && !EVP_MAC_update(context, (const uint8_t *) parts[part].data,
                               parts[part].len))
        {
            return 0;
        }
    }

    return EVP_MAC_final(context, mac, &len, TRIAGE_DIGEST_MAX) ? len : 0;
}

static bool
decode_signature(triage_text_t text, triage_encoding_t encoding, size_t size,
                 uint8_t out[TRIAGE_DIGEST_MAX + 2])
{
    size_t len;

    if (encoding == TRIAGE_HEX) {
        return text.len == size * 2 && decode_hex(text, out);
    }

    return text.len == (size + 2) / 3 * 4 && decode_base64(text, out, &len)
           && len == size;
}

bool
triage_keyring_signed(triage_keyring_t *keyring, triage_hash_t hash,
                      const triage_text_t *parts, size_t count,
                      triage_encoding_t encoding, triage_text_t signature)
{
    uint8_t given[TRIAGE_DIGEST_MAX + 2];
    uint8_t mac[TRIAGE_DIGEST_MAX];
    size_t size = hashes[hash].size;
    bool is_signed = false;

    if (!decode_signature(signature, encoding, size, given)) {
        return false;
    }

    for (size_t i = 0; i < triage_keyring_count(keyring); i++) {
        if (triage_keyring_mac(keyring, i, hash, parts, count, mac) == size
            && CRYPTO_memcmp(mac, given, size) == 0)
        {
            is_signed = true;
        }
    }

    return is_signed;
}

bool
triage_keyring_has(const triage_keyring_t *keyring, triage_text_t token)
{
    bool is_there = false;

    for (size_t i = 0; i < triage_keyring_count(keyring); i++) {
        const triage_key_t *key = &keyring->keys[i];

        if (key->len == token.len && token.len > 0
            && CRYPTO_memcmp(key->text, token.data, token.len) == 0)
        {
            is_there = true;
        }
    }

    return is_there;
}

static EVP_PKEY *
public_key(triage_key_t *key)
{
    const triage_text_t standard = TRIAGE_TEXT("whpk_");
    triage_text_t text = { key->text, key->len };
    uint8_t bytes[KEY_LEN_MAX];
    size_t len = 0;

    if (key->public != NULL) {
        return key->public;
    }

    if (triage_text_starts(text, standard)) {
        text.data += standard.len;
        text.len -= standard.len;
        if (!decode_base64(text, bytes, &len)) {
            return NULL;
        }

    } else if (text.len == ED25519_KEY_LEN * 2 && decode_hex(text, bytes)) {
        len = ED25519_KEY_LEN;
    }

    if (len == ED25519_KEY_LEN) {
        key->public =
            EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, bytes, len);
    }

    return key->public;
}

/* Ed25519 hashes twice, so that the message must lie in one piece. */
static bool
verify_ed25519(EVP_PKEY *public, triage_text_t message,
               triage_text_t signature)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool is_signed =
        context != NULL
        && EVP_DigestVerifyInit(context, NULL, NULL, NULL, public) == 1
        && EVP_DigestVerify(context, (const uint8_t *) signature.data,
                            signature.len, (const uint8_t *) message.data,
                            message.len)
               == 1;

    EVP_MD_CTX_free(context);

    return is_signed;
}

bool
triage_keyring_ed25519(triage_keyring_t *keyring, const triage_text_t *parts,
                       size_t count, triage_text_t signature)
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    triage_text_t message;
    bool is_signed = false;

    if (signature.len != ED25519_SIGNATURE_LEN) {
        return false;
    }

    triage_arena_on_heap(&arena, &heap);
    message = triage_arena_join(&arena, parts, count);

    for (size_t i = 0;
         message.data != NULL && i < triage_keyring_count(keyring); i++)
    {
        EVP_PKEY *public = public_key(&keyring->keys[i]);

        if (public != NULL && verify_ed25519(public, message, signature)) {
            is_signed = true;
        }
    }

    triage_heap_free(&heap);

    return is_signed;
}

static EVP_PKEY *
private_key(const triage_key_t *key)
{
    const triage_text_t standard = TRIAGE_TEXT("whsk_");
    triage_text_t text = { key->text, key->len };
    uint8_t bytes[KEY_LEN_MAX];
    EVP_PKEY *private = NULL;
    size_t len;

    if (!triage_text_starts(text, standard)) {
        return NULL;
    }

    text.data += standard.len;
    text.len -= standard.len;

    if (decode_base64(text, bytes, &len)
        && (len == ED25519_KEY_LEN || len == 2 * ED25519_KEY_LEN))
    {
        private = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, bytes,
                                               ED25519_KEY_LEN);
    }

    OPENSSL_cleanse(bytes, sizeof(bytes));

    return private;
}

static bool
sign_ed25519(EVP_PKEY *private, triage_text_t message,
             uint8_t signature[TRIAGE_DIGEST_MAX])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    size_t len = ED25519_SIGNATURE_LEN;
    bool is_signed =
        context != NULL
        && EVP_DigestSignInit(context, NULL, NULL, NULL, private) == 1
        && EVP_DigestSign(context, signature, &len,
                          (const uint8_t *) message.data, message.len)
               == 1;

    EVP_MD_CTX_free(context);

    return is_signed;
}

bool
triage_keyring_ed25519_sign(const triage_keyring_t *keyring,
                            const triage_text_t *parts, size_t count,
                            uint8_t signature[TRIAGE_DIGEST_MAX])
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    triage_text_t message;
    EVP_PKEY *private = NULL;
    bool is_signed = false;

    for (size_t i = 0; private == NULL && i < triage_keyring_count(keyring);
         i++) {
        private = private_key(&keyring->keys[i]);
    }

    if (private == NULL) {
        return false;
    }

    triage_arena_on_heap(&arena, &heap);
    message = triage_arena_join(&arena, parts, count);

    if (message.data != NULL) {
        is_signed = sign_ed25519(private, message, signature);
    }

    triage_heap_free(&heap);
    EVP_PKEY_free(private);

    return is_signed;
}

size_t
triage_digest(triage_hash_t hash, const triage_text_t *parts, size_t count,
              uint8_t digest[TRIAGE_DIGEST_MAX])
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const EVP_MD *algorithm = EVP_get_digestbyname(hashes[hash].name);
    unsigned len = 0;
    bool is_good = context != NULL && algorithm != NULL
                   && EVP_DigestInit_ex(context, algorithm, NULL);

    for (size_t i = 0; is_good && i < count; i++) {
        is_good = parts[i].len == 0
                  || EVP_DigestUpdate(context, parts[i].data, parts[i].len);
    }

    if (!is_good || !EVP_DigestFinal_ex(context, digest, &len)) {
        len = 0;
    }

    EVP_MD_CTX_free(context);

    return len;
}

bool
triage_digest_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}

triage_text_t
triage_hex_encode(const uint8_t *data, size_t len, triage_arena_t *arena)
{
    static const char digits[] = "0123456789abcdef";
    char *out = triage_arena_bytes(arena, len * 2);

    if (out == NULL) {
        return triage_no_text;
    }

    for (size_t i = 0; i < len; i++) {
        out[i * 2] = digits[data[i] >> 4];
        out[i * 2 + 1] = digits[data[i] & 15];
    }

    return (triage_text_t){ out, len * 2 };
}

triage_text_t
triage_base64_encode(triage_text_t data, triage_arena_t *arena)
{
    /* EVP_EncodeBlock puts a terminator */
    char *out = triage_arena_bytes(arena, (data.len + 2) / 3 * 4 + 1);

    if (out == NULL || data.len > INT32_MAX) {
        return triage_no_text;
    }

    return (triage_text_t){
        out, (size_t) EVP_EncodeBlock(
                 (uint8_t *) out, (const uint8_t *) data.data, (int) data.len)
    };
}

triage_text_t
triage_hex_decode(triage_text_t text, triage_arena_t *arena)
{
    char *out = triage_arena_bytes(arena, text.len / 2);

    if (out == NULL || !decode_hex(text, (uint8_t *) out)) {
        return triage_no_text;
    }

    return (triage_text_t){ out, text.len / 2 };
}

static triage_text_t
decode_to_arena(triage_text_t digits, bool is_url, triage_arena_t *arena)
{
    char *out = triage_arena_bytes(arena, digits.len / 4 * 3 + 3);
    size_t len;

    if (out == NULL
        || !decode_base64_digits(digits, is_url, (uint8_t *) out, &len))
    {
        return triage_no_text;
    }

    return (triage_text_t){ out, len };
}

triage_text_t
triage_base64_decode(triage_text_t text, triage_arena_t *arena)
{
    if (text.len % 4 != 0) {
        return triage_no_text;
    }

    return decode_to_arena(without_padding(text), false, arena);
}

triage_text_t
triage_base64url_decode(triage_text_t text, triage_arena_t *arena)
{
    return decode_to_arena(without_padding(text), true, arena);
}
