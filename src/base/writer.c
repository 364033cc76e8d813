#include "writer.h"
#include "clock.h"

#include <string.h>

void
triage_writer_init(triage_writer_t *writer, triage_buffer_t *buffer)
{
    writer->buffer = buffer;
    writer->needs_comma = false;
}

static void
begin_value(triage_writer_t *writer)
{
    if (writer->needs_comma) {
        triage_buffer_add_byte(writer->buffer, ',');
    }

    writer->needs_comma = true;
}

static bool
must_escape(char byte)
{
    return (unsigned char) byte < 0x20 || byte == '"' || byte == '\\'
           || byte == 0x7F;
}

static void
add_escape(triage_buffer_t *buffer, char byte)
{
    switch (byte) {
    case '"':
        triage_buffer_add(buffer, triage_text("\\\""));
        return;
    case '\\':
        triage_buffer_add(buffer, triage_text("\\\\"));
        return;
    case '\n':
        triage_buffer_add(buffer, triage_text("\\n"));
        return;
    case '\r':
        triage_buffer_add(buffer, triage_text("\\r"));
        return;
    case '\t':
        triage_buffer_add(buffer, triage_text("\\t"));
        return;
    default:
        triage_buffer_print(buffer, "\\u%04x", (unsigned char) byte);
    }
}

static void
add_escaped(triage_buffer_t *buffer, triage_text_t text)
{
    size_t start = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (!must_escape(text.data[i])) {
            continue;
        }

        triage_buffer_add(buffer,
                          (triage_text_t){ text.data + start, i - start });
        add_escape(buffer, text.data[i]);
        start = i + 1;
    }

    if (start < text.len) {
        triage_buffer_add(
            buffer, (triage_text_t){ text.data + start, text.len - start });
    }
}

static bool
is_plain(triage_text_t text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (must_escape(text.data[i])) {
            return false;
        }
    }

    return true;
}

static void
add_quoted(triage_buffer_t *buffer, triage_text_t text)
{
    char *room;

    if (!is_plain(text)) {
        triage_buffer_add_byte(buffer, '"');
        add_escaped(buffer, text);
        triage_buffer_add_byte(buffer, '"');
        return;
    }

    /* nearly always: one look for room */
    room = triage_buffer_extend(buffer, text.len + 2);
    if (room == NULL) {
        return;
    }

    *room = '"';
    if (text.len > 0) {
        memcpy(room + 1, text.data, text.len);
    }
    room[text.len + 1] = '"';
}

void
triage_write_name_text(triage_writer_t *writer, triage_text_t name)
{
    begin_value(writer);
    add_quoted(writer->buffer, name);
    triage_buffer_add_byte(writer->buffer, ':');
    writer->needs_comma = false;
}

void
triage_write_name(triage_writer_t *writer, const char *name)
{
    triage_write_name_text(writer, triage_text_of(name));
}

void
triage_write_open(triage_writer_t *writer, char bracket)
{
    begin_value(writer);
    triage_buffer_add_byte(writer->buffer, bracket);
    writer->needs_comma = false;
}

void
triage_write_close(triage_writer_t *writer, char bracket)
{
    triage_buffer_add_byte(writer->buffer, bracket);
    writer->needs_comma = true;
}

void
triage_write_text(triage_writer_t *writer, triage_text_t text)
{
    if (text.data == NULL) {
        triage_write_null(writer);
        return;
    }

    begin_value(writer);
    add_quoted(writer->buffer, text);
}

void
triage_write_string(triage_writer_t *writer, const char *string)
{
    triage_write_text(writer, triage_text_of(string));
}

/* Numbers are written for every message: printf costs ten times as much. */
static void
add_digits(triage_buffer_t *buffer, uint64_t number, unsigned least)
{
    char digits[20];
    size_t start = sizeof(digits);

    do {
        digits[--start] = (char) ('0' + number % 10);
        number /= 10;
    } while (number > 0 || sizeof(digits) - start < least);

    triage_buffer_add(
        buffer, (triage_text_t){ digits + start, sizeof(digits) - start });
}

static uint64_t
add_sign(triage_buffer_t *buffer, int64_t number)
{
    if (number >= 0) {
        return (uint64_t) number;
    }

    triage_buffer_add_byte(buffer, '-');

    return 0 - (uint64_t) number;
}

void
triage_write_number(triage_writer_t *writer, int64_t number)
{
    begin_value(writer);
    add_digits(writer->buffer, add_sign(writer->buffer, number), 1);
}

/* From the right, so that it is one piece: every term of a score has two. */
void
triage_write_hundredths(triage_writer_t *writer, int64_t hundredths)
{
    char digits[24];
    size_t start = sizeof(digits);
    uint64_t size =
        hundredths < 0 ? 0 - (uint64_t) hundredths : (uint64_t) hundredths;
    uint64_t whole = size / 100;
    unsigned fraction = (unsigned) (size % 100);

    if (fraction != 0) {
        if (fraction % 10 != 0) {
            digits[--start] = (char) ('0' + fraction % 10);
        }
        digits[--start] = (char) ('0' + fraction / 10);
        digits[--start] = '.';
    }

    do {
        digits[--start] = (char) ('0' + whole % 10);
        whole /= 10;
    } while (whole > 0);

    if (hundredths < 0) {
        digits[--start] = '-';
    }

    begin_value(writer);
    triage_buffer_add(
        writer->buffer,
        (triage_text_t){ digits + start, sizeof(digits) - start });
}

void
triage_write_bool(triage_writer_t *writer, bool value)
{
    begin_value(writer);
    triage_buffer_add(writer->buffer,
                      value ? triage_text("true") : triage_text("false"));
}

void
triage_write_null(triage_writer_t *writer)
{
    begin_value(writer);
    triage_buffer_add(writer->buffer, triage_text("null"));
}

void
triage_write_time(triage_writer_t *writer, int64_t microseconds)
{
    const int64_t day_us = 86400 * TRIAGE_SECOND;
    int64_t days, rest, year;
    unsigned month, day, second;

    if (microseconds == TRIAGE_NO_TIME) {
        triage_write_null(writer);
        return;
    }

    days = microseconds / day_us;
    rest = microseconds % day_us;
    if (rest < 0) {
        rest += day_us;
        days--;
    }

    triage_civil_from_days(days, &year, &month, &day);
    second = (unsigned) (rest / TRIAGE_SECOND);

    begin_value(writer);
    triage_buffer_add_byte(writer->buffer, '"');
    add_digits(writer->buffer, add_sign(writer->buffer, year), 4);
    triage_buffer_add_byte(writer->buffer, '-');
    add_digits(writer->buffer, month, 2);
    triage_buffer_add_byte(writer->buffer, '-');
    add_digits(writer->buffer, day, 2);
    triage_buffer_add_byte(writer->buffer, 'T');
    add_digits(writer->buffer, second / 3600, 2);
    triage_buffer_add_byte(writer->buffer, ':');
    add_digits(writer->buffer, second / 60 % 60, 2);
    triage_buffer_add_byte(writer->buffer, ':');
    add_digits(writer->buffer, second % 60, 2);
    triage_buffer_add_byte(writer->buffer, '.');
    add_digits(writer->buffer, (uint64_t) (rest % TRIAGE_SECOND), 6);
    triage_buffer_add(writer->buffer, triage_text("Z\""));
}
