#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include "test/deals.h"

#include <cmocka.h>

static struct offer *add(struct deals *deals, const char *name, enum rental rental, double usd)
{
	struct offer *offer = deals_add(deals, name);

	offer->rental = rental;
	offer->term_months = rental == RENTAL_CONTRACT ? 12 : 0;
	deals_price(offer, usd);
	return offer;
}

/* At 60 % of the price, a contract pays when 60 % of its term are used. */
static void a_contract_pays_from_the_share_of_its_term_that_its_price_is(void **state)
{
	struct deals deals;
	struct advice advice;

	(void)state;
	deals_init(&deals);
	(void)add(&deals, "demand", RENTAL_ON_DEMAND, 3);
	(void)add(&deals, "contract", RENTAL_CONTRACT, 1.8);
	deals_advise(&deals, &advice);
	close_to(advice.models.contract_share, 0.6, 0.001);
	/* In useful hours less, since not all hours do work. */
	close_to(advice.models.contract_from_h,
		 0.6 * 12 * 730 * advice.candidates[0].estimate.paces[CORNER_VALUE].useful, 3);
	deals_release(&deals);
}

/* The longest work that is shown must not begin a second term for the few hours that failures
 * take: that would double what the contract costs where it serves best. */
static void the_longest_work_fits_into_three_years(void **state)
{
	const unsigned last = CURVE_POINTS - 1;
	struct deals deals;
	struct advice advice;

	(void)state;
	deals_init(&deals);
	(void)add(&deals, "demand", RENTAL_ON_DEMAND, 3);
	add(&deals, "contract", RENTAL_CONTRACT, 1.8)->term_months = 36;
	deals_advise(&deals, &advice);
	assert_true(advice.models.curve[last].hours > 2 * 12 * 730);
	assert_true(advice.models.curve[last].usd[2] < advice.models.curve[last].usd[0]);
	deals_release(&deals);
}

static void a_contract_that_is_dearer_never_pays(void **state)
{
	struct deals deals;
	struct advice advice;

	(void)state;
	deals_init(&deals);
	(void)add(&deals, "demand", RENTAL_ON_DEMAND, 3);
	(void)add(&deals, "contract", RENTAL_CONTRACT, 3.1);
	deals_advise(&deals, &advice);
	assert_true(isnan(advice.models.contract_from_h));
	assert_true(isnan(advice.models.spot_until));
	deals_release(&deals);
}

/* At the rate that is returned spot and on demand cost the same. */
static void spot_stops_paying_where_it_costs_as_much(void **state)
{
	struct deals deals;
	struct advice advice;
	double rate;

	(void)state;
	deals_init(&deals);
	(void)add(&deals, "demand", RENTAL_ON_DEMAND, 3);
	(void)add(&deals, "spot", RENTAL_SPOT, 2);
	deals_advise(&deals, &advice);
	rate = advice.models.spot_until;
	assert_true(rate > 0 && rate < 1);
	deals.assumptions.values[ASSUMES_RECLAIM].value = rate;
	deals_advise(&deals, &advice);
	close_to(advice.candidates[0].estimate.usd.value / advice.candidates[1].estimate.usd.value,
		 1, 0.001);
	deals_release(&deals);
}

static void spot_that_is_dearer_never_pays(void **state)
{
	struct deals deals;
	struct advice advice;

	(void)state;
	deals_init(&deals);
	(void)add(&deals, "demand", RENTAL_ON_DEMAND, 2);
	(void)add(&deals, "spot", RENTAL_SPOT, 2.1);
	deals_advise(&deals, &advice);
	close_to(advice.models.spot_until, 0, 0);
	assert_true(advice.models.spot_saves < 0);
	deals_release(&deals);
}

static void models_that_the_need_excludes_are_still_compared(void **state)
{
	struct deals deals;
	struct advice advice;

	(void)state;
	deals_init(&deals);
	deals_need(&deals, "interruption", "never");
	(void)add(&deals, "demand", RENTAL_ON_DEMAND, 3);
	(void)add(&deals, "spot", RENTAL_SPOT, 1);
	deals_advise(&deals, &advice);
	assert_int_equal(advice.fit_count, 1);
	assert_non_null(advice.models.best[1]);
	assert_int_equal(advice.models.best[1]->obstacle, OBSTACLE_TAKEN);
	assert_true(advice.models.spot_saves > 0);
	deals_release(&deals);
}

static void the_curve_rises_and_has_gaps_where_there_is_no_offer(void **state)
{
	struct deals deals;
	struct advice advice;
	double before = 0;

	(void)state;
	deals_init(&deals);
	(void)add(&deals, "demand", RENTAL_ON_DEMAND, 3);
	deals_advise(&deals, &advice);
	for (unsigned i = 0; i < CURVE_POINTS; i++) {
		assert_true(advice.models.curve[i].usd[0] > before);
		assert_true(isnan(advice.models.curve[i].usd[1]));
		before = advice.models.curve[i].usd[0];
	}
	deals_release(&deals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_contract_pays_from_the_share_of_its_term_that_its_price_is),
		cmocka_unit_test(the_longest_work_fits_into_three_years),
		cmocka_unit_test(a_contract_that_is_dearer_never_pays),
		cmocka_unit_test(spot_stops_paying_where_it_costs_as_much),
		cmocka_unit_test(spot_that_is_dearer_never_pays),
		cmocka_unit_test(models_that_the_need_excludes_are_still_compared),
		cmocka_unit_test(the_curve_rises_and_has_gaps_where_there_is_no_offer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
