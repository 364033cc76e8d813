/*
 * Microsoft Teams: what people write to a bot.  A token (JWT) of the Bot
 * Framework, which has to fit the body that it does not sign.
 */
#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"
#include "token.h"

/* The clock skew that Microsoft's own libraries allow, in seconds. */
#define SKEW 300

static const triage_text_t issuer =
    TRIAGE_TEXT("https://api.botframework.com");

static const triage_kind_row_t kinds[] = {
    { "message", TRIAGE_MESSAGE },
    { "messageUpdate", TRIAGE_EDIT },
    { "messageDelete", TRIAGE_DELETE },
    { "messageReaction", TRIAGE_REACTION },
    { NULL, TRIAGE_OTHER },
};

/* The id of a post in a channel: behind ";messageid=" of the conversation. */
static triage_text_t
root_of(triage_text_t conversation)
{
    const triage_text_t mark = TRIAGE_TEXT(";messageid=");
    const char *found = triage_text_find(conversation, mark);

    return found == NULL
               ? triage_no_text
               : (triage_text_t){ found + mark.len,
                                  (size_t) (conversation.data
                                            + conversation.len - found)
                                      - mark.len };
}

static triage_audience_t
audience_of(const triage_json_t *activity, triage_text_t conversation)
{
    const triage_json_t *type =
        triage_json_path(activity, "conversation.conversationType");

    if (type == NULL) {
        return root_of(conversation).len > 0 ? TRIAGE_LIMITED : TRIAGE_PRIVATE;
    }

    return triage_json_equals(type, "channel") ? TRIAGE_LIMITED
                                               : TRIAGE_PRIVATE;
}

/* "<at>Ann</at> hello" is "Ann hello"; all other text is as it was typed. */
static triage_text_t
strip_mentions(triage_text_t text, triage_arena_t *arena)
{
    static const triage_text_t open = TRIAGE_TEXT("<at");
    static const triage_text_t close = TRIAGE_TEXT("</at>");
    char *out;
    size_t len = 0;

    if (text.data == NULL) {
        return text;
    }

    out = triage_arena_bytes(arena, text.len + 1);
    if (out == NULL) {
        return triage_no_text;
    }

    while (text.len > 0) {
        bool is_open =
            triage_text_starts(text, open) && text.len > open.len
            && (text.data[open.len] == '>' || text.data[open.len] == ' ');

        if (is_open || triage_text_starts(text, close)) {
            (void) triage_text_until(&text, '>');
            continue;
        }

        out[len++] = *text.data++;
        text.len--;
    }

    return triage_text_trim((triage_text_t){ out, len });
}

/* Teams adds the words once more, as an attachment of HTML. */
static bool
has_media(const triage_json_t *activity)
{
    const triage_json_t *attachments = triage_json_at(activity, "attachments");

    for (size_t i = 0; i < triage_json_count(attachments); i++) {
        if (!triage_json_equals(
                triage_json_at(triage_json_item(attachments, i),
                               "contentType"),
                "text/html"))
        {
            return true;
        }
    }

    return false;
}

static bool
names_us(const triage_reader_t *reader, const triage_json_t *activity)
{
    const triage_json_t *entities = triage_json_at(activity, "entities");
    triage_text_t us = triage_reader_id(reader, activity, "recipient.id");

    for (size_t i = 0; us.data != NULL && i < triage_json_count(entities); i++)
    {
        const triage_json_t *id =
            triage_json_path(triage_json_item(entities, i), "mentioned.id");

        if (triage_text_equal(triage_json_peek(id), us)) {
            return true;
        }
    }

    return false;
}

static bool
is_echo(const triage_reader_t *reader, const triage_message_t *message,
        const triage_json_t *activity)
{
    return triage_reader_is_brand(reader, message->author_id)
           || triage_reader_is_brand(
               reader, triage_reader_id(reader, activity, "from.aadObjectId"))
           || triage_json_equals(triage_json_path(activity, "from.role"),
                                 "bot");
}

static void
read_words(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *activity)
{
    message->has_media = has_media(activity);

    if (message->kind != TRIAGE_DELETE) {
        message->text = strip_mentions(
            triage_reader_text(reader, activity, "text"), reader->arena);
    }

    if (message->kind != TRIAGE_DELETE && is_echo(reader, message, activity)) {
        message->kind = TRIAGE_ECHO;
    } else if (message->kind == TRIAGE_MESSAGE
               && message->audience == TRIAGE_LIMITED
               && names_us(reader, activity))
    {
        message->kind = TRIAGE_MENTION;
    }
}

/* A reaction is on the message that it replies to. */
static void
read_reaction(const triage_reader_t *reader, triage_message_t *message,
              const triage_json_t *activity)
{
    const triage_json_t *added = triage_json_at(activity, "reactionsAdded");
    triage_text_t target = triage_reader_id(reader, activity, "replyToId");

    if (target.data == NULL) {
        message->kind = TRIAGE_OTHER;
        return;
    }

    message->message_id = target;
    message->parent_id = triage_no_text;
    message->text =
        triage_reader_text(reader, triage_json_item(added, 0), "type");
}

static void
read_place(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *activity)
{
    triage_text_t conversation =
        triage_reader_id(reader, activity, "conversation.id");
    triage_text_t account = triage_key(
        reader->arena, triage_reader_id(reader, activity, "recipient.id"),
        triage_reader_id(reader, activity, "channelData.tenant.id"));
    triage_text_t root = root_of(conversation);

    message->thread_id = conversation;
    message->audience = audience_of(activity, conversation);
    message->account = account.data == NULL ? message->account : account;
    message->author_id = triage_reader_id(reader, activity, "from.id");
    message->author_name = triage_reader_text(reader, activity, "from.name");
    message->sent_at = triage_reader_iso(activity, "timestamp");
    message->parent_id = triage_reader_id(reader, activity, "replyToId");

    if (message->parent_id.data == NULL && root.len > 0
        && !triage_text_equal(root, message->message_id))
    {
        message->parent_id = root;
    }
}

static void
read_kind(const triage_reader_t *reader, triage_message_t *message,
          const triage_json_t *activity)
{
    const triage_json_t *type = triage_json_at(activity, "type");
    bool is_message = triage_json_equals(type, "message");

    message->kind = triage_reader_kind(type, kinds);

    if (!is_message) {
        message->event_id =
            triage_key(reader->arena, message->message_id,
                       triage_json_id(type, reader->arena),
                       triage_reader_id(reader, activity, "replyToId"),
                       message->author_id,
                       triage_reader_id(reader, activity, "timestamp"));
    }

    if (message->kind == TRIAGE_REACTION) {
        read_reaction(reader, message, activity);
    } else if (message->kind != TRIAGE_OTHER) {
        read_words(reader, message, activity);
    }
}

static triage_outcome_t
read_activity(const triage_reader_t *reader, const triage_json_t *activity)
{
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t id = triage_reader_id(reader, activity, "id");

    if (message == NULL) {
        return triage_ok();
    }

    message->message_id = id.data == NULL ? triage_reader_digest(reader) : id;
    read_place(reader, message, activity);
    read_kind(reader, message, activity);

    /* an invoke waits for a body */
    if (triage_json_equals(triage_json_at(activity, "type"), "invoke")) {
        reader->reading->reply = (triage_reply_t){
            .status = 200,
            .content_type = triage_text("application/json"),
            .body = triage_text("{}"),
        };
    }

    return triage_ok();
}

/* Keys say for which channels they vouch. */
static bool
is_endorsed(const triage_jwt_key_t *key, const triage_json_t *activity)
{
    triage_text_t channel =
        triage_json_peek(triage_json_at(activity, "channelId"));

    for (size_t i = 0; i < key->endorsement_count; i++) {
        if (triage_text_equal(key->endorsements[i], channel)) {
            return true;
        }
    }

    return key->endorsements == NULL;
}

/* The token does not cover the body; its claim `serviceurl` is what ties
 * the two together. */
static triage_outcome_t
check_activity(const triage_delivery_t *delivery, const triage_jwt_t *token)
{
    const char *why;
    triage_json_t *activity = triage_json_open(delivery->body, &why);
    triage_text_t wanted =
        triage_json_peek(triage_json_at(token->payload, "serviceurl"));
    bool is_theirs, has_endorsement;

    if (activity == NULL) {
        return triage_ok();
    }

    is_theirs =
        wanted.len > 0
        && triage_text_equal(
            triage_json_peek(triage_json_at(activity, "serviceUrl")), wanted);
    has_endorsement = is_endorsed(token->key, activity);
    triage_json_close(activity);

    if (!is_theirs) {
        return triage_fail(TRIAGE_FORGED, "token for another service URL");
    }

    return has_endorsement
               ? triage_ok()
               : triage_fail(TRIAGE_FORGED, "key not endorsed for a channel");
}

static triage_outcome_t
teams_verify(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena)
{
    triage_text_t bearer =
        triage_jwt_bearer(triage_delivery_header(delivery, "Authorization"));
    triage_jwt_options_t options = { 0 };
    triage_outcome_t outcome;
    triage_jwt_t token;

    if (source->options == NULL) {
        return triage_fail(TRIAGE_FORGED, "no key set to check with");
    }

    options = *(const triage_jwt_options_t *) source->options;

    if (options.issuer.data == NULL) {
        options.issuer = issuer;
    }

    outcome = triage_jwt_check(
        bearer, &options, delivery->received_at,
        source->tolerance > 0 ? source->tolerance : SKEW, arena, &token);
    if (outcome.code != TRIAGE_OK) {
        return outcome;
    }

    outcome = check_activity(delivery, &token);
    triage_jwt_close(&token);
    return outcome;
}

static triage_outcome_t
teams_parse(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_activity);
}

static triage_outcome_t
teams_sign(const triage_delivery_t *delivery, const triage_source_t *source,
           triage_arena_t *arena, triage_signing_t *signing)
{
    const triage_jwt_options_t *options = source->options;
    triage_json_t *activity;
    triage_text_t value;
    const char *why;

    if (options == NULL || options->signer.data == NULL) {
        return triage_fail(TRIAGE_DENIED, "no private key to sign with");
    }

    activity = triage_json_open(delivery->body, &why);
    value = triage_jwt_authorization(
        options, options->issuer.data == NULL ? issuer : options->issuer,
        delivery->received_at, "serviceurl",
        triage_json_peek(triage_json_at(activity, "serviceUrl")), arena);
    triage_json_close(activity);
    triage_signing_add(signing, triage_text("Authorization"), value);

    return value.data == NULL
               ? triage_fail(TRIAGE_DENIED, "the private key cannot be read")
               : triage_ok();
}

const triage_platform_t triage_platform_teams = {
    .name = "teams",
    .title = "Microsoft Teams",
    .needs = TRIAGE_NEEDS_OPTIONS,
    .success = { .status = 200 },
    .verify = teams_verify,
    .parse = teams_parse,
    .sign = teams_sign,
    .options = &triage_token_options,
};
