#include "check/software.h"

static const struct item items[] = {
	{ NODE_SOFTWARE, "software:nvcc" },
	{ NODE_SOFTWARE, "software:docker" },
	{ NODE_SOFTWARE, "software:nvidia-container-toolkit" },
};

static const struct item schedulers[] = {
	{ NODE_SERVICE, "service:slurmd" },
	{ NODE_SERVICE, "service:kubelet" },
};

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct demand demand = {
		.items = items,
		.count = sizeof(items) / sizeof(items[0]),
		.tolerated = sizeof(items) / sizeof(items[0]),
		.action = "put what lacks into the image",
	};
	static const struct item driver = { NODE_MODULE, "module:nvidia" };
	const struct machine *machine = seen->machine;
	struct roll roll = roll_call(machine, schedulers, 2, found->arena);
	struct roll tools = roll_call(machine, items, demand.count, found->arena);

	if (roll.count[PRESENCE_PRESENT] > 0)
		finding_rests_on_roll(findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
						   "a node of a cluster: %s is there",
						   roll.names[PRESENCE_PRESENT]),
				      &roll);
	else if (item_presence(machine, driver) == PRESENCE_ABSENT)
		finding_rests_on(
			findings_add(found, VERDICT_FAIL, NULL, "the NVIDIA driver is not loaded"),
			machine_find(machine, driver.measure, driver.device))
			->action = "install the driver into the image";
	else if (item_presence(machine, driver) == PRESENCE_UNKNOWN)
		(void)item_unknown(found, machine, driver.measure, driver.device);
	else if (tools.count[PRESENCE_UNKNOWN] > 0)
		finding_rests_on_roll(findings_add(found, VERDICT_UNKNOWN, NULL,
						   "whether there is %s is not known: %s",
						   tools.names[PRESENCE_UNKNOWN], tools.reason),
				      &tools);
	else
		demand_all(seen, &demand, found);
}

CHECK(standalone_tools) = {
	.title = "A single machine is ready at first login",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_NVIDIA,
	.cmax = "containers.workerCheckOk",
	.judge = judge,
};
