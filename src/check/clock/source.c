#include <string.h>

#include "check/tally.h"

/* What the clock is worth. Reading hpet or acpi_pm goes through the chip set and takes about a
 * microsecond instead of some ten nanoseconds; the kernel falls back to them when it has found the
 * processor's counter unstable. */
static const struct clock {
	const char *name;
	enum verdict verdict;
	bool is_of_guest; /* expected in a virtual machine alone */
} sources[] = {
	{ "tsc", VERDICT_PASS, false },
	{ "arch_sys_counter", VERDICT_PASS, false },
	{ "timebase", VERDICT_PASS, false },
	{ "kvm-clock", VERDICT_PASS, true },
	{ "hyperv_clocksource_tsc_page", VERDICT_PASS, true },
	{ "xen", VERDICT_PASS, true },
	{ "tsc-early", VERDICT_WARN, false },
	{ "hpet", VERDICT_FAIL, false },
	{ "acpi_pm", VERDICT_FAIL, false },
	{ "jiffies", VERDICT_FAIL, false },
	{ "refined-jiffies", VERDICT_FAIL, false },
};

static enum verdict verdict_on(const struct machine *machine, const char *name)
{
	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		if (strcmp(sources[i].name, name) != 0)
			continue;
		return sources[i].is_of_guest &&
				       machine_state_is(machine, NODE_VIRTUAL, NULL, "none")
			       ? VERDICT_WARN
			       : sources[i].verdict;
	}
	return VERDICT_UNKNOWN;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *source;
	struct finding *finding;
	enum verdict verdict;
	struct tally tally;

	tally_start(&tally, seen, found);
	source = tally_need(&tally, NODE_CLOCK_SOURCE, NULL);
	if (!source)
		return;
	verdict = verdict_on(seen->machine, source->text);
	if (verdict == VERDICT_PASS) {
		tally_say(&tally, VERDICT_PASS, NULL, source, "the kernel counts time with %.40s",
			  source->text);
		return;
	}
	finding = tally_say(&tally, verdict, NULL, source,
			    "the kernel counts time with %.40s; tsc, arch_sys_counter or, in a "
			    "guest, the hypervisor's clock expected",
			    source->text);
	finding->bar = "the processor's own counter";
	finding->action = "look for 'Marking TSC unstable' in the kernel log; update the firmware; "
			  "reboot";
	finding_rests_on(finding, machine_find(seen->machine, NODE_CLOCK_SOURCES, NULL));
}

CHECK(clock_source) = {
	.title = "The kernel counts time with the processor's own counter",
	.since = "0.1",
	.needs = "node.clock.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
