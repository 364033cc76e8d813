/*
 * Disqus: comments under blogs.  Its handshake is a signed POST.
 */
#include "hub.h"
#include "platforms.h"
#include "reader.h"

/* Names of fields and verbs as Disqus's own WordPress plugin reads them. */
static const triage_hub_t hub = {
    TRIAGE_TEXT("X-Hub-Signature"),
    TRIAGE_TEXT("sha512="),
    TRIAGE_SHA512,
    TRIAGE_HEX,
};

static const struct {
    const char *verb;
    triage_kind_t kind;
} verbs[] = {
    { "create", TRIAGE_COMMENT },
    { "force_sync", TRIAGE_OTHER }, /* asked for by the site: old comments */
    { "update", TRIAGE_EDIT },
};

static triage_kind_t
kind_of(const triage_json_t *event, const triage_json_t *comment)
{
    const triage_json_t *verb = triage_json_at(event, "verb");

    if (!triage_json_equals(triage_json_at(event, "object_type"), "post")) {
        return TRIAGE_OTHER;
    }

    if (triage_json_is_true(triage_json_at(comment, "isDeleted"))
        || triage_json_is_true(triage_json_at(comment, "isSpam")))
    {
        return TRIAGE_DELETE;
    }

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (triage_json_equals(verb, verbs[i].verb)) {
            return verbs[i].kind;
        }
    }

    return TRIAGE_OTHER;
}

static triage_text_t
read_words(const triage_reader_t *reader, const triage_json_t *comment)
{
    triage_text_t raw = triage_reader_text(reader, comment, "raw_message");

    return raw.data != NULL ? raw
                            : triage_reader_html(reader, comment, "message");
}

/* `thread` is an id or, in older deliveries, the thread itself. */
static triage_text_t
read_thread(const triage_reader_t *reader, const triage_json_t *comment)
{
    triage_text_t id = triage_reader_id(reader, comment, "threadData.id");

    if (id.data == NULL) {
        id = triage_reader_id(reader, comment, "thread.id");
    }

    return id.data != NULL ? id : triage_reader_id(reader, comment, "thread");
}

static void
read_author(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *author)
{
    triage_text_t name = triage_reader_text(reader, author, "name");

    message->author_id = triage_reader_id(reader, author, "id");
    message->author_name = name;
    message->author_handle = triage_reader_id(reader, author, "username");

    if (message->author_id.data == NULL && name.len > 0) { /* a guest */
        message->author_id = triage_key(reader->arena, triage_text("guest"),
                                        triage_key_of(name, reader->arena));
    }
}

static void
read_comment(const triage_reader_t *reader, triage_message_t *message,
             const triage_json_t *event, const triage_json_t *comment)
{
    triage_text_t forum = triage_reader_id(reader, comment, "forum");

    message->kind = kind_of(event, comment);
    message->account = forum.data ? forum : message->account;
    message->message_id = triage_reader_id(reader, comment, "id");
    message->thread_id = read_thread(reader, comment);
    message->parent_id = triage_reader_id(reader, comment, "parent");
    message->sent_at = triage_reader_iso(comment, "createdAt");
    message->audience = TRIAGE_PUBLIC;
    message->likes = triage_reader_count(comment, "likes");
    message->has_media =
        triage_json_count(triage_json_at(comment, "media")) > 0;
    read_author(reader, message, triage_json_at(comment, "author"));

    if (message->kind == TRIAGE_COMMENT || message->kind == TRIAGE_EDIT) {
        message->text = read_words(reader, comment);

        if (triage_reader_is_brand(reader, message->author_id)
            || triage_reader_is_brand(reader, message->author_handle))
        {
            message->kind = TRIAGE_ECHO;
        }
    }
}

/* The words are part of the key: an update carries no time of its own. */
static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *event)
{
    const triage_json_t *comment = triage_json_at(event, "transformed_data");
    triage_text_t verb = triage_reader_id(reader, event, "verb");
    triage_message_t *message;

    message = triage_reader_add(reader);

    if (message == NULL) {
        return triage_ok();
    }

    if (triage_json_is_object(comment)) {
        read_comment(reader, message, event, comment);
    }

    if (message->message_id.data == NULL) {
        message->message_id = triage_reader_digest(reader);
    }

    message->event_id = triage_key(reader->arena, message->message_id, verb,
                                   triage_text_is(verb, "create")
                                       ? triage_no_text
                                       : triage_reader_digest(reader));

    return triage_ok();
}

/* The answer is the challenge as a JSON string. */
static triage_outcome_t
answer_check(const triage_reader_t *reader, const triage_json_t *event)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;

    triage_writer_init(&writer, &buffer);
    triage_write_text(&writer, triage_reader_id(reader, event, "challenge"));
    reader->reading->reply = (triage_reply_t){
        .status = 200,
        .content_type = triage_text("application/json"),
        .body = triage_arena_copy(reader->arena,
                                  (triage_text_t){ buffer.data, buffer.len }),
    };

    bool has_failed = buffer.has_failed;

    triage_buffer_free(&buffer);

    if (has_failed) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory for an answer");
    }

    return triage_fail(TRIAGE_ANSWERED, "a check of the endpoint");
}

static triage_outcome_t
read_delivery(const triage_reader_t *reader, const triage_json_t *event)
{
    return triage_json_equals(triage_json_at(event, "verb"), "verify")
               ? answer_check(reader, event)
               : read_event(reader, event);
}

static triage_outcome_t
disqus_verify(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena)
{
    (void) arena;

    return triage_hub_verify(&hub, delivery, source);
}

static triage_outcome_t
disqus_parse(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_delivery);
}

static triage_outcome_t
disqus_sign(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_signing_t *signing)
{
    return triage_hub_sign(&hub, delivery, source, arena, signing);
}

const triage_platform_t triage_platform_disqus = {
    .name = "disqus",
    .title = "Disqus comments",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = disqus_verify,
    .parse = disqus_parse,
    .sign = disqus_sign,
};
