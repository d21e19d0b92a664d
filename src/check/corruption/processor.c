#include "check/corruption/odd.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct odd_kind processors = {
		.test = "corruption-cpu",
		.prefix = "cpu:",
		.one = "hardware thread",
		.well = "gave the same results, bit by bit,",
		.action = "take the node out of service; have the processor replaced",
		.units_least = 3,
	};

	odd_judge(&processors, seen, found);
}

CHECK(corruption_processor) = {
	.title = "No processor core computes wrongly without an error",
	.since = "0.1",
	.needs = "node.test.corruption.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.required = true,
	.judge = judge,
};
