#include "market/quote.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "market/import.h"

#include <cmocka.h>

static void each_name_is_found_again(void **state)
{
	(void)state;
	for (unsigned i = 0; i < RENTAL_COUNT; i++) {
		enum rental rental = RENTAL_COUNT;

		assert_true(rental_find(span_of(rental_names[i]), &rental));
		assert_int_equal(rental, i);
	}
	for (unsigned i = 0; i < STOCK_COUNT; i++) {
		enum stock stock = STOCK_COUNT;

		assert_true(stock_find(span_of(stock_names[i]), &stock));
		assert_int_equal(stock, i);
	}
	for (unsigned i = 0; i < UNIT_COUNT; i++) {
		enum price_unit unit = UNIT_COUNT;

		assert_true(price_unit_find(span_of(price_unit_names[i]), &unit));
		assert_int_equal(unit, i);
	}
}

static void other_words_for_the_same_are_known(void **state)
{
	enum rental rental = RENTAL_UNKNOWN;
	enum price_unit unit = UNIT_TERM;

	(void)state;
	assert_true(rental_find(SPAN("On_Demand"), &rental));
	assert_int_equal(rental, RENTAL_ON_DEMAND);
	assert_true(rental_find(SPAN("PREEMPTIBLE"), &rental));
	assert_int_equal(rental, RENTAL_SPOT);
	assert_true(price_unit_find(SPAN("hr"), &unit));
	assert_int_equal(unit, UNIT_HOUR);
	assert_false(rental_find(SPAN(""), &rental));
	assert_false(rental_find(SPAN("spot|bid"), &rental));
	assert_false(rental_find(SPAN("spo"), &rental));
	assert_false(rental_find(SPAN("spots"), &rental));
	assert_false(price_unit_find(SPAN("fortnight"), &unit));
}

static void reasons_have_names_of_their_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < REFUSAL_COUNT; i++) {
		assert_non_null(refusal_names[i]);
		assert_non_null(refusal_reasons[i]);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(refusal_names[i], refusal_names[j]);
	}
}

static void a_new_draft_says_nothing(void **state)
{
	struct draft draft;

	(void)state;
	draft_init(&draft);
	assert_true(isnan(draft.reliability) && isnan(draft.performance));
	assert_int_equal(draft.rental, RENTAL_UNKNOWN);
	assert_int_equal(draft.stock, STOCK_UNKNOWN);
	assert_int_equal(draft.price.length, 0);
}

static void importers_are_found_by_names_of_their_own(void **state)
{
	(void)state;
	for (size_t i = 0; importers[i]; i++) {
		assert_ptr_equal(importer_find(importers[i]->name), importers[i]);
		assert_non_null(importers[i]->claims);
		assert_non_null(importers[i]->read);
		assert_true(strlen(importers[i]->title) > 0);
	}
	assert_null(importer_find("abacus"));
	assert_null(importer_for("a.csv", SPAN("")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_is_found_again),
		cmocka_unit_test(other_words_for_the_same_are_known),
		cmocka_unit_test(reasons_have_names_of_their_own),
		cmocka_unit_test(a_new_draft_says_nothing),
		cmocka_unit_test(importers_are_found_by_names_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
