#include "check/software.h"

/* Processes of this node by name, never a port: anything can listen on one. */
static unsigned count_running(const struct machine *machine, const struct item *items, size_t count,
			      const char **ret_names, struct arena *arena)
{
	unsigned running = 0;

	*ret_names = "";
	for (size_t i = 0; i < count; i++) {
		if (!machine_state_is(machine, NODE_SERVICE, items[i].device, "running"))
			continue;
		*ret_names = arena_format(arena, "%s%s%s", *ret_names, running > 0 ? ", " : "",
					  item_name(items[i]));
		running++;
	}
	return running;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item gpu[] = {
		{ NODE_SERVICE, "service:dcgm-exporter" },
		{ NODE_SERVICE, "service:amd-metrics-exporter" },
	};
	static const struct item node[] = {
		{ NODE_SERVICE, "service:node-exporter" },
		{ NODE_SERVICE, "service:telegraf" },
		{ NODE_SERVICE, "service:otel-collector" },
		{ NODE_SERVICE, "service:vector" },
	};
	const struct machine *machine = seen->machine;
	struct roll gpu_roll = roll_call(machine, gpu, 2, found->arena);
	struct roll node_roll = roll_call(machine, node, 4, found->arena);
	const char *gpu_names, *node_names;
	unsigned gpus = count_running(machine, gpu, 2, &gpu_names, found->arena);
	unsigned nodes = count_running(machine, node, 4, &node_names, found->arena);
	struct finding *finding;

	if (gpus > 0 && nodes > 0)
		finding = findings_add(found, VERDICT_PASS, NULL, "running: %s, %s", gpu_names,
				       node_names);
	else if ((gpus == 0 && gpu_roll.count[PRESENCE_UNKNOWN] > 0) ||
		 (nodes == 0 && node_roll.count[PRESENCE_UNKNOWN] > 0))
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"whether exporters of GPU and node metrics run is not known: %s",
			gpu_roll.reason ? gpu_roll.reason : node_roll.reason);
	else if (gpus + nodes > 0)
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "running: %s%s; no exporter of %s metrics", gpu_names,
				       node_names, gpus > 0 ? "node" : "GPU");
	else
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "no exporter of GPU or node metrics runs on this node");
	if (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_WARN)
		finding->action =
			"run an exporter of GPU metrics and one of node metrics on each node";
	finding_rests_on_roll(finding, &gpu_roll);
	finding_rests_on_roll(finding, &node_roll);
}

CHECK(metric_exporters) = {
	.title = "The usual exporters run",
	.since = "0.1",
	.needs = "node.service",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU,
	.cmax = "healthChecks.monitoringStack.dcgmExporter",
	.judge = judge,
};
