#include <string.h>

#include "check/nccl/effective.h"
#include "check/tally.h"

/* A plug-in that NCCL takes and that can reduce inside the network; NULL for none. */
static const struct record *find_offload(const struct machine *machine, struct arena *arena)
{
	uint64_t takes = nccl_interface_of_library(machine, "collnet", arena);
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_NCCL_PLUGIN, &at)))
		if (one->says == SAYS_STATE &&
		    (nccl_interface_of_plugin(one->text, "collnet") & takes))
			return one;
	return NULL;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *offload = find_offload(machine, found->arena);
	struct nccl_setting setting = { .value = "0" };
	struct finding *finding;
	bool is_on;

	if (!machine_state(machine, NODE_NCCL_LIBRARY, NULL)) {
		findings_add_unknown(found, machine, NODE_NCCL_LIBRARY, NULL);
		return;
	}
	(void)nccl_setting_find(machine, "NCCL_COLLNET_ENABLE", found->arena, &setting);
	is_on = strcmp(setting.value, "0") != 0;
	if (is_on && offload) {
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "reduction in the network is switched on in %s, and a "
				       "plug-in can do it",
				       setting.place);
	} else if (is_on) {
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "NCCL_COLLNET_ENABLE=%.20s in %s, and no plug-in is found "
				       "that NCCL could do it with",
				       setting.value, setting.place);
		finding->action = "install the SHARP plug-in of HPC-X, or take the setting out";
	} else if (offload) {
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "a plug-in can reduce in the network (SHARP), and nothing "
				       "switches it on");
		finding->action = "ask whether the fabric has aggregation nodes (assay fabric "
				  "describe shows them), then compare with NCCL_COLLNET_ENABLE=1";
	} else {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "no plug-in for reduction in the network is found here; "
				       "whether the fabric could do it is not shown to a node");
		finding->action = "assay fabric describe shows whether there are aggregation nodes";
	}
	finding_rests_on(finding,
			 offload ? offload : machine_find(machine, NODE_NCCL_LIBRARY, NULL));
	finding_rests_on(finding, setting.record);
}

CHECK(nccl_reduction) = {
	.title = "Reduction in the network is used where it can be",
	.since = "0.1",
	.needs = "node.nccl.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU | PART_INFINIBAND,
	.judge = judge,
};
