#include "check/setting.h"
#include "check/software.h"

#include <string.h>

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char service[] = "service:dcgm";
	static const struct elsewhere elsewhere = {
		"setting:attest:background-diagnostics",
		"the host engine of DCGM runs; whether its health watch is on, and who acts on it, "
		"is "
		"not shown (asking for it would set watches)",
		"as root: dcgmi health --fetch; and who reads it",
	};
	const struct machine *machine = seen->machine;
	const char *state = machine_state(machine, NODE_SERVICE, service);
	struct finding *finding;

	if (!state) {
		(void)item_unknown(found, machine, NODE_SERVICE, service);
		return;
	}
	if (strcmp(state, "running") == 0) {
		finding = elsewhere_add(machine, &elsewhere, found);
	} else if (strcmp(state, "absent") == 0) {
		finding = findings_add(
			found, VERDICT_FAIL, NULL,
			"no host engine of DCGM on this node (an exporter may hold its "
			"own)");
		finding->action = "install DCGM and turn its health watch on, or watch otherwise";
	} else {
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "the host engine of DCGM is installed and %.40s: nothing is "
				       "watched",
				       state);
		finding->action = "start nvidia-dcgm and turn its health watch on";
	}
	finding_rests_on(finding, machine_find(machine, NODE_SERVICE, service));
}

CHECK(background_diagnostics) = {
	.title = "The background health watch of the GPU manager is on and read",
	.since = "0.1",
	.needs = "node.service",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.cmax = "healthChecks.dcgmInstalled",
	.judge = judge,
};
