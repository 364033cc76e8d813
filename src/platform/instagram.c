/*
 * Instagram: comments, mentions and direct messages of a professional
 * account.
 */
#include "platforms.h"
#include "meta_messaging.h"

static const triage_kind_row_t kinds[] = {
    { "comments", TRIAGE_COMMENT },
    { "live_comments", TRIAGE_COMMENT },
    { "mentions", TRIAGE_MENTION },
    { NULL, TRIAGE_OTHER },
};

static bool
is_by_brand(const triage_meta_t *meta, const triage_json_t *value,
            const triage_message_t *message)
{
    return triage_json_path(value, "from.self_ig_scoped_id") != NULL
           || triage_meta_is_brand(meta, message->author_id, meta->entry_id)
           || triage_keyring_has(meta->reader->source->brand_ids,
                                 message->author_handle);
}

static void
read_comment(triage_meta_t *meta, const triage_json_t *field,
             const triage_json_t *value)
{
    static const char *const media[] = { "media.id", "media_id", NULL };
    static const char *const ids[] = { "id", "comment_id", "media.id",
                                       "media_id", NULL };
    const triage_reader_t *reader = meta->reader;
    triage_message_t *message = triage_meta_add(meta);

    if (message == NULL) {
        return;
    }

    message->kind = triage_reader_kind(field, kinds);
    message->audience = TRIAGE_PUBLIC;
    message->thread_id = triage_reader_first(reader, value, media);
    message->message_id = triage_reader_first(reader, value, ids);
    message->parent_id = triage_reader_id(reader, value, "parent_id");
    message->author_id = triage_reader_id(reader, value, "from.id");
    message->author_handle = triage_reader_id(reader, value, "from.username");
    message->text =
        triage_json_text(triage_json_at(value, "text"), meta->reader->arena);
    /* a mention is ids only: somebody must ask for the words */
    message->needs_fetch =
        message->kind == TRIAGE_MENTION && message->text.data == NULL;

    if (is_by_brand(meta, value, message)) {
        message->kind = TRIAGE_ECHO;
    }

    /* two accounts of one brand can be named in one comment */
    if (message->message_id.len > 0) {
        message->event_id = triage_key(
            meta->reader->arena, message->account, message->message_id,
            triage_json_text(field, meta->reader->arena));
    }

    triage_meta_finish(meta, message);
}

static void
read_change(triage_meta_t *meta, const triage_json_t *change)
{
    bool is_known = triage_reader_kind(triage_json_at(change, "field"), kinds)
                    != TRIAGE_OTHER;

    triage_meta_read_values(meta, change, is_known ? read_comment : NULL);
}

static const triage_meta_family_t family = {
    .object = "instagram",
    .lists = { { "changes", read_change },
               { "messaging", triage_meta_read_messaging },
               { "standby", triage_meta_read_messaging },
               { NULL, NULL } },
};

static triage_outcome_t
instagram_parse(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena,
                triage_reading_t *reading)
{
    return triage_meta_parse(&family, delivery, source, arena, reading);
}

const triage_platform_t triage_platform_instagram = {
    .name = "instagram",
    .title = "Instagram comments and direct messages",
    .needs = TRIAGE_NEEDS_SECRET | TRIAGE_NEEDS_TOKEN,
    .success = { .status = 200 },
    .challenge = triage_meta_challenge,
    .verify = triage_meta_verify,
    .parse = instagram_parse,
    .sign = triage_meta_sign,
};
