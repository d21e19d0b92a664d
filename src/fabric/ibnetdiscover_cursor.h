/*
 * A place in one line of ibnetdiscover's text, and what can stand there. Private to the files that
 * read it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/span.h"
#include "fabric/graph.h"

struct cursor {
	const char *at, *end;
};

/* Of each line of a large text: a place has to stay in registers, which it does only where nobody
 * else is given its address. What stands on few lines is in functions that take the place by value
 * and return the one behind, or NULL. */
#define IN_LINE static inline __attribute__((always_inline))

IN_LINE bool cursor_begins(const struct cursor *cursor, struct span word)
{
	return (size_t)(cursor->end - cursor->at) >= word.length &&
	       memcmp(cursor->at, word.at, word.length) == 0;
}

IN_LINE bool cursor_skip(struct cursor *cursor, char c)
{
	if (cursor->at == cursor->end || *cursor->at != c)
		return false;
	cursor->at++;
	return true;
}

IN_LINE bool cursor_skip_word(struct cursor *cursor, struct span word)
{
	if (!cursor_begins(cursor, word))
		return false;
	cursor->at += word.length;
	return true;
}

IN_LINE void cursor_skip_blanks(struct cursor *cursor)
{
	while (cursor->at < cursor->end && (*cursor->at == ' ' || *cursor->at == '\t'))
		cursor->at++;
}

/* Decimal, at most `maximum`. */
IN_LINE bool cursor_number(struct cursor *cursor, uint32_t maximum, uint32_t *ret_number)
{
	const char *start = cursor->at;
	uint64_t number = 0;

	while (cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9') {
		number = number * 10 + (uint64_t)(*cursor->at - '0');
		if (number > maximum)
			return false;
		cursor->at++;
	}
	*ret_number = (uint32_t)number;
	return cursor->at > start;
}

enum {
	HEX_DIGITS_MAXIMUM = 16,
};

/* One more than the digit's value; 0: no digit. */
extern const uint8_t cursor_hex_digits[256];

/* A byte in each of eight. */
IN_LINE uint64_t cursor_bytes(uint64_t byte)
{
	return byte * 0x0101010101010101u;
}

/* The values of eight digits at once, each in its byte; 0 in *wrong is kept only when all are
 * digits. */
IN_LINE uint64_t cursor_eight(const char *at, uint64_t *wrong)
{
	uint64_t text, is_letter, digits;

	memcpy(&text, at, sizeof(text));
	is_letter = text >> 6 & cursor_bytes(1);
	digits = (text & cursor_bytes(0xf)) + 9 * is_letter;
	/* A digit is 0x30 and its value, a letter 0x57 and its, but for the bit of lower letters.
	 * What neither gives is wrong, and so are values of letters that no letter has. */
	*wrong |= (text | is_letter << 5) ^ (digits + cursor_bytes(0x30) + 0x27 * is_letter);
	*wrong |= ((digits + cursor_bytes(6)) >> 4 & cursor_bytes(1)) ^ is_letter;
	*wrong |= digits & cursor_bytes(0x10);
	return digits;
}

/* What eight such bytes are together. */
IN_LINE uint64_t cursor_join(uint64_t digits)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	digits = __builtin_bswap64(digits);
#endif
	digits = (digits | digits >> 4) & 0x00ff00ff00ff00ffu;
	digits = (digits | digits >> 8) & 0x0000ffff0000ffffu;
	return (digits | digits >> 16) & 0xffffffffu;
}

/* 1 to 16 digits of base 16. */
const char *hex_behind(struct cursor at, uint64_t *ret_number);

/* 1 to 16 digits of base 16 behind an optional "0x". */
IN_LINE bool cursor_hex(struct cursor *cursor, uint64_t *ret_number)
{
	const char *at = cursor->at;
	uint64_t wrong = 0, high, low;

	if (cursor->end - at > 2 && at[0] == '0' && at[1] == 'x')
		at += 2;
	/* As most GUIDs have. */
	if (cursor->end - at > HEX_DIGITS_MAXIMUM &&
	    cursor_hex_digits[(unsigned char)at[HEX_DIGITS_MAXIMUM]] == 0) {
		high = cursor_eight(at, &wrong);
		low = cursor_eight(at + HEX_DIGITS_MAXIMUM / 2, &wrong);
		if (wrong == 0) {
			cursor->at = at + HEX_DIGITS_MAXIMUM;
			*ret_number = cursor_join(high) << 32 | cursor_join(low);
			return true;
		}
	}
	at = hex_behind((struct cursor){ at, cursor->end }, ret_number);
	if (at)
		cursor->at = at;
	return at != NULL;
}

/* "S-b83fd20300a00001" in quotes. */
IN_LINE bool cursor_device(struct cursor *cursor, enum graph_kind *ret_kind, uint64_t *ret_guid)
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

/* Behind "[5]" and what ibnetdiscover -g says of a chassis there, "[ext 7]". */
const char *extra_behind(struct cursor at);

/* `[5]` with what ibnetdiscover -g says of a chassis behind it. */
IN_LINE bool cursor_port(struct cursor *cursor, uint32_t *ret_number)
{
	const char *behind;

	if (!cursor_skip(cursor, '[') || !cursor_number(cursor, GRAPH_PORT_MAXIMUM, ret_number) ||
	    !cursor_skip(cursor, ']'))
		return false;
	if (cursor->at == cursor->end || *cursor->at != '[')
		return true;
	behind = extra_behind(*cursor);
	if (behind)
		cursor->at = behind;
	return behind != NULL;
}

/* Behind a text from the first quote to the last, of which *ret_text is what is between. */
const char *quoted_behind(struct cursor at, struct span *ret_text);

/* "4xNDR"; what is not known of it is 0. */
void rate_read(struct cursor at, uint8_t *ret_width, uint8_t *ret_speed);
