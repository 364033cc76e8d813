/*
 * Points in time as the platforms write them, in µs since 1970 UTC.
 *
 * Nothing here asks what time it is: time comes in with the delivery.
 * TRIAGE_NO_TIME is "the platform did not say".
 */
#ifndef TRIAGE_CLOCK_H
#define TRIAGE_CLOCK_H

#include "json.h"

#define TRIAGE_NO_TIME INT64_MIN
#define TRIAGE_SECOND INT64_C(1000000)

/* A number (JSON number or string of digits) of seconds, with a fraction if
 * there is one ("1700000000.000200", Slack), or of milliseconds.  Numbers
 * that cannot be a time of ours (before 1970, after 9999) are NO_TIME. */
int64_t triage_time_of_seconds(const triage_json_t *value);
int64_t triage_time_of_milliseconds(const triage_json_t *value);
int64_t triage_time_from_seconds(triage_text_t text);
int64_t triage_time_from_milliseconds(triage_text_t text);

/* ISO 8601: "2020-02-05T08:39:31.1234567Z", "+0000", "+00:00", a blank for
 * the T, without a zone (then UTC), or a date alone. */
int64_t triage_time_from_iso(triage_text_t text);
int64_t triage_time_of_iso(const triage_json_t *value);

/* X v1.1: "Wed Feb 05 08:39:31 +0000 2020". */
int64_t triage_time_from_x(triage_text_t text);

/* Days since 1970 of a civil date, and back: used by the writer too. */
int64_t triage_days_from_civil(int64_t year, unsigned month, unsigned day);
void triage_civil_from_days(int64_t days, int64_t *year, unsigned *month,
                            unsigned *day);

#endif
