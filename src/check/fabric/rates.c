#include "check/fabric/told.h"

static const struct fabric_fault_row rows[] = {
	{ FAULT_SLOW, VERDICT_WARN },
	{ FAULT_UNEQUAL, VERDICT_WARN },
};

/* networking.rail-bandwidth gives nothing for half of the line rate and less. */
static const double share_that_fails = 50;

/* Of the compute fabric; false when it is not told. */
static bool find_slowest(const struct check_input *seen, const struct record *whole,
			 double *ret_share)
{
	struct record compute = *whole;

	compute.subject.parts[SUBJECT_DEVICE] = "fabric:compute";
	return fabric_value(seen, FABRIC_LINK_SLOWEST, &compute, ret_share);
}

static void judge_cluster(const struct check_input *seen, const struct record *whole,
			  struct findings *found)
{
	struct finding *finding = fabric_judge_faults(
		seen, whole, rows, sizeof(rows) / sizeof(rows[0]),
		"each link runs at the rate of its like, and its ends agree", found);
	double share;

	if (finding->verdict == VERDICT_PASS && !find_slowest(seen, whole, &share)) {
		finding->verdict = VERDICT_UNKNOWN;
		finding->text = "no rate of a host's link is told";
		finding->action = "let assay fabric discover read the ports themselves";
	}
	if (finding->verdict != VERDICT_WARN)
		return;
	finding->bar = "networking.rail-bandwidth: nothing for 50 % of line rate and less";
	if (!find_slowest(seen, whole, &share) || share > share_that_fails)
		return;
	finding->verdict = VERDICT_FAIL;
	finding->text = arena_format(found->arena,
				     "the slowest link of a host runs at %.0f %% of its like; %s",
				     share, finding->text);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	fabric_judge_each(seen, judge_cluster, found);
}

CHECK(fabric_rates) = {
	.title = "Every link runs at the rate of its like",
	.since = "0.1",
	.needs = "fabric.",
	.judge = judge,
};
