#include "../base/markup.h"
#include "custom_value.h"
#include "platforms.h"

static int64_t
read_time(const triage_custom_scope_t *scope)
{
    triage_custom_found_t found =
        triage_custom_find(scope, &scope->custom->sent_at);

    switch (scope->custom->sent_at_clock) {
    case TRIAGE_CUSTOM_SECONDS:
        return found.json ? triage_time_of_seconds(found.json)
                          : triage_time_from_seconds(found.text);
    case TRIAGE_CUSTOM_MILLISECONDS:
        return found.json ? triage_time_of_milliseconds(found.json)
                          : triage_time_from_milliseconds(found.text);
    default:
        return triage_time_from_iso(
            triage_custom_name(scope, &scope->custom->sent_at));
    }
}

/* "en-GB" and "en_US" are "en"; what is no code is left out. */
static triage_text_t
read_language(const triage_custom_scope_t *scope)
{
    triage_text_t tag = triage_custom_id(scope, &scope->custom->language);
    triage_text_t code = triage_text_until(&tag, '-');

    code = triage_text_until(&code, '_');

    return code.len == 2 ? code : triage_no_text;
}

static triage_text_t
read_words(const triage_custom_scope_t *scope)
{
    triage_arena_t *arena = scope->reader->arena;
    triage_text_t text =
        triage_custom_text(scope, &scope->custom->text, triage_text("\n"));

    switch (scope->custom->text_markup) {
    case TRIAGE_CUSTOM_HTML:
        return triage_markup_strip(text, arena);
    case TRIAGE_CUSTOM_ESCAPED:
        return triage_markup_unescape(text, arena);
    default:
        return text;
    }
}

/* A vendor's word that nobody told us of is `unknown`. */
static unsigned
choose(const triage_custom_scope_t *scope,
       const triage_custom_choice_t *choice, unsigned unknown)
{
    triage_text_t vendors = triage_custom_id(scope, &choice->value);
    unsigned ours = unknown;

    if (choice->value.count == 0) {
        return choice->otherwise;
    }

    for (const triage_custom_word_t *word = choice->words; word != NULL;
         word = word->next)
    {
        if (triage_text_equal(word->vendors, vendors)) {
            return word->ours;
        }

        if (triage_text_is(word->vendors, "*")) {
            ours = word->ours;
        }
    }

    return ours;
}

static triage_kind_t
read_kind(const triage_custom_scope_t *scope)
{
    const triage_custom_choice_t *choice = &scope->custom->kind;
    triage_kind_t kind;

    if (choice->value.count > 0 && choice->words == NULL
        && triage_kind_from(triage_custom_id(scope, &choice->value), &kind))
    {
        return kind;
    }

    return (triage_kind_t) choose(scope, choice, TRIAGE_OTHER);
}

static triage_audience_t
read_audience(const triage_custom_scope_t *scope)
{
    const triage_custom_choice_t *choice = &scope->custom->audience;
    triage_audience_t audience;

    if (choice->value.count > 0 && choice->words == NULL
        && triage_audience_from(triage_custom_id(scope, &choice->value),
                                &audience))
    {
        return audience;
    }

    return (triage_audience_t) choose(scope, choice, TRIAGE_PRIVATE);
}

static void
read_author(const triage_custom_scope_t *scope, triage_message_t *message)
{
    const triage_custom_t *custom = scope->custom;

    message->author_id = triage_custom_id(scope, &custom->author_id);
    message->author_name = triage_custom_name(scope, &custom->author_name);
    message->author_handle = triage_custom_id(scope, &custom->author_handle);
    message->author_followers =
        triage_custom_count(scope, &custom->author_followers);
    message->author_posts = triage_custom_count(scope, &custom->author_posts);
    message->author_verified =
        triage_custom_verdict(scope, &custom->author_verified);
}

/* What has no id gets one that is the same in each redelivery. */
static triage_text_t
make_id(const triage_custom_scope_t *scope, const triage_message_t *message)
{
    triage_arena_t *arena = scope->reader->arena;

    if (message->text.len == 0 && message->sent_at == TRIAGE_NO_TIME) {
        return triage_reader_digest(scope->reader);
    }

    return triage_key(arena, triage_key_of(message->text, arena),
                      message->author_id,
                      triage_key_time(message->sent_at, arena));
}

/* What happens to a message later must not be taken for the message. */
static triage_text_t
make_event_id(const triage_custom_scope_t *scope,
              const triage_message_t *message)
{
    triage_arena_t *arena = scope->reader->arena;

    if (triage_kind_is_scored(message->kind) && message->kind != TRIAGE_EDIT) {
        return triage_no_text;
    }

    return triage_key(arena, message->message_id,
                      triage_text_of(triage_kind_name(message->kind)),
                      triage_key_time(message->sent_at, arena),
                      triage_key_of(message->text, arena));
}

static void
read_identity(const triage_custom_scope_t *scope, triage_message_t *message)
{
    const triage_custom_t *custom = scope->custom;
    triage_text_t account = triage_custom_id(scope, &custom->account);

    message->account = account.len > 0 ? account : message->account;
    message->message_id = triage_custom_id(scope, &custom->message_id);
    message->parent_id = triage_custom_id(scope, &custom->parent_id);
    message->thread_id = triage_custom_id(scope, &custom->thread_id);
    message->event_id = triage_custom_id(scope, &custom->event_id);

    if (triage_text_is(message->parent_id, "0")) { /* databases' "none" */
        message->parent_id = triage_no_text;
    }

    if (message->message_id.len == 0) {
        message->message_id = make_id(scope, message);
    }

    if (message->thread_id.len == 0) {
        message->thread_id = message->parent_id.len > 0 ? message->parent_id
                                                        : message->message_id;
    }

    if (message->event_id.len == 0) {
        message->event_id = make_event_id(scope, message);
    }
}

static bool
is_by_the_brand(const triage_custom_scope_t *scope,
                const triage_message_t *message)
{
    return message->kind != TRIAGE_DELETE && message->kind != TRIAGE_REACTION
           && message->kind != TRIAGE_OTHER
           && (triage_reader_is_brand(scope->reader, message->author_id)
               || triage_reader_is_brand(scope->reader,
                                         message->author_handle));
}

static void
read_item(const triage_custom_scope_t *scope)
{
    const triage_custom_t *custom = scope->custom;
    triage_message_t *message = triage_reader_add(scope->reader);

    if (message == NULL) {
        return;
    }

    message->kind = read_kind(scope);
    message->audience = read_audience(scope);
    message->sent_at = read_time(scope);
    read_author(scope, message);

    if (is_by_the_brand(scope, message)) {
        message->kind = TRIAGE_ECHO;
    }

    if (message->kind != TRIAGE_DELETE) {
        message->text = read_words(scope);
    }

    read_identity(scope, message);
    message->language = read_language(scope);
    message->likes = triage_custom_count(scope, &custom->likes);
    message->replies = triage_custom_count(scope, &custom->replies);
    message->shares = triage_custom_count(scope, &custom->shares);
    message->stars = triage_custom_count(scope, &custom->stars);
    message->has_media = triage_custom_flag(scope, &custom->has_media);
    message->needs_fetch = custom->needs_fetch;
}

/* A delivery without the list is one that the options do not know. */
static void
add_unknown(const triage_reader_t *reader)
{
    triage_message_t *message = triage_reader_add(reader);

    if (message != NULL) {
        message->message_id = triage_reader_digest(reader);
    }
}

static void
read_items(triage_custom_scope_t *scope)
{
    const triage_json_t *items;

    if (scope->custom->items.len == 0) {
        scope->item = scope->root;
        read_item(scope);
        return;
    }

    items = triage_json_pointer(scope->root, scope->custom->items);

    if (items == NULL) {
        add_unknown(scope->reader);
        return;
    }

    for (size_t i = 0; i < triage_json_count(items); i++) {
        scope->item = triage_json_item(items, i);

        if (triage_json_is_object(scope->item)
            || triage_json_is_array(scope->item)) {
            read_item(scope);

        } else {
            scope->reader->reading->problem = "an item that is no object";
        }
    }
}

static triage_outcome_t
read_json(triage_custom_scope_t *scope, triage_text_t text)
{
    const char *why = NULL;
    triage_json_t *document = triage_json_open(text, &why);

    if (document == NULL) {
        return (triage_outcome_t){ TRIAGE_MALFORMED, why };
    }

    scope->root = document;
    read_items(scope);
    triage_json_close(document);

    return triage_ok();
}

static triage_outcome_t
read_form(triage_custom_scope_t *scope)
{
    const triage_reader_t *reader = scope->reader;

    if (!triage_form_read(reader->delivery->body, reader->arena, &scope->form))
    {
        reader->reading->problem = "a form with too many fields";
    }

    if (scope->custom->json_field.len > 0) {
        return read_json(
            scope,
            triage_form_get(&scope->form, scope->custom->json_field.data));
    }

    if (scope->form.count == 0) {
        return triage_fail(TRIAGE_MALFORMED, "a form without fields");
    }

    read_item(scope);

    return triage_ok();
}

static triage_outcome_t
custom_parse(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };
    triage_custom_scope_t scope = { .reader = &reader,
                                    .custom = source->options };
    triage_outcome_t outcome;

    if (scope.custom == NULL) {
        return triage_fail(TRIAGE_MALFORMED, "no options to read it with");
    }

    reading->reply = scope.custom->success;
    outcome = scope.custom->is_form ? read_form(&scope)
                                    : read_json(&scope, delivery->body);

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to read a delivery")
               : outcome;
}

/* Some vendors ask once whether the URL is ours: with a GET whose argument
 * has to come back, that is all. */
static triage_outcome_t
custom_challenge(const triage_delivery_t *delivery,
                 const triage_source_t *source, triage_arena_t *arena,
                 triage_reply_t *reply)
{
    const triage_custom_t *custom = source->options;
    triage_text_t challenge, token;

    if (custom == NULL || !custom->challenge.is_set
        || !triage_text_is(delivery->method, "GET"))
    {
        return triage_fail(TRIAGE_IGNORED, "not a check of the endpoint");
    }

    challenge = triage_custom_mark_read(&custom->challenge, delivery, arena);
    token = triage_custom_mark_read(&custom->challenge_token, delivery, arena);

    if (challenge.len == 0) {
        return triage_fail(TRIAGE_DENIED, "no challenge");
    }

    if (custom->challenge_token.is_set
        && (source->tokens == NULL
            || !triage_keyring_has(source->tokens, token)))
    {
        return triage_fail(TRIAGE_DENIED, "wrong token");
    }

    *reply = (triage_reply_t){
        .status = 200,
        .content_type = triage_text("text/plain"),
        .body = challenge,
    };

    return triage_fail(TRIAGE_ANSWERED, "a check of the endpoint");
}

/* The name of header `*i` of a value; else *i is less by those there are. */
static const char *
value_reads(const triage_custom_value_t *value, size_t *i)
{
    for (size_t choice = 0; choice < value->count; choice++) {
        const triage_custom_sum_t *sum = &value->choices[choice];

        for (size_t place = 0; place < sum->count; place++) {
            if (sum->places[place].where == TRIAGE_CUSTOM_HEADER
                && (*i)-- == 0) {
                return sum->places[place].what.data;
            }
        }
    }

    return NULL;
}

static const char *
custom_reads(const triage_source_t *source, size_t i)
{
    const triage_custom_t *custom = source->options;
    const triage_custom_value_t *values[] = {
        &custom->account,       &custom->message_id,
        &custom->event_id,      &custom->thread_id,
        &custom->parent_id,     &custom->author_id,
        &custom->author_name,   &custom->author_handle,
        &custom->text,          &custom->language,
        &custom->sent_at,       &custom->author_followers,
        &custom->author_posts,  &custom->author_verified,
        &custom->likes,         &custom->replies,
        &custom->shares,        &custom->stars,
        &custom->has_media,     &custom->kind.value,
        &custom->audience.value
    };
    const char *name = NULL;

    for (size_t v = 0; v < sizeof(values) / sizeof(values[0]); v++) {
        name = value_reads(values[v], &i);
        if (name != NULL) {
            break;
        }
    }

    return name;
}

const triage_platform_t triage_platform_custom = {
    .name = "custom",
    .title = "Any other vendor, described by options",
    .needs = TRIAGE_NEEDS_OPTIONS,
    .success = { .status = 200 },
    .challenge = custom_challenge,
    .verify = triage_custom_verify,
    .parse = custom_parse,
    .sign = triage_custom_sign,
    .options = &triage_custom_options,
    .reads = custom_reads,
};
