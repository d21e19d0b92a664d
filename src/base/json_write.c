#include "base/json.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
	LEVELS_MAXIMUM = 64,
	DECIMALS_MAXIMUM = 20,
	/* Sign, the largest double's digits, point, decimals, NUL. A locale's point may take more
	 * than one byte. */
	DECIMAL_SIZE = 1 + DBL_MAX_10_EXP + 1 + 8 + DECIMALS_MAXIMUM + 1,
	DIGITS_MAXIMUM = DBL_DIG,
	PLAIN_EXPONENT_MINIMUM = -4, /* below it, and from 10^15, an exponent is shorter */
};

static void start_line(struct json_writer *writer)
{
	if (writer->indent == 0)
		return;
	text_add_char(writer->into, '\n');
	text_add_repeated(writer->into, ' ', (size_t)writer->indent * writer->depth);
}

static bool is_in_object(const struct json_writer *writer)
{
	return writer->depth > 0 && (writer->objects >> (writer->depth - 1) & 1) != 0;
}

/* What stands between the last value and the next value or key. */
static void separate(struct json_writer *writer)
{
	if (writer->depth == 0)
		return;
	if (writer->after_value)
		text_add_char(writer->into, ',');
	start_line(writer);
}

static void start_value(struct json_writer *writer)
{
	assert(writer->after_key == is_in_object(writer));
	if (!writer->after_key)
		separate(writer);
	writer->after_key = false;
	writer->after_value = true;
}

static void open_level(struct json_writer *writer, char bracket, bool is_object)
{
	start_value(writer);
	assert(writer->depth < LEVELS_MAXIMUM);
	text_add_char(writer->into, bracket);
	writer->objects &= ~((uint64_t)1 << writer->depth);
	writer->objects |= (uint64_t)is_object << writer->depth;
	writer->depth++;
	writer->after_value = false;
}

static void close_level(struct json_writer *writer, char bracket)
{
	assert(writer->depth > 0 && !writer->after_key);
	writer->depth--;
	if (writer->after_value)
		start_line(writer);
	text_add_char(writer->into, bracket);
	writer->after_value = true;
}

void json_open_object(struct json_writer *writer)
{
	open_level(writer, '{', true);
}

void json_close_object(struct json_writer *writer)
{
	assert(is_in_object(writer));
	close_level(writer, '}');
}

void json_open_array(struct json_writer *writer)
{
	open_level(writer, '[', false);
}

void json_close_array(struct json_writer *writer)
{
	assert(!is_in_object(writer));
	close_level(writer, ']');
}

static const char short_escapes[] = {
	['"'] = '"',  ['\\'] = '\\', ['\n'] = 'n', ['\t'] = 't',
	['\r'] = 'r', ['\b'] = 'b',  ['\f'] = 'f',
};

/* Writes the first character of `rest`, returns its bytes. */
static size_t add_escaped(struct text *into, struct span rest)
{
	unsigned char first = (unsigned char)rest.at[0];
	size_t length = span_character(rest, NULL);

	if (first < sizeof(short_escapes) && short_escapes[first]) {
		text_add_char(into, '\\');
		text_add_char(into, short_escapes[first]);
		return 1;
	}
	if (first < ' ') {
		text_format(into, "\\u%04x", first);
		return 1;
	}
	if (length == 0) {
		text_add(into, "\xef\xbf\xbd");
		return 1;
	}
	text_add_span(into, (struct span){ .at = rest.at, .length = length });
	return length;
}

/* Bytes at the start of `rest` that stand for themselves in a JSON string and are ASCII. */
static size_t count_plain(struct span rest)
{
	size_t count = 0;

	while (count < rest.length && rest.at[count] >= ' ' && rest.at[count] < 0x7f &&
	       rest.at[count] != '"' && rest.at[count] != '\\')
		count++;
	return count;
}

static void add_quoted(struct text *into, struct span rest)
{
	text_add_char(into, '"');
	while (rest.length > 0) {
		size_t count = count_plain(rest);

		if (count > 0)
			text_add_span(into, (struct span){ .at = rest.at, .length = count });
		else
			count = add_escaped(into, rest);
		rest.at += count;
		rest.length -= count;
	}
	text_add_char(into, '"');
}

void json_key(struct json_writer *writer, const char *key)
{
	assert(is_in_object(writer) && !writer->after_key);
	separate(writer);
	add_quoted(writer->into, span_of(key));
	text_add(writer->into, writer->indent > 0 ? ": " : ":");
	writer->after_key = true;
}

void json_put_string(struct json_writer *writer, const char *value)
{
	if (value)
		json_put_span(writer, span_of(value));
	else
		json_put_null(writer);
}

void json_put_span(struct json_writer *writer, struct span value)
{
	start_value(writer);
	add_quoted(writer->into, value);
}

void json_put_integer(struct json_writer *writer, int64_t value)
{
	start_value(writer);
	text_format(writer->into, "%lld", (long long)value);
}

void json_put_bool(struct json_writer *writer, bool value)
{
	start_value(writer);
	text_add(writer->into, value ? "true" : "false");
}

void json_put_null(struct json_writer *writer)
{
	start_value(writer);
	text_add(writer->into, "null");
}

void json_put_document(struct json_writer *writer, struct span document)
{
	while (document.length > 0 && strchr(" \t\r\n", document.at[document.length - 1]))
		document.length--;
	while (document.length > 0 && strchr(" \t\r\n", document.at[0])) {
		document.at++;
		document.length--;
	}
	start_value(writer);
	text_add_span(writer->into, document);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Copies digits (and a sign) from `from` up to the first other byte; returns where it stopped. */
static const char *copy_digits(const char *from, char **into)
{
	while (is_digit(*from) || *from == '-')
		*(*into)++ = *from++;
	return from;
}

void json_put_decimal(struct json_writer *writer, double value, unsigned decimals)
{
	char local[DECIMAL_SIZE];
	char plain[DECIMAL_SIZE];
	char *end = plain;

	assert(decimals <= DECIMALS_MAXIMUM);
	if (!isfinite(value)) {
		json_put_null(writer);
		return;
	}

	/* printf rounds right, but writes the locale's point, whatever that is. */
	int length = snprintf(local, sizeof(local), "%.*f", (int)decimals, value);
	(void)copy_digits(local, &end);
	if (decimals > 0) {
		*end++ = '.';
		(void)copy_digits(local + length - decimals, &end);
	}
	*end = '\0';

	/* What rounds to zero has no sign. */
	bool is_zero = strspn(plain, "-0.") == strlen(plain);
	start_value(writer);
	text_add(writer->into, is_zero && plain[0] == '-' ? plain + 1 : plain);
}

void json_put_number(struct json_writer *writer, double value)
{
	char number[32];

	if (!isfinite(value)) {
		json_put_null(writer);
		return;
	}
	start_value(writer);
	text_add(writer->into, number_format(value, number));
}

void json_pair_string(struct json_writer *writer, const char *key, const char *value)
{
	json_key(writer, key);
	json_put_string(writer, value);
}

void json_pair_integer(struct json_writer *writer, const char *key, int64_t value)
{
	json_key(writer, key);
	json_put_integer(writer, value);
}

void json_pair_decimal(struct json_writer *writer, const char *key, double value, unsigned decimals)
{
	json_key(writer, key);
	json_put_decimal(writer, value, decimals);
}

void json_pair_bool(struct json_writer *writer, const char *key, bool value)
{
	json_key(writer, key);
	json_put_bool(writer, value);
}

/* value = d.ddd × 10^exponent, without trailing zeros; at least one digit. */
struct digits {
	char digits[DIGITS_MAXIMUM + 1];
	int count;
	int exponent;
};

/* Of a whole number below 10^15; false for others. */
static bool digits_of_whole(double positive, struct digits *ret_digits)
{
	struct digits found = { .count = 0 };
	uint64_t whole, rest;

	if (!(positive < 1e15))
		return false;
	whole = (uint64_t)positive;
	if ((double)whole < positive)
		return false;
	for (rest = whole; rest >= 10; rest /= 10)
		found.exponent++;
	found.count = found.exponent + 1;
	for (int i = found.count; i > 0; i--, whole /= 10)
		found.digits[i - 1] = (char)('0' + whole % 10);
	while (found.count > 1 && found.digits[found.count - 1] == '0')
		found.count--;
	*ret_digits = found;
	return true;
}

/* When at most 15 digits name a double, rounding it to 15 gives those and zeros (DBL_DIG), so
 * one conversion finds the shortest. Subnormals hold fewer digits and may come out longer. */
static struct digits digits_of(double positive)
{
	struct digits found = { .count = 0 };
	char local[DIGITS_MAXIMUM + 24];
	bool negative;
	const char *at = local;

	if (digits_of_whole(positive, &found))
		return found;
	/* Rounded up, what lies above the largest double of 15 digits would be none any more. */
	positive = fmin(positive, 1.79769313486231e308);
	(void)snprintf(local, sizeof(local), "%.*e", DIGITS_MAXIMUM - 1, positive);
	for (; *at != '\0' && *at != 'e'; at++) {
		if (is_digit(*at) && found.count < DIGITS_MAXIMUM)
			found.digits[found.count++] = *at;
	}
	while (found.count > 1 && found.digits[found.count - 1] == '0')
		found.count--;

	at += *at == 'e';
	negative = *at == '-';
	at += *at == '-' || *at == '+';
	for (; is_digit(*at); at++)
		found.exponent = found.exponent * 10 + (*at - '0');
	if (negative)
		found.exponent = -found.exponent;
	return found;
}

/* 0.00123, 1.23, 123, 1230 */
static char *write_plain(const struct digits *number, char *into)
{
	if (number->exponent < 0) {
		*into++ = '0';
		*into++ = '.';
		for (int i = -1; i > number->exponent; i--)
			*into++ = '0';
	}
	for (int i = 0; i < number->count || i <= number->exponent; i++) {
		if (number->exponent >= 0 && i == number->exponent + 1)
			*into++ = '.';
		*into++ = i < number->count ? number->digits[i] : '0';
	}
	return into;
}

/* 1.23e+20 */
static char *write_scientific(const struct digits *number, char *into)
{
	for (int i = 0; i < number->count; i++) {
		if (i == 1)
			*into++ = '.';
		*into++ = number->digits[i];
	}
	return into + snprintf(into, sizeof("e-308"), "e%+03d", number->exponent);
}

const char *number_format(double value, char into[static 32])
{
	char *end = into;

	if (!isfinite(value)) {
		const char *name = value > 0 ? "inf" : value < 0 ? "-inf" : "nan";

		memcpy(into, name, strlen(name) + 1);
		return into;
	}
	if (value < 0)
		*end++ = '-';

	struct digits number = digits_of(fabs(value));
	if (number.exponent < PLAIN_EXPONENT_MINIMUM || number.exponent >= DIGITS_MAXIMUM)
		end = write_scientific(&number, end);
	else
		end = write_plain(&number, end);
	*end = '\0';
	return into;
}
