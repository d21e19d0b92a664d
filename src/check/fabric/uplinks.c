#include "check/fabric/told.h"

#include <string.h>

static const struct fabric_fault_row rows[] = {
	{ FAULT_UPLINK_MISSING, VERDICT_WARN },
	{ FAULT_UPLINK_MOVED, VERDICT_WARN },
	{ FAULT_LINK_MISSING, VERDICT_WARN },
};

/* networking.cross-leaf gives nothing for a loss of 30 % and more. */
static const double loss_that_fails = 0.30;

/* The share of the middle switch's bandwidth upward that the thinnest of its tier lacks, of all
 * tiers of the compute fabric the most; 0 when no tier tells both. */
static double find_loss(const struct check_input *seen, const struct record *whole)
{
	static const char begins[] = "fabric:compute/";
	const char *cluster = whole->subject.parts[SUBJECT_CLUSTER];
	const struct record *most;
	double loss = 0;
	size_t at = 0;

	while ((most = fabric_next(seen, FABRIC_BLOCKING_MOST, &at))) {
		const char *device = most->subject.parts[SUBJECT_DEVICE];
		const char *its = most->subject.parts[SUBJECT_CLUSTER];
		double middle;

		if (!device || strncmp(device, begins, strlen(begins)) != 0 ||
		    strcmp(its ? its : "", cluster ? cluster : "") != 0 ||
		    most->says != SAYS_VALUE || !(most->value > 0) ||
		    !fabric_value(seen, FABRIC_BLOCKING, most, &middle))
			continue;
		if (1 - middle / most->value > loss)
			loss = 1 - middle / most->value;
	}
	return loss;
}

static void judge_cluster(const struct check_input *seen, const struct record *whole,
			  struct findings *found)
{
	struct finding *finding = fabric_judge_faults(
		seen, whole, rows, sizeof(rows) / sizeof(rows[0]),
		"each switch has the links upward that its siblings have", found);
	double loss = find_loss(seen, whole);

	if (finding->verdict != VERDICT_WARN)
		return;
	finding->bar = "networking.cross-leaf: nothing for a loss of 30 % and more";
	if (loss < loss_that_fails)
		return;
	finding->verdict = VERDICT_FAIL;
	finding->text =
		arena_format(found->arena,
			     "the thinnest switch lacks %.0f %% of what the middle one of its tier "
			     "has upward; %s",
			     100 * loss, finding->text);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	fabric_judge_each(seen, judge_cluster, found);
}

CHECK(fabric_uplinks) = {
	.title = "No switch lacks links that its siblings have",
	.since = "0.1",
	.needs = "fabric.",
	.judge = judge,
};
