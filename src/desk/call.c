#include "call.h"

#include <string.h>

#include "../base/form.h"
#include "../base/json.h"
#include "../base/writer.h"

enum { TEXT_MAX = 4000, TEXTS_MAX = 64, ARGUMENTS_MAX = 64 * 1024 };

/* Taken in by the assembler, as in score/shipped.c. */
#define EMBED(symbol)                                                         \
    __asm__(".pushsection .rodata\n"                                          \
            ".hidden triage_call_" #symbol "\n"                               \
            ".globl triage_call_" #symbol "\n"                                \
            "triage_call_" #symbol ":\n"                                      \
            ".incbin \"src/desk/calls/" #symbol ".sql\"\n"                    \
            ".byte 0\n"                                                       \
            ".popsection\n");                                                 \
    extern const char triage_call_##symbol[]                                  \
        __attribute__((visibility("hidden")))

EMBED(inbox);
EMBED(conversation);
EMBED(explain);
EMBED(due);
EMBED(queues);
EMBED(response_time);
EMBED(fairness);
EMBED(forecast);
EMBED(alerts);
EMBED(picked);
EMBED(agents);
EMBED(suggest);
EMBED(claim);
EMBED(pick);
EMBED(renew);
EMBED(release);
EMBED(transfer);
EMBED(refer);
EMBED(reply);
EMBED(close);
EMBED(snooze);
EMBED(promise);
EMBED(handoff);
EMBED(retriage);
EMBED(presence);

#define LOOK(name) #name, TRIAGE_CALL_LOOKS, triage_call_##name
#define ASK(name) #name, TRIAGE_CALL_ASKS, triage_call_##name
#define CHANGE(name) #name, TRIAGE_CALL_CHANGES, triage_call_##name
#define READ(name) #name, TRIAGE_CALL_ASKS, NULL
#define CONVERSATION                                                          \
    {                                                                         \
        "conversation", TRIAGE_CALL_UUID, true                                \
    }

/* clang-format off */
const triage_call_t triage_calls[] = {
    { LOOK(inbox), { { "queue", TRIAGE_CALL_TEXT, false },
                     { "quantity", TRIAGE_CALL_NUMBER, false } } },
    { LOOK(conversation), { CONVERSATION } },
    { LOOK(explain), { { "message", TRIAGE_CALL_NUMBER, true } } },
    { LOOK(due), { { 0 } } },
    { LOOK(queues), { { 0 } } },
    { LOOK(response_time), { { "hours", TRIAGE_CALL_NUMBER, false } } },
    { LOOK(fairness), { { 0 } } },
    { LOOK(forecast), { { 0 } } },
    { LOOK(alerts), { { 0 } } },
    { LOOK(picked), { { 0 } } },
    { LOOK(agents), { { 0 } } },
    { READ(marks), { { "text", TRIAGE_CALL_TEXT, true } } },
    { ASK(suggest), { { "text", TRIAGE_CALL_TEXT, true },
                      { "zone", TRIAGE_CALL_TEXT, false } } },
    { CHANGE(claim), { { "queues", TRIAGE_CALL_TEXTS, false },
                       { "quantity", TRIAGE_CALL_NUMBER, false } } },
    { CHANGE(presence), { { "hours", TRIAGE_CALL_NUMBER, true } } },
    { CHANGE(pick), { CONVERSATION } },
    { CHANGE(renew), { CONVERSATION } },
    { CHANGE(release), { CONVERSATION } },
    { CHANGE(transfer), { CONVERSATION,
                          { "recipient", TRIAGE_CALL_TEXT, true } } },
    { CHANGE(refer), { CONVERSATION,
                       { "queue", TRIAGE_CALL_TEXT, true } } },
    { CHANGE(reply), { CONVERSATION } },
    { CHANGE(close), { CONVERSATION } },
    { CHANGE(snooze), { CONVERSATION,
                        { "until", TRIAGE_CALL_TIME, true } } },
    { CHANGE(promise), { CONVERSATION,
                         { "due_at", TRIAGE_CALL_TIME, true },
                         { "note", TRIAGE_CALL_TEXT, false } } },
    { CHANGE(handoff), { CONVERSATION,
                         { "due_at", TRIAGE_CALL_TIME, false } } },
    { CHANGE(retriage), { { "message", TRIAGE_CALL_NUMBER, true },
                          { "urgency", TRIAGE_CALL_REAL, true },
                          { "why", TRIAGE_CALL_TEXT, true },
                          { "queue", TRIAGE_CALL_TEXT, false } } },
    { NULL, TRIAGE_CALL_LOOKS, NULL, { { 0 } } },
};
/* clang-format on */

const triage_call_t *
triage_call_find(triage_text_t name)
{
    const triage_call_t *call;

    for (call = triage_calls; call->name != NULL; call++) {
        if (triage_text_is(name, call->name)) {
            return call;
        }
    }

    return NULL;
}

int
triage_call_value_count(const triage_call_t *call)
{
    int count = 1;

    while (call->parameters[count - 1].name != NULL) {
        count++;
    }

    return count;
}

/* --- types -------------------------------------------------------------- */

static bool
is_text(triage_text_t value)
{
    const char *at = value.data;
    const char *end = value.data + value.len;
    unsigned length;

    if (value.len > TEXT_MAX) {
        return false;
    }

    for (; at < end; at += length) {
        length = triage_utf8_length(at, end);
        if (length == 0 || *at == '\0') {
            return false;
        }
    }

    return true;
}

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_uuid(triage_text_t value)
{
    size_t i;

    for (i = 0; i < value.len; i++) {
        char c = value.data[i];
        bool is_dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool is_hex =
            is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');

        if (is_dash ? c != '-' : !is_hex) {
            return false;
        }
    }

    return value.len == 36;
}

static bool
is_number(triage_text_t value)
{
    int64_t number;

    return triage_text_to_int64(value, &number);
}

static bool
is_real(triage_text_t value)
{
    size_t i = value.len > 0 && value.data[0] == '-';
    size_t digits = 0;
    size_t dots = 0;

    for (; i < value.len; i++) {
        digits += is_digit(value.data[i]);
        dots += value.data[i] == '.';
    }

    return digits > 0 && dots <= 1 && value.len <= 32
           && digits + dots + (value.data[0] == '-') == value.len;
}

/* "2026-05-04T12:00:00.000Z", "2026-05-04T12:00+02:00": the form is checked
 * here, that there is such a day by PostgreSQL.  d is a digit. */
static bool
is_time(triage_text_t value)
{
    static const char form[] = "dddd-dd-ddTdd:dd";
    bool has_zone = false;
    size_t i;

    if (value.len < sizeof(form) || value.len > 40) {
        return false;
    }

    for (i = 0; i < sizeof(form) - 1; i++) {
        if (form[i] == 'd' ? !is_digit(value.data[i])
                           : value.data[i] != form[i]) {
            return false;
        }
    }

    for (; i < value.len; i++) {
        char c = value.data[i];

        has_zone |= c == 'Z' || c == '+' || c == '-';
        if (c == '\0' || (!is_digit(c) && strchr(":.+-Z", c) == NULL)) {
            return false;
        }
    }

    return has_zone;
}

static const struct {
    bool (*is_valid)(triage_text_t value);
    const char *expected;
} types[TRIAGE_CALL_TYPE_COUNT] = {
    [TRIAGE_CALL_TEXT] = { is_text, "expected a text of at most 4000 bytes" },
    [TRIAGE_CALL_UUID] = { is_uuid, "expected a uuid" },
    [TRIAGE_CALL_NUMBER] = { is_number, "expected a whole number" },
    [TRIAGE_CALL_REAL] = { is_real, "expected a number" },
    [TRIAGE_CALL_TIME] = { is_time, "expected a time with its zone" },
    [TRIAGE_CALL_TEXTS] = { NULL, "expected at most 64 texts" },
};

/* --- values ------------------------------------------------------------- */

static const char *
check(const triage_call_parameter_t *parameter, triage_text_t value)
{
    if (value.data == NULL) {
        return parameter->is_required ? "is missing" : NULL;
    }

    return types[parameter->type].is_valid == NULL
                   || types[parameter->type].is_valid(value)
               ? NULL
               : types[parameter->type].expected;
}

static size_t
find_parameter(const triage_call_t *call, triage_text_t name)
{
    size_t i = 0;

    while (call->parameters[i].name != NULL
           && !triage_text_is(name, call->parameters[i].name))
    {
        i++;
    }

    return i;
}

/* The texts of an array, written anew: what PostgreSQL reads is ours. */
static triage_text_t
read_texts(const triage_json_t *value, triage_arena_t *arena)
{
    triage_text_t copy = triage_no_text;
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    size_t count = triage_json_count(value);
    bool is_valid = triage_json_is_array(value) && count <= TEXTS_MAX;
    size_t i;

    triage_writer_init(&writer, &buffer);
    triage_write_open(&writer, '[');
    for (i = 0; i < count && is_valid; i++) {
        const triage_json_t *item = triage_json_item(value, i);

        is_valid =
            triage_json_is_string(item) && is_text(triage_json_peek(item));
        triage_write_text(&writer, triage_json_peek(item));
    }
    triage_write_close(&writer, ']');

    if (is_valid && !buffer.has_failed) {
        copy = triage_arena_copy(arena,
                                 (triage_text_t){ buffer.data, buffer.len });
    }
    triage_buffer_free(&buffer);

    return copy;
}

static bool
is_null(const triage_json_t *value)
{
    return triage_json_count(value) == 0 && !triage_json_is_array(value);
}

/* A number keeps the digits that it came with where they are whole. */
static triage_text_t
read_member(const triage_json_t *value, triage_call_type_t type,
            triage_arena_t *arena)
{
    triage_buffer_t buffer = { 0 };
    triage_text_t text = triage_no_text;
    double number;

    if (type == TRIAGE_CALL_TEXTS) {
        return read_texts(value, arena);
    }

    if (type != TRIAGE_CALL_REAL || triage_json_is_string(value)) {
        return triage_json_text(value, arena);
    }

    if (triage_json_to_double(value, &number) && number > -1e9 && number < 1e9)
    {
        triage_buffer_print(&buffer, "%.4f", number);
        if (!buffer.has_failed) {
            text = triage_arena_copy(
                arena, (triage_text_t){ buffer.data, buffer.len });
        }
        triage_buffer_free(&buffer);
    }

    return text;
}

static const char *
read_object(const triage_call_t *call, const triage_json_t *object,
            triage_arena_t *arena, triage_text_t *values, const char **which)
{
    const triage_json_t *value;
    triage_text_t name;
    void *iterator = NULL;
    size_t i;

    if (!triage_json_is_object(object)) {
        return "expected a JSON object";
    }

    while ((value = triage_json_next(object, &iterator, &name)) != NULL) {
        i = find_parameter(call, name);
        if (call->parameters[i].name == NULL) {
            return "a parameter that this call does not have";
        }
        if (is_null(value)) {
            continue;
        }

        values[i] = read_member(value, call->parameters[i].type, arena);
        if (values[i].data == NULL) {
            *which = call->parameters[i].name;
            return types[call->parameters[i].type].expected;
        }
    }

    return NULL;
}

static const char *
read_json(const triage_call_t *call, triage_text_t request,
          triage_arena_t *arena, triage_text_t *values, const char **which)
{
    const char *why;
    triage_json_t *document = triage_json_open(request, &why);

    if (document == NULL) {
        return "expected a JSON object";
    }

    why = read_object(call, document, arena, values, which);
    triage_json_close(document);

    return why;
}

static const char *
read_query(const triage_call_t *call, triage_text_t request,
           triage_arena_t *arena, triage_text_t *values)
{
    triage_form_t form;
    size_t field, i;

    if (!triage_form_read(request, arena, &form)) {
        return "too many arguments";
    }

    for (field = 0; field < form.count; field++) {
        i = find_parameter(call, form.fields[field].name);
        if (call->parameters[i].name == NULL) {
            return "a parameter that this call does not have";
        }
        if (form.fields[field].value.len > 0) {
            values[i] = form.fields[field].value;
        }
    }

    return NULL;
}

const char *
triage_call_read(const triage_call_t *call, triage_text_t request,
                 triage_arena_t *arena, triage_text_t *values,
                 const char **which)
{
    const char *why;
    size_t i;

    *which = NULL;
    for (i = 0; call->parameters[i].name != NULL; i++) {
        values[i] = triage_no_text;
    }

    if (request.len > ARGUMENTS_MAX) {
        return "too long";
    }

    why = call->way == TRIAGE_CALL_LOOKS
              ? read_query(call, request, arena, values)
              : read_json(call, request, arena, values, which);

    for (i = 0; why == NULL && call->parameters[i].name != NULL; i++) {
        why = check(&call->parameters[i], values[i]);
        *which = why != NULL ? call->parameters[i].name : NULL;
    }

    return arena->has_failed ? "no memory" : why;
}
