#include "check/fabric/told.h"

#include <string.h>

/* networking.cross-leaf gives nothing for a loss of 30 % and more. */
static const double loss_that_fails = 0.30;

/* A leaf with one cable of 32 less above than below is built so, and not thin. */
static const double factor_of_level = 1.05;

static bool is_compute(const struct record *record)
{
	static const char begins[] = "fabric:compute/";
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	return device && strncmp(device, begins, strlen(begins)) == 0;
}

static void judge_tier(const struct record *record, struct findings *found)
{
	const char *place = fabric_place_name(record, found->arena);
	double factor = record->value, loss;
	struct finding *finding;

	if (record->says != SAYS_VALUE || !(factor > 0)) {
		finding = findings_add(found, VERDICT_UNKNOWN, place,
				       "how much goes up from its switches is not known: %s",
				       record->says == SAYS_UNKNOWN ? record->text : "no ratio");
		finding_rests_on(finding, record);
		return;
	}
	loss = 1 - 1 / factor;
	if (factor <= factor_of_level)
		finding = findings_add(
			found, VERDICT_PASS, place,
			"as much goes up as comes from below (%.3g to 1): the wiring takes nothing "
			"away, and whether routing does only a measurement tells",
			factor);
	else
		finding = findings_add(
			found, loss >= loss_that_fails ? VERDICT_FAIL : VERDICT_WARN, place,
			"%.3g times as much comes from below as goes up: where all hosts of a leaf "
			"send to other leaves at once, %.0f %% of their rate is lost, by wiring "
			"alone",
			factor, 100 * loss);
	finding->bar = "networking.cross-leaf: nothing for a loss of 30 % and more";
	if (finding->verdict != VERDICT_PASS)
		finding->action = "place jobs within leaf groups, and ask for more uplinks; "
				  "measure within a leaf and over several";
	finding_rests_on(finding, record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *record;
	size_t at = 0;

	while ((record = fabric_next(seen, FABRIC_BLOCKING, &at)))
		if (is_compute(record))
			judge_tier(record, found);
}

CHECK(fabric_blocking) = {
	.title = "The wiring above the leaves carries what comes from below",
	.since = "0.1",
	.needs = "fabric.",
	.judge = judge,
};
