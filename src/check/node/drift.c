#include "check/drift.h"
#include "check/tally.h"

/* Of more differences than this the rest is told as a number. */
enum {
	DRIFTS_TOLD = 40,
};

static void say(struct tally *tally, const struct drift *drift)
{
	enum drift_kind kind = drift_kind_of(drift->measure);
	struct arena *arena = tally->found->arena;
	struct finding *finding;
	const char *label =
		drift->device ? device_label(tally->machine, drift->device, arena) : "the node";

	finding = findings_add(
		tally->found, kind == DRIFT_SOFTWARE ? VERDICT_WARN : VERDICT_FAIL,
		drift->device
			? arena_format(arena, "%s %s", measures[drift->measure].name, drift->device)
			: measures[drift->measure].name,
		"%.80s: %.*s: %.80s, %.80s on the golden node", label,
		SPAN_ARGS(measure_title(drift->measure)), drift->is ? drift->is : "not there",
		drift->was ? drift->was : "not there");
	finding->observed = tally->machine->observed;
	finding->bar = "the golden node";
	finding->action = kind == DRIFT_SOFTWARE ? "install and set it as on the golden node"
			  : kind == DRIFT_FIRMWARE
				  ? "flash it as on the golden node"
				  : "look for the part that is missing or another one";
	finding_rests_on(finding, machine_find(tally->machine, drift->measure, drift->device));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct drift *drifts;
	struct tally tally;
	size_t count, told = 0, compared;

	tally_start(&tally, seen, found);
	if (!seen->golden) {
		tally_say(&tally, VERDICT_NOT_APPLICABLE, NULL, NULL,
			  "no golden node to compare with: record one with assay inventory");
		return;
	}
	compared = drift_compared(seen->machine, seen->golden);
	if (compared == 0) {
		tally_say(&tally, VERDICT_UNKNOWN, NULL, NULL,
			  "the golden node has nothing that this look has as well");
		return;
	}
	count = drift_find(seen->machine, seen->golden, found->arena, &drifts);
	for (int is_software = 0; is_software < 2; is_software++)
		for (size_t i = 0; i < count && told < DRIFTS_TOLD; i++) {
			if ((drift_kind_of(drifts[i].measure) == DRIFT_SOFTWARE) != is_software)
				continue;
			say(&tally, &drifts[i]);
			told++;
		}
	if (count > told)
		tally_say(&tally, VERDICT_WARN, NULL, NULL,
			  "%zu further differences from the golden node", count - told);
	if (count > 0)
		return;
	tally_well(&tally, machine_find(seen->machine, NODE_KERNEL, NULL));
	tally_pass(&tally,
		   "no difference from the golden node %.60s in %zu measures of models, counts, "
		   "firmware, versions and settings",
		   seen->golden->name, compared);
}

CHECK(node_drift) = {
	.title = "The node is as the golden node",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
