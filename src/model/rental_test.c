#include "model/rental.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "base/random.h"
#include "host/file.h"
#include "model/sensitivity.h"

#include <cmocka.h>

enum {
	TRIALS = 300,
};

static void read_example(struct arena *arena, struct rental_offers *offers)
{
	struct host host = { .root = "" };
	struct parameters base;
	struct error err = { 0 };
	struct span text;

	parameters_init(&base, &rental_table);
	assert_true(
		host_read(&host, "data/example/rental-default.yaml", 1 << 20, arena, &text, &err));
	assert_true(rental_read(text, "rental-default.yaml", &base, arena, offers, &err));
}

static struct rental_cost cost_of(const struct parameters *parameters)
{
	struct rental_cost cost;
	double values[RENT_COUNT];

	parameters_values(parameters, values);
	rental_cost(values, &cost);
	return cost;
}

/* Every line that the default page of the published calculator prints, to the dollar. */
static void the_published_table_comes_out_to_the_dollar(void **state)
{
	static const struct {
		double lines[RENT_LINE_COUNT];
		double setup, month, term, relative, hour;
	} published[] = {
		{ { 5426381, 1408, 0, 0, 0, 111349, 0, 0 }, 0, 5539138, 199408973, 1.00, 1.878 },
		{ { 6423183, 1856, 82, 3318, 321422, 131804, 3278258.0 / 36, 16667 },
		  3278258,
		  6989395,
		  251618208,
		  1.26,
		  2.370 },
		{ { 5898240, 0, 0, 0, 0, 202015, 3015787.0 / 36, 16667 },
		  3015787,
		  6200693,
		  223224957,
		  1.12,
		  2.103 },
	};
	struct arena arena = { 0 };
	struct rental_offers offers;

	(void)state;
	read_example(&arena, &offers);
	assert_int_equal(offers.count, 3);
	double first = cost_of(&offers.offers[0].parameters).total_month;
	for (unsigned i = 0; i < offers.count; i++) {
		struct rental_cost cost = cost_of(&offers.offers[i].parameters);

		for (unsigned line = 0; line < RENT_LINE_COUNT; line++)
			assert_true(fabs(cost.month[line] - published[i].lines[line]) <= 0.5);
		assert_true(fabs(cost.setup_once - published[i].setup) <= 0.5);
		assert_true(fabs(cost.total_month - published[i].month) <= 0.5);
		assert_true(fabs(cost.total_term - published[i].term) <= 0.5);
		assert_true(fabs(cost.total_month / first - published[i].relative) <= 0.005);
		assert_true(fabs(cost.paid_hour - published[i].hour) <= 0.0005);
		assert_true(rental_check(&offers.offers[i].parameters, NULL));
	}
	arena_release(&arena);
}

static void lost_hours_are_divided_out_not_added(void **state)
{
	struct rental_cost cost;
	double values[RENT_COUNT] = {
		[RENT_GPUS] = 100,  [RENT_PRICE] = 2,     [RENT_TERM] = 12,
		[RENT_HOURS] = 730, [RENT_LOSS] = 0.2091,
	};

	(void)state;
	rental_cost(values, &cost);
	assert_true(fabs(cost.paid_hour / 2 - 1.2091) < 1e-9);
	assert_true(fabs(cost.useful_hour / 2 - 1 / (1 - 0.2091)) < 1e-9);
}

static double any(uint32_t trial, uint32_t which, double low, double high)
{
	return quantity_draw((struct quantity){ (low + high) / 2, low, high },
			     random_join(trial, which), 0);
}

static void more_of_anything_never_costs_less(void **state)
{
	static const double high[RENT_COUNT] = {
		[RENT_GPUS] = 20000,         [RENT_PRICE] = 10,          [RENT_TERM] = 60,
		[RENT_HOURS] = 744,          [RENT_HOT_TB] = 9000,       [RENT_HOT_PRICE] = 0.2,
		[RENT_COLD_TB] = 90000,      [RENT_COLD_PRICE] = 0.1,    [RENT_EGRESS_TB] = 900,
		[RENT_EGRESS_PRICE] = 0.1,   [RENT_CONTROL] = 1e5,       [RENT_ORCHESTRATION] = 0.2,
		[RENT_SUPPORT] = 0.2,        [RENT_LOSS] = 0.4,          [RENT_SETUP_DAYS] = 60,
		[RENT_SETUP_ENGINEERS] = 30, [RENT_DEBUG_ENGINEERS] = 9, [RENT_ENGINEER] = 3e5,
	};

	(void)state;
	for (uint32_t trial = 0; trial < TRIALS; trial++) {
		double values[RENT_COUNT];
		struct rental_cost before;
		struct rental_cost after;
		uint32_t which = trial % RENT_COUNT;

		for (uint32_t i = 0; i < RENT_COUNT; i++)
			values[i] = any(trial, i, high[i] / 8, high[i]);
		rental_cost(values, &before);
		values[which] *= 1.1;
		rental_cost(values, &after);
		if (which == RENT_TERM)
			assert_true(after.paid_hour <= before.paid_hour);
		else
			assert_true(after.total_month >= before.total_month);
	}
}

static void what_contradicts_itself_is_refused(void **state)
{
	static const struct {
		enum rental_parameter parameter;
		double value;
		const char *says;
	} cases[] = {
		{ RENT_SETUP_DAYS, 60, "setup-days is longer than term" },
		{ RENT_EGRESS_PRICE, 0.09, "egress-price is given without egress-tb" },
		{ RENT_LOSS, (double)NAN, "needs a value for: loss" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct parameters parameters;
		struct error err = { 0 };

		parameters_init(&parameters, &rental_table);
		parameters.values[RENT_GPUS] = quantity_of(8);
		parameters.values[RENT_PRICE] = quantity_of(2);
		parameters.values[RENT_TERM] = quantity_of(1);
		parameters.values[RENT_LOSS] = quantity_of(0.05);
		assert_true(rental_check(&parameters, &err));
		parameters.values[cases[i].parameter] = quantity_of(cases[i].value);
		assert_false(rental_check(&parameters, &err));
		assert_non_null(strstr(err.text, cases[i].says));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_published_table_comes_out_to_the_dollar),
		cmocka_unit_test(lost_hours_are_divided_out_not_added),
		cmocka_unit_test(more_of_anything_never_costs_less),
		cmocka_unit_test(what_contradicts_itself_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
