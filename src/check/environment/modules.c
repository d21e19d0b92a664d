#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item lmod = { NODE_SOFTWARE, "software:lmod" };
	static const struct elsewhere elsewhere = {
		"setting:attest:environment-modules",
		"Lmod is installed; which modules there are is not looked at",
		"as a user: module avail, which lists compilers, MPI and libraries",
	};
	const struct machine *machine = seen->machine;
	struct finding *finding;

	if (!slurm_applies(machine, found))
		return;
	if (item_presence(machine, lmod) == PRESENCE_PRESENT) {
		finding = elsewhere_add(machine, &elsewhere, found);
	} else if (item_presence(machine, lmod) == PRESENCE_ABSENT) {
		finding =
			findings_add(found, VERDICT_WARN, NULL,
				     "Lmod is not installed; the older Environment Modules are not "
				     "looked for");
		finding->action = "install Lmod, with modules for what the image has";
	} else {
		finding = item_unknown(found, machine, lmod.measure, lmod.device);
	}
	finding_rests_on(finding, machine_find(machine, lmod.measure, lmod.device));
}

CHECK(environment_modules) = {
	.title = "Environment modules work",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "software.lmod.modulesStatus",
	.judge = judge,
};
