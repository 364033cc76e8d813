#include "characters.h"

const char triage_latin[][3] = {
    "a", "a", "a",  "a",  "a", "a", "ae", "c",  "e", "e", "e",  "e", "i", "i",
    "i", "i", "d",  "n",  "o", "o", "o",  "o",  "o", " ", "o",  "u", "u", "u",
    "u", "y", "th", "ss", "a", "a", "a",  "a",  "a", "a", "ae", "c", "e", "e",
    "e", "e", "i",  "i",  "i", "i", "d",  "n",  "o", "o", "o",  "o", "o", " ",
    "o", "u", "u",  "u",  "u", "y", "th", "y",  "a", "a", "a",  "a", "a", "a",
    "c", "c", "c",  "c",  "c", "c", "c",  "c",  "d", "d", "d",  "d", "e", "e",
    "e", "e", "e",  "e",  "e", "e", "e",  "e",  "g", "g", "g",  "g", "g", "g",
    "g", "g", "h",  "h",  "h", "h", "i",  "i",  "i", "i", "i",  "i", "i", "i",
    "i", "i", "ij", "ij", "j", "j", "k",  "k",  "k", "l", "l",  "l", "l", "l",
    "l", "l", "l",  "l",  "l", "n", "n",  "n",  "n", "n", "n",  "n", "n", "n",
    "o", "o", "o",  "o",  "o", "o", "oe", "oe", "r", "r", "r",  "r", "r", "r",
    "s", "s", "s",  "s",  "s", "s", "s",  "s",  "t", "t", "t",  "t", "t", "t",
    "u", "u", "u",  "u",  "u", "u", "u",  "u",  "u", "u", "u",  "u", "w", "w",
    "y", "y", "y",  "z",  "z", "z", "z",  "z",  "z", "s",
};
_Static_assert(sizeof(triage_latin) / sizeof(triage_latin[0])
                   == TRIAGE_LATIN_LAST - TRIAGE_LATIN_FIRST + 1,
               "a row for each letter");

/* The first row that holds decides; what is written most comes first. */
static const struct {
    uint32_t first, last;
    triage_character_t kind;
} kinds[] = {
    { TRIAGE_LATIN_FIRST, TRIAGE_LATIN_LAST, TRIAGE_CHARACTER_LATIN },
    { 0x0370, 0x061E, TRIAGE_CHARACTER_LETTER },     /* Greek, Cyrillic, ... */
    { 0x2018, 0x2019, TRIAGE_CHARACTER_APOSTROPHE }, /* quotes */
    { 0x2026, 0x2026, TRIAGE_CHARACTER_STOP },       /* ellipsis */
    { 0x203C, 0x203C, TRIAGE_CHARACTER_EMOJI }, /* two exclamation marks */
    { 0x2000, 0x206F, TRIAGE_CHARACTER_BLANK },
    { 0x3040, 0xFDFF, TRIAGE_CHARACTER_LETTER }, /* Japanese, Chinese, ... */
    { 0x1F000, 0x1FAFF, TRIAGE_CHARACTER_EMOJI },
    { 0x0620, 0x1FFF, TRIAGE_CHARACTER_LETTER },
    { 0x20AC, 0x20AC, TRIAGE_CHARACTER_CURRENCY }, /* euro */
    { 0x3002, 0x3002, TRIAGE_CHARACTER_STOP },
    { 0x2190, 0x2BFF, TRIAGE_CHARACTER_EMOJI },
    { 0xFE00, 0xFE0F, TRIAGE_CHARACTER_BLANK }, /* variation selectors */
    { 0x3000, 0x303F, TRIAGE_CHARACTER_BLANK },
    { 0x00A3, 0x00A3, TRIAGE_CHARACTER_CURRENCY },   /* pound */
    { 0x00A5, 0x00A5, TRIAGE_CHARACTER_CURRENCY },   /* yen */
    { 0x20B9, 0x20B9, TRIAGE_CHARACTER_CURRENCY },   /* rupee */
    { 0x00B4, 0x00B4, TRIAGE_CHARACTER_APOSTROPHE }, /* acute accent */
    { 0x0080, 0x00BF, TRIAGE_CHARACTER_BLANK },
    { 0x0300, 0x036F, TRIAGE_CHARACTER_MARK },
    { 0x061F, 0x061F, TRIAGE_CHARACTER_STOP },  /* of Arabic */
    { 0xFEFF, 0xFEFF, TRIAGE_CHARACTER_BLANK }, /* byte order mark */
    { 0xFF00, 0xFF0F, TRIAGE_CHARACTER_BLANK },
    { 0xFFFD, 0xFFFD, TRIAGE_CHARACTER_BLANK }, /* no character */
};

enum { SYMBOLS = 0x2000, PICTURES = 0x1F000 };

static const uint8_t symbols[0x800] = {
    [0x203C - SYMBOLS] = TRIAGE_EMOJI_ALARMING, /* double exclamation mark */
    [0x2639 - SYMBOLS] = TRIAGE_EMOJI_ANGRY,    /* frowning */
    [0x263A - SYMBOLS] = TRIAGE_EMOJI_HAPPY,    /* smiling */
    [0x2665 - SYMBOLS] = TRIAGE_EMOJI_HAPPY,    /* heart suit */
    [0x26A0 - SYMBOLS] = TRIAGE_EMOJI_ALARMING, /* warning sign */
    [0x2728 - SYMBOLS] = TRIAGE_EMOJI_HAPPY,    /* sparkles */
    [0x2757 - SYMBOLS] = TRIAGE_EMOJI_ALARMING, /* heavy exclamation mark */
    [0x2764 - SYMBOLS] = TRIAGE_EMOJI_HAPPY,    /* heart */
};

/* Faces are called by what they show. */
static const uint8_t pictures[0xA00] = {
    [0x1F198 - PICTURES] = TRIAGE_EMOJI_ALARMING, /* SOS */
    [0x1F389 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* party popper */
    [0x1F44D - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* thumb up */
    [0x1F44E - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* thumb down */
    [0x1F44F - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* clapping hands */
    [0x1F480 - PICTURES] = TRIAGE_EMOJI_ALARMING, /* skull */
    [0x1F495 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* two hearts */
    [0x1F496 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* sparkling heart */
    [0x1F499 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* blue heart */
    [0x1F49C - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* purple heart */
    [0x1F4A9 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* pile of poo */
    [0x1F525 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* fire */
    [0x1F595 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* middle finger */
    [0x1F600 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* grinning */
    [0x1F601 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* beaming */
    [0x1F602 - PICTURES] = TRIAGE_EMOJI_LAUGHING, /* tears of joy */
    [0x1F603 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* open mouth */
    [0x1F604 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* ... and smiling eyes */
    [0x1F605 - PICTURES] = TRIAGE_EMOJI_LAUGHING, /* ... and sweat */
    [0x1F606 - PICTURES] = TRIAGE_EMOJI_LAUGHING, /* ... and eyes shut tight */
    [0x1F609 - PICTURES] = TRIAGE_EMOJI_LAUGHING, /* winking */
    [0x1F60A - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* smiling eyes */
    [0x1F60D - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* hearts for eyes */
    [0x1F60E - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* sunglasses */
    [0x1F612 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* unamused */
    [0x1F614 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* pensive */
    [0x1F616 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* confounded */
    [0x1F618 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* throwing a kiss */
    [0x1F61C - PICTURES] = TRIAGE_EMOJI_LAUGHING, /* tongue out, winking */
    [0x1F61E - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* disappointed */
    [0x1F620 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* angry */
    [0x1F621 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* pouting */
    [0x1F622 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* a tear */
    [0x1F623 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* persevering */
    [0x1F624 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* steam from the nose */
    [0x1F625 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* disappointed, relieved */
    [0x1F626 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* frowning, open mouth */
    [0x1F629 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* weary */
    [0x1F62B - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* tired */
    [0x1F62D - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* crying aloud */
    [0x1F630 - PICTURES] = TRIAGE_EMOJI_ALARMING, /* cold sweat */
    [0x1F631 - PICTURES] = TRIAGE_EMOJI_ALARMING, /* screaming */
    [0x1F639 - PICTURES] = TRIAGE_EMOJI_LAUGHING, /* cat with tears of joy */
    [0x1F642 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* smiling slightly */
    [0x1F644 - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* rolling eyes */
    [0x1F64C - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* raised hands */
    [0x1F691 - PICTURES] = TRIAGE_EMOJI_ALARMING, /* ambulance */
    [0x1F692 - PICTURES] = TRIAGE_EMOJI_ALARMING, /* fire engine */
    [0x1F6A8 - PICTURES] = TRIAGE_EMOJI_ALARMING, /* police light */
    [0x1F923 - PICTURES] = TRIAGE_EMOJI_LAUGHING, /* rolling on the floor */
    [0x1F929 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* stars for eyes */
    [0x1F92C - PICTURES] = TRIAGE_EMOJI_ANGRY,    /* swearing */
    [0x1F970 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* smiling among hearts */
    [0x1F973 - PICTURES] = TRIAGE_EMOJI_HAPPY,    /* party hat */
};

triage_character_t
triage_character_of(uint32_t code)
{
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (code >= kinds[i].first && code <= kinds[i].last) {
            return kinds[i].kind;
        }
    }

    return TRIAGE_CHARACTER_LETTER;
}

triage_emoji_t
triage_emoji_of(uint32_t code)
{
    if (code >= PICTURES && code < PICTURES + sizeof(pictures)) {
        return pictures[code - PICTURES];
    }
    if (code >= SYMBOLS && code < SYMBOLS + sizeof(symbols)) {
        return symbols[code - SYMBOLS];
    }

    return TRIAGE_EMOJI_PLAIN;
}

uint32_t
triage_lower(uint32_t code)
{
    if (code >= 0x0410 && code <= 0x042F) {
        return code + 0x20;
    }
    if (code >= 0x0400 && code <= 0x040F) {
        return code + 0x50;
    }
    if (code >= 0x0391 && code <= 0x03A9) {
        return code + 0x20;
    }
    return code;
}
