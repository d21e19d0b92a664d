#include "check/corruption/odd.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct odd_kind paths = {
		.test = "corruption-paths",
		.prefix = "gpu:",
		.part = "/path:",
		.has_part = true,
		.one = "path",
		.well = "delivered what was sent, bit by bit,",
		.action = "drain; reset the GPU; when it happens again, replace what the path "
			  "leads over",
	};

	odd_judge(&paths, seen, found);
}

CHECK(corruption_paths) = {
	.title = "No path of data changes what it carries",
	.since = "0.1",
	.needs = "node.test.corruption.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.required = true,
	.judge = judge,
};
