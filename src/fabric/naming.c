#include "fabric/naming.h"

#include <string.h>

enum {
	GUID_DIGITS = 16,
};

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Digits between the colons: 0, 2 or 4, when they are groups of that many. */
static bool has_groups(struct span text, size_t *ret_group)
{
	const char *colon = text.length > 0 ? memchr(text.at, ':', text.length) : NULL;
	size_t group = colon ? (size_t)(colon - text.at) : 0;

	*ret_group = group;
	if (!colon)
		return true;
	if ((group != 2 && group != 4) || text.length != GUID_DIGITS + GUID_DIGITS / group - 1)
		return false;
	for (size_t i = 0; i < text.length; i++)
		if ((text.at[i] == ':') != (i % (group + 1) == group))
			return false;
	return true;
}

bool guid_parse(struct span text, uint64_t *ret_guid)
{
	bool is_marked = span_starts(text, "0x") || span_starts(text, "0X");
	uint64_t guid = 0;
	size_t digits = 0, group;

	if (is_marked) {
		text.at += 2;
		text.length -= 2;
	}
	if (!has_groups(text, &group) || (is_marked && group > 0))
		return false;
	for (size_t i = 0; i < text.length; i++) {
		int digit = hex_digit(text.at[i]);

		if (text.at[i] == ':')
			continue;
		if (digit < 0 || digits == GUID_DIGITS)
			return false;
		guid = guid << 4 | (unsigned)digit;
		digits++;
	}
	if (guid == 0 || (!is_marked && digits != GUID_DIGITS))
		return false;
	*ret_guid = guid;
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t digit_count(const char *text)
{
	size_t count = 0;

	while (is_digit(text[count]))
		count++;
	return count;
}

static const char *without_zeros(const char *number)
{
	while (number[0] == '0' && is_digit(number[1]))
		number++;
	return number;
}

int name_compare(const char *left, const char *right)
{
	const char *a = left, *b = right;

	while (*a != '\0' && *b != '\0') {
		size_t a_digits, b_digits;
		int order;

		if (!is_digit(*a) || !is_digit(*b)) {
			if (*a != *b)
				return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
			a++;
			b++;
			continue;
		}
		a = without_zeros(a);
		b = without_zeros(b);
		a_digits = digit_count(a);
		b_digits = digit_count(b);
		if (a_digits != b_digits)
			return a_digits < b_digits ? -1 : 1;
		order = memcmp(a, b, a_digits);
		if (order != 0)
			return order;
		a += a_digits;
		b += b_digits;
	}
	if (*a != *b)
		return *a == '\0' ? -1 : 1;
	/* The same numbers with other zeros before them. */
	return strcmp(left, right);
}
