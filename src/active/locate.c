#include "active/locate.h"

#include <math.h>

#include "active/locate_batch.h"
#include "active/locate_leaves.h"
#include "host/system.h"

enum {
	PORT_SETS = 4, /* a round's ports are not those of the one before, whose ends may linger */
	DIRECTIONS = 2,
};

/* Pairs of hosts that are measured both ways, on all rails, and what comes of it. */
struct task {
	struct locate_run *run;
	const struct locate_pair *pairs;
	uint32_t count;
	struct locate_result *results; /* of pair p on rail r at p * rails + r */
	bool *is_void;                 /* of each result: it tells nothing of the network */
};

static bool is_stopped(struct locate_run *run)
{
	const struct locate_plan *plan = run->plan;

	if (!run->cut && plan->is_stopped && plan->is_stopped(plan->context))
		run->cut = "it was interrupted";
	if (!run->cut && host_boot_ns(plan->here) - run->started_ns >= plan->limit_ns)
		run->cut = "its time was over";
	return run->cut != NULL;
}

static void leave_out(struct locate_run *run, uint32_t host, const char *why)
{
	if (run->whys[host])
		return;
	run->whys[host] = arena_string(run->arena, span_of(why));
	run->away++;
	locate_leave_out(&run->of[LOCATE_HOSTS], host);
}

/* The slower direction counts, and what either lost. */
static void merge(struct locate_result *into, const struct locate_result *more, bool is_first)
{
	if (is_first) {
		into->rate = more->rate;
		into->lost = more->lost;
		into->worst_part = more->worst_part;
		return;
	}
	into->rate = fmin(into->rate, more->rate);
	into->lost = fmax(into->lost, more->lost);
	if (more->worst_part >= 0)
		into->worst_part = into->worst_part >= 0 ? fmin(into->worst_part, more->worst_part)
							 : more->worst_part;
}

static void take(struct task *task, const struct locate_errand *errand, size_t which,
		 const struct locate_answer *answer, bool is_first)
{
	struct locate_run *run = task->run;
	struct locate_result *result = &task->results[which];

	switch (answer->outcome) {
	case LOCATE_MEASURED:
		if (!result->failed)
			merge(result, &answer->result, is_first);
		run->measurements++;
		break;
	case LOCATE_AWAY:
	case LOCATE_BROKEN:
		result->failed = true;
		run->measurements++;
		break;
	case LOCATE_UNABLE:
		leave_out(run, answer->is_server_unable ? errand->to : errand->from, answer->why);
		task->is_void[which] = true;
		break;
	case LOCATE_STOPPED:
		task->is_void[which] = true;
		break;
	}
}

/* What is loaded at the same time. */
struct wave {
	uint32_t first_pair, end_pair;
	unsigned first_rail, end_rail;
	unsigned direction;
};

static void measure_wave(struct task *task, const struct wave *wave)
{
	SCOPED_ARENA(scratch);
	struct locate_run *run = task->run;
	const struct locate_plan *plan = run->plan;
	unsigned rails = run->of[LOCATE_HOSTS].options.rails;
	size_t room = (size_t)(wave->end_pair - wave->first_pair) * rails;
	struct locate_errand *errands = ARENA_ARRAY(&scratch, struct locate_errand, room + 1);
	size_t *which = ARENA_ARRAY(&scratch, size_t, room + 1);
	struct locate_answer *answers = ARENA_ARRAY(&scratch, struct locate_answer, room + 1);
	unsigned set = run->batches++ % PORT_SETS;
	size_t count = 0;

	for (uint32_t i = wave->first_pair; i < wave->end_pair; i++) {
		const struct locate_pair *pair = &task->pairs[i];

		for (unsigned rail = wave->first_rail; rail < wave->end_rail; rail++) {
			which[count] = (size_t)i * rails + rail;
			if (task->is_void[which[count]] || run->whys[pair->a] || run->whys[pair->b])
				continue;
			errands[count++] = (struct locate_errand){
				.from = wave->direction ? pair->b : pair->a,
				.to = wave->direction ? pair->a : pair->b,
				.rail = (uint8_t)rail,
				.port = plan->port + set * rails + rail,
			};
		}
	}
	locate_batch(plan, errands, count, run->started_ns + plan->limit_ns, &scratch, answers);
	for (size_t i = 0; i < count; i++)
		take(task, &errands[i], which[i], &answers[i], wave->direction == 0);
}

static void show(const struct locate_run *run, const char *what)
{
	if (run->plan->show)
		run->plan->show(run->plan->context, run, what);
}

/* These rails of some pairs, both directions one after the other. */
static void measure_rails(struct task *task, struct wave wave, const char *what)
{
	unsigned directions = locate_is_both_ways(task->run->plan) ? 1 : DIRECTIONS;

	for (unsigned i = 0; i < directions && !is_stopped(task->run); i++) {
		show(task->run, what);
		wave.direction = i;
		measure_wave(task, &wave);
	}
}

/* As many pairs at once as programs may run. */
static void measure(struct task *task, const char *what)
{
	unsigned rails = task->run->of[LOCATE_HOSTS].options.rails;
	unsigned together = task->run->plan->is_rail_by_rail ? 1 : rails;
	uint32_t at_once = LOCATE_AT_ONCE / together > 0 ? LOCATE_AT_ONCE / together : 1;

	for (uint32_t first = 0; first < task->count && !is_stopped(task->run); first += at_once) {
		uint32_t left = task->count - first;
		uint32_t end = first + (left < at_once ? left : at_once);

		for (unsigned rail = 0; rail < rails && !is_stopped(task->run); rail += together) {
			const struct wave wave = {
				.first_pair = first,
				.end_pair = end,
				.first_rail = rail,
				.end_rail = rail + together,
			};

			measure_rails(task, wave, what);
		}
	}
}

static struct task task_of(struct locate_run *run, const struct locate_pair *pairs, uint32_t count,
			   struct arena *scratch)
{
	size_t room = (size_t)count * run->of[LOCATE_HOSTS].options.rails + 1;

	return (struct task){
		.run = run,
		.pairs = pairs,
		.count = count,
		.results = ARENA_ARRAY(scratch, struct locate_result, room),
		.is_void = ARENA_ARRAY(scratch, bool, room),
	};
}

/* A measurement counts when both directions came to their end. */
static void add_hosts(const struct task *task, struct locate *locate)
{
	unsigned rails = locate->options.rails;

	for (size_t i = 0; i < (size_t)task->count * rails; i++) {
		struct locate_result *result = &task->results[i];
		const struct locate_pair *pair = &task->pairs[i / rails];

		if (task->is_void[i] || task->run->whys[pair->a] || task->run->whys[pair->b])
			continue;
		result->a = pair->a;
		result->b = pair->b;
		result->rail = (uint8_t)(i % rails);
		result->round = (uint16_t)locate->round;
		if (result->failed || result->rate > 0)
			locate_add(locate, result);
	}
}

static void run_hosts(struct locate_run *run)
{
	struct locate *locate = &run->of[LOCATE_HOSTS];

	for (;;) {
		SCOPED_ARENA(scratch);
		struct locate_pair *pairs =
			ARENA_ARRAY(&scratch, struct locate_pair, (size_t)locate->count + 1);
		uint32_t count = is_stopped(run) ? 0 : locate_plan(locate, &scratch, pairs);
		struct task task = task_of(run, pairs, count, &scratch);

		if (count == 0)
			break;
		measure(&task, "pairs of hosts");
		if (run->cut)
			break;
		add_hosts(&task, locate);
		locate_judge(locate, &scratch);
		show(run, "pairs of hosts");
	}
}

/* The hosts of a leaf that are not known to be at fault themselves. */
static uint32_t hosts_of_leaf(const struct locate_run *run, uint32_t leaf, uint32_t *ret_hosts)
{
	const struct locate *locate = &run->of[LOCATE_HOSTS];
	uint32_t count = 0;

	for (uint32_t i = 0; i < locate->count; i++)
		if (run->plan->hosts->hosts[i].leaf == leaf && !run->whys[i] &&
		    locate_verdict_of(locate, i) != LOCATE_FAULTY)
			ret_hosts[count++] = i;
	return count;
}

/* The geometric mean over the hosts of both leaves; the share that failed decides on failure. */
static void add_leaves(const struct task *task, struct locate_pair leaves, struct locate *locate)
{
	unsigned rails = locate->options.rails;

	for (unsigned rail = 0; rail < rails; rail++) {
		struct locate_result sum = {
			.a = leaves.a,
			.b = leaves.b,
			.rail = (uint8_t)rail,
			.round = (uint16_t)locate->round,
			.lost = -1,
			.worst_part = -1,
		};
		double logarithms = 0;
		unsigned good = 0;
		unsigned bad = 0;

		for (uint32_t i = 0; i < task->count; i++) {
			const struct locate_result *one = &task->results[(size_t)i * rails + rail];

			if (task->is_void[(size_t)i * rails + rail])
				continue;
			bad += one->failed;
			if (one->failed || !(one->rate > 0))
				continue;
			logarithms += log(one->rate);
			good++;
		}
		sum.failed = bad > good;
		sum.rate = good > 0 ? exp(logarithms / good) : 0;
		if (good + bad > 0)
			locate_add(locate, &sum);
	}
}

/* One round of the second stage: every pair of leaves with as many hosts as both have. */
static void measure_leaves(struct locate_run *run, const struct locate_pair *leaves, uint32_t count,
			   struct arena *scratch)
{
	size_t room = (size_t)run->of[LOCATE_HOSTS].count + 1;
	struct locate_pair *pairs = ARENA_ARRAY(scratch, struct locate_pair, room);
	uint32_t *ends = ARENA_ARRAY(scratch, uint32_t, (size_t)count + 1);
	uint32_t *of_a = ARENA_ARRAY(scratch, uint32_t, room);
	uint32_t *of_b = ARENA_ARRAY(scratch, uint32_t, room);
	uint32_t all = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t a = hosts_of_leaf(run, leaves[i].a, of_a);
		uint32_t b = hosts_of_leaf(run, leaves[i].b, of_b);

		for (uint32_t j = 0; j < a && j < b; j++)
			pairs[all++] = (struct locate_pair){ of_a[j], of_b[j] };
		ends[i] = all;
	}
	struct task task = task_of(run, pairs, all, scratch);

	measure(&task, "pairs of leaves");
	for (uint32_t i = 0; i < count && !run->cut; i++) {
		uint32_t first = i > 0 ? ends[i - 1] : 0;
		unsigned rails = run->of[LOCATE_LEAVES].options.rails;
		struct task part = task;

		part.results += (size_t)first * rails;
		part.is_void += (size_t)first * rails;
		part.pairs += first;
		part.count = ends[i] - first;
		add_leaves(&part, leaves[i], &run->of[LOCATE_LEAVES]);
	}
}

/* Hosts were judged inside of their leaf; now the ways between leaves. */
static void run_leaves(struct locate_run *run)
{
	struct locate *locate = &run->of[LOCATE_LEAVES];

	while (!is_stopped(run)) {
		SCOPED_ARENA(scratch);
		struct locate_pair *leaves =
			ARENA_ARRAY(&scratch, struct locate_pair, (size_t)locate->count + 1);
		uint32_t count = locate_plan(locate, &scratch, leaves);

		if (count == 0)
			break;
		measure_leaves(run, leaves, count, &scratch);
		if (run->cut)
			break;
		locate_judge(locate, &scratch);
		show(run, "pairs of leaves");
	}
}

bool locate_go(const struct locate_plan *plan, struct arena *arena, struct locate_run *ret_run,
	       struct error *err)
{
	const struct locate_hosts *hosts = plan->hosts;
	struct locate_options options = plan->options;
	uint32_t *groups = locate_groups(hosts, arena);

	*ret_run = (struct locate_run){
		.plan = plan,
		.arena = arena,
		.whys = ARENA_ARRAY(arena, const char *, (size_t)hosts->count + 1),
		.started_ns = host_boot_ns(plan->here),
		.has_leaves = locate_has_ways(hosts),
		.note = locate_leaves_note(hosts, arena),
	};
	if (!locate_init(&ret_run->of[LOCATE_HOSTS], &options, hosts->count, groups, arena, err))
		return false;
	if (ret_run->has_leaves && !locate_init(&ret_run->of[LOCATE_LEAVES], &options,
						hosts->leaf_count, NULL, arena, err))
		return false;
	run_hosts(ret_run);
	if (ret_run->has_leaves)
		run_leaves(ret_run);
	for (unsigned i = 0; i < LOCATE_STAGE_COUNT; i++) {
		SCOPED_ARENA(scratch);

		if (i == LOCATE_HOSTS || ret_run->has_leaves)
			locate_judge(&ret_run->of[i], &scratch);
	}
	ret_run->took_ns = host_boot_ns(plan->here) - ret_run->started_ns;
	return true;
}
