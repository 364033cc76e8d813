/*
 * Threads: replies to and mentions of the brand's posts.  Meta's signature,
 * but an envelope of its own.
 */
#include "meta.h"
#include "platforms.h"
#include "reader.h"

static const triage_kind_row_t kinds[] = {
    { "replies", TRIAGE_COMMENT }, { "mentions", TRIAGE_MENTION },
    { "publish", TRIAGE_ECHO },    { "delete", TRIAGE_DELETE },
    { NULL, TRIAGE_OTHER },
};

typedef struct {
    const triage_reader_t *reader;
    const triage_json_t *envelope;
    triage_text_t digest; /* stands for the body */
} threads_t;

static triage_text_t
either(triage_text_t text, triage_text_t otherwise)
{
    return text.len > 0 ? text : otherwise;
}

/* Whose post it is under; of a mention, who is mentioned. */
static triage_text_t
account_of(const triage_reader_t *reader, const triage_json_t *envelope,
           const triage_json_t *value, triage_kind_t kind)
{
    triage_text_t owner = triage_no_text;

    if (kind == TRIAGE_COMMENT) {
        owner = triage_reader_id(reader, value, "root_post.owner_id");
    }

    if (kind == TRIAGE_DELETE) {
        owner = triage_reader_id(reader, value, "owner.owner_id");
    }

    return either(
        either(owner, triage_reader_id(reader, envelope, "target_id")),
        reader->source->account);
}

/* Authors have a name and no id.  The brand is known by its ids, or because
 * it owns the post under which it replies (`replies` are told to the owner;
 * a mention may be in the author's own thread). */
static bool
is_by_brand(const triage_reader_t *reader, const triage_json_t *value,
            const triage_message_t *message)
{
    return triage_reader_is_brand(reader, message->author_handle)
           || (message->kind == TRIAGE_COMMENT
               && message->author_handle.len > 0
               && triage_text_equal(
                   message->author_handle,
                   triage_reader_id(reader, value, "root_post.username")));
}

static int64_t
time_of(const triage_json_t *envelope, const triage_json_t *value)
{
    static const char *const names[] = { "deleted_at", "timestamp" };

    for (size_t i = 0; i < 2; i++) {
        int64_t time = triage_meta_time(triage_json_at(value, names[i]));

        if (time != TRIAGE_NO_TIME) {
            return time;
        }
    }

    return triage_meta_time(triage_json_at(envelope, "time"));
}

static void
read_author(const triage_reader_t *reader, const triage_json_t *value,
            triage_message_t *message)
{
    const triage_json_t *verified = triage_json_at(value, "is_verified");

    message->author_handle = triage_reader_id(reader, value, "username");
    message->author_id =
        either(triage_reader_id(reader, value, "owner.owner_id"),
               message->author_handle);

    if (triage_json_is_bool(verified)) {
        message->author_verified = triage_json_is_true(verified);
    }
}

static void
read_place(const triage_reader_t *reader, const triage_json_t *value,
           triage_message_t *message)
{
    message->message_id = triage_reader_id(reader, value, "id");
    message->thread_id = either(
        triage_reader_id(reader, value, "root_post.id"), message->message_id);
    message->parent_id = triage_reader_id(reader, value, "replied_to.id");
    message->has_media =
        triage_json_at(value, "media_type") != NULL
        && !triage_json_equals(triage_json_at(value, "media_type"),
                               "TEXT_POST")
        && !triage_json_equals(triage_json_at(value, "media_type"), "TEXT");
}

static void
read_key(const threads_t *threads, const triage_json_t *field,
         triage_message_t *message)
{
    const triage_reader_t *reader = threads->reader;
    triage_text_t name = triage_json_text(field, reader->arena);

    if (message->message_id.len == 0) {
        message->message_id = triage_key(
            reader->arena, name, threads->digest,
            triage_arena_number(reader->arena,
                                (int64_t) reader->reading->messages.count));
    }

    message->event_id =
        triage_key(reader->arena, message->account, message->message_id, name);
}

static void
read_value(const threads_t *threads, const triage_json_t *field,
           const triage_json_t *value)
{
    const triage_reader_t *reader = threads->reader;
    triage_message_t *message = triage_reader_add(reader);

    if (message == NULL) {
        return;
    }

    message->kind = triage_reader_kind(field, kinds);
    message->audience = TRIAGE_PUBLIC;
    message->account =
        account_of(reader, threads->envelope, value, message->kind);
    message->sent_at = time_of(threads->envelope, value);
    read_author(reader, value, message);
    read_place(reader, value, message);

    if (message->kind != TRIAGE_DELETE) {
        message->text = triage_reader_text(reader, value, "text");
    }

    if ((message->kind == TRIAGE_COMMENT || message->kind == TRIAGE_MENTION)
        && is_by_brand(reader, value, message))
    {
        message->kind = TRIAGE_ECHO;
    }

    read_key(threads, field, message);
}

static void
read_item(const threads_t *threads, const triage_json_t *item)
{
    const triage_json_t *field = triage_json_at(item, "field");
    const triage_json_t *values = triage_json_at(item, "value");
    size_t count = triage_json_count(values);

    for (size_t i = 0; i < count; i++) {
        read_value(threads, field, triage_json_item(values, i));
    }

    if (count == 0) {
        read_value(threads, field, item);
    }
}

/* `values` is an object in the documentation and an array on the wire; so
 * may be the `value` in it. */
static triage_outcome_t
read_envelope(const triage_reader_t *reader, const triage_json_t *envelope)
{
    const threads_t threads = { reader, envelope,
                                triage_reader_digest(reader) };
    const triage_json_t *items = triage_json_at(envelope, "values");
    size_t count = triage_json_count(items);

    for (size_t i = 0; i < count && !reader->arena->has_failed; i++) {
        const triage_json_t *item = triage_json_item(items, i);

        if (!triage_json_is_object(item)) {
            reader->reading->problem = "an item of the values is no object";
            continue;
        }
        read_item(&threads, item);
    }

    if (items == NULL) {
        read_value(&threads, triage_json_at(envelope, "topic"), envelope);
    }

    return triage_ok();
}

static triage_outcome_t
threads_parse(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_envelope);
}

const triage_platform_t triage_platform_threads = {
    .name = "threads",
    .title = "Threads replies and mentions",
    .needs = TRIAGE_NEEDS_SECRET | TRIAGE_NEEDS_TOKEN,
    .success = { .status = 200 },
    .challenge = triage_meta_challenge,
    .verify = triage_meta_verify,
    .parse = threads_parse,
    .sign = triage_meta_sign,
};
