#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum {
	MAXIMUM_DEFAULT = 64 << 20,
	ROOM_FIRST = 64,
	NUMBER_DIGITS = 20, /* of 2^64 - 1 */
	HEX_DIGITS = 16,
};

static size_t maximum_of(const struct text *text)
{
	size_t maximum = text->maximum > 0 ? text->maximum : MAXIMUM_DEFAULT;

	return maximum < SIZE_MAX / 2 ? maximum : SIZE_MAX / 2;
}

/* Makes room for as many of `more` bytes as the maximum lets in, and a NUL; returns how many
 * those are. */
static size_t make_room(struct text *text, size_t more)
{
	size_t maximum = maximum_of(text);

	if (more > maximum - text->length) {
		more = maximum - text->length;
		text->overflowed = true;
	}

	size_t needed = text->length + more + 1;
	if (needed <= text->room)
		return more;

	size_t room = text->room < ROOM_FIRST / 2 ? ROOM_FIRST : text->room * 2;
	if (room > maximum + 1)
		room = maximum + 1;
	if (room < needed)
		room = needed;
	text->at = realloc(text->at, room);
	if (!text->at)
		memory_exhausted(room);
	text->room = room;
	return more;
}

void text_release(struct text *text)
{
	free(text->at);
	*text = (struct text){ .maximum = text->maximum };
}

void text_clear(struct text *text)
{
	text->length = 0;
	text->overflowed = false;
	if (text->at)
		text->at[0] = '\0';
}

void text_add(struct text *text, const char *piece)
{
	text_add_span(text, span_of(piece));
}

void text_add_span(struct text *text, struct span piece)
{
	if (piece.length == 0)
		return;

	size_t fits = make_room(text, piece.length);
	memcpy(text->at + text->length, piece.at, fits);
	text->length += fits;
	text->at[text->length] = '\0';
}

void text_add_char(struct text *text, char c)
{
	text_add_span(text, (struct span){ .at = &c, .length = 1 });
}

void text_add_repeated(struct text *text, char c, size_t count)
{
	size_t fits = make_room(text, count);

	memset(text->at + text->length, c, fits);
	text->length += fits;
	text->at[text->length] = '\0';
}

void text_add_number(struct text *text, uint64_t number)
{
	char digits[NUMBER_DIGITS];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	text_add_span(text, (struct span){ .at = digits + at, .length = sizeof(digits) - at });
}

void text_add_hex(struct text *text, uint64_t number, unsigned digits)
{
	char shown[HEX_DIGITS];
	size_t at = sizeof(shown);

	assert(digits <= HEX_DIGITS);
	do {
		shown[--at] = "0123456789abcdef"[number & 15];
		number >>= 4;
	} while (number > 0 || sizeof(shown) - at < digits);
	text_add_span(text, (struct span){ .at = shown + at, .length = sizeof(shown) - at });
}

void text_add_percent(struct text *text, struct span plain)
{
	static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
				   "-._~";

	for (size_t i = 0; i < plain.length; i++) {
		if (plain.at[i] != '\0' && strchr(kept, plain.at[i]))
			text_add_char(text, plain.at[i]);
		else
			text_format(text, "%%%02X", (unsigned)(unsigned char)plain.at[i]);
	}
}

void text_format(struct text *text, const char *format, ...)
{
	va_list args;
	va_list again;

	va_start(args, format);
	va_copy(again, args);
	(void)make_room(text, 0);
	size_t spare = text->room - text->length;
	int length = vsnprintf(text->at + text->length, spare, format, args);
	va_end(args);

	size_t fits = length < 0 ? 0 : (size_t)length;
	if (fits >= spare) {
		fits = make_room(text, fits);
		(void)vsnprintf(text->at + text->length, fits + 1, format, again);
	}
	va_end(again);
	text->length += fits;
	text->at[text->length] = '\0';
}

struct span text_span(const struct text *text)
{
	return (struct span){ .at = text->at, .length = text->length };
}

const char *text_string(const struct text *text)
{
	return text->at ? text->at : "";
}

struct range {
	uint32_t first;
	uint32_t last;
};

/* The ranges of EastAsianWidth.txt (Unicode 14) that are wide or fullwidth, with unassigned
 * gaps closed. Sorted. */
static const struct range wide[] = {
	{ 0x1100, 0x115f },   { 0x231a, 0x231b },   { 0x2329, 0x232a },   { 0x23e9, 0x23ec },
	{ 0x23f0, 0x23f0 },   { 0x23f3, 0x23f3 },   { 0x25fd, 0x25fe },   { 0x2614, 0x2615 },
	{ 0x2648, 0x2653 },   { 0x267f, 0x267f },   { 0x2693, 0x2693 },   { 0x26a1, 0x26a1 },
	{ 0x26aa, 0x26ab },   { 0x26bd, 0x26be },   { 0x26c4, 0x26c5 },   { 0x26ce, 0x26ce },
	{ 0x26d4, 0x26d4 },   { 0x26ea, 0x26ea },   { 0x26f2, 0x26f3 },   { 0x26f5, 0x26f5 },
	{ 0x26fa, 0x26fa },   { 0x26fd, 0x26fd },   { 0x2705, 0x2705 },   { 0x270a, 0x270b },
	{ 0x2728, 0x2728 },   { 0x274c, 0x274c },   { 0x274e, 0x274e },   { 0x2753, 0x2755 },
	{ 0x2757, 0x2757 },   { 0x2795, 0x2797 },   { 0x27b0, 0x27b0 },   { 0x27bf, 0x27bf },
	{ 0x2b1b, 0x2b1c },   { 0x2b50, 0x2b50 },   { 0x2b55, 0x2b55 },   { 0x2e80, 0x303e },
	{ 0x3041, 0x3247 },   { 0x3250, 0x4dbf },   { 0x4e00, 0xa4cf },   { 0xa960, 0xa97f },
	{ 0xac00, 0xd7a3 },   { 0xf900, 0xfaff },   { 0xfe10, 0xfe19 },   { 0xfe30, 0xfe6f },
	{ 0xff01, 0xff60 },   { 0xffe0, 0xffe6 },   { 0x16fe0, 0x1b2ff }, { 0x1f004, 0x1f004 },
	{ 0x1f0cf, 0x1f0cf }, { 0x1f18e, 0x1f18e }, { 0x1f191, 0x1f19a }, { 0x1f200, 0x1f320 },
	{ 0x1f32d, 0x1f335 }, { 0x1f337, 0x1f37c }, { 0x1f37e, 0x1f393 }, { 0x1f3a0, 0x1f3ca },
	{ 0x1f3cf, 0x1f3d3 }, { 0x1f3e0, 0x1f3f0 }, { 0x1f3f4, 0x1f3f4 }, { 0x1f3f8, 0x1f43e },
	{ 0x1f440, 0x1f440 }, { 0x1f442, 0x1f4fc }, { 0x1f4ff, 0x1f53d }, { 0x1f54b, 0x1f54e },
	{ 0x1f550, 0x1f567 }, { 0x1f57a, 0x1f57a }, { 0x1f595, 0x1f596 }, { 0x1f5a4, 0x1f5a4 },
	{ 0x1f5fb, 0x1f64f }, { 0x1f680, 0x1f6c5 }, { 0x1f6cc, 0x1f6cc }, { 0x1f6d0, 0x1f6df },
	{ 0x1f6eb, 0x1f6ef }, { 0x1f6f4, 0x1f6ff }, { 0x1f7e0, 0x1f7f0 }, { 0x1f90c, 0x1f93a },
	{ 0x1f93c, 0x1f945 }, { 0x1f947, 0x1f9ff }, { 0x1fa70, 0x1faff }, { 0x20000, 0x2fffd },
	{ 0x30000, 0x3fffd },
};

/* Characters that join the one before them: combining marks of Latin, Greek, Cyrillic, Hebrew,
 * Arabic, Devanagari, Thai and Japanese, zero-width characters, variation selectors. Sorted. */
static const struct range joining[] = {
	{ 0x0300, 0x036f },   { 0x0483, 0x0489 }, { 0x0591, 0x05bd }, { 0x05bf, 0x05bf },
	{ 0x05c1, 0x05c2 },   { 0x05c4, 0x05c5 }, { 0x05c7, 0x05c7 }, { 0x0610, 0x061a },
	{ 0x064b, 0x065f },   { 0x0670, 0x0670 }, { 0x06d6, 0x06dc }, { 0x06df, 0x06e4 },
	{ 0x06e7, 0x06e8 },   { 0x06ea, 0x06ed }, { 0x0900, 0x0902 }, { 0x093a, 0x093a },
	{ 0x093c, 0x093c },   { 0x0941, 0x0948 }, { 0x094d, 0x094d }, { 0x0e31, 0x0e31 },
	{ 0x0e34, 0x0e3a },   { 0x0e47, 0x0e4e }, { 0x1ab0, 0x1aff }, { 0x1dc0, 0x1dff },
	{ 0x200b, 0x200f },   { 0x2060, 0x2060 }, { 0x20d0, 0x20f0 }, { 0x302a, 0x302d },
	{ 0x3099, 0x309a },   { 0xfe00, 0xfe0f }, { 0xfe20, 0xfe2f }, { 0xfeff, 0xfeff },
	{ 0xe0100, 0xe01ef },
};

static bool is_in(uint32_t character, const struct range *ranges, size_t count)
{
	size_t low = 0;
	size_t high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (character < ranges[middle].first)
			high = middle;
		else if (character > ranges[middle].last)
			low = middle + 1;
		else
			return true;
	}
	return false;
}

static size_t columns_of(uint32_t character)
{
	if (character < joining[0].first)
		return 1;
	if (is_in(character, joining, sizeof(joining) / sizeof(joining[0])))
		return 0;
	return is_in(character, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}

size_t span_columns(struct span a)
{
	size_t columns = 0;

	while (a.length > 0) {
		uint32_t character = 0; /* a byte that is not UTF-8 shows as one column */
		size_t length = span_character(a, &character);

		columns += columns_of(character);
		a.at += length > 0 ? length : 1;
		a.length -= length > 0 ? length : 1;
	}
	return columns;
}
