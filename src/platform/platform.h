/*
 * What a platform is: how it checks an endpoint, how its deliveries are
 * checked, and how they are read.
 *
 * To add one: <name>.c, a row in registry.c, fixtures, a page in
 * docs/platforms.  Nothing here knows nginx, scores or queues, and nothing
 * here asks what time it is.
 */
#ifndef TRIAGE_PLATFORM_H
#define TRIAGE_PLATFORM_H

#include "../base/digest.h"
#include "../base/form.h"
#include "../base/json.h"
#include "../base/outcome.h"
#include "../message/message.h"

/* One HTTP request.  Everything belongs to the caller and outlives the
 * calls below. */
typedef struct {
    triage_text_t method; /* "GET" */
    triage_text_t url;    /* as the platform called it: scheme, host, path
                             and query (see triage_url); Twilio signs it */
    triage_text_t query;  /* behind the `?`, not decoded */
    triage_text_t body;   /* every byte as received */
    /* The value of a header, its name compared without case; no text when
     * absent.  `request` is handed back. */
    triage_text_t (*header)(const void *request, triage_text_t name);
    const void *request;
    int64_t received_at; /* µs since 1970, our clock */
} triage_delivery_t;

/* What a location was told about where its deliveries come from. */
typedef struct {
    triage_text_t brand;
    triage_text_t account;             /* used where the payload names none */
    triage_keyring_t *secrets;         /* NULL: none configured */
    triage_keyring_t *tokens;          /* of the handshake; NULL: none */
    const triage_keyring_t *brand_ids; /* own ids and handles, to know an
                                    echo where the payload does not tell;
                                    NULL: none */
    int64_t tolerance;   /* seconds that a signed time may be off; 0: the
                            platform's own rule */
    const void *options; /* of this platform alone (custom, wechat, jwt);
                            NULL: none */
} triage_source_t;

typedef struct {
    unsigned status;            /* 200, 202, 204 */
    triage_text_t content_type; /* no text: none */
    triage_text_t body;
    int64_t lease; /* seconds that the subscription lasts which this answer
                      confirms (WebSub); 0: it has no end */
} triage_reply_t;

/* The result of reading a body. */
typedef struct {
    triage_messages_t messages;
    /* Set by parse when the answer depends on the delivery (a signed
     * handshake); otherwise status is 0 and the platform's success counts. */
    triage_reply_t reply;
    /* Something in the delivery could not be read although the rest was: a
     * literal.  The rest is filed and the raw body is a dead letter too. */
    const char *problem;
    const void *notes; /* from a platform's parse to its answer, in the
                          arena; NULL: none */
} triage_reading_t;

/* A header that a signature needs, for `triage deliver`. */
typedef struct {
    triage_text_t name;
    triage_text_t value;
} triage_header_t;
#define TRIAGE_SIGNED_HEADERS_MAX 4
typedef struct {
    triage_header_t headers[TRIAGE_SIGNED_HEADERS_MAX];
    size_t count;
    triage_text_t query; /* arguments to append to the URL; usually none */
} triage_signing_t;

typedef enum {
    TRIAGE_NEEDS_SECRET = 1,  /* triage_secret must be there */
    TRIAGE_NEEDS_TOKEN = 2,   /* triage_verify_token must be there */
    TRIAGE_NEEDS_ACCOUNT = 4, /* the payload never names the account */
    TRIAGE_NEEDS_OPTIONS = 8, /* cannot work without `options` */
    TRIAGE_NEEDS_URL = 16     /* the signature covers the URL */
} triage_need_t;

/* What a platform has to be told beside secrets, by name and value: the
 * lines of triage_options {} in nginx.conf, `--option` of the command line.
 * Texts handed in are copied to the arena, which outlives the options. */
typedef struct {
    /* All at their defaults; NULL: no memory. */
    void *(*open)(triage_arena_t *arena);
    /* NULL, or what was expected, a literal. */
    const char *(*set)(void *options, triage_text_t name, triage_text_t value,
                       triage_arena_t *arena);
    /* Is the whole usable?  NULL, or what is missing. */
    const char *(*check)(const void *options);
} triage_platform_options_t;

typedef struct {
    const char *name;
    const char *title;      /* for people: "Facebook Page and Messenger" */
    unsigned needs;         /* triage_need_t, or-ed */
    triage_reply_t success; /* what a kept delivery is answered with */

    /* Answers an unsigned check of the endpoint (usually a GET).  ANSWERED
     * with the reply filled, DENIED, or IGNORED: this request is none.  NULL:
     * the platform has none, and a GET is UNEXPECTED. */
    triage_outcome_t (*challenge)(const triage_delivery_t *delivery,
                                  const triage_source_t *source,
                                  triage_arena_t *arena,
                                  triage_reply_t *reply);

    /* Is the body from the platform?  OK, FORGED or STALE.  Over the bytes
     * received, in constant time, before anything is parsed.  May use the
     * arena for decoded signatures. */
    triage_outcome_t (*verify)(const triage_delivery_t *delivery,
                               const triage_source_t *source,
                               triage_arena_t *arena);

    /* Reads a verified body.  OK with 0..n messages, ANSWERED for a signed
     * handshake (reply filled), or MALFORMED.  An unknown kind of event is a
     * message of kind OTHER, never a failure. */
    triage_outcome_t (*parse)(const triage_delivery_t *delivery,
                              const triage_source_t *source,
                              triage_arena_t *arena,
                              triage_reading_t *reading);

    /* Signs as the platform would, with the first key: for `triage deliver`
     * and tests.  NULL: nothing to add. */
    triage_outcome_t (*sign)(const triage_delivery_t *delivery,
                             const triage_source_t *source,
                             triage_arena_t *arena, triage_signing_t *signing);

    /* Writes the answer after the store kept the delivery; `duplicates` has
     * one flag a message.  NULL: `success` says all. */
    triage_outcome_t (*answer)(const triage_reading_t *reading,
                               const bool *duplicates, triage_arena_t *arena,
                               triage_reply_t *reply);

    const triage_platform_options_t *options; /* NULL: it has none */

    /* The name of the i-th header that parse reads, NULL behind the last:
     * kept with a delivery, so that a dead letter reads the same again.
     * NULL: it reads none. */
    const char *(*reads)(const triage_source_t *source, size_t i);
} triage_platform_t;

extern const triage_platform_t *const triage_platforms[]; /* ends in NULL */

const triage_platform_t *triage_platform_find(triage_text_t name);

/* The header of a delivery by a literal name. */
#define triage_delivery_header(delivery, literal)                             \
    ((delivery)->header((delivery)->request, triage_text(literal)))

#endif
