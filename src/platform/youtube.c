/*
 * YouTube: uploads, changed titles and deletions of a channel, as Atom feeds
 * of WebSub, whose leases it tells.
 */
#include "../base/xml.h"
#include "hub.h"
#include "key.h"
#include "platforms.h"

#define SIGNATURE "X-Hub-Signature"
#define SITE "https://www.youtube.com/"
#define CHANNEL "channel_id="
#define VIDEO "yt:video:"

/* WebSub lets the hub choose; the method stands before the digest.  Google's
 * hub uses sha1. */
static const struct {
    const char *name;
    triage_hash_t hash;
} methods[] = {
    { "sha1", TRIAGE_SHA1 },
    { "sha256", TRIAGE_SHA256 },
    { "sha384", TRIAGE_SHA384 },
    { "sha512", TRIAGE_SHA512 },
};

static bool
is_our_channel(const triage_source_t *source, triage_text_t channel)
{
    if (channel.len == 0) {
        return false;
    }

    return triage_text_equal(channel, source->account)
           || (source->brand_ids != NULL
               && triage_keyring_has(source->brand_ids, channel));
}

/* ".../videos.xml?channel_id=UC..." */
static bool
is_our_topic(const triage_source_t *source, triage_text_t topic)
{
    const triage_text_t name = TRIAGE_TEXT(CHANNEL);
    const char *found = triage_text_find(topic, name);
    triage_text_t channel;

    if (found == NULL || !triage_text_starts(topic, triage_text(SITE))) {
        return false;
    }

    channel.data = found + name.len;
    channel.len = (size_t) (topic.data + topic.len - channel.data);

    return is_our_channel(source, triage_text_until(&channel, '&'));
}

/* Google's hub repeats the token that we gave when we subscribed; where one
 * is configured, it has to. */
static bool
has_right_token(const triage_delivery_t *delivery,
                const triage_source_t *source, triage_arena_t *arena)
{
    return source->tokens == NULL
           || triage_keyring_has(
               source->tokens,
               triage_query_get(delivery->query, "hub.verify_token", arena));
}

/* To subscribe is confirmed for our channels, to unsubscribe for all others:
 * nobody but us may end what we want. */
static bool
is_wanted(const triage_delivery_t *delivery, const triage_source_t *source,
          triage_arena_t *arena, triage_text_t mode)
{
    triage_text_t topic =
        triage_query_get(delivery->query, "hub.topic", arena);
    bool is_ours = is_our_topic(source, topic);

    if (triage_text_is(mode, "subscribe")) {
        return is_ours && has_right_token(delivery, source, arena);
    }

    return triage_text_is(mode, "unsubscribe") && topic.len > 0 && !is_ours;
}

/* The hub says how long it will deliver; somebody must subscribe again before
 * that.  An end to a subscription has no lease. */
static int64_t
read_lease(const triage_delivery_t *delivery, triage_arena_t *arena)
{
    int64_t seconds;

    return triage_text_to_int64(
               triage_query_get(delivery->query, "hub.lease_seconds", arena),
               &seconds)
                   && seconds > 0
               ? seconds
               : 0;
}

static triage_outcome_t
youtube_challenge(const triage_delivery_t *delivery,
                  const triage_source_t *source, triage_arena_t *arena,
                  triage_reply_t *reply)
{
    triage_text_t mode, challenge;

    if (!triage_text_is(delivery->method, "GET")) {
        return triage_fail(TRIAGE_IGNORED, "not a check of the endpoint");
    }

    mode = triage_query_get(delivery->query, "hub.mode", arena);
    challenge = triage_query_get(delivery->query, "hub.challenge", arena);

    if (triage_text_is(mode, "denied")) { /* nothing to confirm */
        *reply = (triage_reply_t){ .status = 200 };
        return triage_fail(TRIAGE_ANSWERED, "the hub denied a subscription");
    }

    if (challenge.len == 0 || !is_wanted(delivery, source, arena, mode)) {
        return triage_fail(TRIAGE_DENIED, "a topic that is not ours");
    }

    *reply = (triage_reply_t){
        .status = 200,
        .content_type = triage_text("text/plain"),
        .body = challenge,
        .lease = read_lease(delivery, arena),
    };

    return triage_fail(TRIAGE_ANSWERED, "a subscription is confirmed");
}

static triage_outcome_t
youtube_verify(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena)
{
    triage_text_t digest = triage_delivery_header(delivery, SIGNATURE);
    triage_text_t method = triage_text_until(&digest, '=');

    (void) arena;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (digest.data == NULL) {
        return triage_fail(TRIAGE_FORGED, "no signature");
    }

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
        if (!triage_text_is(method, methods[i].name)) {
            continue;
        }

        return triage_keyring_signed(source->secrets, methods[i].hash,
                                     &delivery->body, 1, TRIAGE_HEX, digest)
                   ? triage_ok()
                   : triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return triage_fail(TRIAGE_FORGED, "signature of another kind");
}

static triage_outcome_t
youtube_sign(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena, triage_signing_t *signing)
{
    static const triage_hub_t hub = {
        TRIAGE_TEXT(SIGNATURE),
        TRIAGE_TEXT("sha1="),
        TRIAGE_SHA1,
        TRIAGE_HEX,
    };

    return triage_hub_sign(&hub, delivery, source, arena, signing);
}

static triage_message_t *
add_message(const triage_source_t *source, triage_arena_t *arena,
            triage_reading_t *reading, triage_text_t channel)
{
    triage_message_t *message = triage_messages_add(&reading->messages, arena);

    if (message != NULL) {
        message->account = channel.len > 0 ? channel : source->account;
        message->author_id = channel;
        message->audience = TRIAGE_PUBLIC;
    }

    return message;
}

/* A video of the brand's own channel is its own word; one of a channel that
 * the brand merely watches is kept beside it. */
static void
read_video(const triage_source_t *source, triage_arena_t *arena,
           triage_reading_t *reading, const triage_xml_t *entry)
{
    triage_text_t channel = triage_xml_text(triage_xml_at(entry, "channelId"));
    triage_text_t updated = triage_xml_text(triage_xml_at(entry, "updated"));
    triage_text_t video = triage_xml_text(triage_xml_at(entry, "videoId"));
    triage_message_t *message;

    if (video.len == 0) {
        reading->problem = "an entry without a video";
        return;
    }

    message = add_message(source, arena, reading, channel);

    if (message == NULL) {
        return;
    }

    message->kind =
        is_our_channel(source, channel) ? TRIAGE_ECHO : TRIAGE_OTHER;
    message->message_id = video;
    message->event_id = triage_key(arena, video, updated);
    message->thread_id = video;
    message->author_name =
        triage_xml_text(triage_xml_path(entry, "author/name"));
    message->text = triage_xml_text(triage_xml_at(entry, "title"));
    message->has_media = true;
    message->sent_at = triage_time_from_iso(
        triage_xml_text(triage_xml_at(entry, "published")));
}

/* What is behind the last slash: "http://www.youtube.com/channel/UC...". */
static triage_text_t
last_step(triage_text_t uri)
{
    while (triage_text_find(uri, triage_text("/")) != NULL) {
        (void) triage_text_until(&uri, '/');
    }

    return uri;
}

static void
read_deletion(const triage_source_t *source, triage_arena_t *arena,
              triage_reading_t *reading, const triage_xml_t *entry)
{
    const triage_text_t prefix = TRIAGE_TEXT(VIDEO);
    triage_text_t video = triage_xml_attribute(entry, "ref");
    triage_text_t when = triage_xml_attribute(entry, "when");
    triage_text_t channel =
        last_step(triage_xml_text(triage_xml_path(entry, "by/uri")));
    triage_message_t *message;

    if (triage_text_starts(video, prefix)) {
        video.data += prefix.len;
        video.len -= prefix.len;
    }

    if (video.len == 0) {
        reading->problem = "a deletion without a video";
        return;
    }

    message = add_message(source, arena, reading, channel);

    if (message != NULL) {
        message->kind = TRIAGE_DELETE;
        message->message_id = video;
        message->event_id =
            triage_key(arena, video, triage_text("deleted"), when);
        message->thread_id = video;
        message->author_name =
            triage_xml_text(triage_xml_path(entry, "by/name"));
        message->sent_at = triage_time_from_iso(when);
    }
}

static triage_outcome_t
youtube_parse(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_reading_t *reading)
{
    const char *why = NULL;
    const triage_xml_t *feed = triage_xml_open(delivery->body, arena, &why);
    const triage_xml_t *entry;

    if (feed == NULL && !arena->has_failed) {
        return (triage_outcome_t){ TRIAGE_MALFORMED, why };
    }

    if (feed != NULL && !triage_xml_is(feed, "feed")) {
        return triage_fail(TRIAGE_MALFORMED, "not a feed");
    }

    for (entry = triage_xml_first(feed); entry != NULL;
         entry = triage_xml_next(entry))
    {
        if (triage_xml_is(entry, "entry")) {
            read_video(source, arena, reading, entry);

        } else if (triage_xml_is(entry, "deleted-entry")) {
            read_deletion(source, arena, reading, entry);
        }
    }

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to read a delivery")
               : triage_ok();
}

const triage_platform_t triage_platform_youtube = {
    .name = "youtube",
    .title = "YouTube channels (WebSub)",
    .needs = TRIAGE_NEEDS_SECRET | TRIAGE_NEEDS_ACCOUNT,
    .success = { .status = 200 },
    .challenge = youtube_challenge,
    .verify = youtube_verify,
    .parse = youtube_parse,
    .sign = youtube_sign,
};
