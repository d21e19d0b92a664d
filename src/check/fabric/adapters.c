#include "check/fabric/told.h"

static const struct fabric_fault_row rows[] = {
	{ FAULT_ADAPTER_MISSING, VERDICT_FAIL }, { FAULT_ADAPTER_UNSEEN, VERDICT_FAIL },
	{ FAULT_DUPLICATE_GUID, VERDICT_FAIL },  { FAULT_UNNAMED, VERDICT_WARN },
	{ FAULT_HOST_DOUBT, VERDICT_WARN },
};

static void judge_cluster(const struct check_input *seen, const struct record *whole,
			  struct findings *found)
{
	(void)fabric_judge_faults(seen, whole, rows, sizeof(rows) / sizeof(rows[0]),
				  "each host has the adapters of its like, and no GUID is there "
				  "twice",
				  found);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	fabric_judge_each(seen, judge_cluster, found);
}

CHECK(fabric_adapters) = {
	.title = "Every adapter is there, and each has a GUID of its own",
	.since = "0.1",
	.needs = "fabric.",
	.judge = judge,
};
