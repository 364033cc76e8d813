#include "hours.h"

#include "../base/clock.h"

enum { DAY = 24 * 60, LONGEST_RANGE = 366 };

static const char when_expected[] =
    "days (mon to sun, as in mon-fri or mon,wed) or dates (2026-12-25, 12-25, "
    "2026-12-28..2026-12-31), then = and spans";
static const char spans_expected[] =
    "up to 8 spans in their order, such as 09:00-12:30,13:30-18:00, or closed";
static const char days_expected[] = "days that were not told yet";
static const char dates_expected[] = "no more than 100 dates";

void
triage_hours_init(triage_hours_t *hours, triage_text_t name,
                  triage_text_t zone)
{
    *hours = (triage_hours_t){ .name = name, .zone = zone };
}

bool
triage_zone_is_sound(triage_text_t zone)
{
    static const triage_text_t others = TRIAGE_TEXT("/_+-");
    size_t i;

    if (zone.len == 0 || zone.len > 64 || zone.data[0] == '/') {
        return false;
    }

    for (i = 0; i < zone.len; i++) {
        char byte = zone.data[i];
        char lower = (char) (byte | 0x20);

        if (!(lower >= 'a' && lower <= 'z') && !(byte >= '0' && byte <= '9')
            && triage_text_find(others, (triage_text_t){ &byte, 1 }) == NULL)
        {
            return false;
        }
    }

    return true;
}

bool
triage_hours_open(const triage_hours_t *hours)
{
    for (size_t i = 0; i < 7; i++) {
        if (hours->week[i].count > 0) {
            return true;
        }
    }

    return false;
}

/* --- spans -------------------------------------------------------------- */

/* Exactly `digits` of them. */
static bool
read_digits(triage_text_t text, size_t digits, int *number)
{
    *number = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        *number = *number * 10 + (text.data[i] - '0');
        if (i == 9) {
            return false;
        }
    }

    return text.len == digits;
}

/* "09:30"; 24:00 is the end of a day. */
static bool
read_minute(triage_text_t text, int *minute)
{
    triage_text_t hour = triage_text_until(&text, ':');
    int hours, minutes;

    if (!read_digits(hour, 2, &hours) || !read_digits(text, 2, &minutes)
        || minutes > 59)
    {
        return false;
    }

    *minute = hours * 60 + minutes;

    return *minute <= DAY;
}

/* One that ends before it begins ends on the next day. */
static bool
read_span(triage_text_t text, triage_span_t *span)
{
    triage_text_t opens = triage_text_until(&text, '-');

    if (!read_minute(opens, &span->opens) || span->opens == DAY
        || !read_minute(text, &span->closes) || span->closes == span->opens)
    {
        return false;
    }

    if (span->closes < span->opens) {
        span->closes += DAY;
    }

    return true;
}

static bool
read_day(triage_text_t text, triage_day_t *day)
{
    *day = (triage_day_t){ .is_told = true };
    if (triage_text_is(text, "closed")) {
        return true;
    }

    do {
        triage_text_t part = triage_text_until(&text, ',');
        triage_span_t *span = &day->spans[day->count];

        if (day->count == TRIAGE_SPANS_MAX || !read_span(part, span)
            || (day->count > 0 && span->opens < span[-1].closes))
        {
            return false;
        }
        day->count++;
    } while (text.data != NULL);

    return true;
}

/* --- weekdays ----------------------------------------------------------- */

static int
weekday_of(triage_text_t text)
{
    static const char *const names[] = { "mon", "tue", "wed", "thu",
                                         "fri", "sat", "sun" };

    for (int i = 0; i < 7; i++) {
        if (triage_text_is(text, names[i])) {
            return i;
        }
    }

    return -1;
}

/* "mon", "mon-fri", "sat-mon". */
static const char *
tell_weekdays(triage_hours_t *hours, triage_text_t part,
              const triage_day_t *day)
{
    triage_text_t from = triage_text_until(&part, '-');
    int first = weekday_of(from);
    int last = part.data == NULL ? first : weekday_of(part);
    int i;

    if (first < 0 || last < 0) {
        return when_expected;
    }

    for (i = first;; i = (i + 1) % 7) {
        if (hours->week[i].is_told) {
            return days_expected;
        }
        hours->week[i] = *day;
        if (i == last) {
            return NULL;
        }
    }
}

/* --- dates -------------------------------------------------------------- */

/* "2026-12-25" or "12-25". */
static bool
read_date(triage_text_t text, int64_t *days, bool *is_yearly)
{
    triage_text_t parts[3];
    size_t count = 0;
    int year = 2000, month, day;
    int64_t year_again;
    unsigned month_again, day_again;

    while (text.data != NULL) {
        if (count == 3) {
            return false;
        }
        parts[count++] = triage_text_until(&text, '-');
    }

    if (count < 2 || (count == 3 && !read_digits(parts[0], 4, &year))
        || !read_digits(parts[count - 2], 2, &month)
        || !read_digits(parts[count - 1], 2, &day) || month < 1 || month > 12
        || day < 1)
    {
        return false;
    }

    *is_yearly = count == 2;
    *days = triage_days_from_civil(year, (unsigned) month, (unsigned) day);
    triage_civil_from_days(*days, &year_again, &month_again, &day_again);

    return month_again == (unsigned) month; /* no 30th of February */
}

static bool
read_dates(triage_text_t part, triage_date_t *date)
{
    const char *dots = triage_text_find(part, triage_text(".."));
    triage_text_t first = part;
    bool is_yearly;

    if (dots == NULL) {
        bool is_read = read_date(part, &date->first, &date->is_yearly);

        date->last = date->first;
        return is_read;
    }

    first.len = (size_t) (dots - part.data);
    part.data += first.len + 2;
    part.len -= first.len + 2;

    return read_date(first, &date->first, &date->is_yearly)
           && read_date(part, &date->last, &is_yearly)
           && is_yearly == date->is_yearly && date->first <= date->last
           && date->last - date->first <= LONGEST_RANGE;
}

static const char *
tell_dates(triage_hours_t *hours, triage_text_t part, const triage_day_t *day)
{
    triage_date_t date = { .day = *day };

    if (!read_dates(part, &date)) {
        return when_expected;
    }

    for (size_t i = 0; i < hours->date_count; i++) {
        const triage_date_t *other = &hours->dates[i];

        if (other->is_yearly == date.is_yearly && other->first <= date.last
            && date.first <= other->last)
        {
            return days_expected;
        }
    }

    if (hours->date_count == TRIAGE_DATES_MAX) {
        return dates_expected;
    }
    hours->dates[hours->date_count++] = date;

    return NULL;
}

const char *
triage_hours_read(triage_hours_t *hours, triage_text_t word)
{
    triage_text_t when = triage_text_until(&word, '=');
    triage_day_t day;

    if (word.data == NULL) {
        return when_expected;
    }

    if (!read_day(word, &day)) {
        return spans_expected;
    }

    do {
        triage_text_t part = triage_text_until(&when, ',');
        bool is_date =
            part.len > 0 && part.data[0] >= '0' && part.data[0] <= '9';
        const char *expected = is_date ? tell_dates(hours, part, &day)
                                       : tell_weekdays(hours, part, &day);

        if (expected != NULL) {
            return expected;
        }
    } while (when.data != NULL);

    return NULL;
}

/* --- as the database takes it ------------------------------------------- */

static void
write_day(const triage_day_t *day, triage_writer_t *writer)
{
    triage_write_open(writer, '[');
    for (size_t i = 0; i < day->count; i++) {
        triage_write_open(writer, '[');
        triage_write_number(writer, day->spans[i].opens);
        triage_write_number(writer, day->spans[i].closes);
        triage_write_close(writer, ']');
    }
    triage_write_close(writer, ']');
}

static char *
put_digits(char *to, unsigned number, unsigned digits)
{
    for (unsigned i = digits; i > 0; i--) {
        to[i - 1] = (char) ('0' + number % 10);
        number /= 10;
    }

    return to + digits;
}

static void
write_date(const triage_date_t *date, int64_t days, triage_writer_t *writer)
{
    char name[16];
    char *end = name;
    unsigned month, day;
    int64_t year;

    triage_civil_from_days(days, &year, &month, &day);
    if (!date->is_yearly) {
        end = put_digits(end, (unsigned) year, 4);
        *end++ = '-';
    }
    end = put_digits(end, month, 2);
    *end++ = '-';
    end = put_digits(end, day, 2);

    triage_write_name_text(writer,
                           (triage_text_t){ name, (size_t) (end - name) });
    write_day(&date->day, writer);
}

void
triage_hours_write(const triage_hours_t *hours, triage_writer_t *writer)
{
    triage_write_open(writer, '{');
    triage_write_name(writer, "name");
    triage_write_text(writer, hours->name);
    triage_write_name(writer, "zone");
    triage_write_text(writer, hours->zone);

    triage_write_name(writer, "week");
    triage_write_open(writer, '[');
    for (size_t i = 0; i < 7; i++) {
        write_day(&hours->week[i], writer);
    }
    triage_write_close(writer, ']');

    triage_write_name(writer, "dates");
    triage_write_open(writer, '{');
    for (size_t i = 0; i < hours->date_count; i++) {
        const triage_date_t *date = &hours->dates[i];

        for (int64_t day = date->first; day <= date->last; day++) {
            write_date(date, day, writer);
        }
    }
    triage_write_close(writer, '}');
    triage_write_close(writer, '}');
}
