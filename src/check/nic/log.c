#include "check/log_rules.h"

/* Messages of mlx5_core and its kin. The first three end an adapter's work; NVIDIA/NVSentinel 1.14
 * takes them as fatal as well, and heat, power and the watchdog as not. */
static const struct log_rule lines[] = {
	{ "cmd_exec", "timeout", VERDICT_FAIL, "the firmware did not answer a command",
	  "drain; reset the adapter; again: replace it" },
	{ "timeout", "will cause a leak", VERDICT_FAIL, "the firmware did not answer a command",
	  "drain; reset the adapter; again: replace it" },
	{ "health", "poll", VERDICT_FAIL, "the adapter does not tell its health any more",
	  "drain; power the node off and on; again: replace the adapter" },
	{ "health", "compromised", VERDICT_FAIL, "the adapter does not tell its health any more",
	  "drain; power the node off and on; again: replace the adapter" },
	{ "unrecoverable", NULL, VERDICT_FAIL, "an error that the adapter does not recover from",
	  "drain; power the node off and on; again: replace the adapter" },
	{ "assert_", NULL, VERDICT_FAIL, "the firmware stopped at a fault of its own",
	  "drain; update the firmware; again: replace the adapter" },
	{ "non-fatal", NULL, VERDICT_WARN, "an error that the adapter recovers from",
	  "watch; open a ticket when it comes again" },
	{ "not responding", NULL, VERDICT_FAIL, "the adapter does not answer",
	  "drain; reset the adapter; again: replace it" },
	{ "heartbeat stalled", NULL, VERDICT_FAIL, "the firmware stands still",
	  "drain; reset the adapter; again: replace it" },
	{ "fatal", NULL, VERDICT_FAIL, "an error that ended the adapter's work",
	  "drain; power the node off and on; again: replace the adapter" },
	{ "temperature", NULL, VERDICT_WARN, "the adapter or its optics are too hot",
	  "look at fans, air flow and dust" },
	{ "insufficient power", NULL, VERDICT_WARN, "the slot gives the adapter too little power",
	  "look at the power limit of the slot and at its cables" },
	{ "Port module event[error]", NULL, VERDICT_WARN, "the adapter complains of its optics",
	  "reseat or replace cable and optics" },
	{ "watchdog", NULL, VERDICT_WARN, "a queue did not send for seconds",
	  "watch; open a ticket when it comes again" },
	{ "timed out", NULL, VERDICT_WARN, "the adapter was late",
	  "watch; open a ticket when it comes again" },
	{ "timeout", NULL, VERDICT_WARN, "the adapter was late",
	  "watch; open a ticket when it comes again" },
};

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct log_rules rules = {
		NODE_LOG_NIC,
		lines,
		sizeof(lines) / sizeof(lines[0]),
		"no message of a network adapter about firmware, heat or power",
	};

	log_rules_judge(&rules, seen, found);
}

CHECK(nic_log) = {
	.title = "The kernel log has no complaint of a network adapter",
	.since = "0.1",
	.needs = "node.log.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_QUICK | PROFILE_FULL,
	.judge = judge,
};
