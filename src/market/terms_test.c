#include "market/terms.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/quotes.h"

#include <cmocka.h>

static const char *const names[] = { "n0", "n1", "n2", "n3", "n4",  "n5",
				     "n6", "n7", "n8", "n9", "n10", "n11" };

/* So many providers at 2 USD. */
static void put_market(struct stall *stall, size_t count)
{
	for (size_t i = 0; i < count; i++)
		quotes_put(stall, &(struct offered){ .provider = names[i], .usd = 2 }, 1);
}

static void make(struct stall *stall, struct terms_list *ret_list)
{
	struct key_filter all = quotes_all();

	book_arrange(&stall->book, 1);
	terms_make(&stall->book, &all, QUOTES_DAY, 1, &stall->arena, ret_list);
}

static const struct terms *terms_of(struct stall *stall, const struct terms_list *list,
				    const char *provider)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(stall_name(stall, list->items[i].provider), provider) == 0)
			return &list->items[i];
	return NULL;
}

/* One among eleven others at 2 USD, so that the level is 2 wherever the one stands. */
static void where_a_price_stands_is_told_by_its_ratio(void **state)
{
	static const struct {
		double usd;
		enum standing standing;
	} cases[] = {
		{ 3.02, STANDING_FAR_ABOVE }, { 3.00, STANDING_ABOVE },  { 2.32, STANDING_ABOVE },
		{ 2.30, STANDING_MARKET },    { 2.00, STANDING_MARKET }, { 1.70, STANDING_MARKET },
		{ 1.68, STANDING_LOWEST },    { 0.50, STANDING_LOWEST },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		const struct offered own = { .provider = "own", .usd = cases[i].usd };
		SCOPED_STALL(stall);
		struct terms_list list;
		const struct terms *terms;

		put_market(&stall, 11);
		quotes_put(&stall, &own, 1);
		make(&stall, &list);
		assert_int_equal(list.count, 12);
		terms = terms_of(&stall, &list, "own");
		quotes_expect_near(terms->ratio, cases[i].usd / 2);
		if (terms->standing != cases[i].standing)
			print_message("# %g USD: %s\n", cases[i].usd,
				      standing_names[terms->standing]);
		assert_int_equal(terms->standing, cases[i].standing);
	}
}

/* The bounds belong to the standing that is nearer to the market, at every level of prices. */
static void a_price_on_a_bound_is_not_beyond_it(void **state)
{
	static const struct {
		unsigned percent;
		enum standing standing;
	} cases[] = { { 150, STANDING_ABOVE }, { 115, STANDING_MARKET }, { 85, STANDING_MARKET } };

	(void)state;
	for (unsigned level = 10; level <= 60; level++) {
		const double market = level / 5.0;

		for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
			SCOPED_STALL(stall);
			struct terms_list list;

			for (size_t k = 0; k < 11; k++)
				quotes_put(&stall,
					   &(struct offered){ .provider = names[k], .usd = market },
					   1);
			quotes_put(&stall,
				   &(struct offered){ .provider = "own",
						      .usd = level * cases[i].percent / 500.0 },
				   1);
			make(&stall, &list);
			assert_int_equal(terms_of(&stall, &list, "own")->standing,
					 cases[i].standing);
		}
	}
}

/* A tenth of ten is one, of eleven it is two. */
static void the_lowest_are_a_tenth_of_the_providers_rounded_up(void **state)
{
	static const struct {
		size_t others;
		enum standing second;
	} cases[] = {
		{ 8, STANDING_BELOW },
		{ 9, STANDING_LOWEST },
		{ 10, STANDING_LOWEST },
	};
	static const struct offered cheap[] = {
		{ .provider = "first", .usd = 1.00 },
		{ .provider = "second", .usd = 1.01 },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		struct terms_list list;

		put_market(&stall, cases[i].others);
		quotes_put(&stall, cheap, 2);
		make(&stall, &list);
		assert_int_equal(terms_of(&stall, &list, "first")->standing, STANDING_LOWEST);
		assert_int_equal(terms_of(&stall, &list, "second")->standing, cases[i].second);
		assert_int_equal(terms_of(&stall, &list, "second")->asked[0].rank, 2);
	}
}

static void equal_prices_share_a_rank(void **state)
{
	static const struct offered dear = { .provider = "dear", .usd = 3 };
	SCOPED_STALL(stall);
	struct terms_list list;

	(void)state;
	put_market(&stall, 6);
	quotes_put(&stall, &dear, 1);
	make(&stall, &list);
	assert_int_equal(terms_of(&stall, &list, "n0")->asked[0].rank, 1);
	assert_int_equal(terms_of(&stall, &list, "n5")->asked[0].rank, 1);
	assert_int_equal(terms_of(&stall, &list, "dear")->asked[0].rank, 7);
	assert_int_equal(terms_of(&stall, &list, "dear")->asked[0].providers, 7);
}

static void fewer_than_five_providers_are_no_market(void **state)
{
	(void)state;
	for (size_t count = 1; count <= 6; count++) {
		SCOPED_STALL(stall);
		struct terms_list list;
		const struct terms *terms;

		put_market(&stall, count);
		make(&stall, &list);
		terms = terms_of(&stall, &list, "n0");
		assert_int_equal(terms->standing, count < 5 ? STANDING_UNKNOWN : STANDING_MARKET);
		assert_int_equal(isnan(terms->ratio) != 0, count < 5);
		assert_int_equal(isnan(terms->asked[0].market_usd) != 0, count < 5);
		quotes_expect_near(terms->asked[0].usd, 2);
	}
}

/* Three keys: 1, 1.3 and 2 times the market. */
static void the_standing_is_that_of_the_middle_key(void **state)
{
	static const struct offered own[] = {
		{ .provider = "own", .usd = 2 },
		{ .provider = "own", .usd = 2.6, .rental = RENTAL_SPOT },
		{ .provider = "own", .usd = 4, .form = "pcie" },
		/* Of no market: has no say. */
		{ .provider = "own", .usd = 30, .form = "nvl", .memory_gb = 94 },
	};
	SCOPED_STALL(stall);
	struct terms_list list;
	const struct terms *terms;

	(void)state;
	for (size_t i = 0; i < 11; i++) {
		const struct offered rows[] = {
			{ .provider = names[i], .usd = 2 },
			{ .provider = names[i], .usd = 2, .rental = RENTAL_SPOT },
			{ .provider = names[i], .usd = 2, .form = "pcie" },
		};

		quotes_put(&stall, rows, 3);
	}
	quotes_put(&stall, own, QUOTES_COUNT(own));
	make(&stall, &list);
	terms = terms_of(&stall, &list, "own");
	assert_int_equal(terms->count, 4);
	quotes_expect_near(terms->ratio, 1.3);
	assert_int_equal(terms->standing, STANDING_ABOVE);
	for (size_t i = 1; i < terms->count; i++)
		assert_true(key_compare(&terms->asked[i - 1].key, &terms->asked[i].key) < 0);
}

static void lengths_are_those_of_contracts_that_are_asked_for(void **state)
{
	static const struct offered rows[] = {
		{ .provider = "own", .usd = 2 },
		{ .provider = "own", .usd = 2, .rental = RENTAL_CONTRACT, .term_months = 1 },
		{ .provider = "own", .usd = 2, .rental = RENTAL_CONTRACT, .term_months = 12 },
		{ .provider = "own",
		  .usd = 2,
		  .rental = RENTAL_CONTRACT,
		  .term_months = 12,
		  .gpu = "a100" },
		{ .provider = "own", .usd = 2, .rental = RENTAL_CONTRACT, .term_months = 18 },
		{ .provider = "own",
		  .usd = 2,
		  .rental = RENTAL_CONTRACT,
		  .term_months = 36,
		  .stock = STOCK_NO },
		{ .provider = "none", .usd = 2 },
	};
	static const bool wanted[TERMS_LENGTHS] = { true, false, false, true, false, false };
	SCOPED_STALL(stall);
	struct terms_list list;
	const struct terms *terms;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	make(&stall, &list);
	terms = terms_of(&stall, &list, "own");
	assert_int_equal(terms->length_count, 2);
	for (unsigned i = 0; i < TERMS_LENGTHS; i++)
		assert_int_equal(terms->lengths[i], wanted[i]);
	assert_int_equal(terms_of(&stall, &list, "none")->length_count, 0);
}

static void the_discount_is_of_spot_against_on_demand_of_the_same_gpu(void **state)
{
	static const struct {
		struct offered rows[4];
		size_t count;
		double discount;
	} cases[] = {
		{ { { .usd = 2 }, { .usd = 1.5, .rental = RENTAL_SPOT } }, 2, 0.25 },
		{ { { .usd = 2 }, { .usd = 2, .rental = RENTAL_SPOT } }, 2, 0 },
		{ { { .usd = 2 }, { .usd = 3, .rental = RENTAL_SPOT } }, 2, -0.5 },
		/* The best of two. */
		{ { { .usd = 2 },
		    { .usd = 1.8, .rental = RENTAL_SPOT },
		    { .usd = 2, .form = "pcie" },
		    { .usd = 1, .form = "pcie", .rental = RENTAL_SPOT } },
		  4,
		  0.5 },
		/* Never both of the same. */
		{ { { .usd = 2 }, { .usd = 1, .form = "pcie", .rental = RENTAL_SPOT } },
		  2,
		  (double)NAN },
		{ { { .usd = 2 } }, 1, (double)NAN },
	};

	(void)state;
	for (size_t i = 0; i < QUOTES_COUNT(cases); i++) {
		SCOPED_STALL(stall);
		struct terms_list list;
		const struct terms *terms;

		quotes_put(&stall, cases[i].rows, cases[i].count);
		make(&stall, &list);
		terms = terms_of(&stall, &list, "a");
		if (isnan(cases[i].discount))
			assert_true(isnan(terms->discount));
		else
			assert_true(fabs(terms->discount - cases[i].discount) < 1e-12);
	}
}

static void only_what_an_index_would_take_is_said(void **state)
{
	static const struct offered rows[] = {
		{ .provider = "stale", .usd = 2, .observed = "2026-02-01" },
		{ .provider = "sold", .usd = 2, .stock = STOCK_NO },
		{ .provider = "own",
		  .usd = 2,
		  .observed = "2026-03-05",
		  .until = "2026-03-09",
		  .source = "https://example.org" },
		{ .provider = "own", .usd = 3, .observed = "2026-03-08", .source = "list" },
		{ .provider = "own", .usd = 9, .rental = RENTAL_SERVERLESS },
	};
	SCOPED_STALL(stall);
	struct terms_list list;

	(void)state;
	quotes_put(&stall, rows, QUOTES_COUNT(rows));
	make(&stall, &list);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].count, 1);
	quotes_expect_near(list.items[0].asked[0].usd, 2.5);
	assert_int_equal(list.items[0].asked[0].quotes, 2);
	/* The one that was confirmed last. */
	assert_string_equal(stall_name(&stall, list.items[0].asked[0].source),
			    "https://example.org");
}

static void tiers_are_one_market_whatever_the_filter_says(void **state)
{
	static const struct offered lambda = { .provider = "lambda", .usd = 2 };
	SCOPED_STALL(stall);
	struct key_filter each = quotes_all();
	struct terms_list list;

	(void)state;
	each.tier = KEY_ANY;
	put_market(&stall, 4);
	quotes_put(&stall, &lambda, 1);
	terms_make(&stall.book, &each, QUOTES_DAY, 1, &stall.arena, &list);
	assert_int_equal(list.items[0].asked[0].key.tier, KEY_ALL_TIERS);
	assert_int_equal(list.items[0].asked[0].providers, 5);
}

static void providers_stand_by_name_in_whatever_order_they_came(void **state)
{
	static const struct offered rows[] = {
		{ .provider = "c", .usd = 2 },
		{ .provider = "a", .usd = 2 },
		{ .provider = "b", .usd = 2 },
	};

	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		SCOPED_STALL(stall);
		struct terms_list list;

		(backwards ? quotes_put_backwards : quotes_put)(&stall, rows, 3);
		make(&stall, &list);
		assert_int_equal(list.count, 3);
		for (size_t i = 0; i < 3; i++)
			assert_int_equal(stall_name(&stall, list.items[i].provider)[0], 'a' + i);
	}
}

/* Two lists say the same of the same offer: which of them is named does not depend on which was
 * read first. */
static void the_source_does_not_depend_on_the_order_of_quotes(void **state)
{
	static const struct offered rows[] = {
		{ .usd = 2, .source = "https://b.example.org" },
		{ .usd = 2, .source = "https://a.example.org" },
	};

	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		SCOPED_STALL(stall);
		struct terms_list list;

		(backwards ? quotes_put_backwards : quotes_put)(&stall, rows, 2);
		make(&stall, &list);
		assert_string_equal(stall_name(&stall, list.items[0].asked[0].source),
				    "https://a.example.org");
	}
}

static void a_book_without_quotes_says_nothing(void **state)
{
	SCOPED_STALL(stall);
	struct terms_list list;

	(void)state;
	make(&stall, &list);
	assert_int_equal(list.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_a_price_stands_is_told_by_its_ratio),
		cmocka_unit_test(a_price_on_a_bound_is_not_beyond_it),
		cmocka_unit_test(the_lowest_are_a_tenth_of_the_providers_rounded_up),
		cmocka_unit_test(equal_prices_share_a_rank),
		cmocka_unit_test(fewer_than_five_providers_are_no_market),
		cmocka_unit_test(the_standing_is_that_of_the_middle_key),
		cmocka_unit_test(lengths_are_those_of_contracts_that_are_asked_for),
		cmocka_unit_test(the_discount_is_of_spot_against_on_demand_of_the_same_gpu),
		cmocka_unit_test(only_what_an_index_would_take_is_said),
		cmocka_unit_test(tiers_are_one_market_whatever_the_filter_says),
		cmocka_unit_test(providers_stand_by_name_in_whatever_order_they_came),
		cmocka_unit_test(the_source_does_not_depend_on_the_order_of_quotes),
		cmocka_unit_test(a_book_without_quotes_says_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
