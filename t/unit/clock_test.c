#include "../../src/base/clock.h"
#include "tap.h"

#define AT INT64_C(1580891971) /* 2020-02-05T08:39:31Z */

static bool
iso(const char *text, int64_t expected)
{
    int64_t time = triage_time_from_iso(triage_text_of(text));

    if (time != expected) {
        printf("# %s is %lld\n", text, (long long) time);
    }

    return time == expected;
}

static void
iso_times(void)
{
    const int64_t at = AT * TRIAGE_SECOND;

    ok(iso("2020-02-05T08:39:31Z", at), "Zulu time");
    ok(iso("2020-02-05 08:39:31", at), "a blank, no zone");
    ok(iso("2020-02-05T09:39:31+01:00", at)
           && iso("2020-02-05T09:39:31+0100", at)
           && iso("2020-02-05T09:39:31+01", at)
           && iso("2020-02-05T03:09:31-05:30", at),
       "zones as people write them");
    ok(iso("2020-02-05T08:39:31.123456Z", at + 123456)
           && iso("2020-02-05T08:39:31.1Z", at + 100000)
           && iso("2020-02-05T08:39:31,5Z", at + 500000),
       "fractions");
    ok(iso("2020-02-05T08:39:31.1234567890123456789012Z", at + 123456),
       "more digits than there are microseconds");
    ok(iso("2020-02-05T08:39Z", (AT - 31) * TRIAGE_SECOND), "no seconds");
    ok(iso("2020-02-05", INT64_C(1580860800) * TRIAGE_SECOND), "a date");
    ok(iso("2016-12-31T23:59:60Z", INT64_C(1483228800) * TRIAGE_SECOND),
       "a leap second is the second behind it");
    ok(iso("9999-12-31T23:59:59Z", INT64_C(253402300799) * TRIAGE_SECOND),
       "the last second");
}

static void
odd_iso_times(void)
{
    const int64_t none = TRIAGE_NO_TIME;

    ok(iso("", none) && iso("2020", none) && iso("2020-02", none)
           && iso("20-02-05", none) && iso("2020/02/05", none),
       "what is no date");
    ok(iso("2020-13-05", none) && iso("2020-00-05", none)
           && iso("2020-02-32", none) && iso("2020-02-00", none)
           && iso("2020-02-05T24:00:00Z", none)
           && iso("2020-02-05T08:60:00Z", none)
           && iso("2020-02-05T08:39:61Z", none),
       "fields out of their range");
    ok(iso("2020-02-05T08:39:31X", none) && iso("2020-02-05T08:39:31+1", none)
           && iso("2020-02-05T08:39:31+24:00", none)
           && iso("2020-02-05T08:39:31+01:60", none)
           && iso("2020-02-05T08:39:31Zz", none) && iso("2020-02-05T", none)
           && iso("2020-02-05x", none),
       "zones and tails that are none");
    ok(iso("1969-12-31T23:59:59Z", none), "before 1970");
    ok(triage_time_from_iso(triage_no_text) == none, "no text, no time");
    ok(triage_time_from_iso(triage_text("2020-02-05T08:39:31\0")) == none,
       "a NUL is not a mark");
}

static bool
seconds(const char *text, int64_t expected)
{
    return triage_time_from_seconds(triage_text_of(text)) == expected;
}

static bool
milliseconds(const char *text, int64_t expected)
{
    return triage_time_from_milliseconds(triage_text_of(text)) == expected;
}

static void
digits(void)
{
    const int64_t none = TRIAGE_NO_TIME;

    ok(seconds("1580891971", AT * TRIAGE_SECOND), "seconds");
    ok(seconds("1580891971.000200", AT * TRIAGE_SECOND + 200),
       "with a fraction, as Slack's");
    ok(milliseconds("1580891971123", AT * TRIAGE_SECOND + 123000),
       "milliseconds");
    ok(milliseconds("1580891971123.25", AT * TRIAGE_SECOND + 123250),
       "with a fraction");
    ok(seconds("", none) && seconds("-1", none) && seconds("+1", none)
           && seconds("1e9", none) && seconds("1.x", none)
           && seconds(".5", none) && seconds("253402300800", none)
           && seconds("99999999999999999999", none),
       "seconds that are no time of ours");
    ok(milliseconds("253402300800000", none)
           && milliseconds("9223372036854775807", none),
       "milliseconds that are none");
}

/* The time of the only element of an array. */
static int64_t
time_of(const char *json, int64_t (*read)(const triage_json_t *))
{
    const char *why;
    triage_json_t *document = triage_json_open(triage_text_of(json), &why);
    int64_t time = read(triage_json_item(document, 0));

    triage_json_close(document);

    return time;
}

static void
json_times(void)
{
    const int64_t none = TRIAGE_NO_TIME;

    ok(time_of("[1580891971]", triage_time_of_seconds) == AT * TRIAGE_SECOND
           && time_of("[\"1580891971\"]", triage_time_of_seconds)
                  == AT * TRIAGE_SECOND,
       "a number or a string of seconds");
    ok(time_of("[1580891971.5]", triage_time_of_seconds)
           == AT * TRIAGE_SECOND + 500000,
       "a number with a fraction");
    ok(time_of("[1580891971123]", triage_time_of_milliseconds)
           == AT * TRIAGE_SECOND + 123000,
       "milliseconds");
    ok(time_of("[-1]", triage_time_of_seconds) == none
           && time_of("[-0.5]", triage_time_of_seconds) == none
           && time_of("[9223372036854775807]", triage_time_of_seconds) == none
           && time_of("[1e300]", triage_time_of_milliseconds) == none
           && time_of("[1e400]", triage_time_of_seconds) == none
           && time_of("[true]", triage_time_of_seconds) == none
           && time_of("[null]", triage_time_of_seconds) == none,
       "values that are no time");
    ok(time_of("[\"2020-02-05T08:39:31Z\"]", triage_time_of_iso)
               == AT * TRIAGE_SECOND
           && time_of("[5]", triage_time_of_iso) == none,
       "ISO times in JSON");
    ok(triage_time_of_seconds(NULL) == none
           && triage_time_of_iso(NULL) == none,
       "an absent value is no time");
}

static bool
x(const char *text, int64_t expected)
{
    return triage_time_from_x(triage_text_of(text)) == expected;
}

static void
x_times(void)
{
    const int64_t none = TRIAGE_NO_TIME;

    ok(x("Wed Feb 05 08:39:31 +0000 2020", AT * TRIAGE_SECOND), "X's own");
    ok(x("Wed Feb 05 09:39:31 +0100 2020", AT * TRIAGE_SECOND), "its zone");
    ok(x("", none) && x("Wed", none)
           && x("Wed Foo 05 08:39:31 +0000 2020", none)
           && x("Wed Feb 05 08:39:31 +0000", none)
           && x("Wed Feb 05 08:39:31x +0000 2020", none)
           && x("Wed Feb 5 08:39:31 +0000 2020", none),
       "what is none");
}

static void
dates(void)
{
    bool all = true;

    for (int64_t days = -800000; days < 3000000; days += 1) {
        int64_t year;
        unsigned month, day;

        triage_civil_from_days(days, &year, &month, &day);
        all = all && month >= 1 && month <= 12 && day >= 1 && day <= 31
              && triage_days_from_civil(year, month, day) == days;
    }

    ok(all, "each day of 10,000 years is the day of its date");
    ok(triage_days_from_civil(1970, 1, 1) == 0
           && triage_days_from_civil(2000, 3, 1)
                      - triage_days_from_civil(2000, 2, 28)
                  == 2
           && triage_days_from_civil(2100, 3, 1)
                      - triage_days_from_civil(2100, 2, 28)
                  == 1,
       "2000 was a leap year, 2100 will be none");
}

int
main(void)
{
    iso_times();
    odd_iso_times();
    digits();
    json_times();
    x_times();
    dates();

    return done_testing();
}
