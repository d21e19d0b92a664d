#include "market/moment.h"

enum {
	DAY_LENGTH = 10,  /* "2026-07-06" */
	TIME_LENGTH = 19, /* "2026-07-06T10:10:58" */
	SECONDS_PER_DAY = 86400,
	SECONDS_PER_HOUR = 3600,
	SECONDS_PER_MINUTE = 60,
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Two digits at a place, below `limit`. */
static bool two_digits(struct span text, size_t at, int64_t limit, int64_t *ret_value)
{
	if (at + 2 > text.length || !is_digit(text.at[at]) || !is_digit(text.at[at + 1]))
		return false;
	*ret_value = (text.at[at] - '0') * 10 + (text.at[at + 1] - '0');
	return *ret_value < limit;
}

/* "+02:00", "+0200", "+02" */
static bool parse_distance(struct span text, int64_t *ret_seconds)
{
	int64_t hours, minutes = 0;
	bool colon = text.length == 6 && text.at[3] == ':';

	if (text.length != 3 && text.length != 5 && !colon)
		return false;
	if (!two_digits(text, 1, 24, &hours))
		return false;
	if (text.length > 3 && !two_digits(text, text.length - 2, SECONDS_PER_MINUTE, &minutes))
		return false;
	*ret_seconds = hours * SECONDS_PER_HOUR + minutes * SECONDS_PER_MINUTE;
	if (text.at[0] == '-')
		*ret_seconds = -*ret_seconds;
	return true;
}

bool moment_parse(struct span text, int64_t *ret_seconds)
{
	int64_t hours, minutes, seconds, distance = 0;
	date_t day;

	if (text.length < DAY_LENGTH || !date_parse((struct span){ text.at, DAY_LENGTH }, &day))
		return false;
	if (text.length == DAY_LENGTH) {
		*ret_seconds = (int64_t)day * SECONDS_PER_DAY;
		return true;
	}
	if (text.length < TIME_LENGTH ||
	    (text.at[DAY_LENGTH] != 'T' && text.at[DAY_LENGTH] != ' ') || text.at[13] != ':' ||
	    text.at[16] != ':' || !two_digits(text, 11, 24, &hours) ||
	    !two_digits(text, 14, 60, &minutes) || !two_digits(text, 17, 60, &seconds))
		return false;

	struct span rest = { text.at + TIME_LENGTH, text.length - TIME_LENGTH };
	if (rest.length > 1 && *rest.at == '.' && is_digit(rest.at[1])) {
		for (rest.at++, rest.length--; rest.length > 0 && is_digit(*rest.at); rest.length--)
			rest.at++;
	}
	if (rest.length > 0 && (*rest.at == '+' || *rest.at == '-')) {
		if (!parse_distance(rest, &distance))
			return false;
	} else if (rest.length > 0 && !span_is(rest, "Z")) {
		return false;
	}
	*ret_seconds = (int64_t)day * SECONDS_PER_DAY + hours * SECONDS_PER_HOUR +
		       minutes * SECONDS_PER_MINUTE + seconds - distance;
	return true;
}
