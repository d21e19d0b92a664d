#include "fabric/ibnetdiscover_cursor.h"

const uint8_t cursor_hex_digits[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

const char *hex_behind(struct cursor at, uint64_t *ret_number)
{
	const char *start = at.at;
	uint64_t number = 0;

	while (at.at < at.end) {
		unsigned digit = cursor_hex_digits[(unsigned char)*at.at];

		if (digit == 0)
			break;
		number = number << 4 | (digit - 1);
		at.at++;
	}
	if (at.at == start || at.at - start > HEX_DIGITS_MAXIMUM)
		return NULL;
	*ret_number = number;
	return at.at;
}

const char *extra_behind(struct cursor at)
{
	const char *close;

	if (!cursor_begins(&at, SPAN("[ext ")))
		return at.at;
	close = memchr(at.at, ']', (size_t)(at.end - at.at));
	return close ? close + 1 : NULL;
}

const char *quoted_behind(struct cursor at, struct span *ret_text)
{
	const char *open = memchr(at.at, '"', (size_t)(at.end - at.at));
	const char *close = at.end;

	if (!open)
		return NULL;
	while (close[-1] != '"')
		close--;
	close--;
	if (close == open)
		return NULL;
	*ret_text = (struct span){ open + 1, (size_t)(close - open - 1) };
	return close + 1;
}

/* The one speed that can be meant by a name, by how it begins. */
static enum graph_speed speed_like(struct span name)
{
	static const uint8_t by_letter[256] = {
		['S'] = SPEED_SDR, ['D'] = SPEED_DDR, ['Q'] = SPEED_QDR, ['F'] = SPEED_FDR,
		['E'] = SPEED_EDR, ['H'] = SPEED_HDR, ['N'] = SPEED_NDR, ['X'] = SPEED_XDR,
	};
	uint8_t speed = name.length > 0 ? by_letter[(unsigned char)name.at[0]] : SPEED_UNKNOWN;

	return speed == SPEED_FDR && span_starts(name, "FDR10") ? SPEED_FDR10 : speed;
}

/* All but FDR10 are a letter and these. */
static bool is_speed(struct span name, enum graph_speed speed)
{
	if (speed == SPEED_FDR10)
		return name.length == 5;
	return speed != SPEED_UNKNOWN && name.length == 3 && name.at[1] == 'D' && name.at[2] == 'R';
}

void rate_read(struct cursor at, uint8_t *ret_width, uint8_t *ret_speed)
{
	enum graph_speed speed;
	struct span name;
	uint32_t lanes;

	*ret_width = 0;
	*ret_speed = SPEED_UNKNOWN;
	if (at.at < at.end && *at.at == '?') {
		while (cursor_skip(&at, '?'))
			;
	} else if (cursor_number(&at, UINT8_MAX, &lanes) && cursor_skip(&at, 'x')) {
		*ret_width = (uint8_t)lanes;
	} else {
		return;
	}
	name.at = at.at;
	while (at.at < at.end && *at.at != ' ' && *at.at != '\t')
		at.at++;
	name.length = (size_t)(at.at - name.at);
	speed = speed_like(name);
	if (is_speed(name, speed))
		*ret_speed = (uint8_t)speed;
}
