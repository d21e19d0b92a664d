#include <string.h>

#include "check/tally.h"

static void judge(const struct check_input *seen, struct findings *found)
{
	static const char device[] = "limit:memlock";
	const char *setting = machine_state(seen->machine, NODE_SETTING, "setting:limits:memlock");
	const struct record *limit;
	struct finding *finding;
	struct tally tally;

	tally_start(&tally, seen, found);
	limit = tally_need(&tally, NODE_LIMIT, device);
	if (!limit)
		return;
	if (strcmp(limit->text, "unlimited") == 0) {
		tally_say(&tally, VERDICT_PASS, NULL, limit,
			  "memory may be locked without limit in this context; a job may have "
			  "another one");
		return;
	}
	finding = tally_say(
		&tally, VERDICT_WARN, NULL, limit,
		"at most %.40s bytes may be locked in this context, unlimited expected%s"
		"%.60s; look in the job's own",
		limit->text, setting ? "; limits.conf says " : "", setting ? setting : "");
	finding->bar = "unlimited: RDMA locks all memory that it registers";
	finding->action =
		"set memlock to unlimited in /etc/security/limits.d and in the unit of the "
		"job's daemon (LimitMEMLOCK=infinity)";
}

CHECK(limit_memlock) = {
	.title = "Programs may lock the memory that RDMA needs",
	.since = "0.1",
	.needs = "node.limit",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_RDMA,
	.judge = judge,
};
