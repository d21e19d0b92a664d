#include "check/software.h"

#include <string.h>

static const char action[] = "install the driver into the image, and look at the kernel log";

/* True when the driver of the vendor's GPUs is loaded, or the machine has none of them. */
static bool judge_gpus(const struct machine *machine, enum machine_part part, const char *module,
		       enum measure version, struct findings *found)
{
	const struct item item = { NODE_MODULE, module };
	const char *reason;
	struct finding *finding;

	if (machine_has(machine, part, &reason) == PRESENCE_ABSENT)
		return true;
	if (machine_state(machine, version, NULL) ||
	    item_presence(machine, item) == PRESENCE_PRESENT)
		return true;
	if (item_presence(machine, item) == PRESENCE_UNKNOWN) {
		(void)item_unknown(found, machine, NODE_MODULE, module);
		return false;
	}
	finding = findings_add(found, VERDICT_FAIL, NULL, "the driver %s of the GPUs is not loaded",
			       item_name(item));
	finding->action = action;
	finding_rests_on(finding, machine_find(machine, NODE_MODULE, module));
	return false;
}

/* The library and the loaded driver have to be of one version, or no program sees a GPU. */
static bool judge_libraries(const struct machine *machine, struct findings *found)
{
	const struct record *one;
	bool is_well = true;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_GPU_LIBRARY, &at))) {
		struct finding *finding;

		if (one->says != SAYS_STATE ||
		    (strcmp(one->text, "mismatch") != 0 && strcmp(one->text, "no-driver") != 0))
			continue;
		finding = findings_add(
			found, VERDICT_FAIL, one->subject.parts[SUBJECT_DEVICE],
			"the library of the GPUs and the loaded driver do not fit: %s", one->text);
		finding->action = "unload the driver, or reboot, after the update of its libraries";
		finding_rests_on(finding, one);
		is_well = false;
	}
	return is_well;
}

/* An adapter by its PCI class (Ethernet or InfiniBand of NVIDIA, Broadcom, Intel, Amazon) that no
 * driver has. */
static bool judge_adapters(const struct machine *machine, struct findings *found)
{
	const struct record *one;
	bool is_well = true;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_PCI_DRIVER, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		const char *class = device ? machine_state(machine, NODE_PCI_CLASS, device) : NULL;
		struct finding *finding;

		if (!class || one->says != SAYS_STATE || strcmp(one->text, "none") != 0 ||
		    (strncmp(class, "0200", 4) != 0 && strncmp(class, "0207", 4) != 0))
			continue;
		finding = findings_add(found, VERDICT_WARN, device,
				       "%s is a network adapter that no "
				       "driver has",
				       device_label(machine, device, found->arena));
		finding->action = action;
		finding_rests_on(finding, one);
		is_well = false;
	}
	return is_well;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	bool is_well = judge_gpus(machine, PART_NVIDIA, "module:nvidia", NODE_NVIDIA_DRIVER, found);
	struct finding *finding;
	double adapters;

	is_well = judge_gpus(machine, PART_AMD, "module:amdgpu", NODE_AMD_DRIVER, found) && is_well;
	is_well = judge_libraries(machine, found) && is_well;
	is_well = judge_adapters(machine, found) && is_well;
	if (!is_well)
		return;
	if (!machine_value(machine, NODE_RDMA_COUNT, NULL, &adapters)) {
		(void)findings_add_unknown(found, machine, NODE_RDMA_COUNT, NULL);
		return;
	}
	finding = findings_add(found, VERDICT_PASS, NULL,
			       "the drivers of the GPUs are loaded, and the kernel has %.0f RDMA "
			       "adapters",
			       adapters);
	finding_rests_on(finding, machine_find(machine, NODE_NVIDIA_DRIVER, NULL));
	finding_rests_on(finding, machine_find(machine, NODE_AMD_DRIVER, NULL));
	finding_rests_on(finding, machine_find(machine, NODE_MODULE, "module:nvidia"));
	finding_rests_on(finding, machine_find(machine, NODE_RDMA_COUNT, NULL));
}

CHECK(drivers_present) = {
	.title = "GPU and network drivers are installed at handover",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.parts = PART_GPU,
	.judge = judge,
};
