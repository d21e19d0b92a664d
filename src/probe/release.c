#include "probe/release.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The next byte that tells the flavour, 0 at the end: no numbers and no points, and of several
 * signs in a row the first. */
static char next_of_flavour(struct span *rest, char last)
{
	while (rest->length > 0) {
		char c = rest->at[0];

		rest->at++;
		rest->length--;
		if (is_digit(c) || c == '.' || c == '_')
			continue;
		if (is_word(c) || is_word(last))
			return c;
	}
	return '\0';
}

bool release_same_flavour(struct span a, struct span b)
{
	char left = 'x', right = 'x';

	while (left && left == right) {
		left = next_of_flavour(&a, left);
		right = next_of_flavour(&b, right);
	}
	return left == right;
}

/* The next number or word; false at the end. */
static bool cut_token(struct span *rest, struct span *ret_token)
{
	size_t length = 0;

	while (rest->length > 0 && !is_digit(rest->at[0]) && !is_word(rest->at[0])) {
		rest->at++;
		rest->length--;
	}
	if (rest->length == 0)
		return false;
	while (length < rest->length && is_digit(rest->at[length]) == is_digit(rest->at[0]) &&
	       (is_digit(rest->at[length]) || is_word(rest->at[length])))
		length++;
	*ret_token = (struct span){ rest->at, length };
	rest->at += length;
	rest->length -= length;
	return true;
}

static int compare_tokens(struct span a, struct span b)
{
	if (is_digit(a.at[0]) != is_digit(b.at[0]))
		return is_digit(a.at[0]) ? 1 : -1;
	if (!is_digit(a.at[0]))
		return span_compare(a, b);
	while (a.length > 1 && a.at[0] == '0')
		a = (struct span){ a.at + 1, a.length - 1 };
	while (b.length > 1 && b.at[0] == '0')
		b = (struct span){ b.at + 1, b.length - 1 };
	if (a.length != b.length)
		return a.length < b.length ? -1 : 1;
	return span_compare(a, b);
}

int release_compare(struct span a, struct span b)
{
	for (;;) {
		struct span left, right;
		bool has_left = cut_token(&a, &left), has_right = cut_token(&b, &right);
		int order;

		if (!has_left || !has_right)
			return (int)has_left - (int)has_right;
		order = compare_tokens(left, right);
		if (order != 0)
			return order;
	}
}
