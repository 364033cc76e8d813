/*
 * Feeds bytes to one platform: as a body to its parser, and as headers and
 * query to its handshake and its signature.
 *
 * TRIAGE_FUZZ_PLATFORM names the platform, TRIAGE_FUZZ_OPTIONS its options,
 * "name=value" a line.  An input is a body; one that starts with '?' holds a
 * line before it, which is what every header and the query are.  Of a platform
 * with options, one that starts with '!' holds lines of options, "name value",
 * up to an empty line, and then all of that.
 */
#include "../../src/platform/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define NOW (INT64_C(1767258060) * TRIAGE_SECOND)

static const triage_platform_t *platform;
static triage_source_t source;
static triage_heap_t options_heap;
static triage_arena_t options_arena;

static void
give_up(const char *what)
{
    fprintf(stderr, "platform_fuzz: %s\n", what);
    abort();
}

static triage_keyring_t *
keys(const char *text)
{
    const char *why;
    triage_keyring_t *keyring =
        triage_keyring_read(triage_text_of(text), &why);

    if (keyring == NULL) {
        give_up(why);
    }

    return keyring;
}

/* "@name" is what is in that file of the platform's fixtures. */
static triage_text_t
value_of(triage_text_t value)
{
    static char bytes[65536];
    char path[512];
    FILE *file;
    size_t len;

    if (value.len == 0 || value.data[0] != '@') {
        return value;
    }

    snprintf(path, sizeof(path), "t/fixtures/%s/%.*s", platform->name,
             (int) value.len - 1, value.data + 1);
    file = fopen(path, "rb");
    if (file == NULL) {
        give_up("the file of an option is not there");
    }

    len = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);

    return (triage_text_t){ bytes, len };
}

static void
set_options(triage_text_t lines)
{
    void *options = platform->options->open(&options_arena);

    while (options != NULL && lines.len > 0) {
        triage_text_t value = triage_text_until(&lines, '\n');
        triage_text_t name = triage_text_until(&value, '=');

        if (name.len > 0
            && platform->options->set(options, name, value_of(value),
                                      &options_arena)
                   != NULL)
        {
            give_up("an option is wrong");
        }
    }

    source.options = options;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const char *name = getenv("TRIAGE_FUZZ_PLATFORM");

    (void) argc;
    (void) argv;

    platform = triage_platform_find(triage_text_of(name ? name : "facebook"));
    if (platform == NULL) {
        give_up("no such platform");
    }

    source.brand = triage_text("brand");
    source.account = triage_text("account");
    source.secrets = keys("secret\nwhsec_c2VjcmV0\n"
                          "whpk_iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w="
                          "\n"
                          "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG\n");
    source.tokens = keys("token\n");
    source.brand_ids = keys("1\nbrand\n");

    if (platform->options != NULL) {
        triage_arena_on_heap(&options_arena, &options_heap);
        set_options(triage_text_of(getenv("TRIAGE_FUZZ_OPTIONS")));
    }

    return 0;
}

static triage_text_t
same_header(const void *request, triage_text_t name)
{
    (void) name;

    return *(const triage_text_t *) request;
}

/* A message keeps its promises whatever came in. */
static void
check_text(triage_text_t text)
{
    const char *next = text.data;
    const char *end;

    if (text.data == NULL && text.len > 0) {
        give_up("a text without bytes");
    }

    end = text.len > 0 ? text.data + text.len : next;

    while (next < end) {
        unsigned len = triage_utf8_length(next, end);

        if (len == 0 || *next == '\0') {
            give_up("a text that is no UTF-8, or holds a NUL");
        }
        next += len;
    }
}

static void
check_message(const triage_message_t *message)
{
    const triage_text_t texts[] = {
        message->account,     message->message_id,    message->event_id,
        message->thread_id,   message->parent_id,     message->author_id,
        message->author_name, message->author_handle, message->text,
        message->language,
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        check_text(texts[i]);
    }

    if (message->message_id.len == 0) {
        give_up("a message without message_id");
    }

    if ((unsigned) message->kind >= TRIAGE_KIND_COUNT
        || (unsigned) message->audience >= TRIAGE_AUDIENCE_COUNT)
    {
        give_up("a kind or an audience that there is not");
    }

    if (message->author_followers < TRIAGE_UNKNOWN
        || message->likes < TRIAGE_UNKNOWN || message->shares < TRIAGE_UNKNOWN
        || message->replies < TRIAGE_UNKNOWN
        || message->stars < TRIAGE_UNKNOWN)
    {
        give_up("a negative count");
    }
}

static void
check_reading(const triage_reading_t *reading, triage_arena_t *arena)
{
    size_t count = 0;

    for (const triage_message_t *message = reading->messages.first;
         message != NULL; message = message->next)
    {
        check_message(message);
        count++;
    }

    if (count != reading->messages.count) {
        give_up("messages are miscounted");
    }

    if (platform->answer != NULL) {
        triage_reply_t reply = platform->success;
        bool *duplicates = triage_arena_zero(arena, count + 1);

        platform->answer(reading, duplicates, arena, &reply);
    }
}

/* With an allocation that fails, if `fail_at` is not 0. */
static void
read_body(const triage_delivery_t *delivery, unsigned fail_at)
{
    triage_heap_t heap = { .fail_at = fail_at };
    triage_arena_t arena;
    triage_reading_t reading = { .problem = NULL };
    triage_outcome_t outcome;

    triage_arena_on_heap(&arena, &heap);
    triage_messages_init(&reading.messages);
    outcome = platform->parse(delivery, &source, &arena, &reading);

    if (outcome.code != TRIAGE_OK && outcome.why == NULL) {
        give_up("an outcome without a reason");
    }

    if (outcome.code != TRIAGE_OK && outcome.code != TRIAGE_MALFORMED
        && outcome.code != TRIAGE_ANSWERED && outcome.code != TRIAGE_IGNORED
        && outcome.code != TRIAGE_NO_MEMORY)
    {
        give_up("an outcome that parse does not have");
    }

    if (!arena.has_failed) {
        check_reading(&reading, &arena);
    }

    triage_heap_free(&heap);
}

static void
check_request(triage_delivery_t *delivery)
{
    triage_heap_t heap = { 0 };
    triage_arena_t arena;
    triage_reply_t reply = { 0 };

    triage_arena_on_heap(&arena, &heap);
    platform->verify(delivery, &source, &arena);

    if (platform->challenge != NULL) {
        delivery->method = triage_text("GET");
        platform->challenge(delivery, &source, &arena, &reply);
        delivery->method = triage_text("POST");
    }

    triage_heap_free(&heap);
}

/* The options at the start of an input; NULL when nginx would refuse them. */
static const void *
read_options(triage_text_t *input, triage_arena_t *arena)
{
    void *options = platform->options->open(arena);
    triage_text_t line;

    if (input->len > 0) {
        input->data++;
        input->len--;
    }

    while (options != NULL && (line = triage_text_until(input, '\n')).len > 0)
    {
        triage_text_t name = triage_text_until(&line, ' ');

        platform->options->set(options, name,
                               line.data ? line : triage_text(""), arena);
    }

    return options != NULL && platform->options->check(options) == NULL
               ? options
               : NULL;
}

static int
test_input(triage_text_t body)
{
    triage_text_t header = triage_no_text;
    triage_delivery_t delivery = {
        .method = TRIAGE_TEXT("POST"),
        .url = TRIAGE_TEXT("https://hooks.example.com/hooks/any"),
        .header = same_header,
        .request = &header,
        .received_at = NOW,
    };

    if (body.len > 0 && body.data[0] == '?') {
        body.data++;
        body.len--;
        header = triage_text_until(&body, '\n');
        delivery.query = header;
    }

    delivery.body = body.data == NULL ? triage_text("") : body;

    check_request(&delivery);
    read_body(&delivery, 0);
    read_body(&delivery, 1 + (unsigned) body.len % 7);

    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const void *given = source.options;
    triage_text_t input = { (const char *) data, size };
    triage_heap_t heap = { 0 };
    triage_arena_t arena;

    if (size == 0 || data[0] != '!' || platform->options == NULL) {
        return test_input(input);
    }

    triage_arena_on_heap(&arena, &heap);
    source.options = read_options(&input, &arena);

    if (source.options != NULL) {
        test_input(input);
    }

    source.options = given;
    triage_heap_free(&heap);

    return 0;
}
