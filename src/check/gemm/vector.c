#include "check/gpu/rates.h"

/* The matrix is read once and nothing is written: what a copy inside the GPU reaches of the peak
 * (75 to 79 %, see gpu-memory-bandwidth) is the least that reading alone has to. */
static const double usual_share = 0.75, least_share = 0.70;

static void tell(const struct machine *machine, const char *device, struct arena *arena,
		 struct gpu_rate_kind *ret_kind)
{
	const char *part = gpu_rate_part(device);

	(void)machine;
	(void)arena;
	ret_kind->is_left_out = part[0] == 0;
	ret_kind->group = part;
	ret_kind->query = (struct reference_query){
		.title = "product of a matrix and a vector",
		.peak = "hbm_bw",
		.gpus = 1,
		.peak_pass_share = usual_share,
		.peak_fail_share = least_share,
		.action = "compare with gpu-memory-bandwidth: if that is well, look for another "
			  "version of the library",
	};
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	gpu_rates_judge(&tally, seen, NODE_TEST_GEMM_VECTOR, tell);
	gpu_rates_missing(&tally, NODE_TEST_GEMM_VECTOR);
	(void)tally_pass(&tally, "%zu products of a matrix and a vector run at memory speed",
			 tally.well);
}

CHECK(gemm_vector) = {
	.title = "Products of a matrix and a vector run at memory speed",
	.since = "0.1",
	.needs = "node.test.gemm.vector",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_NVIDIA,
	.judge = judge,
};
