/*
 * Bluesky, by its Tap service: posts, edits and deletions of the
 * repositories that it follows.  A password in a header; the body is not
 * signed.
 */
#include <string.h>

#include "hub.h"
#include "platforms.h"
#include "reader.h"

#define POST "app.bsky.feed.post"
#define LIKE "app.bsky.feed.like"

/* A clock that is ahead by more is not believed. */
#define AHEAD (600 * TRIAGE_SECOND)

static triage_outcome_t
bluesky_tap_verify(const triage_delivery_t *delivery,
                   const triage_source_t *source, triage_arena_t *arena)
{
    const triage_text_t user = TRIAGE_TEXT("admin:");
    triage_text_t code = triage_delivery_header(delivery, "Authorization");
    triage_text_t scheme = triage_text_until(&code, ' ');
    triage_text_t pair;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (!triage_text_is_nocase(scheme, "Basic") || code.data == NULL) {
        return triage_fail(TRIAGE_FORGED, "no password");
    }

    pair = triage_base64_decode(triage_text_trim(code), arena);

    if (!triage_text_starts(pair, user)) {
        return triage_fail(TRIAGE_FORGED, "not the user admin");
    }

    pair.data += user.len;
    pair.len -= user.len;

    if (!triage_keyring_has(source->secrets, pair)) {
        return triage_fail(TRIAGE_FORGED, "wrong password");
    }

    return triage_ok();
}

static triage_outcome_t
bluesky_tap_sign(const triage_delivery_t *delivery,
                 const triage_source_t *source, triage_arena_t *arena,
                 triage_signing_t *signing)
{
    triage_text_t pair[2] = { triage_text("admin:"), triage_no_text };
    triage_text_t value[2] = { triage_text("Basic "), triage_no_text };

    (void) delivery;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    pair[1] = triage_keyring_key(source->secrets, 0);
    value[1] = triage_base64_encode(triage_arena_join(arena, pair, 2), arena);
    triage_signing_add(signing, triage_text("Authorization"),
                       triage_arena_join(arena, value, 2));

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for a signature")
               : triage_ok();
}

/* A repository's revision is a TID: 13 digits of base 32 that hold the µs
 * since 1970 above ten bits of a clock's number (atproto, "TID"). */
static int64_t
time_of_revision(triage_text_t revision)
{
    const char *digits = "234567abcdefghijklmnopqrstuvwxyz";
    uint64_t value = 0;

    if (revision.len != 13) {
        return TRIAGE_NO_TIME;
    }

    for (size_t i = 0; i < revision.len; i++) {
        const char *digit = strchr(digits, revision.data[i]);

        if (digit == NULL || revision.data[i] == '\0') {
            return TRIAGE_NO_TIME;
        }

        value = value << 5 | (uint64_t) (digit - digits);
    }

    return (int64_t) (value >> 10 & INT64_MAX);
}

/* createdAt is whatever the author's machine says.  One from the future gives
 * way to the time of the revision, which is the same in each redelivery. */
static int64_t
read_time(const triage_reader_t *reader, const triage_json_t *record)
{
    int64_t created_at = triage_reader_iso(record, "record.createdAt");
    int64_t revised_at =
        time_of_revision(triage_json_peek(triage_json_at(record, "rev")));

    if (created_at == TRIAGE_NO_TIME
        || (reader->delivery->received_at > 0
            && created_at > reader->delivery->received_at + AHEAD))
    {
        return revised_at;
    }

    return created_at;
}

/* "at://did:plc:abc/collection/key": the did. */
static triage_text_t
owner_of(triage_text_t uri)
{
    const triage_text_t scheme = TRIAGE_TEXT("at://");

    if (!triage_text_starts(uri, scheme)) {
        return triage_no_text;
    }

    uri.data += scheme.len;
    uri.len -= scheme.len;

    return triage_text_until(&uri, '/');
}

/* The did of the brand that a facet of the post names. */
static triage_text_t
find_mention(const triage_reader_t *reader, const triage_json_t *post)
{
    const triage_json_t *facets = triage_json_at(post, "facets");

    for (size_t i = 0; i < triage_json_count(facets); i++) {
        const triage_json_t *features =
            triage_json_at(triage_json_item(facets, i), "features");

        for (size_t j = 0; j < triage_json_count(features); j++) {
            triage_text_t did =
                triage_reader_id(reader, triage_json_item(features, j), "did");

            if (triage_reader_is_brand(reader, did)) {
                return did;
            }
        }
    }

    return triage_no_text;
}

/* A reply to the brand is a comment, whatever else it names. */
static triage_kind_t
kind_of_post(const triage_reader_t *reader, triage_message_t *message,
             const triage_json_t *post)
{
    triage_text_t parent_owner = owner_of(message->parent_id);
    triage_text_t mentioned = find_mention(reader, post);
    bool is_reply_to_us = triage_reader_is_brand(reader, parent_owner);

    if (message->account.data == NULL) {
        message->account = is_reply_to_us ? parent_owner : mentioned;
    }

    if (is_reply_to_us || (message->parent_id.data && !mentioned.data)) {
        return TRIAGE_COMMENT;
    }

    return TRIAGE_MENTION;
}

/* "en-GB" is "en". */
static triage_text_t
read_language(const triage_reader_t *reader, const triage_json_t *post)
{
    triage_text_t tag = triage_json_text(
        triage_json_item(triage_json_at(post, "langs"), 0), reader->arena);

    return tag.data != NULL ? triage_text_until(&tag, '-') : triage_no_text;
}

static void
read_post(const triage_reader_t *reader, triage_message_t *message,
          const triage_json_t *post, const triage_json_t *action)
{
    message->parent_id = triage_reader_id(reader, post, "reply.parent.uri");
    message->thread_id = triage_reader_id(reader, post, "reply.root.uri");
    message->text = triage_reader_text(reader, post, "text");
    message->language = read_language(reader, post);
    message->has_media = triage_json_is_object(triage_json_at(post, "embed"));
    message->kind = kind_of_post(reader, message, post);

    if (triage_json_equals(action, "update")) {
        message->kind = TRIAGE_EDIT;

    } else if (triage_json_equals(action, "delete")) {
        message->kind = TRIAGE_DELETE;
    }

    if (message->thread_id.data == NULL) {
        message->thread_id = message->message_id;
    }
}

static void
read_like(const triage_reader_t *reader, triage_message_t *message,
          const triage_json_t *like)
{
    triage_text_t uri = triage_reader_id(reader, like, "subject.uri");

    if (uri.data != NULL) { /* a like taken back does not say of what */
        message->kind = TRIAGE_REACTION;
        message->message_id = uri;
        message->thread_id = uri;
    }
}

static void
read_record(const triage_reader_t *reader, triage_message_t *message,
            const triage_json_t *record)
{
    const triage_json_t *action = triage_json_at(record, "action");
    const triage_json_t *collection = triage_json_at(record, "collection");
    const triage_json_t *content = triage_json_at(record, "record");
    triage_text_t did = triage_reader_id(reader, record, "did");
    triage_text_t key[] = {
        triage_text("at://"), did,
        triage_text("/"),     triage_json_text(collection, reader->arena),
        triage_text("/"),     triage_reader_id(reader, record, "rkey")
    };

    message->message_id = triage_arena_join(reader->arena, key, 6);
    message->event_id = triage_key(reader->arena, message->message_id,
                                   triage_json_text(action, reader->arena),
                                   triage_reader_id(reader, record, "rev"));
    message->author_id = did;
    message->audience = TRIAGE_PUBLIC;
    message->sent_at = read_time(reader, record);

    if (triage_json_equals(collection, POST)) {
        read_post(reader, message, content, action);

    } else if (triage_json_equals(collection, LIKE)) {
        read_like(reader, message, content);
    }

    if (triage_reader_is_brand(reader, did)) {
        message->kind = triage_json_equals(collection, POST)
                                && message->kind != TRIAGE_DELETE
                            ? TRIAGE_ECHO
                            : message->kind;
        message->account = message->account.data ? message->account : did;
    }

    /* what was said before we listened is kept, but nobody waits for it */
    if (triage_json_is_bool(triage_json_at(record, "live"))
        && !triage_json_is_true(triage_json_at(record, "live")))
    {
        message->kind = TRIAGE_OTHER;
    }
}

static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *event)
{
    const triage_json_t *record = triage_json_at(event, "record");
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t id = triage_reader_id(reader, event, "id");

    if (message == NULL) {
        return triage_ok();
    }

    if (triage_json_equals(triage_json_at(event, "type"), "record")
        && triage_json_is_object(record))
    {
        read_record(reader, message, record);
        return triage_ok();
    }

    message->author_id = triage_reader_id(reader, event, "identity.did");
    message->author_handle =
        triage_reader_text(reader, event, "identity.handle");
    message->message_id =
        triage_key(reader->arena, triage_reader_id(reader, event, "type"),
                   message->author_id, id);

    if (message->message_id.data == NULL) {
        message->message_id = triage_reader_digest(reader);
    }

    return triage_ok();
}

static triage_outcome_t
bluesky_tap_parse(const triage_delivery_t *delivery,
                  const triage_source_t *source, triage_arena_t *arena,
                  triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_event);
}

const triage_platform_t triage_platform_bluesky_tap = {
    .name = "bluesky-tap",
    .title = "Bluesky, through Tap",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = bluesky_tap_verify,
    .parse = bluesky_tap_parse,
    .sign = bluesky_tap_sign,
};
