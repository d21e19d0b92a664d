/* What holds for every market and need: invented ones, many of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "base/random.h"
#include "test/deals.h"

#include <cmocka.h>

enum {
	MARKETS = 12,
	OFFERS = 24,
};

static void invent(struct deals *deals, uint32_t seed)
{
	deals_init(deals);
	deals_invent(deals, seed, OFFERS);
	if (seed % 2 == 0)
		deals_need(deals, "data.stored_tb", "20");
	if (seed % 3 == 0)
		deals_need(deals, "data.out_gb", "5000");
	if (seed % 5 == 0)
		deals_need(deals, "deadline", "700");
}

static void a_cheaper_equal_offer_never_ranks_below(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= MARKETS; seed++) {
		struct deals deals;
		struct advice advice;

		invent(&deals, seed);
		for (size_t i = 0; i < OFFERS; i++) {
			struct offer twin = deals.offers[i];
			size_t dear, cheap;

			twin.provider = "twin";
			deals_price(&twin, twin.usd.value * 0.99);
			deals.offers[OFFERS] = twin;
			deals.count = OFFERS + 1;
			deals_advise(&deals, &advice);
			dear = deals_rank(&advice, deals.offers[i].provider);
			cheap = deals_rank(&advice, "twin");
			assert_true(dear == 0 || (cheap > 0 && cheap < dear));
		}
		deals_release(&deals);
	}
}

static void a_tighter_deadline_never_lowers_the_cost(void **state)
{
	static const char *const deadlines[] = { "3000", "900", "700", "620", "590", "560", "520" };

	(void)state;
	for (uint32_t seed = 1; seed <= MARKETS; seed++) {
		struct deals deals;
		double before = 0;

		invent(&deals, seed);
		for (size_t i = 0; i < sizeof(deadlines) / sizeof(deadlines[0]); i++) {
			double best;

			deals_need(&deals, "deadline", deadlines[i]);
			best = deals_best(&deals);
			assert_true(best >= before);
			before = best;
		}
		deals_release(&deals);
	}
}

static void forbidding_spot_never_lowers_the_cost(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= MARKETS; seed++) {
		struct deals deals;
		double allowed;

		invent(&deals, seed);
		allowed = deals_best(&deals);
		deals_need(&deals, "interruption", "never");
		assert_true(deals_best(&deals) >= allowed);
		deals_release(&deals);
	}
}

static void the_order_of_offers_does_not_matter(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= MARKETS; seed++) {
		struct deals deals;
		struct advice before, after;
		const char *names[OFFERS];

		invent(&deals, seed);
		deals_advise(&deals, &before);
		for (size_t i = 0; i < OFFERS; i++)
			names[i] = before.candidates[i].offer->provider;
		for (uint32_t i = OFFERS - 1; i > 0; i--) {
			uint32_t other = random_u32(seed, i) % (i + 1);
			struct offer moved = deals.offers[i];

			deals.offers[i] = deals.offers[other];
			deals.offers[other] = moved;
		}
		deals_advise(&deals, &after);
		for (size_t i = 0; i < OFFERS; i++) {
			assert_string_equal(names[i], after.candidates[i].offer->provider);
			assert_int_equal(before.candidates[i].obstacle,
					 after.candidates[i].obstacle);
		}
		deals_release(&deals);
	}
}

/* Takes one known thing from an offer; false when it was not known. */
static bool forget(struct offer *offer, unsigned what)
{
	bool known;

	switch (what) {
	case 0:
		known = offer->gbit_per_s > 0;
		offer->gbit_per_s = 0;
		return known;
	case 1:
		known = !isnan(offer->storage_usd);
		offer->storage_usd = (double)NAN;
		return known;
	case 2:
		known = !isnan(offer->egress_usd);
		offer->egress_usd = (double)NAN;
		return known;
	case 3:
		known = offer->stock == STOCK_YES || offer->stock == STOCK_LOW;
		offer->stock = STOCK_UNKNOWN;
		return known;
	case 4:
		known = offer->region[0] != '\0';
		offer->region = "";
		return known;
	default:
		known = offer->form != FORM_UNKNOWN;
		offer->form = FORM_UNKNOWN;
		return known;
	}
}

/* Whether the offer ranks no higher once one known thing of it is forgotten. */
static bool ranks_no_higher(struct deals *deals, size_t index, unsigned what)
{
	struct offer whole = deals->offers[index];
	struct advice advice;
	size_t before, after;
	bool known;

	deals_advise(deals, &advice);
	before = deals_rank(&advice, whole.provider);
	known = forget(&deals->offers[index], what);
	deals_advise(deals, &advice);
	after = deals_rank(&advice, whole.provider);
	deals->offers[index] = whole;
	return !known || after == 0 || (before > 0 && after >= before);
}

static void what_becomes_unknown_never_ranks_higher(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= MARKETS; seed++) {
		struct deals deals;

		invent(&deals, seed);
		if (seed % 2 == 0)
			deals_need(&deals, "regions", "us");
		if (seed % 4 == 0)
			deals_need(&deals, "form", "sxm");
		for (size_t i = 0; i < OFFERS; i++)
			assert_true(ranks_no_higher(&deals, i, random_u32(seed, (uint32_t)i) % 6));
		deals_release(&deals);
	}
}

static void every_cost_lies_in_its_interval(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= MARKETS; seed++) {
		struct deals deals;
		struct advice advice;

		invent(&deals, seed);
		deals_advise(&deals, &advice);
		for (size_t i = 0; i < advice.count; i++) {
			const struct estimate *estimate = &advice.candidates[i].estimate;

			if (!advice.candidates[i].estimated)
				continue;
			assert_true(estimate->usd.low <= estimate->usd.value);
			assert_true(estimate->usd.value <= estimate->usd.high);
			assert_true(estimate->hours.low <= estimate->hours.value);
			assert_true(estimate->in_time >= 0 && estimate->in_time <= 1);
			assert_true(estimate->survival >= 0 && estimate->survival <= 1);
		}
		deals_release(&deals);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cheaper_equal_offer_never_ranks_below),
		cmocka_unit_test(a_tighter_deadline_never_lowers_the_cost),
		cmocka_unit_test(forbidding_spot_never_lowers_the_cost),
		cmocka_unit_test(the_order_of_offers_does_not_matter),
		cmocka_unit_test(what_becomes_unknown_never_ranks_higher),
		cmocka_unit_test(every_cost_lies_in_its_interval),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
