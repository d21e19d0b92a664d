#include "check/tally.h"

static const char online_action[] =
	"look into the kernel log and the firmware's settings; turn the threads on or replace the "
	"processor";

static void judge_golden(struct tally *tally, const struct machine *golden,
			 const struct record *online)
{
	struct finding *finding;
	double was;

	if (!golden || !machine_value(golden, NODE_CPU_ONLINE, NULL, &was) ||
	    online->value > was - 0.5)
		return;
	finding = tally_say(tally, VERDICT_FAIL, NULL, online,
			    "%.0f hardware threads in use, %.0f expected", online->value, was);
	finding->bar = "the golden node";
	finding->action = online_action;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *online, *there;
	struct finding *finding;
	struct tally tally;
	bool is_single;

	tally_start(&tally, seen, found);
	online = tally_need(&tally, NODE_CPU_ONLINE, NULL);
	there = tally_need(&tally, NODE_CPU_THREADS, NULL);
	if (!online || !there)
		return;
	judge_golden(&tally, seen->golden, online);
	if (!tally_is_clean(&tally))
		return;
	/* With multithreading turned off, all second threads of the cores are out of use. */
	is_single = machine_state_is(seen->machine, NODE_CPU_THREADING, NULL, "off");
	if (online->value > there->value - 0.5 ||
	    (is_single && 2.0 * online->value > there->value - 0.5)) {
		tally_well(&tally, online);
		tally_pass(&tally, "%.0f of %.0f hardware threads are in use%s", online->value,
			   there->value,
			   online->value > there->value - 0.5 ? "" : ": multithreading is off");
		return;
	}
	finding = tally_say(&tally, VERDICT_FAIL, NULL, online,
			    "%.0f of %.0f hardware threads are in use, all expected", online->value,
			    there->value);
	finding->bar = "the threads that the kernel found at its start";
	finding->action = online_action;
	finding_rests_on(finding, there);
}

CHECK(cpu_online) = {
	.title = "All processor threads are in use",
	.since = "0.1",
	.needs = "node.cpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
