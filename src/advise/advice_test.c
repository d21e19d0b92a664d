#include "advise/advice.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include "test/deals.h"

#include <cmocka.h>

static void every_offer_is_counted_once(void **state)
{
	struct deals deals;
	struct advice advice;
	size_t counted = 0;

	(void)state;
	deals_init(&deals);
	deals_invent(&deals, 3, 60);
	deals_advise(&deals, &advice);
	for (unsigned i = 0; i < OBSTACLE_COUNT; i++)
		counted += advice.obstacles[i];
	assert_int_equal(counted, 60);
	assert_int_equal(advice.obstacles[OBSTACLE_NONE], advice.fit_count);
	assert_true(advice.fit_count > 3 && advice.unknown_count > 0);
	deals_release(&deals);
}

static void the_second_wins_below_its_price(void **state)
{
	struct deals deals;
	struct advice advice;

	(void)state;
	deals_init(&deals);
	deals_price(deals_add(&deals, "a"), 2.5);
	deals_price(deals_add(&deals, "b"), 3);
	deals_advise(&deals, &advice);
	assert_int_equal(deals_rank(&advice, "a"), 1);
	close_to(advice.contrasts[1].wins_at_price, 2.5, 1e-6);
	assert_int_equal(advice.contrasts[1].line, BILL_GPU);
	assert_true(isnan(advice.contrasts[1].wins_at_failures));
	close_to(advice.margin, 0.2, 1e-6);
	deals_price(&deals.offers[1], 2.49);
	deals_advise(&deals, &advice);
	assert_int_equal(deals_rank(&advice, "b"), 1);
	deals_release(&deals);
}

/* Spot at a lower price loses when its nodes are taken away more often. */
static void the_second_wins_where_interruptions_say_so(void **state)
{
	struct deals deals;
	struct advice advice;
	double factor;

	(void)state;
	deals_init(&deals);
	deals_price(deals_add(&deals, "demand"), 3);
	deals_add(&deals, "spot")->rental = RENTAL_SPOT;
	deals_price(&deals.offers[1], 2);
	deals_advise(&deals, &advice);
	assert_int_equal(deals_rank(&advice, "spot"), 1);
	factor = advice.contrasts[1].wins_at_failures;
	assert_true(factor > 1);
	deals.assumptions.values[ASSUMES_RECLAIM].value *= factor * 1.01;
	deals.assumptions.values[ASSUMES_MTBF].value /= factor * 1.01;
	deals_advise(&deals, &advice);
	assert_int_equal(deals_rank(&advice, "demand"), 1);
	deals_release(&deals);
}

static void a_faster_second_wins_at_a_deadline(void **state)
{
	struct deals deals;
	struct advice advice;
	char deadline[32];

	(void)state;
	deals_init(&deals);
	deals_add(&deals, "slow")->gbit_per_s = 200;
	deals_price(&deals.offers[0], 2);
	deals_price(deals_add(&deals, "fast"), 3);
	deals_advise(&deals, &advice);
	assert_int_equal(deals_rank(&advice, "slow"), 1);
	assert_true(advice.contrasts[1].hours < 0);
	(void)snprintf(deadline, sizeof(deadline), "%.1f",
		       advice.contrasts[1].wins_at_deadline_h * 0.99);
	deals_need(&deals, "deadline", deadline);
	deals_advise(&deals, &advice);
	assert_int_equal(deals_rank(&advice, "fast"), 1);
	assert_int_equal(deals_rank(&advice, "slow"), 0);
	deals_release(&deals);
}

static void what_is_at_stake_most_is_tested_first(void **state)
{
	struct deals deals;
	struct advice advice;

	(void)state;
	deals_init(&deals);
	deals_add(&deals, "a")->gbit_per_s = 0;
	deals_advise(&deals, &advice);
	assert_true(advice.trial_count >= 2);
	for (size_t i = 1; i < advice.trial_count; i++)
		assert_true(advice.trials[i].usd <= advice.trials[i - 1].usd);
	for (size_t i = 0; i < advice.trial_count; i++) {
		if (advice.trials[i].assumption == ASSUMES_NETWORK)
			return deals_release(&deals);
	}
	fail_msg("the network is not among the tests");
}

static void it_says_when_to_decide_anew(void **state)
{
	struct deals deals;
	struct advice advice;
	struct offer *offer;

	(void)state;
	deals_init(&deals);
	offer = deals_add(&deals, "a");
	offer->observed = DEALS_TODAY - 10;
	offer->before = DEALS_TODAY - 20;
	offer->before_usd = 2;
	deals_advise(&deals, &advice);
	assert_int_equal(advice.anew, DEALS_TODAY - 10 + 31);
	close_to(advice.moved, 0.25, 1e-12);
	assert_true(isnan(advice.margin));
	deals_release(&deals);
}

static void without_an_offer_there_is_no_answer_and_no_fault(void **state)
{
	struct deals deals;
	struct advice advice;

	(void)state;
	deals_init(&deals);
	deals_advise(&deals, &advice);
	assert_int_equal(advice.count, 0);
	assert_int_equal(advice.newest, DATE_NONE);
	assert_null(advice.models.best[0]);
	deals_release(&deals);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_offer_is_counted_once),
		cmocka_unit_test(the_second_wins_below_its_price),
		cmocka_unit_test(the_second_wins_where_interruptions_say_so),
		cmocka_unit_test(a_faster_second_wins_at_a_deadline),
		cmocka_unit_test(what_is_at_stake_most_is_tested_first),
		cmocka_unit_test(it_says_when_to_decide_anew),
		cmocka_unit_test(without_an_offer_there_is_no_answer_and_no_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
