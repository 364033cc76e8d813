/*
 * Zendesk: comments on tickets, through event webhooks.
 */
#include "hub.h"
#include "platforms.h"
#include "reader.h"

#define SIGNATURE "X-Zendesk-Webhook-Signature"
#define TIMESTAMP "X-Zendesk-Webhook-Signature-Timestamp"

static const triage_kind_row_t kinds[] = {
    { "zen:event-type:ticket.comment_added", TRIAGE_MESSAGE },
    { "zen:event-type:ticket.comment_redacted", TRIAGE_DELETE },
    { NULL, TRIAGE_OTHER },
};

static triage_outcome_t
zendesk_verify(const triage_delivery_t *delivery,
               const triage_source_t *source, triage_arena_t *arena)
{
    const triage_text_t parts[] = {
        triage_delivery_header(delivery, TIMESTAMP),
        delivery->body,
    };
    triage_text_t signature = triage_delivery_header(delivery, SIGNATURE);

    (void) arena;

    if (source->secrets == NULL) {
        return triage_fail(TRIAGE_FORGED, "no secret to check with");
    }

    if (signature.data == NULL || parts[0].len == 0) {
        return triage_fail(TRIAGE_FORGED, "no signature");
    }

    if (!triage_keyring_signed(source->secrets, TRIAGE_SHA256, parts, 2,
                               TRIAGE_BASE64, signature))
    {
        return triage_fail(TRIAGE_FORGED, "signature does not match");
    }

    return triage_hub_check_age(delivery, source, 0,
                                triage_time_from_iso(parts[0]));
}

static triage_text_t
write_time(int64_t time, triage_arena_t *arena)
{
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    triage_text_t text = triage_no_text;

    triage_writer_init(&writer, &buffer);
    triage_write_time(&writer, time);

    if (!buffer.has_failed && buffer.len > 2) { /* without its quotes */
        text = triage_arena_copy(
            arena, (triage_text_t){ buffer.data + 1, buffer.len - 2 });
    }

    triage_buffer_free(&buffer);

    return text;
}

static triage_outcome_t
zendesk_sign(const triage_delivery_t *delivery, const triage_source_t *source,
             triage_arena_t *arena, triage_signing_t *signing)
{
    const triage_text_t parts[] = {
        write_time(delivery->received_at, arena),
        delivery->body,
    };
    triage_text_t mac =
        triage_hub_mac(source, TRIAGE_SHA256, TRIAGE_BASE64, parts, 2, arena);

    if (parts[0].data == NULL || mac.data == NULL) {
        return triage_fail(TRIAGE_DENIED, "no secret to sign with");
    }

    triage_signing_add(signing, triage_text(TIMESTAMP), parts[0]);
    triage_signing_add(signing, triage_text(SIGNATURE), mac);

    return triage_ok();
}

/* "zen:ticket:35436" where the detail has no id. */
static triage_text_t
read_ticket(const triage_reader_t *reader, const triage_json_t *event)
{
    const triage_text_t prefix = TRIAGE_TEXT("zen:ticket:");
    triage_text_t id = triage_reader_id(reader, event, "detail.id");
    triage_text_t subject = triage_reader_id(reader, event, "subject");

    if (id.data != NULL || !triage_text_starts(subject, prefix)) {
        return id;
    }

    subject.data += prefix.len;
    subject.len -= prefix.len;

    return subject;
}

static void
read_comment(const triage_reader_t *reader, triage_message_t *message,
             const triage_json_t *comment)
{
    const triage_json_t *is_public = triage_json_at(comment, "is_public");
    const triage_json_t *author = triage_json_at(comment, "author");

    message->message_id = triage_reader_id(reader, comment, "id");
    message->author_id = triage_reader_id(reader, author, "id");
    message->author_name = triage_reader_text(reader, author, "name");

    if (message->kind != TRIAGE_MESSAGE) {
        return;
    }

    /* a note among colleagues is not for the customer, nor for us */
    if (triage_json_is_bool(is_public) && !triage_json_is_true(is_public)) {
        message->kind = TRIAGE_OTHER;
        return;
    }

    message->text = triage_reader_text(reader, comment, "body");

    if (triage_json_is_true(triage_json_at(author, "is_staff"))
        || triage_reader_is_brand(reader, message->author_id))
    {
        message->kind = TRIAGE_ECHO;
    }
}

static triage_outcome_t
read_event(const triage_reader_t *reader, const triage_json_t *event)
{
    const triage_json_t *comment = triage_json_path(event, "event.comment");
    triage_message_t *message = triage_reader_add(reader);
    triage_text_t account = triage_reader_id(reader, event, "account_id");

    if (message == NULL) {
        return triage_ok();
    }

    message->kind = triage_reader_kind(triage_json_at(event, "type"), kinds);
    message->account = account.data ? account : message->account;
    message->event_id = triage_reader_id(reader, event, "id");
    message->thread_id = read_ticket(reader, event);
    message->sent_at = triage_reader_iso(event, "time");

    if (triage_json_is_object(comment)) {
        read_comment(reader, message, comment);

    } else {
        message->kind = TRIAGE_OTHER;
    }

    if (message->message_id.data == NULL) {
        message->message_id = message->event_id.data
                                  ? message->event_id
                                  : triage_reader_digest(reader);
    }

    return triage_ok();
}

static triage_outcome_t
zendesk_parse(const triage_delivery_t *delivery, const triage_source_t *source,
              triage_arena_t *arena, triage_reading_t *reading)
{
    const triage_reader_t reader = { delivery, source, arena, reading };

    return triage_reader_open(&reader, read_event);
}

const triage_platform_t triage_platform_zendesk = {
    .name = "zendesk",
    .title = "Zendesk tickets",
    .needs = TRIAGE_NEEDS_SECRET,
    .success = { .status = 200 },
    .verify = zendesk_verify,
    .parse = zendesk_parse,
    .sign = zendesk_sign,
};
