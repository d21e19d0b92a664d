#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "market/effective.h"

#include <cmocka.h>

#define HEAD                                              \
	"schema: assay/effective/v1\ntitle: two clouds\n" \
	"need: { gpus: 512, months: 12, storage_gb: 1000..4000, egress_gb: 100 }\n"
#define PRICE "price: { amount: 2.5, currency: USD, per: GPU-hour }"
#define ONE(fields) HEAD "offers: [{ name: a, " PRICE ", " fields " }]\n"

static bool read(const char *text, struct arena *arena, struct effective_offers *offers,
		 struct error *err)
{
	return effective_read(span_of(text), "f.yaml", arena, offers, err);
}

static void known_included_and_unknown_are_told_apart(void **state)
{
	struct arena arena = { 0 };
	struct effective_offers offers;
	struct error err = { 0 };

	(void)state;
	assert_true(read(ONE("storage: included, egress: unknown, support: 0.05, "
			     "performance: { value: 0.95..1, software: PyTorch 2.9 }, "
			     "loss: { value: 0.06, source: a study }"),
			 &arena, &offers, &err));
	const struct effective_value *factors = offers.offers[0].factors;
	assert_true(factors[EFFECTIVE_STORAGE].known);
	assert_true(factors[EFFECTIVE_STORAGE].value.high <= 0);
	assert_false(factors[EFFECTIVE_EGRESS].known);
	assert_false(factors[EFFECTIVE_DEBUG].known);
	assert_true(factors[EFFECTIVE_SUPPORT].value.value == 0.05);
	assert_string_equal(factors[EFFECTIVE_PERFORMANCE].software, "PyTorch 2.9");
	assert_string_equal(factors[EFFECTIVE_LOSS].source, "a study");
	assert_true(offers.need.month_hours == 730 && offers.need.storage_gb.high == 4000);
	assert_true(offers.offers[0].observed == DATE_NONE);
	arena_release(&arena);
}

static void another_currency_needs_a_dated_rate(void **state)
{
	struct arena arena = { 0 };
	struct effective_offers offers;
	struct error err = { 0 };

	(void)state;
	assert_true(read(HEAD
			 "rates:\n  - { currency: EUR, usd: 1.16, day: 2026-11-20, source: a "
			 "bank }\n"
			 "offers: [{ name: a, price: { amount: 2, currency: EUR, per: GPU-hour, "
			 "observed: 2026-11-21 } }]\n",
			 &arena, &offers, &err));
	assert_true(fabs(offers.offers[0].quote.value - 2.32) < 1e-12);
	assert_int_equal(offers.offers[0].price.nano, 2000000000);
	assert_false(read(HEAD "offers: [{ name: a, price: { amount: 2, currency: EUR, per: "
			       "GPU-hour } }]\n",
			  &arena, &offers, &err));
	assert_non_null(strstr(err.text, "a price in EUR and no rate of it"));
	arena_release(&arena);
}

static void what_is_wrong_is_refused_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "schema: assay/effective/v9\n", "is not assay/effective/v1" },
		{ HEAD "offers: []\n", "0 offers" },
		{ HEAD "offers: [{ name: a }]\n", "price" },
		{ HEAD "offers: [{ name: a, price: 2 }]\n", "price" },
		{ HEAD "offers: [{ name: a, price: { amount: $2, currency: USD, per: GPU-hour } "
		       "}]\n",
		  "without a currency sign" },
		{ HEAD "offers: [{ name: a, price: { amount: 0, currency: USD, per: GPU-hour } "
		       "}]\n",
		  "above 0" },
		{ HEAD "offers: [{ name: a, price: { amount: 2, currency: XYZ, per: GPU-hour } "
		       "}]\n",
		  "no currency of ISO 4217" },
		{ HEAD "offers: [{ name: a, price: { amount: 2, currency: USD, per: month } }]\n",
		  "one GPU-hour" },
		{ ONE("support: 5"), "from 0 to 1, share" },
		{ ONE("support: 5%"), "write a number" },
		{ ONE("loss: 1"), "from 0 to 0.99" },
		{ ONE("loss: included"), "no price that another could include" },
		{ ONE("network: 0"), "from 0.01" },
		{ ONE("performance: 0.9"), "needs 'software'" },
		{ ONE("suport: 0.05"), "support" },
		{ ONE("storage: [1]"), "'storage' is ''" },
		{ ONE("storage: { value: 0.1, unit: TB }"), "unit" },
		{ HEAD "offers:\n  - { name: a, " PRICE " }\n  - { name: a, " PRICE " }\n",
		  "a second offer is named 'a'" },
		{ HEAD "rates:\n  - { currency: USD, usd: 2, day: 2026-11-20, source: x }\n"
		       "offers: [{ name: a, " PRICE " }]\n",
		  "a second rate of USD" },
		{ "schema: assay/effective/v1\ntitle: t\n"
		  "need: { gpus: 0, months: 12, storage_gb: 0, egress_gb: 0 }\n"
		  "offers: [{ name: a, " PRICE " }]\n",
		  "from 1 to" },
		{ "schema: assay/effective/v1\ntitle: t\n"
		  "need: { gpus: 8..16, months: 12, storage_gb: 0, egress_gb: 0 }\n"
		  "offers: [{ name: a, " PRICE " }]\n",
		  "not ranges" },
	};
	struct arena arena = { 0 };
	struct effective_offers offers = { .count = 77 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = { 0 };

		assert_false(read(cases[i].text, &arena, &offers, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
		assert_non_null(strstr(err.text, "f.yaml"));
		assert_int_equal(offers.count, 77);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_included_and_unknown_are_told_apart),
		cmocka_unit_test(another_currency_needs_a_dated_rate),
		cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
