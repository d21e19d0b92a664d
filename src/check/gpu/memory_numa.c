#include <string.h>

#include "check/gpu/walk.h"

static const char parameter[] = "parameter:CoherentGPUMemoryMode";

/* Models whose processor and GPU share one coherent memory. */
static bool is_coherent(const char *name)
{
	return strstr(name, "GH200") || strstr(name, "GB200") || strstr(name, "GB300");
}

/* A memory node without processor threads is taken for a GPU's when the driver names it so, or when
 * it has 64 GiB or more: the memory of these models begins at 96 GB. */
static const double memory_bytes = 64 * 1073741824.0;

static const struct record *find_exposed(const struct machine *machine, struct arena *arena)
{
	const struct record *one;
	size_t at = 0;
	double threads;

	while ((one = machine_next(machine, NODE_GPU_NUMA, &at))) {
		const struct record *memory;

		if (one->says != SAYS_VALUE || one->value < 0.0)
			continue;
		memory = machine_find(machine, NODE_NUMA_MEMORY,
				      arena_format(arena, "numa:%.0f", one->value));
		if (memory && memory->says == SAYS_VALUE && memory->value > 0.0)
			return memory;
	}
	for (at = 0; (one = machine_next(machine, NODE_NUMA_MEMORY, &at));)
		if (one->says == SAYS_VALUE && one->value >= memory_bytes &&
		    machine_value(machine, NODE_NUMA_THREADS, record_device(one), &threads) &&
		    threads < 0.5)
			return one;
	return NULL;
}

/* Whether memory and threads of every memory node are known: only then one can be missed. */
static const char *why_unknown(const struct machine *machine)
{
	const struct record *one;
	size_t at = 0, count = 0;
	double value;

	while ((one = machine_next(machine, NODE_NUMA_MEMORY, &at))) {
		count++;
		if (one->says != SAYS_VALUE)
			return one->text;
		if (!machine_value(machine, NODE_NUMA_THREADS, record_device(one), &value))
			return machine_why_unknown(machine, NODE_NUMA_THREADS, record_device(one));
	}
	return count > 0 ? NULL : "nothing was recorded of the machine's memory nodes";
}

/* *ret_unknown: a GPU's name is not known. */
static bool has_coherent(const struct machine *machine, bool *ret_unknown)
{
	const struct record *one;
	size_t at = 0;

	*ret_unknown = machine->by[NODE_GPU_NAME].count == 0;
	while ((one = machine_next(machine, NODE_GPU_NAME, &at))) {
		if (one->says != SAYS_STATE)
			*ret_unknown = true;
		else if (is_coherent(one->text))
			return true;
	}
	return false;
}

static void judge_coherent(const struct machine *machine, struct findings *found)
{
	const struct record *exposed = find_exposed(machine, found->arena);
	const struct record *mode = machine_find(machine, NODE_NVIDIA_PARAMETER, parameter);
	const char *word = machine_state(machine, NODE_NVIDIA_PARAMETER, parameter);
	const char *reason = why_unknown(machine);
	struct finding *finding;

	if (exposed) {
		finding = findings_add(found, VERDICT_WARN, record_device(exposed),
				       "%.0f GiB of GPU memory are an ordinary memory node of the "
				       "system, none expected",
				       exposed->value / 1073741824.0);
	} else if (reason) {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "whether GPU memory is a memory node of the system is not "
				       "known: %s",
				       reason);
	} else if (!word) {
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"no GPU memory is among the system's memory nodes now; what "
			"the driver is set to is not known: %s",
			machine_why_unknown(machine, NODE_NVIDIA_PARAMETER, parameter));
	} else if (!strstr(word, "driver")) {
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "the driver's mode of coherent memory is '%.40s', driver "
				       "expected",
				       word);
	} else {
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "the driver keeps GPU memory apart from the system's");
	}
	finding->bar = "CoherentGPUMemoryMode=driver and no memory-only node";
	if (finding->verdict == VERDICT_WARN)
		finding->action = "load the NVIDIA module with "
				  "NVreg_CoherentGPUMemoryMode=driver; reboot";
	finding_rests_on(finding, exposed);
	finding_rests_on(finding, mode);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	bool unknown;

	if (has_coherent(seen->machine, &unknown)) {
		judge_coherent(seen->machine, found);
		return;
	}
	if (unknown) {
		findings_add_unknown(found, seen->machine, NODE_GPU_NAME, NULL);
		return;
	}
	findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
		     "processor and GPU share no coherent memory")
		->observed = seen->machine->observed;
}

CHECK(gpu_memory_numa) = {
	.title = "The system does not use GPU memory as its own",
	.since = "0.1",
	.needs = "node.gpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.cmax = "hbm_memory_exposure.status",
	.judge = judge,
};
