#include <string.h>

#include "check/check.h"

/* How many virtual command queues the kernel's driver has taken up, by the devices below
 * /sys/bus/platform/drivers/tegra241_cmdqv; "unset" when there is no such driver. */
static const char setting[] = "setting:smmu:cmdqv";

/* Parameter of the SMMU driver of Linux that turns the queues off. */
static const char parameter[] = "disable_cmdqv=";

/* The command line of the running kernel turns the queues off. */
static const struct record *find_disabled(const struct machine *machine)
{
	const struct record *line = machine_find(machine, NODE_COMMAND_LINE, NULL);
	const char *at = line && line->says == SAYS_TEXT ? strstr(line->text, parameter) : NULL;

	if (!at)
		return NULL;
	at += sizeof(parameter) - 1;
	return strchr("1yYtT", *at) && *at ? line : NULL;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *disabled = find_disabled(machine);
	const struct record *record = machine_find(machine, NODE_SETTING, setting);
	const char *queues = machine_state(machine, NODE_SETTING, setting);
	struct finding *finding;
	uint64_t count = 0;

	if (machine_state_is(machine, NODE_IOMMU, NULL, "none")) {
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
			     "the guest has no SMMU: nothing it does traps for unmapping")
			->observed = machine->observed;
		return;
	}
	if (disabled) {
		finding =
			findings_add(found, VERDICT_FAIL, NULL,
				     "the kernel was started with %s: no queues of its own to the "
				     "SMMU, expected on",
				     parameter);
		finding->action = "start the kernel without it";
		finding_rests_on(finding, disabled);
		return;
	}
	if (!queues || (strcmp(queues, "unset") != 0 && !span_to_u64(span_of(queues), &count))) {
		finding_rests_on(findings_add(found, VERDICT_UNKNOWN, NULL,
					      "the number of queues to the SMMU is not known: %s",
					      machine_why_unknown(machine, NODE_SETTING, setting)),
				 record);
		return;
	}
	if (count > 0)
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "the guest has %llu virtual command queues of the SMMU",
				       (unsigned long long)count);
	else
		finding =
			findings_add(found, VERDICT_FAIL, NULL,
				     "the guest has no virtual command queue of the SMMU, at least "
				     "one expected: each unmapping traps to the host");
	finding->bar = "CMDQV exposed to guests on Grace (NVIDIA, Linux driver tegra241-cmdqv)";
	if (count == 0)
		finding->action =
			"ask the provider to expose CMDQV to the guest, or use a kernel with "
			"the driver tegra241-cmdqv";
	finding_rests_on(finding, record);
}

CHECK(smmu_queues) = {
	.title = "Arm guests have queues of their own to the SMMU",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_ARM | PART_GUEST,
	.cmax = "arm_smmu_virtualization.status",
	.judge = judge,
};
