#include <string.h>

#include "check/claims.h"
#include "check/network/run.h"
#include "check/reference.h"

/* Of the speed of a link TCP has 94.1 % of Ethernet's usual packets (1448 of 1538 bytes): this is
 * nine tenths of that. The link is a bound from above: that of the peer and what a provider allows
 * are not known, so that below is a warning. */
static const double link_passes = 0.85, link_fails = 0.01;

/* Of what was sold a half is a failure. */
static const double claim_passes = 0.85, claim_fails = 0.5;

/* A thread of iperf3 that is busier than this is what bounds the run. */
static const double busy_share = 90;

/* Fewer streams are bound by one queue, one processor and the round trip. */
static const uint64_t streams_least = 4;

static const double mega_bits = 1e6 / 8, giga_bits = 1e9 / 8;

/* What the provider says that the front end carries; NULL when it does not. */
static const struct claim *claimed(const struct check_input *seen)
{
	for (size_t i = 0; seen->claims && i < seen->claims->count; i++) {
		const struct claim *claim = &seen->claims->items[i];

		if (claim->kind == CLAIM_NODE_BANDWIDTH && claim->front_end > 0)
			return claim;
	}
	return NULL;
}

/* "Up to" is no promise. */
static void bound_by_claim(const struct claim *claim, struct arena *arena,
			   struct reference_query *query)
{
	double gb_per_s = claim->front_end / (claim->traps & CLAIM_BOTH_DIRECTIONS ? 2 : 1);

	query->bound = gb_per_s * giga_bits;
	query->bound_row = arena_format(arena, "claimed: %.0f Gb/s of front end, one way (%.150s)",
					gb_per_s, claim->source);
	query->peak_pass_share = claim_passes;
	query->peak_fail_share = claim->traps & CLAIM_UP_TO ? link_fails : claim_fails;
	query->may_exceed_peak = true;
}

static void bound_by(const struct check_input *seen, struct span host, struct arena *arena,
		     struct reference_query *query)
{
	const char *device = arena_format(arena, "network:%.*s", SPAN_ARGS(host));
	const char *name = machine_state(seen->machine, NODE_TEST_NETWORK_INTERFACE, device);
	const struct claim *claim = claimed(seen);
	double speed;

	if (claim) {
		bound_by_claim(claim, arena, query);
		return;
	}
	if (!name ||
	    !machine_value(seen->machine, NODE_NET_SPEED, arena_format(arena, "net:%s", name),
			   &speed) ||
	    speed <= 0)
		return;
	query->bound = speed * mega_bits;
	query->bound_row = arena_format(arena, "speed of the link of %s, %.0f Mb/s", name, speed);
	query->peak_pass_share = link_passes;
	query->peak_fail_share = link_fails;
}

static void judge_run(const struct check_input *seen, const struct network_run *run,
		      struct findings *found)
{
	struct reference_query query = {
		.title = arena_format(found->arena, "TCP, %llu streams %s",
				      (unsigned long long)run->streams,
				      run->is_reverse ? "from the peer" : "to the peer"),
		.action = "look at the link's speed, errors and packet size, at the limit of the "
			  "instance, and at the same run between other nodes",
	};
	const struct measured measured = measured_on(seen->machine, run->record);
	struct reference reference;
	struct finding *finding;
	double busy;

	bound_by(seen, run->host, found->arena, &query);
	reference_find(seen, &query, &measured, found->arena, &reference);
	if ((reference.verdict == VERDICT_WARN || reference.verdict == VERDICT_FAIL) &&
	    machine_value(seen->machine, NODE_TEST_NETWORK_BUSY, run->device, &busy) &&
	    busy >= busy_share) {
		finding = findings_add(found, VERDICT_UNKNOWN, run->device,
				       "%s: %s, bound by iperf3 itself, which kept a processor "
				       "busy for %.0f %% of the time",
				       query.title,
				       amount_text(run->record->value, "B/s", found->arena), busy);
		(void)finding_rests_on(finding, run->record);
		return;
	}
	(void)reference_judge(seen, &query, &measured, found);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct network_run run;
	struct tally tally;
	size_t at = 0;

	tally_start(&tally, seen, found);
	while (network_run_next(&tally, NODE_TEST_NETWORK_BANDWIDTH, &at, &run))
		if (run.streams >= streams_least)
			judge_run(seen, &run, found);
}

CHECK(network_bandwidth) = {
	.title = "The ordinary network carries what its link promises",
	.since = "0.1",
	.needs = "node.test.network.bandwidth",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_ACTIVE,
	.judge = judge,
};
