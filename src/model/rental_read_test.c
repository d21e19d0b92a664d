#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "model/rental.h"

#include <cmocka.h>

#define HEAD "schema: assay/rental/v1\ntitle: two\nsource: a page\n"

static bool read(const char *text, struct arena *arena, struct rental_offers *offers,
		 struct error *err)
{
	struct parameters base;

	parameters_init(&base, &rental_table);
	return rental_read(span_of(text), "f.yaml", &base, arena, offers, err);
}

static void what_is_shared_is_of_all_and_an_own_value_replaces_it(void **state)
{
	struct arena arena = { 0 };
	struct rental_offers offers;
	struct error err = { 0 };

	(void)state;
	assert_true(read(HEAD
			 "shared: { gpus: 64, price: 2 }\n"
			 "offers:\n"
			 "  - { name: a, parameters: { loss: 0.1 } }\n"
			 "  - { name: b, parameters: { price: { value: 3, source: a call } } }\n",
			 &arena, &offers, &err));
	assert_int_equal(offers.count, 2);
	assert_true(offers.offers[0].parameters.values[RENT_PRICE].value == 2);
	assert_true(offers.offers[1].parameters.values[RENT_PRICE].value == 3);
	assert_true(offers.offers[1].parameters.values[RENT_GPUS].value == 64);
	assert_string_equal(offers.offers[1].parameters.sources[RENT_PRICE], "a call");
	assert_string_equal(offers.offers[1].parameters.sources[RENT_GPUS], "a page");
	assert_null(offers.offers[1].parameters.sources[RENT_SUPPORT]);
	arena_release(&arena);
}

static void what_is_wrong_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "schema: assay/rental/v2\n", "is not assay/rental/v1" },
		{ HEAD, "offers" },
		{ HEAD "offers: []\n", "0 offers" },
		{ HEAD "offers: [1]\n", "f.yaml: line 4" },
		{ HEAD "offers: [{ name: a, parameters: { prise: 1 } }]\n", "nearest is 'price'" },
		{ HEAD "offers: [{ name: a, parameters: { price: -1 } }]\n", "from 0 to 10000" },
		{ HEAD "offers: [{ name: a, parameters: { price: 2 USD } }]\n", "write a number" },
		{ HEAD "offers: [{ name: '', parameters: {} }]\n", "a name has" },
		{ HEAD "shared: { support: 5 }\noffers: [{ name: a, parameters: {} }]\n",
		  "from 0 to 1 share" },
		{ HEAD
		  "offers:\n  - { name: a, parameters: {} }\n  - { name: a, parameters: {} }\n",
		  "a second offer is named 'a'" },
		{ HEAD "offers:\n  - { name: a, parameters: {}, price: 2 }\n", "price" },
	};
	struct arena arena = { 0 };
	struct rental_offers offers = { .count = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };

		assert_false(read(cases[i].text, &arena, &offers, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
		assert_int_equal(offers.count, 77);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_shared_is_of_all_and_an_own_value_replaces_it),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
