#include "market/importers.h"

#include "test/stall.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char good[] = "schema: assay/quotes/v1\n"
			   "defaults: {provider: lambda, currency: USD, observed: 2026-03-02}\n"
			   "quotes:\n"
			   "  - {gpu: H100 SXM, gpus: 8, rental: on-demand, price: 23.92}\n"
			   "  - {gpu: H100 SXM, gpus: 8, rental: contract, term_months: 12,\n"
			   "     price: 2.10, per: gpu, observed: 2026-03-03T10:00:00Z}\n";

static void a_list_of_quotes_is_read_with_its_defaults(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_yaml, "a.yaml", NULL, good);
	stall_expect(&stall, 2, REFUSAL_NONE, 0);
	stall_expect_usd(stall_quote(&stall, 0), 2.99);
	stall_expect_usd(stall_quote(&stall, 1), 2.10);
	assert_int_equal(stall_quote(&stall, 1)->term_months, 12);
	assert_string_equal(stall_name(&stall, stall_quote(&stall, 1)->provider), "lambda");
	assert_int_equal(stall_quote(&stall, 1)->observed, 20515 * 86400ll + 36000);
}

static void a_row_that_is_no_quote_is_refused_with_its_line(void **state)
{
	SCOPED_STALL(stall);

	(void)state;
	stall_take(&stall, &from_yaml, "a.yaml", "2026-03-02",
		   "quotes:\n"
		   "- {provider: x, gpu: H100, gpus: 1, rental: spot, price: 2, currency: USD}\n"
		   "- {provider: x, gpu: H100, gpus: 1, rental: spot, price: 2}\n");
	stall_expect(&stall, 1, REFUSAL_CURRENCY_ABSENT, 1);
	assert_int_equal(stall.book.refused[REFUSAL_CURRENCY_ABSENT].examples[0].line, 3);
}

static void what_is_wrong_with_the_document_is_named_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "quotes:\n- {provider: x, prize: 2}\n",
		  "a.yaml: line 2, column 17: unknown field 'prize'; the nearest is 'price'" },
		{ "quotes:\n- 7\n", "a quote is a map" },
		{ "quotes:\n- {gpu: [1]}\n", "'gpu' is one value" },
		{ "quotes: {}\n", "quotes" },
		{ "schema: assay/other/v1\nquotes: []\n", "assay/quotes/v1" },
		{ "quotes: []\nmore: 1\n", "more" },
		{ "quotes:\n- {provider: x\n", "a.yaml" },
		{ "{}\n", "quotes" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_STALL(stall);

		assert_false(
			stall_read(&stall, &from_yaml, "a.yaml", NULL, span_of(cases[i].text)));
		if (!strstr(stall.err.text, cases[i].says))
			print_message("# %s\n", stall.err.text);
		assert_non_null(strstr(stall.err.text, cases[i].says));
	}
}

static void it_is_known_by_its_list(void **state)
{
	(void)state;
	stall_expect_claim(&from_yaml, "any", good);
	stall_expect_claim(NULL, "a.yaml", "records:\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_list_of_quotes_is_read_with_its_defaults),
		cmocka_unit_test(a_row_that_is_no_quote_is_refused_with_its_line),
		cmocka_unit_test(what_is_wrong_with_the_document_is_named_with_its_place),
		cmocka_unit_test(it_is_known_by_its_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
