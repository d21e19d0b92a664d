#include "check/gemm/rows.h"

/* Nobody has published figures of these shapes, and small products stay well below the peak: other
 * nodes and the neighbours judge, and the peak only bounds. */
static void tell(const struct machine *machine, const char *device, struct arena *arena,
		 struct gpu_rate_kind *ret_kind)
{
	const char *part = gpu_rate_part(device);

	(void)machine;
	(void)arena;
	ret_kind->is_left_out = part[0] == 0;
	ret_kind->group = part;
	ret_kind->query = gemm_query(part, "products of experts", NULL);
	ret_kind->query.metric = NULL;
	ret_kind->query.peak_pass_share = 0;
	ret_kind->query.peak_fail_share = 0;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	gpu_rates_judge(&tally, seen, NODE_TEST_GEMM_GROUPED, tell);
	gpu_rates_missing(&tally, NODE_TEST_GEMM_GROUPED);
	(void)tally_pass(&tally, "%zu batches of products are as fast as they should be",
			 tally.well);
}

CHECK(gemm_grouped) = {
	.title = "Grouped products of experts are as fast as the model's",
	.since = "0.1",
	.needs = "node.test.gemm.grouped",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_NVIDIA,
	.judge = judge,
};
