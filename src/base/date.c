#include "base/date.h"

enum {
	YEAR_FIRST = 1970,
	YEAR_LAST = 2199,
	SECONDS_PER_DAY = 86400,
	/* Days are counted in eras of 400 years from 0000-03-01, so that the leap day ends a year:
	 * Howard Hinnant, "chrono-compatible low-level date algorithms", days_from_civil. */
	DAYS_PER_ERA = 146097,
	DAYS_PER_YEAR = 365,
	DAYS_TO_EPOCH = 719468, /* 0000-03-01 to 1970-01-01 */
	DAY_FIRST = -719528,    /* 0000-01-01 */
	DAY_LAST = 2932896,     /* 9999-12-31 */
};

struct civil {
	int year;
	int month; /* 1 to 12 */
	int day;   /* 1 to 31 */
};

/* For years from 0. */
static int days_of(struct civil civil)
{
	int year = civil.month <= 2 ? civil.year - 1 : civil.year;
	int era = (year >= 0 ? year : year - 399) / 400;
	int year_of_era = year - era * 400;
	int month_from_march = (civil.month + 9) % 12;
	int day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
	int day_of_era =
		year_of_era * DAYS_PER_YEAR + year_of_era / 4 - year_of_era / 100 + day_of_year;

	return era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH;
}

static struct civil civil_of(int days)
{
	int shifted = days + DAYS_TO_EPOCH;
	int era = (shifted >= 0 ? shifted : shifted - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
	int day_of_era = shifted - era * DAYS_PER_ERA;
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			   day_of_era / (DAYS_PER_ERA - 1)) /
			  DAYS_PER_YEAR;
	int day_of_year =
		day_of_era - (DAYS_PER_YEAR * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month_from_march = (5 * day_of_year + 2) / 153;
	int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;

	return (struct civil){
		.year = year_of_era + era * 400 + (month <= 2 ? 1 : 0),
		.month = month,
		.day = day_of_year - (153 * month_from_march + 2) / 5 + 1,
	};
}

static bool parse_part(struct span text, size_t from, size_t length, int *ret_part)
{
	uint64_t value;

	if (!span_to_u64((struct span){ .at = text.at + from, .length = length }, &value))
		return false;
	*ret_part = (int)value;
	return true;
}

bool date_parse(struct span text, date_t *ret_date)
{
	struct civil civil;

	if (text.length != DATE_TEXT_SIZE - 1 || text.at[4] != '-' || text.at[7] != '-')
		return false;
	if (!parse_part(text, 0, 4, &civil.year) || !parse_part(text, 5, 2, &civil.month) ||
	    !parse_part(text, 8, 2, &civil.day))
		return false;
	if (civil.year < YEAR_FIRST || civil.year > YEAR_LAST)
		return false;
	if (civil.month < 1 || civil.month > 12 || civil.day < 1)
		return false;

	/* A day that does not exist comes back as another one: 02-30 as 03-02. */
	int days = days_of(civil);
	if (civil_of(days).day != civil.day)
		return false;
	*ret_date = days;
	return true;
}

static void write_digits(char *into, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--) {
		into[i] = (char)('0' + value % 10);
		value /= 10;
	}
}

const char *date_format(date_t date, char into[static DATE_TEXT_SIZE])
{
	into[0] = '\0';
	if (date < DAY_FIRST || date > DAY_LAST)
		return into;

	struct civil civil = civil_of(date);
	write_digits(into, civil.year, 4);
	into[4] = '-';
	write_digits(into + 5, civil.month, 2);
	into[7] = '-';
	write_digits(into + 8, civil.day, 2);
	into[DATE_TEXT_SIZE - 1] = '\0';
	return into;
}

date_t date_from_unix(int64_t seconds)
{
	int64_t days = seconds / SECONDS_PER_DAY;

	if (seconds % SECONDS_PER_DAY < 0)
		days--;
	if (days <= INT32_MIN || days > INT32_MAX)
		return DATE_NONE;
	return (date_t)days;
}

/* Two digits that are at most `maximum`. */
static bool take_two(const char *at, unsigned maximum, unsigned *ret_value)
{
	if (at[0] < '0' || at[0] > '9' || at[1] < '0' || at[1] > '9')
		return false;
	*ret_value = 10 * (unsigned)(at[0] - '0') + (unsigned)(at[1] - '0');
	return *ret_value <= maximum;
}

bool time_parse(struct span text, int64_t *ret_seconds)
{
	unsigned hour, minute, second;
	date_t day;

	if (text.length != TIME_TEXT_SIZE - 1 || text.at[10] != 'T' || text.at[13] != ':' ||
	    text.at[16] != ':' || text.at[19] != 'Z' ||
	    !date_parse((struct span){ text.at, DATE_TEXT_SIZE - 1 }, &day) ||
	    !take_two(text.at + 11, 23, &hour) || !take_two(text.at + 14, 59, &minute) ||
	    !take_two(text.at + 17, 59, &second))
		return false;
	*ret_seconds = day * (int64_t)SECONDS_PER_DAY + hour * 3600 + minute * 60 + second;
	return true;
}

const char *time_format(int64_t seconds, char into[static TIME_TEXT_SIZE])
{
	date_t day = date_from_unix(seconds);
	int rest;

	into[0] = '\0';
	if (day == DATE_NONE || date_format(day, into)[0] == '\0')
		return into;
	rest = (int)(seconds - day * (int64_t)SECONDS_PER_DAY);
	into[10] = 'T';
	write_digits(into + 11, rest / 3600, 2);
	into[13] = ':';
	write_digits(into + 14, rest / 60 % 60, 2);
	into[16] = ':';
	write_digits(into + 17, rest % 60, 2);
	into[19] = 'Z';
	into[TIME_TEXT_SIZE - 1] = '\0';
	return into;
}
