#include "check/floor.h"

static void judge_vendor(const struct check_input *seen, enum machine_part part,
			 const struct floor_question *question, enum measure measure,
			 struct findings *found)
{
	const struct machine *machine = seen->machine;
	struct floor_question asked = *question;
	const char *reason;

	if (machine_has(machine, part, &reason) == PRESENCE_ABSENT)
		return;
	asked.version = machine_state(machine, measure, NULL);
	asked.record = machine_find(machine, measure, NULL);
	if (asked.version)
		(void)floor_find(seen, &asked, found);
	else
		(void)findings_add_unknown(found, machine, measure, NULL);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct floor_question nvidia = { .component = "nvidia-driver",
						      .label = "NVIDIA driver" };
	static const struct floor_question amd = { .component = "amd-driver",
						   .label = "AMD driver" };

	judge_vendor(seen, PART_NVIDIA, &nvidia, NODE_NVIDIA_DRIVER, found);
	judge_vendor(seen, PART_AMD, &amd, NODE_AMD_DRIVER, found);
}

CHECK(driver_floor) = {
	.title = "The GPU driver is at or above the floor of its branch",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU,
	.required = true,
	.cmax = "securityVersions.nvidiaDriver.status securityVersions.amdDriver.status",
	.judge = judge,
};
