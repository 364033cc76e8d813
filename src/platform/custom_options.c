/*
 * The options of `custom`: their names, and what reads each of them.
 */
#include <stddef.h>

#include "custom_setters.h"

typedef struct {
    const char *name;
    triage_custom_set_pt set;
    size_t offset;
} setting_t;

#define AT(field) offsetof(triage_custom_t, field)
#define VALUE(field)                                                          \
    {                                                                         \
#field, triage_custom_set_value, AT(field)                            \
    }

static const setting_t settings[] = {
    { "signature", triage_custom_set_scheme, AT(signature) },
    { "signature_from", triage_custom_set_mark, AT(signature.signature) },
    { "signature_part", triage_custom_set_text, AT(signature.signature.part) },
    { "signature_prefix", triage_custom_set_text, AT(signature.prefix) },
    { "signature_encoding", triage_custom_set_encoding,
      AT(signature.encoding) },
    { "signed", triage_custom_set_signed, AT(signature) },
    { "timestamp_from", triage_custom_set_mark, AT(signature.timestamp) },
    { "timestamp_part", triage_custom_set_text, AT(signature.timestamp.part) },
    { "timestamp_time", triage_custom_set_clock,
      AT(signature.timestamp_clock) },
    { "id_from", triage_custom_set_mark, AT(signature.id) },
    { "challenge_from", triage_custom_set_argument, AT(challenge) },
    { "challenge_token_from", triage_custom_set_argument,
      AT(challenge_token) },
    { "body", triage_custom_set_body, 0 },
    { "items", triage_custom_set_pointer, AT(items) },
    VALUE(account),
    VALUE(message_id),
    VALUE(event_id),
    VALUE(thread_id),
    VALUE(parent_id),
    VALUE(author_id),
    VALUE(author_name),
    VALUE(author_handle),
    VALUE(author_followers),
    VALUE(author_posts),
    VALUE(author_verified),
    VALUE(text),
    { "text_markup", triage_custom_set_markup, AT(text_markup) },
    VALUE(language),
    VALUE(sent_at),
    { "sent_at_time", triage_custom_set_clock, AT(sent_at_clock) },
    { "kind", triage_custom_set_kind, AT(kind) },
    { "kind_map", triage_custom_set_kind_map, AT(kind) },
    { "audience", triage_custom_set_audience, 0 },
    { "audience_map", triage_custom_set_audience_map, AT(audience) },
    VALUE(likes),
    VALUE(replies),
    VALUE(shares),
    VALUE(stars),
    VALUE(has_media),
    { "needs_fetch", triage_custom_set_flag, AT(needs_fetch) },
    { "success", triage_custom_set_status, AT(success.status) },
    { "success_type", triage_custom_set_text, AT(success.content_type) },
    { "success_body", triage_custom_set_text, AT(success.body) },
};

#define SETTING_COUNT (sizeof(settings) / sizeof(settings[0]))

static void *
open_options(triage_arena_t *arena)
{
    triage_custom_t *custom = triage_arena_zero(arena, sizeof(*custom));

    if (custom != NULL) {
        custom->signature.timestamp_clock = TRIAGE_CUSTOM_SECONDS;
        custom->kind.otherwise = TRIAGE_MESSAGE;
        custom->audience.otherwise = TRIAGE_PRIVATE;
        custom->success.status = 200;
    }

    return custom;
}

static const char *
set_option(void *options, triage_text_t name, triage_text_t value,
           triage_arena_t *arena)
{
    for (size_t i = 0; i < SETTING_COUNT; i++) {
        if (triage_text_is(name, settings[i].name)) {
            const char *expected = settings[i].set(
                (char *) options + settings[i].offset, value, arena);

            return arena->has_failed ? "more memory" : expected;
        }
    }

    return "a setting of docs/platforms/custom.md";
}

static bool
signs(const triage_custom_signature_t *signature,
      triage_custom_piece_kind_t kind)
{
    for (size_t i = 0; i < signature->piece_count; i++) {
        if (signature->pieces[i].kind == kind) {
            return true;
        }
    }

    return false;
}

static const char *
check_signature(const triage_custom_signature_t *signature)
{
    bool is_computed = signature->scheme == TRIAGE_CUSTOM_HMAC
                       || signature->scheme == TRIAGE_CUSTOM_ED25519;

    if (signature->scheme == TRIAGE_CUSTOM_UNSET) {
        return "signature (none, if the vendor has none)";
    }

    if ((is_computed || signature->scheme == TRIAGE_CUSTOM_TOKEN)
        && !signature->signature.is_set)
    {
        return "signature_from";
    }

    if (is_computed && signature->piece_count > 0
        && !signs(signature, TRIAGE_CUSTOM_BODY))
    {
        return "{body} in signed";
    }

    if (signs(signature, TRIAGE_CUSTOM_TIMESTAMP)
        && !signature->timestamp.is_set) {
        return "timestamp_from, since signed has {timestamp}";
    }

    if (signs(signature, TRIAGE_CUSTOM_ID) && !signature->id.is_set) {
        return "id_from, since signed has {id}";
    }

    return NULL;
}

static bool
uses(const triage_custom_value_t *value, triage_custom_where_t where)
{
    for (size_t i = 0; i < value->count; i++) {
        for (size_t j = 0; j < value->choices[i].count; j++) {
            if (value->choices[i].places[j].where == where) {
                return true;
            }
        }
    }

    return false;
}

/* Pointers find nothing in a form, nor fields in JSON. */
static const char *
check_value(const triage_custom_t *custom, const triage_custom_value_t *value)
{
    bool has_json = !custom->is_form || custom->json_field.data != NULL;

    if (!has_json
        && (uses(value, TRIAGE_CUSTOM_ITEM)
            || uses(value, TRIAGE_CUSTOM_ROOT)))
    {
        return "field:name instead of pointers, since body is form";
    }

    if (!custom->is_form && uses(value, TRIAGE_CUSTOM_FIELD)) {
        return "body form, since a field is named";
    }

    return NULL;
}

static const char *
check_places(const triage_custom_t *custom)
{
    const char *missing = check_value(custom, &custom->audience.value);

    if (missing == NULL) {
        missing = check_value(custom, &custom->kind.value);
    }

    for (size_t i = 0; missing == NULL && i < SETTING_COUNT; i++) {
        if (settings[i].set == triage_custom_set_value) {
            missing =
                check_value(custom, (const void *) ((const char *) custom
                                                    + settings[i].offset));
        }
    }

    return missing;
}

static const char *
check_options(const void *options)
{
    const triage_custom_t *custom = options;
    const char *missing = check_signature(&custom->signature);

    if (missing == NULL) {
        missing = check_places(custom);
    }

    if (missing != NULL) {
        return missing;
    }

    if (custom->items.data != NULL && custom->is_form
        && custom->json_field.data == NULL)
    {
        return "no items, since body is form";
    }

    if (custom->text.count == 0 && !custom->needs_fetch) {
        return "text, or needs_fetch yes";
    }

    return custom->has_audience ? NULL : "audience";
}

const triage_platform_options_t triage_custom_options = {
    .open = open_options,
    .set = set_option,
    .check = check_options,
};
