#include "check/setting.h"
#include "check/software.h"

#include <string.h>

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char device[] = "setting:kubelet:cpuManagerPolicy";
	const struct machine *machine = seen->machine;
	const char *value = setting_value(machine, device);
	struct finding *finding;

	if (!kubernetes_applies(machine, found))
		return;
	if (value && strcmp(value, "static") == 0)
		finding = findings_add(found, VERDICT_PASS, NULL, "cpuManagerPolicy is static");
	else if (value && strcmp(value, "none") != 0)
		finding =
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "cpuManagerPolicy is '%.40s', which is not known here", value);
	else if (value ||
		 item_presence(machine, (struct item){ NODE_SETTING, device }) == PRESENCE_ABSENT)
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "cpuManagerPolicy is %s: pods wander over the cores; static "
				       "expected on nodes with GPUs",
				       value ? value : "not set");
	else
		finding = item_unknown(found, machine, NODE_SETTING, device);
	if (finding->verdict == VERDICT_FAIL)
		finding->action =
			"set cpuManagerPolicy: static with reserved CPUs, and drain the node "
			"first";
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, device));
}

CHECK(kubelet_cpu_manager) = {
	.title = "Pods get whole CPU cores",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU,
	.cmax = "kubelet_cpu_manager_policy.status",
	.judge = judge,
};
