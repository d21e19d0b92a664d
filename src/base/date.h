/*
 * Calendar days without a clock, a time zone or a locale: a date is the number of days since
 * 1970-01-01 in the proleptic Gregorian calendar.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Days since 1970-01-01; the one typedef of the house: a scalar with a meaning. */
typedef int32_t date_t;

#define DATE_NONE INT32_MIN
#define DATE_TEXT_SIZE 11 /* "2025-03-26" and NUL */

/* "YYYY-MM-DD", years 1970 to 2199, a day that exists. */
bool date_parse(struct span text, date_t *ret_date);

/* Writes "YYYY-MM-DD" and returns `into`; DATE_NONE and days outside the years 0 to 9999
 * give "". */
const char *date_format(date_t date, char into[static DATE_TEXT_SIZE]);

/* The day of `seconds` since the epoch, UTC; DATE_NONE when it is too far away. */
date_t date_from_unix(int64_t seconds);

#define TIME_TEXT_SIZE 21 /* "2025-03-26T02:10:33Z" and NUL */

/* "YYYY-MM-DDTHH:MM:SSZ", a day as date_parse takes it, no leap seconds. */
bool time_parse(struct span text, int64_t *ret_seconds);

/* Writes "YYYY-MM-DDTHH:MM:SSZ" of seconds since the epoch and returns `into`; "" outside the years
 * that date_format knows. */
const char *time_format(int64_t seconds, char into[static TIME_TEXT_SIZE]);
