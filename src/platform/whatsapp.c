/*
 * WhatsApp Cloud API: what customers write to a business number, what the
 * business wrote on its phone (echoes), and what became of messages.
 */
#include "platforms.h"
#include "meta.h"

/* Where the words of a message are, by its type.  Types that are not here
 * (system, unsupported, ...) are nothing that somebody said. */
static const struct {
    const char *type;
    const char *paths[3]; /* the first that is there counts */
    bool is_media;
} contents[] = {
    { "text", { "text.body" }, false },
    { "image", { "image.caption" }, true },
    { "video", { "video.caption" }, true },
    { "document", { "document.caption", "document.filename" }, true },
    { "audio", { NULL }, true },
    { "voice", { NULL }, true },
    { "sticker", { NULL }, true },
    { "button", { "button.text", "button.payload" }, false },
    { "interactive",
      { "interactive.button_reply.title", "interactive.list_reply.title",
        "interactive.nfm_reply.body" },
      false },
    { "reaction", { "reaction.emoji" }, false },
    { "location", { NULL }, false },
    { "contacts", { NULL }, false },
    { "order", { "order.text" }, false },
};

#define CONTENT_COUNT (sizeof(contents) / sizeof(contents[0]))
/* Contacts are looked through for each message: no further than this. */
#define CONTACTS_MAX 1000

/* Of the change that is being read. */
typedef struct {
    triage_meta_t *meta;
    const triage_json_t *value;
    triage_text_t account;
    bool is_echo;
} change_t;

static triage_text_t
id_at(const change_t *change, const triage_json_t *value, const char *path)
{
    return triage_reader_id(change->meta->reader, value, path);
}

static size_t
find_content(const triage_json_t *body)
{
    const triage_json_t *type = triage_json_at(body, "type");
    size_t row = 0;

    while (row < CONTENT_COUNT
           && !triage_json_equals(type, contents[row].type)) {
        row++;
    }

    return row;
}

/* "Name, Address": either may be missing. */
static triage_text_t
text_of_location(const change_t *change, const triage_json_t *body)
{
    triage_text_t parts[3] = { id_at(change, body, "location.name"),
                               triage_no_text,
                               id_at(change, body, "location.address") };

    if (parts[0].len > 0 && parts[2].len > 0) {
        parts[1] = triage_text(", ");
    }

    return parts[0].len + parts[2].len == 0
               ? triage_no_text
               : triage_arena_join(change->meta->reader->arena, parts, 3);
}

static triage_text_t
text_of_contacts(const change_t *change, const triage_json_t *body)
{
    const triage_json_t *contact =
        triage_json_item(triage_json_at(body, "contacts"), 0);

    return id_at(change, contact, "name.formatted_name");
}

/* `body` is a message, or the new content in an edit. */
static void
read_content(const change_t *change, const triage_json_t *body,
             triage_message_t *message)
{
    size_t row = find_content(body);

    if (row == CONTENT_COUNT) {
        return;
    }

    message->has_media = contents[row].is_media;

    if (triage_text_is(triage_text_of(contents[row].type), "location")) {
        message->text = text_of_location(change, body);
        return;
    }

    if (triage_text_is(triage_text_of(contents[row].type), "contacts")) {
        message->text = text_of_contacts(change, body);
        return;
    }

    for (size_t i = 0;
         i < 3 && contents[row].paths[i] != NULL && message->text.data == NULL;
         i++)
    {
        message->text =
            triage_json_text(triage_json_path(body, contents[row].paths[i]),
                             change->meta->reader->arena);
    }
}

static bool
is_contact(const triage_json_t *contact, const triage_text_t *ids)
{
    static const char *const names[] = { "wa_id", "user_id",
                                         "parent_user_id" };

    for (size_t i = 0; i < 3; i++) {
        triage_text_t id = triage_json_peek(triage_json_at(contact, names[i]));

        if (id.len > 0 && triage_text_equal(id, ids[i])) {
            return true;
        }
    }

    return false;
}

/* The author's names are beside the messages, found by number or user id. */
static void
read_names(const change_t *change, const triage_text_t *ids,
           triage_message_t *message)
{
    const triage_json_t *contacts = triage_json_at(change->value, "contacts");
    size_t count = triage_json_count(contacts);

    for (size_t i = 0; i < count && i < CONTACTS_MAX; i++) {
        const triage_json_t *contact = triage_json_item(contacts, i);

        if (is_contact(contact, ids)) {
            message->author_name = id_at(change, contact, "profile.name");
            message->author_handle =
                id_at(change, contact, "profile.username");
            return;
        }
    }
}

/* The number is absent or empty when its owner hides it. */
static triage_text_t
read_author(const change_t *change, const triage_json_t *body,
            triage_message_t *message)
{
    const triage_text_t ids[3] = {
        id_at(change, body, "from"), id_at(change, body, "from_user_id"),
        id_at(change, body, "from_parent_user_id")
    };

    message->author_id = ids[0].len > 0 ? ids[0] : ids[1];
    if (message->author_id.len == 0) {
        message->author_id = ids[2];
    }

    if (!change->is_echo) {
        read_names(change, ids, message);
    }

    return message->author_id;
}

/* The customer, or the group. */
static triage_text_t
thread_of(const change_t *change, const triage_json_t *body,
          triage_text_t author)
{
    static const char *const groups[] = { "group_id", NULL };
    static const char *const customers[] = { "group_id", "to", "to_user_id",
                                             "to_parent_user_id", NULL };
    triage_text_t thread = triage_reader_first(
        change->meta->reader, body, change->is_echo ? customers : groups);

    return thread.len > 0 || change->is_echo ? thread : author;
}

/* Edits, revokes and reactions have ids of their own and speak of another
 * message. */
static triage_kind_t
read_target(const change_t *change, const triage_json_t *body,
            triage_message_t *message)
{
    static const struct {
        const char *type;
        const char *target;
        triage_kind_t kind;
    } rows[] = {
        { "edit", "edit.original_message_id", TRIAGE_EDIT },
        { "revoke", "revoke.original_message_id", TRIAGE_DELETE },
        { "reaction", "reaction.message_id", TRIAGE_REACTION },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (triage_json_equals(triage_json_at(body, "type"), rows[i].type)) {
            triage_text_t target = id_at(change, body, rows[i].target);

            if (target.len > 0) {
                message->message_id = target;
            }
            return rows[i].kind;
        }
    }

    return find_content(body) < CONTENT_COUNT ? TRIAGE_MESSAGE : TRIAGE_OTHER;
}

static triage_message_t *
add(const change_t *change, const triage_json_t *body)
{
    triage_message_t *message = triage_meta_add(change->meta);
    int64_t time;

    if (message == NULL) {
        return NULL;
    }

    time = triage_meta_time(triage_json_at(body, "timestamp"));
    if (time != TRIAGE_NO_TIME) {
        message->sent_at = time;
    }
    if (change->account.len > 0) {
        message->account = change->account;
    }
    message->message_id = id_at(change, body, "id");

    return message;
}

static void
read_message(const change_t *change, const triage_json_t *body)
{
    static const char *const parents[] = { "context.id",
                                           "edit.message.context.id", NULL };
    triage_message_t *message = add(change, body);
    const triage_json_t *edited = triage_json_path(body, "edit.message");
    triage_arena_t *arena = change->meta->reader->arena;

    if (message == NULL) {
        return;
    }

    message->event_id =
        triage_key(arena, message->message_id,
                   triage_json_text(triage_json_at(body, "type"), arena));
    message->thread_id =
        thread_of(change, body, read_author(change, body, message));
    message->kind = read_target(change, body, message);
    message->parent_id =
        triage_reader_first(change->meta->reader, body, parents);

    if (message->kind != TRIAGE_DELETE) {
        read_content(change, edited != NULL ? edited : body, message);
    }

    if (change->is_echo
        && (message->kind == TRIAGE_MESSAGE || message->kind == TRIAGE_EDIT))
    {
        message->kind = TRIAGE_ECHO;
    }

    triage_meta_finish(change->meta, message);
}

/* What became of a message of ours: sent, delivered, read, failed. */
static void
read_status(const change_t *change, const triage_json_t *body)
{
    static const char *const customers[] = { "recipient_id",
                                             "recipient_user_id", NULL };
    triage_message_t *message = add(change, body);
    triage_arena_t *arena = change->meta->reader->arena;

    if (message == NULL) {
        return;
    }

    message->thread_id =
        triage_reader_first(change->meta->reader, body, customers);
    message->event_id =
        triage_key(arena, message->message_id,
                   triage_json_text(triage_json_at(body, "status"), arena));
    triage_meta_finish(change->meta, message);
}

static bool
read_list(change_t *change, const char *name, bool is_echo,
          void (*read)(const change_t *, const triage_json_t *))
{
    const triage_json_t *items = triage_json_at(change->value, name);
    size_t count = triage_json_count(items);

    change->is_echo = is_echo;

    for (size_t i = 0; i < count; i++) {
        const triage_json_t *item = triage_json_item(items, i);

        if (!triage_json_is_object(item)) {
            triage_meta_problem(change->meta, "a message is no object");
            continue;
        }
        read(change, item);
    }

    return items != NULL;
}

/* Whether there was a list that we know. */
static bool
read_value(triage_meta_t *meta, const triage_json_t *field,
           const triage_json_t *value)
{
    static const char *const accounts[] = { "metadata.phone_number_id",
                                            "metadata.display_phone_number",
                                            NULL };
    bool of_echoes = triage_json_equals(field, "smb_message_echoes");
    change_t change = { .meta = meta, .value = value };
    bool is_known;

    if (!of_echoes && !triage_json_equals(field, "messages")) {
        return false;
    }

    change.account = triage_reader_first(meta->reader, value, accounts);

    /* echoes were seen in `messages` too */
    is_known = read_list(&change, "message_echoes", true, read_message);
    is_known =
        read_list(&change, "messages", of_echoes, read_message) || is_known;

    return read_list(&change, "statuses", false, read_status) || is_known;
}

static void
read_change(triage_meta_t *meta, const triage_json_t *change)
{
    const triage_json_t *field = triage_json_at(change, "field");
    const triage_json_t *values = triage_json_at(change, "value");
    size_t count = triage_json_count(values);

    for (size_t i = 0; i < count; i++) {
        const triage_json_t *value = triage_json_item(values, i);

        if (!triage_json_is_object(value)) {
            triage_meta_problem(meta, "the value of a change is no object");
            continue;
        }

        if (!read_value(meta, field, value)) {
            triage_meta_add_other(
                meta, triage_json_text(field, meta->reader->arena));
        }
    }

    if (count == 0) {
        triage_meta_add_other(meta,
                              triage_json_text(field, meta->reader->arena));
    }
}

static const triage_meta_family_t family = {
    .object = "whatsapp_business_account",
    .lists = { { "changes", read_change }, { NULL, NULL } },
};

static triage_outcome_t
whatsapp_parse(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena,
               triage_reading_t *reading)
{
    return triage_meta_parse(&family, delivery, source, arena, reading);
}

const triage_platform_t triage_platform_whatsapp = {
    .name = "whatsapp",
    .title = "WhatsApp Business (Cloud API)",
    .needs = TRIAGE_NEEDS_SECRET | TRIAGE_NEEDS_TOKEN,
    .success = { .status = 200 },
    .challenge = triage_meta_challenge,
    .verify = triage_meta_verify,
    .parse = whatsapp_parse,
    .sign = triage_meta_sign,
};
