#include "../../src/route/hours.h"

#include <string.h>

#include "tap.h"

static bool
is_written(const char *words, const char *expected)
{
    triage_text_t rest = triage_text_of(words);
    triage_buffer_t buffer = { 0 };
    triage_writer_t writer;
    triage_hours_t hours;
    bool is_equal = true;

    triage_hours_init(&hours, triage_text("office"), triage_text("UTC"));
    while (rest.data != NULL) {
        triage_text_t word = triage_text_until(&rest, ' ');

        is_equal = is_equal && triage_hours_read(&hours, word) == NULL;
    }

    triage_writer_init(&writer, &buffer);
    triage_hours_write(&hours, &writer);
    triage_buffer_add_byte(&buffer, '\0');
    is_equal = is_equal && strcmp(buffer.data, expected) == 0;
    if (!is_equal) {
        printf("# %s\n", buffer.data);
    }
    triage_buffer_free(&buffer);

    return is_equal;
}

static void
writes(void)
{
    ok(is_written("mon-fri=09:00-12:30,13:30-18:00 sat=22:00-02:00",
                  "{\"name\":\"office\",\"zone\":\"UTC\",\"week\":["
                  "[[540,750],[810,1080]],[[540,750],[810,1080]],"
                  "[[540,750],[810,1080]],[[540,750],[810,1080]],"
                  "[[540,750],[810,1080]],[[1320,1560]],[]],\"dates\":{}}"),
       "spans of weekdays, over midnight, too");
    ok(is_written("sun-mon,wed=00:00-24:00 12-25,2027-01-01=closed",
                  "{\"name\":\"office\",\"zone\":\"UTC\",\"week\":["
                  "[[0,1440]],[],[[0,1440]],[],[],[],[[0,1440]]],"
                  "\"dates\":{\"12-25\":[],\"2027-01-01\":[]}}"),
       "lists, and dates");
    ok(is_written("mon=08:00-09:00 2027-12-30..2028-01-01=10:00-10:30",
                  "{\"name\":\"office\",\"zone\":\"UTC\",\"week\":["
                  "[[480,540]],[],[],[],[],[],[]],\"dates\":{"
                  "\"2027-12-30\":[[600,630]],\"2027-12-31\":[[600,630]],"
                  "\"2028-01-01\":[[600,630]]}}"),
       "ranges over the end of a year");
    ok(is_written("mon=08:00-09:00 02-28..03-01=closed",
                  "{\"name\":\"office\",\"zone\":\"UTC\",\"week\":["
                  "[[480,540]],[],[],[],[],[],[]],\"dates\":{"
                  "\"02-28\":[],\"02-29\":[],\"03-01\":[]}}"),
       "and over a leap day");
}

static void
limits(void)
{
    static char name[] = "1000-01-01=closed";
    triage_hours_t hours;
    int i;

    triage_hours_init(&hours, triage_text("office"), triage_text("UTC"));
    ok(!triage_hours_open(&hours), "closed until it is told otherwise");
    ok(triage_hours_read(&hours, triage_text("tue=10:00-11:00")) == NULL
           && triage_hours_open(&hours),
       "open once in a week");

    for (i = 0; i < TRIAGE_DATES_MAX; i++) {
        name[1] = (char) ('0' + i / 10 % 10);
        name[2] = (char) ('0' + i % 10);
        if (triage_hours_read(&hours, triage_text_of(name)) != NULL) {
            break;
        }
    }
    ok(i == TRIAGE_DATES_MAX
           && strcmp(
                  triage_hours_read(&hours, triage_text("2000-01-01=closed")),
                  "no more than 100 dates")
                  == 0,
       "a hundred dates");
    ok(triage_hours_read(&hours, triage_text("wed=00:00-01:00,02:00-03:00,"
                                             "04:00-05:00,06:00-07:00,"
                                             "08:00-09:00,10:00-11:00,"
                                             "12:00-13:00,14:00-15:00"))
               == NULL
           && triage_hours_read(&hours,
                                triage_text("thu=00:00-01:00,02:00-03:00,"
                                            "04:00-05:00,06:00-07:00,"
                                            "08:00-09:00,10:00-11:00,"
                                            "12:00-13:00,14:00-15:00,"
                                            "16:00-17:00"))
                  != NULL,
       "eight spans a day");
}

static void
zones(void)
{
    ok(triage_zone_is_sound(triage_text("Europe/Berlin"))
           && triage_zone_is_sound(triage_text("Etc/GMT+5"))
           && triage_zone_is_sound(triage_text("America/Port-au-Prince")),
       "names of zones");
    ok(!triage_zone_is_sound(triage_no_text)
           && !triage_zone_is_sound(triage_text("/etc/passwd"))
           && !triage_zone_is_sound(triage_text("../passwd"))
           && !triage_zone_is_sound(triage_text("a b"))
           && !triage_zone_is_sound(triage_text("Europe/Berlin\n")),
       "and what is none");
}

int
main(void)
{
    writes();
    limits();
    zones();

    return done_testing();
}
