/*
 * X Activity API (one event a delivery) and filtered stream webhooks (one
 * post a delivery): v2 objects.
 */
#include "x.h"

/* People are looked for among those that came along: no further than this. */
#define USERS_MAX 1000

static const char *const own_ids[] = { "id", "id_str", NULL };

/* Of the event that is being read. */
typedef struct {
    triage_x_t x;
    triage_kind_t kind; /* as its type says */
    const triage_json_t *payload;
    const triage_json_t *users; /* that came along */
    bool is_outbound;           /* done by the brand, as the filter says */
} event_t;

static const triage_json_t *
find_user(const event_t *event, triage_text_t id)
{
    size_t count = triage_json_count(event->users);

    for (size_t i = 0; i < count && i < USERS_MAX; i++) {
        const triage_json_t *user =
            triage_x_unwrap(triage_json_item(event->users, i));

        if (id.len > 0
            && triage_text_equal(triage_json_peek(triage_json_at(user, "id")),
                                 id))
        {
            return user;
        }
    }

    return NULL;
}

/* The post that this one replies to, quotes or reposts. */
static triage_text_t
referenced_id(const event_t *event, const char *type)
{
    const triage_json_t *posts =
        triage_json_at(event->payload, "referenced_tweets");
    size_t count = triage_json_count(posts);

    for (size_t i = 0; i < count; i++) {
        const triage_json_t *post = triage_json_item(posts, i);

        if (triage_json_equals(triage_json_at(post, "type"), type)) {
            return triage_reader_first(event->x.reader, post, own_ids);
        }
    }

    return triage_no_text;
}

/* The first of several versions; no text for a post that was never edited. */
static triage_text_t
edited_id(const event_t *event, triage_text_t own)
{
    const triage_json_t *versions =
        triage_json_at(event->payload, "edit_history_tweet_ids");
    triage_text_t first = triage_no_text;

    if (triage_json_count(versions) > 1) {
        first = triage_json_id(triage_json_item(versions, 0),
                               event->x.reader->arena);
    }

    return triage_text_equal(first, own) ? triage_no_text : first;
}

/* Also says which message is spoken of. */
static triage_kind_t
kind_of_post(const event_t *event, triage_text_t own,
             triage_message_t *message)
{
    triage_text_t shared = referenced_id(event, "retweeted");
    triage_text_t first = edited_id(event, own);

    message->message_id = own;

    if (event->kind == TRIAGE_ECHO
        || triage_x_is_brand(&event->x, message->author_id))
    {
        return TRIAGE_ECHO;
    }

    if (event->kind == TRIAGE_REACTION || shared.len > 0) {
        message->message_id = shared.len > 0 ? shared : own;
        return TRIAGE_REACTION;
    }

    if (first.len > 0) {
        message->message_id = first;
        return TRIAGE_EDIT;
    }

    return event->kind;
}

static triage_text_t
parent_of_post(const event_t *event)
{
    static const char *const paths[] = { "in_reply_to_tweet_id", NULL };
    triage_text_t parent =
        triage_reader_first(event->x.reader, event->payload, paths);

    if (parent.len == 0) {
        parent = referenced_id(event, "replied_to");
    }

    return parent.len > 0 ? parent : referenced_id(event, "quoted");
}

/* The counts come as numbers and, exactly, as strings. */
static int64_t
metric(const triage_json_t *post, const char *exact, const char *name)
{
    int64_t count = triage_reader_count(post, exact);

    return count == TRIAGE_UNKNOWN ? triage_reader_count(post, name) : count;
}

static void
read_counts(const triage_json_t *post, triage_message_t *message)
{
    int64_t quotes = metric(post, "public_metrics.quote_count_str",
                            "public_metrics.quote_count");

    message->likes = metric(post, "public_metrics.like_count_str",
                            "public_metrics.like_count");
    message->replies = metric(post, "public_metrics.reply_count_str",
                              "public_metrics.reply_count");
    message->shares = metric(post, "public_metrics.retweet_count_str",
                             "public_metrics.retweet_count");

    if (quotes > 0 && quotes < INT64_MAX / 2
        && message->shares < INT64_MAX / 2) {
        message->shares =
            (message->shares == TRIAGE_UNKNOWN ? 0 : message->shares) + quotes;
    }
}

static void
read_post(const event_t *event)
{
    static const char *const authors[] = { "author_id", NULL };
    static const char *const threads[] = { "conversation_id", "id", NULL };
    const triage_json_t *post = event->payload;
    triage_text_t own = triage_reader_first(event->x.reader, post, own_ids);
    triage_message_t *message = triage_x_add(&event->x, event->kind);

    if (message == NULL) {
        return;
    }

    message->audience = TRIAGE_PUBLIC;
    message->author_id = triage_reader_first(event->x.reader, post, authors);
    triage_x_read_author(&event->x, find_user(event, message->author_id),
                         message);
    message->kind = kind_of_post(event, own, message);
    message->thread_id = triage_reader_first(event->x.reader, post, threads);
    message->parent_id = parent_of_post(event);
    message->text =
        triage_x_text(&event->x, triage_json_path(post, "note_tweet.text"));
    if (message->text.data == NULL) {
        message->text = triage_x_text(&event->x, triage_json_at(post, "text"));
    }
    message->language = triage_x_language(&event->x, post);
    message->sent_at = triage_x_time(post);
    message->has_media =
        triage_json_count(triage_json_path(post, "attachments.media_keys"))
        > 0;
    read_counts(post, message);
    triage_x_finish(&event->x, message, own, NULL);
}

static void
read_delete(const event_t *event)
{
    static const char *const authors[] = { "author_id", NULL };
    triage_message_t *message = triage_x_add(&event->x, TRIAGE_DELETE);

    if (message == NULL) {
        return;
    }

    message->message_id =
        triage_reader_first(event->x.reader, event->payload, own_ids);
    message->author_id =
        triage_reader_first(event->x.reader, event->payload, authors);
    triage_x_read_author(&event->x, find_user(event, message->author_id),
                         message);
    message->audience = TRIAGE_PUBLIC;
    message->sent_at = triage_x_time(event->payload);
    triage_x_finish(&event->x, message, message->message_id, NULL);
}

static void
read_direct_messages(const event_t *event)
{
    const triage_json_t *messages =
        triage_json_at(event->payload, "direct_message_events");
    const triage_json_t *users = triage_json_at(event->payload, "users");
    size_t count = triage_json_count(messages);
    triage_x_t x = event->x;

    for (size_t i = 0; i < count; i++) {
        const triage_json_t *message = triage_json_item(messages, i);

        if (!triage_json_is_object(message)) {
            x.reader->reading->problem = "a direct message is no object";
            continue;
        }
        if (i > 0) { /* the event's key is for one only */
            x.key = triage_no_text;
        }
        triage_x_read_direct(&x, message, users);
    }
}

/* A like has a hash for an id: it is kept by the post that was liked. */
static void
read_like(const event_t *event)
{
    static const char *const ids[] = { "liked_tweet_id", NULL };
    static const char *const authors[] = { "user_id", "author_id",
                                           "source.data.id", NULL };
    triage_message_t *message = triage_x_add(&event->x, TRIAGE_REACTION);

    if (message == NULL) {
        return;
    }

    message->message_id =
        triage_reader_first(event->x.reader, event->payload, ids);
    message->thread_id = message->message_id;
    message->author_id =
        event->is_outbound
            ? event->x.account
            : triage_reader_first(event->x.reader, event->payload, authors);
    triage_x_read_author(&event->x, find_user(event, message->author_id),
                         message);
    message->audience = TRIAGE_PUBLIC;
    message->sent_at = triage_x_time(event->payload);
    triage_x_finish(
        &event->x, message,
        triage_reader_first(event->x.reader, event->payload, own_ids), "like");
}

/* Encrypted from end to end: ids are all that can be read here. */
static void
read_chat(const event_t *event)
{
    static const char *const ids[] = { "id", "message_id", "event_id",
                                       "chat_event_id", NULL };
    static const char *const senders[] = { "sender_id", "author_id",
                                           "sender.id", NULL };
    static const char *const threads[] = { "conversation_id", "sender_id",
                                           NULL };
    triage_message_t *message = triage_x_add(&event->x, event->kind);

    if (message == NULL) {
        return;
    }

    message->message_id =
        triage_reader_first(event->x.reader, event->payload, ids);
    message->author_id =
        triage_reader_first(event->x.reader, event->payload, senders);
    message->thread_id =
        triage_reader_first(event->x.reader, event->payload, threads);
    triage_x_read_author(&event->x, find_user(event, message->author_id),
                         message);
    message->audience = TRIAGE_PRIVATE;
    message->needs_fetch = true;
    message->sent_at = triage_x_time(event->payload);
    triage_x_finish(&event->x, message, message->message_id, NULL);
}

static void
read_other(const event_t *event)
{
    static const char *const authors[] = { "source.data.id", "source.id",
                                           "sender_id",      "author_id",
                                           "user_id",        NULL };
    triage_message_t *message = triage_x_add(&event->x, TRIAGE_OTHER);

    if (message == NULL) {
        return;
    }

    message->author_id =
        triage_reader_first(event->x.reader, event->payload, authors);
    message->sent_at = triage_x_time(event->payload);
    triage_x_finish(
        &event->x, message,
        triage_reader_first(event->x.reader, event->payload, own_ids), NULL);
}

static const struct {
    const char *type;
    triage_kind_t kind;
    void (*read)(const event_t *event);
} types[] = {
    { "post.mention.create", TRIAGE_MENTION, read_post },
    { "post.reply.create", TRIAGE_COMMENT, read_post },
    { "post.quote.create", TRIAGE_MENTION, read_post },
    { "post.repost.create", TRIAGE_REACTION, read_post },
    { "post.create", TRIAGE_ECHO, read_post },
    { "post.delete", TRIAGE_DELETE, read_delete },
    { "dm.received", TRIAGE_MESSAGE, read_direct_messages },
    { "dm.sent", TRIAGE_ECHO, read_direct_messages },
    { "chat.received", TRIAGE_MESSAGE, read_chat },
    { "chat.sent", TRIAGE_ECHO, read_chat },
    { "like.create", TRIAGE_REACTION, read_like },
};

static void
read_event(event_t *event, const triage_json_t *type)
{
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (triage_json_equals(type, types[i].type)) {
            event->kind = types[i].kind;
            types[i].read(event);
            return;
        }
    }

    read_other(event);
}

/* A post that matched a rule of a stream: talk about the brand. */
static void
read_match(event_t *event)
{
    static const char *const replied[] = { "in_reply_to_user_id", NULL };
    triage_text_t user =
        triage_reader_first(event->x.reader, event->payload, replied);

    event->kind =
        triage_x_is_brand(&event->x, user) ? TRIAGE_COMMENT : TRIAGE_MENTION;
    read_post(event);
}

triage_outcome_t
triage_x_read_activity(const triage_reader_t *reader,
                       const triage_json_t *body)
{
    const triage_json_t *data = triage_json_at(body, "data");
    event_t event = { .x = { .reader = reader,
                             .digest = triage_reader_digest(reader) },
                      .kind = TRIAGE_OTHER };

    if (triage_json_at(data, "event_type") == NULL
        && triage_json_at(body, "matching_rules") != NULL)
    {
        event.x.account = reader->source->account;
        event.payload = data;
        event.users = triage_json_path(body, "includes.users");
        read_match(&event);
        return triage_ok();
    }

    event.x.account = triage_reader_id(reader, data, "filter.user_id");
    event.x.key = triage_reader_id(reader, data, "event_uuid");
    event.payload = triage_x_unwrap(triage_json_at(data, "payload"));
    event.users = triage_json_path(data, "includes.users");
    event.is_outbound = triage_json_equals(
        triage_json_path(data, "filter.direction"), "outbound");
    read_event(&event, triage_json_at(data, "event_type"));

    return triage_ok();
}
