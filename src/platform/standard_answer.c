/*
 * The checked answer to a feeder: what became of each item.
 */
#include "standard.h"

/* "/messages/3/engagement/likes" */
static void
write_where(const triage_standard_item_t *verdict, size_t index,
            triage_buffer_t *where)
{
    triage_buffer_clear(where);
    triage_buffer_add(where, triage_text_of(verdict->list));

    if (!verdict->is_alone) {
        triage_buffer_print(where, "/%zu", index);
    }

    if (verdict->fault.where[0] != '\0') {
        triage_buffer_add_byte(where, '/');
    }

    for (const char *byte = verdict->fault.where; *byte != '\0'; byte++) {
        triage_buffer_add_byte(where, *byte == '.' ? '/' : *byte);
    }
}

static void
write_verdict(triage_writer_t *writer, const triage_standard_item_t *verdict,
              size_t index, bool is_duplicate, triage_buffer_t *where)
{
    const char *result = is_duplicate ? "duplicate" : "accepted";

    triage_write_open(writer, '{');
    triage_write_name(writer, "item");
    triage_write_number(writer, (int64_t) index);
    triage_write_name(writer, "result");

    if (verdict->fault.why == NULL) {
        triage_write_string(writer, result);
        triage_write_name(writer, "message_id");
        triage_write_text(writer, verdict->message_id);

    } else {
        write_where(verdict, index, where);
        triage_write_string(writer, "wrong");
        triage_write_name(writer, "where");
        triage_write_text(writer, (triage_text_t){ where->data, where->len });
        triage_write_name(writer, "why");
        triage_write_string(writer, verdict->fault.why);
    }

    triage_write_close(writer, '}');
}

typedef struct {
    int64_t accepted, duplicate, wrong;
} tally_t;

static tally_t
count_verdicts(const triage_standard_item_t *verdict, const bool *duplicates)
{
    tally_t tally = { 0 };
    size_t filed = 0;

    for (; verdict != NULL; verdict = verdict->next) {
        if (verdict->fault.why != NULL) {
            tally.wrong++;
        } else if (duplicates != NULL && duplicates[filed++]) {
            tally.duplicate++;
        } else {
            tally.accepted++;
        }
    }

    return tally;
}

static void
write_answer(const triage_standard_item_t *verdict, const bool *duplicates,
             triage_writer_t *writer, triage_buffer_t *where)
{
    tally_t tally = count_verdicts(verdict, duplicates);
    size_t filed = 0;

    triage_write_open(writer, '{');
    triage_write_name(writer, "accepted");
    triage_write_number(writer, tally.accepted);
    triage_write_name(writer, "duplicate");
    triage_write_number(writer, tally.duplicate);
    triage_write_name(writer, "wrong");
    triage_write_number(writer, tally.wrong);
    triage_write_name(writer, "items");
    triage_write_open(writer, '[');

    for (size_t i = 0; verdict != NULL; verdict = verdict->next, i++) {
        bool is_duplicate = verdict->fault.why == NULL && duplicates != NULL
                            && duplicates[filed++];

        write_verdict(writer, verdict, i, is_duplicate, where);
    }

    triage_write_close(writer, ']');
    triage_write_close(writer, '}');
}

triage_outcome_t
triage_standard_answer(const triage_reading_t *reading, const bool *duplicates,
                       triage_arena_t *arena, triage_reply_t *reply)
{
    triage_buffer_t answer = { 0 };
    triage_buffer_t where = { 0 };
    triage_writer_t writer;

    triage_writer_init(&writer, &answer);
    write_answer(reading->notes, duplicates, &writer, &where);

    *reply = (triage_reply_t){
        .status = 200,
        .content_type = TRIAGE_TEXT("application/json"),
        .body = triage_arena_copy(arena,
                                  (triage_text_t){ answer.data, answer.len }),
    };

    if (answer.has_failed || where.has_failed) {
        arena->has_failed = true;
    }

    triage_buffer_free(&answer);
    triage_buffer_free(&where);

    return arena->has_failed
               ? triage_fail(TRIAGE_NO_MEMORY, "no memory for an answer")
               : triage_ok();
}
