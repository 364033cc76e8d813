/*
 * How a vendor of `custom` signs, as its options describe it: a token, or an
 * HMAC over parts of the request.
 */
#include "custom.h"
#include "hub.h"
#include "key.h"

#define TOLERANCE 300 /* seconds, where the location says nothing */

/* "t=1,v1=ab": the value of that name.  `rest` is left behind it. */
static triage_text_t
next_part(triage_text_t *rest, triage_text_t name)
{
    while (rest->data != NULL) {
        triage_text_t value = triage_text_trim(triage_text_until(rest, ','));

        if (triage_text_equal(triage_text_until(&value, '='), name)
            && value.data != NULL)
        {
            return value;
        }
    }

    return triage_no_text;
}

static triage_text_t
read_whole(const triage_custom_mark_t *mark, const triage_delivery_t *delivery,
           triage_arena_t *arena)
{
    triage_form_t form = { NULL, 0 };

    if (!mark->is_set) {
        return triage_no_text;
    }

    switch (mark->place.where) {
    case TRIAGE_CUSTOM_HEADER:
        return delivery->header(delivery->request, mark->place.what);
    case TRIAGE_CUSTOM_QUERY:
        return triage_query_get(delivery->query, mark->place.what.data, arena);
    case TRIAGE_CUSTOM_FIELD:
        triage_form_read(delivery->body, arena, &form);
        return triage_form_get(&form, mark->place.what.data);
    default:
        return triage_no_text;
    }
}

triage_text_t
triage_custom_mark_read(const triage_custom_mark_t *mark,
                        const triage_delivery_t *delivery,
                        triage_arena_t *arena)
{
    triage_text_t value = read_whole(mark, delivery, arena);

    return mark->part.len == 0 ? value : next_part(&value, mark->part);
}

/* What was signed, as parts to put together. */
typedef struct {
    triage_text_t texts[TRIAGE_CUSTOM_PIECES_MAX];
    size_t count;
} message_t;

static message_t
compose(const triage_custom_signature_t *signature,
        const triage_delivery_t *delivery, triage_text_t timestamp,
        triage_text_t id)
{
    message_t message = { { delivery->body }, 1 };

    for (size_t i = 0; i < signature->piece_count; i++) {
        const triage_text_t texts[] = {
            [TRIAGE_CUSTOM_LITERAL] = signature->pieces[i].literal,
            [TRIAGE_CUSTOM_BODY] = delivery->body,
            [TRIAGE_CUSTOM_TIMESTAMP] = timestamp,
            [TRIAGE_CUSTOM_ID] = id,
            [TRIAGE_CUSTOM_URL] = delivery->url,
        };

        message.texts[i] = texts[signature->pieces[i].kind];
        message.count = i + 1;
    }

    return message;
}

static bool
is_signed(const triage_custom_signature_t *signature,
          const triage_source_t *source, const message_t *message,
          triage_text_t value, triage_arena_t *arena)
{
    if (signature->scheme == TRIAGE_CUSTOM_HMAC) {
        return triage_keyring_signed(source->secrets, signature->hash,
                                     message->texts, message->count,
                                     signature->encoding, value);
    }

    value = signature->encoding == TRIAGE_HEX
                ? triage_hex_decode(value, arena)
                : triage_base64_decode(value, arena);

    return value.len == 64
           && triage_keyring_ed25519(source->secrets, message->texts,
                                     message->count, value);
}

static bool
is_token(const triage_custom_signature_t *signature,
         const triage_source_t *source, triage_text_t value,
         triage_arena_t *arena)
{
    if (signature->scheme == TRIAGE_CUSTOM_BASIC) {
        value = triage_base64_decode(triage_text_trim(value), arena);
    }

    return value.len > 0 && triage_keyring_has(source->secrets, value);
}

static bool
matches(const triage_custom_signature_t *signature,
        const triage_source_t *source, const message_t *message,
        triage_text_t value, triage_arena_t *arena)
{
    if (!triage_text_starts(value, signature->prefix)) {
        return false;
    }

    value.data += signature->prefix.len;
    value.len -= signature->prefix.len;

    return signature->scheme == TRIAGE_CUSTOM_TOKEN
                   || signature->scheme == TRIAGE_CUSTOM_BASIC
               ? is_token(signature, source, value, arena)
               : is_signed(signature, source, message, value, arena);
}

/* Basic needs no words: there is one way to send it. */
static triage_custom_signature_t
with_defaults(const triage_custom_signature_t *given)
{
    triage_custom_signature_t signature = *given;

    if (signature.scheme == TRIAGE_CUSTOM_BASIC) {
        signature.prefix = triage_text("Basic ");

        if (!signature.signature.is_set) {
            signature.signature.is_set = true;
            signature.signature.place =
                (triage_custom_place_t){ TRIAGE_CUSTOM_HEADER,
                                         triage_text("Authorization") };
        }
    }

    return signature;
}

/* A list may hold several of the same name, while keys are changed: one that
 * fits is enough. */
static bool
has_match(const triage_custom_signature_t *signature,
          const triage_delivery_t *delivery, const triage_source_t *source,
          const message_t *message, triage_arena_t *arena)
{
    triage_text_t rest = read_whole(&signature->signature, delivery, arena);
    triage_text_t value;

    if (signature->signature.part.len == 0) {
        return rest.data != NULL
               && matches(signature, source, message, rest, arena);
    }

    while ((value = next_part(&rest, signature->signature.part)).data) {
        if (matches(signature, source, message, value, arena)) {
            return true;
        }
    }

    return false;
}

static int64_t
read_clock(triage_text_t text, triage_custom_clock_t clock)
{
    switch (clock) {
    case TRIAGE_CUSTOM_SECONDS:
        return triage_time_from_seconds(text);
    case TRIAGE_CUSTOM_MILLISECONDS:
        return triage_time_from_milliseconds(text);
    default:
        return triage_time_from_iso(text);
    }
}

/* A time that is not signed proves nothing, so it is not looked at. */
static bool
signs_the_time(const triage_custom_signature_t *signature)
{
    for (size_t i = 0; i < signature->piece_count; i++) {
        if (signature->pieces[i].kind == TRIAGE_CUSTOM_TIMESTAMP) {
            return true;
        }
    }

    return false;
}

triage_outcome_t
triage_custom_verify(const triage_delivery_t *delivery,
                     const triage_source_t *source, triage_arena_t *arena)
{
    const triage_custom_t *custom = source->options;
    triage_custom_signature_t signature;
    triage_text_t timestamp;
    message_t message;

    if (custom == NULL) {
        return triage_fail(TRIAGE_FORGED, "no options to check with");
    }

    signature = with_defaults(&custom->signature);

    if (signature.scheme == TRIAGE_CUSTOM_NONE) {
        return triage_ok();
    }

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    timestamp = triage_custom_mark_read(&signature.timestamp, delivery, arena);
    message = compose(&signature, delivery, timestamp,
                      triage_custom_mark_read(&signature.id, delivery, arena));

    if (!has_match(&signature, delivery, source, &message, arena)) {
        return triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return signs_the_time(&signature) ? triage_hub_check_age(
               delivery, source, TOLERANCE,
               read_clock(timestamp, signature.timestamp_clock))
                                      : triage_ok();
}

/* The time of the delivery as the vendor would write it. */
static triage_text_t
write_clock(int64_t time, triage_custom_clock_t clock, triage_arena_t *arena)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    triage_text_t text;

    if (clock != TRIAGE_CUSTOM_ISO) {
        return triage_arena_number(arena, clock == TRIAGE_CUSTOM_SECONDS
                                              ? time / TRIAGE_SECOND
                                              : time / 1000);
    }

    triage_writer_init(&writer, &buffer);
    triage_write_time(&writer, time);
    text = buffer.has_failed || buffer.len < 2
               ? triage_no_text
               : triage_arena_copy(
                   arena, (triage_text_t){ buffer.data + 1, buffer.len - 2 });
    triage_buffer_free(&buffer);

    return text;
}

static triage_text_t
make_value(const triage_custom_signature_t *signature,
           const triage_source_t *source, const message_t *message,
           triage_arena_t *arena)
{
    triage_text_t parts[2] = { signature->prefix, triage_no_text };

    if (source->secrets == NULL) {
        return triage_no_text;
    }

    switch (signature->scheme) {
    case TRIAGE_CUSTOM_HMAC:
        parts[1] = triage_hub_mac(source, signature->hash, signature->encoding,
                                  message->texts, message->count, arena);
        break;
    case TRIAGE_CUSTOM_TOKEN:
        parts[1] = triage_keyring_key(source->secrets, 0);
        break;
    case TRIAGE_CUSTOM_BASIC:
        parts[1] = triage_base64_encode(triage_keyring_key(source->secrets, 0),
                                        arena);
        break;
    default: /* with a public key nobody can sign */
        break;
    }

    return parts[1].data == NULL ? triage_no_text
                                 : triage_arena_join(arena, parts, 2);
}

static void
put_argument(triage_text_t name, triage_text_t value, triage_arena_t *arena,
             triage_signing_t *signing)
{
    const triage_text_t parts[] = {
        signing->query,
        signing->query.len > 0 ? triage_text("&") : triage_no_text,
        name,
        triage_text("="),
        value,
    };

    signing->query = triage_arena_join(arena, parts, 5);
}

/* A header that is there already becomes a list. */
static void
put_header(triage_text_t name, triage_text_t value, triage_arena_t *arena,
           triage_signing_t *signing)
{
    for (size_t i = 0; i < signing->count; i++) {
        triage_header_t *header = &signing->headers[i];
        const triage_text_t list[] = { header->value, triage_text(","),
                                       value };

        if (triage_text_equal(header->name, name)) {
            header->value = triage_arena_join(arena, list, 3);
            return;
        }
    }

    triage_signing_add(signing, name, value);
}

static void
put_mark(const triage_custom_mark_t *mark, triage_text_t value,
         triage_arena_t *arena, triage_signing_t *signing)
{
    const triage_text_t named[] = {
        mark->part,
        mark->part.len > 0 ? triage_text("=") : triage_no_text,
        value,
    };
    triage_text_t text = triage_arena_join(arena, named, 3);

    if (mark->place.where == TRIAGE_CUSTOM_QUERY) {
        put_argument(mark->place.what, text, arena, signing);

    } else if (mark->place.where == TRIAGE_CUSTOM_HEADER) {
        put_header(mark->place.what, text, arena, signing);
    }
}

triage_outcome_t
triage_custom_sign(const triage_delivery_t *delivery,
                   const triage_source_t *source, triage_arena_t *arena,
                   triage_signing_t *signing)
{
    const triage_custom_t *custom = source->options;
    triage_custom_signature_t signature;
    triage_text_t timestamp, id, value;
    message_t message;

    if (custom == NULL || custom->signature.scheme == TRIAGE_CUSTOM_NONE) {
        return triage_ok();
    }

    signature = with_defaults(&custom->signature);
    timestamp =
        write_clock(delivery->received_at, signature.timestamp_clock, arena);
    id = triage_key_of(delivery->body, arena);
    message = compose(&signature, delivery, timestamp, id);
    value = make_value(&signature, source, &message, arena);

    if (value.data == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret that can sign");
    }

    if (signature.timestamp.is_set) {
        put_mark(&signature.timestamp, timestamp, arena, signing);
    }

    if (signature.id.is_set) {
        put_mark(&signature.id, id, arena, signing);
    }

    put_mark(&signature.signature, value, arena, signing);

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for a signature")
               : triage_ok();
}
