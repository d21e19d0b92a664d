#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include "model/ownership.h"
#include "model/sensitivity.h"

#include <cmocka.h>

static void make(double values[OWN_COUNT], double price)
{
	struct parameters parameters;

	parameters_init(&parameters, &ownership_table);
	parameters_values(&parameters, values);
	values[OWN_GPUS] = 8;
	values[OWN_SERVER] = 186200;
	values[OWN_NETWORK] = 60000;
	values[OWN_STORAGE] = values[OWN_MANAGEMENT] = values[OWN_RACKS] = 0;
	values[OWN_INSTALL] = values[OWN_SPARES] = 0;
	values[OWN_SERVER_KW] = 10.2;
	values[OWN_COLOCATION] = 150;
	values[OWN_UTILISATION] = 0.9;
	values[OWN_RESIDUAL] = 0.1;
	values[OWN_PRICE] = price;
}

static struct ownership_outlook outlook_at(double price)
{
	struct ownership_outlook outlook;
	double values[OWN_COUNT];

	make(values, price);
	ownership_outlook(values, &outlook);
	return outlook;
}

static double full_hour(void)
{
	double values[OWN_COUNT];

	make(values, (double)NAN);
	return ownership_hour(values);
}

static void a_price_at_full_cost_earns_the_cost_of_capital(void **state)
{
	struct ownership_outlook outlook = outlook_at(full_hour());

	(void)state;
	assert_true(fabs(outlook.breakeven_price - full_hour()) < 1e-9);
	assert_true(fabs(outlook.internal_rate - 0.1) < 1e-6);
	assert_true(fabs(outlook.margin) < 1e-9);
	assert_true(fabs(outlook.breakeven_utilisation - 0.9) < 1e-9);
}

static void a_price_lasts_or_not(void **state)
{
	struct ownership_outlook any = outlook_at(1);
	struct ownership_outlook low = outlook_at(any.cash_hour * 0.99);
	struct ownership_outlook middle = outlook_at(any.cash_hour * 1.01);
	struct ownership_outlook high = outlook_at(any.breakeven_price * 1.01);

	(void)state;
	assert_int_equal(low.endurance, ENDURES_NOT_CASH);
	assert_int_equal(middle.endurance, ENDURES_NOT_FULL);
	assert_int_equal(high.endurance, ENDURES);
	assert_true(isnan(low.payback_months) && isnan(middle.payback_months));
	assert_true(high.payback_months > 24 && high.payback_months < 48);
	assert_true(high.internal_rate > 0.1 && middle.internal_rate < 0);
	assert_true(isnan(low.internal_rate) || low.internal_rate < middle.internal_rate);
	assert_true(high.breakeven_utilisation < 0.9 && middle.breakeven_utilisation > 0.9);
}

static void without_a_price_there_is_no_answer(void **state)
{
	struct ownership_outlook outlook = outlook_at((double)NAN);

	(void)state;
	assert_int_equal(outlook.endurance, ENDURES_UNKNOWN);
	assert_true(isnan(outlook.margin) && isnan(outlook.payback_months));
	assert_true(isnan(outlook.internal_rate) && isnan(outlook.breakeven_utilisation));
	assert_true(fabs(outlook.breakeven_price - full_hour()) < 1e-9);
}

static void a_higher_price_is_never_worse(void **state)
{
	double rate = -1;

	(void)state;
	for (unsigned cents = 60; cents < 600; cents += 5) {
		struct ownership_outlook outlook = outlook_at(cents / 100.0);

		if (isnan(outlook.internal_rate))
			continue;
		assert_true(outlook.internal_rate > rate);
		rate = outlook.internal_rate;
	}
	assert_true(rate > 1);
}

static void a_falling_price_has_to_start_higher(void **state)
{
	struct ownership_outlook stays;
	struct ownership_outlook falls;
	double values[OWN_COUNT];

	(void)state;
	make(values, 2);
	ownership_outlook(values, &stays);
	values[OWN_PRICE_CHANGE] = -0.2;
	ownership_outlook(values, &falls);
	assert_true(falls.breakeven_price > stays.breakeven_price * 1.1);
	assert_true(falls.internal_rate < stays.internal_rate);
	assert_true(isnan(falls.breakeven_utilisation));
}

/* 5 years of a GB200 rack at 2 USD with a quarter prepaid were said to bring 20-30 % a year:
 * SemiAnalysis, 2025-03. 3.9 million USD in all: the same, 2025-08. Running costs of 0.39 USD an
 * hour and a fifth as residual value are ours. */
static void a_quarter_prepaid_brings_what_was_published(void **state)
{
	struct ownership_outlook outlook;
	double values[OWN_COUNT];

	(void)state;
	make(values, 2);
	values[OWN_GPUS] = 72;
	values[OWN_SERVER] = 3.1e6 * 0.98;
	values[OWN_NETWORK] = 0.8e6;
	values[OWN_LIFE] = 60;
	values[OWN_SERVER_KW] = 132;
	values[OWN_OTHER_KW] = 12;
	values[OWN_COLOCATION] = 100;
	values[OWN_ELECTRICITY] = 0.06;
	values[OWN_UTILISATION] = 1;
	values[OWN_RESIDUAL] = 0.2;
	values[OWN_PREPAID] = 0.25;
	ownership_outlook(values, &outlook);
	assert_true(outlook.internal_rate > 0.2 && outlook.internal_rate < 0.3);
	values[OWN_PREPAID] = 0;
	double prepaid = outlook.internal_rate;
	ownership_outlook(values, &outlook);
	assert_true(outlook.internal_rate < prepaid);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_price_at_full_cost_earns_the_cost_of_capital),
		cmocka_unit_test(a_price_lasts_or_not),
		cmocka_unit_test(without_a_price_there_is_no_answer),
		cmocka_unit_test(a_higher_price_is_never_worse),
		cmocka_unit_test(a_falling_price_has_to_start_higher),
		cmocka_unit_test(a_quarter_prepaid_brings_what_was_published),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
