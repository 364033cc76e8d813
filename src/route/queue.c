#include "queue.h"

#define TARGET_MAX INT64_C(315360000) /* ten years */

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* The seconds of "s", "m", ...; 0 where there is no such unit. */
static int64_t
unit_of(char letter)
{
    static const struct {
        char letter;
        int64_t seconds;
    } units[] = {
        { 's', 1 },     { 'm', 60 },        { 'h', 3600 },
        { 'd', 86400 }, { 'w', 7 * 86400 },
    };

    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (units[i].letter == letter) {
            return units[i].seconds;
        }
    }

    return 0;
}

/* Takes "1h" off the text, adds its seconds. */
static bool
add_part(triage_text_t *text, int64_t *total)
{
    size_t digits = 0;
    int64_t number, unit;

    while (digits < text->len && is_digit(text->data[digits])) {
        digits++;
    }

    if (digits == text->len || digits > 9
        || !triage_text_to_int64((triage_text_t){ text->data, digits },
                                 &number))
    {
        return false;
    }

    unit = unit_of(text->data[digits]);
    *total += number * unit;
    text->data += digits + 1;
    text->len -= digits + 1;

    return unit > 0;
}

/* "15m", "1h30m", "90" (seconds), "1d": nginx's own time syntax. */
static bool
read_duration(triage_text_t text, int64_t *seconds)
{
    int64_t total = 0;

    if (triage_text_to_int64(text, seconds)) {
        return *seconds > 0 && *seconds <= TARGET_MAX;
    }

    while (text.len > 0) {
        if (!add_part(&text, &total)) {
            return false;
        }
    }

    *seconds = total;

    return total > 0 && total <= TARGET_MAX;
}

void
triage_queue_init(triage_queue_t *queue, triage_text_t name)
{
    *queue = (triage_queue_t){ .name = name, .weight = 1 };
}

static const char *
read_target(triage_text_t value, int64_t *target)
{
    int64_t seconds;

    if (!read_duration(value, &seconds)) {
        return "a time such as 15m, 4h or 1d";
    }

    *target = seconds;

    return NULL;
}

static const char *
read_respond(triage_queue_t *queue, triage_text_t value)
{
    return read_target(value, &queue->respond);
}

static const char *
read_next(triage_queue_t *queue, triage_text_t value)
{
    return read_target(value, &queue->next);
}

static const char *
read_resolve(triage_queue_t *queue, triage_text_t value)
{
    return read_target(value, &queue->resolve);
}

static const char *
read_weight(triage_queue_t *queue, triage_text_t value)
{
    int64_t weight;

    if (!triage_text_to_int64(value, &weight) || weight < 1 || weight > 100) {
        return "a weight from 1 to 100";
    }

    queue->weight = (unsigned) weight;

    return NULL;
}

static const char *
read_overflow(triage_queue_t *queue, triage_text_t value)
{
    queue->overflow = value;

    return value.len > 0 ? NULL : "the name of a queue";
}

static const char *
read_escalate(triage_queue_t *queue, triage_text_t value)
{
    queue->escalate = value;

    return value.len > 0 ? NULL : "the name of a queue";
}

static const char *
read_hours(triage_queue_t *queue, triage_text_t value)
{
    queue->hours = value;

    return value.len > 0 ? NULL : "the name of a triage_hours";
}

static const char *
read_warn(triage_queue_t *queue, triage_text_t value)
{
    int64_t percent;

    if (!triage_text_ends(value, triage_text("%"))
        || !triage_text_to_int64((triage_text_t){ value.data, value.len - 1 },
                                 &percent)
        || percent < 1 || percent > 99)
    {
        return "what is left of the target, from 1% to 99%";
    }

    queue->warn = (unsigned) percent;

    return NULL;
}

const char *
triage_queue_read(triage_queue_t *queue, triage_text_t word)
{
    static const struct {
        const char *name;
        const char *(*read)(triage_queue_t *queue, triage_text_t value);
    } settings[] = {
        { "respond", read_respond },   { "weight", read_weight },
        { "overflow", read_overflow }, { "hours", read_hours },
        { "next", read_next },         { "resolve", read_resolve },
        { "warn", read_warn },         { "escalate", read_escalate },
    };
    triage_text_t name = triage_text_until(&word, '=');

    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        if (word.data != NULL && triage_text_is(name, settings[i].name)) {
            return settings[i].read(queue, word);
        }
    }

    return "respond=, next=, resolve=, hours=, weight=, overflow=, warn= or "
           "escalate=";
}
