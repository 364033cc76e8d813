/* Any bytes as each kind of time: none, or between 1970 and 9999. */
#include "../../src/base/clock.h"
#include "../../src/base/writer.h"
#include "fuzz.h"

static void
expect_time(int64_t time)
{
    fuzz_expect(
        time == TRIAGE_NO_TIME
            || (time >= 0 && time < INT64_C(253402300800) * TRIAGE_SECOND),
        "a time that is none of ours");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    triage_text_t text = { (const char *) data, size };
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    int64_t time = triage_time_from_iso(text);

    expect_time(time);
    expect_time(triage_time_from_x(text));
    expect_time(triage_time_from_seconds(text));
    expect_time(triage_time_from_milliseconds(text));

    /* what is written is read again */
    triage_writer_init(&writer, &buffer);
    triage_write_time(&writer, time);
    if (time != TRIAGE_NO_TIME) {
        triage_text_t written = { buffer.data + 1, buffer.len - 2 };

        fuzz_expect(triage_time_from_iso(written) == time,
                    "a time that changes when it is written");
    }
    triage_buffer_free(&buffer);

    return 0;
}
