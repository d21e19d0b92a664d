#include "market/money.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
	FRACTION_DIGITS = 9,
	EXPONENT_MAXIMUM = 1 << 28, /* farther from zero is overflow or nothing anyway */
	WHOLE_DIGITS_MAXIMUM = 19,  /* digits of INT64_MAX */
	SIMPLE_DIGITS = 18,         /* that always fit */
};

/* ISO 4217, list one, without funds, metals and codes for testing; USD first, the rest sorted. */
static const char codes[][4] = {
	"USD", "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD",
	"BDT", "BGN", "BHD", "BIF", "BMD", "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD",
	"CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC", "CUP", "CVE", "CZK", "DJF", "DKK", "DOP",
	"DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL", "GHS", "GIP", "GMD", "GNF",
	"GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR", "ISK", "JMD",
	"JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP",
	"LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR",
	"MVR", "MWK", "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB",
	"PEN", "PGK", "PHP", "PKR", "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD",
	"SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL",
	"THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD", "TZS", "UAH", "UGX", "UYU", "UZS",
	"VES", "VND", "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER", "ZAR", "ZMW", "ZWG",
};

enum {
	CODE_COUNT = sizeof(codes) / sizeof(codes[0]),
};
static_assert(CODE_COUNT <= UINT8_MAX, "a currency is one byte");

static char to_upper(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

bool currency_find(struct span code, currency_t *ret_currency)
{
	char wanted[4] = { 0 };
	size_t low = 1, high = CODE_COUNT;

	if (code.length != 3)
		return false;
	for (size_t i = 0; i < 3; i++)
		wanted[i] = to_upper(code.at[i]);
	if (memcmp(wanted, codes[CURRENCY_USD], 3) == 0) {
		*ret_currency = CURRENCY_USD;
		return true;
	}
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = memcmp(wanted, codes[middle], 3);

		if (order == 0) {
			*ret_currency = (currency_t)middle;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

const char *currency_code(currency_t currency)
{
	return currency < CODE_COUNT ? codes[currency] : "";
}

/* A number as it is written: digits without the point, and where the point stands in them. */
struct decimal {
	struct span whole, fraction;
	int64_t exponent;
	bool negative;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Cuts the digits at the front off; there is at least one. */
static bool cut_digits(struct span *rest, struct span *ret_digits)
{
	size_t length = 0;

	while (length < rest->length && is_digit(rest->at[length]))
		length++;
	*ret_digits = (struct span){ .at = rest->at, .length = length };
	rest->at += length;
	rest->length -= length;
	return length > 0;
}

static bool cut_character(struct span *rest, char wanted)
{
	if (rest->length == 0 || *rest->at != wanted)
		return false;
	rest->at++;
	rest->length--;
	return true;
}

static bool cut_exponent(struct span *rest, int64_t *ret_exponent)
{
	struct span digits;
	bool negative;
	int64_t exponent = 0;

	*ret_exponent = 0;
	if (!cut_character(rest, 'e') && !cut_character(rest, 'E'))
		return true;
	negative = cut_character(rest, '-');
	if (!negative)
		(void)cut_character(rest, '+');
	if (!cut_digits(rest, &digits))
		return false;
	for (size_t i = 0; i < digits.length; i++) {
		if (exponent < EXPONENT_MAXIMUM)
			exponent = exponent * 10 + (digits.at[i] - '0');
	}
	*ret_exponent = negative ? -exponent : exponent;
	return true;
}

static bool cut_decimal(struct span text, struct decimal *ret_decimal)
{
	struct decimal decimal = { .negative = cut_character(&text, '-') };

	if (!cut_digits(&text, &decimal.whole))
		return false;
	if (cut_character(&text, '.') && !cut_digits(&text, &decimal.fraction))
		return false;
	if (!cut_exponent(&text, &decimal.exponent) || text.length > 0)
		return false;
	*ret_decimal = decimal;
	return true;
}

static char digit_at(const struct decimal *decimal, size_t i)
{
	return i < decimal->whole.length ? decimal->whole.at[i]
					 : decimal->fraction.at[i - decimal->whole.length];
}

/* What of the digits from `first` on does to the last digit that is kept: half to even. */
static bool rounds_up(const struct decimal *decimal, size_t first, size_t count, bool odd)
{
	char digit = digit_at(decimal, first);

	if (digit != '5')
		return digit > '5';
	for (size_t i = first + 1; i < count; i++) {
		if (digit_at(decimal, i) != '0')
			return true;
	}
	return odd;
}

/* The digits in front of `kept`, with zeros where there are fewer; false when that is too much. */
static bool gather(const struct decimal *decimal, size_t first, int64_t kept, uint64_t *ret_value)
{
	size_t count = decimal->whole.length + decimal->fraction.length;
	uint64_t value = 0;

	if (kept - (int64_t)first > WHOLE_DIGITS_MAXIMUM)
		return false;
	for (int64_t i = (int64_t)first; i < kept; i++) {
		unsigned digit =
			(size_t)i < count ? (unsigned)(digit_at(decimal, (size_t)i) - '0') : 0;

		if (value > ((uint64_t)INT64_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret_value = value;
	return true;
}

/* "12.345678901": digits, few enough for a number, and at most nine behind the point. Nearly all
 * prices are so; false for all others, good or not. */
static bool parse_simple(struct span text, int64_t *ret_nano)
{
	static const int64_t scales[] = { 1000000000, 100000000, 10000000, 1000000, 100000,
					  10000,      1000,      100,      10,      1 };
	int64_t value = 0;
	size_t point = text.length;

	if (text.length == 0 || text.length > SIMPLE_DIGITS)
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];

		if (is_digit(c))
			value = value * 10 + (c - '0');
		else if (c == '.' && point == text.length && i > 0 && i + 1 < text.length)
			point = i;
		else
			return false;
	}

	size_t decimals = point < text.length ? text.length - point - 1 : 0;
	return decimals < sizeof(scales) / sizeof(scales[0]) &&
	       !__builtin_mul_overflow(value, scales[decimals], ret_nano);
}

bool nano_parse(struct span text, int64_t *ret_nano)
{
	struct decimal decimal;
	size_t count, first = 0;
	uint64_t value = 0;
	int64_t simple;

	if (parse_simple(text, &simple)) {
		*ret_nano = simple;
		return true;
	}
	if (!cut_decimal(text, &decimal))
		return false;
	count = decimal.whole.length + decimal.fraction.length;
	while (first < count && digit_at(&decimal, first) == '0')
		first++;

	/* So many of the digits stand in front of the point once it is moved by nine. */
	int64_t kept = (int64_t)decimal.whole.length + decimal.exponent + FRACTION_DIGITS;

	if (first == count || kept < (int64_t)first) {
		*ret_nano = 0;
		return true;
	}
	if (!gather(&decimal, first, kept, &value))
		return false;
	if (kept < (int64_t)count && rounds_up(&decimal, (size_t)kept, count, value & 1))
		value++;
	if (value > INT64_MAX)
		return false;
	*ret_nano = decimal.negative ? -(int64_t)value : (int64_t)value;
	return true;
}

/* The nine digits behind the point without the zeros at their end; returns how many. */
static size_t put_fraction(uint32_t fraction, char into[static FRACTION_DIGITS])
{
	size_t length = FRACTION_DIGITS;

	for (size_t i = FRACTION_DIGITS; i-- > 0; fraction /= 10)
		into[i] = (char)('0' + fraction % 10);
	while (length > 0 && into[length - 1] == '0')
		length--;
	return length;
}

const char *nano_format(int64_t nano, char into[static MONEY_TEXT_SIZE])
{
	uint64_t amount = nano < 0 ? 0 - (uint64_t)nano : (uint64_t)nano;
	uint64_t whole = amount / NANO_PER_UNIT;
	uint32_t fraction = (uint32_t)(amount % NANO_PER_UNIT);
	char backwards[MONEY_TEXT_SIZE];
	size_t length = 0;
	char *at = into;

	do {
		backwards[length++] = (char)('0' + whole % 10);
		whole /= 10;
	} while (whole > 0);
	if (nano < 0)
		*at++ = '-';
	while (length > 0)
		*at++ = backwards[--length];
	if (fraction > 0) {
		*at++ = '.';
		at += put_fraction(fraction, at);
	}
	*at = '\0';
	return into;
}

bool nano_scale(int64_t nano, int64_t numerator, int64_t denominator, int64_t *ret_nano)
{
	if (denominator <= 0)
		return false;

	__int128 product = (__int128)nano * numerator;
	__int128 quotient = product / denominator;
	__int128 rest = product % denominator;
	__int128 twice = rest < 0 ? -2 * rest : 2 * rest;

	if (twice > denominator || (twice == denominator && quotient % 2 != 0))
		quotient += product < 0 ? -1 : 1;
	if (quotient > INT64_MAX || quotient < INT64_MIN)
		return false;
	*ret_nano = (int64_t)quotient;
	return true;
}

double nano_to_double(int64_t nano)
{
	return (double)nano / NANO_PER_UNIT;
}

bool nano_from_double(double value, int64_t *ret_nano)
{
	double scaled = rint(value * NANO_PER_UNIT);

	/* 2^63 is the first double that does not fit. */
	if (isnan(scaled) || scaled >= 0x1p63 || scaled < -0x1p63)
		return false;
	*ret_nano = (int64_t)scaled;
	return true;
}
