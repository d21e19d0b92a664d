#include "base/span.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	DIGITS_MAXIMUM = 15,    /* significant digits that a double always keeps */
	EXPONENT_MAXIMUM = 400, /* beyond any double */
};

struct span span_of(const char *text)
{
	return (struct span){ .at = text, .length = text ? strlen(text) : 0 };
}

bool span_equal(struct span a, struct span b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.at, b.at, a.length) == 0);
}

bool span_is(struct span a, const char *text)
{
	return span_equal(a, span_of(text));
}

bool span_starts(struct span a, const char *prefix)
{
	struct span wanted = span_of(prefix);

	if (a.length < wanted.length)
		return false;
	a.length = wanted.length;
	return span_equal(a, wanted);
}

bool span_behind(struct span a, const char *text, struct span *ret_rest)
{
	size_t length = strlen(text);

	while (a.length >= length && length > 0) {
		const char *found = memchr(a.at, text[0], a.length - length + 1);

		if (!found)
			return false;
		a.length -= (size_t)(found - a.at);
		a.at = found;
		if (memcmp(found, text, length) == 0) {
			*ret_rest = (struct span){ found + length, a.length - length };
			return true;
		}
		a.at++;
		a.length--;
	}
	if (length == 0)
		*ret_rest = a;
	return length == 0;
}

bool span_contains(struct span a, const char *text)
{
	struct span rest;

	return span_behind(a, text, &rest);
}

int span_compare(struct span a, struct span b)
{
	size_t shared = a.length < b.length ? a.length : b.length;
	int order = shared == 0 ? 0 : memcmp(a.at, b.at, shared);

	if (order != 0)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

struct span span_trim(struct span a)
{
	while (a.length > 0 && is_blank(a.at[0])) {
		a.at++;
		a.length--;
	}
	while (a.length > 0 && is_blank(a.at[a.length - 1]))
		a.length--;
	return a;
}

bool span_cut(struct span *rest, char separator, struct span *ret_head)
{
	if (rest->length == 0) {
		*ret_head = SPAN("");
		return false;
	}

	const char *found = memchr(rest->at, separator, rest->length);
	size_t head = found ? (size_t)(found - rest->at) : rest->length;
	size_t gone = found ? head + 1 : head;

	*ret_head = (struct span){ .at = rest->at, .length = head };
	*rest = (struct span){ .at = rest->at + gone, .length = rest->length - gone };
	return true;
}

bool span_to_u64(struct span a, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (a.length == 0)
		return false;
	for (size_t i = 0; i < a.length; i++) {
		if (!is_digit(a.at[i]))
			return false;
		if (__builtin_mul_overflow(value, (uint64_t)10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(a.at[i] - '0'), &value))
			return false;
	}
	*ret_value = value;
	return true;
}

bool span_to_i64(struct span a, int64_t *ret_value)
{
	bool negative = span_starts(a, "-");
	uint64_t size;

	if (negative) {
		a.at++;
		a.length--;
	}
	if (!span_to_u64(a, &size))
		return false;
	if (size > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return false;
	*ret_value = negative ? (int64_t)(0 - size) : (int64_t)size;
	return true;
}

/* digits × 10^exponent; digits neither start nor end with '0', none stand for zero. */
struct decimal {
	char digits[DIGITS_MAXIMUM];
	int count;
	int64_t exponent;
};

/* How many digits `a` starts with. */
static size_t count_digits(struct span a)
{
	size_t count = 0;

	while (count < a.length && is_digit(a.at[count]))
		count++;
	return count;
}

static struct span behind(struct span a, size_t count)
{
	return (struct span){ .at = a.at + count, .length = a.length - count };
}

/* Adds the digits of `piece`, which stand `place` places left of the point (negative: right). */
static bool add_digits(struct decimal *number, struct span piece, int64_t place)
{
	for (size_t i = 0; i < piece.length; i++) {
		int64_t exponent = place - 1 - (int64_t)i;

		if (piece.at[i] == '0')
			continue;
		while (number->count > 0 && number->exponent > exponent + 1) {
			if (number->count == DIGITS_MAXIMUM)
				return false;
			number->digits[number->count++] = '0';
			number->exponent--;
		}
		if (number->count == DIGITS_MAXIMUM)
			return false;
		number->digits[number->count++] = piece.at[i];
		number->exponent = exponent;
	}
	return true;
}

/* What stands behind the mantissa: nothing, or 'e' and a number. */
static bool parse_exponent(struct span a, int64_t *ret_exponent)
{
	*ret_exponent = 0;
	if (a.length == 0)
		return true;
	if (a.at[0] != 'e' && a.at[0] != 'E')
		return false;
	a = behind(a, 1);
	if (span_starts(a, "+-"))
		return false;
	if (span_starts(a, "+"))
		a = behind(a, 1);
	return span_to_i64(a, ret_exponent);
}

static bool parse_decimal(struct span a, struct decimal *ret_number)
{
	struct decimal number = { .count = 0 };
	size_t whole = count_digits(a);
	int64_t exponent;

	if (whole == 0)
		return false;
	if (!add_digits(&number, (struct span){ .at = a.at, .length = whole }, (int64_t)whole))
		return false;
	a = behind(a, whole);
	if (span_starts(a, ".")) {
		a = behind(a, 1);
		size_t part = count_digits(a);
		if (part == 0 ||
		    !add_digits(&number, (struct span){ .at = a.at, .length = part }, 0))
			return false;
		a = behind(a, part);
	}
	if (!parse_exponent(a, &exponent))
		return false;
	if (__builtin_add_overflow(number.exponent, exponent, &number.exponent))
		return false;
	*ret_number = number;
	return true;
}

/* Digits and power of ten are both doubles without a rest, so that one multiplication or division
 * rounds once, to what strtod gives. False where that is not so. */
static bool convert_exactly(const struct decimal *number, double *ret_value)
{
	static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
					 1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
					 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
	const int64_t most = sizeof(powers) / sizeof(powers[0]) - 1;
	uint64_t digits = 0;

	if (FLT_EVAL_METHOD != 0 || number->exponent > most || number->exponent < -most)
		return false;
	for (int i = 0; i < number->count; i++)
		digits = 10 * digits + (uint64_t)(number->digits[i] - '0');
	*ret_value = number->exponent < 0 ? (double)digits / powers[-number->exponent]
					  : (double)digits * powers[number->exponent];
	return true;
}

bool span_to_double(struct span a, double *ret_value)
{
	bool negative = span_starts(a, "-");
	struct decimal number;
	double value = 0;

	if (!parse_decimal(negative ? behind(a, 1) : a, &number))
		return false;
	if (number.count > 0 && !convert_exactly(&number, &value)) {
		/* Without a point in it, strtod reads the same in every locale. */
		char plain[DIGITS_MAXIMUM + 16];

		if (number.exponent > EXPONENT_MAXIMUM || number.exponent < -EXPONENT_MAXIMUM)
			return false;
		(void)snprintf(plain, sizeof(plain), "%.*se%d", number.count, number.digits,
			       (int)number.exponent);
		value = strtod(plain, NULL);
		if (!isfinite(value) || !(value > 0))
			return false;
	}
	*ret_value = negative ? -value : value;
	return true;
}

/* Table 3-7 of the Unicode standard: which second bytes make a lead byte well-formed. */
static const struct lead {
	unsigned char first, last; /* lead bytes */
	unsigned char low, high;   /* second byte */
	unsigned char length;
} leads[] = {
	{ 0x01, 0x7f, 0x00, 0x00, 1 }, { 0xc2, 0xdf, 0x80, 0xbf, 2 }, { 0xe0, 0xe0, 0xa0, 0xbf, 3 },
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
	{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 },
};

static const struct lead *lead_of(unsigned char byte)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++) {
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	}
	return NULL;
}

size_t span_character(struct span a, uint32_t *ret_code)
{
	const unsigned char *bytes = (const unsigned char *)a.at;

	if (a.length == 0)
		return 0;

	const struct lead *lead = lead_of(bytes[0]);
	if (!lead || a.length < lead->length)
		return 0;
	if (lead->length > 1 && (bytes[1] < lead->low || bytes[1] > lead->high))
		return 0;

	/* A lead byte of n bytes holds 7 - n bits, a lone byte 7. */
	uint32_t code = lead->length == 1 ? bytes[0] : bytes[0] & (0x7fu >> lead->length);
	for (size_t i = 1; i < lead->length; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (bytes[i] & 0x3fu);
	}
	if (ret_code)
		*ret_code = code;
	return lead->length;
}

/* Eight bytes that are all ASCII and not NUL, which nearly all text is. */
static bool is_plain(const char *at)
{
	uint64_t bytes, low = 0x0101010101010101u, high = 0x8080808080808080u;

	memcpy(&bytes, at, sizeof(bytes));
	return ((bytes | (bytes - low)) & high) == 0;
}

bool span_is_utf8(struct span a, size_t *ret_at)
{
	size_t at = 0;

	while (at < a.length) {
		if (a.length - at >= 8 && is_plain(a.at + at)) {
			at += 8;
			continue;
		}

		size_t length = span_character(behind(a, at), NULL);

		if (length == 0) {
			if (ret_at)
				*ret_at = at;
			return false;
		}
		at += length;
	}
	return true;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t span_distance(struct span a, struct span b)
{
	/* Three rows of the table at a time: optimal string alignment. */
	size_t rows[3][SPAN_DISTANCE_MAXIMUM + 1] = { 0 };

	a.length = smaller(a.length, SPAN_DISTANCE_MAXIMUM);
	b.length = smaller(b.length, SPAN_DISTANCE_MAXIMUM);
	for (size_t j = 0; j <= b.length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a.length; i++) {
		size_t *row = rows[i % 3];
		const size_t *above = rows[(i + 2) % 3];
		const size_t *before = rows[(i + 1) % 3];

		row[0] = i;
		for (size_t j = 1; j <= b.length; j++) {
			bool same = a.at[i - 1] == b.at[j - 1];
			bool swapped = i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] &&
				       a.at[i - 2] == b.at[j - 1];

			row[j] = smaller(above[j], row[j - 1]) + 1;
			row[j] = smaller(row[j], above[j - 1] + (same ? 0 : 1));
			if (swapped)
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
	}
	return rows[a.length % 3][b.length];
}
