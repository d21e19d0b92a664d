#include "check/floor.h"

#include <string.h>

/* Drops the equal passes of the adapters for one of the node when all pass. */
static void join_passes(size_t first, struct findings *found)
{
	size_t count = found->count - first;

	for (size_t i = first; i < found->count; i++)
		if (found->items[i].verdict != VERDICT_PASS)
			return;
	if (count < 2)
		return;
	found->count = first + 1;
	found->items[first].about = NULL;
	found->items[first].text = arena_format(found->arena, "%zu adapters; the first: %s", count,
						found->items[first].text);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	size_t at = 0, first = found->count, known = 0;
	const struct record *one;

	while ((one = machine_next(machine, NODE_RDMA_DRIVER, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		const char *firmware = machine_state(machine, NODE_RDMA_FIRMWARE, device);

		known++;
		if (one->says == SAYS_STATE && strcmp(one->text, "mlx5_core") != 0)
			continue;
		if (one->says != SAYS_STATE)
			(void)findings_add_unknown(found, machine, NODE_RDMA_DRIVER, device);
		else if (!firmware)
			(void)findings_add_unknown(found, machine, NODE_RDMA_FIRMWARE, device);
		else
			(void)floor_find(
				seen,
				&(struct floor_question){
					.component = "connectx-firmware",
					.label = arena_format(
						found->arena, "firmware of %s",
						device_label(machine, device, found->arena)),
					.about = device,
					.version = firmware,
					.record = machine_find(machine, NODE_RDMA_FIRMWARE, device),
				},
				found);
	}
	if (known > 0 && found->count == first)
		findings_add(found, VERDICT_NOT_APPLICABLE, NULL, "no ConnectX adapter")->observed =
			machine->observed;
	join_passes(first, found);
}

CHECK(nic_firmware_floor) = {
	.title = "NIC firmware is at or above the floor of its train",
	.since = "0.1",
	.needs = "node.rdma",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_RDMA,
	.cmax = "securityVersions.connectxFirmware.status",
	.judge = judge,
};
