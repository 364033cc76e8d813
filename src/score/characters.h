/*
 * What a character is to whoever folds a text, from U+0080 on: letters with
 * marks and capitals, what stands between words, emoji by what they say.
 */
#ifndef TRIAGE_CHARACTERS_H
#define TRIAGE_CHARACTERS_H

#include "../base/text.h"

typedef enum {
    TRIAGE_CHARACTER_LETTER = 0, /* of no other kind */
    TRIAGE_CHARACTER_LATIN,      /* a letter with marks: triage_latin */
    TRIAGE_CHARACTER_MARK,       /* of the letter before it */
    TRIAGE_CHARACTER_APOSTROPHE,
    TRIAGE_CHARACTER_CURRENCY,
    TRIAGE_CHARACTER_STOP, /* ends a sentence */
    TRIAGE_CHARACTER_EMOJI,
    TRIAGE_CHARACTER_BLANK
} triage_character_t;

/* What an emoji says; of any other character: nothing. */
typedef enum {
    TRIAGE_EMOJI_PLAIN = 0,
    TRIAGE_EMOJI_HAPPY,
    TRIAGE_EMOJI_LAUGHING,
    TRIAGE_EMOJI_ANGRY,
    TRIAGE_EMOJI_ALARMING,
    TRIAGE_EMOJI_COUNT
} triage_emoji_t;

#define TRIAGE_LATIN_FIRST 0xC0
#define TRIAGE_LATIN_LAST 0x17F

/* From TRIAGE_LATIN_FIRST to TRIAGE_LATIN_LAST without their marks, small,
 * one or two letters; " ": no letter. */
extern const char triage_latin[][3];

triage_character_t triage_character_of(uint32_t code);
triage_emoji_t triage_emoji_of(uint32_t code);
/* Small, of a Greek or Cyrillic capital; other scripts hardly have any. */
uint32_t triage_lower(uint32_t code);

#endif
