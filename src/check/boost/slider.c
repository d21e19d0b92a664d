#include "check/setting.h"

#include <string.h>

/* Whether it may be moved shows only by moving it, which this program never does. */
static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct elsewhere elsewhere = {
		"setting:attest:boost-slider",
		"whether the boost slider may be moved shows only by moving it, which is not done "
		"here",
		"on an idle node: note nvidia-smi boost-slider --list, set it, and set it back",
	};
	const struct machine *machine = seen->machine;

	if (machine->shape && strstr(machine->shape->model, "B300"))
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "%s has no boost slider",
			     machine->shape->model)
			->observed = machine->observed;
	else
		(void)elsewhere_add(machine, &elsewhere, found);
}

CHECK(boost_slider) = {
	.title = "The renter may set the boost slider of the GPU",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.cmax = "gpu_controls.vboost.allowed",
	.judge = judge,
};
