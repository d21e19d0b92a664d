#include "check/isolation/answer.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *answer;
	enum isolation_answer how;
	struct finding *finding;
	struct tally tally;

	tally_start(&tally, seen, found);
	if (!isolation_testable(&tally))
		return;
	how = isolation_answer_of(seen->machine, "aggregation", found->arena, &answer);
	if (how == ISOLATION_ANSWERED) {
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "the class of reduction trees (SHARP) answers a tenant "
				       "without a key");
		finding->action = "have the provider set the key of the aggregation manager and "
				  "reserve trees for each tenant";
		finding_rests_on(finding, answer);
	} else if (how == ISOLATION_SILENT || how == ISOLATION_REFUSED) {
		tally_well(&tally, answer);
	} else {
		(void)isolation_untested(&tally, "aggregation", "reduction trees");
	}
	tally_pass(&tally, "the class of reduction trees (SHARP) does not answer a tenant");
}

CHECK(isolation_aggregation) = {
	.title = "Reduction trees of the switches are closed to tenants",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
