#include <string.h>

#include "check/nccl/effective.h"
#include "check/tally.h"

/* Versions with a fault that was reported and mended, from the first to before the one that is
 * mended. */
static const struct {
	const char *first, *mended;
	bool with_profiler; /* only where a profiler plug-in is loaded */
	enum verdict verdict;
	const char *says, *source, *action;
} faults[] = {
	{ "2.19.1", "2.20", false, VERDICT_WARN,
	  "jobs of many nodes may hang while they start unless NCCL_CUMEM_ENABLE=0",
	  "NVIDIA/nccl issues 1116 and 1134", "take 2.20 or newer, or set NCCL_CUMEM_ENABLE=0" },
	{ "2.30.3", "2.30.4", true, VERDICT_FAIL, "it ends with a fault when a profiler is loaded",
	  "NVIDIA/nccl issue 2112", "take another version, or no profiler" },
	{ "2.31.0", "2.31.3", true, VERDICT_WARN,
	  "a profiler costs 4 to 13 % of the speed of small collectives, in other versions 1 %",
	  "NVIDIA/nccl issue 2355", "take another version, or no profiler" },
};

enum {
	FAULTS = sizeof(faults) / sizeof(faults[0]),
};

static const struct record *find_profiler(const struct machine *machine)
{
	static const char prefix[] = "nccl-plugin:profiler:";
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, NODE_NCCL_PLUGIN, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (device && strncmp(device, prefix, sizeof(prefix) - 1) == 0)
			return one;
	}
	return NULL;
}

static void judge_version(struct tally *tally, const struct record *record)
{
	const struct record *profiler = find_profiler(tally->machine);
	const char *version = record->text;

	for (size_t i = 0; i < FAULTS; i++) {
		struct finding *finding;

		if (nccl_is_before(version, faults[i].first) ||
		    !nccl_is_before(version, faults[i].mended) ||
		    (faults[i].with_profiler && !profiler))
			continue;
		finding = findings_add(tally->found, faults[i].verdict, NULL, "NCCL %.20s: %s",
				       version, faults[i].says);
		finding->bar = faults[i].source;
		finding->action = faults[i].action;
		finding_rests_on(finding, record);
		if (faults[i].with_profiler)
			finding_rests_on(finding, profiler);
	}
}

/* "nccl-copy:/a/libnccl.so.2" */
static const char *path_of(const char *device)
{
	const char *colon = device ? strchr(device, ':') : NULL;

	return colon ? colon + 1 : "another library";
}

static void judge_copies(struct tally *tally, const char *version)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_NCCL_COPY, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct finding *finding;

		if (one->says != SAYS_STATE) {
			findings_add_unknown(tally->found, tally->machine, NODE_NCCL_COPY, device);
			continue;
		}
		if (strcmp(one->text, version) == 0) {
			tally_well(tally, one);
			continue;
		}
		finding = findings_add(tally->found, VERDICT_WARN, device,
				       "%s is NCCL %.20s, the machine's is %.20s: jobs differ by "
				       "what they load",
				       path_of(device), one->text, version);
		finding->action = "make them the same, or know which a job loads (NCCL_DEBUG="
				  "VERSION)";
		finding_rests_on(finding, one);
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	const struct record *record = machine_find(machine, NODE_NCCL_VERSION, NULL);
	struct finding *finding;
	struct tally tally;

	tally_start(&tally, seen, found);
	if (machine_state_is(machine, NODE_NCCL_LIBRARY, NULL, "absent")) {
		finding = findings_add(found, VERDICT_NOT_APPLICABLE, NULL,
				       "no library of NCCL on the machine; containers bring their "
				       "own");
		finding_rests_on(finding, machine_find(machine, NODE_NCCL_LIBRARY, NULL));
		return;
	}
	if (!record || record->says != SAYS_STATE) {
		findings_add_unknown(found, machine, NODE_NCCL_VERSION, NULL);
		return;
	}
	judge_version(&tally, record);
	judge_copies(&tally, record->text);
	tally_well(&tally, record);
	tally_pass(&tally, "NCCL %.20s: none of the faults of versions that are listed",
		   record->text);
}

CHECK(nccl_version) = {
	.title = "The version of NCCL is none that is known to be faulty",
	.since = "0.1",
	.needs = "node.nccl.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL | PROFILE_SECURITY,
	.judge = judge,
};
