#include "check/gpu/reach.h"
#include "check/log_rules.h"
#include "check/tally.h"

/* Shares of a limit, and numbers of zombies, that leptonai/gpud warns of and complains of. */
static const double share_warn = 0.80, share_fail = 0.95;
static const double zombies_warn = 1000.0, zombies_fail = 2000.0;

static const struct log_rule lines[] = {
	{ "", NULL, VERDICT_WARN, "the kernel killed a program for want of memory",
	  "find what takes the memory; give jobs a limit of their own" },
};

static void judge_share(struct tally *tally, enum measure used, enum measure limit,
			const char *what)
{
	const struct record *have = tally_need(tally, used, NULL);
	const struct record *most = tally_need(tally, limit, NULL);
	struct finding *finding;
	double share;

	if (!have || !most)
		return;
	if (most->value < 1.0) {
		tally_say(tally, VERDICT_UNKNOWN, NULL, most, "the limit of %s is %.0f", what,
			  most->value);
		return;
	}
	share = have->value / most->value;
	if (share < share_warn) {
		tally_well(tally, have);
		return;
	}
	finding = tally_say(tally, share < share_fail ? VERDICT_WARN : VERDICT_FAIL, NULL, have,
			    "%.0f %s of %.0f, %.0f %%; less than %.0f %% expected", have->value,
			    what, most->value, 100.0 * share, 100.0 * share_warn);
	finding->bar = "80 % is a warning, 95 % fails: leptonai/gpud";
	finding->action = "find the program that leaks them";
	finding_rests_on(finding, most);
}

static void judge_zombies(struct tally *tally)
{
	const struct record *zombies = tally_need(tally, NODE_PROCESS_ZOMBIES, NULL);
	struct finding *finding;

	if (!zombies)
		return;
	if (zombies->value <= zombies_warn) {
		tally_well(tally, zombies);
		return;
	}
	finding = tally_say(tally, zombies->value <= zombies_fail ? VERDICT_WARN : VERDICT_FAIL,
			    NULL, zombies, "%.0f zombies, at most %.0f expected", zombies->value,
			    zombies_warn);
	finding->bar = "1000 are a warning, 2000 fail: leptonai/gpud";
	finding->action = "find the parent that does not wait for its children; restart it";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct log_rules rules = {
		NODE_LOG_OUT_OF_MEMORY,
		lines,
		sizeof(lines) / sizeof(lines[0]),
		"",
	};
	struct log_reach reach;
	struct tally tally;

	tally_start(&tally, seen, found);
	(void)log_rules_judge_lines(&rules, seen, found);
	judge_share(&tally, NODE_FILES_OPEN, NODE_FILES_LIMIT, "open files");
	judge_share(&tally, NODE_PROCESS_COUNT, NODE_PROCESS_LIMIT, "processes and threads");
	judge_zombies(&tally);
	if (!log_reach(seen->machine, NODE_LOG_OUT_OF_MEMORY, found->arena, &reach))
		log_add_unknown(seen->machine, NODE_LOG_OUT_OF_MEMORY, found);
	tally_pass(&tally, "open files, processes and zombies are within their limits, and nothing "
			   "was killed for want of memory");
}

CHECK(system_resources) = {
	.title = "The node has files, processes and memory left",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
