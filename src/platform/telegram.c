/*
 * Telegram: what people write to a bot, in its groups and channels, and in
 * business chats.  A token in a header; the body is not signed.
 */
#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"

/* The members that an update can have; one of them is there.  Bot API,
 * "Update". */
static const struct {
    const char *name;
    triage_kind_t kind;
} members[] = {
    { "message", TRIAGE_MESSAGE },
    { "edited_message", TRIAGE_EDIT },
    { "channel_post", TRIAGE_MESSAGE },
    { "edited_channel_post", TRIAGE_EDIT },
    { "business_message", TRIAGE_MESSAGE },
    { "edited_business_message", TRIAGE_EDIT },
    { "guest_message", TRIAGE_MESSAGE },
};

/* What a person can put into a message beside words.  A message that has
 * neither is a notice: somebody joined, a message was pinned. */
static const struct {
    const char *name;
    bool is_media;
} contents[] = {
    { "photo", true },      { "video", true },      { "animation", true },
    { "audio", true },      { "voice", true },      { "video_note", true },
    { "document", true },   { "sticker", true },    { "story", true },
    { "paid_media", true }, { "contact", false },   { "location", false },
    { "venue", false },     { "poll", false },      { "dice", false },
    { "game", false },      { "checklist", false },
};

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

/* A message_id is unique only inside its chat. */
static triage_text_t
id_in_chat(const triage_reader_t *reader, const triage_json_t *chat,
           const triage_json_t *id)
{
    triage_text_t chat_id = triage_reader_id(reader, chat, "id");
    triage_text_t number = triage_json_id(id, reader->arena);

    return chat_id.data == NULL || number.data == NULL
               ? triage_no_text
               : triage_key(reader->arena, chat_id, number);
}

static triage_audience_t
audience_of(const triage_json_t *chat)
{
    if (triage_json_equals(triage_json_at(chat, "type"), "private")
        || !triage_json_is_object(chat))
    {
        return TRIAGE_PRIVATE;
    }

    return triage_json_peek(triage_json_at(chat, "username")).len > 0
               ? TRIAGE_PUBLIC
               : TRIAGE_LIMITED;
}

static triage_text_t
name_of(const triage_reader_t *reader, const triage_json_t *person)
{
    triage_text_t first = triage_reader_text(reader, person, "first_name");
    triage_text_t last = triage_reader_text(reader, person, "last_name");

    if (first.len == 0 || last.len == 0) {
        return first.len > 0 ? first : last;
    }

    return triage_arena_join(
        reader->arena, (triage_text_t[]){ first, triage_text(" "), last }, 3);
}

/* A person, or the chat in whose name somebody speaks. */
static void
read_author(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *person, const triage_json_t *chat)
{
    bool is_chat = triage_json_is_object(chat);
    const triage_json_t *author = is_chat ? chat : person;

    message->author_id = triage_reader_id(reader, author, "id");
    message->author_name = is_chat ? triage_reader_text(reader, chat, "title")
                                   : name_of(reader, person);
    message->author_handle = triage_reader_text(reader, author, "username");
}

/* Reads where and when; false when the message cannot be named. */
static bool
read_place(const triage_reader_t *reader, triage_message_t *message,
           const triage_json_t *object)
{
    const triage_json_t *chat = triage_json_at(object, "chat");
    triage_text_t id =
        id_in_chat(reader, chat, triage_json_at(object, "message_id"));
    triage_text_t connection =
        triage_reader_id(reader, object, "business_connection_id");

    message->audience = audience_of(chat);
    message->sent_at = triage_time_of_seconds(triage_json_at(object, "date"));
    message->thread_id =
        triage_key(reader->arena, triage_reader_id(reader, chat, "id"),
                   triage_reader_id(reader, object, "message_thread_id"));

    if (connection.data != NULL) {
        message->account = connection;
    }

    if (id.data == NULL) {
        return false;
    }

    message->message_id = id;
    return true;
}

/* In a private chat the customer's id is the id of the chat. */
static bool
is_echo(const triage_reader_t *reader, const triage_message_t *message,
        const triage_json_t *object)
{
    triage_text_t via = triage_reader_id(reader, object, "via_bot.id");
    triage_text_t chat = triage_reader_id(reader, object, "chat.id");

    if (triage_reader_is_brand(reader, message->author_id)
        || triage_reader_is_brand(reader, via)
        || triage_json_at(object, "sender_business_bot") != NULL
        || triage_json_is_true(triage_json_at(object, "is_automatic_forward"))
        || triage_json_is_true(triage_json_path(object, "from.is_bot")))
    {
        return true;
    }

    return triage_json_at(object, "business_connection_id") != NULL
           && message->author_id.data != NULL
           && !triage_text_equal(message->author_id, chat);
}

static bool
read_contents(const triage_reader_t *reader, triage_message_t *message,
              const triage_json_t *object)
{
    bool is_something;

    message->text = triage_reader_text(reader, object, "text");

    if (message->text.data == NULL) {
        message->text = triage_reader_text(reader, object, "caption");
    }

    is_something = message->text.data != NULL;

    for (size_t i = 0; i < COUNT_OF(contents); i++) {
        if (triage_json_at(object, contents[i].name) != NULL) {
            is_something = true;
            message->has_media |= contents[i].is_media;
        }
    }

    return is_something;
}

static void
read_message(const triage_reader_t *reader, triage_message_t *message,
             const triage_json_t *object, triage_kind_t kind)
{
    const triage_json_t *chat = triage_json_at(object, "chat");

    if (!read_place(reader, message, object)) {
        reader->reading->problem = "a message without an id";
        return;
    }

    read_author(reader, message, triage_json_at(object, "from"),
                triage_json_at(object, "sender_chat"));

    message->parent_id = id_in_chat(
        reader, chat, triage_json_path(object, "reply_to_message.message_id"));

    if (kind == TRIAGE_EDIT) {
        int64_t edited_at =
            triage_time_of_seconds(triage_json_at(object, "edit_date"));

        message->sent_at =
            edited_at == TRIAGE_NO_TIME ? message->sent_at : edited_at;
    }

    if (!read_contents(reader, message, object)) {
        return;
    }

    message->kind = is_echo(reader, message, object) ? TRIAGE_ECHO : kind;
}

/* A button was pressed: said by the person, under a message of the bot. */
static void
read_callback(const triage_reader_t *reader, triage_message_t *message,
              const triage_json_t *object)
{
    const triage_json_t *button = triage_json_at(object, "message");
    triage_text_t id = triage_reader_id(reader, object, "id");

    if (triage_json_is_object(button) && read_place(reader, message, button)) {
        message->parent_id = message->message_id;
    }

    /* the time of the button, not of the press */
    message->sent_at = TRIAGE_NO_TIME;

    if (id.data == NULL) {
        reader->reading->problem = "a callback without an id";
        return;
    }

    message->message_id = id;
    message->text = triage_reader_text(reader, object, "data");
    message->kind = TRIAGE_MESSAGE;
    read_author(reader, message, triage_json_at(object, "from"), NULL);
}

/* Without a new reaction the old one was taken back. */
static void
read_reaction(const triage_reader_t *reader, triage_message_t *message,
              const triage_json_t *object)
{
    const triage_json_t *reactions = triage_json_at(object, "new_reaction");

    if (!read_place(reader, message, object)) {
        reader->reading->problem = "a reaction to nothing";
        return;
    }

    message->kind = TRIAGE_REACTION;
    message->text =
        triage_reader_text(reader, triage_json_item(reactions, 0), "emoji");
    read_author(reader, message, triage_json_at(object, "user"),
                triage_json_at(object, "actor_chat"));
}

/* One update takes back several messages of a business chat. */
static void
read_deletes(const triage_reader_t *reader, const triage_json_t *object,
             triage_text_t update_id)
{
    const triage_json_t *chat = triage_json_at(object, "chat");
    const triage_json_t *ids = triage_json_at(object, "message_ids");

    for (size_t i = 0; i < triage_json_count(ids); i++) {
        triage_text_t id = id_in_chat(reader, chat, triage_json_item(ids, i));
        triage_message_t *message =
            id.data == NULL ? NULL : triage_reader_add(reader);

        if (message == NULL) {
            reader->reading->problem = "a deletion without an id";
            continue;
        }

        (void) read_place(reader, message, object);
        message->kind = TRIAGE_DELETE;
        message->message_id = id;
        message->event_id = triage_key(reader->arena, update_id, id);
    }
}

static void
read_member(const triage_reader_t *reader, const triage_json_t *update,
            triage_message_t *message)
{
    const triage_json_t *callback = triage_json_at(update, "callback_query");
    const triage_json_t *reaction = triage_json_at(update, "message_reaction");

    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const triage_json_t *object = triage_json_at(update, members[i].name);

        if (triage_json_is_object(object)) {
            read_message(reader, message, object, members[i].kind);
            return;
        }
    }

    if (triage_json_is_object(callback)) {
        read_callback(reader, message, callback);
    } else if (triage_json_is_object(reaction)) {
        read_reaction(reader, message, reaction);
    }
}

static triage_outcome_t
read_update(const triage_reader_t *reader, const triage_json_t *update)
{
    const triage_json_t *deletes =
        triage_json_at(update, "deleted_business_messages");
    triage_text_t id = triage_reader_id(reader, update, "update_id");
    triage_message_t *message;

    if (id.data == NULL) {
        return triage_fail(TRIAGE_MALFORMED, "an update without an id");
    }

    if (triage_json_is_object(deletes)) {
        read_deletes(reader, deletes, id);
        return triage_ok();
    }

    message = triage_reader_add(reader);
    if (message != NULL) {
        message->event_id = message->message_id = id;
        read_member(reader, update, message);
    }

    return triage_ok();
}

static triage_outcome_t
telegram_verify(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena)
{
    triage_text_t token =
        triage_delivery_header(delivery, "X-Telegram-Bot-Api-Secret-Token");

    (void) arena;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (token.len == 0) {
        return triage_fail(TRIAGE_FORGED, "no token");
    }

    return triage_keyring_has(source->secrets, token)
               ? triage_ok()
               : triage_fail(TRIAGE_FORGED, "wrong token");
}

static triage_outcome_t
telegram_parse(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena,
               triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_update);
}

static triage_outcome_t
telegram_sign(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_signing_t *signing)
{
    (void) delivery;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    triage_signing_add(
        signing, triage_text("X-Telegram-Bot-Api-Secret-Token"),
        triage_arena_copy(arena, triage_keyring_key(source->secrets, 0)));

    return triage_ok();
}

const triage_platform_t triage_platform_telegram = {
    .name = "telegram",
    .title = "Telegram",
    .needs = TRIAGE_NEEDS_SECRET | TRIAGE_NEEDS_ACCOUNT,
    .success = { .status = 200 },
    .verify = telegram_verify,
    .parse = telegram_parse,
    .sign = telegram_sign,
};
