#include "check/isolation/answer.h"

#include <string.h>

enum {
	LEVEL_GUARDED = 2, /* from here on a Get without the key is not answered */
};

static const char action[] =
	"have the provider set a management key for each port, with protection level 2 "
	"(m_key_per_port, m_key_protection_level 2)";

static const char bar[] = "a key that cannot be read, protection level 2";

static void judge_port(struct tally *tally, const char *question, const char *label)
{
	struct arena *arena = tally->found->arena;
	const char *device = arena_format(arena, "isolation:%s", question);
	const struct record *answer;
	enum isolation_answer how = isolation_answer_of(tally->machine, question, arena, &answer);
	struct finding *finding;
	double level;

	if (how == ISOLATION_SILENT) {
		tally_well(tally, answer);
		return;
	}
	if (how != ISOLATION_ANSWERED) {
		(void)isolation_untested(tally, question, label);
		return;
	}
	if (!machine_value(tally->machine, NODE_ISOLATION_PROTECTION, device, &level)) {
		findings_add_unknown(tally->found, tally->machine, NODE_ISOLATION_PROTECTION,
				     device);
		return;
	}
	if (level >= LEVEL_GUARDED) {
		tally_well(tally, answer);
		return;
	}
	if (machine_state_is(tally->machine, NODE_ISOLATION_KEY, device, "shown"))
		finding = findings_add(tally->found, VERDICT_FAIL, device,
				       "%s shows its management key to anybody who asks: whoever "
				       "has it can change the fabric",
				       label);
	else
		finding = findings_add(tally->found, level >= 1 ? VERDICT_WARN : VERDICT_FAIL,
				       device, "%s: protection level %.0f, %s", label, level,
				       level >= 1 ? "questions without the key are answered"
						  : "and no management key is set");
	finding->action = action;
	finding->bar = bar;
	finding_rests_on(finding, machine_find(tally->machine, NODE_ISOLATION_PROTECTION, device));
	finding_rests_on(finding, machine_find(tally->machine, NODE_ISOLATION_KEY, device));
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	if (!isolation_testable(&tally))
		return;
	judge_port(&tally, "own-port", "the port of this node");
	judge_port(&tally, "switch", "the switch beside it");
	tally_pass(&tally, "management keys guard the port of this node and the switch beside it");
}

CHECK(isolation_management_key) = {
	.title = "A management key guards ports and switches",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
