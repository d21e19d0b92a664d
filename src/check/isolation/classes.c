#include "check/isolation/answer.h"

static const struct {
	const char *question, *label, *key;
	enum verdict answered;
} classes[] = {
	{ "vendor", "the vendor's class", "vs_key_enable 2", VERDICT_FAIL },
	{ "congestion", "congestion control", "cc_key_enable 2", VERDICT_FAIL },
	{ "node-to-node", "the node-to-node class", "n2n_key_enable 2", VERDICT_FAIL },
	{ "counters", "performance management, which shows the traffic of others,",
	  "vs_key_enable 2", VERDICT_WARN },
};

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	if (!isolation_testable(&tally))
		return;
	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
		const struct record *answer;
		struct finding *finding;

		if (!isolation_is_open(&tally, classes[i].question, classes[i].label, &answer))
			continue;
		finding = findings_add(
			found, classes[i].answered, answer->subject.parts[SUBJECT_DEVICE],
			"the switch beside this node answers %s without a key", classes[i].label);
		finding->action = arena_format(found->arena, "have the provider set the key (%s)",
					       classes[i].key);
		finding->bar = "each class of management has a key of its own";
		finding_rests_on(finding, answer);
	}
	tally_pass(&tally, "%zu classes of management are not answered without a key", tally.well);
}

CHECK(isolation_classes) = {
	.title = "Each class of management is closed to tenants",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
