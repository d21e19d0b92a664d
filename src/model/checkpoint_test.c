#include "model/checkpoint.h"

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
		fail_msg("%.9g is not %.9g within %g", value, expected, within);
}

/* RSC-1 of arXiv 2410.21680: 6.50 failures per 1,000 node-days, recovery 5 min. */
static void ettr_is_what_the_paper_gives(void **state)
{
	static const struct {
		double gpus, write_min, ettr, interval_min;
	} cases[] = {
		{ 1024, 5, 0.924, 131.6 },  { 4096, 5, 0.848, 65.8 },   { 16384, 5, 0.696, 32.9 },
		{ 1024, 0.5, 0.973, 41.6 }, { 4096, 0.5, 0.942, 20.8 }, { 16384, 0.5, 0.864, 10.4 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct checkpoint_costs costs = {
			.write_h = cases[i].write_min / 60,
			.recovery_h = 5.0 / 60,
			.mtbf_h = 24 / (0.0065 * cases[i].gpus / 8),
		};

		costs.interval_h = checkpoint_young_h(costs.write_h, costs.mtbf_h);
		close_to(costs.interval_h * 60, cases[i].interval_min, 0.05);
		close_to(checkpoint_ettr(&costs), cases[i].ettr, 0.0005);
	}
}

static void daly_is_young_with_smaller_terms(void **state)
{
	(void)state;
	/* w = M/2: √(M²)·(1 + ⅓·½ + 1/36) - M/2. */
	close_to(checkpoint_daly_h(5, 10), 10 * (1 + 1.0 / 6 + 1.0 / 36) - 5, 1e-12);
	close_to(checkpoint_daly_h(20, 10), 10, 0);
	close_to(checkpoint_daly_h(25, 10), 10, 0);
	close_to(checkpoint_daly_h(1e-6, 100) / checkpoint_young_h(1e-6, 100), 1, 1e-3);
}

/* The sum over all outcomes, against simple numeric integration of one segment. */
static void the_exact_form_is_the_renewal_formula(void **state)
{
	struct checkpoint_costs costs = {
		.interval_h = 1, .write_h = 0.1, .recovery_h = 0.25, .mtbf_h = 3
	};
	double rate = 1 / costs.mtbf_h;
	double segment = exp(-rate * (costs.interval_h + costs.write_h));
	double restart = exp(-rate * costs.recovery_h);
	/* Hours until a success, from E = P(fails)·(hours until then + E(recovery) + E) + …;
	 * of a stretch of length t the expected hours up to its end or failure are (1 - e^-rt)/r.
	 */
	double recovery = (1 - restart) / rate / restart;
	double expected = ((1 - segment) / rate + (1 - segment) * recovery) / segment;

	(void)state;
	close_to(checkpoint_exact(&costs), costs.interval_h / expected, 1e-12);
}

static void the_optimum_is_where_the_exact_form_is_highest(void **state)
{
	static const double writes[] = { 0.0001, 0.01, 0.1, 1, 10 };

	(void)state;
	for (size_t i = 0; i < COUNT(writes); i++) {
		struct checkpoint_costs costs = { .write_h = writes[i],
						  .recovery_h = 0.5,
						  .mtbf_h = 4 };
		double best = checkpoint_optimum_h(&costs);
		double most;

		costs.interval_h = best;
		most = checkpoint_exact(&costs);
		costs.interval_h = best * 1.02;
		assert_true(checkpoint_exact(&costs) < most);
		costs.interval_h = best / 1.02;
		assert_true(checkpoint_exact(&costs) < most);
		if (writes[i] < 0.5)
			close_to(checkpoint_daly_h(writes[i], 4) / best, 1, 0.01);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ettr_is_what_the_paper_gives),
		cmocka_unit_test(daly_is_young_with_smaller_terms),
		cmocka_unit_test(the_exact_form_is_the_renewal_formula),
		cmocka_unit_test(the_optimum_is_where_the_exact_form_is_highest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
