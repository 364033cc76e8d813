#include "key.h"

#define PARTS_MAX 8
#define KEY_BYTES 16

triage_text_t
triage_key_join(triage_arena_t *arena, const triage_text_t *parts,
                size_t count)
{
    triage_text_t pieces[PARTS_MAX * 2];
    size_t used = 0;

    for (size_t i = 0; i < count && used + 2 <= PARTS_MAX * 2; i++) {
        if (parts[i].len == 0) {
            continue;
        }
        if (used > 0) {
            pieces[used++] = triage_text(":");
        }
        pieces[used++] = parts[i];
    }

    return used == 0 ? triage_no_text : triage_arena_join(arena, pieces, used);
}

triage_text_t
triage_key_of(triage_text_t text, triage_arena_t *arena)
{
    uint8_t digest[TRIAGE_DIGEST_MAX];

    if (triage_digest(TRIAGE_SHA256, &text, 1, digest) == 0) {
        return triage_no_text;
    }

    return triage_hex_encode(digest, KEY_BYTES, arena);
}

triage_text_t
triage_key_time(int64_t time, triage_arena_t *arena)
{
    return time == TRIAGE_NO_TIME ? triage_no_text
                                  : triage_arena_number(arena, time);
}
