#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char *const places[] = { "setting:env:NCCL_IB_QPS_PER_CONNECTION",
					      "setting:nccl:NCCL_IB_QPS_PER_CONNECTION" };
	const struct machine *machine = seen->machine;
	const char *device = setting_value(machine, places[0]) ? places[0] : places[1];
	struct finding *finding;
	uint64_t pairs;

	if (setting_number(machine, device, &pairs) && pairs >= 2)
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "%llu queue pairs a connection are set",
				       (unsigned long long)pairs);
	else if (setting_value(machine, device))
		finding = findings_add(found,
				       setting_number(machine, device, &pairs) ? VERDICT_WARN
									       : VERDICT_UNKNOWN,
				       NULL,
				       "'%.40s' queue pairs a connection are set, 2 or more "
				       "expected on a fabric of several tiers",
				       setting_value(machine, device));
	else if (item_presence(machine, (struct item){ NODE_SETTING, device }) == PRESENCE_ABSENT)
		finding =
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "one queue pair a connection, the default; whether the fabric "
				     "has several tiers, or routes adaptively, is not shown to a "
				     "node");
	else
		finding = item_unknown(found, machine, NODE_SETTING, device);
	if (finding->verdict != VERDICT_PASS)
		finding->action =
			"where switches have several tiers and no adaptive routing, compare "
			"NCCL_IB_QPS_PER_CONNECTION=2 and 4";
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, device));
}

CHECK(nccl_queue_pairs) = {
	.title = "Connections use several queue pairs where paths are many",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU | PART_RDMA,
	.cmax = "nccl_ib_qps.status",
	.judge = judge,
};
