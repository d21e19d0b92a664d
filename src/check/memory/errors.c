#include "check/gpu/reach.h"
#include "check/log_rules.h"
#include "check/tally.h"

/* The default of mcelog for one memory module: "ce-error-threshold = 10 / 24h". */
static const double corrected_per_day = 10.0;
static const double day_s = 86400.0;

/* Corrected errors are in the counters; lines of the log tell what these may not. */
static const struct log_rule lines[] = {
	{ " UE ", NULL, VERDICT_FAIL, "an uncorrected memory error",
	  "drain; replace the memory module" },
	{ "uncorrect", NULL, VERDICT_FAIL, "an uncorrected memory error",
	  "drain; replace the memory module" },
	{ "Memory failure: ", NULL, VERDICT_FAIL, "the kernel took a page out of use",
	  "drain; replace the memory module" },
};

static void judge_uncorrected(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_EDAC_UNCORRECTED, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct finding *finding;

		if (one->says != SAYS_VALUE) {
			tally_say(tally, VERDICT_UNKNOWN, device, one,
				  "how many errors were not corrected is not known: %s", one->text);
			continue;
		}
		if (one->value < 0.5) {
			tally_well(tally, one);
			continue;
		}
		finding = tally_say(tally, VERDICT_FAIL, device, one,
				    "%.0f uncorrected memory errors, none expected", one->value);
		finding->bar = "none: data has been lost";
		finding->action = "drain; replace the memory module";
		finding->clears = "the exchange of the module and a reboot";
	}
}

static void judge_corrected(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_EDAC_CORRECTED, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct counter_rate rate;
		struct finding *finding;
		double days;

		if (!machine_rate(tally->machine, NODE_EDAC_CORRECTED, device, &rate)) {
			/* Where the uncorrected ones are not known either, it has been said. */
			if (machine_value(tally->machine, NODE_EDAC_UNCORRECTED, device, &days) &&
			    (one->says != SAYS_VALUE || one->value > 0.5))
				tally_say(tally, VERDICT_UNKNOWN, device, one,
					  "how fast corrected errors come is not known: %s",
					  one->says == SAYS_VALUE ? "no uptime" : one->text);
			continue;
		}
		days = rate.window_s > day_s ? rate.window_s / day_s : 1.0;
		if (rate.rise <= corrected_per_day * days)
			continue;
		finding = tally_say(tally, VERDICT_WARN, device, one,
				    "%.0f corrected memory errors in %.1f hours%s, at most %.0f a "
				    "day expected",
				    rate.rise, rate.window_s / 3600.0,
				    rate.since_boot ? ", since the start" : "", corrected_per_day);
		finding->bar = "10 in 24 hours: the default of mcelog for a memory module";
		finding->action = "watch; replace the memory module at the next chance";
		finding_rests_on(finding, rate.before);
	}
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct log_rules rules = {
		NODE_LOG_MEMORY,
		lines,
		sizeof(lines) / sizeof(lines[0]),
		"",
	};
	const char *reason;
	struct log_reach reach;
	struct tally tally;
	bool has_log;

	tally_start(&tally, seen, found);
	(void)log_rules_judge_lines(&rules, seen, found);
	if (machine_has(seen->machine, PART_EDAC, &reason) == PRESENCE_ABSENT) {
		if (tally_is_clean(&tally))
			tally_say(&tally, VERDICT_NOT_APPLICABLE, NULL,
				  machine_find(seen->machine, NODE_EDAC_CONTROLLERS, NULL), "%s",
				  reason);
		return;
	}
	if (!tally_need(&tally, NODE_EDAC_CONTROLLERS, NULL))
		return;
	judge_uncorrected(&tally);
	judge_corrected(&tally);
	has_log = log_reach(seen->machine, NODE_LOG_MEMORY, found->arena, &reach);
	tally_pass(&tally,
		   "no uncorrected error in %zu counters of memory modules and controllers, and "
		   "corrected ones are rare%s",
		   tally.well,
		   has_log ? "; the kernel log agrees" : "; the kernel log was not read");
}

CHECK(memory_errors) = {
	.title = "The node's memory has lost no data",
	.since = "0.1",
	.needs = "node.edac.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.required = true,
	.judge = judge,
};
