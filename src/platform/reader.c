#include "reader.h"

#include "../base/markup.h"

triage_outcome_t
triage_reader_open_text(const triage_reader_t *reader, triage_text_t text,
                        triage_reader_pt read)
{
    const char *why = NULL;
    triage_json_t *document = triage_json_open(text, &why);
    triage_outcome_t outcome;

    if (document == NULL) {
        return (triage_outcome_t){ TRIAGE_MALFORMED, why };
    }

    outcome = triage_json_is_object(document)
                  ? read(reader, document)
                  : triage_fail(TRIAGE_MALFORMED, "not an object");
    triage_json_close(document);

    if (reader->arena->has_failed) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory to read a delivery");
    }

    return outcome;
}

triage_outcome_t
triage_reader_open(const triage_reader_t *reader, triage_reader_pt read)
{
    return triage_reader_open_text(reader, reader->delivery->body, read);
}

triage_message_t *
triage_reader_add(const triage_reader_t *reader)
{
    triage_message_t *message =
        triage_messages_add(&reader->reading->messages, reader->arena);

    if (message != NULL) {
        message->account = reader->source->account;
    }

    return message;
}

triage_kind_t
triage_reader_kind(const triage_json_t *name, const triage_kind_row_t *rows)
{
    while (rows->name != NULL && !triage_json_equals(name, rows->name)) {
        rows++;
    }

    return rows->name == NULL ? TRIAGE_OTHER : rows->kind;
}

triage_text_t
triage_reader_id(const triage_reader_t *reader, const triage_json_t *object,
                 const char *path)
{
    return triage_json_id(triage_json_path(object, path), reader->arena);
}

triage_text_t
triage_reader_first(const triage_reader_t *reader, const triage_json_t *object,
                    const char *const *paths)
{
    triage_text_t id = triage_no_text;

    for (size_t i = 0; paths[i] != NULL && id.len == 0; i++) {
        id = triage_reader_id(reader, object, paths[i]);
    }

    return id;
}

triage_text_t
triage_reader_text(const triage_reader_t *reader, const triage_json_t *object,
                   const char *path)
{
    const triage_json_t *value = triage_json_path(object, path);

    return triage_json_is_string(value)
               ? triage_json_text(value, reader->arena)
               : triage_no_text;
}

triage_text_t
triage_reader_html(const triage_reader_t *reader, const triage_json_t *object,
                   const char *path)
{
    return triage_markup_strip(triage_reader_text(reader, object, path),
                               reader->arena);
}

triage_text_t
triage_reader_header(const triage_reader_t *reader, const char *name)
{
    return triage_markup_repair(
        reader->delivery->header(reader->delivery->request,
                                 triage_text_of(name)),
        reader->arena);
}

int64_t
triage_reader_count(const triage_json_t *object, const char *path)
{
    int64_t count =
        triage_json_number(triage_json_path(object, path), TRIAGE_UNKNOWN);

    return count < 0 ? TRIAGE_UNKNOWN : count;
}

int64_t
triage_reader_iso(const triage_json_t *object, const char *path)
{
    return triage_time_of_iso(triage_json_path(object, path));
}

bool
triage_reader_is_brand(const triage_reader_t *reader, triage_text_t id)
{
    return id.len > 0 && reader->source->brand_ids != NULL
           && triage_keyring_has(reader->source->brand_ids, id);
}

triage_text_t
triage_reader_digest(const triage_reader_t *reader)
{
    return triage_key_of(reader->delivery->body, reader->arena);
}
