#include "check/log_rules.h"

static const struct log_rule lines[] = {
	{ "critical temperature", NULL, VERDICT_FAIL,
	  "critical heat: the kernel shuts the machine down",
	  "drain; look at fans, cooling and the room" },
	{ "normal", NULL, VERDICT_PASS, "", "" }, /* it has cooled down again */
	{ "", NULL, VERDICT_WARN, "processors were slowed down for heat",
	  "look at fans, cooling and dust" },
};

static void judge(const struct check_input *seen, struct findings *found)
{
	static const struct log_rules rules = {
		NODE_LOG_THERMAL,
		lines,
		sizeof(lines) / sizeof(lines[0]),
		"no processor and no board was too hot",
	};

	log_rules_judge(&rules, seen, found);
}

CHECK(system_heat) = {
	.title = "Neither processors nor board were too hot",
	.since = "0.1",
	.needs = "node.log.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
