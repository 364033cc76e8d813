/*
 * X's Account Activity API: lists of v1.1 objects, all for one user.
 */
#include "x.h"

#include <string.h>

static const char *const own_ids[] = { "id_str", "id", NULL };

/* `extended_tweet` only where the text was cut off. */
static triage_text_t
text_of_tweet(const triage_x_t *x, const triage_json_t *tweet)
{
    const triage_json_t *full =
        triage_json_path(tweet, "extended_tweet.full_text");

    if (full == NULL) {
        full = triage_json_at(tweet, "full_text");
    }

    return triage_x_text(x,
                         full != NULL ? full : triage_json_at(tweet, "text"));
}

/* An edit is a new post; what it edits is the first of its versions. */
static triage_text_t
edited_id(const triage_x_t *x, const triage_json_t *tweet, triage_text_t own)
{
    static const char *const paths[] = { "edit_history.initial_tweet_id",
                                         NULL };
    triage_text_t first = triage_reader_first(x->reader, tweet, paths);

    return triage_text_equal(first, own) ? triage_no_text : first;
}

static bool
replies_to_brand(const triage_x_t *x, const triage_json_t *tweet,
                 const triage_message_t *message)
{
    static const char *const paths[] = { "in_reply_to_user_id_str",
                                         "in_reply_to_user_id", NULL };
    triage_text_t user = triage_reader_first(x->reader, tweet, paths);

    return message->parent_id.len > 0
           && (user.len == 0 || triage_x_is_brand(x, user));
}

/* Also says which message is spoken of. */
static triage_kind_t
kind_of_tweet(const triage_x_t *x, const triage_json_t *tweet,
              triage_text_t own, triage_message_t *message)
{
    static const char *const shared[] = { "retweeted_status.id_str",
                                          "retweeted_status.id", NULL };
    triage_text_t first = edited_id(x, tweet, own);

    message->message_id = own;

    if (triage_x_is_brand(x, message->author_id)) {
        return TRIAGE_ECHO;
    }

    if (triage_json_is_object(triage_json_at(tweet, "retweeted_status"))) {
        message->message_id = triage_reader_first(x->reader, tweet, shared);
        return TRIAGE_REACTION;
    }

    if (first.len > 0) {
        message->message_id = first;
        return TRIAGE_EDIT;
    }

    return replies_to_brand(x, tweet, message) ? TRIAGE_COMMENT
                                               : TRIAGE_MENTION;
}

static void
read_counts(const triage_json_t *tweet, triage_message_t *message)
{
    int64_t quotes = triage_reader_count(tweet, "quote_count");

    message->likes = triage_reader_count(tweet, "favorite_count");
    message->replies = triage_reader_count(tweet, "reply_count");
    message->shares = triage_reader_count(tweet, "retweet_count");

    if (quotes > 0 && quotes < INT64_MAX / 2
        && message->shares < INT64_MAX / 2) {
        message->shares =
            (message->shares == TRIAGE_UNKNOWN ? 0 : message->shares) + quotes;
    }
}

static void
read_tweet(const triage_x_t *x, const triage_json_t *tweet,
           const triage_json_t *users)
{
    static const char *const parents[] = { "in_reply_to_status_id_str",
                                           "in_reply_to_status_id", NULL };
    static const char *const quoted[] = { "quoted_status_id_str",
                                          "quoted_status.id_str", NULL };
    triage_text_t own = triage_reader_first(x->reader, tweet, own_ids);
    triage_message_t *message = triage_x_add(x, TRIAGE_MENTION);

    (void) users;

    if (message == NULL) {
        return;
    }

    message->audience = TRIAGE_PUBLIC;
    triage_x_read_author(x, triage_json_at(tweet, "user"), message);
    message->parent_id = triage_reader_first(x->reader, tweet, parents);
    message->thread_id = message->parent_id.len > 0 ? message->parent_id : own;
    message->kind = kind_of_tweet(x, tweet, own, message);

    if (message->parent_id.len == 0) {
        message->parent_id = triage_reader_first(x->reader, tweet, quoted);
    }

    message->text = text_of_tweet(x, tweet);
    message->language = triage_x_language(x, tweet);
    message->sent_at = triage_x_time(tweet);
    message->has_media =
        triage_json_count(triage_json_path(tweet, "entities.media")) > 0
        || triage_json_count(
               triage_json_path(tweet, "extended_entities.media"))
               > 0;
    read_counts(tweet, message);
    triage_x_finish(x, message, own, NULL);
}

static void
read_delete(const triage_x_t *x, const triage_json_t *event,
            const triage_json_t *users)
{
    static const char *const ids[] = { "status.id_str", "status.id", NULL };
    static const char *const authors[] = { "status.user_id_str",
                                           "status.user_id", NULL };
    triage_message_t *message = triage_x_add(x, TRIAGE_DELETE);

    (void) users;

    if (message == NULL) {
        return;
    }

    message->message_id = triage_reader_first(x->reader, event, ids);
    message->author_id = triage_reader_first(x->reader, event, authors);
    message->audience = TRIAGE_PUBLIC;
    message->sent_at = triage_x_time(event);
    triage_x_finish(x, message, message->message_id, "delete");
}

static void
read_favorite(const triage_x_t *x, const triage_json_t *event,
              const triage_json_t *users)
{
    static const char *const ids[] = { "favorited_status.id_str",
                                       "favorited_status.id", NULL };
    triage_message_t *message = triage_x_add(x, TRIAGE_REACTION);

    (void) users;

    if (message == NULL) {
        return;
    }

    message->message_id = triage_reader_first(x->reader, event, ids);
    message->thread_id = message->message_id;
    message->audience = TRIAGE_PUBLIC;
    triage_x_read_author(x, triage_json_at(event, "user"), message);
    message->sent_at = triage_x_time(event);
    triage_x_finish(x, message, triage_reader_first(x->reader, event, own_ids),
                    "favorite");
}

/* People are the members of an object, named by their ids. */
static const triage_json_t *
find_user(const triage_json_t *users, triage_text_t id)
{
    char name[32];

    if (id.len == 0 || id.len >= sizeof(name)) {
        return NULL;
    }

    memcpy(name, id.data, id.len);
    name[id.len] = '\0';

    return triage_json_at(users, name);
}

void
triage_x_read_direct(const triage_x_t *x, const triage_json_t *event,
                     const triage_json_t *users)
{
    static const char *const senders[] = { "message_create.sender_id", NULL };
    static const char *const recipients[] = {
        "message_create.target.recipient_id", NULL
    };
    const triage_json_t *data =
        triage_json_path(event, "message_create.message_data");
    triage_message_t *message =
        triage_x_add(x, data != NULL ? TRIAGE_MESSAGE : TRIAGE_OTHER);
    triage_text_t recipient =
        triage_reader_first(x->reader, event, recipients);

    if (message == NULL) {
        return;
    }

    message->message_id = triage_reader_first(x->reader, event, own_ids);
    message->author_id = triage_reader_first(x->reader, event, senders);
    message->thread_id = message->author_id;
    message->sent_at = triage_x_time(event);

    if (triage_x_is_brand(x, message->author_id)) {
        message->thread_id = recipient;
        message->kind =
            message->kind == TRIAGE_MESSAGE ? TRIAGE_ECHO : message->kind;
    }

    message->text = triage_x_text(x, triage_json_at(data, "text"));
    message->has_media =
        triage_json_is_object(triage_json_at(data, "attachment"));

    triage_x_read_author(x, find_user(users, message->author_id), message);
    triage_x_finish(x, message, message->message_id, NULL);
}

/* Follows, blocks, mutes, typing, receipts, revocations, replays: nobody
 * said anything. */
static void
read_other(const triage_x_t *x, const triage_json_t *event,
           const triage_json_t *users)
{
    static const char *const authors[] = {
        "source.id_str",         "source.id", "sender_id", "user.id_str",
        "revoke.source.user_id", NULL
    };
    triage_message_t *message = triage_x_add(x, TRIAGE_OTHER);

    (void) users;

    if (message == NULL) {
        return;
    }

    message->author_id = triage_reader_first(x->reader, event, authors);
    message->sent_at = triage_x_time(event);
    triage_x_finish(x, message, triage_no_text, NULL);
}

static const struct {
    const char *name;
    void (*read)(const triage_x_t *x, const triage_json_t *event,
                 const triage_json_t *users);
} lists[] = {
    { "tweet_create_events", read_tweet },
    { "tweet_delete_events", read_delete },
    { "favorite_events", read_favorite },
    { "direct_message_events", triage_x_read_direct },
    { "follow_events", read_other },
    { "unfollow_events", read_other },
    { "block_events", read_other },
    { "unblock_events", read_other },
    { "mute_events", read_other },
    { "unmute_events", read_other },
    { "direct_message_indicate_typing_events", read_other },
    { "direct_message_mark_read_events", read_other },
    { "user_event", read_other },
    { "replay_job_status", read_other },
};

#define LIST_COUNT (sizeof(lists) / sizeof(lists[0]))

static void
read_list(const triage_x_t *x, size_t row, const triage_json_t *events,
          const triage_json_t *users)
{
    size_t count = triage_json_count(events);

    for (size_t i = 0; i < count; i++) {
        const triage_json_t *event = triage_json_item(events, i);

        if (!triage_json_is_object(event)) {
            x->reader->reading->problem = "an event is no object";
            continue;
        }
        lists[row].read(x, event, users);
    }
}

static size_t
find_list(triage_text_t name)
{
    size_t row = 0;

    while (row < LIST_COUNT && !triage_text_is(name, lists[row].name)) {
        row++;
    }

    return row;
}

/* Lists that X will think of: kept, one message an event. */
static bool
read_unknown_lists(const triage_x_t *x, const triage_json_t *body)
{
    const triage_text_t ending = TRIAGE_TEXT("_events");
    const triage_json_t *events;
    triage_text_t name;
    void *iterator = NULL;
    bool is_any = false;

    while ((events = triage_json_next(body, &iterator, &name)) != NULL) {
        if (!triage_text_ends(name, ending) || find_list(name) < LIST_COUNT) {
            continue;
        }

        is_any = true;
        for (size_t i = 0; i < triage_json_count(events); i++) {
            read_other(x, triage_json_item(events, i), NULL);
        }
    }

    return is_any;
}

triage_outcome_t
triage_x_read_account(const triage_reader_t *reader, const triage_json_t *body)
{
    const triage_json_t *users = triage_json_at(body, "users");
    triage_x_t x = { .reader = reader,
                     .digest = triage_reader_digest(reader) };
    bool is_known = false;

    x.account = triage_reader_id(reader, body, "for_user_id");

    for (size_t i = 0; i < LIST_COUNT; i++) {
        const triage_json_t *events = triage_json_at(body, lists[i].name);

        is_known = is_known || events != NULL;
        read_list(&x, i, events, users);
    }

    if (!read_unknown_lists(&x, body) && !is_known) {
        read_other(&x, body, users);
    }

    return triage_ok();
}
