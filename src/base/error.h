/*
 * One error, on the caller's stack: a code for the exit status and a text that reads from the
 * outside in ("rating: reading 'a.yaml': line 3, column 5: unknown field 'wieght'").
 * Libraries fill it once where the fault is known and put context before it on the way out;
 * they never print.
 */
#pragma once

#include <stdbool.h>

enum error_code {
	ERROR_NONE,
	ERROR_IO,          /* the system refused: open, read, write, rename */
	ERROR_PARSE,       /* text that is not what its format says: place known */
	ERROR_INVALID,     /* well-formed, but not allowed: unknown field, wrong unit, bad range */
	ERROR_MISSING,     /* named thing does not exist */
	ERROR_UNSUPPORTED, /* another schema version, a feature that is not here */
	ERROR_LIMIT,       /* larger, deeper or more than the stated maximum */
	ERROR_CONFLICT,    /* two things claim one name */
	ERROR_CODE_COUNT,
};

struct error {
	enum error_code code;
	/* One line of UTF-8, NUL-terminated, cut at a character boundary when too long. Control
	 * characters and bad bytes become '?': what a hostile file says cannot move a cursor. */
	char text[480];
};

/* Sets code and text; always returns false so that `return fail(err, …)` reads well.
 * `err` may be NULL when the caller does not care. */
bool fail(struct error *err, enum error_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "context: " before the text that is there; always returns false. */
bool fail_while(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
