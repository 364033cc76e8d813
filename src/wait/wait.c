#include "wait.h"

#include "../base/clock.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };

bool
triage_wait_is_known(const triage_wait_t *wait, int64_t now)
{
    return wait->wait_p50 >= 0 && wait->wait_p90 >= 0
           && now - wait->forecast_at < TRIAGE_WAIT_FRESH;
}

bool
triage_wait_is_closed(const triage_wait_t *wait, int64_t now)
{
    return wait->opens_at > now;
}

int64_t
triage_wait_until_open(const triage_wait_t *wait, int64_t now)
{
    return (wait->opens_at - now + TRIAGE_SECOND - 1) / TRIAGE_SECOND;
}

int64_t
triage_wait_aim(const triage_wait_t *wait, int64_t now)
{
    int64_t aim = (wait->due_at - now) / TRIAGE_SECOND;

    return aim > wait->target ? aim : wait->target;
}

int64_t
triage_wait_record(const triage_wait_t *wait)
{
    if (wait->published <= 0) {
        return -1;
    }

    return (wait->held * 1000 + wait->published / 2) / wait->published;
}

static long long
rounded_up(int64_t seconds, int64_t unit)
{
    return (long long) ((seconds + unit - 1) / unit);
}

static void
print_hours(triage_buffer_t *buffer, int64_t seconds)
{
    /* to ten minutes: more would promise a precision that nobody has */
    long long tens = rounded_up(seconds, 10 * MINUTE);

    triage_buffer_print(buffer, "%lld h", tens / 6);
    if (tens % 6 != 0) {
        triage_buffer_print(buffer, " %lld min", tens % 6 * 10);
    }
}

void
triage_wait_span(triage_buffer_t *buffer, int64_t seconds)
{
    if (seconds < MINUTE) {
        triage_buffer_add(buffer, triage_text("under 1 min"));
    } else if (seconds <= 99 * MINUTE) {
        triage_buffer_print(buffer, "%lld min", rounded_up(seconds, MINUTE));
    } else if (seconds <= 10 * HOUR) {
        print_hours(buffer, seconds);
    } else if (seconds <= 2 * DAY) {
        triage_buffer_print(buffer, "%lld h", rounded_up(seconds, HOUR));
    } else {
        triage_buffer_print(buffer, "%lld days", rounded_up(seconds, DAY));
    }
}

void
triage_wait_escape(triage_buffer_t *buffer, triage_text_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char) text.data[i];

        switch (c) {
        case '&':
            triage_buffer_add(buffer, triage_text("&amp;"));
            break;
        case '<':
            triage_buffer_add(buffer, triage_text("&lt;"));
            break;
        case '>':
            triage_buffer_add(buffer, triage_text("&gt;"));
            break;
        case '"':
            triage_buffer_add(buffer, triage_text("&quot;"));
            break;
        case '\'':
            triage_buffer_add(buffer, triage_text("&#39;"));
            break;
        default:
            triage_buffer_add_byte(buffer,
                                   c < ' ' || c == 0x7f ? '?' : (char) c);
        }
    }
}
