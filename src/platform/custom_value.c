#include "custom_value.h"

#include "../base/markup.h"

static triage_custom_found_t
find_place(const triage_custom_scope_t *scope,
           const triage_custom_place_t *place)
{
    const triage_reader_t *reader = scope->reader;
    triage_custom_found_t found = { NULL, triage_no_text };

    switch (place->where) {
    case TRIAGE_CUSTOM_ITEM:
        found.json = triage_json_pointer(scope->item, place->what);
        break;
    case TRIAGE_CUSTOM_ROOT:
        found.json = triage_json_pointer(scope->root, place->what);
        break;
    case TRIAGE_CUSTOM_FIELD:
        found.text =
            triage_form_text(&scope->form, place->what.data, reader->arena);
        break;
    case TRIAGE_CUSTOM_HEADER:
        found.text = triage_reader_header(reader, place->what.data);
        break;
    case TRIAGE_CUSTOM_QUERY:
        found.text = triage_markup_repair(
            triage_query_get(reader->delivery->query, place->what.data,
                             reader->arena),
            reader->arena);
        break;
    case TRIAGE_CUSTOM_TEXT:
        found.text = place->what;
        break;
    }

    if (found.json != NULL) {
        found.text = triage_json_text(found.json, reader->arena);
    }

    return found;
}

/* The parts of a sum that there are, with `between` between them. */
static triage_text_t
read_sum(const triage_custom_scope_t *scope, const triage_custom_sum_t *sum,
         triage_text_t between)
{
    triage_text_t text = triage_no_text;

    for (size_t i = 0; i < sum->count; i++) {
        const triage_text_t parts[] = {
            text,
            between,
            find_place(scope, &sum->places[i]).text,
        };

        if (parts[2].len == 0) {
            continue;
        }

        text = text.len == 0
                   ? parts[2]
                   : triage_arena_join(scope->reader->arena, parts, 3);
    }

    return text;
}

triage_text_t
triage_custom_text(const triage_custom_scope_t *scope,
                   const triage_custom_value_t *value, triage_text_t between)
{
    triage_text_t text = triage_no_text;

    for (size_t i = 0; i < value->count && text.len == 0; i++) {
        text = read_sum(scope, &value->choices[i], between);
    }

    return text;
}

triage_text_t
triage_custom_id(const triage_custom_scope_t *scope,
                 const triage_custom_value_t *value)
{
    return triage_custom_text(scope, value, triage_text(":"));
}

triage_text_t
triage_custom_name(const triage_custom_scope_t *scope,
                   const triage_custom_value_t *value)
{
    return triage_custom_text(scope, value, triage_text(" "));
}

triage_custom_found_t
triage_custom_find(const triage_custom_scope_t *scope,
                   const triage_custom_value_t *value)
{
    triage_custom_found_t found = { NULL, triage_no_text };

    for (size_t i = 0; i < value->count; i++) {
        found = find_place(scope, &value->choices[i].places[0]);

        if (triage_json_count(found.json) > 0 || found.text.len > 0) {
            return found;
        }
    }

    return found;
}

int64_t
triage_custom_count(const triage_custom_scope_t *scope,
                    const triage_custom_value_t *value)
{
    triage_custom_found_t found = triage_custom_find(scope, value);
    int64_t count = TRIAGE_UNKNOWN;

    if (!triage_json_to_int64(found.json, &count)
        && !triage_text_to_int64(found.text, &count))
    {
        return TRIAGE_UNKNOWN;
    }

    return count < 0 ? TRIAGE_UNKNOWN : count;
}

static bool
is_yes(triage_text_t text)
{
    return text.len > 0 && !triage_text_is(text, "0")
           && !triage_text_is_nocase(text, "false")
           && !triage_text_is_nocase(text, "no");
}

bool
triage_custom_flag(const triage_custom_scope_t *scope,
                   const triage_custom_value_t *value)
{
    triage_custom_found_t found = triage_custom_find(scope, value);

    if (triage_json_is_bool(found.json)) {
        return triage_json_is_true(found.json);
    }

    return found.text.data != NULL ? is_yes(found.text)
                                   : triage_json_count(found.json) > 0;
}

int64_t
triage_custom_verdict(const triage_custom_scope_t *scope,
                      const triage_custom_value_t *value)
{
    triage_custom_found_t found = triage_custom_find(scope, value);

    return triage_json_count(found.json) == 0 && found.text.len == 0
               ? TRIAGE_UNKNOWN
               : triage_custom_flag(scope, value);
}
