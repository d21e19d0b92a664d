#include "market/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "# assay/exchange/v1\ndate\tcurrency\tusd\tsource\n"

static bool read_rates(const char *text, struct arena *arena, struct exchange *ret_exchange,
		       struct error *err)
{
	return exchange_read(span_of(text), "rates.tsv", arena, ret_exchange, err);
}

static date_t day(const char *text)
{
	date_t date = DATE_NONE;

	assert_true(date_parse(span_of(text), &date));
	return date;
}

static void the_last_rate_on_or_before_the_day_counts_for_a_week(void **state)
{
	static const char text[] = HEAD "2026-03-09\tEUR\t1.2\tecb\n"
					"2026-03-02\tGBP\t1.3\tecb\n"
					"2026-03-02\tEUR\t1.1\tecb\n";
	SCOPED_ARENA(arena);
	struct exchange exchange;
	struct error err = { 0 };
	struct money ten = { .nano = 10000000000 };
	int64_t usd = 0;

	(void)state;
	assert_true(read_rates(text, &arena, &exchange, &err));
	assert_true(currency_find(SPAN("EUR"), &ten.currency));
	assert_false(exchange_to_usd(&exchange, ten, day("2026-03-01"), &usd));
	assert_true(exchange_to_usd(&exchange, ten, day("2026-03-02"), &usd));
	assert_int_equal(usd, 11000000000);
	assert_true(exchange_to_usd(&exchange, ten, day("2026-03-08"), &usd));
	assert_int_equal(usd, 11000000000);
	assert_true(exchange_to_usd(&exchange, ten, day("2026-03-16"), &usd));
	assert_int_equal(usd, 12000000000);
	assert_false(exchange_to_usd(&exchange, ten, day("2026-03-17"), &usd));
}

static void dollars_are_worth_themselves_and_what_has_no_rate_nothing(void **state)
{
	const struct exchange none = { 0 };
	struct money money = { .nano = 5, .currency = CURRENCY_USD };
	int64_t usd = 0;

	(void)state;
	assert_true(exchange_to_usd(&none, money, 0, &usd));
	assert_int_equal(usd, 5);
	assert_true(exchange_to_usd(NULL, money, 0, &usd));
	assert_true(currency_find(SPAN("JPY"), &money.currency));
	assert_false(exchange_to_usd(&none, money, 0, &usd));
	assert_false(exchange_to_usd(NULL, money, 0, &usd));
}

static void a_wrong_row_is_named_with_its_place(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ HEAD "2026-03-02\tXXX\t1.1\tecb\n", "line 3, column 2 (currency)" },
		{ HEAD "2026-03-02\tUSD\t1\tecb\n", "line 3, column 2 (currency)" },
		{ HEAD "2026-03-02\tEUR\t0\tecb\n", "line 3, column 3 (usd)" },
		{ HEAD "2026-03-02\tEUR\t-1\tecb\n", "line 3, column 3 (usd)" },
		{ HEAD "2026-03-02\tEUR\t1,1\tecb\n", "line 3, column 3 (usd)" },
		{ HEAD "2026-03-32\tEUR\t1.1\tecb\n", "line 3, column 1 (date)" },
		{ HEAD "\tEUR\t1.1\tecb\n", "line 3, column 1 (date)" },
		{ HEAD "2026-03-02\tEUR\t1.1\t\n", "line 3, column 4 (source)" },
		{ HEAD "2026-03-02\tEUR\t1.1\tecb\n2026-03-02\tEUR\t1.2\tecb\n",
		  "two rates of EUR on 2026-03-02" },
		{ "date\tcurrency\tusd\tsource\n", "line 1" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct exchange exchange;
		struct error err = { 0 };

		assert_false(read_rates(cases[i].text, &arena, &exchange, &err));
		if (!strstr(err.text, cases[i].says))
			print_message("# %s\n", err.text);
		assert_non_null(strstr(err.text, cases[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_rate_on_or_before_the_day_counts_for_a_week),
		cmocka_unit_test(dollars_are_worth_themselves_and_what_has_no_rate_nothing),
		cmocka_unit_test(a_wrong_row_is_named_with_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
