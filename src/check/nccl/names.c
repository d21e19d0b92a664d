#include <string.h>

#include "check/nccl/effective.h"
#include "check/setting.h"
#include "check/software.h"
#include "check/tally.h"

static const char prefix[] = "nccl-name:";

static bool is_named(const struct record *record)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	return device && strncmp(device, prefix, sizeof(prefix) - 1) == 0;
}

static void judge_name(struct tally *tally, const struct record *record, const char *version)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];
	const char *name = device + strlen(prefix);
	const char *near = strstr(record->text, "near:");
	struct finding *finding;

	if (strncmp(record->text, "absent", 6) != 0) {
		tally_well(tally, record);
		return;
	}
	if (near) {
		finding = findings_add(tally->found, VERDICT_FAIL, device,
				       "%.64s is set, and NCCL %s asks for no such name; is %.64s "
				       "meant?",
				       name, version, near + 5);
		finding->action = "mend the name where it is set";
	} else {
		finding = findings_add(tally->found, VERDICT_WARN, device,
				       "%.64s is set, and neither NCCL %s nor a plug-in that is "
				       "found asks for it",
				       name, version);
		finding->action = "take it out, unless another library of the job reads it";
	}
	finding->bar = "the names inside the installed library";
	finding_rests_on(finding, record);
}

/* One setting of NCCL that is set, whatever its place; NULL for none. */
static const struct record *any_setting(const struct machine *machine)
{
	static const char *const places[] = { "setting:env:NCCL_", "setting:nccl:NCCL_",
					      "setting:nccl-user:NCCL_" };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		size_t at = 0;
		const struct record *one = setting_next(machine, places[i], &at);

		if (one)
			return one;
	}
	return NULL;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const char *version = nccl_version_of(machine);
	const char *library = machine_state(machine, NODE_NCCL_LIBRARY, NULL);
	const struct record *set = any_setting(machine), *one;
	struct finding *finding;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(machine, NODE_NCCL_NAME, &at)))
		if (one->says == SAYS_STATE && is_named(one))
			judge_name(&tally, one, version ? version : "(of unknown version)");
	if (tally.well > 0 || found->count > tally.before) {
		tally_pass(&tally, "%zu name%s that %s set: %s asks for all of them", tally.well,
			   plural(tally.well), tally.well == 1 ? "is" : "are",
			   version ? arena_format(found->arena, "NCCL %s", version) : "NCCL");
		return;
	}
	if (!library) {
		findings_add_unknown(found, machine, NODE_NCCL_LIBRARY, NULL);
		return;
	}
	if (!set) {
		finding = findings_add(found, VERDICT_PASS, NULL, "no setting of NCCL is set");
		finding_rests_on(finding, machine_find(machine, NODE_NCCL_LIBRARY, NULL));
		return;
	}
	finding = findings_add(found, VERDICT_UNKNOWN, NULL,
			       strcmp(library, "absent") == 0
				       ? "names are set, and there is no library of NCCL here to "
					 "hold them against"
				       : "names are set, and what the library asks for could not "
					 "be read");
	finding->action = "look inside a container of a job, or name the library with --library";
	finding_rests_on(finding, set);
}

CHECK(nccl_names) = {
	.title = "The library asks for each NCCL setting that is set",
	.since = "0.1",
	.needs = "node.nccl.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.judge = judge,
};
