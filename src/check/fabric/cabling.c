#include "check/fabric/told.h"

/* A cable at another's place leads all traffic further and stops none; what is cut off stops. */
static const struct fabric_fault_row rows[] = {
	{ FAULT_CUT_OFF, VERDICT_FAIL },    { FAULT_SELF, VERDICT_FAIL },
	{ FAULT_ONE_SIDED, VERDICT_FAIL },  { FAULT_SWAPPED, VERDICT_WARN },
	{ FAULT_MISPLACED, VERDICT_WARN },  { FAULT_RAILS, VERDICT_WARN },
	{ FAULT_LEAF_EMPTY, VERDICT_WARN }, { FAULT_HOST_ABOVE, VERDICT_WARN },
};

static void judge_cluster(const struct check_input *seen, const struct record *whole,
			  struct findings *found)
{
	(void)fabric_judge_faults(seen, whole, rows, sizeof(rows) / sizeof(rows[0]),
				  "each cable of a host ends where those of its like do", found);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	fabric_judge_each(seen, judge_cluster, found);
}

CHECK(fabric_cabling) = {
	.title = "Every cable ends where the others of its kind do",
	.since = "0.1",
	.needs = "fabric.",
	.judge = judge,
};
