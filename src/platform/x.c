/*
 * X: the handshake, the signature, and which of the three products sent the
 * delivery.
 */
#include "x.h"
#include "hub.h"
#include "platforms.h"

#include "../base/markup.h"

#define MESSAGES_MAX 20000
#define CRC_TOKEN_MAX 1024

static const triage_hub_t signature = {
    .header = TRIAGE_TEXT("x-twitter-webhooks-signature"),
    .prefix = TRIAGE_TEXT("sha256="),
    .hash = TRIAGE_SHA256,
    .encoding = TRIAGE_BASE64,
};

/*
 * X signs a challenge exactly as it signs a body, so answering for any text
 * would let a stranger have events signed by us.  What could be JSON for us
 * (an object or an array) is refused; X's own tokens are letters, digits and
 * dashes.
 */
static bool
is_token(triage_text_t token)
{
    const triage_text_t marks = TRIAGE_TEXT("-_.~+/=:");

    if (token.len == 0 || token.len > CRC_TOKEN_MAX) {
        return false;
    }

    for (size_t i = 0; i < token.len; i++) {
        char byte = token.data[i];
        char lower = (char) (byte | 0x20);
        bool is_plain =
            (byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'z');

        if (!is_plain
            && triage_text_find(marks, (triage_text_t){ &byte, 1 }) == NULL) {
            return false;
        }
    }

    return true;
}

static triage_outcome_t
x_challenge(const triage_delivery_t *delivery, const triage_source_t *source,
            triage_arena_t *arena, triage_reply_t *reply)
{
    triage_text_t token;
    triage_text_t parts[3] = { TRIAGE_TEXT("{\"response_token\":\"sha256="),
                               triage_no_text, TRIAGE_TEXT("\"}") };
    uint8_t mac[TRIAGE_DIGEST_MAX];
    size_t len;

    if (!triage_text_is(delivery->method, "GET")) {
        return triage_fail(TRIAGE_IGNORED, "no handshake");
    }

    token = triage_query_get(delivery->query, "crc_token", arena);
    if (!is_token(token)) {
        return triage_fail(TRIAGE_DENIED, "no crc_token, or not X's kind");
    }

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to answer with");
    }

    len =
        triage_keyring_mac(source->secrets, 0, TRIAGE_SHA256, &token, 1, mac);
    if (len == 0) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory for a handshake");
    }

    parts[1] = triage_base64_encode((triage_text_t){ (const char *) mac, len },
                                    arena);
    reply->status = 200;
    reply->content_type = triage_text("application/json");
    reply->body = triage_arena_join(arena, parts, 3);

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for a handshake")
               : triage_fail(TRIAGE_ANSWERED, "handshake");
}

static triage_outcome_t
x_verify(const triage_delivery_t *delivery, const triage_source_t *source,
         triage_arena_t *arena)
{
    (void) arena;

    return triage_hub_verify(&signature, delivery, source);
}

static triage_outcome_t
x_sign(const triage_delivery_t *delivery, const triage_source_t *source,
       triage_arena_t *arena, triage_signing_t *signing)
{
    return triage_hub_sign(&signature, delivery, source, arena, signing);
}

triage_message_t *
triage_x_add(const triage_x_t *x, triage_kind_t kind)
{
    triage_reading_t *reading = x->reader->reading;
    triage_message_t *message;

    if (reading->messages.count >= MESSAGES_MAX) {
        reading->problem = "too many messages in one delivery";
        return NULL;
    }

    message = triage_reader_add(x->reader);
    if (message == NULL) {
        return NULL;
    }

    message->kind = kind;
    if (x->account.len > 0) {
        message->account = x->account;
    }

    return message;
}

void
triage_x_finish(const triage_x_t *x, triage_message_t *message,
                triage_text_t own, const char *what)
{
    triage_arena_t *arena = x->reader->arena;

    if (own.len == 0 && x->key.len == 0) {
        own = triage_key(
            arena, x->digest,
            triage_arena_number(arena,
                                (int64_t) x->reader->reading->messages.count));
    }

    message->event_id =
        x->key.len > 0
            ? triage_key(arena, message->account, x->key)
            : triage_key(arena, message->account, own, triage_text_of(what));

    if (message->message_id.len == 0) {
        message->message_id = own.len > 0 ? own : x->key;
    }
}

int64_t
triage_x_time(const triage_json_t *object)
{
    const triage_json_t *created = triage_json_at(object, "created_at");
    int64_t time =
        triage_time_of_milliseconds(triage_json_at(object, "timestamp_ms"));

    if (time == TRIAGE_NO_TIME) {
        time = triage_time_of_milliseconds(
            triage_json_at(object, "created_timestamp"));
    }

    if (time == TRIAGE_NO_TIME) {
        time = triage_time_of_iso(created);
    }

    return time == TRIAGE_NO_TIME
               ? triage_time_from_x(triage_json_peek(created))
               : time;
}

const triage_json_t *
triage_x_unwrap(const triage_json_t *object)
{
    const triage_json_t *data = triage_json_at(object, "data");

    return triage_json_is_object(data) ? data : object;
}

static int64_t
first_count(const triage_json_t *object, const char *path, const char *or_path)
{
    int64_t count = triage_reader_count(object, path);

    return count == TRIAGE_UNKNOWN ? triage_reader_count(object, or_path)
                                   : count;
}

static int64_t
verified_of(const triage_json_t *user)
{
    const triage_json_t *type = triage_json_at(user, "verified_type");
    const triage_json_t *verified = triage_json_at(user, "verified");

    if (triage_json_is_true(verified)
        || (triage_json_is_string(type) && !triage_json_equals(type, "none")))
    {
        return 1;
    }

    return triage_json_is_bool(verified) || type != NULL ? 0 : TRIAGE_UNKNOWN;
}

void
triage_x_read_author(const triage_x_t *x, const triage_json_t *user,
                     triage_message_t *message)
{
    static const char *const ids[] = { "id_str", "id", NULL };
    static const char *const handles[] = { "screen_name", "username", NULL };
    const triage_json_t *author = triage_x_unwrap(user);

    if (message->author_id.len == 0) {
        message->author_id = triage_reader_first(x->reader, author, ids);
    }

    message->author_name = triage_reader_text(x->reader, author, "name");
    message->author_handle = triage_reader_first(x->reader, author, handles);
    message->author_followers = first_count(author, "followers_count",
                                            "public_metrics.followers_count");
    message->author_posts =
        first_count(author, "statuses_count", "public_metrics.tweet_count");
    message->author_verified = verified_of(author);

    if (triage_json_is_true(triage_json_at(author, "protected"))) {
        message->audience = TRIAGE_PRIVATE;
    }
}

bool
triage_x_is_brand(const triage_x_t *x, triage_text_t author)
{
    return author.len > 0
           && (triage_text_equal(author, x->account)
               || triage_reader_is_brand(x->reader, author));
}

triage_text_t
triage_x_text(const triage_x_t *x, const triage_json_t *value)
{
    return triage_markup_unescape(triage_json_text(value, x->reader->arena),
                                  x->reader->arena);
}

/* X says "und", "qme", "zxx", ... where it does not know. */
triage_text_t
triage_x_language(const triage_x_t *x, const triage_json_t *post)
{
    triage_text_t language = triage_reader_text(x->reader, post, "lang");

    return language.len == 2 ? language : triage_no_text;
}

static triage_outcome_t
read_body(const triage_reader_t *reader, const triage_json_t *body)
{
    return triage_json_is_object(triage_json_at(body, "data"))
               ? triage_x_read_activity(reader, body)
               : triage_x_read_account(reader, body);
}

static triage_outcome_t
x_parse(const triage_delivery_t *delivery, const triage_source_t *source,
        triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_body);
}

const triage_platform_t triage_platform_x = {
    .name = "x",
    .title = "X (Account Activity, X Activity, filtered stream)",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .challenge = x_challenge,
    .verify = x_verify,
    .parse = x_parse,
    .sign = x_sign,
};
