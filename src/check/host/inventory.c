#include <math.h>
#include <string.h>

#include "check/gpu/majority.h"
#include "check/gpu/spread.h"
#include "check/gpu/walk.h"

enum {
	MACHINES_MINIMUM = 3, /* fewer have no majority */
	PARTS_MAXIMUM = 64,
};

/* The kernel keeps some of the memory for itself, by a little more or less from boot to boot. */
static const double memory_tolerance = 0.01;

/* What is compared. Of parts, such as GPUs, what most of them have. */
static const struct {
	const char *what;
	enum measure measure;
	bool is_hardware;
} facts[] = {
	{ "architecture", NODE_ARCHITECTURE, true },
	{ "board", NODE_BOARD, false },
	{ "processor", NODE_CPU_MODEL, true },
	{ "sockets", NODE_CPU_PACKAGES, true },
	{ "processor threads", NODE_CPU_THREADS, true },
	{ "memory", NODE_MEMORY_TOTAL, true },
	{ "NUMA nodes", NODE_NUMA_NODES, false },
	{ "system firmware", NODE_FIRMWARE, false },
	{ "kernel", NODE_KERNEL, false },
	{ "NVIDIA driver", NODE_NVIDIA_DRIVER, false },
	{ "AMD driver", NODE_AMD_DRIVER, false },
	{ "RDMA adapters", NODE_RDMA_COUNT, true },
	{ "firmware of RDMA adapters", NODE_RDMA_FIRMWARE, false },
	{ "GPU model", NODE_GPU_NAME, true },
	{ "GPU memory", NODE_GPU_MEMORY_TOTAL, true },
	{ "GPU firmware", NODE_GPU_VBIOS, false },
	{ "GPU InfoROM", NODE_GPU_INFOROM, false },
	{ "GPU error correction", NODE_GPU_ECC_MODE, false },
	{ "GPU persistence", NODE_GPU_PERSISTENCE, false },
	{ "GPU power limit", NODE_GPU_POWER_LIMIT, false },
};

enum {
	FACTS = sizeof(facts) / sizeof(facts[0]),
};

/* What the machine has, as words; NULL when it is not known, or its parts have no majority. */
static const char *words_of(const struct machine *machine, enum measure measure,
			    struct arena *arena)
{
	const char *texts[PARTS_MAXIMUM];
	const struct record *one;
	size_t count = 0, at = 0, said;

	while (count < PARTS_MAXIMUM && (one = machine_next(machine, measure, &at)))
		texts[count++] = record_words(one, arena);
	return majority_of(texts, count, &said);
}

/* The words that this one is held against; NULL for none. */
static const char *find_reference(const struct check_input *seen, enum measure measure,
				  struct arena *arena)
{
	const char **texts;
	size_t said;

	if (seen->golden)
		return words_of(seen->golden, measure, arena);
	if (seen->machine_count < MACHINES_MINIMUM)
		return NULL;
	texts = ARENA_ARRAY(arena, const char *, seen->machine_count);
	for (size_t i = 0; i < seen->machine_count; i++)
		texts[i] = words_of(&seen->machines[i], measure, arena);
	return majority_of(texts, seen->machine_count, &said);
}

/* Memory is compared by size: with the good node's, or with the middle of all. */
static bool has_memory_of(const struct check_input *seen, struct arena *arena, double *ret_bytes)
{
	double *sizes = ARENA_ARRAY(arena, double, seen->machine_count);
	size_t count = 0;

	if (seen->golden)
		return machine_value(seen->golden, NODE_MEMORY_TOTAL, NULL, ret_bytes);
	for (size_t i = 0; i < seen->machine_count; i++)
		count += machine_value(&seen->machines[i], NODE_MEMORY_TOTAL, NULL, &sizes[count]);
	*ret_bytes = spread_of(sizes, count).median;
	return count >= MACHINES_MINIMUM;
}

static const char *size_words(double bytes, struct arena *arena)
{
	return arena_format(arena, "%.4g GiB", bytes / 1073741824.0);
}

/* Both sides of one fact; false when one of them is not there to compare. */
static bool take_sides(const struct check_input *seen, enum measure measure, struct arena *arena,
		       const char *sides[2])
{
	double own, other;

	sides[0] = words_of(seen->machine, measure, arena);
	if (measure != NODE_MEMORY_TOTAL) {
		sides[1] = find_reference(seen, measure, arena);
		return sides[0] && sides[1];
	}
	if (!machine_value(seen->machine, measure, NULL, &own) ||
	    !has_memory_of(seen, arena, &other))
		return false;
	sides[0] = size_words(own, arena);
	sides[1] =
		fabs(own - other) <= memory_tolerance * other ? sides[0] : size_words(other, arena);
	return true;
}

static size_t judge_fact(const struct check_input *seen, size_t fact, struct findings *found)
{
	enum measure measure = facts[fact].measure;
	const struct record *one;
	struct finding *finding;
	const char *sides[2];
	size_t at = 0;

	if (!take_sides(seen, measure, found->arena, sides))
		return 0;
	if (strcmp(sides[0], sides[1]) == 0)
		return 1;
	finding = findings_add(found, facts[fact].is_hardware ? VERDICT_FAIL : VERDICT_WARN,
			       measures[measure].name, "%s is '%.80s', '%.80s' expected",
			       facts[fact].what, sides[0], sides[1]);
	finding->bar = seen->golden ? "the recorded good node" : "what most nodes have";
	finding->action = facts[fact].is_hardware ? "find out which part is missing or another"
						  : "bring it to the version of the others";
	one = machine_next(seen->machine, measure, &at);
	finding_rests_on(finding, one);
	if (seen->golden) {
		at = 0;
		finding_rests_on(finding, machine_next(seen->golden, measure, &at));
	}
	return 1;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	size_t before = found->count, compared = 0;
	struct finding *finding;

	if (!seen->golden && seen->machine_count < MACHINES_MINIMUM) {
		finding =
			findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
				     "one node cannot be unlike: neither a recorded good node nor "
				     "%d nodes to compare",
				     MACHINES_MINIMUM);
		finding->observed = seen->machine->observed;
		return;
	}
	for (size_t i = 0; i < FACTS; i++)
		compared += judge_fact(seen, i, found);
	if (compared == 0 || found->count > before)
		return;
	finding = findings_add(found, VERDICT_PASS, NULL, "the same as %s in %zu ways",
			       seen->golden ? "the recorded good node" : "most nodes", compared);
	finding_rests_on(finding, machine_find(seen->machine, NODE_CPU_MODEL, NULL));
	finding_rests_on(finding, machine_find(seen->machine, NODE_KERNEL, NULL));
	finding_rests_on(finding, machine_find(seen->machine, NODE_MEMORY_TOTAL, NULL));
}

CHECK(host_inventory) = {
	.title = "The node is built like the others",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
