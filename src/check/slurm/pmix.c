#include "check/setting.h"
#include "check/software.h"

#include <string.h>

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char device[] = "setting:slurm:MpiDefault";
	static const struct item library = { NODE_SOFTWARE, "software:pmix" };
	static const struct elsewhere elsewhere = {
		"setting:attest:slurm-pmix",
		"a PMIx library is there; whether Slurm has its plug-in and starts a program over "
		"two "
		"nodes is not shown by one",
		"srun --mpi=list, then srun --mpi=pmix -N2 of a small MPI program",
	};
	const struct machine *machine = seen->machine;
	const char *value = setting_value(machine, device);

	if (!slurm_applies(machine, found))
		return;
	if (value && strncmp(value, "pmix", 4) == 0 &&
	    item_presence(machine, library) == PRESENCE_PRESENT)
		finding_rests_on(finding_rests_on(findings_add(found, VERDICT_PASS, NULL,
							       "MpiDefault is %.40s, and the PMIx "
							       "library is there",
							       value),
						  machine_find(machine, NODE_SETTING, device)),
				 machine_find(machine, library.measure, library.device));
	else if (item_presence(machine, library) == PRESENCE_ABSENT)
		finding_rests_on(findings_add(found, VERDICT_FAIL, NULL,
					      "no PMIx library on this node: srun cannot start MPI "
					      "programs by it"),
				 machine_find(machine, library.measure, library.device))
			->action = "install PMIx and Slurm's plug-in for it";
	else if (item_presence(machine, library) == PRESENCE_UNKNOWN)
		(void)item_unknown(found, machine, library.measure, library.device);
	else
		(void)elsewhere_add(machine, &elsewhere, found);
}

CHECK(slurm_pmix) = {
	.title = "srun starts MPI programs through PMIx",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
