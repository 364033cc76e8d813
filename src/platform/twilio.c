/*
 * Twilio: text messages to a number, by SMS or WhatsApp, as a form.  The URL
 * is signed, in any of its spellings.
 */
#include <stdlib.h>

#include "hub.h"
#include "key.h"
#include "platforms.h"
#include "reader.h"

/* The parts of a URL, cut where Twilio's spellings of it differ. */
typedef struct {
    triage_text_t origin; /* scheme, user and host */
    triage_text_t port;   /* ":443"; absent when there is none */
    triage_text_t path;
    triage_text_t query; /* absent when there is none */
} url_t;

typedef triage_text_t (*spelling_pt)(triage_text_t query,
                                     triage_arena_t *arena);

static size_t
find_byte(triage_text_t text, const char *any, size_t from)
{
    for (size_t i = from; i < text.len; i++) {
        for (const char *byte = any; *byte != '\0'; byte++) {
            if (text.data[i] == *byte) {
                return i;
            }
        }
    }

    return text.len;
}

static triage_text_t
slice(triage_text_t text, size_t from, size_t to)
{
    return (triage_text_t){ text.data + from, to - from };
}

static url_t
split_url(triage_text_t text)
{
    url_t url = { 0 };
    const char *slashes = triage_text_find(text, triage_text("://"));
    size_t host = slashes == NULL ? 0 : (size_t) (slashes - text.data) + 3;
    size_t end = find_byte(text, "/?#", host);
    size_t bracket = find_byte(slice(text, 0, end), "]", host);
    size_t port =
        find_byte(slice(text, 0, end), ":", bracket < end ? bracket : host);
    size_t path_end = find_byte(text, "?", end);

    if (text.len == 0) {
        return url;
    }

    url.origin = slice(text, 0, port);
    url.port = slice(text, port, end);
    url.path = slice(text, end, path_end);

    if (path_end < text.len) {
        url.query = slice(text, path_end + 1, text.len);
    }

    return url;
}

static triage_text_t
escape(triage_text_t text, bool (*must_escape)(char byte),
       triage_arena_t *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    char *escaped = triage_arena_bytes(arena, text.len * 3 + 1);
    size_t len = 0;

    if (escaped == NULL) {
        return triage_no_text;
    }

    for (size_t i = 0; i < text.len; i++) {
        uint8_t byte = (uint8_t) text.data[i];

        if (!must_escape(text.data[i])) {
            escaped[len++] = text.data[i];
            continue;
        }

        escaped[len++] = '%';
        escaped[len++] = digits[byte >> 4];
        escaped[len++] = digits[byte & 15];
    }

    return (triage_text_t){ escaped, len };
}

static triage_text_t
as_received(triage_text_t query, triage_arena_t *arena)
{
    (void) arena;
    return query;
}

/* What WHATWG's URL escapes in a query. */
static bool
is_escaped_in_urls(char byte)
{
    return byte <= ' ' || byte == 127 || byte == '"' || byte == '<'
           || byte == '>' || byte == '\'';
}

static triage_text_t
as_url(triage_text_t query, triage_arena_t *arena)
{
    return escape(query, is_escaped_in_urls, arena);
}

/* What encodeURIComponent and Node's querystring escape. */
static bool
is_escaped_in_components(char byte)
{
    return !(byte >= 'a' && byte <= 'z') && !(byte >= 'A' && byte <= 'Z')
           && !(byte >= '0' && byte <= '9') && byte != '-' && byte != '_'
           && byte != '.' && byte != '!' && byte != '~' && byte != '*'
           && byte != '\'' && byte != '(' && byte != ')';
}

static triage_text_t
as_components(triage_text_t query, triage_arena_t *arena)
{
    triage_text_t *parts;
    triage_form_t form;
    size_t count = 0;

    if (!triage_form_read(query, arena, &form) || form.count == 0) {
        return query;
    }

    parts = triage_arena_take(arena, 4 * form.count * sizeof(triage_text_t));
    if (parts == NULL) {
        return query;
    }

    for (size_t i = 0; i < form.count; i++) {
        const triage_field_t *field = &form.fields[i];

        parts[count++] = i == 0 ? triage_no_text : triage_text("&");
        parts[count++] = escape(field->name, is_escaped_in_components, arena);
        parts[count++] = triage_text("=");
        parts[count++] = escape(field->value, is_escaped_in_components, arena);
    }

    return triage_arena_join(arena, parts, count);
}

/* Twilio signed some characters of a query in another spelling over the
 * years; its own SDK tries these too. */
static const spelling_pt spellings[] = { as_received, as_url, as_components };

static int
compare_texts(triage_text_t a, triage_text_t b)
{
    size_t len = a.len < b.len ? a.len : b.len;

    for (size_t i = 0; i < len; i++) {
        if (a.data[i] != b.data[i]) {
            return (uint8_t) a.data[i] < (uint8_t) b.data[i] ? -1 : 1;
        }
    }

    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static int
compare_fields(const void *a, const void *b)
{
    const triage_field_t *left = a, *right = b;
    int order = compare_texts(left->name, right->name);

    return order != 0 ? order : compare_texts(left->value, right->value);
}

static bool
is_same_field(const triage_field_t *a, const triage_field_t *b)
{
    return triage_text_equal(a->name, b->name)
           && triage_text_equal(a->value, b->value);
}

/* Names and values in the order of the names; a value that is repeated
 * counts once. */
static triage_text_t
join_fields(triage_text_t body, triage_arena_t *arena)
{
    triage_form_t form;
    triage_text_t *parts;
    size_t count = 0;

    if (!triage_form_read(body, arena, &form)) {
        return triage_no_text;
    }

    if (form.count == 0) {
        return triage_text("");
    }

    qsort(form.fields, form.count, sizeof(triage_field_t), compare_fields);

    parts = triage_arena_take(arena, 2 * form.count * sizeof(triage_text_t));
    if (parts == NULL) {
        return triage_no_text;
    }

    for (size_t i = 0; i < form.count; i++) {
        if (i > 0 && is_same_field(&form.fields[i - 1], &form.fields[i])) {
            continue;
        }

        parts[count++] = form.fields[i].name;
        parts[count++] = form.fields[i].value;
    }

    return triage_arena_join(arena, parts, count);
}

/* With a body other than a form the URL carries its digest, and only the
 * URL is signed.  No text when the fields cannot be read, or the digest is
 * another. */
static triage_text_t
signed_fields(const triage_delivery_t *delivery, triage_arena_t *arena)
{
    triage_text_t wanted =
        triage_query_get(delivery->query, "bodySHA256", arena);
    uint8_t digest[TRIAGE_DIGEST_MAX];
    size_t len;

    if (wanted.data == NULL) {
        return join_fields(delivery->body, arena);
    }

    wanted = triage_hex_decode(wanted, arena);
    len = triage_digest(TRIAGE_SHA256, &delivery->body, 1, digest);

    return len > 0 && wanted.len == len
                   && triage_digest_equal(wanted.data, digest, len)
               ? triage_text("")
               : triage_no_text;
}

static triage_text_t
standard_port(const url_t *url)
{
    return triage_text_starts(url->origin, triage_text("http://"))
               ? triage_text(":80")
               : triage_text(":443");
}

static bool
is_signed(const triage_source_t *source, const url_t *url,
          triage_text_t fields, triage_text_t signature, triage_arena_t *arena)
{
    const triage_text_t ports[] = {
        triage_no_text,
        url->port.len > 0 ? url->port : standard_port(url),
    };
    bool has_query = url->query.data != NULL;

    for (size_t i = 0; i < (has_query ? 3 : 1); i++) {
        triage_text_t query = spellings[i](url->query, arena);

        for (size_t port = 0; port < 2; port++) {
            triage_text_t parts[] = {
                url->origin, ports[port],
                url->path,   has_query ? triage_text("?") : triage_no_text,
                query,       fields,
            };

            if (triage_keyring_signed(source->secrets, TRIAGE_SHA1, parts, 6,
                                      TRIAGE_BASE64, signature))
            {
                return true;
            }
        }
    }

    return false;
}

static triage_outcome_t
twilio_verify(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena)
{
    triage_text_t signature =
        triage_delivery_header(delivery, "X-Twilio-Signature");
    url_t url = split_url(delivery->url);
    triage_text_t fields;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (signature.len == 0) {
        return triage_fail(TRIAGE_FORGED, "no signature");
    }

    fields = signed_fields(delivery, arena);

    if (arena->has_failed) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory to check");
    }

    if (fields.data == NULL) {
        return triage_fail(TRIAGE_FORGED, "body is not the one announced");
    }

    return is_signed(source, &url, fields, signature, arena)
               ? triage_ok()
               : triage_fail(TRIAGE_FORGED, "signature does not match");
}

/* What became of a message of ours, or a call: nobody spoke. */
static bool
is_inbound(const triage_form_t *form)
{
    triage_text_t status = triage_form_get(form, "MessageStatus");
    triage_text_t sms_status = triage_form_get(form, "SmsStatus");

    return triage_form_get(form, "MessageSid").len > 0
           && (status.data == NULL || triage_text_is(status, "received")
               || triage_text_is(sms_status, "received"))
           && (sms_status.data == NULL
               || triage_text_is(sms_status, "received"));
}

static triage_text_t
first_of(const triage_form_t *form, const char *const *names, size_t count,
         triage_arena_t *arena)
{
    triage_text_t value = triage_no_text;

    for (size_t i = 0; i < count && value.data == NULL; i++) {
        value = triage_form_text(form, names[i], arena);
    }

    return value;
}

static void
read_inbound(triage_message_t *message, const triage_form_t *form,
             triage_arena_t *arena)
{
    int64_t media;

    message->kind = TRIAGE_MESSAGE;
    message->text = triage_form_text(form, "Body", arena);
    message->author_id = triage_form_text(form, "From", arena);
    message->author_name = triage_form_text(form, "ProfileName", arena);
    message->thread_id = message->author_id;
    message->parent_id =
        triage_form_text(form, "OriginalRepliedMessageSid", arena);
    message->has_media =
        triage_text_to_int64(triage_form_get(form, "NumMedia"), &media)
        && media > 0;
}

static void
read_status(const triage_reader_t *reader, triage_message_t *message,
            const triage_form_t *form)
{
    static const char *const names[] = { "MessageStatus", "SmsStatus",
                                         "CallStatus" };

    message->event_id = triage_key(reader->arena, message->message_id,
                                   first_of(form, names, 3, reader->arena));
    message->thread_id = triage_form_text(form, "To", reader->arena);
}

static triage_outcome_t
twilio_parse(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena, triage_reading_t *reading)
{
    static const char *const ids[] = { "MessageSid", "SmsMessageSid", "SmsSid",
                                       "CallSid" };
    const triage_reader_t reader = { delivery, source, arena, reading };
    triage_form_t form;
    triage_message_t *message;
    triage_text_t account;

    if (!triage_form_read(delivery->body, arena, &form)) {
        return triage_fail(TRIAGE_MALFORMED, "not a form");
    }

    message = triage_reader_add(&reader);
    if (message == NULL) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory to read");
    }

    message->message_id = first_of(&form, ids, 4, arena);
    if (message->message_id.data == NULL) {
        message->message_id = triage_reader_digest(&reader);
    }

    if (is_inbound(&form)) {
        read_inbound(message, &form, arena);
        account = triage_form_text(&form, "To", arena);
    } else {
        read_status(&reader, message, &form);
        account = triage_form_text(&form, "From", arena);
    }

    message->account = account.data == NULL ? source->account : account;

    return arena->has_failed ? triage_fail(TRIAGE_NO_MEMORY, "no memory")
                             : triage_ok();
}

static triage_outcome_t
twilio_sign(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_signing_t *signing)
{
    triage_text_t parts[] = { delivery->url, signed_fields(delivery, arena) };
    triage_text_t mac =
        triage_hub_mac(source, TRIAGE_SHA1, TRIAGE_BASE64, parts, 2, arena);

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    triage_signing_add(signing, triage_text("X-Twilio-Signature"), mac);

    return mac.data == NULL
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to sign")
               : triage_ok();
}

/* An answer of plain text would be sent to the customer as a message. */
const triage_platform_t triage_platform_twilio = {
    .name = "twilio",
    .title = "Twilio SMS and WhatsApp",
    .needs = TRIAGE_NEEDS_SECRET | TRIAGE_NEEDS_URL,
    .success = {
        .status = 200,
        .content_type = TRIAGE_TEXT("text/xml"),
        .body = TRIAGE_TEXT("<Response/>"),
    },
    .verify = twilio_verify,
    .parse = twilio_parse,
    .sign = twilio_sign,
};
