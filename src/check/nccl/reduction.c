#include <string.h>

#include "check/fabric/told.h"
#include "check/nccl/effective.h"
#include "check/software.h"
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

/* What of SHARP is on the node itself, as "sharpd runs, /opt/mellanox/sharp is there"; NULL for
 * nothing. *ret_is_known is false when some of it could not be looked at. */
static const char *find_installed(const struct machine *machine, struct arena *arena,
				  const struct record **ret_record, bool *ret_is_known)
{
	static const struct {
		struct item item;
		const char *name;
	} parts[] = {
		{ { NODE_SERVICE, "service:sharp-am" }, "sharp_am" },
		{ { NODE_SERVICE, "service:sharpd" }, "sharpd" },
		{ { NODE_FILE_MODE, "file:/opt/mellanox/sharp" }, "/opt/mellanox/sharp" },
		{ { NODE_FILE_MODE, "file:/opt/hpcx/sharp" }, "/opt/hpcx/sharp" },
	};
	const char *text = NULL;

	*ret_is_known = true;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		enum presence presence = item_presence(machine, parts[i].item);
		bool runs = machine_state_is(machine, parts[i].item.measure, parts[i].item.device,
					     "running");

		*ret_is_known &= presence != PRESENCE_UNKNOWN;
		if (presence != PRESENCE_PRESENT)
			continue;
		if (!text)
			*ret_record =
				machine_find(machine, parts[i].item.measure, parts[i].item.device);
		text = arena_format(arena, "%s%s%s %s", text ? text : "", text ? ", " : "",
				    parts[i].name, runs ? "runs" : "is there");
	}
	return text;
}

/* What a job's log shows is more than what could be. False when it shows nothing that ends it. */
static bool judge_log(const struct check_input *seen, bool is_on, struct findings *found)
{
	const struct record *record = machine_find(seen->machine, NODE_NCCL_LOG_REDUCTION, NULL);
	const char *state = record && record->says == SAYS_STATE ? record->text : "";
	struct finding *finding = NULL;

	if (strcmp(state, "used") == 0) {
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "used: a job's log shows that the network reduced");
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
				    "available, and switched on in %s: a plug-in can reduce in the "
				    "network; that a job did shows its log",
				    setting->place);
	finding = findings_add(found, VERDICT_FAIL, NULL,
			       "NCCL_COLLNET_ENABLE=%.20s in %s, and no plug-in is found that "
			       "NCCL could do it with",
			       setting->value, setting->place);
	finding->action = "install the SHARP plug-in of HPC-X, or take the setting out";
	return finding;
}

static struct finding *warn_unused(struct findings *found, const char *what, const char *action)
{
	struct finding *finding =
		findings_add(found, VERDICT_WARN, NULL, "available, and not used: %s", what);

	finding->action = action;
	return finding;
}

static struct finding *judge_off(const struct check_input *seen, const struct record *offload,
				 struct findings *found)
{
	const struct record *fabric = NULL, *installed = NULL;
	double aggregators = count_aggregators(seen, &fabric);
	bool is_known;
	const char *parts = find_installed(seen->machine, found->arena, &installed, &is_known);
	struct finding *finding;

	if (offload) {
		finding =
			warn_unused(found,
				    arena_format(found->arena,
						 "a plug-in can reduce in the network (SHARP%s%s), "
						 "and nothing switches it on",
						 parts ? "; " : "", parts ? parts : ""),
				    "ask whether the fabric has aggregation nodes (assay fabric "
				    "describe shows them), then compare with "
				    "NCCL_COLLNET_ENABLE=1");
	} else if (aggregators > 0) {
		finding = warn_unused(found,
				      arena_format(found->arena,
						   "the fabric has %.0f aggregation nodes, and no "
						   "plug-in is found here that could use them",
						   aggregators),
				      "install the SHARP plug-in of HPC-X, then compare with "
				      "NCCL_COLLNET_ENABLE=1");
	} else if (parts) {
		finding =
			warn_unused(found,
				    arena_format(found->arena,
						 "SHARP is installed here (%s), and no plug-in is "
						 "found that NCCL could use it by",
						 parts),
				    "install the SHARP plug-in of HPC-X, or name its folder in "
				    "LD_LIBRARY_PATH, then compare with NCCL_COLLNET_ENABLE=1");
	} else {
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "unknown: no plug-in for reduction in the network is found "
				       "here%s; whether the fabric could do it is not shown to a "
				       "node",
				       is_known ? ", nor sharp_am, sharpd or /opt/mellanox/sharp"
						: "");
		finding->action = "assay fabric describe shows whether there are aggregation nodes";
	}
	finding_rests_on(finding, installed);
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
