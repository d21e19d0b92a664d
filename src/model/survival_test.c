#include "model/survival.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void close_to(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.9g is not %.9g within %g", value, expected, within);
}

/* "What is the probability that 8 nodes all survive 4 h?" */
static void all_nodes_survive_less_often_than_one(void **state)
{
	struct preemption alone = { .rate = survival_rate_of_share(0.05, 730), .together = 1 };
	struct preemption joined = { .rate = alone.rate, .together = 8 };

	(void)state;
	close_to(survival_probability(&alone, 1, 730), 0.95, 1e-12);
	close_to(survival_probability(&alone, 8, 4), pow(0.95, 32.0 / 730), 1e-12);
	close_to(survival_probability(&joined, 8, 4), survival_probability(&alone, 1, 4), 1e-12);
	close_to(survival_probability(&joined, 2, 4), survival_probability(&alone, 1, 4), 1e-12);
	close_to(survival_probability(&alone, 0, 4), 1, 0);
	close_to(survival_probability(&alone, 8, 0), 1, 0);
}

static const struct preemptible job = {
	.job_rate = 0.05, .interval_h = 1, .write_h = 0.05, .restart_h = 0.25
};

static void the_useful_share_is_the_formula(void **state)
{
	struct preemptible hopeless = job;

	(void)state;
	hopeless.job_rate = 5;
	close_to(survival_useful_share(&job), (1 - 0.05 * 0.75) / 1.05, 1e-12);
	close_to(survival_useful_share(&hopeless), 0, 0);
}

static void at_the_break_even_rate_both_cost_the_same(void **state)
{
	struct preemptible even = job;

	(void)state;
	even.job_rate = survival_break_even_rate(&job, 1.5, 3, 0.95);
	close_to(1.5 / survival_useful_share(&even), 3 / 0.95, 1e-12);
	close_to(survival_break_even_rate(&job, 4, 3, 1), 0, 0);
	even.interval_h = 1e-12;
	even.write_h = 0;
	even.restart_h = 0;
	assert_true(survival_break_even_rate(&even, 1, 3, 1) > 1e9);
}

static void a_deadline_is_met_when_few_enough_reclaims_come(void **state)
{
	struct preemptible calm = job;

	(void)state;
	/* 10 h of work take 10.5 h; 12.75 h leave room for three reclaims of 0.75 h. */
	double mean = 0.05 * 12.75;
	double three = exp(-mean) * (1 + mean + mean * mean / 2 + mean * mean * mean / 6);

	close_to(survival_deadline(&job, 10, 12.75), three, 1e-12);
	close_to(survival_deadline(&job, 10, 10.4), 0, 0);
	close_to(survival_deadline(&job, 10, 10.5), exp(-0.05 * 10.5), 1e-12);
	calm.job_rate = 0;
	close_to(survival_deadline(&calm, 10, 10.5), 1, 1e-12);
}

static void more_reclaims_never_help(void **state)
{
	double share = 1;
	double deadline = 1;

	(void)state;
	for (unsigned step = 0; step < 100; step++) {
		struct preemptible one = job;

		one.job_rate = step * 0.02;
		assert_true(survival_useful_share(&one) <= share);
		assert_true(survival_deadline(&one, 10, 14) <= deadline);
		share = survival_useful_share(&one);
		deadline = survival_deadline(&one, 10, 14);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_nodes_survive_less_often_than_one),
		cmocka_unit_test(the_useful_share_is_the_formula),
		cmocka_unit_test(at_the_break_even_rate_both_cost_the_same),
		cmocka_unit_test(a_deadline_is_met_when_few_enough_reclaims_come),
		cmocka_unit_test(more_reclaims_never_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
