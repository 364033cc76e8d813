#include "../../src/base/cipher.h"
#include "../../src/base/digest.h"
#include "tap.h"

#include <string.h>

static triage_heap_t heap;
static triage_arena_t arena;

static triage_text_t
hex(const char *text)
{
    return triage_hex_decode(triage_text_of(text), &arena);
}

/* NIST SP 800-38A, F.2.6. */
#define KEY                                                                   \
    "603deb1015ca71be2b73aef0857d7781"                                        \
    "1f352c073b6108d72d9810a30914dff4"
#define VECTOR "000102030405060708090a0b0c0d0e0f"
#define DATA                                                                  \
    "f58c4c04d6e5f1ba779eabfb5f7bfbd6"                                        \
    "9cfc4e967edb808d679f777bc6702c7d"
#define PLAIN                                                                 \
    "6bc1bee22e409f96e93d7e117393172a"                                        \
    "ae2d8a571e03ac9c9eb76fac45af8e51"

static void
decrypts(void)
{
    triage_text_t plain =
        triage_aes256_decrypt(hex(KEY), hex(VECTOR), hex(DATA), &arena);

    ok(triage_text_equal(plain, hex(PLAIN)), "the vector of NIST");
}

static void
refuses_other_lengths(void)
{
    triage_text_t key = hex(KEY), vector = hex(VECTOR), data = hex(DATA);
    triage_text_t short_key = { key.data, 31 };
    triage_text_t short_vector = { vector.data, 15 };
    triage_text_t short_data = { data.data, 17 };
    triage_text_t no_data = { data.data, 0 };

    ok(triage_aes256_decrypt(short_key, vector, data, &arena).data == NULL,
       "a short key");
    ok(triage_aes256_decrypt(key, short_vector, data, &arena).data == NULL,
       "a short vector");
    ok(triage_aes256_decrypt(key, vector, short_data, &arena).data == NULL,
       "no whole block");
    ok(triage_aes256_decrypt(key, vector, no_data, &arena).data == NULL,
       "no block at all");
}

int
main(void)
{
    triage_heap_t small = { .fail_at = 1 };
    triage_arena_t tight;

    triage_arena_on_heap(&arena, &heap);
    decrypts();
    refuses_other_lengths();

    triage_arena_on_heap(&tight, &small);
    ok(triage_aes256_decrypt(hex(KEY), hex(VECTOR), hex(DATA), &tight).data
           == NULL,
       "no memory, no text");
    triage_heap_free(&small);
    triage_heap_free(&heap);

    return done_testing();
}
