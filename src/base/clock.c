#include "clock.h"

#include <string.h>

/* 9999-12-31T23:59:59Z */
#define LATEST_SECOND INT64_C(253402300799)

int64_t
triage_days_from_civil(int64_t year, unsigned month, unsigned day)
{
    /* Howard Hinnant's "chrono-compatible low-level date algorithms": years
     * start in March, so that the leap day is their last */
    int64_t era;
    unsigned year_of_era, day_of_year, day_of_era;

    year -= month <= 2;
    era = (year >= 0 ? year : year - 399) / 400;
    year_of_era = (unsigned) (year - era * 400);
    day_of_year =
        (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

    return era * 146097 + (int64_t) day_of_era - 719468;
}

void
triage_civil_from_days(int64_t days, int64_t *year, unsigned *month,
                       unsigned *day)
{
    int64_t era;
    unsigned day_of_era, year_of_era, day_of_year, march_month;

    days += 719468;
    era = (days >= 0 ? days : days - 146096) / 146097;
    day_of_era = (unsigned) (days - era * 146097);
    year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524
                   - day_of_era / 146096)
                  / 365;
    day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    march_month = (5 * day_of_year + 2) / 153;

    *day = day_of_year - (153 * march_month + 2) / 5 + 1;
    *month = march_month < 10 ? march_month + 3 : march_month - 9;
    *year = (int64_t) year_of_era + era * 400 + (*month <= 2);
}

/* "123", "123.45": the whole part and the fraction in millionths of it. */
static bool
read_decimal(triage_text_t text, int64_t *whole, int64_t *millionths)
{
    triage_text_t fraction = text;
    triage_text_t digits = triage_text_until(&fraction, '.');
    int64_t scale = 100000;

    *millionths = 0;

    if (digits.len == 0 || digits.data[0] < '0' || digits.data[0] > '9'
        || !triage_text_to_int64(digits, whole))
    {
        return false;
    }

    for (size_t i = 0; i < fraction.len; i++) {
        if (fraction.data[i] < '0' || fraction.data[i] > '9') {
            return false;
        }
        *millionths += (fraction.data[i] - '0') * scale;
        scale /= 10;
    }

    return true;
}

int64_t
triage_time_from_seconds(triage_text_t text)
{
    int64_t seconds, fraction;

    if (!read_decimal(text, &seconds, &fraction) || seconds > LATEST_SECOND) {
        return TRIAGE_NO_TIME;
    }

    return seconds * TRIAGE_SECOND + fraction;
}

int64_t
triage_time_from_milliseconds(triage_text_t text)
{
    int64_t milliseconds, fraction;

    if (!read_decimal(text, &milliseconds, &fraction)
        || milliseconds / 1000 > LATEST_SECOND)
    {
        return TRIAGE_NO_TIME;
    }

    return milliseconds * 1000 + fraction / 1000;
}

static int64_t
time_of_number(const triage_json_t *value, int64_t unit)
{
    int64_t number;
    double real;

    if (triage_json_is_string(value)) {
        return unit == TRIAGE_SECOND
                   ? triage_time_from_seconds(triage_json_peek(value))
                   : triage_time_from_milliseconds(triage_json_peek(value));
    }

    if (triage_json_to_int64(value, &number)) {
        return number < 0 || number > LATEST_SECOND * (TRIAGE_SECOND / unit)
                   ? TRIAGE_NO_TIME
                   : number * unit;
    }

    if (!triage_json_to_double(value, &real) || !(real >= 0)
        || real * (double) unit > (double) LATEST_SECOND * 1e6)
    {
        return TRIAGE_NO_TIME;
    }

    return (int64_t) (real * (double) unit);
}

int64_t
triage_time_of_seconds(const triage_json_t *value)
{
    return time_of_number(value, TRIAGE_SECOND);
}

int64_t
triage_time_of_milliseconds(const triage_json_t *value)
{
    return time_of_number(value, TRIAGE_SECOND / 1000);
}

/* Takes exactly `digits` digits; -1 when they are not there. */
static int
take_number(triage_text_t *text, size_t digits)
{
    int number = 0;

    if (text->len < digits) {
        return -1;
    }

    for (size_t i = 0; i < digits; i++) {
        if (text->data[i] < '0' || text->data[i] > '9') {
            return -1;
        }
        number = number * 10 + (text->data[i] - '0');
    }

    text->data += digits;
    text->len -= digits;

    return number;
}

static bool
take_mark(triage_text_t *text, const char *marks)
{
    if (text->len == 0 || text->data[0] == '\0'
        || strchr(marks, text->data[0]) == NULL)
    {
        return false;
    }

    text->data++;
    text->len--;

    return true;
}

typedef struct {
    int year, month, day, hour, minute, second;
    int64_t microseconds;
    int64_t offset_s; /* east of Greenwich */
} civil_t;

static int64_t
time_of_civil(const civil_t *civil)
{
    int64_t seconds;

    if (civil->month < 1 || civil->month > 12 || civil->day < 1
        || civil->day > 31 || civil->hour > 23 || civil->minute > 59
        || civil->second > 60)
    {
        return TRIAGE_NO_TIME;
    }

    seconds = triage_days_from_civil(civil->year, (unsigned) civil->month,
                                     (unsigned) civil->day)
                  * 86400
              + civil->hour * 3600 + civil->minute * 60 + civil->second
              - civil->offset_s;

    if (seconds < 0 || seconds > LATEST_SECOND) {
        return TRIAGE_NO_TIME;
    }

    return seconds * TRIAGE_SECOND + civil->microseconds;
}

static void
take_fraction(triage_text_t *text, civil_t *civil)
{
    int64_t scale = 100000;

    while (text->len > 0 && text->data[0] >= '0' && text->data[0] <= '9') {
        civil->microseconds += (text->data[0] - '0') * scale;
        scale /= 10;
        text->data++;
        text->len--;
    }
}

/* "Z", "+0000", "+00:00", "+00" or nothing. */
static bool
take_zone(triage_text_t *text, civil_t *civil)
{
    int hours, minutes = 0, sign;

    if (text->len == 0 || take_mark(text, "Zz")) {
        return text->len == 0;
    }

    sign = text->data[0] == '-' ? -1 : 1;
    if (!take_mark(text, "+-")) {
        return false;
    }

    hours = take_number(text, 2);
    take_mark(text, ":");
    if (text->len > 0) {
        minutes = take_number(text, 2);
    }

    civil->offset_s = sign * (hours * 3600 + minutes * 60);

    return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60
           && text->len == 0;
}

static bool
take_clock(triage_text_t *text, civil_t *civil)
{
    civil->hour = take_number(text, 2);
    if (civil->hour < 0 || !take_mark(text, ":")) {
        return false;
    }

    civil->minute = take_number(text, 2);
    if (civil->minute < 0) {
        return false;
    }

    if (take_mark(text, ":")) {
        civil->second = take_number(text, 2);
    }

    return civil->second >= 0;
}

int64_t
triage_time_from_iso(triage_text_t text)
{
    civil_t civil = { 0 };

    civil.year = take_number(&text, 4);
    if (civil.year < 0 || !take_mark(&text, "-")) {
        return TRIAGE_NO_TIME;
    }

    civil.month = take_number(&text, 2);
    if (civil.month < 0 || !take_mark(&text, "-")) {
        return TRIAGE_NO_TIME;
    }

    civil.day = take_number(&text, 2);

    if (take_mark(&text, "Tt ")) {
        if (!take_clock(&text, &civil)) {
            return TRIAGE_NO_TIME;
        }
        if (take_mark(&text, ".,")) {
            take_fraction(&text, &civil);
        }
        take_mark(&text, " ");
        if (!take_zone(&text, &civil)) {
            return TRIAGE_NO_TIME;
        }
    }

    return text.len == 0 ? time_of_civil(&civil) : TRIAGE_NO_TIME;
}

int64_t
triage_time_of_iso(const triage_json_t *value)
{
    return triage_time_from_iso(triage_json_peek(value));
}

static int
month_number(triage_text_t name)
{
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr",
                                          "May", "Jun", "Jul", "Aug",
                                          "Sep", "Oct", "Nov", "Dec" };

    for (int i = 0; i < 12; i++) {
        if (triage_text_is(name, months[i])) {
            return i + 1;
        }
    }

    return 0;
}

int64_t
triage_time_from_x(triage_text_t text)
{
    civil_t civil = { 0 };
    triage_text_t day, clock, zone;

    triage_text_until(&text, ' '); /* the day of the week says nothing new */
    civil.month = month_number(triage_text_until(&text, ' '));
    day = triage_text_until(&text, ' ');
    clock = triage_text_until(&text, ' ');
    zone = triage_text_until(&text, ' ');

    civil.day = take_number(&day, 2);
    civil.year = take_number(&text, 4);

    if (civil.year < 0 || !take_clock(&clock, &civil) || clock.len > 0
        || !take_zone(&zone, &civil))
    {
        return TRIAGE_NO_TIME;
    }

    return time_of_civil(&civil);
}
