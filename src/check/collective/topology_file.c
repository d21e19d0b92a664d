#include "check/setting.h"
#include "check/software.h"

#include <string.h>

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item file = { NODE_SETTING, "setting:topology:nccl-file" };
	static const struct elsewhere elsewhere = {
		"setting:attest:topology-file",
		"the node has a topology file; whether containers see it is not shown outside of "
		"one",
		"in a container of a job: compare the file, or look for it with NCCL_DEBUG=INFO",
	};
	const struct machine *machine = seen->machine;
	const char *container = machine_state(machine, NODE_CONTAINER, NULL);
	const char *reason;
	bool is_guest = machine_has(machine, PART_GUEST, &reason) == PRESENCE_PRESENT;
	enum presence presence = item_presence(machine, file);
	struct finding *finding;

	if (presence == PRESENCE_UNKNOWN) {
		(void)item_unknown(found, machine, file.measure, file.device);
		return;
	}
	if (presence == PRESENCE_PRESENT && (!container || strcmp(container, "none") == 0)) {
		(void)elsewhere_add(machine, &elsewhere, found);
		return;
	}
	if (presence == PRESENCE_PRESENT)
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "this container has the topology file %.100s",
				       setting_value(machine, file.device));
	else if (is_guest)
		finding =
			findings_add(found, VERDICT_FAIL, NULL,
				     "a virtual machine without a topology file: NCCL sees a PCIe "
				     "tree that is not the real one");
	else
		finding = findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
				       "bare metal shows its PCIe tree itself: no file is needed");
	if (finding->verdict == VERDICT_FAIL)
		finding->action =
			"have the provider supply the file and mount it into all containers";
	finding_rests_on(finding, machine_find(machine, file.measure, file.device));
}

CHECK(collective_topology_file) = {
	.title = "The collective topology file is visible inside containers",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU,
	.cmax = "nccl_topo_file.status",
	.judge = judge,
};
