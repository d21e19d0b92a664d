#include <math.h>

#include "check/gpu/spread.h"
#include "check/tally.h"

/* The kernel keeps a little more or less for itself from boot to boot; a missing module is a
 * thirty-second of the memory or more. */
static const double golden_tolerance = 0.01;

/* Kernel, firmware and their tables lie on some of the NUMA nodes only. */
static const double peer_tolerance = 0.03;

static const double gib = 1024.0 * 1024.0 * 1024.0;

enum {
	NODES_MAXIMUM = 256,
};

static void judge_golden(struct tally *tally, const struct machine *golden, const char *device,
			 enum measure measure, const struct record *now)
{
	struct finding *finding;
	double was;

	if (!machine_value(golden, measure, device, &was) || was <= 0.0)
		return;
	if (now->value >= was * (1.0 - golden_tolerance)) {
		tally_well(tally, now);
		return;
	}
	finding = tally_say(tally, VERDICT_FAIL, device, now,
			    "%.1f GiB of memory, %.1f GiB expected", now->value / gib, was / gib);
	finding->bar = "the golden node, less 1 %";
	finding->action = "look for the memory module that is missing or was turned off";
}

/* NUMA nodes with processors: a GPU's memory that is a node of its own has none. */
static size_t gather(const struct machine *machine, const struct record **nodes)
{
	const struct record *one;
	size_t at = 0, count = 0;

	while (count < NODES_MAXIMUM && (one = machine_next(machine, NODE_NUMA_MEMORY, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		double threads;

		if (device && one->says == SAYS_VALUE && one->value > 0.0 &&
		    machine_value(machine, NODE_NUMA_THREADS, device, &threads) && threads > 0.5)
			nodes[count++] = one;
	}
	return count;
}

static void judge_peers(struct tally *tally, const struct record *const *nodes, size_t count)
{
	double sizes[NODES_MAXIMUM];
	struct spread spread;
	bool is_bare = machine_state_is(tally->machine, NODE_VIRTUAL, NULL, "none");

	for (size_t i = 0; i < count; i++)
		sizes[i] = nodes[i]->value;
	spread = spread_of(sizes, count);
	for (size_t i = 0; i < count; i++) {
		struct finding *finding;

		if (fabs(nodes[i]->value - spread.median) <= peer_tolerance * spread.median) {
			tally_well(tally, nodes[i]);
			continue;
		}
		finding = tally_say(tally, is_bare ? VERDICT_FAIL : VERDICT_WARN,
				    nodes[i]->subject.parts[SUBJECT_DEVICE], nodes[i],
				    "NUMA node with %.1f GiB, %.1f GiB usual on this machine",
				    nodes[i]->value / gib, spread.median / gib);
		finding->bar = "the middle of all NUMA nodes with processors, within 3 %";
		finding->action = "look for the memory module that is missing or was turned off";
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *nodes[NODES_MAXIMUM], *total;
	size_t count = gather(seen->machine, nodes);
	struct tally tally;

	tally_start(&tally, seen, found);
	total = tally_need(&tally, NODE_MEMORY_TOTAL, NULL);
	if (!total)
		return;
	if (seen->golden) {
		judge_golden(&tally, seen->golden, NULL, NODE_MEMORY_TOTAL, total);
		for (size_t i = 0; i < count; i++)
			judge_golden(&tally, seen->golden, nodes[i]->subject.parts[SUBJECT_DEVICE],
				     NODE_NUMA_MEMORY, nodes[i]);
		tally_pass(&tally, "%.1f GiB of memory, as on the golden node", total->value / gib);
		return;
	}
	if (count > 1)
		judge_peers(&tally, nodes, count);
	else
		tally_well(&tally, total);
	tally_pass(&tally, "%.1f GiB of memory%s", total->value / gib,
		   count > 1 ? ", the same on every NUMA node with processors"
			     : "; there is nothing to compare it with");
}

CHECK(memory_size) = {
	.title = "All memory of the node is there",
	.since = "0.1",
	.needs = "node.memory.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
