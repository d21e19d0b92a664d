#include "check/setting.h"
#include "check/software.h"

/* The path of the program without its words; it has to be one that is there. */
static void judge(const struct check_input *seen, struct findings *found)
{
	static const char device[] = "setting:slurm:HealthCheckProgram";
	static const struct item script = { NODE_SOFTWARE, "software:nhc" };
	const struct machine *machine = seen->machine;
	const char *program = setting_value(machine, device);
	uint64_t interval = 0;
	bool has_interval = setting_number(machine, "setting:slurm:HealthCheckInterval", &interval);
	const char *file;
	struct finding *finding;

	if (!slurm_applies(machine, found))
		return;
	if (!program &&
	    item_presence(machine, (struct item){ NODE_SETTING, device }) == PRESENCE_UNKNOWN) {
		(void)item_unknown(found, machine, NODE_SETTING, device);
		return;
	}
	file = arena_format(found->arena, "file:%s", program ? program : "");
	if (!program)
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "HealthCheckProgram is not set: a sick node takes jobs");
	else if (item_presence(machine, (struct item){ NODE_FILE_MODE, file }) == PRESENCE_ABSENT)
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "HealthCheckProgram is %.100s, which is not there", program);
	else if (has_interval && interval == 0)
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "HealthCheckInterval is 0: %.100s is never run", program);
	else if (item_presence(machine, (struct item){ NODE_FILE_MODE, file }) == PRESENCE_UNKNOWN)
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"HealthCheckProgram is %.100s; whether it is there, and whether "
			"it looks at the GPUs, is not known (a name proves neither)",
			program);
	else if (!has_interval)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "%.100s is there; how often it is run is not known: "
				       "HealthCheckInterval is %s",
				       program,
				       setting_value(machine, "setting:slurm:HealthCheckInterval")
					       ? "no number"
					       : "not set, or not known");
	else
		finding = findings_add(
			found, VERDICT_UNKNOWN, NULL,
			"%.100s is run every %llu s%s; whether it looks at the GPUs and "
			"drains the node is not shown",
			program, (unsigned long long)interval,
			item_presence(machine, script) == PRESENCE_PRESENT ? ", NHC is installed"
									   : "");
	finding->action =
		"have slurmd run a program that looks at the GPUs and drains the node, as "
		"assay-slurm-health of this package";
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, device));
	finding_rests_on(finding, machine_find(machine, NODE_FILE_MODE, file));
	finding_rests_on(finding,
			 machine_find(machine, NODE_SETTING, "setting:slurm:HealthCheckInterval"));
}

CHECK(slurm_health_program) = {
	.title = "Slurm runs a health program on every node",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.cmax = "healthChecks.nhcInstalled healthChecks.dcgmSlurm",
	.judge = judge,
};
