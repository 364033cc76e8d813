#include "cipher.h"

#include <limits.h>

#include <openssl/evp.h>

static bool
decrypt(EVP_CIPHER_CTX *context, const char *key, const char *vector,
        triage_text_t data, char *plain)
{
    int len;

    if (EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), NULL,
                           (const unsigned char *) key,
                           (const unsigned char *) vector)
            != 1
        || EVP_CIPHER_CTX_set_padding(context, 0) != 1)
    {
        return false;
    }

    return EVP_DecryptUpdate(context, (unsigned char *) plain, &len,
                             (const unsigned char *) data.data, (int) data.len)
               == 1
           && (size_t) len == data.len;
}

triage_text_t
triage_aes256_decrypt(triage_text_t key, triage_text_t vector,
                      triage_text_t data, triage_arena_t *arena)
{
    EVP_CIPHER_CTX *context;
    char *plain;
    bool is_plain;

    if (key.len != TRIAGE_AES256_KEY_SIZE
        || vector.len != TRIAGE_AES_BLOCK_SIZE || data.len == 0
        || data.len > INT_MAX || data.len % TRIAGE_AES_BLOCK_SIZE != 0)
    {
        return triage_no_text;
    }

    plain = triage_arena_bytes(arena, data.len);
    context = EVP_CIPHER_CTX_new();
    is_plain = plain != NULL && context != NULL
               && decrypt(context, key.data, vector.data, data, plain);
    EVP_CIPHER_CTX_free(context);

    return is_plain ? (triage_text_t){ plain, data.len } : triage_no_text;
}
