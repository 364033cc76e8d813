#include "meta_messaging.h"

/* What an item may be, told by the member that it has; the first counts. */
static const struct {
    const char *member;
    triage_kind_t kind;
    const char *text; /* a path in the member; NULL: nothing was said */
    const char *or_text;
} events[] = {
    { "message_edit", TRIAGE_EDIT, "text", NULL },
    { "message", TRIAGE_MESSAGE, "text", "quick_reply.payload" },
    { "reaction", TRIAGE_REACTION, NULL, NULL },
    { "postback", TRIAGE_MESSAGE, "title", "payload" },
    { "read", TRIAGE_OTHER, NULL, NULL },
    { "delivery", TRIAGE_OTHER, NULL, NULL },
    { "optin", TRIAGE_OTHER, NULL, NULL },
    { "referral", TRIAGE_OTHER, NULL, NULL },
    { "account_linking", TRIAGE_OTHER, NULL, NULL },
    { "pass_thread_control", TRIAGE_OTHER, NULL, NULL },
    { "take_thread_control", TRIAGE_OTHER, NULL, NULL },
    { "request_thread_control", TRIAGE_OTHER, NULL, NULL },
    { "app_roles", TRIAGE_OTHER, NULL, NULL },
    { "policy-enforcement", TRIAGE_OTHER, NULL, NULL },
    { "policy_enforcement", TRIAGE_OTHER, NULL, NULL },
    { "story_insights", TRIAGE_OTHER, NULL, NULL },
    { "event", TRIAGE_OTHER, NULL, NULL }, /* none of them */
};

#define EVENT_COUNT (sizeof(events) / sizeof(events[0]))

static size_t
find_event(const triage_json_t *item)
{
    size_t i = 0;

    while (i < EVENT_COUNT - 1
           && triage_json_at(item, events[i].member) == NULL) {
        i++;
    }

    return i;
}

/* `is_echo` is the rule; the brand's id is what reactions, edits and
 * Instagram's messages to oneself leave us. */
static bool
is_by_brand(const triage_meta_t *meta, const triage_json_t *item,
            const triage_json_t *event, triage_text_t sender)
{
    return triage_json_is_true(triage_json_at(event, "is_echo"))
           || triage_json_is_true(triage_json_at(item, "is_self"))
           || triage_meta_is_brand(meta, sender, meta->entry_id);
}

/* The author is who sent it, the thread is the customer, the account is the
 * other side. */
static void
read_people(triage_meta_t *meta, const triage_json_t *item, bool *by_brand,
            const triage_json_t *event, triage_message_t *message)
{
    triage_text_t sender = triage_json_id(triage_json_path(item, "sender.id"),
                                          meta->reader->arena);
    triage_text_t recipient = triage_json_id(
        triage_json_path(item, "recipient.id"), meta->reader->arena);
    triage_text_t account;

    *by_brand = is_by_brand(meta, item, event, sender);

    account = *by_brand ? sender : recipient;
    message->author_id = sender;
    message->thread_id = *by_brand ? recipient : sender;

    if (account.len > 0) {
        message->account = account;
    }
}

static triage_kind_t
kind_of(triage_kind_t kind, const triage_json_t *event, bool by_brand)
{
    if (triage_json_is_true(triage_json_at(event, "is_deleted"))) {
        return TRIAGE_DELETE;
    }

    if (by_brand && (kind == TRIAGE_MESSAGE || kind == TRIAGE_EDIT)) {
        return TRIAGE_ECHO;
    }

    return kind;
}

static triage_text_t
text_of(const triage_json_t *event, const char *path, const char *or_path,
        triage_arena_t *arena)
{
    triage_text_t text = triage_no_text;

    if (path != NULL) {
        text = triage_json_text(triage_json_path(event, path), arena);
    }

    if (text.len == 0 && or_path != NULL) {
        triage_text_t other =
            triage_json_text(triage_json_path(event, or_path), arena);

        return other.len > 0 ? other : text;
    }

    return text;
}

/* A reply is to a message, or to a story (Instagram). */
static triage_text_t
parent_of(const triage_json_t *event, triage_arena_t *arena)
{
    static const char *const paths[] = { "reply_to.mid", "reply_to.story.id",
                                         "reply_to.story.url" };
    triage_text_t parent = triage_no_text;

    for (size_t i = 0; i < 3 && parent.len == 0; i++) {
        parent = triage_json_id(triage_json_path(event, paths[i]), arena);
    }

    return parent;
}

static triage_text_t
mid_of(const triage_json_t *event, triage_arena_t *arena)
{
    triage_text_t mid = triage_json_id(triage_json_at(event, "mid"), arena);

    if (mid.len > 0) {
        return mid;
    }

    return triage_json_id(triage_json_item(triage_json_at(event, "mids"), 0),
                          arena);
}

/* A mid occurs again in edits, reactions and receipts, so it is no key of
 * its own; an item without one is told by who, what and when. */
static void
read_keys(triage_meta_t *meta, const char *member, const triage_json_t *event,
          triage_message_t *message)
{
    triage_text_t name = triage_text_of(
        message->kind == TRIAGE_OTHER || message->kind == TRIAGE_MESSAGE
            ? member
            : triage_kind_name(message->kind));

    message->message_id = mid_of(event, meta->reader->arena);

    if (message->message_id.len > 0) {
        message->event_id =
            triage_key(meta->reader->arena, message->message_id, name);
        return;
    }

    message->message_id = triage_key(
        meta->reader->arena, name, message->author_id, message->thread_id,
        triage_key_time(message->sent_at, meta->reader->arena));
}

static void
read_time(const triage_json_t *item, triage_message_t *message)
{
    int64_t time = triage_meta_time(triage_json_at(item, "timestamp"));

    if (time != TRIAGE_NO_TIME) {
        message->sent_at = time;
    }
}

void
triage_meta_read_messaging(triage_meta_t *meta, const triage_json_t *item)
{
    size_t row = find_event(item);
    const triage_json_t *event = triage_json_at(item, events[row].member);
    triage_message_t *message = triage_meta_add(meta);
    bool by_brand;

    if (message == NULL) {
        return;
    }

    read_time(item, message);
    read_people(meta, item, &by_brand, event, message);

    message->kind = kind_of(events[row].kind, event, by_brand);
    message->audience = TRIAGE_PRIVATE;

    if (message->kind != TRIAGE_DELETE) {
        message->text = text_of(event, events[row].text, events[row].or_text,
                                meta->reader->arena);
    }

    message->parent_id = parent_of(event, meta->reader->arena);
    message->has_media =
        triage_json_count(triage_json_at(event, "attachments")) > 0
        || triage_json_at(event, "sticker_id") != NULL;

    read_keys(meta, events[row].member, event, message);
    triage_meta_finish(meta, message);
}
