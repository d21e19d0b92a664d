#include <string.h>

#include "check/tally.h"

static const char prefix[] = "governor:";

/* A frequency that is lower by less is a matter of rounding. */
static const double frequency_tolerance = 0.01;

static void judge_governors(struct tally *tally)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(tally->machine, NODE_CPU_GOVERNOR, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		struct finding *finding;
		const char *name;

		if (one->says != SAYS_VALUE || !device ||
		    strncmp(device, prefix, sizeof(prefix) - 1) != 0) {
			tally_say(tally, VERDICT_UNKNOWN, NULL, one,
				  "the governor of some threads is not known: %s",
				  one->says == SAYS_UNKNOWN ? one->text : "no name");
			continue;
		}
		name = device + sizeof(prefix) - 1;
		if (strcmp(name, "performance") == 0) {
			tally_well(tally, one);
			continue;
		}
		finding = findings_add(tally->found, VERDICT_WARN, device,
				       "%.0f thread%s under the governor '%.40s', performance "
				       "expected",
				       one->value, one->value > 1.5 ? "s" : "", name);
		finding->bar = "the governor performance on all threads";
		finding->action =
			"set it: cpupower frequency-set -g performance, and at each start";
		finding_rests_on(finding, one);
	}
}

static void judge_frequency(struct tally *tally)
{
	const struct record *maximum =
		machine_find(tally->machine, NODE_CPU_FREQUENCY_MAXIMUM, NULL);
	struct finding *finding;
	double limit;

	if (!maximum || maximum->says != SAYS_VALUE ||
	    !machine_value(tally->machine, NODE_CPU_FREQUENCY_LIMIT, NULL, &limit) ||
	    maximum->value >= limit * (1.0 - frequency_tolerance))
		return;
	finding = tally_say(tally, VERDICT_WARN, NULL, maximum,
			    "the governor may choose at most %.0f MHz of %.0f MHz", maximum->value,
			    limit);
	finding->about = measures[NODE_CPU_FREQUENCY_MAXIMUM].name;
	finding->bar = "the highest frequency of the processor";
	finding->action = "raise scaling_max_freq to cpuinfo_max_freq";
}

/* A machine whose clocks are kept by firmware or hypervisor shows none; that it was looked for is
 * seen from the number of threads. */
static void say_none(struct tally *tally)
{
	double threads;

	if (!machine_value(tally->machine, NODE_CPU_ONLINE, NULL, &threads))
		return;
	tally_say(tally, VERDICT_NOT_APPLICABLE, NULL,
		  machine_find(tally->machine, NODE_CPU_ONLINE, NULL), "%s",
		  machine_state_is(tally->machine, NODE_VIRTUAL, NULL, "none")
			  ? "the kernel does not choose the clock: firmware does"
			  : "the guest does not see a governor");
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct tally tally;

	tally_start(&tally, seen, found);
	if (seen->machine->by[NODE_CPU_GOVERNOR].count == 0) {
		say_none(&tally);
		return;
	}
	judge_governors(&tally);
	judge_frequency(&tally);
	tally_pass(&tally, "all threads are under the governor performance");
}

CHECK(cpu_governor) = {
	.title = "Processors run at full clock",
	.since = "0.1",
	.needs = "node.cpu.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
