#include "fabric/ibnetdiscover_parts.h"

enum {
	HEX_DIGITS_MAXIMUM = 16,
};

/* One more than the digit's value; 0: no digit. */
static const uint8_t hex_digits[256] = {
	['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,
	['6'] = 7,  ['7'] = 8,  ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12,
	['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16, ['A'] = 11, ['B'] = 12,
	['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

/* A byte in each of eight. */
static inline uint64_t bytes(uint64_t byte)
{
	return byte * 0x0101010101010101u;
}

/* Eight digits at once, each in its byte of one number. */
static inline bool take_eight(const char *at, uint64_t *ret_number)
{
	uint64_t text, lower, is_letter, digits, wrong;

	memcpy(&text, at, sizeof(text));
	lower = text | bytes(0x20);
	is_letter = lower >> 6 & bytes(1);
	digits = (lower & bytes(0xf)) + 9 * is_letter;
	/* 0x30 to 0x39, or 0x61 to 0x66 whose last four bits and 9 are 10 to 15; and what became
	 * such by the bit of lower letters was a letter. */
	wrong = (lower & bytes(0xf0)) ^ (bytes(0x30) + 0x30 * is_letter);
	wrong |= digits & bytes(0x10);
	wrong |= ((digits + bytes(6)) >> 4 & bytes(1)) ^ is_letter;
	wrong |= ~(text | text >> 1) & bytes(0x20);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	digits = __builtin_bswap64(digits);
#endif
	digits = (digits | digits >> 4) & 0x00ff00ff00ff00ffu;
	digits = (digits | digits >> 8) & 0x0000ffff0000ffffu;
	*ret_number = (digits | digits >> 16) & 0xffffffffu;
	return wrong == 0;
}

/* As most GUIDs have. */
static bool take_sixteen(const char *at, uint64_t *ret_number)
{
	uint64_t high = 0, low = 0;

	if (!take_eight(at, &high) || !take_eight(at + HEX_DIGITS_MAXIMUM / 2, &low))
		return false;
	*ret_number = high << 32 | low;
	return true;
}

bool cursor_hex(struct cursor *cursor, uint64_t *ret_number)
{
	const char *start, *at = cursor->at;
	uint64_t number = 0;

	if (cursor->end - at > 2 && at[0] == '0' && at[1] == 'x')
		at += 2;
	if (cursor->end - at > HEX_DIGITS_MAXIMUM &&
	    hex_digits[(unsigned char)at[HEX_DIGITS_MAXIMUM]] == 0 &&
	    take_sixteen(at, ret_number)) {
		cursor->at = at + HEX_DIGITS_MAXIMUM;
		return true;
	}
	start = at;
	while (at < cursor->end) {
		unsigned digit = hex_digits[(unsigned char)*at];

		if (digit == 0)
			break;
		number = number << 4 | (digit - 1);
		at++;
	}
	if (at == start || at - start > HEX_DIGITS_MAXIMUM)
		return false;
	cursor->at = at;
	*ret_number = number;
	return true;
}

bool cursor_device(struct cursor *cursor, enum graph_kind *ret_kind, uint64_t *ret_guid)
{
	char kind;

	if (!cursor_skip(cursor, '"') || cursor->at == cursor->end)
		return false;
	kind = *cursor->at++;
	if (kind == 'S')
		*ret_kind = GRAPH_SWITCH;
	else if (kind == 'H')
		*ret_kind = GRAPH_ADAPTER;
	else if (kind == 'R')
		*ret_kind = GRAPH_ROUTER;
	else
		return false;
	return cursor_skip(cursor, '-') && cursor_hex(cursor, ret_guid) && *ret_guid != 0 &&
	       cursor_skip(cursor, '"');
}

bool cursor_port(struct cursor *cursor, uint32_t *ret_number)
{
	const char *close;

	if (!cursor_skip(cursor, '[') || !cursor_number(cursor, GRAPH_PORT_MAXIMUM, ret_number) ||
	    !cursor_skip(cursor, ']'))
		return false;
	if (cursor->end - cursor->at < 5 || memcmp(cursor->at, "[ext ", 5) != 0)
		return true;
	close = memchr(cursor->at, ']', (size_t)(cursor->end - cursor->at));
	if (!close)
		return false;
	cursor->at = close + 1;
	return true;
}

bool cursor_quoted(struct cursor *cursor, struct span *ret_text)
{
	const char *open = memchr(cursor->at, '"', (size_t)(cursor->end - cursor->at));
	const char *close = cursor->end;

	if (!open)
		return false;
	while (close[-1] != '"')
		close--;
	close--;
	if (close == open)
		return false;
	*ret_text = (struct span){ open + 1, (size_t)(close - open - 1) };
	cursor->at = close + 1;
	return true;
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

bool cursor_rate(struct cursor *cursor, uint8_t *ret_width, uint8_t *ret_speed)
{
	const char *x = memchr(cursor->at, 'x', (size_t)(cursor->end - cursor->at));
	enum graph_speed speed;
	struct span name;
	uint32_t lanes;

	*ret_width = 0;
	*ret_speed = SPEED_UNKNOWN;
	if (cursor->at < cursor->end && *cursor->at == '?') {
		while (cursor_skip(cursor, '?'))
			;
	} else if (x && cursor_number(cursor, UINT8_MAX, &lanes) && cursor_skip(cursor, 'x')) {
		*ret_width = (uint8_t)lanes;
	} else {
		return false;
	}
	name.at = cursor->at;
	while (cursor->at < cursor->end && *cursor->at != ' ' && *cursor->at != '\t')
		cursor->at++;
	name.length = (size_t)(cursor->at - name.at);
	speed = speed_like(name);
	if (speed != SPEED_UNKNOWN && span_is(name, graph_speed_name(speed)))
		*ret_speed = (uint8_t)speed;
	return true;
}
