/*
 * The published wait as a badge: an SVG that fits into any page.
 */
#include "wait.h"

enum { PADDING = 16, HEIGHT = 24 };

static const char *
colour_of(const triage_wait_t *wait, int64_t now)
{
    int64_t aim = triage_wait_aim(wait, now);

    if (!triage_wait_is_known(wait, now)) {
        return "#6b7280"; /* grey */
    }

    if (wait->wait_p90 <= aim) {
        return "#15803d"; /* green: the target is kept */
    }

    return wait->wait_p50 <= aim ? "#b45309"  /* amber */
                                 : "#b91c1c"; /* red */
}

/* About as wide as the letter is in Verdana 11. */
static int
width_of_letter(char letter)
{
    switch (letter) {
    case 'i':
    case 'j':
    case 'l':
    case 'I':
    case '.':
    case ',':
    case ' ':
        return 4;
    case 'm':
    case 'w':
    case 'M':
    case 'W':
        return 10;
    default:
        return 7;
    }
}

static int
width_of(triage_text_t text)
{
    size_t i;
    int width = PADDING;

    for (i = 0; i < text.len; i++) {
        /* of UTF-8 the bytes that begin a letter */
        if (((unsigned char) text.data[i] & 0xc0) != 0x80) {
            width += width_of_letter(text.data[i]);
        }
    }

    return width;
}

static void
print_label(triage_buffer_t *buffer, int x, int width, triage_text_t label)
{
    triage_buffer_print(buffer,
                        "<text x=\"%d\" y=\"16\" textLength=\"%d\" "
                        "lengthAdjust=\"spacingAndGlyphs\">",
                        x + PADDING / 2, width - PADDING);
    triage_wait_escape(buffer, label);
    triage_buffer_add(buffer, triage_text("</text>"));
}

static void
print_badge(triage_buffer_t *buffer, triage_text_t name, triage_text_t value,
            const char *colour)
{
    int left = width_of(name);
    int right = width_of(value);

    triage_buffer_print(
        buffer,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
        "height=\"%d\" role=\"img\"><title>",
        left + right, HEIGHT);
    triage_wait_escape(buffer, name);
    triage_buffer_add(buffer, triage_text(": "));
    triage_wait_escape(buffer, value);
    triage_buffer_print(
        buffer,
        "</title><rect width=\"%d\" height=\"%d\" rx=\"5\" "
        "fill=\"#1f2937\"/>"
        "<path d=\"M%d 0h%da5 5 0 0 1 5 5v%da5 5 0 0 1-5 5H%dz\" "
        "fill=\"%s\"/>"
        "<g fill=\"#fff\" font-family=\"Verdana,DejaVu Sans,Geneva,"
        "sans-serif\" font-size=\"11\">",
        left + right, HEIGHT, left, right - 5, HEIGHT - 10, left, colour);
    print_label(buffer, 0, left, name);
    print_label(buffer, left, right, value);
    triage_buffer_add(buffer, triage_text("</g></svg>\n"));
}

static void
print_value(triage_buffer_t *value, const triage_wait_t *wait, int64_t now)
{
    bool is_known = triage_wait_is_known(wait, now);

    if (triage_wait_is_closed(wait, now)) {
        triage_buffer_add(value, triage_text("closed, opens in "));
        triage_wait_span(value, triage_wait_until_open(wait, now));
    } else if (is_known) {
        triage_wait_span(value, wait->wait_p50);
    } else {
        triage_buffer_add(value, triage_text("no forecast"));
    }

    if (is_known) {
        triage_buffer_add(value, triage_text(", 9 of 10 in "));
        triage_wait_span(value, wait->wait_p90);
    }
}

void
triage_wait_badge(triage_buffer_t *buffer, const triage_wait_t *wait,
                  int64_t now)
{
    triage_buffer_t value = { 0 };

    print_value(&value, wait, now);

    print_badge(buffer, wait->queue, (triage_text_t){ value.data, value.len },
                colour_of(wait, now));
    buffer->has_failed |= value.has_failed;
    triage_buffer_free(&value);
}
