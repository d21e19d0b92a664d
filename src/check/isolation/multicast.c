#include "check/isolation/answer.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *answer;
	enum isolation_answer how;
	struct finding *finding;
	struct tally tally;
	double groups = 0;

	tally_start(&tally, seen, found);
	if (!isolation_testable(&tally))
		return;
	how = isolation_answer_of(seen->machine, "sa-multicast", found->arena, &answer);
	(void)isolation_count_of(seen->machine, "sa-multicast", found->arena, &groups);
	if (how == ISOLATION_ANSWERED && groups > 0) {
		finding = findings_add(found, VERDICT_WARN, NULL,
				       "subnet administration lists %.0f memberships of multicast "
				       "groups to a tenant; whether he may join is not tried",
				       groups);
		finding->action = "have the provider give each tenant groups of his own partition "
				  "alone";
	} else if (how == ISOLATION_NOT_KNOWN || how == ISOLATION_UNUSABLE) {
		(void)isolation_untested(&tally, "sa-multicast", "multicast groups");
		return;
	} else {
		finding =
			findings_add(found, VERDICT_UNKNOWN, NULL,
				     "groups are not listed; whether a join of the default group "
				     "is refused is not testable: a join would change the fabric");
		finding->action = "try it together with the provider";
	}
	finding_rests_on(finding, answer);
}

CHECK(isolation_multicast) = {
	.title = "Multicast groups of others are closed to tenants",
	.since = "0.1",
	.needs = "node.isolation.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
