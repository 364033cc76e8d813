#include "../../src/base/clock.h"
#include "../../src/wait/wait.h"
#include "tap.h"

#include <string.h>

#define NOW (INT64_C(1777896000) * TRIAGE_SECOND) /* 2026-05-04 12:00 */

static triage_buffer_t buffer;

static const triage_wait_t known = {
    .queue = { "urgent", 6 },
    .forecast_at = NOW - 30 * TRIAGE_SECOND,
    .wait_p50 = 480,
    .wait_p90 = 1740,
    .target = 3600,
    .waiting = 12,
    .published = 1234,
    .held = 1111,
};

static bool
said(const char *expected)
{
    triage_text_t text = { buffer.data, buffer.len };
    bool is_it = triage_text_is(text, expected);

    if (!is_it) {
        printf("# said %.*s\n", (int) text.len, text.data);
    }

    return is_it;
}

static bool
has(const char *part)
{
    size_t len = strlen(part);
    size_t i;

    for (i = 0; i + len <= buffer.len; i++) {
        if (memcmp(buffer.data + i, part, len) == 0) {
            return true;
        }
    }

    return false;
}

static bool
spans(int64_t seconds, const char *words)
{
    triage_buffer_clear(&buffer);
    triage_wait_span(&buffer, seconds);

    return said(words);
}

static void
speaks_of_spans(void)
{
    ok(spans(0, "under 1 min") && spans(59, "under 1 min"),
       "a moment is under a minute");
    ok(spans(60, "1 min") && spans(61, "2 min") && spans(5940, "99 min"),
       "minutes are rounded up");
    ok(spans(5941, "1 h 40 min") && spans(7200, "2 h")
           && spans(7201, "2 h 10 min") && spans(36000, "10 h"),
       "hours to ten minutes");
    ok(spans(36001, "11 h") && spans(172800, "48 h"), "then whole hours");
    ok(spans(172801, "3 days") && spans(864000, "10 days"), "then days");
}

static void
escapes(void)
{
    triage_buffer_clear(&buffer);
    triage_wait_escape(&buffer,
                       triage_text("<a href='\"&\x01\x7f\">\xc3\xa4"));
    ok(said("&lt;a href=&#39;&quot;&amp;??&quot;&gt;\xc3\xa4"),
       "what means something is escaped, what is forbidden is gone");
}

static void
knows_what_is_old(void)
{
    triage_wait_t wait = known;

    ok(triage_wait_is_known(&wait, NOW), "a fresh forecast is one");
    wait.forecast_at = NOW - TRIAGE_WAIT_FRESH;
    ok(!triage_wait_is_known(&wait, NOW), "one of five minutes ago is none");
    wait = known;
    wait.wait_p90 = -1;
    ok(!triage_wait_is_known(&wait, NOW), "half a forecast is none");
    ok(triage_wait_record(&known) == 900, "the record in thousandths");
    wait.published = 0;
    ok(triage_wait_record(&wait) == -1, "no record before the first");
}

static void
writes_json(void)
{
    triage_wait_t waits[2] = { known, known };

    waits[1].wait_p50 = -1;
    waits[1].published = waits[1].held = 0;
    triage_buffer_clear(&buffer);
    triage_wait_json(&buffer, waits, 2, NOW);
    ok(said("{\"queues\":[{\"queue\":\"urgent\",\"forecast_at\":"
            "\"2026-05-04T11:59:30.000000Z\",\"wait_p50\":480,"
            "\"wait_p90\":1740,\"target\":3600,\"waiting\":12,"
            "\"is_unusual\":false,\"is_open\":true,\"opens_at\":null,"
            "\"opens\":null,\"record\":{\"days\":30,"
            "\"published\":1234,\"held\":1111,\"percent\":90}},"
            "{\"queue\":\"urgent\",\"forecast_at\":null,\"wait_p50\":null,"
            "\"wait_p90\":null,\"target\":3600,\"waiting\":null,"
            "\"is_unusual\":false,\"is_open\":true,\"opens_at\":null,"
            "\"opens\":null,\"record\":{\"days\":30,\"published\":0,"
            "\"held\":0,\"percent\":null}}]}\n"),
       "what is known, and null for what is not");
    triage_buffer_clear(&buffer);
    triage_wait_json(&buffer, waits, 0, NOW);
    ok(said("{\"queues\":[]}\n"), "nothing is a document, too");
}

static void
draws_badges(void)
{
    triage_wait_t wait = known;

    triage_buffer_clear(&buffer);
    triage_wait_badge(&buffer, &wait, NOW);
    ok(has("<title>urgent: 8 min, 9 of 10 in 29 min</title>")
           && has("#15803d"),
       "a badge says both, green when the target is kept");
    wait.wait_p90 = 3601;
    triage_buffer_clear(&buffer);
    triage_wait_badge(&buffer, &wait, NOW);
    ok(has("#b45309"), "amber when not for all");
    wait.wait_p50 = 3601;
    triage_buffer_clear(&buffer);
    triage_wait_badge(&buffer, &wait, NOW);
    ok(has("#b91c1c"), "red when not for most");
    wait.queue = triage_text("<script>\"&");
    triage_buffer_clear(&buffer);
    triage_wait_badge(&buffer, &wait, NOW + TRIAGE_WAIT_FRESH);
    ok(has("no forecast") && has("#6b7280"), "grey when nothing is known");
    ok(!has("<script") && has("&lt;script&gt;&quot;&amp;"),
       "a name is only a name");
}

static void
writes_pages(void)
{
    triage_wait_t wait = known;

    wait.queue = triage_text("<script>\"&");
    wait.is_unusual = true;
    triage_buffer_clear(&buffer);
    triage_wait_page(&buffer, &wait, 1, NOW);
    ok(has("8 min</p>") && has("9 of 10 are answered in 29 min"),
       "a page says both");
    ok(has("held for 90.0% of 1234 people"), "with the record");
    ok(has("Far more people than usual"), "and what is unusual");
    ok(!has("<script") && has("&lt;script&gt;&quot;&amp;"),
       "a name is only a name");
    triage_buffer_clear(&buffer);
    triage_wait_page(&buffer, &wait, 1, NOW + TRIAGE_WAIT_FRESH);
    ok(has("no forecast") && !has("29 min"), "an old one is not shown");
    ok(!has("Far more"), "nor what was unusual");
}

/* Sunday noon: who writes now is due on Monday, an hour after it opens. */
static triage_wait_t
closed(void)
{
    triage_wait_t wait = known;

    wait.wait_p50 = 21 * 3600 + 480;
    wait.wait_p90 = 21 * 3600 + 1740;
    wait.opens_at = NOW + 21 * 3600 * TRIAGE_SECOND;
    wait.due_at = NOW + 22 * 3600 * TRIAGE_SECOND;
    wait.opens = triage_text("Monday 09:00 (Europe/Berlin)");

    return wait;
}

static void
says_that_it_is_closed(void)
{
    triage_wait_t wait = closed();

    ok(triage_wait_is_closed(&wait, NOW) && !triage_wait_is_closed(&known, NOW)
           && !triage_wait_is_closed(&wait, wait.opens_at),
       "closed is before it opens");
    ok(triage_wait_until_open(&wait, NOW) == 21 * 3600
           && triage_wait_until_open(&wait, NOW - 1) == 21 * 3600 + 1,
       "so long, rounded up");
    ok(triage_wait_aim(&wait, NOW) == 22 * 3600
           && triage_wait_aim(&known, NOW) == 3600,
       "the aim counts from when it opens");

    triage_buffer_clear(&buffer);
    triage_wait_badge(&buffer, &wait, NOW);
    ok(has("<title>urgent: closed, opens in 21 h, 9 of 10 in 22 h</title>")
           && has("#15803d"),
       "a badge says when it opens, green when the target is kept");
    triage_buffer_clear(&buffer);
    triage_wait_badge(&buffer, &wait, NOW + TRIAGE_WAIT_FRESH);
    ok(has("urgent: closed, opens in 21 h</title>"),
       "also without a forecast");

    triage_buffer_clear(&buffer);
    triage_wait_page(&buffer, &wait, 1, NOW);
    ok(has("We are closed now and open on Monday 09:00 (Europe/Berlin), in "
           "21 h.")
           && has("9 of 10 are answered in 22 h") && has("Our aim: 22 h"),
       "a page says it in words");
    ok(has("class=\"good\""), "and compares with the aim");
    triage_buffer_clear(&buffer);
    triage_wait_page(&buffer, &wait, 1, wait.opens_at);
    ok(!has("closed"), "until it opens");

    wait.opens = triage_text("<b>");
    triage_buffer_clear(&buffer);
    triage_wait_page(&buffer, &wait, 1, NOW);
    ok(!has("<b>") && has("&lt;b&gt;"), "words are only words");
    triage_buffer_clear(&buffer);
    triage_wait_json(&buffer, &wait, 1, NOW);
    ok(has("\"is_open\":false,\"opens_at\":\"2026-05-05T09:00:00.000000Z\","
           "\"opens\":\"<b>\""),
       "and for programs");
}

int
main(void)
{
    speaks_of_spans();
    escapes();
    knows_what_is_old();
    writes_json();
    draws_badges();
    writes_pages();
    says_that_it_is_closed();
    triage_buffer_free(&buffer);

    return done_testing();
}
