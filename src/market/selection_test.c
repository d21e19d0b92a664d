#include "market/selection.h"

#include "test/quotes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct offered mixed[] = {
	{ .provider = "b", .usd = 2, .observed = "2026-03-02", .until = "2026-03-12" },
	{ .provider = "a", .usd = 3, .product = "y" },
	{ .provider = "a", .usd = 4, .product = "x", .region = "west" },
	{ .provider = "a", .usd = 5, .product = "x", .region = "east" },
	{ .provider = "a", .usd = 6, .product = "x", .region = "east", .machine = "m" },
	{ .provider = "a", .usd = 7, .rental = RENTAL_SERVERLESS },
	{ .provider = "a", .usd = 8, .rental = RENTAL_SPOT, .observed = "2026-01-01" },
	{ .provider = "a", .usd = 9, .rental = RENTAL_SERVERLESS, .form = "pcie" },
};

static void every_quote_of_the_book_is_counted_once(void **state)
{
	SCOPED_STALL(stall);
	struct selection selection;

	(void)state;
	quotes_put(&stall, mixed, QUOTES_COUNT(mixed));
	quotes_select(&stall, &selection);
	assert_int_equal(selection.key.rental, RENTAL_ON_DEMAND);
	assert_int_equal(selection.count, 5);
	assert_int_equal(selection.serverless, 1);
	/* Serverless of another form is not of this key whatever its rental. */
	assert_int_equal(selection.other_key, 2);
	assert_int_equal(selection.other_count, 0);
}

static void quotes_stand_by_provider_product_and_region(void **state)
{
	static const double order[] = { 5, 6, 4, 3, 2 };

	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		SCOPED_STALL(stall);
		struct selection selection;

		(backwards ? quotes_put_backwards : quotes_put)(&stall, mixed, QUOTES_COUNT(mixed));
		quotes_select(&stall, &selection);
		for (size_t i = 0; i < QUOTES_COUNT(order); i++)
			quotes_expect_near(quote_usd(&stall.book.quotes[selection.quotes[i]]),
					   order[i]);
	}
}

static void stretches_say_whose_quotes_and_offers_they_are(void **state)
{
	SCOPED_STALL(stall);
	struct selection selection;

	(void)state;
	quotes_put(&stall, mixed, QUOTES_COUNT(mixed));
	quotes_select(&stall, &selection);
	assert_int_equal(selection.provider_count, 2);
	assert_string_equal(stall_name(&stall, selection.providers[0].provider), "a");
	assert_int_equal(selection.providers[0].first, 0);
	assert_int_equal(selection.providers[0].count, 4);
	assert_int_equal(selection.providers[0].first_offer, 0);
	assert_string_equal(stall_name(&stall, selection.providers[1].provider), "b");
	assert_int_equal(selection.providers[1].first, 4);
	assert_int_equal(selection.providers[1].count, 1);
	assert_int_equal(selection.providers[1].first_offer, 3);
	assert_int_equal(selection.offer_count, 4);
}

static void its_days_are_the_first_seen_and_the_last_confirmed(void **state)
{
	SCOPED_STALL(stall);
	struct selection selection;
	struct key_filter nobody = quotes_all();
	struct key key;

	(void)state;
	quotes_put(&stall, mixed, QUOTES_COUNT(mixed));
	quotes_select(&stall, &selection);
	assert_int_equal(selection.first, QUOTES_DAY - 8);
	assert_int_equal(selection.last, QUOTES_DAY + 2);
	key = selection.key;
	nobody.by_provider = true;
	selection_make(&stall.book, &key, &nobody, &stall.arena, &selection);
	assert_int_equal(selection.count, 0);
	assert_int_equal(selection.first, DATE_NONE);
	assert_int_equal(selection.last, DATE_NONE);
}

static void what_a_scope_leaves_out_is_kept_aside(void **state)
{
	SCOPED_STALL(stall);
	struct selection selection;
	struct key_filter one = quotes_all();
	struct key key;

	(void)state;
	quotes_put(&stall, mixed, QUOTES_COUNT(mixed));
	quotes_select(&stall, &selection);
	key = selection.key;
	one.by_provider = true;
	one.provider = names_find(&stall.book.names, SPAN("b"));
	selection_make(&stall.book, &key, &one, &stall.arena, &selection);
	assert_int_equal(selection.count, 1);
	assert_int_equal(selection.other_count, 4);
	assert_int_equal(selection.count + selection.other_key + selection.serverless,
			 QUOTES_COUNT(mixed));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_quote_of_the_book_is_counted_once),
		cmocka_unit_test(quotes_stand_by_provider_product_and_region),
		cmocka_unit_test(stretches_say_whose_quotes_and_offers_they_are),
		cmocka_unit_test(its_days_are_the_first_seen_and_the_last_confirmed),
		cmocka_unit_test(what_a_scope_leaves_out_is_kept_aside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
