#include "base/quantity.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/random.h"

enum {
	NUMBERS_MAXIMUM = 3,
};

struct quantity quantity_of(double value)
{
	return (struct quantity){ .value = value, .low = value, .high = value };
}

bool quantity_is_range(struct quantity quantity)
{
	return quantity.high > quantity.low;
}

static double between(double low, double high)
{
	return low > 0 ? sqrt(low) * sqrt(high) : low + (high - low) / 2;
}

/* Cuts at the next "..", which no number holds. */
static bool cut_range(struct span *rest, struct span *ret_head)
{
	if (rest->length == 0)
		return false;
	for (size_t i = 0; i + 1 < rest->length; i++) {
		if (rest->at[i] != '.' || rest->at[i + 1] != '.')
			continue;
		*ret_head = (struct span){ .at = rest->at, .length = i };
		rest->at += i + 2;
		rest->length -= i + 2;
		return true;
	}
	*ret_head = *rest;
	rest->at += rest->length;
	rest->length = 0;
	return true;
}

bool quantity_parse(struct span text, struct quantity *ret_quantity)
{
	double numbers[NUMBERS_MAXIMUM] = { 0 };
	unsigned count = 0;
	struct span rest = text;
	struct span piece;

	while (cut_range(&rest, &piece)) {
		if (count == NUMBERS_MAXIMUM || !span_to_double(piece, &numbers[count]))
			return false;
		if (count > 0 && numbers[count] < numbers[count - 1])
			return false;
		count++;
	}
	/* "1.." ends with nothing where a number has to be. */
	if (count == 0 || text.at[text.length - 1] == '.')
		return false;
	ret_quantity->low = numbers[0];
	ret_quantity->high = numbers[count - 1];
	ret_quantity->value = count == 2 ? between(numbers[0], numbers[1]) : numbers[count / 2];
	return true;
}

const char *quantity_format(struct quantity quantity, char into[static QUANTITY_TEXT_SIZE])
{
	char low[32];
	char value[32];
	char high[32];

	number_format(quantity.low, low);
	number_format(quantity.value, value);
	number_format(quantity.high, high);
	if (strcmp(low, high) == 0)
		(void)snprintf(into, QUANTITY_TEXT_SIZE, "%s", value);
	else
		(void)snprintf(into, QUANTITY_TEXT_SIZE, "%s..%s..%s", low, value, high);
	return into;
}

double quantity_draw(struct quantity quantity, uint64_t key, uint32_t counter)
{
	double width = quantity.high - quantity.low;

	if (!(width > 0))
		return quantity.value;

	/* Never 0 and never 1: the middle of one of 2^32 parts. */
	double share = (random_u32((uint32_t)(key >> 32), counter) + 0.5) / 4294967296.0;
	double rise = (quantity.value - quantity.low) / width;
	if (share < rise)
		return quantity.low + width * sqrt(share * rise);
	return quantity.high - width * sqrt((1 - share) * (1 - rise));
}

static int compare(const void *left, const void *right)
{
	double a = *(const double *)left;
	double b = *(const double *)right;

	return (a > b) - (a < b);
}

struct quantity quantity_of_draws(double value, double *draws, size_t count)
{
	struct quantity result = quantity_of(value);

	if (count == 0)
		return result;
	qsort(draws, count, sizeof(*draws), compare);
	result.low = fmin(value, draws[count / 10]);
	result.high = fmax(value, draws[count - 1 - count / 10]);
	return result;
}
