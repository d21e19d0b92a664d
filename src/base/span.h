/*
 * Borrowed text: an address and a length, never NUL-terminated by promise. Conversions refuse
 * leftovers and overflow instead of guessing. Nothing here depends on the locale.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct span {
	const char *at;
	size_t length;
};

#define SPAN(literal) ((struct span){ .at = "" literal, .length = sizeof(literal) - 1 })
#define SPAN_ARGS(span) (int)(span).length, (span).at /* for "%.*s" */

struct span span_of(const char *text); /* NULL gives the empty span */
bool span_equal(struct span a, struct span b);
bool span_is(struct span a, const char *text);
bool span_starts(struct span a, const char *prefix);
bool span_contains(struct span a, const char *text); /* the empty text is in every span */

/* What stands behind the first place that has the text; false when none has. */
bool span_behind(struct span a, const char *text, struct span *ret_rest);
int span_compare(struct span a, struct span b); /* by bytes, then by length: strcmp's order */

/* Without leading and trailing blanks and tabs. */
struct span span_trim(struct span a);

/* Cuts off what stands before the first `separator` (all of it when there is none) into
 * ret_head and moves *rest behind the separator. False, with an empty ret_head, when *rest was
 * empty. */
bool span_cut(struct span *rest, char separator, struct span *ret_head);

/* Whole span as a number: false on leftovers, overflow, an empty span. Decimal only, a leading
 * '-' only where negative values exist, no '+', no leading blanks. */
bool span_to_u64(struct span a, uint64_t *ret_value);
bool span_to_i64(struct span a, int64_t *ret_value);

/* Decimal fraction with optional exponent, correctly rounded; at most 15 significant digits so
 * that it survives a round trip. Digits stand on both sides of a point. NaN, infinity,
 * hexadecimal, and values too large or too small for a double are refused. */
bool span_to_double(struct span a, double *ret_value);

/* Bytes of the first character of `a` (1 to 4), its code point in ret_code, which may be NULL.
 * 0 when there is none: `a` is empty or starts with a NUL or with bytes that are not strict
 * UTF-8. */
size_t span_character(struct span a, uint32_t *ret_code);

/* Edits (insert, remove, replace, swap of neighbours) that turn `a` into `b`; of each only the
 * first SPAN_DISTANCE_MAXIMUM bytes are looked at. For "did you mean". */
enum {
	SPAN_DISTANCE_MAXIMUM = 80,
};
size_t span_distance(struct span a, struct span b);

/* Strict UTF-8 (no surrogates, no overlong forms, no NUL). On failure ret_at is the offset of
 * the first bad byte; ret_at may be NULL. */
bool span_is_utf8(struct span a, size_t *ret_at);
