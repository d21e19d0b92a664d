#include "check/setting.h"
#include "check/software.h"

#include <string.h>

/* Builds that are made for a fabric: HPC-X, and the one that Amazon ships for EFA. */
static bool is_tuned_path(const char *place)
{
	return place && (strstr(place, "/hpcx") || strstr(place, "/opt/amazon/openmpi"));
}

/* What names an MPI to "module load". */
struct module {
	const char *name, *library; /* `library` NULL: none was found by what the file names */
	const struct record *record;
	unsigned count; /* of modules, this one among them */
};

/* One that leads to a library before those that do not. False without any. */
static bool find_module(const struct machine *machine, struct module *ret_module)
{
	struct module module = { 0 };
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_MPI_MODULE, &at))) {
		const char *library = machine_state(machine, NODE_MPI_MODULE_LIBRARY,
						    one->subject.parts[SUBJECT_DEVICE]);
		unsigned count = module.count + 1;

		if (one->says != SAYS_STATE)
			continue;
		if (!module.record || (library && !module.library))
			module = (struct module){ one->text, library, one, 0 };
		module.count = count;
	}
	*ret_module = module;
	return module.count > 0;
}

/* Nothing else shows an MPI. */
static struct finding *judge_module(const struct module *module, struct findings *found)
{
	const char *file = module->record->subject.parts[SUBJECT_DEVICE] + strlen("mpi-module:");

	if (module->library)
		return findings_add(found, VERDICT_WARN, NULL,
				    "an MPI is there for those who load a module (%s), and not on "
				    "the path of users: %s",
				    module->name, module->library);
	return findings_add(
		found, VERDICT_WARN, NULL,
		"only a module names an MPI (%s in %s%s): whether a library stands behind "
		"it is not shown",
		module->name, file, module->count > 1 ? ", and others" : "");
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct item items[] = { { NODE_SOFTWARE, "software:hpcx" },
					     { NODE_SOFTWARE, "software:openmpi" } };
	const struct machine *machine = seen->machine;
	const char *profile = setting_value(machine, "setting:path:profile");
	const char *place = machine_state(machine, NODE_SOFTWARE_PATH, "software:openmpi");
	struct module module = { 0 };
	struct finding *finding;
	struct roll roll;

	if (!slurm_applies(machine, found))
		return;
	roll = roll_call(machine, items, 2, found->arena);
	(void)find_module(machine, &module);
	if (roll.count[PRESENCE_PRESENT] > 0 && is_tuned_path(profile))
		finding =
			findings_add(found, VERDICT_PASS, NULL,
				     "an MPI that is made for the fabric is on the path of users");
	else if (item_presence(machine, items[0]) == PRESENCE_PRESENT || is_tuned_path(place))
		finding = findings_add(
			found, VERDICT_WARN, NULL,
			"an MPI that is made for the fabric is installed, and not on the "
			"path of users (%s%s)",
			module.name ? "there is a module " : "no module of an MPI was found",
			module.name ? module.name : "");
	else if (item_presence(machine, items[1]) == PRESENCE_PRESENT)
		finding = findings_add(
			found, VERDICT_WARN, NULL,
			"a generic Open MPI is installed: whether it uses the fabric is "
			"not shown");
	else if (module.record)
		finding = judge_module(&module, found);
	else if (roll.count[PRESENCE_UNKNOWN] > 0)
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "whether there is %s is not known: %s",
				       roll.names[PRESENCE_UNKNOWN], roll.reason);
	else
		finding = findings_add(found, VERDICT_FAIL, NULL, "no MPI is installed");
	if (finding->verdict == VERDICT_FAIL || finding->verdict == VERDICT_WARN)
		finding->action =
			"install HPC-X, or the equal that fits the fabric, as the default";
	finding_rests_on_roll(finding, &roll);
	finding_rests_on(finding, module.record);
	finding_rests_on(finding, machine_find(machine, NODE_SETTING, "setting:path:profile"));
}

CHECK(mpi_library) = {
	.title = "A tuned MPI is the default and found without hunting",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_SECURITY,
	.judge = judge,
};
