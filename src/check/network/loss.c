#include "check/network/run.h"

/* A stream of TCP does not exceed 1.22 segments a round trip over the root of the loss (Mathis,
 * Semke, Mahdavi, Ott 1997). With segments of 1448 bytes and half a millisecond 0.1 % leaves it
 * 0.9 Gb/s, 1 % leaves it 0.3 Gb/s. */
static const double warns = 0.1, fails = 1;

/* With 95 % confidence less than 3 of so many are lost where none of them was. */
static const double rule_of_three = 3;

static const char bar[] =
	"0.1 % leaves one stream of TCP 0.9 Gb/s at half a millisecond, 1 % leaves it 0.3 "
	"(Mathis et al. 1997)";

static void judge_run(struct tally *tally, const struct network_run *run)
{
	enum verdict verdict = run->record->value >= fails ? VERDICT_FAIL : VERDICT_WARN;
	struct finding *finding;
	double packets;

	if (run->record->value >= warns) {
		finding = tally_say(tally, verdict, run->device, run->record,
				    "%.2f %% of the packets are lost, less than %.1f %% expected",
				    run->record->value, warns);
		finding->bar = bar;
		finding->action = "look at the counters of errors and drops of the interface, at "
				  "cable and switch, at the limit of the instance, and whether "
				  "the side that receives was busy";
		return;
	}
	if (!machine_value(tally->machine, NODE_TEST_NETWORK_PACKETS, run->device, &packets) ||
	    packets < 100 * rule_of_three / warns) {
		finding = tally_say(tally, VERDICT_UNKNOWN, run->device, run->record,
				    "%.2f %% of too few packets: %.0f are needed to tell "
				    "%.1f %%",
				    run->record->value, 100 * rule_of_three / warns, warns);
		finding->bar = bar;
		return;
	}
	tally_well(tally, run->record);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct network_run run;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while (network_run_next(&tally, NODE_TEST_NETWORK_LOSS, &at, &run))
		judge_run(&tally, &run);
	tally_pass(&tally, "less than %.1f %% of the packets are lost, %zu way%s", warns,
		   tally.well, plural(tally.well));
}

CHECK(network_loss) = {
	.title = "The ordinary network loses no packets at a modest rate",
	.since = "0.1",
	.needs = "node.test.network.loss",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
