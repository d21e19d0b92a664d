#include "active/corruption_answer.h"

#include <inttypes.h>
#include <stdio.h>

#include "active/corruption_compare.h"
#include "host/affinity.h"
#include "host/system.h"

#define NS_PER_S 1000000000ll
#define NS_PER_MS 1000000ll

enum {
	BURST_PERIOD_MS = 200,
	ROUNDS_LEAST = 2,     /* of each operating point but the first */
	SLACK_MS = 400,       /* to end by itself before the limit ends it */
	CALL_LIMIT_S = 60,    /* of one kernel, which takes milliseconds where nothing else runs */
	BATCHES_A_TEST = 200, /* as a goal: results are kept so long before a vote */
	BATCH_MAXIMUM_S = 20,
	BATCH_MINIMUM_MS = 250,
};

static const int64_t usual_ns[ACTIVE_PROFILE_COUNT] = {
	[ACTIVE_QUICK] = 3 * NS_PER_S,
	[ACTIVE_WEEKLY] = 600 * NS_PER_S,
	[ACTIVE_BURN_IN] = 7200 * NS_PER_S,
};

/* How far the test is when each operating point ends. */
static const double point_ends[] = {
	[CORRUPTION_ALONE] = 0.3,
	[CORRUPTION_ALL] = 0.75,
	[CORRUPTION_BURSTS] = 1,
};

static double share_done(const struct corruption_trial *trial)
{
	return (double)(host_boot_ns(trial->run->request->here) - trial->begun_ns) /
	       (double)trial->needed_ns;
}

static bool goes_on(const struct corruption_trial *trial, enum corruption_point point)
{
	return active_goes_on(trial->run) && trial->count > 0 &&
	       share_done(trial) < point_ends[point];
}

/* The next rounds; of a machine with too few units those whose results are published. */
static struct corruption_batch next_batch(struct corruption_trial *trial,
					  enum corruption_point point, uint64_t count)
{
	struct corruption_batch batch = {
		.point = point,
		.first = trial->next_round,
		.count = count,
	};

	if (trial->count < VOTE_LEAST) {
		batch.first = trial->next_round % CORRUPTION_KNOWN_SEEDS;
		batch.count = 1;
	}
	trial->next_round += batch.count;
	(void)snprintf(batch.request, sizeof(batch.request), "run %" PRIu64 " %" PRIu64 " %d",
		       batch.first, batch.count, point == CORRUPTION_BURSTS ? BURST_PERIOD_MS : 0);
	return batch;
}

static void shows(const struct corruption_trial *trial, enum corruption_point point)
{
	active_shows(trial->run, share_done(trial), "%s, round %" PRIu64,
		     corruption_point_names[point], trial->next_round);
}

/* One processor after the other, while the others rest: it is as cool and clocks as high as it ever
 * does. As many of the published rounds as there is time for; the last may be of some alone. */
static void run_alone(struct corruption_trial *trial)
{
	for (unsigned round = 0; round < CORRUPTION_KNOWN_SEEDS; round++) {
		const struct corruption_batch batch = next_batch(trial, CORRUPTION_ALONE, 1);
		struct corruption_group group = { 0, 0 };

		shows(trial, CORRUPTION_ALONE);
		while (group.count < trial->count && goes_on(trial, CORRUPTION_ALONE)) {
			const struct corruption_group alone = { group.count, 1 };

			if (!corruption_ask(trial, alone, batch.request))
				return;
			group.count++;
		}
		if (group.count == 0)
			return;
		corruption_compare(trial, group, &batch);
	}
}

/* How many rounds a batch has. */
static uint64_t batch_rounds(const struct corruption_trial *trial, enum corruption_point point)
{
	const int64_t each_ns =
		point == CORRUPTION_BURSTS && trial->round_ns < BURST_PERIOD_MS * NS_PER_MS
			? BURST_PERIOD_MS * NS_PER_MS
			: trial->round_ns;
	const double left = point_ends[point] - share_done(trial);
	const int64_t left_ns = (int64_t)(left * (double)trial->needed_ns);
	int64_t goal_ns = trial->needed_ns / BATCHES_A_TEST;

	if (goal_ns < BATCH_MINIMUM_MS * NS_PER_MS)
		goal_ns = BATCH_MINIMUM_MS * NS_PER_MS;
	if (goal_ns > BATCH_MAXIMUM_S * NS_PER_S)
		goal_ns = BATCH_MAXIMUM_S * NS_PER_S;
	return corruption_plan_rounds(trial->round_ns > 0 ? each_ns : 0, goal_ns, left_ns);
}

static void run_together(struct corruption_trial *trial, enum corruption_point point)
{
	/* At least two rounds, however slow they are: a point that was not tried tells nothing. */
	const uint64_t least = trial->next_round + ROUNDS_LEAST;

	while (goes_on(trial, point) ||
	       (trial->next_round < least && trial->count > 0 && active_goes_on(trial->run))) {
		const struct corruption_group group =
			corruption_plan_group(trial->count, WORKERS_AT_ONCE, trial->turn++);
		const struct corruption_batch batch =
			next_batch(trial, point, batch_rounds(trial, point));
		const int64_t start_ns = host_boot_ns(trial->run->request->here);

		shows(trial, point);
		if (!corruption_ask(trial, group, batch.request))
			return;
		if (point == CORRUPTION_ALL)
			trial->round_ns = (host_boot_ns(trial->run->request->here) - start_ns) /
					  (int64_t)batch.count;
		corruption_compare(trial, group, &batch);
	}
}

static void make_workers(struct corruption_trial *trial, const unsigned *threads)
{
	struct active_run *run = trial->run;
	struct corruption_thread *contexts =
		ARENA_ARRAY(run->arena, struct corruption_thread, trial->count);

	trial->workers = ARENA_ARRAY(run->arena, struct worker, trial->count);
	for (size_t i = 0; i < trial->count; i++) {
		contexts[i] = (struct corruption_thread){ run->request->here, threads[i] };
		trial->unit_of[i] = i;
		trial->workers[i] = (struct worker){
			.host = run->request->here,
			.function = corruption_answer,
			.context = &contexts[i],
			.call_limit_ns = CALL_LIMIT_S * NS_PER_S,
			.name = "corruption",
		};
	}
}

static void make_trial(struct corruption_trial *trial)
{
	unsigned *threads = ARENA_ARRAY(trial->run->arena, unsigned, AFFINITY_MAXIMUM);
	const size_t count = affinity_list(threads, AFFINITY_MAXIMUM);
	struct arena *arena = trial->run->arena;
	const char **units = ARENA_ARRAY(arena, const char *, count + 1);

	for (size_t i = 0; i < count; i++)
		units[i] = arena_format(arena, "cpu:%u", threads[i]);
	trial->count = count;
	trial->tally = (struct corruption_tally){
		.test = trial->run->step->test->name,
		.units = units,
		.unit_count = count,
		.kernels = corruption_kernel_names,
		.kernel_count = CORRUPTION_KERNEL_COUNT,
		.lanes = CORRUPTION_LANES,
	};
	corruption_tally_start(&trial->tally, arena);
	trial->unit_of = ARENA_ARRAY(arena, size_t, count);
	trial->results = ARENA_ARRAY(arena, struct worker_result, count);
	trial->is_present = ARENA_ARRAY(arena, bool, count);
	trial->odd = ARENA_ARRAY(arena, uint32_t, count * CORRUPTION_KERNEL_COUNT);
	trial->digests =
		ARENA_ARRAY(arena, uint64_t, count * CORRUPTION_KERNEL_COUNT * CORRUPTION_LANES);
	make_workers(trial, threads);
}

static void run(struct active_run *run)
{
	struct corruption_trial trial = {
		.run = run,
		.begun_ns = host_boot_ns(run->request->here),
		.needed_ns = active_left_ns(run) - SLACK_MS * NS_PER_MS,
	};

	if (trial.needed_ns > run->step->needed_ns)
		trial.needed_ns = run->step->needed_ns;
	if (trial.needed_ns <= 0) {
		active_fails(run, "less than %d ms are left for it", SLACK_MS);
		return;
	}
	make_trial(&trial);
	run_alone(&trial);
	run_together(&trial, CORRUPTION_ALL);
	run_together(&trial, CORRUPTION_BURSTS);
	for (size_t i = 0; i < trial.count; i++)
		worker_end(&trial.workers[i]);
	sightings_again(run->sightings, run->request->host);
	corruption_tally_write(&trial.tally, run->sightings);
}

static void plan(const struct active_request *request, struct arena *arena,
		 struct active_step *step)
{
	const size_t count = affinity_list(NULL, 0);

	step->loads = arena_format(arena, "%zu hardware threads, 4 MiB of memory each", count);
	step->needed_ns = usual_ns[request->profile];
	if (count == 0)
		step->cannot = "the kernel does not tell which processors may be used";
}

static const char *const judged_by[] = { "corruption-processor", NULL };

const struct active_test active_corruption_cpu = {
	.name = "corruption-cpu",
	.group = "corruption",
	.title = "processors that compute wrongly without an error",
	.profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY | 1u << ACTIVE_BURN_IN,
	.consent = CONSENT_LOAD,
	.checks = judged_by,
	.plan = plan,
	.run = run,
};
