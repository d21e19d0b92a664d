#include "store/quotes.h"

#include "market/importers.h"
#include "test/database.h"
#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	NOW = 1790000000,
};

static const char prices[] = "provider,product,gpu,gpus,rental,price,currency,observed\n"
			     "lambda,a/b,H100 SXM,8,on-demand,23.92,USD,2026-03-02\n"
			     "lambda,a/b,H100 SXM,8,on-demand,22.00,USD,2026-03-03\n"
			     "runpod,,H100 SXM,1,spot,1.10,EUR,2026-03-03\n";

struct fixture {
	struct database_place place;
	struct store *store;
	struct error err;
};

static int open_store(void **state)
{
	static struct fixture fixture;

	fixture = (struct fixture){ 0 };
	*state = &fixture;
	return database_sqlite(&fixture.place) && store_open(fixture.place.where, SQL_CREATE,
							     &fixture.store, &fixture.err)
		       ? 0
		       : -1;
}

static int close_store(void **state)
{
	struct fixture *fixture = *state;

	store_close(fixture->store);
	database_end(&fixture->place);
	return 0;
}

/* Takes all of the text in at the time. */
static struct quote_intake take(struct fixture *fixture, const char *text, int64_t now)
{
	SCOPED_STALL(stall);
	struct quote_intake intake = {
		.store = fixture->store, .party = "test", .now = now, .catalogue = &stall.catalogue
	};
	struct quote_intake told;

	stall_take(&stall, &from_csv, "a.csv", NULL, text);
	for (size_t i = 0; i < stall.book.count; i++)
		assert_true(store_quote_add(&intake, &stall.book.names, stall_quote(&stall, i),
					    &fixture->err));
	assert_true(store_quote_flush(&intake, &fixture->err));
	told = intake;
	store_quote_release(&intake);
	return told;
}

static size_t count_of(struct fixture *fixture, struct store_query query)
{
	SCOPED_STALL(stall);

	query.stream = STORE_QUOTES;
	if (!store_load_quotes(fixture->store, &query, &stall.book, NULL, &fixture->err))
		fail_msg("%s", fixture->err.text);
	assert_int_equal(stall.book.rows, stall.book.kept);
	return stall.book.count;
}

static void the_same_quote_is_taken_once(void **state)
{
	struct fixture *fixture = *state;
	struct quote_intake first = take(fixture, prices, NOW);
	struct quote_intake again = take(fixture, prices, NOW + 1);

	assert_int_equal(first.taken, 3);
	assert_int_equal(first.known, 0);
	assert_int_equal(again.taken, 0);
	assert_int_equal(again.known, 3);
	assert_int_equal(count_of(fixture, (struct store_query){ 0 }), 3);
}

static void quotes_are_found_by_provider_key_and_day(void **state)
{
	struct fixture *fixture = *state;
	const int64_t day = 20514 * 86400ll;

	(void)take(fixture, prices, NOW);
	assert_int_equal(count_of(fixture, (struct store_query){ .subject = "lambda" }), 2);
	assert_int_equal(count_of(fixture, (struct store_query){ .subject = "lambda/a_b" }), 2);
	assert_int_equal(count_of(fixture, (struct store_query){ .subject = "runpod/*" }), 1);
	assert_int_equal(
		count_of(fixture,
			 (struct store_query){ .what = "h100/unknown/sxm/on-demand/all-tiers" }),
		2);
	assert_int_equal(count_of(fixture, (struct store_query){ .until = day }), 1);
}

static void what_came_later_was_not_known_before(void **state)
{
	struct fixture *fixture = *state;

	(void)take(fixture,
		   "provider,gpu,gpus,rental,price,currency,observed\n"
		   "lambda,H100 SXM,8,on-demand,20,USD,2026-03-01\n",
		   NOW);
	(void)take(fixture, prices, NOW + 100);
	assert_int_equal(count_of(fixture, (struct store_query){ .known_until = NOW + 99 }), 1);
	assert_int_equal(count_of(fixture, (struct store_query){ .known_until = NOW + 100 }), 4);
}

static void a_second_look_reads_what_has_come_since(void **state)
{
	struct fixture *fixture = *state;
	struct store_query query = { .stream = STORE_QUOTES };
	int64_t first = 0, second = 0, third = 0;
	struct book rest;
	SCOPED_STALL(stall);

	(void)take(fixture, prices, NOW);
	assert_true(store_load_quotes(fixture->store, &query, &stall.book, &first, &fixture->err));
	assert_int_equal(stall.book.rows, 3);
	(void)take(fixture,
		   "provider,gpu,gpus,rental,price,currency,observed\n"
		   "lambda,H100 SXM,8,on-demand,20,USD,2026-03-01\n"
		   "lambda,H100 SXM,8,on-demand,21,USD,2026-03-01\n",
		   NOW + 1);
	book_continue(&stall.book, &rest);
	query.after = first;
	assert_true(store_load_quotes(fixture->store, &query, &rest, &second, &fixture->err));
	assert_int_equal(rest.rows - stall.book.rows, 2);
	assert_int_equal(rest.count, 5);
	query.after = second;
	assert_true(store_load_quotes(fixture->store, &query, &rest, &third, &fixture->err));
	assert_int_equal(rest.rows - stall.book.rows, 2);
	assert_int_equal(third, second);
	book_release(&rest);
}

static void an_entry_that_is_no_quote_is_named(void **state)
{
	struct fixture *fixture = *state;
	const struct store_entry entry = { .line = SPAN("{\"a\":1}"), .what = "x", .subject = "x" };
	const struct store_batch batch = { STORE_QUOTES, "test", NOW, &entry, 1 };
	const struct store_query query = { .stream = STORE_QUOTES };
	struct store_receipt receipt;
	SCOPED_STALL(stall);

	assert_true(store_append(fixture->store, &batch, &receipt, &fixture->err));
	assert_false(store_load_quotes(fixture->store, &query, &stall.book, NULL, &fixture->err));
	assert_non_null(strstr(fixture->err.text, "entry 1: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_same_quote_is_taken_once, open_store,
						close_store),
		cmocka_unit_test_setup_teardown(quotes_are_found_by_provider_key_and_day,
						open_store, close_store),
		cmocka_unit_test_setup_teardown(what_came_later_was_not_known_before, open_store,
						close_store),
		cmocka_unit_test_setup_teardown(a_second_look_reads_what_has_come_since, open_store,
						close_store),
		cmocka_unit_test_setup_teardown(an_entry_that_is_no_quote_is_named, open_store,
						close_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
