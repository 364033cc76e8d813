#include <string.h>

#include "custom_setters.h"

#include "../base/markup.h"

/* A word and the number that it stands for. */
typedef struct {
    const char *name;
    unsigned number;
} word_t;

/* Settings are read once, so names are copied with a NUL behind them: some
 * look-ups want a string. */
static triage_text_t
copy_string(triage_text_t text, triage_arena_t *arena)
{
    char *copy = triage_arena_bytes(arena, text.len + 1);

    if (copy == NULL) {
        return triage_no_text;
    }

    if (text.len > 0) {
        memcpy(copy, text.data, text.len);
    }

    copy[text.len] = '\0';

    return (triage_text_t){ copy, text.len };
}

static bool
find_word(const word_t *words, triage_text_t name, unsigned *number)
{
    for (; words->name != NULL; words++) {
        if (triage_text_is(name, words->name)) {
            *number = words->number;
            return true;
        }
    }

    return false;
}

triage_text_t
triage_custom_next_word(triage_text_t *rest)
{
    *rest = triage_text_trim(*rest);

    return rest->len == 0 ? triage_no_text : triage_text_until(rest, ' ');
}

static bool
read_place(triage_text_t word, triage_custom_place_t *place,
           triage_arena_t *arena)
{
    static const word_t wheres[] = {
        { "root", TRIAGE_CUSTOM_ROOT },     { "field", TRIAGE_CUSTOM_FIELD },
        { "header", TRIAGE_CUSTOM_HEADER }, { "query", TRIAGE_CUSTOM_QUERY },
        { "text", TRIAGE_CUSTOM_TEXT },     { NULL, 0 },
    };
    triage_text_t what = word;
    unsigned where = TRIAGE_CUSTOM_ITEM;

    if (!triage_text_starts(word, triage_text("/"))) {
        if (!find_word(wheres, triage_text_until(&what, ':'), &where)
            || what.len == 0) {
            return false;
        }
    }

    if (where == TRIAGE_CUSTOM_ROOT && what.data[0] != '/') {
        return false;
    }

    if (where == TRIAGE_CUSTOM_TEXT) { /* becomes part of a message */
        what = triage_markup_repair(what, arena);
    }

    place->where = (triage_custom_where_t) where;
    place->what = copy_string(what, arena);

    return true;
}

/* "/a + /b | /c" */
const char *
triage_custom_set_value(void *field, triage_text_t rest, triage_arena_t *arena)
{
    triage_custom_value_t value = { .count = 1 };
    triage_custom_sum_t *sum = &value.choices[0];
    bool wants_place = true;

    for (triage_text_t word = triage_custom_next_word(&rest);
         word.data != NULL; word = triage_custom_next_word(&rest))
    {
        if (wants_place) {
            if (sum->count == TRIAGE_CUSTOM_PLACES_MAX) {
                return "at most 4 places with + between";
            }

            if (!read_place(word, &sum->places[sum->count++], arena)) {
                return TRIAGE_CUSTOM_PLACE;
            }

        } else if (triage_text_is(word, "|")) {
            if (value.count == TRIAGE_CUSTOM_PLACES_MAX) {
                return "at most 4 choices with | between";
            }

            sum = &value.choices[value.count++];

        } else if (!triage_text_is(word, "+")) {
            return "+ or | between places";
        }

        wants_place = !wants_place;
    }

    if (wants_place) {
        return TRIAGE_CUSTOM_PLACE;
    }

    *(triage_custom_value_t *) field = value;

    return NULL;
}

const char *
triage_custom_set_text(void *field, triage_text_t value, triage_arena_t *arena)
{
    if (value.len == 0) {
        return "a word";
    }

    *(triage_text_t *) field = copy_string(value, arena);

    return NULL;
}

const char *
triage_custom_set_pointer(void *field, triage_text_t value,
                          triage_arena_t *arena)
{
    return triage_text_starts(value, triage_text("/"))
               ? triage_custom_set_text(field, value, arena)
               : "a JSON pointer, which starts with /";
}

/* One place outside of the body. */
const char *
triage_custom_set_mark(void *field, triage_text_t value, triage_arena_t *arena)
{
    triage_custom_mark_t *mark = field;
    triage_custom_place_t place;

    if (!read_place(value, &place, arena)
        || (place.where != TRIAGE_CUSTOM_HEADER
            && place.where != TRIAGE_CUSTOM_QUERY
            && place.where != TRIAGE_CUSTOM_FIELD))
    {
        return "header:Name, query:name or field:name";
    }

    mark->place = place;
    mark->is_set = true;

    return NULL;
}

const char *
triage_custom_set_argument(void *field, triage_text_t value,
                           triage_arena_t *arena)
{
    return triage_text_starts(value, triage_text("query:"))
               ? triage_custom_set_mark(field, value, arena)
               : "query:name";
}

const char *
triage_custom_set_scheme(void *field, triage_text_t value,
                         triage_arena_t *arena)
{
    static const struct {
        const char *name;
        triage_custom_scheme_t scheme;
        triage_hash_t hash;
    } rows[] = {
        { "hmac-sha1", TRIAGE_CUSTOM_HMAC, TRIAGE_SHA1 },
        { "hmac-sha256", TRIAGE_CUSTOM_HMAC, TRIAGE_SHA256 },
        { "hmac-sha384", TRIAGE_CUSTOM_HMAC, TRIAGE_SHA384 },
        { "hmac-sha512", TRIAGE_CUSTOM_HMAC, TRIAGE_SHA512 },
        { "ed25519", TRIAGE_CUSTOM_ED25519, TRIAGE_SHA512 },
        { "token", TRIAGE_CUSTOM_TOKEN, TRIAGE_SHA256 },
        { "basic", TRIAGE_CUSTOM_BASIC, TRIAGE_SHA256 },
        { "none", TRIAGE_CUSTOM_NONE, TRIAGE_SHA256 },
    };
    triage_custom_signature_t *signature = field;

    (void) arena;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (triage_text_is(value, rows[i].name)) {
            signature->scheme = rows[i].scheme;
            signature->hash = rows[i].hash;
            return NULL;
        }
    }

    return "hmac-sha1, hmac-sha256, hmac-sha384, hmac-sha512, ed25519, "
           "token, basic or none";
}

const char *
triage_custom_set_encoding(void *field, triage_text_t value,
                           triage_arena_t *arena)
{
    (void) arena;

    if (!triage_text_is(value, "hex") && !triage_text_is(value, "base64")) {
        return "hex or base64";
    }

    *(triage_encoding_t *) field =
        triage_text_is(value, "hex") ? TRIAGE_HEX : TRIAGE_BASE64;

    return NULL;
}

const char *
triage_custom_set_clock(void *field, triage_text_t value,
                        triage_arena_t *arena)
{
    static const word_t clocks[] = {
        { "iso", TRIAGE_CUSTOM_ISO },
        { "seconds", TRIAGE_CUSTOM_SECONDS },
        { "milliseconds", TRIAGE_CUSTOM_MILLISECONDS },
        { NULL, 0 },
    };
    unsigned clock;

    (void) arena;

    if (!find_word(clocks, value, &clock)) {
        return "iso, seconds or milliseconds";
    }

    *(triage_custom_clock_t *) field = (triage_custom_clock_t) clock;

    return NULL;
}

const char *
triage_custom_set_markup(void *field, triage_text_t value,
                         triage_arena_t *arena)
{
    static const word_t markups[] = {
        { "plain", TRIAGE_CUSTOM_PLAIN },
        { "html", TRIAGE_CUSTOM_HTML },
        { "escaped", TRIAGE_CUSTOM_ESCAPED },
        { NULL, 0 },
    };
    unsigned markup;

    (void) arena;

    if (!find_word(markups, value, &markup)) {
        return "plain, html or escaped";
    }

    *(triage_custom_markup_t *) field = (triage_custom_markup_t) markup;

    return NULL;
}

const char *
triage_custom_set_flag(void *field, triage_text_t value, triage_arena_t *arena)
{
    (void) arena;

    if (!triage_text_is(value, "yes") && !triage_text_is(value, "no")) {
        return "yes or no";
    }

    *(bool *) field = triage_text_is(value, "yes");

    return NULL;
}

/* "{timestamp}.{body}": the piece up to the next brace, or in braces. */
static bool
read_piece(triage_text_t *rest, triage_custom_piece_t *piece,
           triage_arena_t *arena)
{
    static const word_t kinds[] = {
        { "body", TRIAGE_CUSTOM_BODY },
        { "timestamp", TRIAGE_CUSTOM_TIMESTAMP },
        { "id", TRIAGE_CUSTOM_ID },
        { "url", TRIAGE_CUSTOM_URL },
        { NULL, 0 },
    };
    unsigned kind = TRIAGE_CUSTOM_LITERAL;
    const char *brace;

    if (rest->data[0] == '{') {
        rest->data++;
        rest->len--;

        if (!find_word(kinds, triage_text_until(rest, '}'), &kind)) {
            return false;
        }

        piece->kind = (triage_custom_piece_kind_t) kind;

        return rest->data != NULL;
    }

    brace = memchr(rest->data, '{', rest->len);
    piece->kind = TRIAGE_CUSTOM_LITERAL;
    piece->literal = *rest;

    if (brace != NULL) {
        piece->literal.len = (size_t) (brace - rest->data);
    }

    rest->data += piece->literal.len;
    rest->len -= piece->literal.len;
    piece->literal = copy_string(piece->literal, arena);

    return true;
}

const char *
triage_custom_set_signed(void *field, triage_text_t value,
                         triage_arena_t *arena)
{
    triage_custom_signature_t *signature = field;

    signature->piece_count = 0;

    while (value.len > 0) {
        if (signature->piece_count == TRIAGE_CUSTOM_PIECES_MAX
            || !read_piece(
                &value, &signature->pieces[signature->piece_count++], arena))
        {
            return "text with {body}, {timestamp}, {id} and {url} in it";
        }
    }

    return NULL;
}

const char *
triage_custom_set_body(void *field, triage_text_t value, triage_arena_t *arena)
{
    triage_custom_t *custom = field;
    triage_text_t name = value;
    triage_text_t kind = triage_text_until(&name, ':');

    if (triage_text_is(value, "json")) {
        custom->is_form = false;
        return NULL;
    }

    if (!triage_text_is(kind, "form") || (name.data && name.len == 0)) {
        return "json, form or form:name";
    }

    custom->is_form = true;
    custom->json_field = name.data ? copy_string(name, arena) : triage_no_text;

    return NULL;
}

const char *
triage_custom_set_status(void *field, triage_text_t value,
                         triage_arena_t *arena)
{
    int64_t status;

    (void) arena;

    if (!triage_text_to_int64(value, &status) || status < 200 || status > 299)
    {
        return "a status from 200 to 299";
    }

    *(unsigned *) field = (unsigned) status;

    return NULL;
}
