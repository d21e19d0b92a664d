#include <string.h>

#include "check/gpu/rates.h"

/* Of the peak, copies inside a GPU reached 75 % (H100: 2,526 of 3,350 GB/s) to 79 % (A100: 1,585 of
 * 2,000) with a tool that does not try hard; what is well below that has something in its way. */
static const double usual_share = 0.75, least_share = 0.70;

static bool is_way(const char *part, const char *way)
{
	size_t length = strlen(way);

	return strncmp(part, way, length) == 0 &&
	       (part[length] == '\0' || strcmp(part + length, ".together") == 0);
}

/* Of the ways to move data reads and copies are judged: what slows one memory slows all ways, and
 * is one thing to mend. */
static void tell(const struct machine *machine, const char *device, struct arena *arena,
		 struct gpu_rate_kind *ret_kind)
{
	const char *part = gpu_rate_part(device);

	(void)machine;
	(void)arena;
	if (!is_way(part, "copy") && !is_way(part, "read")) {
		ret_kind->is_left_out = true;
		return;
	}
	ret_kind->group = part;
	ret_kind->query = (struct reference_query){
		.title = "reads of device memory",
		.peak = "hbm_bw",
		.gpus = 1,
		.peak_pass_share = usual_share,
		.peak_fail_share = least_share,
		.action = "look at its clocks, power limit and remapped rows; drain it when the "
			  "others are faster",
	};
	if (!is_way(part, "copy"))
		return;
	ret_kind->query.title = "copies in device memory";
	ret_kind->query.metric = "hbm_d2d_same_gpu";
	ret_kind->query.threshold = "hbm_bw_min";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char *const copies[] = { "copy", "transfer", NULL };
	struct tally tally;

	tally_start(&tally, seen, found);
	gpu_rates_wrong(&tally, copies);
	gpu_rates_judge(&tally, seen, NODE_TEST_GPU_MEMORY_BANDWIDTH, tell);
	gpu_rates_missing(&tally, NODE_TEST_GPU_MEMORY_BANDWIDTH);
	(void)tally_pass(&tally, "%zu figures of device memory are as they should be", tally.well);
}

CHECK(gpu_memory_bandwidth) = {
	.title = "The memory of each GPU is as fast as its model's",
	.since = "0.1",
	.needs = "node.test.gpu.memory.bandwidth",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.required = true,
	.judge = judge,
};
