/*
 * Discourse: topics and posts of a forum.
 */
#include "hub.h"
#include "platforms.h"
#include "reader.h"

static const triage_hub_t hub = {
    TRIAGE_TEXT("X-Discourse-Event-Signature"),
    TRIAGE_TEXT("sha256="),
    TRIAGE_SHA256,
    TRIAGE_HEX,
};

/* The event stands in a header alone, which is not signed. */
static const struct {
    const char *event;
    triage_kind_t kind;
} events[] = {
    { "post_created", TRIAGE_COMMENT },
    { "post_edited", TRIAGE_EDIT },
    { "post_recovered", TRIAGE_EDIT },
    { "post_destroyed", TRIAGE_DELETE },
};

/* Groups that Discourse itself reserves: a line "@staff" among the brand's
 * ids makes every member's post an echo. */
static const struct {
    const char *flag;
    const char *group;
} groups[] = {
    { "staff", "@staff" },
    { "moderator", "@moderators" },
    { "admin", "@admins" },
};

static bool
is_one_of_ours(const triage_reader_t *reader, const triage_json_t *post)
{
    for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
        if (triage_json_is_true(triage_json_at(post, groups[i].flag))
            && triage_reader_is_brand(reader, triage_text_of(groups[i].group)))
        {
            return true;
        }
    }

    return triage_reader_is_brand(reader,
                                  triage_reader_id(reader, post, "user_id"))
           || triage_reader_is_brand(
               reader, triage_reader_text(reader, post, "username"));
}

/* Without the header the post itself tells. */
static triage_kind_t
kind_of(triage_text_t event, const triage_json_t *post)
{
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++) {
        if (triage_text_is(event, events[i].event)) {
            return events[i].kind;
        }
    }

    if (event.data != NULL) {
        return TRIAGE_OTHER;
    }

    if (triage_json_is_string(triage_json_at(post, "deleted_at"))
        || triage_json_is_true(triage_json_at(post, "user_deleted")))
    {
        return TRIAGE_DELETE;
    }

    return triage_reader_count(post, "version") > 1 ? TRIAGE_EDIT
                                                    : TRIAGE_COMMENT;
}

static int64_t
time_of(const triage_json_t *post, triage_kind_t kind)
{
    int64_t time = TRIAGE_NO_TIME;

    if (kind == TRIAGE_DELETE) {
        time = triage_reader_iso(post, "deleted_at");
    }

    if (time == TRIAGE_NO_TIME
        && (kind == TRIAGE_DELETE || kind == TRIAGE_EDIT)) {
        time = triage_reader_iso(post, "updated_at");
    }

    return time == TRIAGE_NO_TIME ? triage_reader_iso(post, "created_at")
                                  : time;
}

static triage_text_t
read_words(const triage_reader_t *reader, const triage_json_t *post)
{
    triage_text_t raw = triage_reader_text(reader, post, "raw");

    return raw.data != NULL ? raw : triage_reader_html(reader, post, "cooked");
}

static void
read_author(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *post)
{
    message->author_id = triage_reader_id(reader, post, "user_id");
    message->author_name = triage_reader_id(reader, post, "name");
    message->author_handle = triage_reader_text(reader, post, "username");
}

static void
read_post(const triage_reader_t *reader, triage_message_t *message,
          const triage_json_t *post, triage_text_t event)
{
    bool is_private = triage_json_equals(
        triage_json_at(post, "topic_archetype"), "private_message");

    message->kind = kind_of(event, post);
    message->sent_at = time_of(post, message->kind);
    message->audience = is_private ? TRIAGE_PRIVATE : TRIAGE_PUBLIC;
    message->message_id = triage_reader_id(reader, post, "id");
    message->thread_id = triage_reader_id(reader, post, "topic_id");
    message->parent_id =
        triage_reader_id(reader, post, "reply_to_post_number");
    message->replies = triage_reader_count(post, "reply_count");
    read_author(reader, message, post);

    if (message->kind == TRIAGE_OTHER) {
        return;
    }

    if (message->kind != TRIAGE_DELETE) {
        message->text = read_words(reader, post);

        if (is_one_of_ours(reader, post)) {
            message->kind = TRIAGE_ECHO;

        } else if (is_private && message->kind == TRIAGE_COMMENT) {
            message->kind = TRIAGE_MESSAGE;
        }
    }
}

static triage_text_t
read_account(const triage_reader_t *reader)
{
    triage_text_t instance =
        triage_reader_header(reader, "X-Discourse-Instance");

    return instance.len > 0 ? instance : reader->source->account;
}

static triage_text_t
read_event_id(const triage_reader_t *reader, const triage_message_t *message,
              triage_text_t event)
{
    triage_text_t id = triage_reader_header(reader, "X-Discourse-Event-Id");

    return id.len > 0
               ? id
               : triage_key(reader->arena, event, message->message_id,
                            triage_key_time(message->sent_at, reader->arena));
}

static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *body)
{
    const triage_json_t *post = triage_json_at(body, "post");
    triage_text_t event = triage_reader_header(reader, "X-Discourse-Event");
    triage_message_t *message;

    if (triage_text_is(event, "ping") || triage_json_at(body, "ping")) {
        reader->reading->reply = (triage_reply_t){ .status = 200 };
        return triage_fail(TRIAGE_ANSWERED, "a ping");
    }

    message = triage_reader_add(reader);

    if (message == NULL) {
        return triage_ok();
    }

    message->account = read_account(reader);

    if (triage_json_is_object(post)) {
        read_post(reader, message, post, event);
    }

    if (message->message_id.data == NULL) {
        message->message_id = triage_reader_digest(reader);
    }

    message->event_id = read_event_id(reader, message, event);

    return triage_ok();
}

static triage_outcome_t
discourse_verify(const triage_delivery_t *delivery,
                 const triage_source_t *source, triage_arena_t *arena)
{
    (void) arena;

    return triage_hub_verify(&hub, delivery, source);
}

static triage_outcome_t
discourse_parse(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena,
                triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_event);
}

static triage_outcome_t
discourse_sign(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena,
               triage_signing_t *signing)
{
    return triage_hub_sign(&hub, delivery, source, arena, signing);
}

static const char *
discourse_reads(const triage_source_t *source, size_t i)
{
    static const char *const headers[] = { "X-Discourse-Event",
                                           "X-Discourse-Event-Id",
                                           "X-Discourse-Instance", NULL };

    (void) source;

    return headers[i];
}

const triage_platform_t triage_platform_discourse = {
    .name = "discourse",
    .title = "Discourse",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = discourse_verify,
    .parse = discourse_parse,
    .sign = discourse_sign,
    .reads = discourse_reads,
};
