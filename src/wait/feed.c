/*
 * The published waits as JSON.
 */
#include "wait.h"

#include "../base/clock.h"
#include "../base/writer.h"

static void
write_span(triage_writer_t *writer, const char *name, bool is_known,
           int64_t seconds)
{
    triage_write_name(writer, name);
    if (is_known && seconds >= 0) {
        triage_write_number(writer, seconds);
    } else {
        triage_write_null(writer);
    }
}

static void
write_record(triage_writer_t *writer, const triage_wait_t *wait)
{
    int64_t share = triage_wait_record(wait);

    triage_write_name(writer, "record");
    triage_write_open(writer, '{');
    triage_write_name(writer, "days");
    triage_write_number(writer, 30);
    triage_write_name(writer, "published");
    triage_write_number(writer, wait->published);
    triage_write_name(writer, "held");
    triage_write_number(writer, wait->held);
    triage_write_name(writer, "percent");
    if (share >= 0) {
        triage_write_hundredths(writer, share * 10);
    } else {
        triage_write_null(writer);
    }
    triage_write_close(writer, '}');
}

static void
write_hours(triage_writer_t *writer, const triage_wait_t *wait, int64_t now)
{
    bool is_closed = triage_wait_is_closed(wait, now);

    triage_write_name(writer, "is_open");
    triage_write_bool(writer, !is_closed);
    triage_write_name(writer, "opens_at");
    triage_write_time(writer, is_closed ? wait->opens_at : TRIAGE_NO_TIME);
    triage_write_name(writer, "opens");
    if (is_closed) {
        triage_write_text(writer, wait->opens);
    } else {
        triage_write_null(writer);
    }
}

static void
write_wait(triage_writer_t *writer, const triage_wait_t *wait, int64_t now)
{
    bool is_known = triage_wait_is_known(wait, now);

    triage_write_open(writer, '{');
    triage_write_name(writer, "queue");
    triage_write_text(writer, wait->queue);
    triage_write_name(writer, "forecast_at");
    triage_write_time(writer, is_known ? wait->forecast_at : TRIAGE_NO_TIME);
    write_span(writer, "wait_p50", is_known, wait->wait_p50);
    write_span(writer, "wait_p90", is_known, wait->wait_p90);
    write_span(writer, "target", true, wait->target);
    write_span(writer, "waiting", is_known, wait->waiting);
    triage_write_name(writer, "is_unusual");
    triage_write_bool(writer, is_known && wait->is_unusual);
    write_hours(writer, wait, now);
    write_record(writer, wait);
    triage_write_close(writer, '}');
}

void
triage_wait_json(triage_buffer_t *buffer, const triage_wait_t *waits,
                 size_t count, int64_t now)
{
    triage_writer_t writer;
    size_t i;

    triage_writer_init(&writer, buffer);
    triage_write_open(&writer, '{');
    triage_write_name(&writer, "queues");
    triage_write_open(&writer, '[');
    for (i = 0; i < count; i++) {
        write_wait(&writer, &waits[i], now);
    }
    triage_write_close(&writer, ']');
    triage_write_close(&writer, '}');
    triage_buffer_add_byte(buffer, '\n');
}
