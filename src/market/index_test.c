#include "market/index.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/quotes.h"

#include <cmocka.h>

static const struct index_request plain = { .draws = 100, .seed = 1, .threads = 1 };

/* Of four providers, seen once. */
static const struct offered four[] = {
	{ .provider = "a", .usd = 2.0 },
	{ .provider = "b", .usd = 2.1 },
	{ .provider = "c", .usd = 2.2 },
	{ .provider = "d", .usd = 2.3 },
};

static void make(struct stall *stall, const struct index_request *request, date_t day,
		 struct index_value *ret_value)
{
	struct selection selection;

	quotes_select(stall, &selection);
	index_make(&selection, request, day, &stall->arena, ret_value);
}

static void make_of(const struct offered *rows, size_t count, const struct index_request *request,
		    date_t day, struct stall *stall, struct index_value *ret_value)
{
	quotes_put(stall, rows, count);
	make(stall, request, day, ret_value);
}

static void methods_are_found_by_word_and_by_version(void **state)
{
	enum index_method method = INDEX_RAW;
	struct error err = { 0 };

	(void)state;
	for (unsigned i = 0; i < INDEX_METHOD_COUNT; i++) {
		assert_true(index_method_find(index_methods[i].word, &method, &err));
		assert_int_equal(method, i);
		assert_true(index_method_find(index_methods[i].version, &method, &err));
		assert_int_equal(method, i);
	}
	assert_true(index_method_find("ccir", &method, &err));
	assert_int_equal(method, INDEX_CCIR_1_1_1);
	assert_false(index_method_find("mean", &method, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	for (unsigned i = 0; i < INDEX_METHOD_COUNT; i++)
		assert_non_null(strstr(err.text, index_methods[i].word));
}

static void four_providers_that_agree_raise_no_flag(void **state)
{
	SCOPED_STALL(stall);
	struct index_value value;

	(void)state;
	make_of(four, 4, &plain, QUOTES_DAY, &stall, &value);
	quotes_expect_near(value.usd, 2.15);
	assert_int_equal(value.flags, 0);
	assert_int_equal(value.value_day, QUOTES_DAY);
	assert_int_equal(value.window_days, 7);
	assert_int_equal(value.counts[REFUSAL_NONE], 4);
	assert_true(value.interval.low <= value.usd && value.usd <= value.interval.high);
}

/* Each flag alone. */
static void each_flag_says_what_it_is_for(void **state)
{
	static const struct {
		struct offered rows[12];
		size_t count;
		unsigned flags;
	} cases[] = {
		{ { { .provider = "a", .usd = 2 },
		    { .provider = "b", .usd = 2 },
		    { .provider = "c", .usd = 2 } },
		  3,
		  INDEX_FEW_PROVIDERS },
		{ { { .provider = "a", .usd = 1 },
		    { .provider = "b", .usd = 1.1 },
		    { .provider = "c", .usd = 3 },
		    { .provider = "d", .usd = 3.3 } },
		  4,
		  INDEX_WIDE },
		/* Four fresh and four stale: not more than half. */
		{ { { .provider = "a", .usd = 2 },
		    { .provider = "b", .usd = 2 },
		    { .provider = "c", .usd = 2 },
		    { .provider = "d", .usd = 2 },
		    { .provider = "e", .usd = 2, .observed = "2026-02-01" },
		    { .provider = "f", .usd = 2, .observed = "2026-02-01" },
		    { .provider = "g", .usd = 2, .observed = "2026-02-01" },
		    { .provider = "h", .usd = 2, .observed = "2026-02-01" } },
		  8,
		  0 },
		{ { { .provider = "a", .usd = 2 },
		    { .provider = "b", .usd = 2 },
		    { .provider = "c", .usd = 2 },
		    { .provider = "d", .usd = 2 },
		    { .provider = "e", .usd = 2, .observed = "2026-02-01" },
		    { .provider = "f", .usd = 2, .observed = "2026-02-01" },
		    { .provider = "g", .usd = 2, .observed = "2026-02-01" },
		    { .provider = "h", .usd = 2, .observed = "2026-02-01" },
		    { .provider = "i", .usd = 2, .observed = "2026-02-01" } },
		  9,
		  INDEX_STALE },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		struct index_value value;

		make_of(cases[i].rows, cases[i].count, &plain, QUOTES_DAY, &stall, &value);
		if (value.flags != cases[i].flags)
			print_message("# case %zu: %x\n", i, value.flags);
		assert_int_equal(value.flags, cases[i].flags);
	}
}

/* Eight quotes of each of so many days before the tenth. */
static void put_days(struct stall *stall, unsigned days)
{
	for (unsigned i = 0; i < 8 * days; i++) {
		struct offered row = {
			.usd = 2 + i / 1000.0,
			.gpus = 1 + i,
			.observed = arena_format(&stall->arena, "2026-03-%02u", 10 - i / 8),
		};

		quotes_put(stall, &row, 1);
	}
}

static void ccir_is_of_low_confidence_below_three_valid_days(void **state)
{
	static const struct index_request ccir = { .method = INDEX_CCIR_1_1_1, .threads = 1 };

	(void)state;
	for (unsigned days = 1; days <= 4; days++) {
		SCOPED_STALL(stall);
		struct index_value value;

		put_days(&stall, days);
		make(&stall, &ccir, QUOTES_DAY, &value);
		assert_int_equal(value.ccir.valid_days, days);
		/* One provider is no fault of a pooled median. */
		assert_int_equal(value.flags, days < 3 ? INDEX_FEW_DAYS : 0);
		assert_true(isnan(value.interval.low));
		quotes_expect_near(value.usd, value.ccir.value);
	}
}

/* The window has the day and six more: the quotes of the tenth count to the sixteenth, their value
 * is carried to the 23rd. */
static void a_value_is_carried_seven_days_and_then_suppressed(void **state)
{
	SCOPED_STALL(stall);
	struct index_value own, value;

	(void)state;
	quotes_put(&stall, four, 4);
	make(&stall, &plain, QUOTES_DAY + 6, &own);
	assert_int_equal(own.flags & (INDEX_CARRIED | INDEX_SUPPRESSED), 0);
	assert_int_equal(own.value_day, QUOTES_DAY + 6);
	for (int day = 7; day <= 13; day++) {
		make(&stall, &plain, QUOTES_DAY + day, &value);
		quotes_expect_near(value.usd, own.usd);
		assert_int_equal(value.flags & INDEX_SUPPRESSED, 0);
		assert_int_equal(value.flags & INDEX_CARRIED, INDEX_CARRIED);
		assert_int_equal(value.value_day, QUOTES_DAY + 6);
		assert_int_equal(value.day, QUOTES_DAY + day);
		assert_int_equal(value.counts[REFUSAL_NONE], 0);
		assert_int_equal(value.counts[REFUSAL_STALE], 4);
		assert_memory_equal(value.input, own.input, sizeof(own.input));
	}
	make(&stall, &plain, QUOTES_DAY + 14, &value);
	assert_true(isnan(value.usd));
	assert_int_equal(value.flags, INDEX_SUPPRESSED);
	assert_int_equal(value.value_day, DATE_NONE);
	make(&stall, &plain, QUOTES_DAY - 1, &value);
	assert_int_equal(value.flags, INDEX_SUPPRESSED);
}

/* What does not count, and what is of another key, leaves value and hash as they are. */
static void the_hash_is_of_the_quotes_that_count_in_any_order(void **state)
{
	static const struct offered others[] = {
		{ .provider = "a", .usd = 9, .stock = STOCK_NO, .product = "sold" },
		{ .provider = "e", .usd = 9, .observed = "2026-03-11" },
		{ .provider = "e", .usd = 9, .reliability = 0.5 },
		{ .provider = "z", .usd = 9, .rental = RENTAL_SPOT },
		{ .provider = "z", .usd = 9, .rental = RENTAL_SERVERLESS },
	};
	static const struct offered more = { .provider = "e", .usd = 2.15 };
	SCOPED_STALL(first);
	SCOPED_STALL(second);
	struct index_value one, other;

	(void)state;
	make_of(four, 4, &plain, QUOTES_DAY, &first, &one);
	quotes_put_backwards(&second, others, QUOTES_COUNT(others));
	quotes_put_backwards(&second, four, 4);
	make(&second, &plain, QUOTES_DAY, &other);
	quotes_expect_near(one.usd, other.usd);
	assert_memory_equal(one.input, other.input, sizeof(one.input));
	/* One more that counts changes the hash, though not the value. */
	quotes_put(&second, &more, 1);
	make(&second, &plain, QUOTES_DAY, &other);
	quotes_expect_near(one.usd, other.usd);
	assert_memory_not_equal(one.input, other.input, sizeof(one.input));
}

static void raw_is_the_median_of_all_rows_and_moves_with_a_flood(void **state)
{
	static const struct index_request raw = { .method = INDEX_RAW, .threads = 1 };
	SCOPED_STALL(stall);
	struct index_value level, flooded;

	(void)state;
	quotes_put(&stall, four, 4);
	for (unsigned i = 0; i < 20; i++) {
		struct offered row = { .provider = "a", .usd = 2.0, .gpus = 16 + i };

		quotes_put(&stall, &row, 1);
	}
	make(&stall, &plain, QUOTES_DAY, &level);
	make(&stall, &raw, QUOTES_DAY, &flooded);
	quotes_expect_near(level.usd, 2.15);
	quotes_expect_near(flooded.usd, 2.0);
	assert_true(isnan(flooded.interval.low));
}

static void the_window_is_that_of_the_request(void **state)
{
	static const struct index_request month = { .window_days = 28, .draws = 10, .threads = 1 };
	SCOPED_STALL(stall);
	struct index_value value;

	(void)state;
	make_of(four, 4, &month, QUOTES_DAY + 27, &stall, &value);
	assert_int_equal(value.window_days, 28);
	assert_int_equal(value.value_day, QUOTES_DAY + 27);
	make(&stall, &month, QUOTES_DAY + 28, &value);
	assert_int_equal(value.value_day, QUOTES_DAY + 27);
}

static void change_is_of_matched_offers_over_a_week_and_four(void **state)
{
	static const struct index_request change = { .with_change = true, .threads = 1 };
	static const struct offered rows[] = {
		{ .provider = "a", .usd = 4, .observed = "2026-02-10" },
		{ .provider = "a", .usd = 3, .observed = "2026-03-03" },
		{ .provider = "a", .usd = 2, .observed = "2026-03-10" },
		{ .provider = "b", .usd = 9, .observed = "2026-03-10" },
	};
	SCOPED_STALL(stall);
	struct index_value value;

	(void)state;
	make_of(rows, QUOTES_COUNT(rows), &change, QUOTES_DAY, &stall, &value);
	quotes_expect_near(value.week.ratio, 2.0 / 3);
	quotes_expect_near(value.month.ratio, 0.5);
	assert_int_equal(value.week.matched, 1);
	assert_int_equal(value.week.new, 1);
	make(&stall, &plain, QUOTES_DAY, &value);
	assert_true(isnan(value.week.ratio) && isnan(value.month.ratio));
	/* Before there was anything, nothing is known. */
	make(&stall, &change, QUOTES_DAY - 28, &value);
	assert_true(isnan(value.week.ratio));
}

static void a_carried_value_is_held_against_no_earlier_day(void **state)
{
	static const struct index_request change = { .with_change = true, .threads = 1 };
	SCOPED_STALL(stall);
	struct index_value value;

	(void)state;
	make_of(four, 4, &change, QUOTES_DAY + 8, &stall, &value);
	assert_int_equal(value.flags & INDEX_CARRIED, INDEX_CARRIED);
	assert_true(isnan(value.week.ratio));
	assert_int_equal(value.week.matched, 0);
}

static void days_end_with_the_last_and_do_not_begin_before_the_first(void **state)
{
	static const struct {
		date_t first, last;
		unsigned step;
		size_t count;
		date_t begins;
	} cases[] = {
		{ 100, 128, 7, 5, 100 }, { 101, 128, 7, 4, 107 }, { 100, 128, 0, 1, 128 },
		{ 128, 128, 7, 1, 128 }, { 200, 128, 7, 1, 128 }, { 126, 128, 1, 3, 126 },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		date_t *days = NULL;
		size_t count = 0;

		index_days(cases[i].first, cases[i].last, cases[i].step, &arena, &days, &count);
		assert_int_equal(count, cases[i].count);
		assert_int_equal(days[0], cases[i].begins);
		assert_int_equal(days[count - 1], cases[i].last);
		for (size_t k = 1; k < count; k++)
			assert_int_equal(days[k] - days[k - 1], cases[i].step);
	}
}

static void periods_have_the_offers_that_stand_on_their_days(void **state)
{
	static const date_t days[] = { QUOTES_DAY - 1, QUOTES_DAY, QUOTES_DAY + 6, QUOTES_DAY + 7 };
	static const size_t offers[] = { 0, 4, 4, 0 };
	SCOPED_STALL(stall);
	struct selection selection;
	struct period *periods;

	(void)state;
	quotes_put(&stall, four, 4);
	quotes_select(&stall, &selection);
	index_periods(&selection, &plain, days, 4, &stall.arena, &periods);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(periods[i].day, days[i]);
		assert_int_equal(periods[i].count, offers[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(methods_are_found_by_word_and_by_version),
		cmocka_unit_test(four_providers_that_agree_raise_no_flag),
		cmocka_unit_test(each_flag_says_what_it_is_for),
		cmocka_unit_test(ccir_is_of_low_confidence_below_three_valid_days),
		cmocka_unit_test(a_value_is_carried_seven_days_and_then_suppressed),
		cmocka_unit_test(the_hash_is_of_the_quotes_that_count_in_any_order),
		cmocka_unit_test(raw_is_the_median_of_all_rows_and_moves_with_a_flood),
		cmocka_unit_test(the_window_is_that_of_the_request),
		cmocka_unit_test(change_is_of_matched_offers_over_a_week_and_four),
		cmocka_unit_test(a_carried_value_is_held_against_no_earlier_day),
		cmocka_unit_test(days_end_with_the_last_and_do_not_begin_before_the_first),
		cmocka_unit_test(periods_have_the_offers_that_stand_on_their_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
