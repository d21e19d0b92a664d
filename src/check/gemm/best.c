#include "check/gemm/rows.h"

#include <string.h>

/* Each GPU finds a shape of its own: those of one format are compared. */
static void tell(const struct machine *machine, const char *device, struct arena *arena,
		 struct gpu_rate_kind *ret_kind)
{
	const char *part = gpu_rate_part(device);

	(void)machine;
	ret_kind->is_left_out = part[0] == 0;
	ret_kind->group = arena_format(arena, "%.*s", (int)strcspn(part, ":"), part);
	ret_kind->query = gemm_query(part, "fastest product", NULL);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	gpu_rates_judge(&tally, seen, NODE_TEST_GEMM_BEST, tell);
	gpu_rates_missing(&tally, NODE_TEST_GEMM_BEST);
	(void)tally_pass(&tally, "%zu searches found a shape as fast as it should be", tally.well);
}

CHECK(gemm_best) = {
	.title = "The fastest matrix product is as fast as the model's",
	.since = "0.1",
	.needs = "node.test.gemm.best",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_NVIDIA,
	.judge = judge,
};
