#include "check/network/run.h"

/* At full speed a queue runs over now and then, and TCP finds its speed by that: with the bound of
 * Mathis et al. (1997) at 1 % a stream of 10 Gb/s could not be, whatever the cause. Above, the
 * figures of bandwidth say little of the link. */
static const double warns = 1;

static void judge_run(struct tally *tally, const struct network_run *run)
{
	struct finding *finding;

	if (run->record->value < warns) {
		tally_well(tally, run->record);
		return;
	}
	finding = tally_say(tally, VERDICT_WARN, run->device, run->record,
			    "%.2f %% of the segments were sent again, less than %.0f %% expected",
			    run->record->value, warns);
	finding->bar = "1 % leaves one stream of TCP 0.3 Gb/s at half a millisecond (Mathis et al. "
		       "1997)";
	finding->action = "see whether packets of UDP are lost too (network-loss); else look for a "
			  "limiter with a short queue and at the size of packets along the way";
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct network_run run;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while (network_run_next(&tally, NODE_TEST_NETWORK_RETRANSMITS, &at, &run))
		judge_run(&tally, &run);
	tally_pass(&tally, "less than %.0f %% of the segments were sent again, %zu run%s", warns,
		   tally.well, plural(tally.well));
}

CHECK(network_retransmits) = {
	.title = "TCP sends little twice",
	.since = "0.1",
	.needs = "node.test.network.retransmits",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
