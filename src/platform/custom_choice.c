/*
 * Options that choose: a word of ours, or a place in the vendor's JSON and
 * what its words mean.
 */
#include "custom_setters.h"

#define NO_MEMORY "more memory"

/* A word of ours, or a place where the vendor's word stands. */
const char *
triage_custom_set_kind(void *field, triage_text_t value, triage_arena_t *arena)
{
    triage_custom_choice_t *choice = field;
    triage_kind_t kind;

    if (triage_kind_from(value, &kind)) {
        choice->otherwise = kind;
        return NULL;
    }

    return triage_custom_set_value(&choice->value, value, arena) == NULL
               ? NULL
               : "a kind of message, or " TRIAGE_CUSTOM_PLACE;
}

const char *
triage_custom_set_audience(void *field, triage_text_t value,
                           triage_arena_t *arena)
{
    triage_custom_t *custom = field;
    triage_audience_t audience;

    custom->has_audience = true;

    if (triage_audience_from(value, &audience)) {
        custom->audience.otherwise = audience;
        return NULL;
    }

    return triage_custom_set_value(&custom->audience.value, value, arena)
                   == NULL
               ? NULL
               : "public, limited, private, or " TRIAGE_CUSTOM_PLACE;
}

static bool
add_word(triage_custom_choice_t *choice, triage_text_t vendors, unsigned ours,
         triage_arena_t *arena)
{
    triage_custom_word_t *word = triage_arena_zero(arena, sizeof(*word));

    if (word == NULL) {
        return false;
    }

    word->vendors = triage_arena_copy(arena, vendors);
    word->ours = ours;
    word->next = choice->words;
    choice->words = word;

    return true;
}

static bool
read_kind(triage_text_t word, unsigned *number)
{
    triage_kind_t kind;
    bool is_one = triage_kind_from(word, &kind);

    *number = is_one ? kind : 0;

    return is_one;
}

static bool
read_audience(triage_text_t word, unsigned *number)
{
    triage_audience_t audience;
    bool is_one = triage_audience_from(word, &audience);

    *number = is_one ? audience : 0;

    return is_one;
}

/* "review.created=review review.updated=edit *=other" */
static const char *
read_map(triage_custom_choice_t *choice, triage_text_t rest,
         bool (*read)(triage_text_t word, unsigned *number),
         const char *expected, triage_arena_t *arena)
{
    triage_text_t word = triage_custom_next_word(&rest);
    unsigned ours;

    if (word.data == NULL) {
        return expected;
    }

    for (; word.data != NULL; word = triage_custom_next_word(&rest)) {
        triage_text_t vendors = triage_text_until(&word, '=');

        if (!read(word, &ours)) {
            return expected;
        }

        if (!add_word(choice, vendors, ours, arena)) {
            return NO_MEMORY;
        }
    }

    return NULL;
}

const char *
triage_custom_set_kind_map(void *field, triage_text_t value,
                           triage_arena_t *arena)
{
    return read_map(field, value, read_kind,
                    "word=kind, a kind being message, comment, mention, "
                    "review, edit, delete, reaction, echo or other",
                    arena);
}

const char *
triage_custom_set_audience_map(void *field, triage_text_t value,
                               triage_arena_t *arena)
{
    return read_map(field, value, read_audience,
                    "word=audience, an audience being public, limited or "
                    "private",
                    arena);
}
