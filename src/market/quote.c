#include "market/quote.h"

#include <assert.h>
#include <math.h>
#include <string.h>

const char *const rental_names[] = {
	[RENTAL_UNKNOWN] = "unknown",   [RENTAL_ON_DEMAND] = "on-demand",   [RENTAL_SPOT] = "spot",
	[RENTAL_CONTRACT] = "contract", [RENTAL_SERVERLESS] = "serverless",
};
static_assert(sizeof(rental_names) / sizeof(rental_names[0]) == RENTAL_COUNT, "a name each");

const char *const stock_names[] = {
	[STOCK_UNKNOWN] = "unknown",   [STOCK_YES] = "yes", [STOCK_LOW] = "low",
	[STOCK_WAITLIST] = "waitlist", [STOCK_NO] = "no",
};
static_assert(sizeof(stock_names) / sizeof(stock_names[0]) == STOCK_COUNT, "a name each");

const char *const price_unit_names[] = {
	[UNIT_HOUR] = "hour",   [UNIT_SECOND] = "second", [UNIT_DAY] = "day",
	[UNIT_MONTH] = "month", [UNIT_YEAR] = "year",     [UNIT_TERM] = "term",
};
static_assert(sizeof(price_unit_names) / sizeof(price_unit_names[0]) == UNIT_COUNT, "a name each");

const char *const refusal_names[] = {
	[REFUSAL_NONE] = "none",
	[REFUSAL_MALFORMED] = "malformed",
	[REFUSAL_TOO_LONG] = "too-long",
	[REFUSAL_NO_PROVIDER] = "no-provider",
	[REFUSAL_NO_DATE] = "no-date",
	[REFUSAL_NO_GPU] = "no-gpu",
	[REFUSAL_GPU_UNKNOWN] = "gpu-unknown",
	[REFUSAL_GPU_FRACTION] = "gpu-fraction",
	[REFUSAL_GPU_COUNT] = "gpu-count",
	[REFUSAL_MEMORY] = "memory",
	[REFUSAL_FORM] = "form",
	[REFUSAL_RENTAL_UNKNOWN] = "rental-unknown",
	[REFUSAL_TERM] = "term",
	[REFUSAL_PRICE_ABSENT] = "price-absent",
	[REFUSAL_PRICE_MALFORMED] = "price-malformed",
	[REFUSAL_PRICE_ZERO] = "price-zero",
	[REFUSAL_PRICE_NEGATIVE] = "price-negative",
	[REFUSAL_BID_FLOOR] = "bid-floor",
	[REFUSAL_COMPONENT] = "component",
	[REFUSAL_SOFTWARE] = "software",
	[REFUSAL_TOO_LOW] = "too-low",
	[REFUSAL_TOO_HIGH] = "too-high",
	[REFUSAL_UNIT] = "unit",
	[REFUSAL_UNIT_UNKNOWN] = "unit-unknown",
	[REFUSAL_CURRENCY_ABSENT] = "currency-absent",
	[REFUSAL_CURRENCY_UNKNOWN] = "currency-unknown",
	[REFUSAL_NO_RATE] = "no-rate",
	[REFUSAL_DUPLICATE] = "duplicate",
	[REFUSAL_CARRIED] = "carried",
	[REFUSAL_PHANTOM_REGION] = "phantom-region",
	[REFUSAL_FUTURE] = "future",
	[REFUSAL_OTHER_KEY] = "other-key",
	[REFUSAL_STALE] = "stale",
	[REFUSAL_NOT_YET] = "not-yet",
	[REFUSAL_SUPERSEDED] = "superseded",
	[REFUSAL_OUT_OF_STOCK] = "out-of-stock",
	[REFUSAL_UNRELIABLE] = "unreliable",
	[REFUSAL_SERVERLESS] = "serverless",
	[REFUSAL_THIN_DAY] = "thin-day",
	[REFUSAL_OUTLIER] = "outlier",
};
static_assert(sizeof(refusal_names) / sizeof(refusal_names[0]) == REFUSAL_COUNT, "a name each");

const char *const refusal_reasons[] = {
	[REFUSAL_NONE] = "kept",
	[REFUSAL_MALFORMED] = "the row cannot be read",
	[REFUSAL_TOO_LONG] = "a name or the line is too long",
	[REFUSAL_NO_PROVIDER] = "no provider is named",
	[REFUSAL_NO_DATE] = "neither the row nor the file's name says when",
	[REFUSAL_NO_GPU] = "a machine without a GPU",
	[REFUSAL_GPU_UNKNOWN] = "a GPU that data/market/gpu.tsv does not have",
	[REFUSAL_GPU_FRACTION] = "a part of a GPU has no price for one",
	[REFUSAL_GPU_COUNT] = "the number of GPUs is absent, absurd, or not the product's",
	[REFUSAL_MEMORY] = "the GPU does not come with this much memory, or the unit is wrong",
	[REFUSAL_FORM] = "the GPU or the product does not come in this form",
	[REFUSAL_RENTAL_UNKNOWN] = "on demand, spot or contract: it does not say",
	[REFUSAL_TERM] = "a contract without a length, or a length without a contract",
	[REFUSAL_PRICE_ABSENT] = "no price, or one that only repeats another",
	[REFUSAL_PRICE_MALFORMED] = "the price is no number",
	[REFUSAL_PRICE_ZERO] = "the price is zero",
	[REFUSAL_PRICE_NEGATIVE] = "the price is below zero",
	[REFUSAL_BID_FLOOR] = "the least that may be bid, far below what the GPU can cost",
	[REFUSAL_COMPONENT] = "the price of a part of the machine",
	[REFUSAL_SOFTWARE] = "the price holds a licence of software",
	[REFUSAL_TOO_LOW] = "below anything this GPU can cost",
	[REFUSAL_TOO_HIGH] = "above anything one of these GPUs can cost; of a whole node?",
	[REFUSAL_UNIT] = "cents for dollars, or another span of time than it says",
	[REFUSAL_UNIT_UNKNOWN] = "the price is for a unit that is not known",
	[REFUSAL_CURRENCY_ABSENT] = "no currency is named",
	[REFUSAL_CURRENCY_UNKNOWN] = "the currency is no code of ISO 4217",
	[REFUSAL_NO_RATE] = "no exchange rate of that week is known; give --rates",
	[REFUSAL_DUPLICATE] = "the same quote again",
	[REFUSAL_CARRIED] = "an old row carried into a newer file",
	[REFUSAL_PHANTOM_REGION] = "the machine does not exist in this region",
	[REFUSAL_FUTURE] = "observed after today",
	[REFUSAL_OTHER_KEY] = "of another GPU, form, rental model, term or tier",
	[REFUSAL_STALE] = "older than the index looks back",
	[REFUSAL_NOT_YET] = "observed after the day of the index",
	[REFUSAL_SUPERSEDED] = "its source has looked again since",
	[REFUSAL_OUT_OF_STOCK] = "listed, but not to be had",
	[REFUSAL_UNRELIABLE] = "below the least reliability",
	[REFUSAL_SERVERLESS] = "billed while a function runs: another trade",
	[REFUSAL_THIN_DAY] = "of a day with too few quotes to count",
	[REFUSAL_OUTLIER] = "too far from the others",
};
static_assert(sizeof(refusal_reasons) / sizeof(refusal_reasons[0]) == REFUSAL_COUNT, "one each");

static char to_plain(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '_' || c == ' ' ? '-' : c;
}

/* Whether the text is one of the words with `|` between them; '_', ' ' and '-' are alike. */
static bool is_listed(const char *list, struct span text)
{
	const char *word = list;

	for (;;) {
		size_t i = 0;

		while (i < text.length && word[i] == to_plain(text.at[i]))
			i++;
		if (i == text.length && (word[i] == '|' || word[i] == '\0'))
			return true;
		word = strchr(word + i, '|');
		if (!word)
			return false;
		word++;
	}
}

static bool find_word(const char *const *lists, unsigned count, struct span text, unsigned *ret_i)
{
	if (text.length == 0 || memchr(text.at, '|', text.length))
		return false;
	for (unsigned i = 0; i < count; i++) {
		if (is_listed(lists[i], text)) {
			*ret_i = i;
			return true;
		}
	}
	return false;
}

bool rental_find(struct span text, enum rental *ret_rental)
{
	static const char *const lists[] = {
		[RENTAL_UNKNOWN] = "unknown",
		[RENTAL_ON_DEMAND] = "on-demand|ondemand|od|payg|pay-as-you-go|secure|list",
		[RENTAL_SPOT] = "spot|preemptible|interruptible|community|low-priority|bid",
		[RENTAL_CONTRACT] = "contract|reserved|reservation|commitment|committed|cud",
		[RENTAL_SERVERLESS] = "serverless|function",
	};
	static_assert(sizeof(lists) / sizeof(lists[0]) == RENTAL_COUNT, "a list each");
	unsigned found;

	if (!find_word(lists, RENTAL_COUNT, text, &found))
		return false;
	*ret_rental = (enum rental)found;
	return true;
}

bool stock_find(struct span text, enum stock *ret_stock)
{
	static const char *const lists[] = {
		[STOCK_UNKNOWN] = "unknown",
		[STOCK_YES] = "yes|available|in-stock|true|high|medium",
		[STOCK_LOW] = "low|limited",
		[STOCK_WAITLIST] = "waitlist|waiting-list",
		[STOCK_NO] = "no|unavailable|sold-out|out-of-stock|false|none|rented",
	};
	static_assert(sizeof(lists) / sizeof(lists[0]) == STOCK_COUNT, "a list each");
	unsigned found;

	if (!find_word(lists, STOCK_COUNT, text, &found))
		return false;
	*ret_stock = (enum stock)found;
	return true;
}

bool price_unit_find(struct span text, enum price_unit *ret_unit)
{
	static const char *const lists[] = {
		[UNIT_HOUR] = "hour|hourly|h|hr|hours|per-hour|1-hour",
		[UNIT_SECOND] = "second|s|sec|per-second",
		[UNIT_DAY] = "day|daily|d|per-day",
		[UNIT_MONTH] = "month|monthly|mo|per-month",
		[UNIT_YEAR] = "year|yearly|annual|per-year",
		[UNIT_TERM] = "term|total|whole-term",
	};
	static_assert(sizeof(lists) / sizeof(lists[0]) == UNIT_COUNT, "a list each");
	unsigned found;

	if (!find_word(lists, UNIT_COUNT, text, &found))
		return false;
	*ret_unit = (enum price_unit)found;
	return true;
}

void draft_init(struct draft *draft)
{
	*draft = (struct draft){ .reliability = NAN, .performance = NAN };
}

struct span quote_name(const struct book *book, name_t name)
{
	return names_text(&book->names, name);
}

double quote_usd(const struct quote *quote)
{
	return nano_to_double(quote->usd_nano);
}

date_t quote_day(const struct quote *quote)
{
	return date_from_unix(quote->observed);
}
