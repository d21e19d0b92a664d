#include "check/gpu/reach.h"
#include "check/log_rules.h"
#include "check/tally.h"

/* Corrected errors within a day from which they are worth a ticket: the default of mcelog for one
 * memory module ("ce-error-threshold = 10 / 24h"). */
static const double corrected_per_day = 10.0;

static const char machine_action[] =
	"drain; read the bank and address with rasdaemon or mcelog; replace the part";

/* Lines of details have no verdict of their own. */
static const struct log_rule lines[] = {
	{ "uncorrected", NULL, VERDICT_FAIL, "an uncorrected hardware error", machine_action },
	{ "uncorrectable", NULL, VERDICT_FAIL, "an uncorrected hardware error", machine_action },
	{ "non-fatal", NULL, VERDICT_FAIL, "an uncorrected hardware error", machine_action },
	{ "fatal", NULL, VERDICT_FAIL, "a fatal hardware error", machine_action },
	{ "severity: recoverable", NULL, VERDICT_FAIL, "an uncorrected hardware error",
	  machine_action },
	{ "machine check exception", NULL, VERDICT_FAIL, "a machine check exception",
	  machine_action },
	{ "processor context corrupt", NULL, VERDICT_FAIL, "an uncorrected hardware error",
	  machine_action },
	{ "deferred error", NULL, VERDICT_WARN, "an error in data that nobody has used yet",
	  machine_action },
};

/* Lines of which each stands for corrected errors; of one error there may be several, each of
 * another form. */
static const struct log_rule corrected[] = {
	{ "machine check events logged", NULL, VERDICT_WARN, "", "" },
	{ "event severity: corrected", NULL, VERDICT_WARN, "", "" },
	{ "corrected error, no action", NULL, VERDICT_WARN, "", "" },
};

enum {
	FORMS = sizeof(corrected) / sizeof(corrected[0]),
};

/* The form that is seen most often tells how many there were. */
static size_t count_corrected(const struct machine *machine, const struct record **ret_newest)
{
	static const struct log_rules rules = { NODE_LOG_MACHINE_CHECK, corrected, FORMS, "" };
	size_t counts[FORMS] = { 0 }, most = 0, at = 0;
	const struct record *one;

	while ((one = machine_next(machine, NODE_LOG_MACHINE_CHECK, &at))) {
		const struct log_rule *rule =
			one->says == SAYS_TEXT ? log_rules_find(&rules, one->text) : NULL;

		if (!rule)
			continue;
		*ret_newest = one;
		if (++counts[rule - corrected] > most)
			most = counts[rule - corrected];
	}
	return most;
}

static void judge_corrected(struct tally *tally, const struct log_reach *reach, size_t count,
			    const struct record *newest)
{
	double days = reach->span_h > 24.0 ? reach->span_h / 24.0 : 1.0;
	struct finding *finding;

	if ((double)count <= corrected_per_day * days) {
		tally_well(tally, newest);
		return;
	}
	finding = tally_say(tally, VERDICT_WARN, NULL, newest,
			    "%zu reports of corrected hardware errors in %.1f days, at most %.0f a "
			    "day expected",
			    count, days, corrected_per_day);
	finding->bar = "10 in 24 hours: the default of mcelog for a memory module";
	finding->action = "watch; find the part with rasdaemon or mcelog; open a ticket";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct log_rules rules = {
		NODE_LOG_MACHINE_CHECK,
		lines,
		sizeof(lines) / sizeof(lines[0]),
		"",
	};
	const struct record *newest = NULL;
	struct log_reach reach;
	struct tally tally;
	size_t count;

	tally_start(&tally, seen, found);
	(void)log_rules_judge_lines(&rules, seen, found);
	if (!log_reach(seen->machine, NODE_LOG_MACHINE_CHECK, found->arena, &reach)) {
		log_add_unknown(seen->machine, NODE_LOG_MACHINE_CHECK, found);
		return;
	}
	count = count_corrected(seen->machine, &newest);
	judge_corrected(&tally, &reach, count, newest);
	if (tally_is_clean(&tally))
		log_rests_on(seen->machine,
			     tally_pass(&tally,
					"no uncorrected hardware error and %zu report%s of "
					"corrected ones in %.0f lines of the kernel log, %s",
					count, plural(count), reach.lines, reach.words));
}

CHECK(machine_checks) = {
	.title = "Processors and memory report no hardware error",
	.since = "0.1",
	.needs = "node.log.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.judge = judge,
};
