#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item services[] = {
		{ NODE_SERVICE, "service:slurmd" },
		{ NODE_SERVICE, "service:munge" },
	};
	static const struct elsewhere elsewhere = {
		"setting:attest:slurm-commands",
		"Slurm is installed; whether its six commands work for a user shows only by "
		"running them",
		"as an ordinary user: sinfo, squeue, scontrol show config, salloc, sbatch and srun",
	};
	const struct machine *machine = seen->machine;

	if (!slurm_applies(machine, found))
		return;
	for (size_t i = 0; i < 2; i++) {
		struct finding *finding;

		if (!machine_state_is(machine, NODE_SERVICE, services[i].device, "stopped"))
			continue;
		finding = findings_add(found, VERDICT_FAIL, services[i].device,
				       "%s is stopped: Slurm does not work on this node",
				       item_name(services[i]));
		finding->action = "start it, and find out why it stopped";
		finding_rests_on(finding, machine_find(machine, NODE_SERVICE, services[i].device));
	}
	(void)elsewhere_add(machine, &elsewhere, found);
}

CHECK(slurm_commands) = {
	.title = "The everyday Slurm commands work for every user",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "access.slurmCommandsOk",
	.judge = judge,
};
