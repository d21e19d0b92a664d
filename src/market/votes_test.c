#include "market/level.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/quotes.h"

#include <cmocka.h>

static const struct offered ladder[] = {
	/* One machine: the middle of 1, 2 and 9 is 2. */
	{ .provider = "a", .product = "x", .host = "h", .machine = "m", .usd = 1 },
	{ .provider = "a", .product = "x", .host = "h", .machine = "m", .usd = 2, .gpus = 4 },
	{ .provider = "a", .product = "x", .host = "h", .machine = "m", .usd = 9 },
	/* Another of the same host, so that the host is at 3. */
	{ .provider = "a", .product = "x", .host = "h", .machine = "n", .usd = 4 },
	/* A second host at 7: the offer is at 5. */
	{ .provider = "a", .product = "x", .host = "i", .machine = "o", .usd = 7 },
	/* Another region at 6: the provider is at 5.5. */
	{ .provider = "a", .product = "x", .region = "west", .usd = 6, .listings = 10 },
	{ .provider = "b", .usd = 3 },
};

static void a_price_climbs_from_machine_to_host_to_offer_to_provider(void **state)
{
	SCOPED_STALL(stall);
	struct votes votes;

	(void)state;
	quotes_put(&stall, ladder, QUOTES_COUNT(ladder));
	quotes_vote(&stall, QUOTES_DAY, &votes);
	assert_int_equal(votes.count, 2);
	assert_int_equal(votes.offer_count, 3);
	quotes_expect_near(votes.offers[0].usd, 5);
	quotes_expect_near(votes.offers[1].usd, 6);
	quotes_expect_near(votes.offers[2].usd, 3);
	quotes_expect_near(votes.items[0].usd, 5.5);
	quotes_expect_near(votes.items[1].usd, 3);
}

static void what_a_price_was_made_of_is_counted(void **state)
{
	SCOPED_STALL(stall);
	struct votes votes;

	(void)state;
	quotes_put(&stall, ladder, QUOTES_COUNT(ladder));
	quotes_vote(&stall, QUOTES_DAY, &votes);
	assert_int_equal(votes.items[0].quotes, 6);
	assert_int_equal(votes.items[0].machines, 4);
	assert_int_equal(votes.items[0].hosts, 3);
	assert_int_equal(votes.items[0].offers, 2);
	assert_int_equal(votes.items[0].rows, 15);
	assert_int_equal(votes.quotes, 7);
	assert_int_equal(votes.machines, 5);
	assert_int_equal(votes.hosts, 4);
	assert_int_equal(votes.rows, 16);
	quotes_expect_near(votes.concentration, (15 * 15 + 1) / 256.0);
}

static void what_has_no_machine_or_host_is_one_of_its_own(void **state)
{
	static const struct {
		struct offered rows[3];
		unsigned machines, hosts;
		double usd;
	} cases[] = {
		{ { { .usd = 1 }, { .usd = 2 }, { .usd = 9 } }, 3, 3, 2 },
		{ { { .usd = 1, .host = "h" },
		    { .usd = 2, .host = "h" },
		    { .usd = 9, .host = "h" } },
		  3,
		  1,
		  2 },
		/* 1.5 and 9, not the middle of three. */
		{ { { .usd = 1, .machine = "m" }, { .usd = 2, .machine = "m" }, { .usd = 9 } },
		  2,
		  2,
		  5.25 },
		{ { { .usd = 1, .host = "h" }, { .usd = 2, .host = "h" }, { .usd = 9 } },
		  3,
		  2,
		  5.25 },
		/* Two hosts may name their machines alike. */
		{ { { .usd = 1, .host = "h", .machine = "m" },
		    { .usd = 2, .host = "i", .machine = "m" },
		    { .usd = 9, .host = "i", .machine = "m" } },
		  2,
		  2,
		  3.25 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		struct votes votes;

		quotes_put(&stall, cases[i].rows, 3);
		quotes_vote(&stall, QUOTES_DAY, &votes);
		assert_int_equal(votes.machines, cases[i].machines);
		assert_int_equal(votes.hosts, cases[i].hosts);
		quotes_expect_near(votes.items[0].usd, cases[i].usd);
	}
}

static void only_quotes_that_count_have_a_say(void **state)
{
	static const struct offered rows[] = {
		{ .provider = "a", .product = "w", .usd = 9, .stock = STOCK_NO },
		{ .provider = "a", .product = "x", .usd = 2 },
		{ .provider = "b", .usd = 9, .observed = "2026-01-01" },
		{ .provider = "c", .product = "y", .usd = 3 },
		{ .provider = "c", .product = "z", .usd = 9, .reliability = 0.5 },
	};
	SCOPED_STALL(stall);
	struct votes votes;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	quotes_vote(&stall, QUOTES_DAY, &votes);
	assert_int_equal(votes.count, 2);
	assert_int_equal(votes.offer_count, 2);
	assert_string_equal(stall_name(&stall, votes.offers[0].product), "x");
	assert_string_equal(stall_name(&stall, votes.offers[1].product), "y");
	assert_string_equal(stall_name(&stall, votes.items[1].provider), "c");
	quotes_expect_near(votes.items[1].usd, 3);
}

/* What change is measured on: the same place on each day, and places ascend. */
static void an_offer_has_the_same_place_on_every_day(void **state)
{
	static const struct offered rows[] = {
		{ .provider = "a", .product = "x", .usd = 2, .observed = "2026-03-01" },
		{ .provider = "a", .product = "x", .usd = 3, .gpus = 16, .gbit_per_s = 400 },
		{ .provider = "b", .usd = 4, .observed = "2026-03-01" },
		{ .provider = "c", .usd = 5, .observed = "2026-03-01", .until = "2026-03-10" },
	};
	SCOPED_STALL(stall);
	struct votes before, after;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	quotes_vote(&stall, QUOTES_DAY - 9, &before);
	quotes_vote(&stall, QUOTES_DAY, &after);
	assert_int_equal(before.offer_count, 3);
	assert_int_equal(after.offer_count, 2);
	/* That of its first quote in the selection, whether or not this one counts. */
	assert_int_equal(before.offers[0].place, 0);
	assert_int_equal(before.offers[1].place, 2);
	assert_int_equal(before.offers[2].place, 3);
	assert_int_equal(before.offers[0].place, after.offers[0].place);
	assert_int_equal(before.offers[2].place, after.offers[1].place);
	assert_int_equal(before.offers[2].rank, after.offers[1].rank);
	quotes_expect_near(after.offers[0].gpus, 16);
	quotes_expect_near(after.offers[0].gbit_per_s, 400);
	quotes_expect_near(before.offers[0].gpus, 8);
	assert_true(before.offers[0].gbit_per_s <= 0);
}

static void threads_do_not_change_a_vote(void **state)
{
	SCOPED_STALL(stall);
	struct selection selection;
	struct eligible eligible;
	struct votes one, many;

	(void)state;
	quotes_put(&stall, ladder, QUOTES_COUNT(ladder));
	quotes_select(&stall, &selection);
	eligible_judge(&selection, QUOTES_DAY, 7, &stall.arena, &eligible);
	votes_make(&eligible, false, 1, &stall.arena, &one);
	votes_make(&eligible, true, 4, &stall.arena, &many);
	assert_null(one.offers);
	assert_int_equal(one.count, many.count);
	for (size_t i = 0; i < one.count; i++)
		quotes_expect_near(one.items[i].usd, many.items[i].usd);
}

static void nobody_has_no_vote(void **state)
{
	static const struct offered row = { .usd = 2, .stock = STOCK_NO };
	SCOPED_STALL(stall);
	struct votes votes;

	(void)state;
	quotes_put(&stall, &row, 1);
	quotes_vote(&stall, QUOTES_DAY, &votes);
	assert_int_equal(votes.count, 0);
	assert_int_equal(votes.offer_count, 0);
	assert_true(votes.concentration <= 0);
}

static void the_raw_median_counts_each_listing(void **state)
{
	static const struct offered rows[] = {
		{ .provider = "a", .usd = 1, .listings = 3 },
		{ .provider = "b", .usd = 2 },
		{ .provider = "c", .usd = 4 },
		{ .provider = "d", .usd = 9, .stock = STOCK_NO, .listings = 100 },
	};
	SCOPED_STALL(stall);
	struct selection selection;
	struct eligible eligible;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	quotes_select(&stall, &selection);
	eligible_judge(&selection, QUOTES_DAY, 7, &stall.arena, &eligible);
	quotes_expect_near(level_raw(&eligible, &stall.arena), 1);
	eligible_judge(&selection, QUOTES_DAY - 1, 7, &stall.arena, &eligible);
	assert_true(isnan(level_raw(&eligible, &stall.arena)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_price_climbs_from_machine_to_host_to_offer_to_provider),
		cmocka_unit_test(what_a_price_was_made_of_is_counted),
		cmocka_unit_test(what_has_no_machine_or_host_is_one_of_its_own),
		cmocka_unit_test(only_quotes_that_count_have_a_say),
		cmocka_unit_test(an_offer_has_the_same_place_on_every_day),
		cmocka_unit_test(threads_do_not_change_a_vote),
		cmocka_unit_test(nobody_has_no_vote),
		cmocka_unit_test(the_raw_median_counts_each_listing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
