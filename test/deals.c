#include "test/deals.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/random.h"

#include <cmocka.h>

void deals_init(struct deals *deals)
{
	static const char *const names[] = { "h100", "h200", "a100" };

	*deals = (struct deals){ .count = 0 };
	for (unsigned i = 0; i < 3; i++)
		deals->gpus[i] = (struct gpu_row){ .name = names[i], .title = names[i] };
	deals->catalogue = (struct catalogue){ .gpus = deals->gpus, .gpu_count = 3 };
	assumptions_init(&deals->assumptions);
	need_init(&deals->need);
	deals_need(deals, "gpus", "64");
	deals_need(deals, "hours", "500");
	deals_need(deals, "interruption", "checkpointed");
	deals_need(deals, "communication.kind", "dense");
	deals_need(deals, "communication.exposed", "0.111");
	deals->need.accepts[0] =
		(struct need_gpu){ .name = "h100", .gpu = 0, .performance = { 1, 1, 1 } };
	deals->need.accept_count = 1;
}

void deals_release(struct deals *deals)
{
	arena_release(&deals->arena);
}

void deals_price(struct offer *offer, double usd)
{
	offer->usd = (struct quantity){ .value = usd, .low = usd, .high = usd };
}

struct offer *deals_add(struct deals *deals, const char *provider)
{
	struct offer *offer;

	assert_true(deals->count < DEALS_MAXIMUM);
	offer = &deals->offers[deals->count++];
	*offer = (struct offer){
		.provider = provider,
		.product = "eight",
		.region = "us-east-1",
		.source = "a page",
		.form = FORM_SXM,
		.memory_gb = 80,
		.rental = RENTAL_ON_DEMAND,
		.tier = TIER_NEOCLOUD,
		.stock = STOCK_YES,
		.size = 8,
		.size_known = true,
		.gbit_per_s = 400,
		.storage_usd = 0.05,
		.egress_usd = 0,
		.observed = DEALS_TODAY,
		.quotes = 1,
		.before_usd = NAN,
		.before = DATE_NONE,
	};
	deals_price(offer, 2.5);
	return offer;
}

static uint32_t drawn(uint32_t *counter, uint32_t seed, uint32_t below)
{
	return random_u32(seed, (*counter)++) % below;
}

void deals_invent(struct deals *deals, uint32_t seed, size_t count)
{
	static const enum rental rentals[] = { RENTAL_ON_DEMAND, RENTAL_SPOT, RENTAL_CONTRACT };
	static const unsigned terms[] = { 1, 3, 12 };
	static const double networks[] = { 0, 100, 200, 400 };
	uint32_t counter = 0;

	for (size_t i = 0; i < count; i++) {
		struct offer *offer =
			deals_add(deals, arena_format(&deals->arena, "cloud%02zu", deals->count));

		offer->rental = rentals[drawn(&counter, seed, 3)];
		if (offer->rental == RENTAL_CONTRACT)
			offer->term_months = terms[drawn(&counter, seed, 3)];
		deals_price(offer, 1 + drawn(&counter, seed, 4000) / 1000.0);
		offer->gbit_per_s = networks[drawn(&counter, seed, 4)];
		offer->gpu = drawn(&counter, seed, 8) == 0 ? 1 : 0;
		offer->observed = DEALS_TODAY - (date_t)drawn(&counter, seed, 40);
		offer->stock = (enum stock)drawn(&counter, seed, STOCK_COUNT);
		offer->storage_usd = drawn(&counter, seed, 3) == 0
					     ? (double)NAN
					     : drawn(&counter, seed, 11) / 100.0;
		offer->egress_usd = drawn(&counter, seed, 3) == 0
					    ? (double)NAN
					    : drawn(&counter, seed, 9) / 100.0;
	}
}

void deals_need(struct deals *deals, const char *field, const char *value)
{
	struct error err = { 0 };

	if (!need_set(&deals->need, span_of(field), span_of(value), &deals->arena, &err))
		fail_msg("%s", err.text);
}

void deals_advise(struct deals *deals, struct advice *ret_advice)
{
	const struct advice_input input = {
		.bench = { .need = &deals->need,
			   .assumptions = &deals->assumptions,
			   .catalogue = &deals->catalogue,
			   .today = DEALS_TODAY },
		.offers = deals->offers,
		.offer_count = deals->count,
	};

	advice_make(&input, &deals->arena, ret_advice);
}

double deals_best(struct deals *deals)
{
	struct advice advice;

	deals_advise(deals, &advice);
	return advice.fit_count > 0 ? advice.candidates[0].estimate.usd.value : (double)INFINITY;
}

size_t deals_rank(const struct advice *advice, const char *provider)
{
	for (size_t i = 0; i < advice->fit_count; i++) {
		if (strcmp(advice->candidates[i].offer->provider, provider) == 0)
			return i + 1;
	}
	return 0;
}

void close_to(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.10g is not %.10g to %g", value, expected, within);
}
