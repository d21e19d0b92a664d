#include "check/corruption/odd.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct odd_kind gpus = {
		.test = "corruption-gpu",
		.prefix = "gpu:",
		.part = "/path:",
		.one = "GPU",
		.well = "gave the same results, bit by bit and multiprocessor by multiprocessor,",
		.action = "drain; ask for another GPU",
		.units_least = 3,
	};

	odd_judge(&gpus, seen, found);
}

CHECK(corruption_gpu) = {
	.title = "No multiprocessor of a GPU computes wrongly without an error",
	.since = "0.1",
	.needs = "node.test.corruption.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.required = true,
	.judge = judge,
};
