/*
 * Money as whole billionths of a currency's unit: sums and comparisons are exact, a price of
 * 1.537037037 survives, and the largest amount is 9.2 billion. Nothing here rounds in silence.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/span.h"

enum {
	NANO_PER_UNIT = 1000000000,
	MONEY_TEXT_SIZE = 24, /* "-9223372036.854775807" and NUL */
};

/* A currency by its ISO 4217 code: a row of the table in money.c. USD is the first, so that what is
 * zeroed is in dollars. */
typedef uint8_t currency_t;

enum {
	CURRENCY_USD = 0,
};

struct money {
	int64_t nano; /* billionths of the currency's unit */
	currency_t currency;
};

/* "EUR", in capitals or not; false when the code is not of ISO 4217, or not a currency of a state.
 */
bool currency_find(struct span code, currency_t *ret_currency);
const char *currency_code(currency_t currency);

/* A decimal number, with an exponent or not, as JSON and CSV write it: "2.99",
 * "1.4688888888888889", "2.7e-05". Digits beyond the ninth behind the point are rounded, half to
 * even; every digit counts, however many there are. False on leftovers, a comma, a currency sign,
 * overflow. */
bool nano_parse(struct span text, int64_t *ret_nano);

/* The shortest decimal that reads back: "2.99", "-0.5", "3". */
const char *nano_format(int64_t nano, char into[static MONEY_TEXT_SIZE]);

/* value × numerator / denominator, rounded half to even, through 128 bits. False when the result
 * does not fit or denominator is not positive. */
bool nano_scale(int64_t nano, int64_t numerator, int64_t denominator, int64_t *ret_nano);

double nano_to_double(int64_t nano);

/* Rounded to the nearest; false for NaN and what does not fit. */
bool nano_from_double(double value, int64_t *ret_nano);
