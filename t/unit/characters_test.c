#include "../../src/score/characters.h"
#include "tap.h"

enum { END_OF_UNICODE = 0x110000, EMOJI_THAT_SAY_SOMETHING = 62 };

static void
kinds_are_told_apart(void)
{
    static const struct {
        uint32_t code;
        triage_character_t kind;
    } rows[] = {
        { 0x0080, TRIAGE_CHARACTER_BLANK },
        { 0x00A3, TRIAGE_CHARACTER_CURRENCY },
        { 0x00BF, TRIAGE_CHARACTER_BLANK },
        { 0x00C0, TRIAGE_CHARACTER_LATIN },
        { 0x017F, TRIAGE_CHARACTER_LATIN },
        { 0x0180, TRIAGE_CHARACTER_LETTER },
        { 0x02FF, TRIAGE_CHARACTER_LETTER },
        { 0x0300, TRIAGE_CHARACTER_MARK },
        { 0x0370, TRIAGE_CHARACTER_LETTER },
        { 0x061F, TRIAGE_CHARACTER_STOP },
        { 0x2019, TRIAGE_CHARACTER_APOSTROPHE },
        { 0x203C, TRIAGE_CHARACTER_EMOJI },
        { 0x2070, TRIAGE_CHARACTER_LETTER },
        { 0x20AC, TRIAGE_CHARACTER_CURRENCY },
        { 0x2BFF, TRIAGE_CHARACTER_EMOJI },
        { 0x3002, TRIAGE_CHARACTER_STOP },
        { 0x4E00, TRIAGE_CHARACTER_LETTER },
        { 0xFE0F, TRIAGE_CHARACTER_BLANK },
        { 0xFFFD, TRIAGE_CHARACTER_BLANK },
        { 0x1F600, TRIAGE_CHARACTER_EMOJI },
        { 0x1FB00, TRIAGE_CHARACTER_LETTER },
    };
    size_t i, right = 0;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        right += triage_character_of(rows[i].code) == rows[i].kind;
    }
    ok(right == i, "each kind, at its edges and beside them");
}

static void
emoji_say_something(void)
{
    uint32_t code;
    unsigned count = 0, strangers = 0;

    for (code = 0x80; code < END_OF_UNICODE; code++) {
        if (triage_emoji_of(code) != TRIAGE_EMOJI_PLAIN) {
            count++;
            strangers += triage_character_of(code) != TRIAGE_CHARACTER_EMOJI;
        }
    }
    ok(count == EMOJI_THAT_SAY_SOMETHING, "each row is found");
    ok(strangers == 0, "and is an emoji");
    ok(triage_emoji_of(0x2764) == TRIAGE_EMOJI_HAPPY
           && triage_emoji_of(0x1F602) == TRIAGE_EMOJI_LAUGHING
           && triage_emoji_of(0x1F621) == TRIAGE_EMOJI_ANGRY
           && triage_emoji_of(0x1F198) == TRIAGE_EMOJI_ALARMING,
       "for what it says");
    ok(triage_emoji_of(0x1F697) == TRIAGE_EMOJI_PLAIN, "a car says nothing");
}

static void
capitals_become_small(void)
{
    ok(triage_lower(0x0416) == 0x0436 && triage_lower(0x0401) == 0x0451
           && triage_lower(0x0391) == 0x03B1,
       "Cyrillic and Greek");
    ok(triage_lower(0x0436) == 0x0436 && triage_lower(0x4E00) == 0x4E00,
       "what is no capital stays");
}

int
main(void)
{
    kinds_are_told_apart();
    emoji_say_something();
    capitals_become_small();

    return done_testing();
}
