/*
 * Growing text with a maximum given at birth. Going over the maximum keeps what fits, and sets
 * `overflowed`, which the owner checks once at the end. Always NUL-terminated.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/span.h"

struct text {
	char *at; /* NULL until something is written */
	size_t length;
	size_t room;
	size_t maximum;
	bool overflowed;
};

/* `struct text t = { .maximum = 1 << 20 };` is ready; maximum 0 means 64 MiB. */
void text_release(struct text *text);
void text_clear(struct text *text); /* keeps the room */

void text_add(struct text *text, const char *piece);
void text_add_span(struct text *text, struct span piece);
void text_add_char(struct text *text, char c);
void text_add_repeated(struct text *text, char c, size_t count);

/* Where a format would cost too much: decimal; and in hexadecimal, with zeros in front up to so
 * many digits, 16 at most. */
void text_add_number(struct text *text, uint64_t number);
void text_add_hex(struct text *text, uint64_t number, unsigned digits);

/* Percent-encoded, so that it can stand in a path segment or as a field's value of a query: all but
 * letters, digits and "-._~" (RFC 3986). */
void text_add_percent(struct text *text, struct span plain);

void text_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct span text_span(const struct text *text);
const char *text_string(const struct text *text); /* "" when nothing was written */

/* Columns that the span takes on a terminal: one for each character of UTF-8, none for
 * combining marks, two for wide East Asian characters. */
size_t span_columns(struct span a);

#define SCOPED_TEXT(name) struct text name __attribute__((cleanup(text_release))) = { 0 }
