#include <math.h>
#include <string.h>

#include "check/check.h"

/* A measured figure may fall short of the claim by this share before the claim is called false:
 * the spread between equal machines and runs. */
static const double tolerance = 0.05;

/* In these units less is better, in all others more. */
static bool less_is_better(const char *unit)
{
	static const char *const units[] = { "s", "ms", "us",  "min",         "h",
					     "C", "W",  "USD", "USD/GPU-hour" };

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(units[i], unit) == 0)
			return true;
	return false;
}

/* The strongest record stronger than a claim about the same measure; of equals the worst value,
 * so that one good run does not hide a bad one. */
static const struct record *find_measured(const struct check_input *seen,
					  const struct record *claim)
{
	const struct record *best = NULL;

	for (size_t i = 0; i < seen->count; i++) {
		const struct record *one = seen->records[i];
		bool worse;

		if (one->strength == STRENGTH_E0 || strcmp(one->what, claim->what) != 0 ||
		    strcmp(one->unit, claim->unit) != 0)
			continue;
		worse = best && (less_is_better(claim->unit) ? one->value > best->value
							     : one->value < best->value);
		if (!best || one->strength > best->strength ||
		    (one->strength == best->strength && worse))
			best = one;
	}
	return best;
}

static double shortfall(const struct record *claim, const struct record *measured)
{
	double gap = less_is_better(claim->unit) ? measured->value - claim->value
						 : claim->value - measured->value;

	return gap / fabs(claim->value);
}

static void judge_claim(const struct check_input *seen, const struct record *claim,
			struct findings *found)
{
	const struct record *measured = find_measured(seen, claim);
	struct finding *finding;

	if (!measured || claim->value == 0.0) {
		findings_add(found, VERDICT_UNKNOWN, claim->what,
			     "claimed %.15g %s, nobody measured it; measure it", claim->value,
			     claim->unit)
			->evidence[0] = claim;
		return;
	}
	if (shortfall(claim, measured) > tolerance)
		finding = findings_add(found, VERDICT_FAIL, claim->what,
				       "claimed %.15g %s, measured %.15g %s; ask for what was sold",
				       claim->value, claim->unit, measured->value, measured->unit);
	else
		finding = findings_add(found, VERDICT_PASS, claim->what,
				       "claimed %.15g %s, measured %.15g %s", claim->value,
				       claim->unit, measured->value, measured->unit);
	finding->evidence[0] = claim;
	finding->evidence[1] = measured;
	finding->observed = measured->observed;
	finding->strength = measured->strength;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	for (size_t i = 0; i < seen->count; i++) {
		const struct record *one = seen->records[i];

		if (one->strength == STRENGTH_E0 && one->says == SAYS_VALUE &&
		    strncmp(one->what, "claim.", 6) == 0)
			judge_claim(seen, one, found);
	}
}

CHECK(claim_consistent) = {
	.title = "What was measured is what was claimed",
	.since = "0.1",
	.needs = "claim.",
	.judge = judge,
};
