/*
 * Instagram: comments, mentions and direct messages of a professional
 * account.
 */
#include "platforms.h"
#include "meta_messaging.h"

static const struct {
    const char *field;
    triage_kind_t kind;
    bool needs_fetch; /* ids only: somebody must ask for the words */
} fields[] = {
    { "comments", TRIAGE_COMMENT, false },
    { "live_comments", TRIAGE_COMMENT, false },
    { "mentions", TRIAGE_MENTION, true },
};

#define FIELD_COUNT (sizeof(fields) / sizeof(fields[0]))

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
read_comment(triage_meta_t *meta, size_t row, const triage_json_t *value)
{
    static const char *const media[] = { "media.id", "media_id", NULL };
    static const char *const ids[] = { "id", "comment_id", "media.id",
                                       "media_id", NULL };
    const triage_reader_t *reader = meta->reader;
    triage_message_t *message = triage_meta_add(meta);

    if (message == NULL) {
        return;
    }

    message->kind = fields[row].kind;
    message->audience = TRIAGE_PUBLIC;
    message->thread_id = triage_reader_first(reader, value, media);
    message->message_id = triage_reader_first(reader, value, ids);
    message->parent_id = triage_reader_id(reader, value, "parent_id");
    message->author_id = triage_reader_id(reader, value, "from.id");
    message->author_handle = triage_reader_id(reader, value, "from.username");
    message->text =
        triage_json_text(triage_json_at(value, "text"), meta->reader->arena);
    message->needs_fetch =
        fields[row].needs_fetch && message->text.data == NULL;

    if (is_by_brand(meta, value, message)) {
        message->kind = TRIAGE_ECHO;
    }

    /* two accounts of one brand can be named in one comment */
    if (message->message_id.len > 0) {
        message->event_id =
            triage_key(meta->reader->arena, message->account,
                       message->message_id, triage_text_of(fields[row].field));
    }

    triage_meta_finish(meta, message);
}

static void
read_change(triage_meta_t *meta, const triage_json_t *change)
{
    const triage_json_t *field = triage_json_at(change, "field");
    const triage_json_t *values = triage_json_at(change, "value");
    size_t count = triage_json_count(values);
    size_t row = 0;

    while (row < FIELD_COUNT && !triage_json_equals(field, fields[row].field))
    {
        row++;
    }

    if (row == FIELD_COUNT || count == 0) {
        triage_meta_add_other(meta,
                              triage_json_text(field, meta->reader->arena));
        return;
    }

    for (size_t i = 0; i < count; i++) {
        const triage_json_t *value = triage_json_item(values, i);

        if (!triage_json_is_object(value)) {
            triage_meta_problem(meta, "the value of a change is no object");
            continue;
        }
        read_comment(meta, row, value);
    }
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
