/*
 * Mastodon: statuses of one's own server, by the webhooks of its
 * administrators.
 */
#include "hub.h"
#include "platforms.h"
#include "reader.h"

/* Not sha1, and not the -256 name that Meta uses. */
static const triage_hub_t hub = {
    TRIAGE_TEXT("X-Hub-Signature"),
    TRIAGE_TEXT("sha256="),
    TRIAGE_SHA256,
    TRIAGE_HEX,
};

static bool
is_one_of_ours(const triage_reader_t *reader, const triage_json_t *account)
{
    return triage_reader_is_brand(reader,
                                  triage_reader_id(reader, account, "id"))
           || triage_reader_is_brand(
               reader, triage_reader_text(reader, account, "acct"));
}

/* The account of the brand that a status names; NULL when it names none. */
static const triage_json_t *
find_mention(const triage_reader_t *reader, const triage_json_t *status)
{
    const triage_json_t *mentions = triage_json_at(status, "mentions");

    for (size_t i = 0; i < triage_json_count(mentions); i++) {
        const triage_json_t *mention = triage_json_item(mentions, i);

        if (is_one_of_ours(reader, mention)) {
            return mention;
        }
    }

    return NULL;
}

static triage_audience_t
audience_of(const triage_json_t *status)
{
    const triage_json_t *visibility = triage_json_at(status, "visibility");

    return triage_json_equals(visibility, "public")
                   || triage_json_equals(visibility, "unlisted")
               ? TRIAGE_PUBLIC
               : TRIAGE_PRIVATE;
}

/* Statuses of the brand's own server are spoken in its own house: one that
 * names nobody is a comment all the same. */
static triage_kind_t
kind_of(const triage_reader_t *reader, const triage_json_t *status,
        bool is_update, bool names_us)
{
    bool is_reply =
        triage_json_is_string(triage_json_at(status, "in_reply_to_id"));

    if (is_one_of_ours(reader, triage_json_at(status, "account"))) {
        return TRIAGE_ECHO;
    }

    if (is_update) {
        return TRIAGE_EDIT;
    }

    if (triage_json_is_object(triage_json_at(status, "reblog"))) {
        return TRIAGE_OTHER;
    }

    if (triage_json_equals(triage_json_at(status, "visibility"), "direct")) {
        return TRIAGE_MESSAGE;
    }

    return names_us && !is_reply ? TRIAGE_MENTION : TRIAGE_COMMENT;
}

static void
read_author(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *account)
{
    message->author_id = triage_reader_id(reader, account, "id");
    message->author_name = triage_reader_text(reader, account, "display_name");
    message->author_handle = triage_reader_text(reader, account, "acct");
    message->author_followers =
        triage_reader_count(account, "followers_count");
    message->author_posts = triage_reader_count(account, "statuses_count");
}

/* A content warning is the author's word too: it stands before the rest. */
static triage_text_t
read_words(const triage_reader_t *reader, const triage_json_t *status)
{
    triage_text_t parts[3] = {
        triage_reader_text(reader, status, "spoiler_text"), triage_text("\n"),
        triage_reader_html(reader, status, "content")
    };

    return parts[0].len == 0 ? parts[2]
                             : triage_arena_join(reader->arena, parts, 3);
}

static void
read_status(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *status, bool is_update)
{
    const triage_json_t *mention = find_mention(reader, status);

    message->kind = kind_of(reader, status, is_update, mention != NULL);
    message->audience = audience_of(status);
    message->text = read_words(reader, status);
    message->parent_id = triage_reader_id(reader, status, "in_reply_to_id");
    message->thread_id =
        message->parent_id.data ? message->parent_id : message->message_id;
    message->language = triage_reader_id(reader, status, "language");
    message->likes = triage_reader_count(status, "favourites_count");
    message->replies = triage_reader_count(status, "replies_count");
    message->shares = triage_reader_count(status, "reblogs_count");
    message->has_media =
        triage_json_count(triage_json_at(status, "media_attachments")) > 0;
    read_author(reader, message, triage_json_at(status, "account"));

    if (message->account.data == NULL) {
        message->account = triage_reader_text(
            reader,
            message->kind == TRIAGE_ECHO ? triage_json_at(status, "account")
                                         : mention,
            "acct");
    }
}

static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *event)
{
    const triage_json_t *name = triage_json_at(event, "event");
    const triage_json_t *object = triage_json_at(event, "object");
    bool is_update = triage_json_equals(name, "status.updated");
    bool is_status = is_update || triage_json_equals(name, "status.created");
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t id, changed_at;

    if (message == NULL) {
        return triage_ok();
    }

    /* of accounts and reports only the ids: they carry e-mail and IP
     * addresses, which are nobody's business here */
    id = triage_reader_id(reader, object, "id");
    changed_at = triage_reader_id(reader, object,
                                  is_status ? "edited_at" : "updated_at");
    message->event_id = triage_key(
        reader->arena, triage_json_text(name, reader->arena), id, changed_at);
    message->message_id = id.data ? id : triage_reader_digest(reader);
    message->sent_at = triage_reader_iso(
        object, is_update && changed_at.data ? "edited_at" : "created_at");

    if (message->sent_at == TRIAGE_NO_TIME) {
        message->sent_at = triage_reader_iso(event, "created_at");
    }

    if (is_status) {
        read_status(reader, message, object, is_update);
    }

    return triage_ok();
}

static triage_outcome_t
mastodon_verify(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena)
{
    (void) arena;

    return triage_hub_verify(&hub, delivery, source);
}

static triage_outcome_t
mastodon_parse(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena,
               triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_event);
}

static triage_outcome_t
mastodon_sign(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_signing_t *signing)
{
    return triage_hub_sign(&hub, delivery, source, arena, signing);
}

const triage_platform_t triage_platform_mastodon = {
    .name = "mastodon",
    .title = "Mastodon",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = mastodon_verify,
    .parse = mastodon_parse,
    .sign = mastodon_sign,
};
