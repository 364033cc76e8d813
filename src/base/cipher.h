/*
 * AES-256 in CBC mode, through libcrypto.
 */
#ifndef TRIAGE_CIPHER_H
#define TRIAGE_CIPHER_H

#include "arena.h"

#define TRIAGE_AES256_KEY_SIZE 32
#define TRIAGE_AES_BLOCK_SIZE 16

/* Decrypts into the arena.  The padding is left in place, since WeChat pads
 * to more than a block.  No text when `key` or `vector` has another length,
 * `data` is empty or no whole number of blocks, or memory is short. */
triage_text_t triage_aes256_decrypt(triage_text_t key, triage_text_t vector,
                                    triage_text_t data, triage_arena_t *arena);

#endif
