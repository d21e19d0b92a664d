#include "check/check.h"

/* What the evidence combined-burn of the criterion reliability.burn-in asks; a hundredth of it goes
 * for the start. */
static const double asked_s = 8 * 3600, tolerance = 0.01;

static const char device[] = "test:burn";

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *loaded = machine_find(seen->machine, NODE_TEST_BURN_LOADED, device);
	struct finding *finding;

	if (!loaded || loaded->says != SAYS_VALUE) {
		findings_add_unknown(found, seen->machine, NODE_TEST_BURN_LOADED, device);
		return;
	}
	if (loaded->value >= asked_s * (1 - tolerance))
		finding = findings_add(found, VERDICT_PASS, NULL,
				       "the load was held for %.1f h, 8 h asked",
				       loaded->value / 3600);
	else
		finding = findings_add(found, VERDICT_UNKNOWN, NULL,
				       "the load was held for %.0f s, 8 h asked: what comes later "
				       "was not seen",
				       loaded->value);
	finding->bar = "8 h: evidence combined-burn of the criteria of reliability";
	finding_rests_on(finding, loaded);
}

CHECK(burn_duration) = {
	.title = "The burn-in was long enough",
	.since = "0.1",
	.needs = "node.test.burn.loaded",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.parts = PART_GPU,
	.judge = judge,
};
