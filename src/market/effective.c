#include "market/effective.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/random.h"

const char *const effective_factor_names[] = {
	[EFFECTIVE_STORAGE] = "storage", [EFFECTIVE_EGRESS] = "egress",
	[EFFECTIVE_CPU] = "cpu",         [EFFECTIVE_NETWORK_FEE] = "network_fee",
	[EFFECTIVE_SUPPORT] = "support", [EFFECTIVE_SETUP] = "setup",
	[EFFECTIVE_DEBUG] = "debug",     [EFFECTIVE_PERFORMANCE] = "performance",
	[EFFECTIVE_NETWORK] = "network", [EFFECTIVE_LOSS] = "loss",
};
static_assert(sizeof(effective_factor_names) / sizeof(effective_factor_names[0]) == EFFECTIVE_COUNT,
	      "a name for each factor");

/* The ends are published where a publication is named; the middle of a range is ours. */
const struct effective_unknown effective_unknowns[] = {
	[EFFECTIVE_STORAGE] = { .range = { 0.06, 0.02, 0.11 },
				.unit = "USD a GB-month",
				.maximum = 10,
				.source = "object 0.02-0.03, fast 0.06-0.11: SemiAnalysis, 2025" },
	[EFFECTIVE_EGRESS] = { .range = { 0.045, 0, 0.09 },
			       .unit = "USD a GB",
			       .maximum = 10,
			       .source = "free at some, 0.09 at a hyperscaler: price pages, 2026" },
	[EFFECTIVE_CPU] = { .range = { 0.001, 0, 0.01 },
			    .unit = "USD a GPU-hour",
			    .maximum = 100,
			    .source =
				    "0-0.0011 of 4,096 GPUs: SemiAnalysis, 2026; the end is ours" },
	[EFFECTIVE_NETWORK_FEE] = { .range = { 0.001, 0, 0.01 },
				    .unit = "USD a GPU-hour",
				    .maximum = 100,
				    .source = "addresses and gateways: ours" },
	[EFFECTIVE_SUPPORT] = { .range = { 0.05, 0, 0.1 },
				.unit = "share",
				.maximum = 1,
				.source = "3-10 % where charged: SemiAnalysis, 2026" },
	[EFFECTIVE_SETUP] = { .range = { 400, 0, 800 },
			      .unit = "USD of a GPU, once",
			      .maximum = 1e6,
			      .source = "0-800 of 4,096 GPUs: SemiAnalysis, 2026" },
	[EFFECTIVE_DEBUG] = { .range = { 8333, 0, 16667 },
			      .unit = "USD a month",
			      .maximum = 1e8,
			      .source =
				      "no to one engineer at 200,000 a year: SemiAnalysis, 2026" },
	[EFFECTIVE_PERFORMANCE] = { .range = { 0.83, 0.655, 1 },
				    .unit = "of the reference",
				    .minimum = 0.01,
				    .maximum = 10,
				    .source =
					    "up to 34.5 % apart on 11 clouds: Silicon Data, 2026" },
	[EFFECTIVE_NETWORK] = { .range = { 0.9, 0.8, 1 },
				.unit = "of the reference",
				.minimum = 0.01,
				.maximum = 10,
				.source = "half of it costs 10-20 %: SemiAnalysis, 2025-03" },
	[EFFECTIVE_LOSS] = { .range = { 0.1053, 0.0205, 0.2091 },
			     .unit = "share",
			     .maximum = 0.99,
			     .source = "2.05-20.91 %: SemiAnalysis, 2026" },
};
static_assert(sizeof(effective_unknowns) / sizeof(effective_unknowns[0]) == EFFECTIVE_COUNT,
	      "a range for each factor");

/* One draw, or one point. */
struct sample {
	double quote, storage_gb, egress_gb;
	double factors[EFFECTIVE_COUNT];
};

/* How a sample is made: at the values, at the best and the worst ends, or drawn. */
enum pick {
	PICK_VALUE,
	PICK_BEST,
	PICK_WORST,
};

static struct quantity range_of(const struct effective_offer *offer, unsigned factor)
{
	return offer->factors[factor].known ? offer->factors[factor].value
					    : effective_unknowns[factor].range;
}

/* More of it makes the hour cheaper. */
static bool is_good(unsigned factor)
{
	return factor == EFFECTIVE_PERFORMANCE || factor == EFFECTIVE_NETWORK;
}

static double pick_end(struct quantity quantity, enum pick pick, bool good)
{
	switch (pick) {
	case PICK_VALUE:
		break;
	case PICK_BEST:
		return good ? quantity.high : quantity.low;
	case PICK_WORST:
		return good ? quantity.low : quantity.high;
	}
	return quantity.value;
}

static struct sample sample_at(const struct effective_offer *offer,
			       const struct effective_need *need, enum pick pick)
{
	struct sample sample = {
		.quote = pick_end(offer->quote, pick, false),
		.storage_gb = pick_end(need->storage_gb, pick, false),
		.egress_gb = pick_end(need->egress_gb, pick, false),
	};

	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
		sample.factors[i] = pick_end(range_of(offer, i), pick, is_good(i));
	return sample;
}

/* Streams of one offer. */
struct streams {
	uint64_t quote, storage_gb, egress_gb;
	uint64_t factors[EFFECTIVE_COUNT];
};

static struct streams streams_of(const struct effective_offer *offer, uint64_t seed)
{
	uint64_t need = random_join(seed, random_key(SPAN("need")));
	uint64_t own = random_join(random_join(seed, random_key(SPAN("offer"))),
				   random_key(span_of(offer->name)));
	struct streams streams = {
		.quote = random_join(own, EFFECTIVE_COUNT),
		.storage_gb = random_join(need, 1),
		.egress_gb = random_join(need, 2),
	};

	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
		streams.factors[i] = random_join(own, i);
	return streams;
}

static struct sample sample_draw(const struct effective_offer *offer,
				 const struct effective_need *need, const struct streams *streams,
				 uint32_t draw)
{
	struct sample sample = {
		.quote = quantity_draw(offer->quote, streams->quote, draw),
		.storage_gb = quantity_draw(need->storage_gb, streams->storage_gb, draw),
		.egress_gb = quantity_draw(need->egress_gb, streams->egress_gb, draw),
	};

	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
		sample.factors[i] = quantity_draw(range_of(offer, i), streams->factors[i], draw);
	return sample;
}

/* What the factor adds to an hour that costs `total` after those before it. */
static double added(unsigned factor, double total, const struct sample *sample,
		    const struct effective_need *need)
{
	double value = sample->factors[factor];

	switch ((enum effective_factor)factor) {
	case EFFECTIVE_STORAGE:
		return value * sample->storage_gb / need->month_hours;
	case EFFECTIVE_EGRESS:
		return value * sample->egress_gb / need->month_hours;
	case EFFECTIVE_CPU:
	case EFFECTIVE_NETWORK_FEE:
		return value;
	case EFFECTIVE_SUPPORT:
		return value * total;
	case EFFECTIVE_SETUP:
		return value / (need->months * need->month_hours);
	case EFFECTIVE_DEBUG:
		return value / (need->gpus * need->month_hours);
	case EFFECTIVE_PERFORMANCE:
	case EFFECTIVE_NETWORK:
		return total / value - total;
	case EFFECTIVE_LOSS:
		return total / (1 - value) - total;
	case EFFECTIVE_COUNT:
		break;
	}
	return 0;
}

/* The effective price of a sample; what each factor adds in `ret_adds`, which may be NULL. */
static double evaluate(const struct sample *sample, const struct effective_need *need,
		       double *ret_adds)
{
	double total = sample->quote;

	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		double adds = added(i, total, sample, need);

		if (ret_adds)
			ret_adds[i] = adds;
		total += adds;
	}
	return total;
}

static void run_draws(const struct effective_need *need, const struct effective_draws *draws,
		      struct arena *arena, struct effective_price *price)
{
	SCOPED_ARENA(scratch);
	const struct streams streams = streams_of(price->offer, draws->seed);
	double *adds[EFFECTIVE_COUNT];
	double *totals = ARENA_ARRAY(&scratch, double, draws->count);

	price->draws = ARENA_ARRAY(arena, double, draws->count);
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
		adds[i] = ARENA_ARRAY(&scratch, double, draws->count);
	for (uint32_t draw = 0; draw < draws->count; draw++) {
		struct sample sample = sample_draw(price->offer, need, &streams, draw);
		double each[EFFECTIVE_COUNT];

		price->draws[draw] = totals[draw] = evaluate(&sample, need, each);
		for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
			adds[i][draw] = each[i];
	}
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++)
		price->steps[i].adds =
			quantity_of_draws(price->steps[i].adds.value, adds[i], draws->count);
	price->usd = quantity_of_draws(price->usd.value, totals, draws->count);
}

/* From all factors at their best to all at their worst. */
static void span_corners(const struct effective_need *need, struct effective_price *price)
{
	struct sample best = sample_at(price->offer, need, PICK_BEST);
	struct sample worst = sample_at(price->offer, need, PICK_WORST);
	double low[EFFECTIVE_COUNT];
	double high[EFFECTIVE_COUNT];

	price->usd.low = evaluate(&best, need, low);
	price->usd.high = evaluate(&worst, need, high);
	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		price->steps[i].adds.low = low[i];
		price->steps[i].adds.high = high[i];
	}
}

void effective_price(const struct effective_offer *offer, const struct effective_need *need,
		     const struct effective_draws *draws, struct arena *arena,
		     struct effective_price *ret_price)
{
	struct sample middle = sample_at(offer, need, PICK_VALUE);
	double adds[EFFECTIVE_COUNT];
	struct effective_price price = {
		.offer = offer,
		.usd = quantity_of(evaluate(&middle, need, adds)),
	};
	double total = middle.quote;

	for (unsigned i = 0; i < EFFECTIVE_COUNT; i++) {
		total += adds[i];
		price.steps[i] = (struct effective_step){
			.known = offer->factors[i].known,
			.factor = range_of(offer, i),
			.adds = quantity_of(adds[i]),
			.total = total,
		};
		if (!offer->factors[i].known)
			price.unknown |= 1u << i;
	}
	if (draws->count > 0)
		run_draws(need, draws, arena, &price);
	else
		span_corners(need, &price);
	*ret_price = price;
}

/* The quote at which the sample costs `usd`, of `other_quote`. The price is a straight line in its
 * quote, so two points give it. */
static double equal_quote(struct sample sample, const struct effective_need *need, double usd,
			  double other_quote)
{
	sample.quote = 0;
	double without = evaluate(&sample, need, NULL);
	sample.quote = 1;
	double slope = evaluate(&sample, need, NULL) - without;

	return fmax(0, (usd - without) / slope / other_quote);
}

static void draw_pair(const struct effective_need *need, const struct effective_draws *draws,
		      struct effective_pair *pair)
{
	SCOPED_ARENA(scratch);
	const struct effective_offer *offer = pair->offer->offer;
	const struct effective_offer *other = pair->other->offer;
	const struct streams streams = streams_of(offer, draws->seed);
	const struct streams other_streams = streams_of(other, draws->seed);
	double *ratios = ARENA_ARRAY(&scratch, double, draws->count);
	double *quotes = ARENA_ARRAY(&scratch, double, draws->count);
	uint32_t cheaper = 0;

	for (uint32_t draw = 0; draw < draws->count; draw++) {
		struct sample sample = sample_draw(offer, need, &streams, draw);
		double usd = pair->other->draws[draw];
		double quote = quantity_draw(other->quote, other_streams.quote, draw);

		ratios[draw] = pair->offer->draws[draw] / usd;
		quotes[draw] = equal_quote(sample, need, usd, quote);
		cheaper += pair->offer->draws[draw] < usd;
	}
	pair->ratio = quantity_of_draws(pair->ratio.value, ratios, draws->count);
	pair->pay_at_most = quantity_of_draws(pair->pay_at_most.value, quotes, draws->count);
	pair->cheaper = (double)cheaper / draws->count;
}

void effective_compare(const struct effective_price *offer, const struct effective_price *other,
		       const struct effective_need *need, const struct effective_draws *draws,
		       struct effective_pair *ret_pair)
{
	double quote = other->offer->quote.value;
	struct effective_pair pair = {
		.offer = offer,
		.other = other,
		.ratio = quantity_of(offer->usd.value / other->usd.value),
		.pay_at_most = quantity_of(equal_quote(sample_at(offer->offer, need, PICK_VALUE),
						       need, other->usd.value, quote)),
		.cheaper = NAN,
	};

	if (draws->count > 0) {
		draw_pair(need, draws, &pair);
	} else {
		pair.ratio.low = offer->usd.low / other->usd.high;
		pair.ratio.high = offer->usd.high / other->usd.low;
		pair.pay_at_most.low = equal_quote(sample_at(offer->offer, need, PICK_WORST), need,
						   other->usd.low, other->offer->quote.high);
		pair.pay_at_most.high = equal_quote(sample_at(offer->offer, need, PICK_BEST), need,
						    other->usd.high, other->offer->quote.low);
	}
	*ret_pair = pair;
}
