#include "check/isolation/answer.h"

static const char bar[] = "a tenant sees his own devices and no others";

/* What was seen by the walk, when nothing of others was. */
static void judge_own(struct tally *tally)
{
	const struct machine *machine = tally->machine;
	struct arena *arena = tally->found->arena;
	const struct record *unseen =
		machine_find(machine, NODE_ISOLATION_COUNT, "isolation:unseen");
	double own = 0, switches = 0;
	struct finding *finding;

	(void)isolation_count_of(machine, "own", arena, &own);
	if (!isolation_count_of(machine, "switches", arena, &switches)) {
		findings_add_unknown(tally->found, machine, NODE_ISOLATION_COUNT,
				     "isolation:switches");
		return;
	}
	if (unseen) {
		finding = findings_add(
			tally->found, VERDICT_UNKNOWN, NULL,
			"no device of others among those that were seen, and not "
			"all was: %.120s",
			machine_why_unknown(machine, NODE_ISOLATION_COUNT, "isolation:unseen"));
		finding->action = "ask more with --questions";
		finding_rests_on(finding, unseen);
		return;
	}
	finding = findings_add(tally->found, VERDICT_PASS, NULL,
			       switches > 0 ? "%.0f devices of this tenant's own and %.0f switches "
					      "are seen, and none of others"
					    : "%.0f devices and %.0f switches are seen: beyond its "
					      "own port nothing answers",
			       own, switches);
	finding->bar = bar;
	finding_rests_on(finding, machine_find(machine, NODE_ISOLATION_COUNT, "isolation:foreign"));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct machine *machine = seen->machine;
	enum isolation_answer walk;
	struct finding *finding;
	struct tally tally;
	double foreign = 0, switches = 0;

	tally_start(&tally, seen, found);
	if (!isolation_testable(&tally))
		return;
	walk = isolation_answer_of(machine, "walk", found->arena, NULL);
	if (walk == ISOLATION_NOT_KNOWN || walk == ISOLATION_UNUSABLE) {
		(void)isolation_untested(&tally, "walk", "what is seen of the fabric");
		return;
	}
	if (!isolation_count_of(machine, "foreign", found->arena, &foreign)) {
		findings_add_unknown(found, machine, NODE_ISOLATION_COUNT, "isolation:foreign");
		return;
	}
	if (foreign <= 0) {
		judge_own(&tally);
		return;
	}
	(void)isolation_count_of(machine, "switches", found->arena, &switches);
	finding = findings_add(found, VERDICT_FAIL, NULL,
			       "%.0f adapters of others answer behind %.0f switches", foreign,
			       switches);
	finding->bar = bar;
	finding->action = "name the tenant's other nodes with --own; of what is left, have the "
			  "provider set management keys of level 2";
	finding_rests_on(finding, machine_find(machine, NODE_ISOLATION_COUNT, "isolation:foreign"));
}

CHECK(isolation_visibility) = {
	.title = "A tenant of InfiniBand sees only his own devices",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
