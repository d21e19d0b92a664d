#include "check/gpu/reach.h"
#include "check/log_rules.h"
#include "check/tally.h"

/* leptonai/gpud calls a process stuck that sleeps uninterruptibly for five minutes on end. */
static const double stuck_s = 300.0;

static const struct log_rule lines[] = {
	{ "hard lockup", NULL, VERDICT_FAIL, "a processor stood still with interrupts off",
	  "drain; reboot; open a ticket when it comes again" },
	{ "soft lockup", NULL, VERDICT_FAIL, "a processor did not get out of the kernel",
	  "drain; find the driver in the trace behind the line; reboot" },
	{ "lockup", NULL, VERDICT_FAIL, "a processor stood still",
	  "drain; find the driver in the trace behind the line; reboot" },
	{ "blocked for more than", NULL, VERDICT_FAIL, "a task hung in the kernel",
	  "drain; find the driver or file system in the trace behind the line; reboot" },
	{ "", NULL, VERDICT_FAIL, "a processor kept the kernel waiting",
	  "drain; find the driver in the trace behind the line; reboot" },
};

/* Returns how many processes sleep uninterruptibly, for less than would be an offence. */
static size_t judge_processes(struct tally *tally)
{
	const struct record *one;
	size_t at = 0, asleep = 0;

	while ((one = machine_next(tally->machine, NODE_PROCESS_BLOCKED, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct finding *finding;
		double time = 0.0;

		if (!device || one->says != SAYS_STATE) {
			tally_say(tally, VERDICT_UNKNOWN, device, one,
				  "whether processes are stuck is not known of all: %s", one->text);
			continue;
		}
		if (!machine_value(tally->machine, NODE_PROCESS_BLOCKED_TIME, device, &time) ||
		    time < stuck_s) {
			asleep++;
			continue;
		}
		finding = tally_say(tally, VERDICT_FAIL, device, one,
				    "process %.40s has been in uninterruptible sleep for %.0f s, "
				    "less than %.0f s expected",
				    one->text, time, stuck_s);
		finding->bar = "5 minutes: leptonai/gpud";
		finding->action = "drain; find what it waits for (/proc/PID/stack); reboot";
	}
	return asleep;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct log_rules rules = {
		NODE_LOG_STUCK,
		lines,
		sizeof(lines) / sizeof(lines[0]),
		"",
	};
	struct log_reach reach;
	struct tally tally;
	size_t asleep, bad;

	tally_start(&tally, seen, found);
	bad = log_rules_judge_lines(&rules, seen, found);
	asleep = judge_processes(&tally);
	if (!log_reach(seen->machine, NODE_LOG_STUCK, found->arena, &reach)) {
		log_add_unknown(seen->machine, NODE_LOG_STUCK, found);
		return;
	}
	/* A quick look leaves the processes out; one that looked and could not tell is unknown. */
	if (seen->machine->by[NODE_PROCESS_BLOCKED].count == 0 &&
	    seen->machine->by[NODE_PROCESS_ZOMBIES].count > 0 &&
	    !tally_need(&tally, NODE_PROCESS_ZOMBIES, NULL))
		return;
	if (bad > 0 || !tally_is_clean(&tally))
		return;
	tally_well(&tally, machine_find(seen->machine, NODE_PROCESS_ZOMBIES, NULL));
	log_rests_on(seen->machine,
		     tally_pass(&tally,
				"no hung task and no lockup in %.0f lines of the kernel log, %s; "
				"%zu process%s in uninterruptible sleep just now",
				reach.lines, reach.words, asleep, asleep == 1 ? "" : "es"));
}

CHECK(system_stuck) = {
	.title = "No task and no processor is stuck",
	.since = "0.1",
	.needs = "node.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.judge = judge,
};
