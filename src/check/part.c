#include "check/machine.h"

#include <string.h>

/* Which parts a machine has. What was not looked at, or could not be told, is unknown: a check then
 * runs and says so itself. */

static enum presence has_gpu(const struct machine *machine, const char *vendor)
{
	const struct record *one;
	bool known = false;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_GPU_COUNT_PCI, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (vendor && (!device || strcmp(device, vendor) != 0))
			continue;
		if (one->says != SAYS_VALUE)
			return PRESENCE_UNKNOWN;
		if (one->value > 0.0)
			return PRESENCE_PRESENT;
		known = true;
	}
	return known ? PRESENCE_ABSENT : PRESENCE_UNKNOWN;
}

/* By the model; a machine without GPUs has no links between them. */
static enum presence has_links(const struct machine *machine, bool switches)
{
	if (has_gpu(machine, NULL) == PRESENCE_ABSENT)
		return PRESENCE_ABSENT;
	if (!machine->shape)
		return PRESENCE_UNKNOWN;
	if (switches)
		return machine->shape->has_switch ? PRESENCE_PRESENT : PRESENCE_ABSENT;
	return machine->shape->links > 0 ? PRESENCE_PRESENT : PRESENCE_ABSENT;
}

static enum presence has_count(const struct machine *machine, enum measure measure)
{
	double count;

	if (!machine_value(machine, measure, NULL, &count))
		return PRESENCE_UNKNOWN;
	return count > 0.0 ? PRESENCE_PRESENT : PRESENCE_ABSENT;
}

static enum presence has_infiniband(const struct machine *machine)
{
	const struct record *one;
	size_t at = 0;

	if (has_count(machine, NODE_RDMA_COUNT) == PRESENCE_ABSENT)
		return PRESENCE_ABSENT;
	if (machine->by[NODE_RDMA_LAYER].count == 0)
		return PRESENCE_UNKNOWN;
	while ((one = machine_next(machine, NODE_RDMA_LAYER, &at))) {
		if (one->says != SAYS_STATE)
			return PRESENCE_UNKNOWN;
		if (strcmp(one->text, "infiniband") == 0)
			return PRESENCE_PRESENT;
	}
	return PRESENCE_ABSENT;
}

static enum presence has_virtual(const struct machine *machine, bool guest)
{
	const char *virtual = machine_state(machine, NODE_VIRTUAL, NULL);

	if (!virtual)
		return PRESENCE_UNKNOWN;
	return (strcmp(virtual, "none") == 0) != guest ? PRESENCE_PRESENT : PRESENCE_ABSENT;
}

static enum presence has_arm(const struct machine *machine)
{
	const char *architecture = machine_state(machine, NODE_ARCHITECTURE, NULL);

	if (!architecture)
		return PRESENCE_UNKNOWN;
	return strcmp(architecture, "aarch64") == 0 ? PRESENCE_PRESENT : PRESENCE_ABSENT;
}

enum presence machine_has(const struct machine *machine, enum machine_part part,
			  const char **ret_reason)
{
	switch (part) {
	case PART_GPU:
		*ret_reason = "no data centre GPU on the PCI bus";
		return has_gpu(machine, NULL);
	case PART_NVIDIA:
		*ret_reason = "no NVIDIA GPU on the PCI bus";
		return has_gpu(machine, "vendor:nvidia");
	case PART_AMD:
		*ret_reason = "no AMD GPU on the PCI bus";
		return has_gpu(machine, "vendor:amd");
	case PART_LINKS:
		*ret_reason = "no GPUs that are joined by NVLink or xGMI";
		return has_links(machine, false);
	case PART_SWITCHES:
		*ret_reason = "no GPUs that are joined by NVSwitch";
		return has_links(machine, true);
	case PART_RDMA:
		*ret_reason = "no RDMA adapter";
		return has_count(machine, NODE_RDMA_COUNT);
	case PART_INFINIBAND:
		*ret_reason = "no InfiniBand port";
		return has_infiniband(machine);
	case PART_BARE_METAL:
		*ret_reason = "a virtual machine does not show this; look on its host";
		return has_virtual(machine, false);
	case PART_GUEST:
		*ret_reason = "not a virtual machine";
		return has_virtual(machine, true);
	case PART_NVME:
		*ret_reason = "no NVMe drive";
		return machine->by[NODE_NVME_STATE].count > 0 ? PRESENCE_PRESENT : PRESENCE_ABSENT;
	case PART_ARM:
		*ret_reason = "not an Arm machine";
		return has_arm(machine);
	case PART_EDAC:
		*ret_reason = "no memory controller that reports errors";
		return has_count(machine, NODE_EDAC_CONTROLLERS);
	}
	*ret_reason = "not a part that is known here";
	return PRESENCE_UNKNOWN;
}
