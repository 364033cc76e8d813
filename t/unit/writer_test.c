#include "../../src/base/clock.h"
#include "../../src/base/writer.h"
#include "tap.h"

static triage_buffer_t buffer;
static triage_writer_t writer;

static void
start(void)
{
    triage_buffer_clear(&buffer);
    triage_writer_init(&writer, &buffer);
}

static bool
wrote(const char *json)
{
    triage_text_t text = { buffer.data, buffer.len };

    if (!triage_text_is(text, json)) {
        printf("# wrote %.*s\n", (int) text.len, text.data);
        return false;
    }

    return true;
}

static void
nests(void)
{
    start();
    triage_write_open(&writer, '{');
    triage_write_name(&writer, "a");
    triage_write_open(&writer, '[');
    triage_write_number(&writer, -1);
    triage_write_bool(&writer, true);
    triage_write_bool(&writer, false);
    triage_write_null(&writer);
    triage_write_open(&writer, '{');
    triage_write_close(&writer, '}');
    triage_write_close(&writer, ']');
    triage_write_name(&writer, "b");
    triage_write_string(&writer, "c");
    triage_write_close(&writer, '}');
    ok(wrote("{\"a\":[-1,true,false,null,{}],\"b\":\"c\"}"),
       "commas stand where they belong");
}

static void
escapes(void)
{
    start();
    triage_write_text(&writer, triage_text("\"\\\n\r\t\b\x7F\x01/\0é😀"));
    ok(wrote("\"\\\"\\\\\\n\\r\\t\\u0008\\u007f\\u0001/\\u0000é😀\""),
       "quotes and controls are escaped, other characters are not");
    start();
    triage_write_text(&writer, triage_no_text);
    ok(wrote("null"), "no text is null");
    start();
    triage_write_text(&writer, triage_text(""));
    ok(wrote("\"\""), "an empty text is an empty string");
    start();
    triage_write_open(&writer, '{');
    triage_write_name_text(&writer, triage_text("a\"b"));
    triage_write_null(&writer);
    triage_write_close(&writer, '}');
    ok(wrote("{\"a\\\"b\":null}"), "names are escaped too");
}

static bool
hundredths(int64_t number, const char *json)
{
    start();
    triage_write_hundredths(&writer, number);

    return wrote(json);
}

static bool
time_is(int64_t time, const char *json)
{
    start();
    triage_write_time(&writer, time);

    return wrote(json);
}

static void
numbers(void)
{
    ok(hundredths(0, "0") && hundredths(1250, "12.5")
           && hundredths(1205, "12.05") && hundredths(7, "0.07")
           && hundredths(100, "1"),
       "hundredths are decimals without idle zeros");
    ok(hundredths(-1205, "-12.05") && hundredths(-7, "-0.07")
           && hundredths(INT64_MIN, "-92233720368547758.08"),
       "below zero too");
}

static void
times(void)
{
    ok(time_is(0, "\"1970-01-01T00:00:00.000000Z\""), "the first moment");
    ok(time_is(INT64_C(1580891971123456), "\"2020-02-05T08:39:31.123456Z\""),
       "a time with its microseconds");
    ok(time_is(-1, "\"1969-12-31T23:59:59.999999Z\""), "before 1970");
    ok(time_is(INT64_C(1709164800000000), "\"2024-02-29T00:00:00.000000Z\""),
       "a leap day");
    ok(time_is(TRIAGE_NO_TIME, "null"), "no time is null");
}

int
main(void)
{
    nests();
    escapes();
    numbers();
    times();
    triage_buffer_free(&buffer);

    return done_testing();
}
