/*
 * The way of a delivery through the library, for callgrind to count: one
 * Facebook delivery, genuinely signed, is taken in and encoded into a batch.
 *
 *   stations BODY MESSAGES:TEXT-BYTES ...
 *
 * BODY is bench/ingest/body.json; its change is repeated MESSAGES times, its
 * text replaced by one of TEXT-BYTES (0: as it is).  `measured` and
 * `floor_alone` are what ./run collects in, after passes that warm up.
 * Prints the passes and the bytes of each body.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/intake/intake.h"
#include "../../src/store/batch.h"

enum { PASSES = 10, BODY_SIZE = 8192, BATCH_ROOM = 64 };

static const char secret[] = "bench-secret-0123456789";

static const char words[] =
    "I booked two seats on the evening train and now your app says that they "
    "are gone. I was charged 89.90 twice, the hotline hung up on me after 40 "
    "minutes, and my mother cannot stand for three hours. Please help us, we "
    "leave tomorrow at 18:45! Is there anybody who reads this? Our booking "
    "number is QX4711 and I have sent it to you before. We have been loyal "
    "customers for ten years and never had to complain about anything, the "
    "staff on board is always friendly. But this time nobody feels "
    "responsible, every department sends us to the next one, and the refund "
    "that was promised last week has not arrived on our account either. "
    "Thanks for an answer, we would be very grateful.";

_Static_assert(sizeof(words) > 600, "texts of 600 bytes");

typedef struct {
    const triage_platform_t *platform;
    triage_source_t source;
    triage_scorer_t *scorer;
    triage_router_t router;
    triage_delivery_t delivery;
    triage_signing_t signing;
    triage_batch_t *batch;
} bench_t;

static void
fail(const char *why)
{
    fprintf(stderr, "stations: %s\n", why);
    exit(1);
}

static triage_text_t
header(const void *request, triage_text_t name)
{
    const triage_signing_t *signing = request;

    for (size_t i = 0; i < signing->count; i++) {
        if (name.len == signing->headers[i].name.len
            && memcmp(name.data, signing->headers[i].name.data, name.len) == 0)
        {
            return signing->headers[i].value;
        }
    }

    return triage_no_text;
}

static char *
read_file(const char *path)
{
    char *text = calloc(1, BODY_SIZE);
    FILE *file = fopen(path, "rb");

    if (file == NULL || text == NULL
        || fread(text, 1, BODY_SIZE - 1, file) == 0) {
        fail("the body cannot be read");
    }
    fclose(file);

    return text;
}

/* {n} becomes the number of the message. */
static void
add_numbered(triage_buffer_t *body, triage_text_t part, size_t number)
{
    const triage_text_t mark = triage_text("{n}");
    const char *found;

    while ((found = triage_text_find(part, mark)) != NULL) {
        triage_buffer_add(
            body, (triage_text_t){ part.data, (size_t) (found - part.data) });
        triage_buffer_print(body, "%09zu", number);
        part.len -= (size_t) (found + mark.len - part.data);
        part.data = found + mark.len;
    }
    triage_buffer_add(body, part);
}

/* The text is the value of "message", which has no quote in it. */
static void
add_change(triage_buffer_t *body, triage_text_t change, size_t number,
           size_t text_bytes)
{
    const triage_text_t name = triage_text("\"message\":\"");
    const char *text = triage_text_find(change, name);
    triage_text_t after;

    if (text == NULL) {
        fail("the body has no message");
    }
    text += name.len;
    after.data = text_bytes > 0 ? strchr(text, '"') : text;
    after.len = (size_t) (change.data + change.len - after.data);
    change.len = (size_t) (text - change.data);

    add_numbered(body, change, number);
    triage_buffer_add(body, (triage_text_t){ words, text_bytes });
    add_numbered(body, after, number);
}

/* What stands between the brackets of "changes" is repeated. */
static void
make_body(triage_buffer_t *body, const char *template, size_t messages,
          size_t text_bytes)
{
    const char *start = strstr(template, "\"changes\":[");
    const char *end = strstr(template, "}]}]}");

    if (start == NULL || end == NULL) {
        fail("the body has no changes");
    }
    start = strchr(start, '[') + 1;
    end++;

    triage_buffer_add(
        body, (triage_text_t){ template, (size_t) (start - template) });
    for (size_t i = 0; i < messages; i++) {
        if (i > 0) {
            triage_buffer_add_byte(body, ',');
        }
        add_change(body, (triage_text_t){ start, (size_t) (end - start) }, i,
                   text_bytes);
    }
    triage_buffer_add(body, triage_text_of(end));
    while (body->len > 0 && body->data[body->len - 1] == '\n') {
        body->len--;
    }
}

/* The routes of bench/ingest. */
static void
make_router(triage_router_t *router)
{
    static triage_queue_t queues[4];
    static triage_route_t routes[4];
    const triage_text_t names[] = { TRIAGE_TEXT("crisis"),
                                    TRIAGE_TEXT("urgent"),
                                    TRIAGE_TEXT("public"),
                                    TRIAGE_TEXT("standard") };
    triage_text_t name;

    for (size_t i = 0; i < 4; i++) {
        triage_queue_init(&queues[i], names[i]);
        triage_queue_read(&queues[i], triage_text("respond=1h"));
        triage_route_init(&routes[i], names[i]);
    }
    triage_route_read(&routes[0], triage_text("urgency>=80"));
    triage_route_read(&routes[0], triage_text("visibility>=60"));
    triage_route_read(&routes[1], triage_text("urgency>=70"));
    triage_route_read(&routes[2], triage_text("audience=public"));
    triage_route_read(&routes[2], triage_text("urgency>=40"));

    *router = (triage_router_t){
        .queues = queues, .queue_count = 4, .routes = routes, .route_count = 4
    };
    if (triage_router_check(router, &name) != NULL) {
        fail("the routes are wrong");
    }
}

static void
open_bench(bench_t *bench)
{
    const char *why = NULL;

    bench->platform = triage_platform_find(triage_text("facebook"));
    bench->source.brand = triage_text("acme");
    bench->source.secrets = triage_keyring_read(triage_text_of(secret), &why);
    bench->scorer = triage_scorer_open(triage_no_text, &why);
    bench->batch = triage_batch_new(BATCH_ROOM);
    if (bench->source.secrets == NULL || bench->scorer == NULL
        || bench->batch == NULL)
    {
        fail("no memory");
    }
    make_router(&bench->router);
}

static void
sign(bench_t *bench, triage_text_t body, triage_arena_t *arena)
{
    bench->signing = (triage_signing_t){ .count = 0 };
    bench->delivery = (triage_delivery_t){
        .method = triage_text("POST"),
        .body = body,
        .header = header,
        .request = &bench->signing,
        .received_at = INT64_C(1795000000) * TRIAGE_SECOND,
    };
    if (bench->platform
            ->sign(&bench->delivery, &bench->source, arena, &bench->signing)
            .code
        != TRIAGE_OK)
    {
        fail("the delivery cannot be signed");
    }
}

static void
take_in(bench_t *bench)
{
    triage_heap_t heap = { NULL, 0 };
    triage_arena_t arena;
    triage_intake_t intake;
    triage_parcel_t parcel = { 0 };

    triage_arena_on_heap(&arena, &heap);
    if (triage_intake(bench->platform, &bench->source, bench->scorer,
                      &bench->router, &bench->delivery, &arena, &intake)
            .code
        != TRIAGE_OK)
    {
        fail("the delivery is refused");
    }

    parcel.platform = triage_text_of(bench->platform->name);
    parcel.brand = bench->source.brand;
    parcel.received_at = bench->delivery.received_at;
    parcel.raw = bench->delivery.body;
    parcel.failure = intake.failure;
    parcel.filings = intake.filings;
    parcel.filing_count = intake.filing_count;
    if (triage_batch_add(bench->batch, &parcel) == NULL) {
        fail("the batch is full");
    }

    triage_heap_free(&heap);
}

__attribute__((noinline, noclone)) void measured(bench_t *bench);

void
measured(bench_t *bench)
{
    for (int i = 0; i < PASSES; i++) {
        take_in(bench);
    }
}

/* MAC, parse and free: what nobody who keeps a signed delivery can leave
 * out. */
__attribute__((noinline, noclone)) void floor_alone(bench_t *bench);

void
floor_alone(bench_t *bench)
{
    uint8_t mac[TRIAGE_DIGEST_MAX];
    json_error_t error;

    for (int i = 0; i < PASSES; i++) {
        if (triage_keyring_mac(bench->source.secrets, 0, TRIAGE_SHA256,
                               &bench->delivery.body, 1, mac)
            == 0)
        {
            fail("no MAC");
        }
        json_decref(json_loadb(bench->delivery.body.data,
                               bench->delivery.body.len, 0, &error));
    }
}

static void
measure(bench_t *bench, const char *template, size_t messages,
        size_t text_bytes)
{
    triage_heap_t heap = { NULL, 0 };
    triage_arena_t arena;
    triage_buffer_t body = { NULL, 0, 0, false };

    triage_arena_on_heap(&arena, &heap);
    make_body(&body, template, messages, text_bytes);
    sign(bench, (triage_text_t){ body.data, body.len }, &arena);

    for (int i = 0; i < PASSES; i++) {
        take_in(bench); /* the batch grows to its size */
    }
    if (!triage_batch_clear(bench->batch, SIZE_MAX)) {
        fail("no memory");
    }
    measured(bench);
    floor_alone(bench);
    if (!triage_batch_clear(bench->batch, SIZE_MAX)) {
        fail("no memory");
    }

    printf("%d %zu\n", PASSES, body.len);
    triage_buffer_free(&body);
    triage_heap_free(&heap);
}

int
main(int argc, char **argv)
{
    static bench_t bench;
    size_t messages, text_bytes;
    char *template, *colon;

    if (argc < 3) {
        fprintf(stderr, "usage: stations BODY MESSAGES:TEXT-BYTES ...\n");
        return 64;
    }

    json_object_seed(1); /* hash tables alike in every run */
    template = read_file(argv[1]);
    open_bench(&bench);

    for (int i = 2; i < argc; i++) {
        messages = strtoul(argv[i], &colon, 10);
        text_bytes = *colon == ':' ? strtoul(colon + 1, NULL, 10) : 0;
        if (messages == 0 || text_bytes >= sizeof(words)) {
            fail("no such text");
        }
        measure(&bench, template, messages, text_bytes);
    }

    return 0;
}
