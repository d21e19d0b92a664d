#include "check/nccl/effective.h"
#include "check/setting.h"
#include "check/software.h"

#include <string.h>

static const char *const tuned[] = { "NCCL_ALGO", "NCCL_PROTO", "NCCL_MIN_NCHANNELS",
				     "NCCL_MAX_NCHANNELS", "NCCL_NTHREADS" };
static const char *const places[] = { "nccl", "env" };
static const char *const place_names[] = { "/etc/nccl.conf", "the environment" };

/* True when nothing of the place forces the tuning, and that is known. */
static bool judge_place(const struct machine *machine, unsigned place, struct findings *found)
{
	size_t before = found->count;

	for (size_t i = 0; i < sizeof(tuned) / sizeof(tuned[0]); i++) {
		const char *device =
			arena_format(found->arena, "setting:%s:%s", places[place], tuned[i]);
		const struct record *record = machine_find(machine, NODE_SETTING, device);
		const char *value = setting_value(machine, device);
		struct finding *finding;

		/* Probes name the first three also when they are not set. */
		if (!value &&
		    (i >= 3 ? !record || record->says == SAYS_STATE
			    : item_presence(machine, (struct item){ NODE_SETTING, device }) ==
				      PRESENCE_ABSENT))
			continue;
		if (!value) {
			(void)item_unknown(found, machine, NODE_SETTING, device);
			return false;
		}
		finding = findings_add(found, VERDICT_FAIL, device, "%s=%.60s is forced in %s",
				       tuned[i], value, place_names[place]);
		finding->action = "take it out: the library chooses by size, and the next version "
				  "otherwise";
		finding_rests_on(finding, record);
	}
	return found->count == before;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const char *path;
	/* Files that were named are judged for nodes whose environment is not here. */
	bool are_named = nccl_files_named(seen->machine, &path) > 0;
	bool file = judge_place(seen->machine, 0, found);
	bool environment = are_named || judge_place(seen->machine, 1, found);

	if (file && environment)
		finding_rests_on(
			findings_add(found, VERDICT_PASS, NULL,
				     are_named ? "nothing that was named forces protocol, "
						 "algorithm or channels"
					       : "neither /etc/nccl.conf nor the environment "
						 "forces protocol, algorithm or channels"),
			machine_find(seen->machine, NODE_SETTING, "setting:nccl:NCCL_ALGO"));
}

CHECK(nccl_overrides) = {
	.title = "The tuning of the collective library is left alone",
	.since = "0.1",
	.needs = "node.setting",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.parts = PART_GPU,
	.cmax = "networking.ncclAutoConfig",
	.judge = judge,
};
