#include "check/tally.h"

static const char bar[] =
	"wrong about one host less often than once in 100,000, by likelihood over pairs with other "
	"partners";

static const struct {
	const char *state, *says, *action;
} faults[] = {
	{ "slow", "is slow",
	  "take it out of use; compare its link's speed and width, PCIe and settings with a sound "
	  "one's; of a leaf, look for missing and degraded uplinks" },
	{ "lossy", "loses packets",
	  "look at the error counters of its port and of the switch's; clean or change the cable" },
	{ "flapping", "comes and goes",
	  "take it out of use; look for link-downs on its port and at its cable" },
};

static void judge_one(struct tally *tally, const struct record *record, const char *device)
{
	struct finding *finding;
	double lacks;

	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (!machine_state_is(tally->machine, NODE_TEST_LOCATE_VERDICT, device,
				      faults[i].state))
			continue;
		if (machine_value(tally->machine, NODE_TEST_LOCATE_LACKS, device, &lacks))
			finding = tally_say(tally, VERDICT_FAIL, device, record,
					    "%s: it lacks %.1f %% of what sound ones reach",
					    faults[i].says, lacks);
		else
			finding = tally_say(tally, VERDICT_FAIL, device, record, "%s",
					    faults[i].says);
		finding->bar = bar;
		finding->action = faults[i].action;
		return;
	}
	tally_well(tally, record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	const struct record *record;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while ((record = machine_next(tally.machine, NODE_TEST_LOCATE_VERDICT, &at))) {
		const char *device = record->subject.parts[SUBJECT_DEVICE];

		if (device && tally_need(&tally, NODE_TEST_LOCATE_VERDICT, device))
			judge_one(&tally, record, device);
	}
	tally_pass(&tally, "none is slow, lossy or flapping of %zu host%s and rails", tally.well,
		   plural(tally.well));
}

CHECK(network_pairs) = {
	.title = "No host of the cluster is slow, lossy or flapping in pairs with others",
	.since = "0.1",
	.needs = "node.test.locate.verdict",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
