#include "form.h"

#include <string.h>

#define FIELDS_MAX 1024

static int
hex_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }

    digit = (char) (digit | 0x20);

    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

static triage_text_t
decode(triage_text_t text, triage_arena_t *arena)
{
    char *out = triage_arena_bytes(arena, text.len);
    size_t len = 0;

    if (out == NULL) {
        return triage_no_text;
    }

    for (size_t i = 0; i < text.len; i++) {
        char byte = text.data[i];

        if (byte == '%' && text.len - i > 2 && hex_value(text.data[i + 1]) >= 0
            && hex_value(text.data[i + 2]) >= 0)
        {
            byte = (char) (hex_value(text.data[i + 1]) << 4
                           | hex_value(text.data[i + 2]));
            i += 2;

        } else if (byte == '+') {
            byte = ' ';
        }

        out[len++] = byte;
    }

    return (triage_text_t){ out, len };
}

static size_t
count_fields(triage_text_t text)
{
    size_t count = 1;

    for (size_t i = 0; i < text.len; i++) {
        count += text.data[i] == '&';
    }

    return count;
}

bool
triage_form_read(triage_text_t text, triage_arena_t *arena,
                 triage_form_t *form)
{
    size_t room = count_fields(text);
    bool is_whole = room <= FIELDS_MAX;

    room = is_whole ? room : FIELDS_MAX;
    form->count = 0;
    form->fields = triage_arena_take(arena, room * sizeof(triage_field_t));
    if (form->fields == NULL) {
        return false;
    }

    while (text.len > 0 && form->count < room) {
        triage_text_t value = triage_text_until(&text, '&');
        triage_text_t name;

        if (value.len == 0) {
            continue;
        }

        name = triage_text_until(&value, '=');
        form->fields[form->count].name = decode(name, arena);
        form->fields[form->count].value = decode(value, arena);
        form->count++;
    }

    return is_whole && !arena->has_failed;
}

triage_text_t
triage_form_get(const triage_form_t *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++) {
        if (triage_text_is(form->fields[i].name, name)) {
            return form->fields[i].value;
        }
    }

    return triage_no_text;
}

triage_text_t
triage_form_text(const triage_form_t *form, const char *name,
                 triage_arena_t *arena)
{
    const triage_text_t replacement = TRIAGE_TEXT("\xef\xbf\xbd");
    triage_text_t value = triage_form_get(form, name);
    const char *from = value.data, *end;
    size_t len = 0;
    char *out;

    if (value.len == 0) {
        return triage_no_text;
    }

    end = from + value.len;

    out = triage_arena_bytes(arena, replacement.len * value.len);
    if (out == NULL) {
        return triage_no_text;
    }

    while (from < end) {
        unsigned size = *from == '\0' ? 0 : triage_utf8_length(from, end);

        memcpy(out + len, size == 0 ? replacement.data : from,
               size == 0 ? replacement.len : size);
        len += size == 0 ? replacement.len : size;
        from += size == 0 ? 1 : size;
    }

    return (triage_text_t){ out, len };
}

triage_text_t
triage_query_get(triage_text_t query, const char *name, triage_arena_t *arena)
{
    while (query.len > 0) {
        triage_text_t value = triage_text_until(&query, '&');

        if (triage_text_is(triage_text_until(&value, '='), name)) {
            return decode(value, arena);
        }
    }

    return triage_no_text;
}
