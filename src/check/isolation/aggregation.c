#include "check/isolation/answer.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *answer;
	struct finding *finding;
	struct tally tally;

	tally_start(&tally, seen, found);
	if (!isolation_testable(&tally))
		return;
	if (isolation_is_open(&tally, "aggregation", "reduction trees", &answer)) {
		finding = findings_add(found, VERDICT_FAIL, NULL,
				       "the class of reduction trees (SHARP) answers a tenant "
				       "without a key");
		finding->action = "have the provider set the key of the aggregation manager and "
				  "reserve trees for each tenant";
		finding_rests_on(finding, answer);
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
