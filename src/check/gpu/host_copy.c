#include <string.h>

#include "check/gpu/rates.h"
#include "check/gpu/walk.h"

/* Data rate of one lane of a generation, one way, after the coding of the line: PCI Express Base
 * Specification 6.0. */
static const double lane_bytes_per_s[] = {
	0, 0.25e9, 0.5e9, 0.9846e9, 1.9692e9, 3.9385e9, 7.5625e9
};

enum {
	GENERATIONS = sizeof(lane_bytes_per_s) / sizeof(lane_bytes_per_s[0]),
};

/* Azure fails a GPU of generation 5 below 48 of 63 GB/s, OCI below 52; 55 are usual (88 %), and 26
 * of 31.5 for generation 4 (82 %). */
static const double usual_share = 0.80, least_share = 0.76;

/* What the slot and the GPU can reach together, else what the model has. */
static bool link_of(const struct machine *machine, const char *gpu, double *ret_generation,
		    double *ret_width)
{
	const struct shape_row *shape = machine->shape;

	if (machine_value(machine, NODE_GPU_PCIE_GENERATION_MAXIMUM, gpu, ret_generation) &&
	    machine_value(machine, NODE_GPU_PCIE_WIDTH_MAXIMUM, gpu, ret_width))
		return true;
	if (!shape || shape->pcie_generation == 0)
		return false;
	*ret_generation = shape->pcie_generation;
	*ret_width = shape->pcie_width;
	return true;
}

static void set_bound(const struct machine *machine, const char *gpu, struct arena *arena,
		      struct reference_query *query)
{
	double generation;
	double width;

	if (!link_of(machine, gpu, &generation, &width) || generation < 1 ||
	    generation >= GENERATIONS)
		return;
	query->bound = lane_bytes_per_s[(unsigned)generation] * width;
	query->bound_row =
		arena_format(arena, "PCIe %.0f x%.0f of GPU and slot", generation, width);
	query->peak_pass_share = usual_share;
	query->peak_fail_share = least_share;
}

/* "to:numa:1" of a GPU on node 1 is near. What is not told counts as near: the test takes the
 * GPU's own node then, or the only one. */
static bool is_near(const struct machine *machine, const char *gpu, const char *part,
		    struct arena *arena)
{
	const char *node = strstr(part, ":numa:");
	double numa;

	return !node || !machine_value(machine, NODE_PCI_NUMA, device_pci(gpu, arena), &numa) ||
	       numa < 0 || strcmp(node + 1, arena_format(arena, "numa:%.0f", numa)) == 0;
}

static void tell(const struct machine *machine, const char *device, struct arena *arena,
		 struct gpu_rate_kind *ret_kind)
{
	const char *part = gpu_rate_part(device);
	const char *gpu = arena_string(arena, device_whole(device));
	const bool is_into = strncmp(part, "to:", 3) == 0;
	const bool is_near_node = is_near(machine, gpu, part, arena);

	/* All at once share bridges and the memory of the host, and how many do is the build's. */
	if ((!is_into && strncmp(part, "from:", 5) != 0) || strstr(part, ".together")) {
		ret_kind->is_left_out = true;
		return;
	}
	ret_kind->query = (struct reference_query){
		.title = is_into ? "copies into the GPU" : "copies out of the GPU",
		.action = "look at the link's speed and width, the IOMMU, the governor and the "
			  "BIOS' power settings; reseat the GPU or its riser when one is slow",
	};
	ret_kind->group = arena_format(arena, "%s %s", is_into ? "to" : "from",
				       is_near_node ? "near" : "far");
	ret_kind->is_relative = !is_near_node;
	if (!is_near_node)
		return;
	ret_kind->query.metric = is_into ? "pcie_h2d" : "pcie_d2h";
	ret_kind->query.threshold = "pcie_h2d_d2h_min";
	set_bound(machine, gpu, arena, &ret_kind->query);
}

static bool was_near(const struct tally *tally, const char *gpu)
{
	struct arena *arena = tally->found->arena;
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_GPU_COPY_HOST, &at))) {
		const char *device = record_device(one);

		if (device && span_is(device_whole(device), gpu) &&
		    is_near(tally->machine, gpu, gpu_rate_part(device), arena))
			return true;
	}
	return false;
}

/* A process that may not use the processors beside a GPU saw its far side alone. */
static void need_near(struct tally *tally)
{
	struct arena *arena = tally->found->arena;
	const char *before = "";
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_GPU_COPY_HOST, &at))) {
		const char *device = record_device(one);
		const char *gpu = device ? arena_string(arena, device_whole(device)) : before;

		if (strcmp(gpu, before) != 0 && !was_near(tally, gpu))
			tally_say(tally, VERDICT_UNKNOWN, gpu, one,
				  "nothing was copied from its own NUMA node");
		before = gpu;
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char *const copies[] = { "host:", NULL };
	struct tally tally;

	tally_start(&tally, seen, found);
	gpu_rates_wrong(&tally, copies);
	gpu_rates_judge(&tally, seen, NODE_TEST_GPU_COPY_HOST, tell);
	gpu_rates_missing(&tally, NODE_TEST_GPU_COPY_HOST);
	need_near(&tally);
	(void)tally_pass(&tally, "%zu figures of copies to and from the host are as they should be",
			 tally.well);
}

CHECK(gpu_host_copy) = {
	.title = "Data go between host and GPU as fast as the link allows",
	.since = "0.1",
	.needs = "node.test.gpu.copy.host",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.required = true,
	.judge = judge,
};
