#include "check/setting.h"
#include "check/software.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item plugin = { NODE_SOFTWARE, "software:pyxis" };
	static const struct item line = { NODE_SETTING, "setting:plugstack:pyxis" };
	static const struct item importer = { NODE_SOFTWARE, "software:enroot" };
	const struct machine *machine = seen->machine;
	const struct item items[] = { plugin, line, importer };
	struct finding *finding;
	struct roll roll;

	if (!slurm_applies(machine, found))
		return;
	roll = roll_call(machine, items, 3, found->arena);
	if (roll.count[PRESENCE_ABSENT] > 0)
		finding =
			findings_add(found, VERDICT_FAIL, NULL,
				     "not there: %s (the plug-in, its line in plugstack.conf, and "
				     "Enroot are expected)",
				     roll.names[PRESENCE_ABSENT]);
	else if (roll.count[PRESENCE_UNKNOWN] > 0)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "whether there is %s is not known: "
				       "%s",
				       roll.names[PRESENCE_UNKNOWN], roll.reason);
	else
		finding =
			findings_add(found, VERDICT_PASS, NULL,
				     "the Pyxis plug-in, its line in plugstack.conf and Enroot are "
				     "there");
	if (finding->verdict == VERDICT_FAIL)
		finding->action =
			"install Enroot and Pyxis, and name the plug-in in plugstack.conf";
	finding_rests_on_roll(finding, &roll);
}

CHECK(slurm_pyxis) = {
	.title = "Containers start from Slurm through Pyxis",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "containers.pyxisRuntimeWorks",
	.judge = judge,
};
