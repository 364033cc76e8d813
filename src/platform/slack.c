/*
 * Slack: messages, mentions and reactions where an app is a member (Events
 * API), and slash commands.
 */
#include "../base/markup.h"
#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"

#define TOLERANCE 300

/* Subtypes of a message that are somebody's words all the same. */
static const char *const spoken[] = { "file_share", "thread_broadcast",
                                      "me_message", "bot_message" };

static triage_text_t
at_channel(const triage_reader_t *reader, triage_text_t channel,
           triage_text_t ts)
{
    return channel.data == NULL || ts.data == NULL
               ? triage_no_text
               : triage_key(reader->arena, channel, ts);
}

/* Channels are open to the team, shared ones to two teams; the first letter
 * tells where the event does not. */
static triage_audience_t
audience_of(const triage_json_t *event, triage_text_t channel)
{
    const triage_json_t *type = triage_json_at(event, "channel_type");

    if (type != NULL) {
        return triage_json_equals(type, "channel") ? TRIAGE_LIMITED
                                                   : TRIAGE_PRIVATE;
    }

    return channel.len > 0 && channel.data[0] == 'C' ? TRIAGE_LIMITED
                                                     : TRIAGE_PRIVATE;
}

static void
read_author(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *post)
{
    message->author_id = triage_reader_id(reader, post, "user");

    if (message->author_id.data == NULL) {
        message->author_id = triage_reader_id(reader, post, "bot_id");
    }

    message->author_handle = triage_reader_text(reader, post, "username");
    message->author_name =
        triage_reader_text(reader, post, "bot_profile.name");
}

/* Each line of a direct conversation is a root of its own to Slack: there
 * the channel is the thread. */
static void
read_thread(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *post, bool is_direct)
{
    triage_text_t channel = message->thread_id;
    triage_text_t ts = triage_reader_id(reader, post, "ts");
    triage_text_t root = triage_reader_id(reader, post, "thread_ts");

    if (root.data != NULL && !triage_text_equal(root, ts)) {
        message->parent_id = at_channel(reader, channel, root);
    }

    if (root.data != NULL) {
        message->thread_id = at_channel(reader, channel, root);
    } else if (!is_direct) {
        message->thread_id = message->message_id;
    }
}

static void
read_post(const triage_reader_t *reader, triage_message_t *message,
          const triage_json_t *event, const triage_json_t *post)
{
    const triage_json_t *type = triage_json_at(event, "channel_type");
    triage_text_t text = triage_reader_text(reader, post, "text");

    message->text = triage_markup_mrkdwn(text, reader->arena);
    message->has_media = triage_json_count(triage_json_at(post, "files")) > 0;
    read_author(reader, message, post);
    read_thread(reader, message, post, triage_json_equals(type, "im"));
}

static bool
is_echo(const triage_reader_t *reader, const triage_message_t *message,
        const triage_json_t *envelope, const triage_json_t *post)
{
    triage_text_t app =
        triage_json_peek(triage_json_path(post, "bot_profile.app_id"));

    if (triage_json_equals(triage_json_at(post, "subtype"), "bot_message")
        || triage_reader_is_brand(reader, message->author_id))
    {
        return true;
    }

    return app.len > 0
           && triage_text_equal(
               app, triage_json_peek(triage_json_at(envelope, "api_app_id")));
}

static bool
is_spoken(const triage_json_t *subtype)
{
    if (subtype == NULL) {
        return true;
    }

    for (size_t i = 0; i < sizeof(spoken) / sizeof(spoken[0]); i++) {
        if (triage_json_equals(subtype, spoken[i])) {
            return true;
        }
    }

    return false;
}

/* The same post comes as `message` and as `app_mention` where both are
 * subscribed, with two event_ids: its place is the key. */
static void
read_new(const triage_reader_t *reader, triage_message_t *message,
         const triage_json_t *envelope, const triage_json_t *event)
{
    bool is_mention =
        triage_json_equals(triage_json_at(event, "type"), "app_mention");

    message->event_id = message->message_id;
    read_post(reader, message, event, event);

    if (!is_spoken(triage_json_at(event, "subtype"))) {
        message->event_id =
            triage_key(reader->arena, message->message_id,
                       triage_reader_id(reader, event, "subtype"));
        return;
    }

    if (is_echo(reader, message, envelope, event)) {
        message->kind = TRIAGE_ECHO;
        return;
    }

    message->kind = is_mention ? TRIAGE_MENTION : TRIAGE_MESSAGE;
}

/* message_changed comes for an unfolded link too: the words tell.  A thread
 * whose root is deleted leaves a tombstone, and `previous_message` may be an
 * empty array. */
static triage_kind_t
kind_of_change(const triage_json_t *event)
{
    const triage_json_t *now = triage_json_path(event, "message.text");
    const triage_json_t *before =
        triage_json_path(event, "previous_message.text");

    if (triage_json_equals(triage_json_path(event, "message.subtype"),
                           "tombstone"))
    {
        return TRIAGE_DELETE;
    }

    return before != NULL
                   && triage_text_equal(triage_json_peek(now),
                                        triage_json_peek(before))
               ? TRIAGE_OTHER
               : TRIAGE_EDIT;
}

static void
read_change(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *envelope, const triage_json_t *event)
{
    const triage_json_t *post = triage_json_at(event, "message");

    message->kind = kind_of_change(event);
    read_post(reader, message, event, post);

    if (message->kind != TRIAGE_EDIT) {
        message->text = triage_no_text;
    } else if (is_echo(reader, message, envelope, post)) {
        message->kind = TRIAGE_ECHO;
    }
}

static void
read_deletion(const triage_reader_t *reader, triage_message_t *message,
              const triage_json_t *event)
{
    const triage_json_t *post = triage_json_at(event, "previous_message");

    message->kind = TRIAGE_DELETE;
    read_post(reader, message, event, post);
    message->text = triage_no_text;
}

/* Names the message that an event speaks of; false when it speaks of none.
 * Until read_thread the thread is the channel. */
static bool
read_place(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *event, const char *channel_path,
           const char *ts_path)
{
    triage_text_t channel = triage_reader_id(reader, event, channel_path);
    triage_text_t ts = triage_reader_id(reader, event, ts_path);
    triage_text_t id = at_channel(reader, channel, ts);
    int64_t sent_at =
        triage_time_of_seconds(triage_json_at(event, "event_ts"));

    if (id.data == NULL) {
        return false;
    }

    message->sent_at =
        sent_at == TRIAGE_NO_TIME
            ? triage_time_of_seconds(triage_json_path(event, ts_path))
            : sent_at;
    message->audience = audience_of(event, channel);
    message->message_id = id;
    message->thread_id = channel;
    message->event_id = triage_key(
        reader->arena, id, triage_reader_id(reader, event, "subtype"),
        triage_reader_id(reader, event, "event_ts"));
    return true;
}

static void
read_message(const triage_reader_t *reader, triage_message_t *message,
             const triage_json_t *envelope, const triage_json_t *event)
{
    const triage_json_t *subtype = triage_json_at(event, "subtype");

    if (triage_json_equals(subtype, "message_changed")) {
        if (read_place(reader, message, event, "channel", "message.ts")) {
            read_change(reader, message, envelope, event);
        }
    } else if (triage_json_equals(subtype, "message_deleted")) {
        if (read_place(reader, message, event, "channel", "deleted_ts")) {
            read_deletion(reader, message, event);
        }
    } else if (read_place(reader, message, event, "channel", "ts")) {
        read_new(reader, message, envelope, event);
    }
}

static void
read_reaction(const triage_reader_t *reader, triage_message_t *message,
              const triage_json_t *event)
{
    if (!read_place(reader, message, event, "item.channel", "item.ts")) {
        return;
    }

    message->kind = TRIAGE_REACTION;
    message->thread_id = triage_no_text;
    message->author_id = triage_reader_id(reader, event, "user");
    message->event_id =
        triage_key(reader->arena, triage_reader_id(reader, event, "type"),
                   message->message_id, message->author_id,
                   triage_reader_id(reader, event, "reaction"),
                   triage_reader_id(reader, event, "event_ts"));

    if (triage_json_equals(triage_json_at(event, "type"), "reaction_added")) {
        message->text = triage_reader_text(reader, event, "reaction");
    }
}

static void
read_event(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *envelope)
{
    const triage_json_t *event = triage_json_at(envelope, "event");
    const triage_json_t *type = triage_json_at(event, "type");

    if (triage_json_equals(type, "message")
        || triage_json_equals(type, "app_mention"))
    {
        read_message(reader, message, envelope, event);
    } else if (triage_json_equals(type, "reaction_added")
               || triage_json_equals(type, "reaction_removed"))
    {
        read_reaction(reader, message, event);
    }
}

static triage_outcome_t
answer_challenge(const triage_reader_t *reader, const triage_json_t *envelope)
{
    triage_text_t challenge =
        triage_reader_text(reader, envelope, "challenge");

    if (challenge.len == 0) {
        return triage_fail(TRIAGE_MALFORMED, "a check without a challenge");
    }

    reader->reading->reply = (triage_reply_t){
        .status = 200,
        .content_type = triage_text("text/plain"),
        .body = challenge,
    };

    return triage_fail(TRIAGE_ANSWERED, "the URL was checked");
}

static triage_text_t
account_of(const triage_reader_t *reader, triage_text_t team,
           triage_text_t app)
{
    triage_text_t account = triage_key(reader->arena, team, app);

    return account.data == NULL ? reader->source->account : account;
}

static triage_outcome_t
read_envelope(const triage_reader_t *reader, const triage_json_t *envelope)
{
    const triage_json_t *type = triage_json_at(envelope, "type");
    triage_message_t *message;
    triage_text_t id;

    if (triage_json_equals(type, "url_verification")) {
        return answer_challenge(reader, envelope);
    }

    message = triage_reader_add(reader);
    if (message == NULL) {
        return triage_ok();
    }

    id = triage_reader_id(reader, envelope, "event_id");
    message->message_id = id.data == NULL ? triage_reader_digest(reader) : id;
    message->event_id = message->message_id;
    message->account =
        account_of(reader, triage_reader_id(reader, envelope, "team_id"),
                   triage_reader_id(reader, envelope, "api_app_id"));
    message->sent_at =
        triage_time_of_seconds(triage_json_at(envelope, "event_time"));

    if (triage_json_equals(type, "event_callback")) {
        read_event(reader, message, envelope);
    }

    return triage_ok();
}

/* What a person typed behind a slash; only the person sees it. */
static void
read_command(const triage_reader_t *reader, triage_message_t *message,
             const triage_form_t *form)
{
    triage_text_t text = triage_form_text(form, "text", reader->arena);

    message->kind = TRIAGE_MESSAGE;
    message->text =
        text.len > 0 ? text : triage_form_text(form, "command", reader->arena);
    message->thread_id = triage_form_text(form, "channel_id", reader->arena);
    message->author_id = triage_form_text(form, "user_id", reader->arena);
    message->author_handle =
        triage_form_text(form, "user_name", reader->arena);
    message->account =
        account_of(reader, triage_form_text(form, "team_id", reader->arena),
                   triage_form_text(form, "api_app_id", reader->arena));
}

/* Slash commands and pressed buttons come as a form. */
static triage_outcome_t
read_form(const triage_reader_t *reader)
{
    triage_form_t form;
    triage_message_t *message;
    triage_text_t id;

    if (!triage_form_read(reader->delivery->body, reader->arena, &form)
        || (triage_form_get(&form, "command").data == NULL
            && triage_form_get(&form, "payload").data == NULL))
    {
        return triage_fail(TRIAGE_MALFORMED, "neither JSON nor a command");
    }

    message = triage_reader_add(reader);
    if (message == NULL) {
        return triage_ok();
    }

    id = triage_form_text(&form, "trigger_id", reader->arena);
    message->message_id = id.len > 0 ? id : triage_reader_digest(reader);

    if (triage_form_get(&form, "command").data != NULL) {
        read_command(reader, message, &form);
    }

    return triage_ok();
}

static triage_outcome_t
slack_parse(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };
    triage_text_t body = triage_text_trim(delivery->body);

    /* a form starts with a name, JSON with a bracket or a byte order mark */
    if (body.len > 0
        && ((body.data[0] >= 'a' && body.data[0] <= 'z')
            || (body.data[0] >= 'A' && body.data[0] <= 'Z')))
    {
        return read_form(&reader);
    }

    return triage_reader_open(&reader, read_envelope);
}

static triage_outcome_t
slack_verify(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena)
{
    const triage_text_t scheme = triage_text("v0=");
    triage_text_t value =
        triage_delivery_header(delivery, "X-Slack-Signature");
    triage_text_t time =
        triage_delivery_header(delivery, "X-Slack-Request-Timestamp");
    triage_text_t parts[] = { triage_text("v0:"), time, triage_text(":"),
                              delivery->body };
    int64_t signed_at = triage_time_from_seconds(time);

    (void) arena;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (!triage_text_starts(value, scheme) || signed_at == TRIAGE_NO_TIME) {
        return triage_fail(TRIAGE_FORGED, "no v0 signature with a time");
    }

    value.data += scheme.len;
    value.len -= scheme.len;

    if (!triage_keyring_signed(source->secrets, TRIAGE_SHA256, parts, 4,
                               TRIAGE_HEX, value))
    {
        return triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return triage_hub_check_age(delivery, source, TOLERANCE, signed_at);
}

static triage_outcome_t
slack_sign(const triage_delivery_t *delivery, const triage_source_t *source,
           triage_arena_t *arena, triage_signing_t *signing)
{
    triage_text_t time =
        triage_arena_number(arena, delivery->received_at / TRIAGE_SECOND);
    triage_text_t parts[] = { triage_text("v0:"), time, triage_text(":"),
                              delivery->body };
    triage_text_t value[] = {
        triage_text("v0="),
        triage_hub_mac(source, TRIAGE_SHA256, TRIAGE_HEX, parts, 4, arena),
    };

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    triage_signing_add(signing, triage_text("X-Slack-Request-Timestamp"),
                       time);
    triage_signing_add(signing, triage_text("X-Slack-Signature"),
                       triage_arena_join(arena, value, 2));

    return value[1].data == NULL || arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to sign")
               : triage_ok();
}

const triage_platform_t triage_platform_slack = {
    .name = "slack",
    .title = "Slack",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = slack_verify,
    .parse = slack_parse,
    .sign = slack_sign,
};
