#include <assert.h>

#include "market/judge_parts.h"

enum {
	SECONDS_PER_HOUR = 3600,
	HOURS_PER_DAY = 24,
	CENTS_PER_DOLLAR = 100,
};

/* A price of the unit for so many hours is one of an hour once multiplied by this. */
struct ratio {
	int64_t numerator, denominator;
};

static struct ratio unit_ratio(enum price_unit unit, int64_t term_months)
{
	static const struct ratio ratios[] = {
		[UNIT_HOUR] = { 1, 1 },
		[UNIT_SECOND] = { SECONDS_PER_HOUR, 1 },
		[UNIT_DAY] = { 1, HOURS_PER_DAY },
		[UNIT_MONTH] = { 1, HOURS_PER_MONTH },
		[UNIT_YEAR] = { 1, HOURS_PER_YEAR },
		[UNIT_TERM] = { 1, HOURS_PER_MONTH },
	};
	static_assert(sizeof(ratios) / sizeof(ratios[0]) == UNIT_COUNT, "one for each unit");
	struct ratio ratio = ratios[unit];

	if (unit == UNIT_TERM)
		ratio.denominator *= term_months;
	return ratio;
}

/* An amount for `unit` in USD for one GPU and an hour. */
static enum refusal price_hour(const struct judging *judging, int64_t nano, enum price_unit unit,
			       int64_t *ret_usd_nano)
{
	const struct quote *quote = judging->quote;
	struct money money = { .nano = nano, .currency = quote->currency };
	int64_t term = quote->term_months;
	struct ratio ratio = unit_ratio(unit, term);
	int64_t gpus = judging->draft->price_of == PRICE_OF_GPU ? 1 : quote->gpus;
	int64_t usd_nano;

	if (unit == UNIT_TERM && term == 0)
		return REFUSAL_TERM;
	if (!exchange_to_usd(judging->book->exchange, money, quote_day(quote), &usd_nano))
		return REFUSAL_NO_RATE;
	return nano_scale(usd_nano, ratio.numerator, ratio.denominator * gpus, ret_usd_nano)
		       ? REFUSAL_NONE
		       : REFUSAL_TOO_HIGH;
}

static enum refusal read_amount(struct span text, int64_t *ret_nano)
{
	*ret_nano = 0;
	if (text.length == 0)
		return REFUSAL_NONE;
	if (!nano_parse(text, ret_nano))
		return REFUSAL_PRICE_MALFORMED;
	return *ret_nano < 0 ? REFUSAL_PRICE_NEGATIVE : REFUSAL_NONE;
}

static enum refusal read_price(struct judging *judging)
{
	const struct draft *draft = judging->draft;
	struct quote *quote = judging->quote;
	enum refusal why;

	if (draft->price.length == 0 && draft->upfront.length == 0)
		return REFUSAL_PRICE_ABSENT;
	why = read_amount(draft->price, &quote->price_nano);
	if (why == REFUSAL_NONE)
		why = read_amount(draft->upfront, &quote->upfront_nano);
	if (why != REFUSAL_NONE)
		return why;
	if (quote->price_nano == 0 && quote->upfront_nano == 0)
		return REFUSAL_PRICE_ZERO;
	if (draft->currency.length == 0)
		return REFUSAL_CURRENCY_ABSENT;
	if (!currency_find(draft->currency, &quote->currency))
		return REFUSAL_CURRENCY_UNKNOWN;
	return draft->unit < UNIT_COUNT ? REFUSAL_NONE : REFUSAL_UNIT_UNKNOWN;
}

enum refusal judge_price(struct judging *judging)
{
	const struct draft *draft = judging->draft;
	struct quote *quote = judging->quote;
	enum refusal why = read_price(judging);
	int64_t hour_nano = 0, upfront_nano = 0;

	if (why == REFUSAL_NONE)
		why = price_hour(judging, quote->price_nano, draft->unit, &hour_nano);
	if (why == REFUSAL_NONE && quote->upfront_nano > 0)
		why = price_hour(judging, quote->upfront_nano, UNIT_TERM, &upfront_nano);
	if (why != REFUSAL_NONE)
		return why;
	if (__builtin_add_overflow(hour_nano, upfront_nano, &quote->usd_nano))
		return REFUSAL_TOO_HIGH;
	quote->unit = (uint8_t)(draft->unit & 0xf);
	quote->price_of = (uint8_t)(draft->price_of & 1);
	return REFUSAL_NONE;
}

static bool fits(const struct gpu_row *gpu, int64_t usd_nano)
{
	return usd_nano >= gpu->floor_nano && usd_nano <= gpu->ceiling_nano;
}

/* Well inside: in a band as wide as these, a guess fits too easily at its edges. */
static bool fits_well(const struct gpu_row *gpu, int64_t usd_nano)
{
	return usd_nano / 2 >= gpu->floor_nano && usd_nano <= gpu->ceiling_nano / 2;
}

/* Whether the price is one of this GPU once it is taken for cents, for a month's or, when it is
 * said to be of another span of time, for an hour's. Cents are whole. */
static bool fits_otherwise(const struct judging *judging)
{
	const struct quote *quote = judging->quote;
	int64_t usd_nano = quote->usd_nano;
	int64_t other_nano = 0;

	if (quote->price_nano % NANO_PER_UNIT == 0 &&
	    fits_well(judging->gpu, usd_nano / CENTS_PER_DOLLAR))
		return true;
	if (quote->unit == UNIT_HOUR)
		return fits_well(judging->gpu, usd_nano / HOURS_PER_MONTH);
	return price_hour(judging, quote->price_nano, UNIT_HOUR, &other_nano) == REFUSAL_NONE &&
	       fits_well(judging->gpu, other_nano);
}

enum refusal judge_band(struct judging *judging)
{
	const struct gpu_row *gpu = judging->gpu;
	int64_t usd_nano = judging->quote->usd_nano;

	if (fits(gpu, usd_nano))
		return REFUSAL_NONE;
	if (usd_nano < gpu->floor_nano && judging->draft->bid)
		return REFUSAL_BID_FLOOR;
	if (fits_otherwise(judging))
		return REFUSAL_UNIT;
	return usd_nano < gpu->floor_nano ? REFUSAL_TOO_LOW : REFUSAL_TOO_HIGH;
}
