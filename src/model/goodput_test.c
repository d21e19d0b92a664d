#include "model/goodput.h"

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

/* "Rental TCO", SemiAnalysis 2026: 5,184 GB300, job of 4,096; and a job of 16,000 GPUs. */
static const struct published {
	struct expense_inputs inputs;
	double percent, within;
} published[] = {
	{ { .recovery = RECOVERY_TOLERANT,
	    .gpus = 4096,
	    .blast = 64,
	    .mtbf = 25000,
	    .detect_h = 0.25,
	    .failover_h = 5.0 / 60,
	    .replace_h = 0.25,
	    .idle = 32.0 / 5184 },
	  6.1426,
	  0.00005 },
	{ { .recovery = RECOVERY_TOLERANT,
	    .gpus = 4096,
	    .blast = 64,
	    .mtbf = 25000,
	    .detect_h = 0.25,
	    .failover_h = 5.0 / 60,
	    .replace_h = 0.25,
	    .overhead = 0.05 },
	  10.5253,
	  0.00005 },
	{ { .recovery = RECOVERY_HOT,
	    .gpus = 4096,
	    .blast = 64,
	    .mtbf = 15000,
	    .detect_h = 0.5,
	    .checkpoint_h = 1,
	    .initialise_h = 0.25,
	    .replace_h = 1 },
	  20.9067,
	  0.00005 },
	{ { .recovery = RECOVERY_HOT,
	    .gpus = 4096,
	    .blast = 64,
	    .mtbf = 15000,
	    .detect_h = 1,
	    .checkpoint_h = 1,
	    .initialise_h = 0.25,
	    .replace_h = 1 },
	  34.56,
	  0.005 },
	/* As the text prints it, half an interval comes on top. */
	{ { .recovery = RECOVERY_HOT,
	    .sum = true,
	    .gpus = 4096,
	    .blast = 64,
	    .mtbf = 15000,
	    .detect_h = 0.5,
	    .checkpoint_h = 1,
	    .initialise_h = 0.25,
	    .replace_h = 1 },
	  34.56,
	  0.005 },
	/* Cold: the whole job waits for the repair. (0.5 + 0.25 + 1)·4096/15000. */
	{ { .recovery = RECOVERY_COLD,
	    .gpus = 4096,
	    .blast = 64,
	    .mtbf = 15000,
	    .detect_h = 0.5,
	    .checkpoint_h = 1,
	    .initialise_h = 0.25,
	    .replace_h = 1 },
	  47.7867,
	  0.00005 },
};

static void expenses_are_those_that_were_published(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(published); i++)
		close_to(100 * goodput_expense(&published[i].inputs).total, published[i].percent,
			 published[i].within);
}

static void the_parts_of_an_expense_add_up(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(published); i++) {
		struct expense expense = goodput_expense(&published[i].inputs);

		close_to(expense.standing + expense.blast + expense.idle + expense.overhead,
			 expense.total, 1e-15);
		assert_true(expense.blast > 0 || published[i].inputs.recovery == RECOVERY_COLD);
	}
}

static void a_useful_hour_costs_more_than_price_and_share(void **state)
{
	(void)state;
	close_to(goodput_cost(1, 0.209067), 1.2643, 0.00005);
	close_to(goodput_cost(2, 0), 2, 0);
	assert_true(isinf(goodput_cost(2, 1)));
	assert_true(isinf(goodput_cost(2, 1.3)));
}

/* Llama 3 (arXiv 2407.21783): 54 days on 16,384 GPUs, 466 interruptions, 419 unexpected; Meta's
 * clusters (arXiv 2410.21680): 6.50 and 2.34 failures per 1,000 node-days. */
static void rates_of_failures_are_those_that_were_published(void **state)
{
	double mtbf = 54.0 * 24 * 16384 / 419;

	(void)state;
	close_to(mtbf, 50677, 0.5);
	close_to(mtbf / 24, 2112, 0.5);
	close_to(job_mtbf_h(mtbf, 16384), 3.09, 0.005);
	close_to(job_mtbf_h(54.0 * 24 * 16384 / 466, 16384), 2.78, 0.005);
	close_to(failures_per_1000_node_days(mtbf, 8), 3.79, 0.005);
	close_to(goodput_allowance_h(0.9, job_mtbf_h(mtbf, 16384)) * 60, 18.6, 0.05);
	close_to(goodput_allowance_h(0.9, 54.0 * 24 / 466) * 60, 16.7, 0.05);
	close_to(job_mtbf_h(mtbf_of_node_days(6.5, 8), 16384), 1.80, 0.005);
	close_to(job_mtbf_h(mtbf_of_node_days(6.5, 8), 131072), 0.225, 0.0005);
	close_to(mtbf_of_node_days(6.5, 8) / 24, 1231, 0.5);
	close_to(mtbf_of_node_days(2.34, 8) / 24, 3419, 0.5);
	close_to(job_mtbf_h(mtbf_of_node_days(6.5, 8), 8) / 24, 153.8, 0.05);
	close_to(job_mtbf_h(mtbf_of_node_days(6.5, 8), 1024), 28.8, 0.05);
	close_to(job_mtbf_h(3748.0 * 24, 1024) / 24, 3.66, 0.005);
	close_to(job_mtbf_h(3748.0 * 24, 4096) / 24, 0.92, 0.005);
	close_to(job_mtbf_h(3748.0 * 24, 16384), 5.5, 0.05);
}

static void the_levels_of_a_fleet_add_up_to_all_hours(void **state)
{
	struct fleet_goodput fleet = goodput_of_fleet(0.98, 0.9, 0.85);

	(void)state;
	close_to(fleet.scheduling, 0.02, 1e-12);
	close_to(fleet.allocation, 0.098, 1e-12);
	close_to(fleet.production, 0.1323, 1e-12);
	close_to(fleet.scheduling + fleet.allocation + fleet.production + fleet.total, 1, 1e-12);
	close_to(goodput_availability(0.001, 24), 1 / 1.024, 1e-12);
	close_to(goodput_availability(0, 24), 1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(expenses_are_those_that_were_published),
		cmocka_unit_test(the_parts_of_an_expense_add_up),
		cmocka_unit_test(a_useful_hour_costs_more_than_price_and_share),
		cmocka_unit_test(rates_of_failures_are_those_that_were_published),
		cmocka_unit_test(the_levels_of_a_fleet_add_up_to_all_hours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
