/* The intake with a platform of the test's own, which does what it is told;
 * and with a real one while memory fails. */
#include "../../src/intake/intake.h"
#include "tap.h"

#include <string.h>

#define MANY 40

/* What the platform is told, as its options. */
typedef struct {
    triage_outcome_t challenge, verify, parse;
    size_t messages;
    triage_kind_t kind;
    const char *problem;
    unsigned reply; /* a status of parse's own */
} script_t;

static triage_outcome_t
challenge(const triage_delivery_t *delivery, const triage_source_t *source,
          triage_arena_t *arena, triage_reply_t *reply)
{
    const script_t *script = source->options;

    (void) delivery;
    (void) arena;

    if (script->challenge.code == TRIAGE_ANSWERED) {
        reply->body = triage_text("challenge");
    }

    return script->challenge;
}

static triage_outcome_t
verify(const triage_delivery_t *delivery, const triage_source_t *source,
       triage_arena_t *arena)
{
    const script_t *script = source->options;

    (void) delivery;
    (void) arena;

    return script->verify;
}

static triage_outcome_t
parse(const triage_delivery_t *delivery, const triage_source_t *source,
      triage_arena_t *arena, triage_reading_t *reading)
{
    const script_t *script = source->options;

    (void) delivery;

    for (size_t i = 0; i < script->messages; i++) {
        triage_message_t *message =
            triage_messages_add(&reading->messages, arena);

        if (message != NULL) {
            message->kind = script->kind;
            message->message_id = triage_text("1");
            message->text = triage_text("I am stranded at the airport!");
        }
    }

    reading->problem = script->problem;
    reading->reply.status = script->reply;

    return script->parse;
}

static const triage_platform_t puppet = {
    .name = "puppet",
    .success = { .status = 204 },
    .challenge = challenge,
    .verify = verify,
    .parse = parse,
};

static triage_queue_t queues[] = {
    { .name = TRIAGE_TEXT("all"), .respond = 60, .weight = 1 },
};
static triage_route_t routes[1];
static const triage_router_t router = { queues, 1, routes, 1 };
static triage_scorer_t *scorer;
static triage_heap_t heap;
static triage_arena_t arena;
static triage_intake_t intake;

static triage_text_t
no_header(const void *request, triage_text_t name)
{
    (void) request;
    (void) name;

    return triage_no_text;
}

static triage_outcome_t
run(const char *method, script_t script)
{
    const triage_source_t source = { .brand = TRIAGE_TEXT("acme"),
                                     .options = &script };
    const triage_delivery_t delivery = { .method = triage_text_of(method),
                                         .header = no_header };

    return triage_intake(&puppet, &source, scorer, &router, &delivery, &arena,
                         &intake);
}

#define NO_CHALLENGE .challenge = { TRIAGE_IGNORED, "none" }

static void
handshakes(void)
{
    ok(run("GET", (script_t){ .challenge = { TRIAGE_ANSWERED, "hello" } }).code
               == TRIAGE_ANSWERED
           && triage_text_is(intake.reply.body, "challenge"),
       "a handshake is answered");
    ok(run("GET", (script_t){ .challenge = { TRIAGE_DENIED, "no" } }).code
           == TRIAGE_DENIED,
       "or denied");
    ok(run("GET", (script_t){ NO_CHALLENGE }).code == TRIAGE_UNEXPECTED,
       "a GET that is none is not expected");
    ok(run("PUT", (script_t){ NO_CHALLENGE }).code == TRIAGE_UNEXPECTED,
       "nor is a PUT");
    ok(run("POST",
           (script_t){ NO_CHALLENGE, .parse = { TRIAGE_ANSWERED, "ping" },
                       .reply = 200 })
                   .code
               == TRIAGE_ANSWERED
           && intake.reply.status == 200 && intake.filing_count == 0,
       "a signed handshake has a reply of its own");
}

static void
refusals(void)
{
    ok(run("POST",
           (script_t){ NO_CHALLENGE, .verify = { TRIAGE_FORGED, "wrong" },
                       .messages = 1 })
                   .code
               == TRIAGE_FORGED
           && intake.filing_count == 0 && intake.reading.messages.count == 0,
       "nothing is parsed before it is verified");
    ok(run("POST",
           (script_t){ NO_CHALLENGE, .verify = { TRIAGE_STALE, "old" } })
               .code
           == TRIAGE_STALE,
       "a stale one is refused as stale");
}

static void
filings(void)
{
    triage_outcome_t outcome =
        run("POST", (script_t){ NO_CHALLENGE, .messages = 2 });

    ok(outcome.code == TRIAGE_OK && intake.filing_count == 2
           && intake.failure == NULL && intake.reply.status == 204,
       "each message is a filing, the answer is the platform's");
    ok(intake.filings[0].queue == &queues[0]
           && intake.filings[0].score.urgency > 0
           && intake.filings[1].message == intake.filings[0].message->next,
       "scored, routed, in order");

    run("POST",
        (script_t){ NO_CHALLENGE, .messages = 1, .kind = TRIAGE_ECHO });
    ok(intake.filing_count == 1 && intake.filings[0].queue == NULL
           && intake.filings[0].score.urgency == 0,
       "what nobody waits for has no queue and no score");
}

static void
failures(void)
{
    triage_outcome_t outcome =
        run("POST", (script_t){ NO_CHALLENGE,
                                .parse = { TRIAGE_MALFORMED, "no JSON" } });

    ok(outcome.code == TRIAGE_MALFORMED
           && strcmp(intake.failure, "no JSON") == 0
           && intake.reply.status == 204,
       "what cannot be read is a dead letter, answered with success");

    outcome = run("POST", (script_t){ NO_CHALLENGE, .messages = 1,
                                      .problem = "an odd item" });
    ok(outcome.code == TRIAGE_OK && intake.filing_count == 1
           && strcmp(intake.failure, "an odd item") == 0,
       "what can be read in part is filed in part, and a dead letter too");

    outcome =
        run("POST", (script_t){ NO_CHALLENGE, .problem = "an odd item" });
    ok(outcome.code == TRIAGE_MALFORMED
           && strcmp(intake.failure, "an odd item") == 0,
       "without a single message it is unreadable");

    outcome = run("POST", (script_t){ NO_CHALLENGE });
    ok(outcome.code == TRIAGE_IGNORED && intake.failure == NULL,
       "an empty batch is nothing to keep");
}

static void
again(void)
{
    const script_t script = { .verify = { TRIAGE_FORGED, "wrong" },
                              .messages = 1 };
    const triage_source_t source = { .options = &script };
    const triage_delivery_t delivery = { .method = triage_text("POST"),
                                         .header = no_header };

    ok(triage_intake_again(&puppet, &source, scorer, &router, &delivery,
                           &arena, &intake)
                   .code
               == TRIAGE_OK
           && intake.filing_count == 1,
       "a dead letter is read again without its signature");
}

/* A delivery of many messages, so that it needs many pieces of memory. */
static triage_text_t
write_body(triage_buffer_t *buffer)
{
    triage_buffer_print(buffer, "{\"object\":\"page\",\"entry\":[{"
                                "\"id\":\"1001\",\"messaging\":[");

    for (int i = 0; i < MANY; i++) {
        triage_buffer_print(
            buffer,
            "%s{\"sender\":{\"id\":\"77\"},\"recipient\":{\"id\":\"1001\"},"
            "\"timestamp\":1700000000000,\"message\":{\"mid\":\"m_%d\","
            "\"text\":\"I am stranded at the airport, please help!\"}}",
            i > 0 ? "," : "", i);
    }

    triage_buffer_print(buffer, "]}]}");

    return (triage_text_t){ buffer->data, buffer->len };
}

static triage_text_t
signature(const void *request, triage_text_t name)
{
    return triage_text_is_nocase(name, "x-hub-signature-256")
               ? *(const triage_text_t *) request
               : triage_no_text;
}

/* The outcome when piece `fail_at` of memory is refused. */
static triage_outcome_t
run_short_of_memory(const triage_delivery_t *delivery,
                    triage_keyring_t *secrets, unsigned fail_at,
                    size_t *filings_made)
{
    const triage_source_t source = { .brand = TRIAGE_TEXT("acme"),
                                     .secrets = secrets };
    triage_heap_t short_heap = { .fail_at = fail_at };
    triage_arena_t short_arena;
    triage_intake_t short_intake;
    triage_outcome_t outcome;

    triage_arena_on_heap(&short_arena, &short_heap);
    outcome =
        triage_intake(triage_platform_find(triage_text("facebook")), &source,
                      scorer, &router, delivery, &short_arena, &short_intake);
    *filings_made = outcome.code == TRIAGE_OK ? short_intake.filing_count : 0;
    triage_heap_free(&short_heap);

    return outcome;
}

static void
memory_fails(void)
{
    const char *why;
    triage_buffer_t body = { 0 };
    triage_keyring_t *secrets =
        triage_keyring_read(triage_text("secret"), &why);
    triage_delivery_t delivery = {
        .method = triage_text("POST"),
        .body = write_body(&body),
        .header = signature,
    };
    uint8_t mac[TRIAGE_DIGEST_MAX];
    triage_text_t parts[2] = { TRIAGE_TEXT("sha256=") };
    triage_text_t header;
    triage_outcome_t outcome;
    unsigned fail_at = 0;
    size_t made;

    triage_keyring_mac(secrets, 0, TRIAGE_SHA256, &delivery.body, 1, mac);
    parts[1] = triage_hex_encode(mac, 32, &arena);
    header = triage_arena_join(&arena, parts, 2);
    delivery.request = &header;

    outcome = run_short_of_memory(&delivery, secrets, 0, &made);
    ok(outcome.code == TRIAGE_OK && made == MANY,
       "a signed delivery of a real platform is filed");

    do {
        outcome = run_short_of_memory(&delivery, secrets, ++fail_at, &made);
    } while (outcome.code == TRIAGE_NO_MEMORY);

    ok(fail_at > 1 && outcome.code == TRIAGE_OK && made == MANY,
       "whichever piece of memory is refused, it says so, or is not needed");
    printf("# %u pieces of memory\n", fail_at - 1);
    triage_keyring_free(secrets);
    triage_buffer_free(&body);
}

static const char *
reads(const triage_source_t *source, size_t i)
{
    static const char *const names[] = { "X-Kind", "X-Absent", "X-Long",
                                         NULL };

    (void) source;

    return names[i];
}

static triage_text_t
some_headers(const void *request, triage_text_t name)
{
    static const char kind[] = "new\xff";
    static char longer[1025];

    (void) request;
    memset(longer, 'x', sizeof(longer));

    if (triage_text_is(name, "X-Long")) {
        return (triage_text_t){ longer, sizeof(longer) };
    }

    return triage_text_is(name, "X-Kind") ? triage_text_of(kind)
                                          : triage_no_text;
}

static void
headers(void)
{
    const triage_platform_t curious = { .reads = reads };
    const triage_source_t source = { 0 };
    const triage_delivery_t delivery = { .header = some_headers };
    triage_text_t kept =
        triage_intake_headers(&curious, &source, &delivery, &arena);

    ok(triage_text_is(kept, "X-Kind: new\xef\xbf\xbd\n"),
       "headers are kept as UTF-8, but for those over 1,024 bytes");
    ok(triage_text_is(triage_intake_kept_header(&kept, triage_text("x-kind")),
                      "new\xef\xbf\xbd"),
       "and found again, however they are spelt");
    ok(triage_intake_kept_header(&kept, triage_text("X-Kin")).data == NULL,
       "by their whole name");
    ok(triage_intake_headers(&puppet, &source, &delivery, &arena).len == 0,
       "a platform that reads none has none kept");
}

int
main(void)
{
    const char *why;

    triage_route_init(&routes[0], triage_text("all"));
    scorer = triage_scorer_open(triage_no_text, &why);
    triage_arena_on_heap(&arena, &heap);
    ok(scorer != NULL, "the built-in signals are there");

    handshakes();
    refusals();
    filings();
    failures();
    again();
    headers();
    memory_fails();

    triage_heap_free(&heap);
    triage_scorer_close(scorer);

    return done_testing();
}
