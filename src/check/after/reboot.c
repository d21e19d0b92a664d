#include "check/software.h"

/* What has to return by itself, where it is installed. */
static const struct item services[] = {
	{ NODE_SERVICE, "service:nvidia-fabricmanager" },
	{ NODE_SERVICE, "service:nvidia-persistenced" },
	{ NODE_SERVICE, "service:nvidia-imex" },
	{ NODE_SERVICE, "service:slurmd" },
	{ NODE_SERVICE, "service:munge" },
	{ NODE_SERVICE, "service:kubelet" },
	{ NODE_SERVICE, "service:containerd" },
	{ NODE_SERVICE, "service:sssd" },
};

enum {
	SERVICES = sizeof(services) / sizeof(services[0]),
	/* A node that started longer ago may have been mended by hand since. */
	SINCE_START_S = 3600,
	/* Services may still be on their way. */
	SETTLED_S = 300,
};

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	struct roll roll = roll_call(machine, services, SERVICES, found->arena);
	size_t before = found->count;
	unsigned running = 0;
	double uptime;

	if (!machine_value(machine, NODE_UPTIME, NULL, &uptime)) {
		(void)findings_add_unknown(found, machine, NODE_UPTIME, NULL);
		return;
	}
	for (size_t i = 0; i < SERVICES; i++) {
		struct finding *finding;

		running += machine_state_is(machine, NODE_SERVICE, services[i].device, "running");
		if (uptime < SETTLED_S ||
		    !machine_state_is(machine, NODE_SERVICE, services[i].device, "stopped"))
			continue;
		finding = findings_add(found, VERDICT_WARN, services[i].device,
				       "%s is installed and does not run, %.0f s after the start",
				       item_name(services[i]), uptime);
		finding->action = "have it start by itself, or take it off the node";
		finding_rests_on(finding, machine_find(machine, NODE_SERVICE, services[i].device));
	}
	if (found->count > before)
		return;
	if (running > 0 && running + roll.count[PRESENCE_ABSENT] == SERVICES &&
	    uptime >= SETTLED_S && uptime <= SINCE_START_S)
		finding_rests_on_roll(findings_add(found, VERDICT_PASS, NULL,
						   "%u services run %.0f s after the start of the "
						   "kernel",
						   running, uptime),
				      &roll);
	else
		finding_rests_on(
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "%.0f s after the start of the kernel, %u services run: "
				     "whether the node came back by itself shows from %u to %u s "
				     "after a reboot, with all services known",
				     uptime, running, SETTLED_S, SINCE_START_S),
			machine_find(machine, NODE_UPTIME, NULL));
}

CHECK(after_reboot) = {
	.title = "A rebooted node comes back whole",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
