#include "model/ownership.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include "base/random.h"
#include "model/sensitivity.h"

#include <cmocka.h>

enum {
	TRIALS = 400,
};

/* A server of 8 GPUs for 250,000 USD in all, of an ODM: SemiAnalysis, 2025-08. */
static const struct {
	enum ownership_parameter parameter;
	double value;
} server[] = {
	{ OWN_GPUS, 8 },       { OWN_SERVER, 186200 },  { OWN_NETWORK, 60000 },
	{ OWN_STORAGE, 0 },    { OWN_MANAGEMENT, 0 },   { OWN_RACKS, 0 },
	{ OWN_INSTALL, 0 },    { OWN_SPARES, 0 },       { OWN_SERVER_KW, 10.2 },
	{ OWN_OTHER_KW, 1.2 }, { OWN_COLOCATION, 150 }, { OWN_UTILISATION, 1 },
};

static void make(struct parameters *parameters)
{
	parameters_init(parameters, &ownership_table);
	for (size_t i = 0; i < sizeof(server) / sizeof(server[0]); i++)
		parameters->values[server[i].parameter] = quantity_of(server[i].value);
}

static void make_values(double values[OWN_COUNT])
{
	struct parameters parameters;

	make(&parameters);
	parameters_values(&parameters, values);
}

static double capital_hour(const double values[OWN_COUNT])
{
	struct ownership_cost cost;

	ownership_cost(values, &cost);
	return cost.capital_hour;
}

static void the_margin_of_the_maker_costs_what_is_published(void **state)
{
	static const struct {
		double life, capital_cost, at_10, at_15;
	} cases[] = {
		{ 48, 0.10, 0.073, 0.126 },
		{ 48, 0.12, 0.076, 0.131 },
		{ 60, 0.10, 0.061, 0.106 },
		{ 60, 0.12, 0.064, 0.111 },
	};
	double values[OWN_COUNT];

	(void)state;
	make_values(values);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		values[OWN_LIFE] = cases[i].life;
		values[OWN_CAPITAL_COST] = cases[i].capital_cost;
		values[OWN_MARGIN] = 0.02;
		double odm = capital_hour(values);
		values[OWN_MARGIN] = 0.10;
		assert_true(fabs(capital_hour(values) - odm - cases[i].at_10) < 0.0005);
		values[OWN_MARGIN] = 0.15;
		assert_true(fabs(capital_hour(values) - odm - cases[i].at_15) < 0.0005);
	}
}

static void capital_costs_what_the_calibration_says(void **state)
{
	static const struct {
		double life, capital_cost, hour;
	} cases[] = {
		{ 48, 0.10, 1.09 },
		{ 48, 0.12, 1.13 },
		{ 60, 0.10, 0.91 },
		{ 60, 0.12, 0.95 },
	};
	double values[OWN_COUNT];

	(void)state;
	make_values(values);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		values[OWN_LIFE] = cases[i].life;
		values[OWN_CAPITAL_COST] = cases[i].capital_cost;
		assert_true(fabs(capital_hour(values) - cases[i].hour) < 0.005);
	}
}

static void lines_add_up_to_the_hour(void **state)
{
	double values[OWN_COUNT];
	struct ownership_cost cost;
	double hours = 0;
	double once = 0;

	(void)state;
	make_values(values);
	values[OWN_RESIDUAL] = 0.2;
	values[OWN_LIQUID] = 0.5;
	values[OWN_INSURANCE] = 0.01;
	values[OWN_UTILISATION] = 0.7;
	ownership_cost(values, &cost);
	for (unsigned i = 0; i < OWN_LINE_COUNT; i++)
		hours += cost.hour[i];
	for (unsigned i = 0; i < OWN_LINE_RESIDUAL; i++)
		once += cost.once[i];
	assert_true(fabs(hours - cost.full_hour) < 1e-9);
	assert_true(fabs(once - cost.capital) < 1e-6);
	assert_true(cost.hour[OWN_LINE_RESIDUAL] < 0);
	assert_true(fabs(cost.idle_hour / cost.full_hour - 0.3) < 1e-9);
}

/* A value within the bounds that are of use; the same for each call. */
static double any(uint32_t trial, uint32_t which, double low, double high)
{
	return quantity_draw((struct quantity){ (low + high) / 2, low, high },
			     random_join(trial, which), 0);
}

static void make_any(uint32_t trial, double values[OWN_COUNT])
{
	make_values(values);
	values[OWN_SERVER] = any(trial, 0, 1e4, 4e6);
	values[OWN_MARGIN] = any(trial, 1, 0, 0.5);
	values[OWN_RESIDUAL] = any(trial, 2, 0, 1);
	values[OWN_CAPITAL_COST] = any(trial, 3, 0, 0.5);
	values[OWN_LIFE] = any(trial, 4, 6, 120);
	values[OWN_UTILISATION] = any(trial, 5, 0.1, 1);
	values[OWN_LIQUID] = any(trial, 6, 0, 1);
	values[OWN_INSURANCE] = any(trial, 7, 0, 0.05);
	values[OWN_STAFF] = any(trial, 8, 0, 500);
}

static void more_margin_never_lowers_the_price(void **state)
{
	(void)state;
	for (uint32_t trial = 0; trial < TRIALS; trial++) {
		double values[OWN_COUNT];

		make_any(trial, values);
		double before = ownership_hour(values);
		values[OWN_MARGIN] += 0.05;
		assert_true(ownership_hour(values) >= before);
	}
}

static void a_longer_life_never_raises_the_capital_of_an_hour(void **state)
{
	(void)state;
	for (uint32_t trial = 0; trial < TRIALS; trial++) {
		double values[OWN_COUNT];

		make_any(trial, values);
		double before = capital_hour(values);
		values[OWN_LIFE] += any(trial, 20, 0.1, 60);
		assert_true(capital_hour(values) <= before + 1e-12);
	}
}

static void half_the_utilisation_doubles_what_is_fixed(void **state)
{
	(void)state;
	for (uint32_t trial = 0; trial < TRIALS; trial++) {
		double values[OWN_COUNT];
		struct ownership_cost whole;
		struct ownership_cost half;

		make_any(trial, values);
		ownership_cost(values, &whole);
		values[OWN_UTILISATION] /= 2;
		ownership_cost(values, &half);
		for (unsigned i = 0; i < OWN_LINE_COUNT; i++) {
			if (i != OWN_LINE_ELECTRICITY)
				assert_true(fabs(half.hour[i] - 2 * whole.hour[i]) <=
					    1e-9 * fabs(half.hour[i]));
		}
		/* Idle servers take less power. */
		assert_true(half.hour[OWN_LINE_ELECTRICITY] < 2 * whole.hour[OWN_LINE_ELECTRICITY]);
	}
}

static void liquid_changes_capital_power_and_pue(void **state)
{
	struct ownership_cost air;
	struct ownership_cost liquid;
	double values[OWN_COUNT];

	(void)state;
	make_values(values);
	ownership_cost(values, &air);
	values[OWN_LIQUID] = 1;
	ownership_cost(values, &liquid);
	assert_true(air.once[OWN_LINE_COOLING] < 1e-9 && liquid.once[OWN_LINE_COOLING] > 0);
	assert_true(liquid.it_kw < air.it_kw && liquid.pue < air.pue);
	assert_true(liquid.hour[OWN_LINE_ELECTRICITY] < air.hour[OWN_LINE_ELECTRICITY]);
}

static void what_contradicts_itself_is_refused(void **state)
{
	static const struct {
		enum ownership_parameter first, second;
		double one, other;
		const char *says;
	} cases[] = {
		{ OWN_COLOCATION, OWN_HALL, 150, 10000, "both given" },
		{ OWN_COLOCATION, OWN_HALL, 0, 0, "neither colocation nor hall" },
		{ OWN_LIQUID, OWN_PUE_LIQUID, 1, 2, "pue-liquid is above pue" },
		{ OWN_LOAD, OWN_IDLE_LOAD, 0.2, 0.3, "idle-load is above load" },
		{ OWN_GPUS, OWN_SERVER, (double)NAN, (double)NAN,
		  "needs a value for: gpus, server" },
	};
	struct parameters parameters;
	struct error err = { 0 };

	(void)state;
	make(&parameters);
	assert_true(ownership_check(&parameters, &err));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make(&parameters);
		parameters.values[cases[i].first] = quantity_of(cases[i].one);
		parameters.values[cases[i].second] = quantity_of(cases[i].other);
		assert_false(ownership_check(&parameters, &err));
		assert_non_null(strstr(err.text, cases[i].says));
	}
	make(&parameters);
	parameters.values[OWN_COLOCATION] = quantity_of(0);
	parameters.values[OWN_HALL] = quantity_of(9000);
	parameters.values[OWN_ELECTRICITY] = quantity_of(0);
	assert_false(ownership_check(&parameters, &err));
}

static void what_is_out_of_bounds_is_refused(void **state)
{
	static const char *const wrong[] = {
		"life=-1",    "life=0",        "utilisation=0", "utilisation=80", "margin=1",
		"liquid=air", "pue=0.9",       "gpus=0",        "hours=8760",     "capital-cost=10",
		"lief=48",    "colocation=-1", "residual=1.1",
	};
	struct parameters parameters;
	struct error err = { 0 };

	(void)state;
	make(&parameters);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(parameters_assign(&parameters, wrong[i], &err));
}

static void interest_of_nothing_is_plain_division(void **state)
{
	double values[OWN_COUNT];

	(void)state;
	make_values(values);
	values[OWN_CAPITAL_COST] = 0;
	assert_true(fabs(capital_hour(values) - 250000.0 / 48 / 730 / 8) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_margin_of_the_maker_costs_what_is_published),
		cmocka_unit_test(capital_costs_what_the_calibration_says),
		cmocka_unit_test(lines_add_up_to_the_hour),
		cmocka_unit_test(more_margin_never_lowers_the_price),
		cmocka_unit_test(a_longer_life_never_raises_the_capital_of_an_hour),
		cmocka_unit_test(half_the_utilisation_doubles_what_is_fixed),
		cmocka_unit_test(liquid_changes_capital_power_and_pue),
		cmocka_unit_test(what_contradicts_itself_is_refused),
		cmocka_unit_test(what_is_out_of_bounds_is_refused),
		cmocka_unit_test(interest_of_nothing_is_plain_division),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
