/*
 * Whatever the bytes, what a conversion accepts is written and read back as the same value,
 * and what cuts a span neither loses nor invents bytes.
 */
#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/error.h"
#include "base/json.h"
#include "base/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_whole_numbers(struct span text)
{
	uint64_t unsigned_value = 0;
	int64_t signed_value = 0;
	char again[32];

	if (span_to_u64(text, &unsigned_value)) {
		uint64_t back = 0;

		(void)snprintf(again, sizeof(again), "%llu", (unsigned long long)unsigned_value);
		assert(span_to_u64(span_of(again), &back) && back == unsigned_value);
	}
	if (span_to_i64(text, &signed_value)) {
		int64_t back = 0;

		(void)snprintf(again, sizeof(again), "%lld", (long long)signed_value);
		assert(span_to_i64(span_of(again), &back) && back == signed_value);
	}
}

static void check_fraction(struct span text)
{
	double value = 0;
	double back = 0;
	char again[32];

	if (!span_to_double(text, &value))
		return;
	assert(isfinite(value));
	assert(span_to_double(span_of(number_format(value, again)), &back));
	/* Subnormals hold fewer digits than 15, and zero loses its sign. */
	assert(!isnormal(value) || !(value < back || value > back));
}

static void check_date(struct span text)
{
	date_t date = DATE_NONE;
	char again[DATE_TEXT_SIZE];

	if (date_parse(text, &date))
		assert(span_is(text, date_format(date, again)));
}

static void check_cuts(struct span text)
{
	struct span rest = text;
	struct span head;
	size_t length = 0;

	while (span_cut(&rest, ',', &head)) {
		assert(head.length == 0 || !memchr(head.at, ',', head.length));
		length += head.length + 1;
	}
	assert(length == text.length || length == text.length + 1 || text.length == 0);

	struct span trimmed = span_trim(text);
	assert(trimmed.length <= text.length);
	assert(span_equal(trimmed, span_trim(trimmed)));
}

static void check_characters(struct span text)
{
	size_t at = text.length;
	bool good = span_is_utf8(text, &at);

	assert(good == (at == text.length));
	assert(span_is_utf8((struct span){ .at = text.at, .length = at }, NULL));
	assert(span_columns(text) <= 2 * text.length);
	(void)good;
}

static void check_error(struct span text)
{
	struct error err;

	(void)fail(&err, ERROR_INVALID, "%.*s", SPAN_ARGS(text));
	(void)fail_while(&err, "%.*s", SPAN_ARGS(text));
	for (const char *at = err.text; *at != '\0'; at++)
		assert(*at < '\0' || *at >= ' ');
	assert(span_is_utf8(span_of(err.text), NULL));
}

/* The first half of the bytes against the second. */
static void check_comparing(struct span text)
{
	struct span a = { .at = text.at, .length = text.length / 2 };
	struct span b = { .at = text.at + a.length, .length = text.length - a.length };
	int order = span_compare(a, b);
	int back = span_compare(b, a);

	assert((order < 0) == (back > 0) && (order == 0) == (back == 0));
	assert(span_equal(a, b) == (order == 0));
	assert(span_distance(a, b) == span_distance(b, a));
	assert(order != 0 || span_distance(a, b) == 0);
	(void)back;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };

	check_whole_numbers(text);
	check_fraction(text);
	check_date(text);
	check_cuts(text);
	check_characters(text);
	check_error(text);
	check_comparing(text);
	return 0;
}
