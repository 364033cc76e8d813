/*
 * For t/signature_guessing.t: checks a signature that differs from the right
 * one in one place, or a token, once.  What is counted is this process's work
 * inside triage_keyring_signed and triage_keyring_has.
 */
#include "../src/base/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef NAIVE
/* In the place of libcrypto's: a compare that stops early. */
int CRYPTO_memcmp(const void *a, const void *b, size_t len);

int
CRYPTO_memcmp(const void *a, const void *b, size_t len)
{
    const volatile unsigned char *left = a, *right = b;

    for (size_t i = 0; i < len; i++) {
        if (left[i] != right[i]) {
            return 1;
        }
    }

    return 0;
}
#endif

static triage_heap_t heap;

static char *
differ_at(triage_text_t right, long at)
{
    char *copy = malloc(right.len);

    memcpy(copy, right.data, right.len);
    /* of the same class: to decode a guess tells nothing about the key */
    if (at >= 0 && (size_t) at < right.len) {
        copy[at] = copy[at] >= '0' && copy[at] <= '9'
                       ? (char) (copy[at] == '9' ? '8' : copy[at] + 1)
                       : (char) (copy[at] == 'a' ? 'b' : 'a');
    }

    return copy;
}

int
main(int argc, char **argv)
{
    static const char key[] = "the-key-that-is-to-be-guessed-32";
    const char *why;
    triage_arena_t arena;
    triage_text_t body = triage_text("{\"object\":\"page\"}");
    triage_text_t right = triage_text_of(key);
    triage_keyring_t *keyring = triage_keyring_read(right, &why);
    uint8_t mac[TRIAGE_DIGEST_MAX];
    bool is_token, is_good;
    char *guess;

    if (argc != 3 || keyring == NULL) {
        return 2;
    }

    triage_arena_on_heap(&arena, &heap);
    is_token = strcmp(argv[1], "token") == 0;
    if (!is_token) {
        size_t len =
            triage_keyring_mac(keyring, 0, TRIAGE_SHA256, &body, 1, mac);

        right = triage_hex_encode(mac, len, &arena);
    }

    guess = differ_at(right, atol(argv[2]));
    is_good =
        is_token
            ? triage_keyring_has(keyring, (triage_text_t){ guess, right.len })
            : triage_keyring_signed(keyring, TRIAGE_SHA256, &body, 1,
                                    TRIAGE_HEX,
                                    (triage_text_t){ guess, right.len });

    puts(is_good ? "good" : "wrong");
    free(guess);
    triage_keyring_free(keyring);
    triage_heap_free(&heap);

    return 0;
}
