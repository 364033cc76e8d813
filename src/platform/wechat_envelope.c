#include "wechat_envelope.h"

#include <string.h>

#include "../base/cipher.h"

#define AES_KEY_LEN 43
#define RANDOM_LEN 16
#define PADDING_MAX 32

bool
triage_wechat_is_aes_key(triage_text_t key)
{
    return key.len == AES_KEY_LEN;
}

bool
triage_wechat_is_sealed(const triage_source_t *source)
{
    for (size_t i = 0;
         source->secrets != NULL && i < triage_keyring_count(source->secrets);
         i++)
    {
        if (triage_wechat_is_aes_key(triage_keyring_key(source->secrets, i))) {
            return true;
        }
    }

    return false;
}

/* 43 characters hold 258 bits: the two that are too many need not be zero,
 * which strict base64 would refuse. */
static triage_text_t
decode_aes_key(triage_text_t key, triage_arena_t *arena)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz"
                                   "0123456789+/";
    char padded[AES_KEY_LEN + 1];
    triage_text_t bytes = triage_no_text;
    const char *last;

    memcpy(padded, key.data, AES_KEY_LEN);
    last = memchr(alphabet, padded[AES_KEY_LEN - 1], sizeof(alphabet) - 1);

    if (last != NULL) {
        padded[AES_KEY_LEN - 1] = alphabet[(last - alphabet) & ~3];
        padded[AES_KEY_LEN] = '=';
        bytes = triage_base64_decode((triage_text_t){ padded, sizeof(padded) },
                                     arena);
    }

    explicit_bzero(padded, sizeof(padded));

    return bytes;
}

static size_t
read_length(const char *data)
{
    const uint8_t *bytes = (const uint8_t *) data;

    return (size_t) bytes[0] << 24 | (size_t) bytes[1] << 16
           | (size_t) bytes[2] << 8 | bytes[3];
}

/* 16 random bytes, the length in 4, the XML, the app's id, padding. */
static triage_text_t
unpack(triage_text_t plain)
{
    const size_t head = RANDOM_LEN + 4;
    size_t padding, len;

    if (plain.len <= head) {
        return triage_no_text;
    }

    padding = (uint8_t) plain.data[plain.len - 1];
    if (padding == 0 || padding > PADDING_MAX || plain.len < head + padding) {
        return triage_no_text;
    }

    len = read_length(plain.data + RANDOM_LEN);
    if (len > plain.len - head - padding) {
        return triage_no_text;
    }

    return (triage_text_t){ plain.data + head, len };
}

static triage_text_t
open_with(triage_text_t key, triage_text_t data, triage_arena_t *arena)
{
    triage_text_t bytes = decode_aes_key(key, arena);
    triage_text_t vector = { bytes.data, TRIAGE_AES_BLOCK_SIZE };
    triage_text_t text;

    if (bytes.data == NULL) {
        return triage_no_text;
    }

    text = unpack(triage_aes256_decrypt(bytes, vector, data, arena));
    explicit_bzero((char *) (uintptr_t) bytes.data, bytes.len);

    return text;
}

triage_text_t
triage_wechat_unseal(const triage_source_t *source, triage_text_t encrypted,
                     triage_arena_t *arena)
{
    triage_text_t data = triage_base64_decode(encrypted, arena);
    triage_text_t text = triage_no_text;

    for (size_t i = 0; source->secrets != NULL && text.data == NULL
                       && i < triage_keyring_count(source->secrets);
         i++)
    {
        triage_text_t key = triage_keyring_key(source->secrets, i);

        if (triage_wechat_is_aes_key(key)) {
            text = open_with(key, data, arena);
        }
    }

    return text;
}
