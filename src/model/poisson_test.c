#include "model/poisson.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void close_to(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.12g is not %.12g within %g", value, expected, within);
}

/* Printed tables of the chi-square distribution. */
static void quantiles_are_those_of_the_tables(void **state)
{
	static const struct {
		double degrees, probability, value, within;
	} cases[] = {
		{ 1, 0.95, 3.841458820694, 1e-9 },   { 2, 0.95, 5.991464547108, 1e-9 },
		{ 10, 0.025, 3.246972780237, 1e-9 }, { 10, 0.975, 20.483177350807, 1e-9 },
		{ 100, 0.95, 124.342113404, 1e-6 },  { 1, 0.5, 0.454936423119, 1e-9 },
		{ 2, 0.975, 7.377758908228, 1e-9 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		close_to(chi_square_quantile(cases[i].degrees, cases[i].probability),
			 cases[i].value, cases[i].within);
}

/* Garwood (1936), 95 %. */
static void intervals_are_those_of_garwood(void **state)
{
	static const struct {
		uint64_t counted;
		double low, high;
	} cases[] = {
		{ 0, 0, 3.6889 },         { 1, 0.0253, 5.5716 },      { 2, 0.2422, 7.2247 },
		{ 5, 1.6235, 11.6683 },   { 10, 4.7954, 18.3904 },    { 20, 12.2165, 30.8884 },
		{ 30, 20.2409, 42.8269 }, { 100, 81.3640, 121.6268 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct count_interval interval = poisson_interval(cases[i].counted, 0.95);

		close_to(interval.low, cases[i].low, 0.0001);
		close_to(interval.high, cases[i].high, 0.0001);
	}
}

static void a_large_count_has_the_interval_of_its_root(void **state)
{
	struct count_interval interval = poisson_interval(1000000, 0.95);

	(void)state;
	close_to(interval.low, 1000000 - 1.96 * 1000, 5);
	close_to(interval.high, 1000000 + 1.96 * 1000, 5);
}

static void the_ends_of_an_interval_leave_half_of_the_rest(void **state)
{
	(void)state;
	for (uint64_t counted = 1; counted < 500; counted += 37) {
		struct count_interval interval = poisson_interval(counted, 0.9);

		close_to(poisson_cumulative((double)counted, interval.high), 0.05, 1e-9);
		close_to(1 - poisson_cumulative((double)counted - 1, interval.low), 0.05, 1e-9);
	}
}

static void the_cumulative_is_the_sum_of_its_terms(void **state)
{
	static const double means[] = { 0, 0.01, 1, 7.5, 60 };

	(void)state;
	for (size_t i = 0; i < COUNT(means); i++) {
		double sum = 0;

		for (unsigned k = 0; k < 120; k++) {
			sum += poisson_exactly(k, means[i]);
			close_to(poisson_cumulative(k, means[i]), sum, 1e-12);
		}
		assert_true(poisson_cumulative(-1, means[i]) <= 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quantiles_are_those_of_the_tables),
		cmocka_unit_test(intervals_are_those_of_garwood),
		cmocka_unit_test(a_large_count_has_the_interval_of_its_root),
		cmocka_unit_test(the_ends_of_an_interval_leave_half_of_the_rest),
		cmocka_unit_test(the_cumulative_is_the_sum_of_its_terms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
