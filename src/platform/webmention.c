/*
 * Webmention: blogs that link to a page of the brand.  Nothing is signed:
 * the page itself has to show that it is true.
 */
#include "key.h"
#include "platforms.h"

/*
 * Anybody may send one, and only the page that it points to tells whether it
 * is true.  A worker never fetches what a stranger names: the mention is
 * filed as one that somebody else has to fetch.
 */

static bool
is_absolute(triage_text_t url)
{
    return triage_text_starts(url, triage_text("https://"))
           || triage_text_starts(url, triage_text("http://"));
}

/* "https://user@host:8080/path" is "host:8080". */
static triage_text_t
host_of(triage_text_t url)
{
    triage_text_t rest = url;
    size_t len = 0;

    (void) triage_text_until(&rest, '/');
    (void) triage_text_until(&rest, '/');

    while (len < rest.len && rest.data[len] != '/' && rest.data[len] != '?'
           && rest.data[len] != '#')
    {
        len++;
    }

    rest.len = len;

    while (len > 0) {
        if (rest.data[--len] == '@') {
            rest.data += len + 1;
            rest.len -= len + 1;
            break;
        }
    }

    return rest;
}

static bool
is_same_host(triage_text_t a, triage_text_t b)
{
    char host[256];

    if (a.len != b.len || a.len >= sizeof(host)) {
        return false;
    }

    for (size_t i = 0; i < b.len; i++) {
        host[i] = b.data[i];
    }

    host[b.len] = '\0';

    return triage_text_is_nocase(a, host);
}

typedef struct {
    triage_text_t source;
    triage_text_t target;
} pair_t;

static bool
read_pair(triage_text_t body, triage_arena_t *arena, pair_t *pair)
{
    triage_form_t form = { NULL, 0 };

    if (!triage_form_read(body, arena, &form)) {
        return false;
    }

    pair->source = triage_form_text(&form, "source", arena);
    pair->target = triage_form_text(&form, "target", arena);

    return is_absolute(pair->source) && is_absolute(pair->target)
           && host_of(pair->source).len > 0 && host_of(pair->target).len > 0
           && !triage_text_equal(pair->source, pair->target);
}

/* Nothing is signed; but what is no mention of ours is refused at once, so
 * that strangers cannot fill the store with it. */
static triage_outcome_t
webmention_verify(const triage_delivery_t *delivery,
                  const triage_source_t *source, triage_arena_t *arena)
{
    pair_t pair;

    if (!read_pair(delivery->body, arena, &pair)) {
        return triage_fail(TRIAGE_FORGED, "no source and target");
    }

    if (source->account.len > 0
        && !is_same_host(host_of(pair.target), source->account))
    {
        return triage_fail(TRIAGE_FORGED, "a target that is not ours");
    }

    return triage_ok();
}

static triage_outcome_t
webmention_parse(const triage_delivery_t *delivery,
                 const triage_source_t *source, triage_arena_t *arena,
                 triage_reading_t *reading)
{
    pair_t pair;
    triage_message_t *message;

    if (!read_pair(delivery->body, arena, &pair)) {
        return triage_fail(TRIAGE_MALFORMED, "no source and target");
    }

    message = triage_messages_add(&reading->messages, arena);

    if (message == NULL) {
        return triage_fail(TRIAGE_NO_MEMORY, "no memory to read a delivery");
    }

    message->kind = TRIAGE_MENTION;
    message->audience = TRIAGE_PUBLIC;
    message->account =
        source->account.len > 0 ? source->account : host_of(pair.target);
    message->message_id = pair.source;
    message->thread_id = pair.target;
    message->event_id = triage_key(arena, pair.source, pair.target);
    message->author_id = host_of(pair.source);
    message->needs_fetch = true;

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory to read a delivery")
               : triage_ok();
}

const triage_platform_t triage_platform_webmention = {
    .name = "webmention",
    .title = "Webmention, for blogs",
    .needs = TRIAGE_NEEDS_ACCOUNT,
    .success = { .status = 202 },
    .verify = webmention_verify,
    .parse = webmention_parse,
};
