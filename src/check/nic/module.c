#include <string.h>

#include "check/tally.h"

static void judge_module(struct tally *tally, const char *device, const struct record *record)
{
	struct finding *finding;
	double alarm;

	if (record->says != SAYS_VALUE) {
		(void)tally_need(tally, NODE_NET_MODULE_TEMPERATURE, device);
		return;
	}
	if (!machine_value(tally->machine, NODE_NET_MODULE_ALARM, device, &alarm)) {
		tally_say(tally, VERDICT_UNKNOWN, device, record,
			  "the transceiver has %.0f C and states no temperature of alarm",
			  record->value);
		return;
	}
	if (record->value < alarm) {
		tally_well(tally, record);
		return;
	}
	finding = tally_say(tally, VERDICT_FAIL, device, record,
			    "the transceiver has %.1f C, less than its alarm of %.1f C expected",
			    record->value, alarm);
	finding->bar = "the high alarm of the transceiver itself (SFF-8636, SFF-8472, CMIS)";
	finding->action = "look at the air flow; reseat the transceiver; replace it";
	finding_rests_on(finding, machine_find(tally->machine, NODE_NET_MODULE_ALARM, device));
}

/* True when the interfaces were looked at in full, and no transceiver told a temperature. */
static bool was_looked_for(const struct machine *machine)
{
	return machine->by[NODE_NET_MTU].count > 0;
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *one;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((one = machine_next(seen->machine, NODE_NET_MODULE_TEMPERATURE, &at)))
		if (one->subject.parts[SUBJECT_DEVICE])
			judge_module(&tally, one->subject.parts[SUBJECT_DEVICE], one);
	tally_pass(&tally, "%zu transceiver%s cooler than their alarm", tally.well,
		   plural(tally.well));
	if (found->count == tally.before && was_looked_for(seen->machine))
		tally_say(&tally, VERDICT_NOT_APPLICABLE, NULL, NULL,
			  "no transceiver of a network interface tells a temperature");
}

CHECK(nic_module) = {
	.title = "Transceivers are cooler than their alarm",
	.since = "0.1",
	.needs = "node.net.",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.judge = judge,
};
