#include "market/ccir.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/quotes.h"

#include <cmocka.h>

/* So many quotes of a day of March 2026, from `usd` upwards in steps of a cent. */
static void put_day(struct stall *stall, unsigned day, unsigned count, double usd)
{
	for (unsigned i = 0; i < count; i++) {
		struct offered row = {
			.observed = arena_format(&stall->arena, "2026-03-%02u", day),
			.product = arena_format(&stall->arena, "p%u", i),
			.usd = usd + i / 100.0,
		};

		quotes_put(stall, &row, 1);
	}
}

static void judge(struct stall *stall, const char *rule, struct eligible *ret_eligible,
		  struct ccir *ret_ccir)
{
	struct selection *selection = ARENA_NEW(&stall->arena, struct selection);

	quotes_select(stall, selection);
	ccir_judge(selection, QUOTES_DAY, ccir_rule_find(rule), &stall->arena, ret_eligible,
		   ret_ccir);
}

static void rules_are_found_by_their_names(void **state)
{
	(void)state;
	assert_int_equal(ccir_rule_find("ccir-1.1.0")->least_per_day, 10);
	assert_int_equal(ccir_rule_find("ccir-1.1.1")->least_per_day, 8);
	assert_null(ccir_rule_find("ccir-1.1"));
	assert_null(ccir_rule_find(""));
}

/* Days of 7, 8, 9 and 10 quotes at 1, 2, 3 and 4 USD and some cents. */
static void a_day_with_too_few_quotes_does_not_count(void **state)
{
	static const struct {
		const char *rule;
		unsigned valid, observations, thin;
		double value;
	} cases[] = {
		/* The middle of 4.00 … 4.09. */
		{ "ccir-1.1.0", 1, 10, 24, 4.045 },
		/* The fourteenth of 8 + 9 + 10. */
		{ "ccir-1.1.1", 3, 27, 7, 3.05 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		struct eligible eligible;
		struct ccir ccir;

		for (unsigned day = 0; day < 4; day++)
			put_day(&stall, 4 + day, 7 + day, 1 + day);
		judge(&stall, cases[i].rule, &eligible, &ccir);
		assert_int_equal(ccir.valid_days, cases[i].valid);
		assert_int_equal(ccir.observations, cases[i].observations);
		assert_int_equal(eligible.counts[REFUSAL_THIN_DAY], cases[i].thin);
		assert_int_equal(eligible.counts[REFUSAL_NONE], cases[i].observations);
		quotes_expect_near(ccir.value, cases[i].value);
	}
}

static void the_seven_days_end_with_the_day(void **state)
{
	SCOPED_STALL(stall);
	struct eligible eligible;
	struct ccir ccir;

	(void)state;
	put_day(&stall, 3, 10, 1);
	put_day(&stall, 4, 11, 2);
	put_day(&stall, 10, 12, 3);
	put_day(&stall, 11, 13, 4);
	judge(&stall, "ccir-1.1.0", &eligible, &ccir);
	assert_int_equal(eligible.counts[REFUSAL_STALE], 10);
	assert_int_equal(eligible.counts[REFUSAL_NOT_YET], 13);
	assert_int_equal(ccir.days[0].day, QUOTES_DAY - 6);
	assert_int_equal(ccir.days[0].raw, 11);
	assert_int_equal(ccir.days[6].day, QUOTES_DAY);
	assert_int_equal(ccir.days[6].raw, 12);
	for (unsigned d = 1; d < 6; d++) {
		assert_int_equal(ccir.days[d].raw, 0);
		assert_true(isnan(ccir.days[d].median) && isnan(ccir.days[d].mean));
	}
}

static void a_quote_counts_on_the_day_it_was_observed_alone(void **state)
{
	static const struct offered confirmed = { .observed = "2026-03-01",
						  .until = "2026-03-10",
						  .usd = 9 };
	SCOPED_STALL(stall);
	struct eligible eligible;
	struct ccir ccir;

	(void)state;
	put_day(&stall, 10, 10, 3);
	quotes_put(&stall, &confirmed, 1);
	judge(&stall, "ccir-1.1.0", &eligible, &ccir);
	assert_int_equal(ccir.observations, 10);
	assert_int_equal(eligible.counts[REFUSAL_STALE], 1);
}

static void what_is_sold_out_or_unreliable_does_not_count(void **state)
{
	static const struct offered others[] = {
		{ .usd = 9, .stock = STOCK_NO },
		{ .usd = 9, .stock = STOCK_WAITLIST, .gpus = 1 },
		{ .usd = 9, .reliability = 0.89, .gpus = 2 },
		{ .usd = 3, .reliability = 0.90, .gpus = 4 },
	};
	SCOPED_STALL(stall);
	struct eligible eligible;
	struct ccir ccir;

	(void)state;
	put_day(&stall, 10, 10, 3);
	quotes_put(&stall, others, QUOTES_COUNT(others));
	judge(&stall, "ccir-1.1.0", &eligible, &ccir);
	assert_int_equal(eligible.counts[REFUSAL_OUT_OF_STOCK], 2);
	assert_int_equal(eligible.counts[REFUSAL_UNRELIABLE], 1);
	assert_int_equal(ccir.observations, 11);
}

/* Ten of 2.00 to 2.09 and one far off: with the trimmed mean of the nine in the middle, and the
 * deviation of all eleven, 2.5 of which are the reach. */
static void what_is_further_than_the_reach_from_the_trimmed_mean_is_an_outlier(void **state)
{
	static const struct {
		double far;
		unsigned removed;
		double mean;
	} cases[] = {
		{ 2.5, 1, 2.045 },
		{ 1.5, 1, 2.045 },
		{ 2.10, 0, (20.45 + 2.10) / 11 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		const struct offered far = { .usd = cases[i].far, .observed = "2026-03-10" };
		struct eligible eligible;
		struct ccir ccir;

		put_day(&stall, 10, 10, 2);
		quotes_put(&stall, &far, 1);
		judge(&stall, "ccir-1.1.0", &eligible, &ccir);
		assert_int_equal(ccir.days[6].raw, 11);
		assert_int_equal(ccir.days[6].removed, cases[i].removed);
		assert_int_equal(ccir.days[6].used, 11 - cases[i].removed);
		assert_int_equal(eligible.counts[REFUSAL_OUTLIER], cases[i].removed);
		quotes_expect_near(ccir.days[6].mean, cases[i].mean);
	}
}

/* The quotes 1 … 9 and x, by 1.1.1: one is cut at each end, so the mean is that of 2 … 9 where x is
 * the highest. Just inside and just outside of it by 2.5 deviations, as a search found them. */
static void the_tenth_at_each_end_is_left_out_of_the_mean(void **state)
{
	double inside = 9;
	double outside = 39;

	(void)state;
	for (unsigned step = 0; step < 60; step++) {
		double x = (inside + outside) / 2;
		double sum = 45 + x, squares = 285 + x * x;
		double deviation = sqrt((squares - sum * sum / 10) / 9);

		if (x - 5.5 > 2.5 * deviation)
			outside = x;
		else
			inside = x;
	}
	for (int out = 0; out < 2; out++) {
		SCOPED_STALL(stall);
		struct offered rows[10];
		struct eligible eligible;
		struct ccir ccir;

		for (unsigned i = 0; i < 10; i++)
			rows[i] = (struct offered){ .usd = 1 + i, .gpus = 1 + i };
		rows[9].usd = out ? outside + 1e-6 : inside - 1e-6;
		quotes_put(&stall, rows, 10);
		judge(&stall, "ccir-1.1.1", &eligible, &ccir);
		assert_int_equal(ccir.days[6].removed, out);
	}
}

static void the_value_is_the_median_of_all_that_are_left(void **state)
{
	SCOPED_STALL(stall);
	struct eligible eligible;
	struct ccir ccir;

	(void)state;
	put_day(&stall, 8, 10, 1);
	put_day(&stall, 9, 12, 2);
	put_day(&stall, 10, 14, 3);
	judge(&stall, "ccir-1.1.0", &eligible, &ccir);
	assert_int_equal(ccir.valid_days, 3);
	assert_int_equal(ccir.observations, 36);
	/* The eighteenth and the nineteenth. */
	quotes_expect_near(ccir.value, (2.07 + 2.08) / 2);
	quotes_expect_near(ccir.least, 1.00);
	quotes_expect_near(ccir.most, 3.13);
	quotes_expect_near(ccir.mean, (10 * 1.045 + 12 * 2.055 + 14 * 3.065) / 36);
	quotes_expect_near(ccir.days[4].median, 1.045);
	quotes_expect_near(ccir.days[5].mean, 2.055);
}

static void without_a_valid_day_there_is_no_value(void **state)
{
	SCOPED_STALL(stall);
	struct eligible eligible;
	struct ccir ccir;

	(void)state;
	put_day(&stall, 10, 3, 2);
	judge(&stall, "ccir-1.1.1", &eligible, &ccir);
	assert_true(isnan(ccir.value) && isnan(ccir.mean) && isnan(ccir.deviation));
	assert_true(isnan(ccir.least) && isnan(ccir.most));
	assert_int_equal(ccir.valid_days, 0);
	assert_int_equal(eligible.counts[REFUSAL_THIN_DAY], 3);
}

/* No rule of theirs lets a day count that has fewer than four; one that did would find no outlier
 * in it. */
static void of_three_quotes_none_is_an_outlier(void **state)
{
	static const struct ccir_rule lax = { .name = "lax", .least_per_day = 1 };
	static const struct offered rows[] = {
		{ .usd = 2 },
		{ .usd = 2, .gpus = 1 },
		{ .usd = 2, .gpus = 2 },
		{ .usd = 30, .gpus = 4, .observed = "2026-03-09" },
	};
	SCOPED_STALL(stall);
	struct selection selection;
	struct eligible eligible;
	struct ccir ccir;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	quotes_select(&stall, &selection);
	ccir_judge(&selection, QUOTES_DAY, &lax, &stall.arena, &eligible, &ccir);
	assert_int_equal(ccir.observations, 4);
	assert_int_equal(ccir.valid_days, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_found_by_their_names),
		cmocka_unit_test(a_day_with_too_few_quotes_does_not_count),
		cmocka_unit_test(the_seven_days_end_with_the_day),
		cmocka_unit_test(a_quote_counts_on_the_day_it_was_observed_alone),
		cmocka_unit_test(what_is_sold_out_or_unreliable_does_not_count),
		cmocka_unit_test(
			what_is_further_than_the_reach_from_the_trimmed_mean_is_an_outlier),
		cmocka_unit_test(the_tenth_at_each_end_is_left_out_of_the_mean),
		cmocka_unit_test(the_value_is_the_median_of_all_that_are_left),
		cmocka_unit_test(without_a_valid_day_there_is_no_value),
		cmocka_unit_test(of_three_quotes_none_is_an_outlier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
