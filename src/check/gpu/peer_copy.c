#include <string.h>

#include "check/gpu/rates.h"
#include "check/gpu/walk.h"

/* Of what the NVLinks of a GPU carry one way, copies between two reach 83 % (H100: 376 of 450,
 * GB200: 747 of 900) to 91 % (A100); Azure fails H100 below 335 of 450. */
static const double usual_share = 0.80, least_share = 0.74;

/* Through switches every GPU reaches every other the same way; without them pairs differ by where
 * they sit. */
static bool is_level(const struct machine *machine)
{
	return machine->shape && (machine->shape->has_switch || machine->shape->multi_node_links);
}

static void tell(const struct machine *machine, const char *device, struct arena *arena,
		 struct gpu_rate_kind *ret_kind)
{
	const char *part = gpu_rate_part(device);
	const bool is_one_way = strncmp(part, "to:", 3) == 0;
	const struct shape_row *shape = machine->shape;

	if (!is_one_way && strncmp(part, "both:", 5) != 0) {
		ret_kind->is_left_out = true;
		return;
	}
	if (is_level(machine))
		ret_kind->group = is_one_way ? "to" : "both";
	ret_kind->query = (struct reference_query){
		.title = is_one_way ? "copies to the other GPU" : "copies both ways",
		.action = "look at the NVLinks of both (gpu-links), at the fabric manager and at "
			  "peer access (IOMMU, ACS)",
	};
	if (!shape || shape->links == 0 || shape->link_bytes_per_s <= 0 || !is_level(machine))
		return;
	ret_kind->query.metric = is_one_way ? "nvlink_p2p_unidir" : "nvlink_p2p_bidir";
	ret_kind->query.threshold = is_one_way ? "gpu_p2p_min" : NULL;
	ret_kind->query.bound = shape->links * shape->link_bytes_per_s * (is_one_way ? 1 : 2);
	ret_kind->query.bound_row =
		arena_format(arena, "%u NVLinks of %.0f GB/s%s: shape.tsv %s (%s)", shape->links,
			     shape->link_bytes_per_s / 1e9, is_one_way ? "" : ", both ways",
			     shape->model, shape->source);
	ret_kind->query.peak_pass_share = usual_share;
	ret_kind->query.peak_fail_share = least_share;
}

/* GPUs that are joined by NVLink reach each other's memory. */
static void judge_access(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_TEST_GPU_PEER_ACCESS, &at))) {
		struct finding *finding;

		if (one->says != SAYS_STATE || strcmp(one->text, "host") != 0)
			continue;
		if (!is_level(tally->machine))
			continue;
		finding = tally_say(tally, VERDICT_FAIL, record_device(one), one,
				    "the driver does not let one reach the memory of the other: "
				    "copies go through the host");
		finding->bar = arena_format(tally->found->arena, "NVLink between all: shape.tsv %s",
					    tally->machine->shape->model);
		finding->action = "look at the fabric manager, the NVLinks, and the driver's log";
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char *const copies[] = { "to:0", "to:1", "to:2", "to:3", "to:4", "to:5",
					      "to:6", "to:7", "to:8", "to:9", "to:a", "to:b",
					      "to:c", "to:d", "to:e", "to:f", NULL };
	struct tally tally;

	tally_start(&tally, seen, found);
	gpu_rates_wrong(&tally, copies);
	judge_access(&tally);
	gpu_rates_judge(&tally, seen, NODE_TEST_GPU_COPY_PEER, tell);
	(void)tally_pass(&tally, "%zu figures of copies between GPUs are as they should be",
			 tally.well);
}

CHECK(gpu_peer_copy) = {
	.title = "Every GPU reaches every other at full speed",
	.since = "0.1",
	.needs = "node.test.gpu.copy.peer",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.required = true,
	.judge = judge,
};
