/*
 * A message's text, folded to the form in which phrases and n-grams look at
 * it, and what was seen on the way.
 *
 * Folded: lower case, Latin letters without their marks, digits as 0, a
 * link as ~, a handle as @, contractions closed up (can't: cant), words with
 * one blank between them and one at both ends, the end of a sentence as a
 * word of its own (.).
 */
#ifndef TRIAGE_WORDS_H
#define TRIAGE_WORDS_H

#include "characters.h"

#define TRIAGE_WORDS_READ 2048 /* bytes of a text that are read */
#define TRIAGE_WORDS_MAX 1024
#define TRIAGE_WORDS_SIZE 4096 /* bytes of a folded text */

/* FNV-1a, 32 bits. */
#define TRIAGE_WORDS_SEED UINT32_C(0x811C9DC5)
#define TRIAGE_WORDS_PRIME UINT32_C(0x01000193)

typedef struct {
    uint16_t start; /* in the folded text */
    uint16_t len;
    uint32_t hash;
} triage_word_t;

/* Counters that need the text as it was written. */
typedef struct {
    unsigned characters; /* letters and digits */
    unsigned capitals;   /* words of three and more capital letters */
    unsigned exclamations;
    unsigned questions;
    unsigned links;
    unsigned handles;
    unsigned hashtags;
    unsigned clock_times; /* 10:30, 5pm */
    unsigned dates;       /* 24.12.2026, 12/24 */
    unsigned amounts;     /* $20, 20 € */
    unsigned references;  /* AB1234, #100234, 8 digits and more */
    unsigned stretched;   /* sooo */
    unsigned digits;
    unsigned emoji[TRIAGE_EMOJI_COUNT]; /* by what they say */
    bool starts_with_handle;
} triage_shapes_t;

typedef struct {
    char folded[TRIAGE_WORDS_SIZE];
    size_t len;
    triage_word_t words[TRIAGE_WORDS_MAX]; /* without ends of sentences */
    size_t count;
    triage_shapes_t shapes;
} triage_words_t;

/* Reads the start of a text; bytes that are no UTF-8 are blanks. */
void triage_words_read(triage_words_t *words, triage_text_t text);

#endif
