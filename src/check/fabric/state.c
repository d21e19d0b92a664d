#include <string.h>

#include "check/check.h"

static const char manager[] = "service:nvidia-fabricmanager";

/* What is wrong with one GPU's place in the fabric; NULL when nothing is. */
static const char *find_fault(const struct machine *machine, const char *gpu, struct arena *arena)
{
	const char *state = machine_state(machine, NODE_GPU_FABRIC, gpu);
	const char *status = machine_state(machine, NODE_GPU_FABRIC_STATUS, gpu);
	const char *health = machine_state(machine, NODE_GPU_FABRIC_HEALTH, gpu);
	const char *cluster = machine_state(machine, NODE_GPU_FABRIC_CLUSTER, gpu);

	if (strcmp(state, "completed") != 0)
		return arena_format(arena, "its registration is %s, completed expected", state);
	if (status && strcmp(status, "success") != 0)
		return arena_format(arena, "completed with the status '%.80s', success expected",
				    status);
	if (health && strcmp(health, "healthy") != 0)
		return arena_format(arena, "the fabric calls it %.80s, healthy expected", health);
	/* Boards of one node may name a cluster too, or none: only beyond the node it is needed. */
	if (machine->shape->multi_node_links && cluster && strcmp(cluster, "none") == 0)
		return "it belongs to no NVLink domain, one expected";
	return NULL;
}

/* The measure without which the GPU cannot be judged; MEASURE_COUNT when all are there. */
static enum measure find_missing(const struct machine *machine, const char *gpu)
{
	double clique;

	if (!machine_state(machine, NODE_GPU_FABRIC, gpu))
		return NODE_GPU_FABRIC;
	if (!machine_state(machine, NODE_GPU_FABRIC_STATUS, gpu))
		return NODE_GPU_FABRIC_STATUS;
	if (!machine->shape->multi_node_links)
		return MEASURE_COUNT;
	if (!machine_state(machine, NODE_GPU_FABRIC_CLUSTER, gpu))
		return NODE_GPU_FABRIC_CLUSTER;
	if (!machine_value(machine, NODE_GPU_FABRIC_CLIQUE, gpu, &clique))
		return NODE_GPU_FABRIC_CLIQUE;
	return MEASURE_COUNT;
}

static bool judge_gpu(const struct machine *machine, const char *gpu, struct findings *found)
{
	enum measure missing = find_missing(machine, gpu);
	const char *state = machine_state(machine, NODE_GPU_FABRIC, gpu);
	const char *fault = NULL;
	struct finding *finding;

	if (state && strcmp(state, "not-supported") == 0) {
		/* A100 has no such report: its fabric shows in links and in the manager alone. */
		if (machine->shape->generation == GENERATION_A100)
			return true;
		finding_rests_on(
			findings_add(found, VERDICT_UNKNOWN, gpu,
				     "%s: the driver does not report the state of the fabric; a "
				     "newer one does",
				     device_label(machine, gpu, found->arena)),
			machine_find(machine, NODE_GPU_FABRIC, gpu));
		return false;
	}
	if (state)
		fault = find_fault(machine, gpu, found->arena);
	if (!fault && missing != MEASURE_COUNT) {
		findings_add_unknown(found, machine, missing, gpu);
		return false;
	}
	if (!fault)
		return true;
	finding = findings_add(found, VERDICT_FAIL, gpu, "%s: %s",
			       device_label(machine, gpu, found->arena), fault);
	finding->bar = "completed, success, healthy (NVIDIA NVML, nvmlGpuFabricInfoV_t)";
	finding->action =
		"drain; look at the fabric manager and its log; reset all GPUs and switches "
		"together";
	finding_rests_on(finding, machine_find(machine, NODE_GPU_FABRIC, gpu));
	finding_rests_on(finding, machine_find(machine, NODE_GPU_FABRIC_STATUS, gpu));
	finding_rests_on(finding, machine_find(machine, NODE_GPU_FABRIC_HEALTH, gpu));
	finding_rests_on(finding, machine_find(machine, NODE_GPU_FABRIC_CLUSTER, gpu));
	return false;
}

/* The manager of switches that are in the node. In a virtual machine it may run on the host, which
 * its absence here does not tell from a fault; what it did shows on the GPUs. */
static bool judge_manager(const struct machine *machine, struct findings *found)
{
	const char *state = machine_state(machine, NODE_SERVICE, manager);
	const char *virtual = machine_state(machine, NODE_VIRTUAL, NULL);
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);
	struct finding *finding;

	if (!machine->shape->has_switch || (state && strcmp(state, "running") == 0))
		return true;
	if (!state) {
		findings_add_unknown(found, machine, NODE_SERVICE, manager);
		return false;
	}
	if (virtual && strcmp(virtual, "none") != 0 && strcmp(state, "absent") == 0)
		return true;
	if (container && strcmp(container, "none") != 0) {
		finding_rests_on(findings_add(found, VERDICT_UNKNOWN, manager,
					      "whether the fabric manager runs does not show in a "
					      "container (%s): look on the node",
					      container),
				 machine_find(machine, NODE_SERVICE, manager));
		return false;
	}
	finding = findings_add(
		found, VERDICT_FAIL, manager,
		"the fabric manager is %s, running expected: what breaks on the fabric "
		"is not repaired, and no new job may get NVLink",
		state);
	finding->bar = "running on each node with NVSwitch (NVIDIA Fabric Manager user guide)";
	finding->action =
		"start nvidia-fabricmanager in the version of the driver; look at its log";
	finding_rests_on(finding, machine_find(machine, NODE_SERVICE, manager));
	return false;
}

static void judge_shape(const struct machine *machine, struct findings *found)
{
	const struct record *one, *first = NULL;
	size_t at = 0, count = 0;
	bool all_well = judge_manager(machine, found);

	while ((one = machine_next(machine, NODE_GPU_VENDOR, &at))) {
		if (!one->subject.parts[SUBJECT_DEVICE])
			continue;
		first = first ? first
			      : machine_find(machine, NODE_GPU_FABRIC,
					     one->subject.parts[SUBJECT_DEVICE]);
		count++;
		if (!judge_gpu(machine, one->subject.parts[SUBJECT_DEVICE], found))
			all_well = false;
	}
	if (count > 0 && all_well)
		finding_rests_on(
			finding_rests_on(findings_add(found, VERDICT_PASS, NULL,
						      "%zu GPUs are in the fabric%s", count,
						      machine->shape->has_switch
							      ? " and its manager does its work"
							      : ""),
					 first),
			machine_find(machine, NODE_SERVICE, manager));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *reason;

	if (machine_has(machine, PART_GPU, &reason) == PRESENCE_ABSENT)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "%s", reason)->observed =
			machine->observed;
	else if (!machine->shape)
		findings_add(found, VERDICT_UNKNOWN, NULL,
			     "no reference for the fabric of these GPUs: their model is not in "
			     "shape.tsv, not known, or not one");
	else if (!machine->shape->has_switch && !machine->shape->multi_node_links)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "a %s is not joined by NVSwitch: shape.tsv (%s)",
			     machine->shape->model, machine->shape->source)
			->observed = machine->observed;
	else
		judge_shape(machine, found);
}

CHECK(fabric_state) = {
	.title = "The NVLink fabric is up and managed",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.required = true,
	.settle_s = 120,
	.judge = judge,
};
