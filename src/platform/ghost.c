/*
 * Ghost: what is published on a site; it does not push comments.  The time
 * is signed behind the body.
 */
#include "hub.h"
#include "platforms.h"
#include "reader.h"

#define SIGNATURE "X-Ghost-Signature"

/*
 * Ghost tells of posts, pages, tags and members, never of comments: all of
 * it is OTHER, kept so that the brand's own publishing can be seen beside
 * what people say.  Of members nothing but the id is read.
 */
static const char *const objects[] = { "post", "page", "tag", "member", NULL };

typedef struct {
    triage_text_t mac;
    triage_text_t time; /* milliseconds */
} signature_t;

/* "sha256=<hex>, t=<milliseconds>". */
static signature_t
read_signature(triage_text_t value)
{
    signature_t signature = { triage_no_text, triage_no_text };

    while (value.data != NULL) {
        triage_text_t part = triage_text_trim(triage_text_until(&value, ','));
        triage_text_t name = triage_text_until(&part, '=');

        if (triage_text_is(name, "sha256")) {
            signature.mac = part;

        } else if (triage_text_is(name, "t")) {
            signature.time = part;
        }
    }

    return signature;
}

static triage_outcome_t
ghost_verify(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena)
{
    const signature_t signature =
        read_signature(triage_delivery_header(delivery, SIGNATURE));
    const triage_text_t parts[] = { delivery->body, signature.time };

    (void) arena;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (signature.mac.len == 0 || signature.time.len == 0) {
        return triage_fail(TRIAGE_FORGED, "no signature");
    }

    if (!triage_keyring_signed(source->secrets, TRIAGE_SHA256, parts, 2,
                               TRIAGE_HEX, signature.mac))
    {
        return triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return triage_hub_check_age(delivery, source, 0,
                                triage_time_from_milliseconds(signature.time));
}

static triage_outcome_t
ghost_sign(const triage_delivery_t *delivery, const triage_source_t *source,
           triage_arena_t *arena, triage_signing_t *signing)
{
    const triage_text_t parts[] = {
        delivery->body,
        triage_arena_number(arena, delivery->received_at / 1000),
    };
    const triage_text_t value[] = {
        triage_text("sha256="),
        triage_hub_mac(source, TRIAGE_SHA256, TRIAGE_HEX, parts, 2, arena),
        triage_text(", t="),
        parts[1],
    };

    if (value[1].data == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    triage_signing_add(signing, triage_text(SIGNATURE),
                       triage_arena_join(arena, value, 4));

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for a signature")
               : triage_ok();
}

/* {"post":{"current":{...},"previous":{...}}}; of what was deleted only
 * `previous` has an id. */
static const triage_json_t *
find_state(const triage_json_t *object, const char *name)
{
    const triage_json_t *current =
        triage_json_path(triage_json_at(object, name), "current");

    return triage_json_at(current, "id") != NULL
               ? current
               : triage_json_path(triage_json_at(object, name), "previous");
}

static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *event)
{
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t id = triage_no_text;

    if (message == NULL) {
        return triage_ok();
    }

    for (size_t i = 0; objects[i] != NULL && id.data == NULL; i++) {
        const triage_json_t *state = find_state(event, objects[i]);

        id = triage_key(reader->arena, triage_text_of(objects[i]),
                        triage_reader_id(reader, state, "id"));
        message->sent_at = triage_reader_iso(state, "updated_at");

        if (triage_json_at(state, "id") == NULL) {
            id = triage_no_text;
        }
    }

    message->audience = TRIAGE_PUBLIC;
    message->message_id = id.data ? id : triage_reader_digest(reader);
    message->event_id =
        triage_key(reader->arena, message->message_id,
                   triage_key_of(reader->delivery->body, reader->arena));

    return triage_ok();
}

static triage_outcome_t
ghost_parse(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_event);
}

const triage_platform_t triage_platform_ghost = {
    .name = "ghost",
    .title = "Ghost",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = ghost_verify,
    .parse = ghost_parse,
    .sign = ghost_sign,
};
