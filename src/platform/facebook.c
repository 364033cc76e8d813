/*
 * Facebook: what happens on a Page, where it is mentioned or rated, and its
 * Messenger.
 */
#include "platforms.h"
#include "meta_messaging.h"

/* What an item of the feed is when it is added. */
static const triage_kind_row_t items[] = {
    { "comment", TRIAGE_COMMENT },   { "post", TRIAGE_MESSAGE },
    { "status", TRIAGE_MESSAGE },    { "photo", TRIAGE_MESSAGE },
    { "video", TRIAGE_MESSAGE },     { "share", TRIAGE_MESSAGE },
    { "rating", TRIAGE_REVIEW },     { "like", TRIAGE_REACTION },
    { "reaction", TRIAGE_REACTION }, { NULL, TRIAGE_OTHER },
};

/* What a verb makes of it; OTHER for verbs that are not here (hide, block,
 * mute, ...). */
static const struct {
    const char *verb;
    triage_kind_t kind; /* MESSAGE: leave it as it is */
} verbs[] = {
    { "add", TRIAGE_MESSAGE },
    { "edit", TRIAGE_EDIT },
    { "edited", TRIAGE_EDIT },
    { "remove", TRIAGE_DELETE },
};

static triage_kind_t
kind_after(triage_kind_t kind, const triage_json_t *verb)
{
    if (kind == TRIAGE_OTHER || kind == TRIAGE_REACTION) {
        return kind;
    }

    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (triage_json_equals(verb, verbs[i].verb)) {
            return verbs[i].kind == TRIAGE_MESSAGE ? kind : verbs[i].kind;
        }
    }

    return TRIAGE_OTHER;
}

/* The brand's own words are an echo, edited ones too; what it takes back or
 * likes answers nobody. */
static bool
can_be_echo(triage_kind_t kind)
{
    return kind != TRIAGE_OTHER && kind != TRIAGE_REACTION
           && kind != TRIAGE_DELETE;
}

static triage_kind_t
kind_of(const triage_meta_t *meta, const triage_json_t *field,
        const triage_json_t *value, triage_text_t author)
{
    triage_kind_t kind =
        triage_reader_kind(triage_json_at(value, "item"), items);

    if (triage_json_equals(field, "mention")
        && (kind == TRIAGE_COMMENT || kind == TRIAGE_MESSAGE))
    {
        kind = TRIAGE_MENTION;
    }

    kind = kind_after(kind, triage_json_at(value, "verb"));

    if (can_be_echo(kind)
        && triage_meta_is_brand(meta, author, meta->entry_id)) {
        return TRIAGE_ECHO;
    }

    return kind;
}

static void
read_author(const triage_meta_t *meta, const triage_json_t *value,
            triage_message_t *message)
{
    static const char *const ids[] = { "from.id", "sender_id", "reviewer_id",
                                       NULL };
    static const char *const names[] = { "from.name", "sender_name",
                                         "reviewer_name", NULL };

    message->author_id = triage_reader_first(meta->reader, value, ids);
    message->author_name = triage_reader_first(meta->reader, value, names);
}

static void
read_place(const triage_meta_t *meta, const triage_json_t *value,
           triage_message_t *message)
{
    static const char *const comment[] = { "comment_id", "post_id", NULL };
    static const char *const post[] = { "post_id",    "open_graph_story_id",
                                        "comment_id", "video_id",
                                        "photo_id",   NULL };
    static const char *const thread[] = { "post_id", "open_graph_story_id",
                                          NULL };
    static const char *const parent[] = { "parent_id", NULL };
    bool on_comment =
        triage_json_equals(triage_json_at(value, "item"), "comment")
        || message->kind == TRIAGE_REACTION;

    message->message_id =
        triage_reader_first(meta->reader, value, on_comment ? comment : post);
    message->thread_id = triage_reader_first(meta->reader, value, thread);
    message->parent_id = triage_reader_first(meta->reader, value, parent);

    if (triage_text_equal(message->parent_id, message->thread_id)) {
        message->parent_id = triage_no_text;
    }
}

/* Stars are given to new reviews no more: a recommendation counts as the
 * best or the worst, as in the score that Facebook shows. */
static void
read_stars(const triage_json_t *value, triage_message_t *message)
{
    const triage_json_t *type = triage_json_at(value, "recommendation_type");

    message->stars =
        triage_json_number(triage_json_at(value, "rating"), TRIAGE_UNKNOWN);

    if (message->stars < 0 && triage_json_equals(type, "POSITIVE")) {
        message->stars = 5;
    }

    if (message->stars < 0) {
        message->stars =
            triage_json_equals(type, "NEGATIVE") ? 1 : TRIAGE_UNKNOWN;
    }
}

/* A hidden comment is seen by its author and the author's friends.  What
 * `post.is_published` says is no hint: advertisements are unpublished. */
static triage_audience_t
audience_of(const triage_json_t *value)
{
    const triage_json_t *published = triage_json_at(value, "published");

    if (triage_json_is_true(triage_json_at(value, "is_hidden"))
        || triage_json_number(published, 1) == 0)
    {
        return TRIAGE_LIMITED;
    }

    return TRIAGE_PUBLIC;
}

static bool
has_media(const triage_json_t *value)
{
    return triage_json_at(value, "photo") != NULL
           || triage_json_at(value, "video") != NULL
           || triage_json_count(triage_json_at(value, "photos")) > 0;
}

/* PLATFORMS.md section 7, and what else tells two events of a second apart:
 * who reacted, and the words of an edit (whose created_time may be that of
 * the comment).  What is said for the first time is told apart by its own id
 * and time. */
static void
read_key(const triage_meta_t *meta, const triage_json_t *value,
         triage_message_t *message)
{
    triage_text_t verb =
        triage_json_text(triage_json_at(value, "verb"), meta->reader->arena);
    triage_text_t extra = triage_no_text;

    if (message->message_id.len == 0) {
        return;
    }

    if (message->kind != TRIAGE_REACTION && message->kind != TRIAGE_OTHER
        && triage_text_is(verb, "add"))
    {
        return;
    }

    if (message->kind == TRIAGE_REACTION || message->kind == TRIAGE_OTHER) {
        extra = triage_key(meta->reader->arena,
                           triage_json_text(triage_json_at(value, "item"),
                                            meta->reader->arena),
                           message->author_id);

    } else if (triage_text_is(verb, "edited") || triage_text_is(verb, "edit"))
    {
        extra = triage_key_of(message->text, meta->reader->arena);
    }

    message->event_id = triage_key(
        meta->reader->arena, message->account, message->message_id, verb,
        extra, triage_key_time(message->sent_at, meta->reader->arena));
}

/* An edit may carry the time of the comment: two edits would be equally new.
 * That of the entry is when it was told.  (The brand's own edit keeps the
 * time of its comment: it is no new answer.) */
static void
read_time(const triage_meta_t *meta, const triage_json_t *value,
          triage_message_t *message)
{
    int64_t created = triage_meta_time(triage_json_at(value, "created_time"));

    if (message->kind == TRIAGE_EDIT && meta->entry_time > created) {
        created = meta->entry_time;
    }

    if (created != TRIAGE_NO_TIME) {
        message->sent_at = created;
    }
}

static void
read_post(triage_meta_t *meta, const triage_json_t *field,
          const triage_json_t *value)
{
    static const char *const texts[] = { "message", "review_text", NULL };
    triage_message_t *message = triage_meta_add(meta);

    if (message == NULL) {
        return;
    }

    read_author(meta, value, message);
    message->kind = kind_of(meta, field, value, message->author_id);
    read_place(meta, value, message);
    message->audience = audience_of(value);
    message->has_media = has_media(value);
    read_stars(value, message);

    read_time(meta, value, message);

    if (message->kind != TRIAGE_DELETE) {
        message->text = triage_reader_first(meta->reader, value, texts);
    }

    read_key(meta, value, message);
    triage_meta_finish(meta, message);
}

static void
read_change(triage_meta_t *meta, const triage_json_t *change)
{
    const triage_json_t *field = triage_json_at(change, "field");
    bool is_known = triage_json_equals(field, "feed")
                    || triage_json_equals(field, "mention")
                    || triage_json_equals(field, "ratings");

    triage_meta_read_values(meta, change, is_known ? read_post : NULL);
}

static const triage_meta_family_t family = {
    .object = "page",
    .lists = { { "changes", read_change },
               { "messaging", triage_meta_read_messaging },
               { "standby", triage_meta_read_messaging },
               { NULL, NULL } },
};

static triage_outcome_t
facebook_parse(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena,
               triage_reading_t *reading)
{
    return triage_meta_parse(&family, delivery, source, arena, reading);
}

const triage_platform_t triage_platform_facebook = {
    .name = "facebook",
    .title = "Facebook Page and Messenger",
    .needs = TRIAGE_NEEDS_SECRET | TRIAGE_NEEDS_TOKEN,
    .success = { .status = 200 },
    .challenge = triage_meta_challenge,
    .verify = triage_meta_verify,
    .parse = facebook_parse,
    .sign = triage_meta_sign,
};
