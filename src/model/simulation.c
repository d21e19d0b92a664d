#include "model/simulation.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/parallel.h"
#include "base/random.h"
#include "model/simulation_run.h"

static const double EVENTS_MAXIMUM = 1e10;

const char *const loss_names[] = {
	[LOSS_WRITING] = "writing", [LOSS_REWORK] = "rework",   [LOSS_DETECTION] = "detection",
	[LOSS_DRAIN] = "drain",     [LOSS_WAITING] = "waiting", [LOSS_RESTART] = "restart",
	[LOSS_MISSING] = "missing", [LOSS_SLOW] = "slow",       [LOSS_CORRUPTION] = "corruption",
};
static_assert(sizeof(loss_names) / sizeof(loss_names[0]) == LOSS_COUNT, "a name for each loss");

const char *const loss_titles[] = {
	[LOSS_WRITING] = "writing checkpoints",          [LOSS_REWORK] = "work done again",
	[LOSS_DETECTION] = "failures not yet noticed",   [LOSS_DRAIN] = "draining nodes",
	[LOSS_WAITING] = "waiting for spares",           [LOSS_RESTART] = "starting again",
	[LOSS_MISSING] = "running without failed nodes", [LOSS_SLOW] = "slow nodes",
	[LOSS_CORRUPTION] = "silent data corruption",
};
static_assert(sizeof(loss_titles) / sizeof(loss_titles[0]) == LOSS_COUNT, "a title for each loss");

static const struct failure_cause any_cause = { .name = "any", .share = 1, .nodes = 1 };

static bool check_times(const struct simulation_inputs *inputs, struct error *err)
{
	const double times[] = {
		inputs->failure_rate,      inputs->detect_h,    inputs->drain_h,
		inputs->restart_h,         inputs->repair_h,    inputs->write_h,
		inputs->slow_rate,         inputs->slow_find_h, inputs->corruption_rate,
		inputs->corruption_find_h,
	};

	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		if (!isfinite(times[i]) || times[i] < 0)
			return fail(err, ERROR_INVALID,
				    "a rate or a time of the simulation is not a number from 0");
	}
	if (!(inputs->horizon_h > 0) || !isfinite(inputs->horizon_h))
		return fail(err, ERROR_INVALID, "the simulated time has to be positive");
	if (!(inputs->interval_h > 0))
		return fail(err, ERROR_INVALID,
			    "the interval between checkpoints has to be positive");
	if (!(inputs->slow_share >= 0 && inputs->slow_share <= 1))
		return fail(err, ERROR_INVALID, "slow nodes take a share from 0 to 1 of the speed");
	return true;
}

static bool check_causes(const struct simulation_inputs *inputs, struct error *err)
{
	double sum = 0;

	if (!inputs->causes)
		return true;
	if (inputs->cause_count == 0 || inputs->cause_count > CAUSES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a simulation has 1 to %d causes", CAUSES_MAXIMUM);
	for (unsigned i = 0; i < inputs->cause_count; i++)
		sum += inputs->causes[i].share;
	if (!(fabs(sum - 1) < 1e-6))
		return fail(err, ERROR_INVALID, "the shares of the causes add up to %g, not to 1",
			    sum);
	return true;
}

bool simulation_check(const struct simulation_inputs *inputs, uint32_t runs, struct error *err)
{
	if (inputs->nodes == 0 || inputs->nodes > NODES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a simulated job has 1 to %d nodes, not %u",
			    NODES_MAXIMUM, inputs->nodes);
	if (runs == 0 || runs > RUNS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a simulation has 1 to %d runs, not %u", RUNS_MAXIMUM,
			    runs);
	if (!check_times(inputs, err) || !check_causes(inputs, err))
		return false;

	double rates = inputs->nodes *
		       (inputs->failure_rate + inputs->slow_rate + inputs->corruption_rate);
	double events =
		runs * inputs->horizon_h * (6 * rates + 2 / (inputs->interval_h + inputs->write_h));
	if (events > EVENTS_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "the simulation has some %.2g events, at most %.0g: simulate a shorter "
			    "time, fewer runs or fewer checkpoints",
			    events, EVENTS_MAXIMUM);
	return true;
}

struct worker {
	struct repairs repairs;
	struct arena arena;
};

struct simulating {
	const struct simulation_inputs *inputs;
	uint64_t key;
	struct simulation_run *runs;
	struct worker *workers;
};

static void run_one(void *context, size_t item, unsigned worker)
{
	struct simulating *simulating = context;

	simulation_run(simulating->inputs, random_join(simulating->key, item),
		       &simulating->workers[worker].repairs, &simulating->runs[item]);
}

static int compare_doubles(const void *left, const void *right)
{
	const double *a = left;
	const double *b = right;

	return (*a > *b) - (*a < *b);
}

static int compare_counts(const void *left, const void *right)
{
	const uint32_t *a = left;
	const uint32_t *b = right;

	return (*a > *b) - (*a < *b);
}

/* The share in the middle of what `percent` of the ordered runs stay below. */
static double quantile(const double *ordered, uint32_t count, unsigned percent)
{
	double position = (count - 1) * (percent / 100.0);
	uint32_t below = (uint32_t)position;

	if (below + 1 >= count)
		return ordered[count - 1];
	return ordered[below] + (position - below) * (ordered[below + 1] - ordered[below]);
}

static void add_run(const struct simulation_run *run, double weight, struct simulation_result *into)
{
	into->events += run->events;
	for (unsigned i = 0; i < LOSS_COUNT; i++)
		into->lost[i] += run->lost[i] * weight;
	for (unsigned i = 0; i < CAUSES_MAXIMUM; i++)
		into->by_cause[i] += run->by_cause[i];
	into->waited += run->waited;
	into->peak += run->peak;
}

static void summarise(const struct simulating *simulating, uint32_t runs, struct arena *arena,
		      struct simulation_result *result)
{
	double *shares = ARENA_ARRAY(arena, double, runs);
	double horizon_h = simulating->inputs->horizon_h;
	double squares = 0;

	*result = (struct simulation_result){ .runs = runs,
					      .peaks = ARENA_ARRAY(arena, uint32_t, runs) };
	for (uint32_t i = 0; i < runs; i++) {
		add_run(&simulating->runs[i], 1 / (horizon_h * runs), result);
		shares[i] = simulating->runs[i].useful / horizon_h;
		result->peaks[i] = simulating->runs[i].peak;
		result->mean += shares[i] / runs;
	}
	for (uint32_t i = 0; i < runs; i++)
		squares += (shares[i] - result->mean) * (shares[i] - result->mean);
	result->error = runs > 1 ? sqrt(squares / (runs - 1) / runs) : (double)INFINITY;
	for (unsigned i = 0; i < CAUSES_MAXIMUM; i++) {
		result->by_cause[i] /= runs;
		result->failures += result->by_cause[i];
	}
	result->waited /= runs;
	result->peak /= runs;
	qsort(shares, runs, sizeof(*shares), compare_doubles);
	qsort(result->peaks, runs, sizeof(*result->peaks), compare_counts);
	result->low = quantile(shares, runs, 10);
	result->median = quantile(shares, runs, 50);
	result->high = quantile(shares, runs, 90);
}

void simulate(const struct simulation_request *request, struct arena *arena,
	      struct simulation_result *ret_result)
{
	SCOPED_ARENA(scratch);
	struct simulation_inputs inputs = *request->inputs;
	unsigned threads = request->threads > 0 ? request->threads : 1;
	struct simulating simulating = {
		.inputs = &inputs,
		.key = random_join(request->seed, random_key(SPAN("simulation"))),
		.runs = ARENA_ARRAY(&scratch, struct simulation_run, request->runs),
		.workers = ARENA_ARRAY(&scratch, struct worker, threads),
	};

	if (!inputs.causes) {
		inputs.causes = &any_cause;
		inputs.cause_count = 1;
	}
	for (unsigned i = 0; i < threads; i++)
		simulating.workers[i].repairs.arena = &simulating.workers[i].arena;
	parallel_for(request->runs, threads, run_one, &simulating);
	for (unsigned i = 0; i < threads; i++)
		arena_release(&simulating.workers[i].arena);
	summarise(&simulating, request->runs, arena, ret_result);
}

uint32_t simulation_spares(const struct simulation_result *result, double probability)
{
	double rank = ceil(probability * result->runs);
	uint32_t index = rank < 1 ? 0 : (uint32_t)rank - 1;

	return result->peaks[index < result->runs ? index : result->runs - 1];
}
