#include "model/simulation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "model/checkpoint.h"
#include "model/spares.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void close_to(double value, double expected, double within)
{
	if (!(fabs(value - expected) <= within))
		fail_msg("%.9g is not %.9g within %g", value, expected, within);
}

static struct simulation_result run(const struct simulation_inputs *inputs, uint32_t runs,
				    struct arena *arena)
{
	struct simulation_request request = {
		.inputs = inputs, .seed = 1, .runs = runs, .threads = 2
	};
	struct simulation_result result;
	struct error err = { 0 };

	assert_true(simulation_check(inputs, runs, &err));
	simulate(&request, arena, &result);
	return result;
}

/* Llama 3: 2,048 nodes, 419 failures in 54 days. */
static const struct simulation_inputs llama = {
	.recovery = RECOVERY_HOT,
	.nodes = 2048,
	.spares = SPARES_UNLIMITED,
	.horizon_h = 54 * 24,
	.failure_rate = 419.0 / (54 * 24) / 2048,
	.detect_h = 0.05,
	.drain_h = 0.02,
	.restart_h = 0.1,
	.repair_h = 24,
	.interval_h = 0.5,
	.write_h = 0.01,
};

static void without_failures_only_checkpoints_cost(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_inputs calm = llama;
	struct simulation_result result;

	(void)state;
	calm.failure_rate = 0;
	calm.horizon_h = 1000 * (calm.interval_h + calm.write_h);
	result = run(&calm, 3, &arena);
	close_to(result.mean, 0.5 / 0.51, 1e-9);
	close_to(result.lost[LOSS_WRITING], 0.01 / 0.51, 1e-9);
	close_to(result.error, 0, 1e-9);
	assert_true(result.failures <= 0);
}

static void hours_are_useful_or_lost_for_a_reason(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_inputs all = llama;

	(void)state;
	all.repair_h = 1;
	all.spares = 4;
	all.crews = 3;
	all.slow_rate = 1e-5;
	all.slow_share = 0.3;
	all.slow_find_h = 3;
	all.corruption_rate = 3e-6;
	all.corruption_find_h = 5;
	for (all.recovery = RECOVERY_COLD; all.recovery < RECOVERY_COUNT; all.recovery++) {
		struct simulation_result result = run(&all, 50, &arena);
		double sum = result.mean;

		for (unsigned i = 0; i < LOSS_COUNT; i++) {
			assert_true(result.lost[i] >= 0);
			sum += result.lost[i];
		}
		close_to(sum, 1, 1e-9);
		assert_true(result.lost[LOSS_SLOW] > 0 && result.lost[LOSS_CORRUPTION] > 0);
		assert_true(result.low <= result.median && result.median <= result.high);
	}
}

/* Set-ups for which the exact renewal formula holds: the long run of fixed intervals, fixed
 * recoveries and random failures. */
static void the_long_run_is_the_renewal_formula(void **state)
{
	static const struct checkpoint_costs cases[] = {
		{ .interval_h = 0.5, .write_h = 0.01, .recovery_h = 0.17, .mtbf_h = 3.09 },
		{ .interval_h = 2, .write_h = 0.5, .recovery_h = 1, .mtbf_h = 3 },
		{ .interval_h = 0.2, .write_h = 0.05, .recovery_h = 0, .mtbf_h = 0.5 },
		{ .interval_h = 1, .write_h = 0, .recovery_h = 0, .mtbf_h = 10 },
		{ .interval_h = 5, .write_h = 0.2, .recovery_h = 2, .mtbf_h = 2 },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct simulation_inputs inputs = {
			.recovery = RECOVERY_HOT,
			.nodes = 100,
			.spares = SPARES_UNLIMITED,
			.horizon_h = 5000 * cases[i].mtbf_h,
			.failure_rate = 1 / cases[i].mtbf_h / 100,
			.detect_h = cases[i].recovery_h / 2,
			.drain_h = cases[i].recovery_h / 4,
			.restart_h = cases[i].recovery_h / 4,
			.interval_h = cases[i].interval_h,
			.write_h = cases[i].write_h,
		};
		struct simulation_result result = run(&inputs, 100, &arena);

		close_to(result.mean, checkpoint_exact(&cases[i]), 4 * result.error);
		close_to(result.failures, 5000, 4 * sqrt(5000 / 100.0));
	}
}

static void a_tolerant_job_loses_standstill_and_missing_nodes_only(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_inputs inputs = llama;
	struct simulation_result result;
	/* Failures in the standstill begin it anew: a fixed time D costs e^(D/M) - 1 of M. */
	double standstill = inputs.detect_h + inputs.drain_h + inputs.restart_h;
	double mtbf_h = 1 / (inputs.failure_rate * inputs.nodes);
	double useful = exp(-standstill / mtbf_h);

	(void)state;
	inputs.recovery = RECOVERY_TOLERANT;
	inputs.write_h = 0;
	result = run(&inputs, 200, &arena);
	close_to(result.mean, useful, 4 * result.error);
	close_to(result.lost[LOSS_REWORK], 0, 0);
	inputs.spares = 0;
	result = run(&inputs, 200, &arena);
	/* Mean nodes away: 7.8 of 2,048 once the first repairs end. */
	close_to(result.lost[LOSS_MISSING] / useful, 24 / mtbf_h / 2048, 0.0003);
}

static void llama_fails_every_three_hours(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_result result = run(&llama, 300, &arena);

	(void)state;
	close_to(54 * 24 / result.failures, 3.09, 0.02);
	close_to(result.failures, 419, 4 * sqrt(419 / 300.0));
	assert_true(result.mean > 0.85 && result.mean < 0.9);
}

static void causes_come_in_their_shares(void **state)
{
	static const struct failure_cause causes[] = { { "gpu", 0.7, 1 },
						       { "software", 0.2, 0 },
						       { "switch", 0.1, 8 } };
	SCOPED_ARENA(arena);
	struct simulation_inputs inputs = llama;
	struct simulation_result result;

	(void)state;
	inputs.causes = causes;
	inputs.cause_count = COUNT(causes);
	result = run(&inputs, 300, &arena);
	for (size_t i = 0; i < COUNT(causes); i++)
		close_to(result.by_cause[i], 419 * causes[i].share,
			 4 * sqrt(419 * causes[i].share / 300));
}

/* Palm: the nodes away are Poisson, whatever the repair times look like. */
static void spares_are_those_of_the_closed_form(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_result result = run(&llama, 1000, &arena);
	struct spare_inputs inputs = { .failures_per_h = llama.failure_rate * llama.nodes,
				       .nodes = 1,
				       .repair_h = 24 };
	uint32_t counted = simulation_spares(&result, 0.9);
	uint32_t closed = spares_needed(&inputs, llama.horizon_h, 0.9, 1000);

	(void)state;
	close_to(counted, closed, 1);
	assert_true(simulation_spares(&result, 0.5) < simulation_spares(&result, 0.99));
}

static void enough_spares_never_wait_and_none_always_do(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_inputs inputs = llama;
	struct simulation_result result = run(&inputs, 100, &arena);

	(void)state;
	inputs.spares = simulation_spares(&result, 1);
	close_to(run(&inputs, 100, &arena).waited, 0, 0);
	inputs.spares = 0;
	close_to(run(&inputs, 100, &arena).waited, 1, 0);
	inputs.recovery = RECOVERY_COLD;
	inputs.spares = 1000;
	close_to(run(&inputs, 100, &arena).waited, 1, 0);
}

/* Found F hours after a corruption, which comes half an interval after its last clean checkpoint:
 * each costs its rework of interval/2 + F, and a restart. */
static void corruption_goes_back_to_the_last_clean_checkpoint(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_inputs inputs = llama;
	struct simulation_result result;
	double each;

	(void)state;
	inputs.failure_rate = 0;
	inputs.write_h = 0;
	inputs.horizon_h = 100000;
	inputs.corruption_rate = 1.0 / 1000 / inputs.nodes;
	inputs.corruption_find_h = 10;
	result = run(&inputs, 100, &arena);
	each = inputs.interval_h / 2 + inputs.corruption_find_h;
	/* One comes 1,000 h after the last was found and repaired. */
	close_to(result.lost[LOSS_CORRUPTION], each / (1000 + 10 + 0.12), 0.0002);
}

/* A node slows the job for the time that it takes to find it. */
static void slow_nodes_cost_until_they_are_found(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_inputs inputs = llama;
	struct simulation_result result;

	(void)state;
	inputs.failure_rate = 0;
	inputs.write_h = 0;
	inputs.horizon_h = 100000;
	inputs.slow_rate = 1.0 / 1000 / inputs.nodes;
	inputs.slow_share = 0.4;
	inputs.slow_find_h = 20;
	result = run(&inputs, 100, &arena);
	close_to(result.lost[LOSS_SLOW], 0.4 * 20 / (1000 + 20), 0.0002);
}

static void the_best_interval_is_near_the_closed_form(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_request request = {
		.inputs = &llama, .seed = 1, .runs = 100, .threads = 2
	};
	struct simulation_optimum optimum;
	double daly_h = checkpoint_daly_h(llama.write_h, 3.09);

	(void)state;
	simulation_find_interval(&request, daly_h * 1.4, &arena, &optimum);
	assert_true(optimum.low_h <= daly_h && daly_h <= optimum.high_h);
	close_to(optimum.interval_h / daly_h, 1, 0.25);
}

static void threads_change_nothing_and_seeds_do(void **state)
{
	SCOPED_ARENA(arena);
	struct simulation_request request = {
		.inputs = &llama, .seed = 5, .runs = 40, .threads = 1
	};
	struct simulation_result one;
	struct simulation_result three;
	struct simulation_result other;

	(void)state;
	simulate(&request, &arena, &one);
	request.threads = 3;
	simulate(&request, &arena, &three);
	request.seed = 6;
	simulate(&request, &arena, &other);
	one.peaks = three.peaks = NULL;
	assert_memory_equal(&one, &three, sizeof(one));
	assert_true(fabs(other.mean - one.mean) > 0);
}

static void what_cannot_run_is_refused(void **state)
{
	struct simulation_inputs wrong = llama;
	struct error err = { 0 };

	(void)state;
	wrong.interval_h = 0;
	assert_false(simulation_check(&wrong, 10, &err));
	wrong = llama;
	wrong.nodes = 0;
	assert_false(simulation_check(&wrong, 10, &err));
	wrong = llama;
	wrong.failure_rate = 1e9;
	assert_false(simulation_check(&wrong, 10, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	wrong = llama;
	wrong.repair_h = (double)NAN;
	assert_false(simulation_check(&wrong, 10, &err));
	assert_false(simulation_check(&llama, 0, &err));
	wrong = llama;
	wrong.causes = &(struct failure_cause){ "half", 0.5, 1 };
	wrong.cause_count = 1;
	assert_false(simulation_check(&wrong, 10, &err));
	assert_non_null(strstr(err.text, "0.5"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_failures_only_checkpoints_cost),
		cmocka_unit_test(hours_are_useful_or_lost_for_a_reason),
		cmocka_unit_test(the_long_run_is_the_renewal_formula),
		cmocka_unit_test(a_tolerant_job_loses_standstill_and_missing_nodes_only),
		cmocka_unit_test(llama_fails_every_three_hours),
		cmocka_unit_test(causes_come_in_their_shares),
		cmocka_unit_test(spares_are_those_of_the_closed_form),
		cmocka_unit_test(enough_spares_never_wait_and_none_always_do),
		cmocka_unit_test(corruption_goes_back_to_the_last_clean_checkpoint),
		cmocka_unit_test(slow_nodes_cost_until_they_are_found),
		cmocka_unit_test(the_best_interval_is_near_the_closed_form),
		cmocka_unit_test(threads_change_nothing_and_seeds_do),
		cmocka_unit_test(what_cannot_run_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
