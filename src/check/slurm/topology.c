#include "check/setting.h"
#include "check/software.h"

#include <string.h>

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char device[] = "setting:slurm:TopologyPlugin";
	const struct machine *machine = seen->machine;
	const char *value = setting_value(machine, device);
	struct finding *finding;

	if (!slurm_applies(machine, found))
		return;
	/* Unset is the default, topology/default or topology/none by version: all nodes are alike.
	 */
	if (!value &&
	    item_presence(machine, (struct item){ NODE_SETTING, device }) == PRESENCE_UNKNOWN) {
		(void)item_unknown(found, machine, NODE_SETTING, device);
		return;
	}
	if (!value || strcmp(value, "topology/none") == 0 ||
	    strcmp(value, "topology/default") == 0 || strcmp(value, "topology/flat") == 0) {
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "TopologyPlugin is %.60s: Slurm does not know the network",
				       value ? value : "not set");
		finding->action = "set topology/tree or topology/block, with a file made from the "
				  "fabric itself";
	} else if (strcmp(value, "topology/tree") == 0 || strcmp(value, "topology/block") == 0 ||
		   strcmp(value, "topology/3d_torus") == 0) {
		finding = findings_add(found, VERDICT_PASS, NULL, "TopologyPlugin is %s", value);
	} else {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "TopologyPlugin is %.60s, which is not known here", value);
	}
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, device));
}

CHECK(slurm_topology) = {
	.title = "Jobs are placed by network topology",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "networking.topologyConfigured",
	.judge = judge,
};
