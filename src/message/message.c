#include "message.h"

#include "../base/digest.h"

static const char *const kinds[] = {
    [TRIAGE_MESSAGE] = "message",   [TRIAGE_COMMENT] = "comment",
    [TRIAGE_MENTION] = "mention",   [TRIAGE_REVIEW] = "review",
    [TRIAGE_EDIT] = "edit",         [TRIAGE_DELETE] = "delete",
    [TRIAGE_REACTION] = "reaction", [TRIAGE_ECHO] = "echo",
    [TRIAGE_OTHER] = "other",
};

static const char *const audiences[] = {
    [TRIAGE_PUBLIC] = "public",
    [TRIAGE_LIMITED] = "limited",
    [TRIAGE_PRIVATE] = "private",
};

_Static_assert(sizeof(kinds) / sizeof(kinds[0]) == TRIAGE_KIND_COUNT,
               "each kind has a name");
_Static_assert(sizeof(audiences) / sizeof(audiences[0])
                   == TRIAGE_AUDIENCE_COUNT,
               "each audience has a name");

void
triage_messages_init(triage_messages_t *messages)
{
    messages->first = NULL;
    messages->last = &messages->first;
    messages->count = 0;
}

void
triage_message_init(triage_message_t *message)
{
    *message = (triage_message_t){
        .kind = TRIAGE_OTHER,
        .audience = TRIAGE_PRIVATE,
        .author_followers = TRIAGE_UNKNOWN,
        .author_posts = TRIAGE_UNKNOWN,
        .author_verified = TRIAGE_UNKNOWN,
        .likes = TRIAGE_UNKNOWN,
        .replies = TRIAGE_UNKNOWN,
        .shares = TRIAGE_UNKNOWN,
        .stars = TRIAGE_UNKNOWN,
        .sent_at = TRIAGE_NO_TIME,
    };
}

triage_message_t *
triage_messages_add(triage_messages_t *messages, triage_arena_t *arena)
{
    triage_message_t *message = triage_arena_zero(arena, sizeof(*message));

    if (message == NULL) {
        return NULL;
    }

    triage_message_init(message);

    *messages->last = message;
    messages->last = &message->next;
    messages->count++;

    return message;
}

const char *
triage_kind_name(triage_kind_t kind)
{
    return kinds[kind];
}

const char *
triage_audience_name(triage_audience_t audience)
{
    return audiences[audience];
}

bool
triage_kind_from(triage_text_t name, triage_kind_t *kind)
{
    for (unsigned i = 0; i < TRIAGE_KIND_COUNT; i++) {
        if (triage_text_is(name, kinds[i])) {
            *kind = (triage_kind_t) i;
            return true;
        }
    }

    return false;
}

bool
triage_audience_from(triage_text_t name, triage_audience_t *audience)
{
    for (unsigned i = 0; i < TRIAGE_AUDIENCE_COUNT; i++) {
        if (triage_text_is(name, audiences[i])) {
            *audience = (triage_audience_t) i;
            return true;
        }
    }

    return false;
}

bool
triage_kind_is_scored(triage_kind_t kind)
{
    return kind <= TRIAGE_EDIT;
}

#define DIGEST_LEN 16
#define DIGEST_HEX_LEN (DIGEST_LEN * 2)

/* No character is cut in two. */
static triage_text_t
beginning_of(triage_text_t id)
{
    const char *end = id.data + TRIAGE_ID_MAX - DIGEST_HEX_LEN - 1;
    const char *next = id.data;
    unsigned len = triage_utf8_length(next, end);

    while (len > 0) {
        next += len;
        len = triage_utf8_length(next, end);
    }

    return (triage_text_t){ id.data, (size_t) (next - id.data) };
}

static triage_text_t
bounded(triage_text_t id, triage_arena_t *arena)
{
    uint8_t digest[TRIAGE_DIGEST_MAX];
    triage_text_t parts[3] = { triage_no_text, TRIAGE_TEXT(":"),
                               triage_no_text };

    if (id.len <= TRIAGE_ID_MAX) {
        return id;
    }

    if (triage_digest(TRIAGE_SHA256, &id, 1, digest) == 0) {
        arena->has_failed = true;
        return triage_no_text;
    }

    parts[0] = beginning_of(id);
    parts[2] = triage_hex_encode(digest, DIGEST_LEN, arena);

    return triage_arena_join(arena, parts, 3);
}

void
triage_message_bound(triage_message_t *message, triage_arena_t *arena)
{
    message->account = bounded(message->account, arena);
    message->message_id = bounded(message->message_id, arena);
    message->event_id = bounded(message->event_id, arena);
    message->thread_id = bounded(message->thread_id, arena);
    message->parent_id = bounded(message->parent_id, arena);
    message->author_id = bounded(message->author_id, arena);
    message->author_handle = bounded(message->author_handle, arena);
}

static void
write_count(triage_writer_t *writer, const char *name, int64_t count)
{
    triage_write_name(writer, name);

    if (count == TRIAGE_UNKNOWN) {
        triage_write_null(writer);
        return;
    }

    triage_write_number(writer, count);
}

static void
write_field(triage_writer_t *writer, const char *name, triage_text_t text)
{
    triage_write_name(writer, name);
    triage_write_text(writer, text);
}

void
triage_engagement_write(const triage_message_t *message,
                        triage_writer_t *writer)
{
    const struct {
        const char *name;
        int64_t count;
    } counts[] = {
        { "likes", message->likes },
        { "replies", message->replies },
        { "shares", message->shares },
        { "stars", message->stars },
    };
    bool is_open = false;

    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        if (counts[i].count == TRIAGE_UNKNOWN) {
            continue;
        }

        if (!is_open) {
            triage_write_open(writer, '{');
            is_open = true;
        }
        write_count(writer, counts[i].name, counts[i].count);
    }

    if (is_open) {
        triage_write_close(writer, '}');
        return;
    }

    triage_write_null(writer);
}

void
triage_message_write(const triage_message_t *message, triage_text_t platform,
                     triage_text_t brand, triage_writer_t *writer)
{
    triage_write_open(writer, '{');
    write_field(writer, "platform", platform);
    write_field(writer, "brand", brand);
    write_field(writer, "account", message->account);
    write_field(writer, "message_id", message->message_id);
    write_field(writer, "event_id", message->event_id);
    write_field(writer, "thread_id", message->thread_id);
    write_field(writer, "parent_id", message->parent_id);
    write_field(writer, "author_id", message->author_id);
    write_field(writer, "author_name", message->author_name);
    write_field(writer, "author_handle", message->author_handle);
    write_count(writer, "author_followers", message->author_followers);
    write_count(writer, "author_posts", message->author_posts);

    triage_write_name(writer, "author_verified");
    if (message->author_verified == TRIAGE_UNKNOWN) {
        triage_write_null(writer);
    } else {
        triage_write_bool(writer, message->author_verified != 0);
    }

    triage_write_name(writer, "kind");
    triage_write_string(writer, kinds[message->kind]);
    triage_write_name(writer, "audience");
    triage_write_string(writer, audiences[message->audience]);
    write_field(writer, "text", message->text);

    triage_write_name(writer, "engagement");
    triage_engagement_write(message, writer);
    triage_write_name(writer, "has_media");
    triage_write_bool(writer, message->has_media);
    triage_write_name(writer, "needs_fetch");
    triage_write_bool(writer, message->needs_fetch);

    write_field(writer, "language", message->language);
    triage_write_name(writer, "sent_at");
    triage_write_time(writer, message->sent_at);
    triage_write_close(writer, '}');
}
