#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item hooks[] = {
		{ NODE_SETTING, "setting:slurm:Prolog" },
		{ NODE_SETTING, "setting:slurm:Epilog" },
	};
	static const struct elsewhere elsewhere = {
		"setting:attest:job-hooks",
		"a prolog or an epilog is set; what it looks at and how long it takes is not shown "
		"by "
		"its name",
		"time srun true with and without it: 10 s at most",
	};
	const struct machine *machine = seen->machine;
	struct finding *finding;
	struct roll roll;

	if (!slurm_applies(machine, found))
		return;
	roll = roll_call(machine, hooks, 2, found->arena);
	if (roll.count[PRESENCE_PRESENT] > 0)
		finding = elsewhere_add(machine, &elsewhere, found);
	else if (roll.count[PRESENCE_UNKNOWN] > 0)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "whether a prolog or an epilog is set is not known: %s",
				       roll.reason);
	else
		finding = findings_add(
			found, VERDICT_WARN, NULL,
			"neither Prolog nor Epilog is set: nothing is looked at around "
			"jobs");
	if (finding->verdict == VERDICT_WARN)
		finding->action = "run assay check --profile quick in the prolog";
	finding_rests_on_roll(finding, &roll);
}

CHECK(slurm_job_hooks) = {
	.title = "Checks around jobs are light and deep ones use idle time",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
