#include "advise/candidate.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "test/deals.h"

#include <cmocka.h>

static enum obstacle obstacle_of(struct deals *deals)
{
	struct advice advice;

	deals_advise(deals, &advice);
	assert_int_equal(advice.count, 1);
	return advice.candidates[0].obstacle;
}

static void regions_match_part_by_part(void **state)
{
	static const struct {
		const char *region, *wanted;
		bool matches;
	} cases[] = {
		{ "us-central1", "us", true },       { "US", "us", true },
		{ "California, US", "us", true },    { "australia-east", "us", false },
		{ "australia", "aus", false },       { "us-east-1", "us-east", true },
		{ "us-east-1", "us-east-2", false }, { "europe-west4", "europe", true },
		{ "west europe", "europe", true },   { "", "us", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (region_matches(cases[i].region, cases[i].wanted) != cases[i].matches)
			fail_msg("%s against %s", cases[i].region, cases[i].wanted);
	}
}

/* One change of an offer or a need that fits. */
static void change_gpu(struct deals *deals, struct offer *offer)
{
	(void)deals;
	offer->gpu = 2;
}

static void change_age(struct deals *deals, struct offer *offer)
{
	(void)deals;
	offer->observed = DEALS_TODAY - 31;
}

static void change_stock(struct deals *deals, struct offer *offer)
{
	(void)deals;
	offer->stock = STOCK_NO;
}

static void change_waitlist(struct deals *deals, struct offer *offer)
{
	(void)deals;
	offer->stock = STOCK_WAITLIST;
}

static void change_form(struct deals *deals, struct offer *offer)
{
	deals_need(deals, "form", "sxm");
	offer->form = FORM_PCIE;
}

static void change_form_unknown(struct deals *deals, struct offer *offer)
{
	deals_need(deals, "form", "sxm");
	offer->form = FORM_UNKNOWN;
}

static void change_memory(struct deals *deals, struct offer *offer)
{
	(void)offer;
	deals_need(deals, "memory_gb", "90");
}

static void change_memory_unknown(struct deals *deals, struct offer *offer)
{
	deals_need(deals, "memory_gb", "80");
	offer->memory_gb = 0;
}

static void change_region(struct deals *deals, struct offer *offer)
{
	(void)offer;
	deals_need(deals, "regions", "europe, ca");
}

static void change_region_unknown(struct deals *deals, struct offer *offer)
{
	deals_need(deals, "regions", "us");
	offer->region = "";
}

static void change_rental(struct deals *deals, struct offer *offer)
{
	deals_need(deals, "interruption", "never");
	offer->rental = RENTAL_SPOT;
}

static void change_serverless(struct deals *deals, struct offer *offer)
{
	(void)deals;
	offer->rental = RENTAL_SERVERLESS;
}

static void change_node(struct deals *deals, struct offer *offer)
{
	deals_need(deals, "gpus", "8");
	deals->need.traffic = TRAFFIC_NODE;
	offer->size = 4;
}

static void change_network(struct deals *deals, struct offer *offer)
{
	(void)deals;
	offer->tier = TIER_MARKETPLACE;
	offer->gbit_per_s = 0;
}

static void change_ratio(struct deals *deals, struct offer *offer)
{
	deals->need.accepts[1] = (struct need_gpu){
		.name = "h200", .gpu = 1, .performance = { (double)NAN, (double)NAN, (double)NAN }
	};
	deals->need.accept_count = 2;
	offer->gpu = 1;
}

static void change_listings(struct deals *deals, struct offer *offer)
{
	static struct listing listings[] = { { .usd = 2, .gpus = 8 }, { .usd = 3, .gpus = 8 } };

	(void)deals;
	offer->listings = listings;
	offer->listing_count = 2;
}

static void change_deadline(struct deals *deals, struct offer *offer)
{
	(void)offer;
	deals_need(deals, "deadline", "501");
}

static void change_budget(struct deals *deals, struct offer *offer)
{
	(void)offer;
	deals_need(deals, "budget_usd", "1000");
}

static void change_reclaims(struct deals *deals, struct offer *offer)
{
	deals->assumptions.values[ASSUMES_RECLAIM].value = 99;
	offer->rental = RENTAL_SPOT;
}

static void change_grade(struct deals *deals, struct offer *offer)
{
	(void)offer;
	deals_need(deals, "minimum_grade", "Silver");
}

static void change_compliance(struct deals *deals, struct offer *offer)
{
	(void)offer;
	deals_need(deals, "compliance", "soc2");
}

static void each_obstacle_is_found_and_named(void **state)
{
	static const struct {
		void (*change)(struct deals *deals, struct offer *offer);
		enum obstacle obstacle;
	} cases[] = {
		{ change_gpu, OBSTACLE_GPU },
		{ change_age, OBSTACLE_STALE },
		{ change_stock, OBSTACLE_STOCK },
		{ change_waitlist, OBSTACLE_WAITLIST },
		{ change_form, OBSTACLE_FORM },
		{ change_form_unknown, OBSTACLE_FORM_UNKNOWN },
		{ change_memory, OBSTACLE_MEMORY },
		{ change_memory_unknown, OBSTACLE_MEMORY_UNKNOWN },
		{ change_region, OBSTACLE_REGION },
		{ change_region_unknown, OBSTACLE_REGION_UNKNOWN },
		{ change_rental, OBSTACLE_TAKEN },
		{ change_serverless, OBSTACLE_SERVERLESS },
		{ change_node, OBSTACLE_NODE },
		{ change_network, OBSTACLE_NETWORK_UNKNOWN },
		{ change_ratio, OBSTACLE_RATIO },
		{ change_listings, OBSTACLE_FEW },
		{ change_deadline, OBSTACLE_DEADLINE },
		{ change_budget, OBSTACLE_BUDGET },
		{ change_reclaims, OBSTACLE_STANDSTILL },
		{ change_grade, OBSTACLE_NOT_RATED },
		{ change_compliance, OBSTACLE_COMPLIANCE_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct deals deals;
		struct offer *offer;
		enum obstacle found;

		deals_init(&deals);
		offer = deals_add(&deals, "a");
		assert_int_equal(obstacle_of(&deals), OBSTACLE_NONE);
		cases[i].change(&deals, offer);
		found = obstacle_of(&deals);
		if (found != cases[i].obstacle)
			fail_msg("%s instead of %s", obstacle_names[found],
				 obstacle_names[cases[i].obstacle]);
		deals_release(&deals);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(regions_match_part_by_part),
		cmocka_unit_test(each_obstacle_is_found_and_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
