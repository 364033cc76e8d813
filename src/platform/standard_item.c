/*
 * One item of `standard`: its members, each with what it may be.
 */
#include "standard.h"

#define ID_LEN_MAX 512
#define NAME_LEN_MAX 1024
#define TEXT_LEN_MAX (64 * 1024)

/* Reads a value that is there (not null) into a field. */
typedef const char *(*read_pt)(const triage_reader_t *reader,
                               const triage_json_t *value, void *field);

static const char *
read_limited(triage_text_t text, size_t max, void *field)
{
    if (text.len > max) {
        return "too long";
    }

    *(triage_text_t *) field = text;

    return NULL;
}

static const char *
read_id(const triage_reader_t *reader, const triage_json_t *value, void *field)
{
    triage_text_t id = triage_json_text(value, reader->arena);

    if (id.len == 0) {
        return "expected a string that is not empty, or an integer";
    }

    return read_limited(id, ID_LEN_MAX, field);
}

static const char *
read_string(const triage_reader_t *reader, const triage_json_t *value,
            size_t max, void *field)
{
    if (!triage_json_is_string(value)) {
        return "expected a string";
    }

    return read_limited(triage_json_text(value, reader->arena), max, field);
}

static const char *
read_name(const triage_reader_t *reader, const triage_json_t *value,
          void *field)
{
    return read_string(reader, value, NAME_LEN_MAX, field);
}

static const char *
read_words(const triage_reader_t *reader, const triage_json_t *value,
           void *field)
{
    return read_string(reader, value, TEXT_LEN_MAX, field);
}

static const char *
read_count(const triage_reader_t *reader, const triage_json_t *value,
           void *field)
{
    int64_t number;

    (void) reader;

    if (triage_json_is_string(value) || !triage_json_to_int64(value, &number)
        || number < 0)
    {
        return "expected an integer of 0 or more";
    }

    *(int64_t *) field = number;

    return NULL;
}

static const char *
read_stars(const triage_reader_t *reader, const triage_json_t *value,
           void *field)
{
    const char *why = read_count(reader, value, field);

    if (why == NULL && *(int64_t *) field > 5) {
        return "expected an integer from 0 to 5";
    }

    return why;
}

static const char *
read_flag(const triage_reader_t *reader, const triage_json_t *value,
          void *field)
{
    (void) reader;

    if (!triage_json_is_bool(value)) {
        return "expected true or false";
    }

    *(bool *) field = triage_json_is_true(value);

    return NULL;
}

/* A flag that may be unknown. */
static const char *
read_answer(const triage_reader_t *reader, const triage_json_t *value,
            void *field)
{
    bool flag;
    const char *why = read_flag(reader, value, &flag);

    if (why == NULL) {
        *(int64_t *) field = flag;
    }

    return why;
}

static const char *
read_kind(const triage_reader_t *reader, const triage_json_t *value,
          void *field)
{
    (void) reader;

    return triage_kind_from(triage_json_peek(value), field)
               ? NULL
               : "expected message, comment, mention, review, edit, delete, "
                 "reaction, echo or other";
}

static const char *
read_audience(const triage_reader_t *reader, const triage_json_t *value,
              void *field)
{
    (void) reader;

    return triage_audience_from(triage_json_peek(value), field)
               ? NULL
               : "expected public, limited or private";
}

static const char *
read_language(const triage_reader_t *reader, const triage_json_t *value,
              void *field)
{
    triage_text_t language = triage_json_text(value, reader->arena);

    if (!triage_json_is_string(value) || language.len != 2
        || language.data[0] < 'a' || language.data[0] > 'z'
        || language.data[1] < 'a' || language.data[1] > 'z')
    {
        return "expected two small letters (ISO 639-1)";
    }

    *(triage_text_t *) field = language;

    return NULL;
}

static const char *
read_time(const triage_reader_t *reader, const triage_json_t *value,
          void *field)
{
    int64_t time = triage_time_of_iso(value);

    (void) reader;

    if (time == TRIAGE_NO_TIME) {
        return "expected a time like 2026-01-31T12:00:00Z, after 1970";
    }

    *(int64_t *) field = time;

    return NULL;
}

#define FIELD(name, read)                                                     \
    {                                                                         \
#name, offsetof(triage_message_t, name), read                         \
    }
#define COUNT(name, read)                                                     \
    {                                                                         \
        "engagement." #name, offsetof(triage_message_t, name), read           \
    }

static const struct {
    const char *path;
    size_t offset; /* in the message */
    read_pt read;
} fields[] = {
    FIELD(message_id, read_id),
    FIELD(account, read_id),
    FIELD(event_id, read_id),
    FIELD(thread_id, read_id),
    FIELD(parent_id, read_id),
    FIELD(author_id, read_id),
    FIELD(author_name, read_name),
    FIELD(author_handle, read_name),
    FIELD(author_followers, read_count),
    FIELD(author_posts, read_count),
    FIELD(author_verified, read_answer),
    FIELD(kind, read_kind),
    FIELD(audience, read_audience),
    FIELD(text, read_words),
    COUNT(likes, read_count),
    COUNT(replies, read_count),
    COUNT(shares, read_count),
    COUNT(stars, read_stars),
    FIELD(has_media, read_flag),
    FIELD(needs_fetch, read_flag),
    FIELD(language, read_language),
    FIELD(sent_at, read_time),
};

static bool
is_there(const triage_json_t *value)
{
    return triage_json_count(value) > 0 || triage_json_is_array(value);
}

static triage_fault_t
read_fields(const triage_reader_t *reader, const triage_json_t *item,
            triage_message_t *message)
{
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        const triage_json_t *value = triage_json_path(item, fields[i].path);
        void *field = (char *) message + fields[i].offset;
        const char *why = NULL;

        if (is_there(value)) {
            why = fields[i].read(reader, value, field);
        }

        if (why != NULL) {
            return (triage_fault_t){ why, fields[i].path };
        }
    }

    return (triage_fault_t){ NULL, NULL };
}

static bool
says_something(const triage_message_t *message)
{
    return message->text.len > 0 || message->has_media || message->needs_fetch
           || message->stars != TRIAGE_UNKNOWN;
}

static triage_fault_t
check_whole(const triage_json_t *item, const triage_message_t *message)
{
    const triage_json_t *engagement = triage_json_at(item, "engagement");

    if (message->message_id.len == 0) {
        return (triage_fault_t){ "missing", "message_id" };
    }

    if (is_there(engagement) && !triage_json_is_object(engagement)) {
        return (triage_fault_t){ "expected an object", "engagement" };
    }

    if (triage_kind_is_scored(message->kind) && !says_something(message)) {
        return (triage_fault_t){
            "missing: say something, or has_media, needs_fetch or stars",
            "text"
        };
    }

    return (triage_fault_t){ NULL, NULL };
}

/* What speaks of another message needs a key of its own, the same whenever
 * the feeder sends it again. */
static void
complete(const triage_reader_t *reader, triage_message_t *message)
{
    triage_text_t words = triage_no_text;

    if (triage_kind_is_scored(message->kind) && message->kind != TRIAGE_EDIT
        && triage_reader_is_brand(reader, message->author_id))
    {
        message->kind = TRIAGE_ECHO;
    }

    if (message->kind == TRIAGE_DELETE) {
        message->text = triage_no_text;
    }

    if (message->event_id.len > 0
        || (message->kind != TRIAGE_EDIT && message->kind != TRIAGE_DELETE
            && message->kind != TRIAGE_REACTION
            && message->kind != TRIAGE_OTHER))
    {
        return;
    }

    if (message->text.len > 0) {
        words = triage_key_of(message->text, reader->arena);
    }

    message->event_id =
        triage_key(reader->arena, message->message_id,
                   triage_text_of(triage_kind_name(message->kind)),
                   message->author_id, words);
}

triage_fault_t
triage_standard_read(const triage_reader_t *reader, const triage_json_t *item,
                     triage_message_t *message)
{
    triage_fault_t fault;

    if (!triage_json_is_object(item)) {
        return (triage_fault_t){ "expected an object", "" };
    }

    message->kind = TRIAGE_MESSAGE;

    fault = read_fields(reader, item, message);
    if (fault.why == NULL) {
        fault = check_whole(item, message);
    }

    if (fault.why == NULL) {
        complete(reader, message);
    }

    return fault;
}
