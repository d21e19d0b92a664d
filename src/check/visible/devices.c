#include "check/setting.h"
#include "check/software.h"

/* Without these Slurm gives the numbers of the GPUs and keeps nobody from the others. */
static void judge(const struct check_input *seen, struct findings *found)
{
	static const char task[] = "setting:slurm:TaskPlugin", gres[] = "setting:slurm:GresTypes";
	static const struct elsewhere elsewhere = {
		"setting:attest:visible-devices",
		"task/cgroup and GRES are set; whether a job sees exactly its GPUs shows only in "
		"one "
		"(ConstrainDevices in cgroup.conf)",
		"srun --gres=gpu:1 nvidia-smi -L, which has to list one",
	};
	const struct machine *machine = seen->machine;
	const char *plugin = setting_value(machine, task), *types = setting_value(machine, gres);
	const struct item items[] = { { NODE_SETTING, task }, { NODE_SETTING, gres } };
	struct finding *finding;
	struct roll roll;

	if (!slurm_applies(machine, found))
		return;
	roll = roll_call(machine, items, 2, found->arena);
	if (plugin && types && setting_has_word(plugin, "task/cgroup") &&
	    setting_has_word(types, "gpu"))
		finding = elsewhere_add(machine, &elsewhere, found);
	else if ((plugin && !setting_has_word(plugin, "task/cgroup")) ||
		 (types && !setting_has_word(types, "gpu")) || roll.count[PRESENCE_ABSENT] > 0)
		finding = findings_add(
			found, VERDICT_FAIL, NULL,
			"TaskPlugin is %.60s and GresTypes is %.60s: nothing keeps a job "
			"from the GPUs of others; task/cgroup and gpu expected",
			plugin ? plugin : "not set", types ? types : "not set");
	else
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "how Slurm keeps jobs to their GPUs is not known: %s",
				       roll.reason);
	if (finding->verdict == VERDICT_FAIL)
		finding->action =
			"set TaskPlugin=task/cgroup, GresTypes=gpu and ConstrainDevices=yes";
	finding_rests_on_roll(finding, &roll);
}

CHECK(visible_devices) = {
	.title = "A job sees only the GPUs that it asked for",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.parts = PART_GPU,
	.cmax = "software.cudaVisibleDevicesStatus",
	.judge = judge,
};
