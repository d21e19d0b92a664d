#include <math.h>

#include "check/gpu/spread.h"
#include "check/gpu/walk.h"

/* Below so many GPUs the middle is no measure of what is usual. */
enum {
	PEERS_MINIMUM = 4,
	GPUS_MAXIMUM = 64,
};

/* How many standard deviations above the middle of the node's GPUs are not taken for chance: of
 * errors that come by chance (a Poisson process, of mean 1 or more) so many come less than once in
 * ten million looks. Fixed numbers of errors that are in use elsewhere (50,000; 20,000,000) have no
 * known origin and are not taken. */
static const double deviations = 10;

struct peers {
	const char *gpu[GPUS_MAXIMUM];
	struct counter_rate rate[GPUS_MAXIMUM];
	size_t count;
};

static double rises_above(const struct peers *peers, double *ret_median)
{
	double values[GPUS_MAXIMUM];
	struct spread spread;

	for (size_t i = 0; i < peers->count; i++)
		values[i] = peers->rate[i].rise;
	spread = spread_of(values, peers->count);
	*ret_median = spread.median;
	/* One more than seen, so that a node without any error has a spread too. */
	return spread.median + deviations * fmax(spread.deviation, sqrt(fmax(spread.median, 1)));
}

static void judge_peer(struct gpu_walk *walk, const struct peers *peers, size_t i)
{
	const struct counter_rate *rate = &peers->rate[i];
	double median, bar = rises_above(peers, &median);
	struct finding *finding;

	if (rate->rise < 0.5 || (peers->count >= PEERS_MINIMUM && rate->rise <= bar)) {
		gpu_walk_well(walk, rate->now);
		return;
	}
	if (peers->count < PEERS_MINIMUM) {
		gpu_walk_say(
			walk, VERDICT_UNKNOWN, peers->gpu[i], rate->now,
			"%.0f corrected errors in %.0f s, and no reference: fewer than %d GPUs "
			"to compare with",
			rate->rise, rate->window_s, PEERS_MINIMUM);
		return;
	}
	finding = gpu_walk_say(walk, VERDICT_WARN, peers->gpu[i], rate->now,
			       "%.0f corrected errors in %.0f s (%.3g an hour); the node's GPUs "
			       "have %.0f in the middle, up to %.0f is usual",
			       rate->rise, rate->window_s, rate->rise * 3600 / rate->window_s,
			       median, bar);
	finding->bar = "middle of the node's GPUs and ten times their spread (median, MAD)";
	finding->action = "watch it; look at its replaced rows; exchange it when they run out";
	finding_rests_on(finding, rate->before);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct peers peers = { .count = 0 };
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk))) {
		if (machine_state_is(seen->machine, NODE_GPU_ECC_MODE, gpu, "off")) {
			gpu_walk_say(&walk, VERDICT_NOT_APPLICABLE, gpu, NULL,
				     "error correction is off");
			continue;
		}
		if (!gpu_walk_need(&walk, NODE_GPU_ECC_CORRECTED, gpu))
			continue;
		if (peers.count == GPUS_MAXIMUM ||
		    !machine_rate(seen->machine, NODE_GPU_ECC_CORRECTED, gpu,
				  &peers.rate[peers.count]))
			gpu_walk_say(&walk, VERDICT_UNKNOWN, gpu, NULL,
				     "neither a second look nor the uptime is there to make a "
				     "rate of");
		else
			peers.gpu[peers.count++] = gpu;
	}
	for (size_t i = 0; i < peers.count; i++)
		judge_peer(&walk, &peers, i);
	gpu_walk_end(&walk, "no more corrected errors than is usual among them");
}

CHECK(gpu_ecc_rate) = {
	.title = "No GPU corrects far more errors than its neighbours",
	.since = "0.1",
	.needs = "node.gpu.ecc.corrected",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU,
	.judge = judge,
};
