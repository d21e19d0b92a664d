#include <string.h>

#include "check/fabric/told.h"
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

/* Aggregation nodes of the fabrics that were told of beside the node; 0 without any. */
static double count_aggregators(const struct check_input *seen, const struct record **ret_record)
{
	const struct record *one;
	double most = 0;
	size_t at = 0;

	while ((one = fabric_next(seen, FABRIC_AGGREGATORS, &at))) {
		if (one->says != SAYS_VALUE || one->value <= most)
			continue;
		most = one->value;
		*ret_record = one;
	}
	return most;
}

/* What a job's log shows is more than what could be. False when it shows nothing that ends it. */
static bool judge_log(const struct check_input *seen, bool is_on, struct findings *found)
{
	const struct record *record = machine_find(seen->machine, NODE_NCCL_LOG_REDUCTION, NULL);
	const char *state = record && record->says == SAYS_STATE ? record->text : "";
	struct finding *finding = NULL;

	if (strcmp(state, "used") == 0) {
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "a job's log shows that the network reduced");
	} else if (strcmp(state, "failed") == 0) {
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "a job asked the network to reduce, and by its log that "
				       "could not be set up");
		finding->action = "ask the provider for sharp_am and a reservation for this "
				  "partition; sharp_hello tells what answers";
	} else if (strcmp(state, "set-up") == 0) {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "a job's log shows a tree in the network, and not that a "
				       "collective took it");
		finding->action = "log with NCCL_DEBUG_SUBSYS=INIT,NET,ENV,TUNING";
	} else if (is_on && *state) {
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "reduction in the network is switched on, and a job's log "
				       "shows none (%s)",
				       state);
		finding->action = "see whether the job had the setting and the plug-in";
	}
	if (finding)
		finding_rests_on(finding, record);
	return finding != NULL;
}

static struct finding *judge_on(const struct nccl_setting *setting, const struct record *offload,
				struct findings *found)
{
	struct finding *finding;

	if (offload)
		return findings_add(found, VERDICT_PASS, NULL,
				    "reduction in the network is switched on in %s, and a plug-in "
				    "can do it",
				    setting->place);
	finding = findings_add(found, VERDICT_FAIL, NULL,
			       "NCCL_COLLNET_ENABLE=%.20s in %s, and no plug-in is found that "
			       "NCCL could do it with",
			       setting->value, setting->place);
	finding->action = "install the SHARP plug-in of HPC-X, or take the setting out";
	return finding;
}

static struct finding *judge_off(const struct check_input *seen, const struct record *offload,
				 struct findings *found)
{
	const struct record *fabric = NULL;
	double aggregators = count_aggregators(seen, &fabric);
	struct finding *finding;

	if (offload) {
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "a plug-in can reduce in the network (SHARP), and nothing "
				       "switches it on");
		finding->action = "ask whether the fabric has aggregation nodes (assay fabric "
				  "describe shows them), then compare with NCCL_COLLNET_ENABLE=1";
	} else if (aggregators > 0) {
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "the fabric has %.0f aggregation nodes, and no plug-in is "
				       "found here that could use them",
				       aggregators);
		finding->action = "install the SHARP plug-in of HPC-X, then compare with "
				  "NCCL_COLLNET_ENABLE=1";
	} else {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "no plug-in for reduction in the network is found here; "
				       "whether the fabric could do it is not shown to a node");
		finding->action = "assay fabric describe shows whether there are aggregation nodes";
	}
	return finding_rests_on(finding, fabric);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *offload = find_offload(machine, found->arena);
	struct nccl_setting setting = { .value = "0" };
	struct finding *finding;
	bool is_on;

	(void)nccl_setting_find(machine, "NCCL_COLLNET_ENABLE", found->arena, &setting);
	is_on = strcmp(setting.value, "0") != 0;
	if (judge_log(seen, is_on, found))
		return;
	if (!machine_state(machine, NODE_NCCL_LIBRARY, NULL)) {
		findings_add_unknown(found, machine, NODE_NCCL_LIBRARY, NULL);
		return;
	}
	finding = is_on ? judge_on(&setting, offload, found) : judge_off(seen, offload, found);
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
