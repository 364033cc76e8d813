#include "../../src/message/message.h"
#include "tap.h"

#include <string.h>

static triage_heap_t heap;
static triage_arena_t arena;

static void
lists(void)
{
    triage_messages_t messages;
    triage_message_t *first, *second;

    triage_messages_init(&messages);
    ok(messages.first == NULL && messages.count == 0, "a new list is empty");
    first = triage_messages_add(&messages, &arena);
    second = triage_messages_add(&messages, &arena);
    ok(messages.first == first && first->next == second && second->next == NULL
           && messages.count == 2,
       "messages stay in their order");
    ok(first->kind == TRIAGE_OTHER && first->audience == TRIAGE_PRIVATE
           && first->sent_at == TRIAGE_NO_TIME
           && first->author_followers == TRIAGE_UNKNOWN
           && first->author_posts == TRIAGE_UNKNOWN
           && first->author_verified == TRIAGE_UNKNOWN
           && first->likes == TRIAGE_UNKNOWN
           && first->replies == TRIAGE_UNKNOWN
           && first->shares == TRIAGE_UNKNOWN && first->stars == TRIAGE_UNKNOWN
           && first->text.data == NULL,
       "a new message claims nothing");
}

static void
lists_without_memory(void)
{
    triage_heap_t broken = { .fail_at = 1 };
    triage_messages_t messages;
    triage_arena_t none;

    triage_arena_on_heap(&none, &broken);
    triage_messages_init(&messages);
    ok(triage_messages_add(&messages, &none) == NULL && messages.count == 0
           && messages.first == NULL,
       "without memory the list stays as it was");
    triage_heap_free(&broken);
}

static bool
is_bounded(triage_text_t id)
{
    const char *next = id.data;
    const char *end = id.data + id.len;

    while (next < end && triage_utf8_length(next, end) > 0) {
        next += triage_utf8_length(next, end);
    }

    return id.len > 0 && id.len <= TRIAGE_ID_MAX && next == end;
}

static void
long_ids(void)
{
    static char bytes[3][4000];
    triage_message_t message = { .message_id = TRIAGE_TEXT("short") };

    memset(bytes, 'a', sizeof(bytes));
    for (size_t i = 0; i + 1 < sizeof(bytes[1]); i += 2) {
        memcpy(&bytes[1][i], "\xc3\xa9", 2);
    }
    bytes[2][3999] = 'b';

    message.event_id = (triage_text_t){ bytes[0], sizeof(bytes[0]) };
    message.parent_id = message.event_id;
    message.thread_id = (triage_text_t){ bytes[2], sizeof(bytes[2]) };
    message.author_id = (triage_text_t){ bytes[1], sizeof(bytes[1]) };
    message.account = (triage_text_t){ bytes[0], TRIAGE_ID_MAX };
    triage_message_bound(&message, &arena);

    ok(triage_text_is(message.message_id, "short")
           && message.account.data == bytes[0]
           && message.account.len == TRIAGE_ID_MAX
           && message.author_handle.data == NULL,
       "an id that is short enough stays as it is");
    ok(is_bounded(message.event_id) && is_bounded(message.thread_id),
       "a longer one is cut");
    ok(is_bounded(message.author_id), "between characters");
    ok(triage_text_equal(message.event_id, message.parent_id),
       "equal ids stay equal");
    ok(!triage_text_equal(message.event_id, message.thread_id),
       "others stay different");
}

static void
names(void)
{
    bool all = true;

    for (unsigned i = 0; i < TRIAGE_KIND_COUNT; i++) {
        triage_kind_t kind;

        all = all
              && triage_kind_from(
                  triage_text_of(triage_kind_name((triage_kind_t) i)), &kind)
              && kind == i;
    }
    ok(all, "each kind has a name that leads back to it");

    for (unsigned i = 0; i < TRIAGE_AUDIENCE_COUNT; i++) {
        triage_audience_t audience;

        all = all
              && triage_audience_from(
                  triage_text_of(triage_audience_name((triage_audience_t) i)),
                  &audience)
              && audience == i;
    }
    ok(all, "so has each audience");

    ok(!triage_kind_from(triage_text("Message"), &(triage_kind_t){ 0 })
           && !triage_kind_from(triage_no_text, &(triage_kind_t){ 0 })
           && !triage_audience_from(triage_text("all"),
                                    &(triage_audience_t){ 0 }),
       "other words lead nowhere");
    ok(triage_kind_is_scored(TRIAGE_MESSAGE)
           && triage_kind_is_scored(TRIAGE_COMMENT)
           && triage_kind_is_scored(TRIAGE_MENTION)
           && triage_kind_is_scored(TRIAGE_REVIEW)
           && triage_kind_is_scored(TRIAGE_EDIT)
           && !triage_kind_is_scored(TRIAGE_DELETE)
           && !triage_kind_is_scored(TRIAGE_REACTION)
           && !triage_kind_is_scored(TRIAGE_ECHO)
           && !triage_kind_is_scored(TRIAGE_OTHER),
       "people wait for an answer to what they said, and to nothing else");
}

static bool
written(const triage_message_t *message, const char *json)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    bool is_same;

    triage_writer_init(&writer, &buffer);
    triage_message_write(message, triage_text("x"), triage_text("acme"),
                         &writer);
    is_same = triage_text_is((triage_text_t){ buffer.data, buffer.len }, json);
    if (!is_same) {
        printf("# %.*s\n", (int) buffer.len, buffer.data);
    }
    triage_buffer_free(&buffer);

    return is_same;
}

static void
writes(void)
{
    triage_messages_t messages;
    triage_message_t *message;

    triage_messages_init(&messages);
    message = triage_messages_add(&messages, &arena);
    ok(written(message,
               "{\"platform\":\"x\",\"brand\":\"acme\",\"account\":null,"
               "\"message_id\":null,\"event_id\":null,\"thread_id\":null,"
               "\"parent_id\":null,\"author_id\":null,\"author_name\":null,"
               "\"author_handle\":null,\"author_followers\":null,"
               "\"author_posts\":null,\"author_verified\":null,"
               "\"kind\":\"other\",\"audience\":\"private\",\"text\":null,"
               "\"engagement\":null,\"has_media\":false,"
               "\"needs_fetch\":false,\"language\":null,\"sent_at\":null}"),
       "what is not known is null");

    message->author_verified = 0;
    message->author_followers = 0;
    message->likes = 3;
    message->stars = 1;
    message->kind = TRIAGE_REVIEW;
    message->audience = TRIAGE_PUBLIC;
    message->text = triage_text("\"bad\"");
    message->sent_at = 0;
    ok(written(message,
               "{\"platform\":\"x\",\"brand\":\"acme\",\"account\":null,"
               "\"message_id\":null,\"event_id\":null,\"thread_id\":null,"
               "\"parent_id\":null,\"author_id\":null,\"author_name\":null,"
               "\"author_handle\":null,\"author_followers\":0,"
               "\"author_posts\":null,\"author_verified\":false,"
               "\"kind\":\"review\",\"audience\":\"public\","
               "\"text\":\"\\\"bad\\\"\","
               "\"engagement\":{\"likes\":3,\"stars\":1},"
               "\"has_media\":false,\"needs_fetch\":false,\"language\":null,"
               "\"sent_at\":\"1970-01-01T00:00:00.000000Z\"}"),
       "what is known is there, zero and false too");
}

int
main(void)
{
    triage_arena_on_heap(&arena, &heap);
    lists();
    lists_without_memory();
    long_ids();
    names();
    writes();
    triage_heap_free(&heap);

    return done_testing();
}
