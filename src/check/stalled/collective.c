#include <string.h>

#include "check/gpu/walk.h"

/* A collective that waits for somebody who does not come keeps its kernels spinning: the GPU looks
 * busy, draws little, and nothing moves. Inference between requests shows the first two as well, so
 * all three have to hold, and for a minute. The figures are this project's. */
static const double busy_percent = 95;
static const double idle_share = 0.45; /* of the power limit */
static const double window_s = 60;

/* What subnet management and keep-alives need is far less, what a collective moves far more. */
static const double still_bytes_per_s = 1e6;

enum flow {
	FLOW_STILL,
	FLOW_MOVES,
	FLOW_UNKNOWN,
};

/* All sightings of one measure of a device. */
struct span_of_time {
	double lowest, highest;
	double length_s;
	size_t count;
};

static struct span_of_time look_back(const struct machine *machine, enum measure measure,
				     const char *device)
{
	struct span_of_time seen = { .count = 0 };
	int64_t first = 0, last = 0;

	for (uint32_t i = 0; i < machine->by[measure].count; i++) {
		const struct record *one = machine->records[machine->by[measure].first + i];
		const char *of = record_device(one);

		if (!of || strcmp(of, device) != 0 || one->says != SAYS_VALUE)
			continue;
		if (seen.count == 0 || one->value < seen.lowest)
			seen.lowest = one->value;
		if (seen.count == 0 || one->value > seen.highest)
			seen.highest = one->value;
		if (seen.count++ == 0)
			first = one->time;
		last = one->time;
	}
	seen.length_s = (double)(last - first);
	return seen;
}

/* How one counter moved in a window that is long enough. */
static enum flow flow_of(const struct machine *machine, enum measure counter, const char *device,
			 double unit_bytes)
{
	struct counter_rate rate;

	if (!machine_rate(machine, counter, device, &rate) || rate.since_boot ||
	    rate.window_s < window_s)
		return FLOW_UNKNOWN;
	return rate.rise * unit_bytes / rate.window_s > still_bytes_per_s ? FLOW_MOVES : FLOW_STILL;
}

static enum flow flow_of_links(const struct machine *machine, const char *gpu)
{
	if (machine->shape && machine->shape->links == 0)
		return FLOW_STILL;
	return flow_of(machine, NODE_GPU_LINK_TRAFFIC, gpu, 1);
}

/* The bytes in one unit of a counter of sent data: InfiniBand counts words of four bytes. 0 for
 * every other counter. */
static double unit_of(const char *device)
{
	const char *name = device ? strrchr(device, '/') : NULL;

	if (name && strcmp(name, "/port_xmit_data") == 0)
		return 4;
	return name && strcmp(name, "/tx_bytes") == 0 ? 1 : 0;
}

static enum flow flow_of_network(const struct machine *machine)
{
	size_t at = 0, still = 0, dark = 0;
	const struct record *one;
	double adapters;

	if (machine_value(machine, NODE_RDMA_COUNT, NULL, &adapters) && adapters < 0.5)
		return FLOW_STILL;
	while ((one = machine_next(machine, NODE_RDMA_COUNTER, &at))) {
		const char *device = record_device(one);
		double unit = unit_of(device);
		enum flow own;

		if (unit <= 0)
			continue;
		own = flow_of(machine, NODE_RDMA_COUNTER, device, unit);
		if (own == FLOW_MOVES)
			return own;
		dark += own == FLOW_UNKNOWN;
		still += own == FLOW_STILL;
	}
	return still > 0 && dark == 0 ? FLOW_STILL : FLOW_UNKNOWN;
}

static void say_stalled(struct gpu_walk *walk, const char *gpu, const struct record *use,
			const struct record *power, double limit)
{
	enum flow links = flow_of_links(walk->machine, gpu);
	enum flow network = flow_of_network(walk->machine);
	struct finding *finding;

	if (links == FLOW_MOVES || network == FLOW_MOVES) {
		gpu_walk_well(walk, use);
		return;
	}
	if (links == FLOW_UNKNOWN || network == FLOW_UNKNOWN) {
		finding =
			gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, use,
				     "busy %.0f %% of the time at %.0f W of %.0f W; whether data "
				     "move %s is not known, so it may be stalled or just waiting",
				     use->value, power->value, limit,
				     links == FLOW_UNKNOWN ? "over its links" : "over the network");
		finding_rests_on(finding, power);
		return;
	}
	finding = gpu_walk_say(walk, VERDICT_WARN, gpu, use,
			       "busy %.0f %% of the time for a minute, at %.0f W of %.0f W, and no "
			       "data move: the job looks stalled",
			       use->value, power->value, limit);
	finding->bar = "95 % busy, under 45 % of the power limit, under 1 MB/s, for 60 s";
	finding->action = "look at the job; end it when it does not come back";
	finding_rests_on(finding, power);
}

static void judge_gpu(struct gpu_walk *walk, const char *gpu)
{
	const struct record *use = gpu_walk_need(walk, NODE_GPU_UTILISATION, gpu);
	const struct record *power = gpu_walk_need(walk, NODE_GPU_POWER, gpu);
	const struct record *limit = gpu_walk_need(walk, NODE_GPU_POWER_LIMIT, gpu);
	struct span_of_time uses, powers;

	if (!use || !power || !limit)
		return;
	uses = look_back(walk->machine, NODE_GPU_UTILISATION, gpu);
	powers = look_back(walk->machine, NODE_GPU_POWER, gpu);
	/* One moment without the signs is enough to say that it does not stand still. */
	if (uses.lowest < busy_percent || powers.highest >= idle_share * limit->value) {
		gpu_walk_well(walk, use);
		return;
	}
	if (uses.length_s < window_s || powers.length_s < window_s) {
		finding_rests_on(gpu_walk_say(walk, VERDICT_UNKNOWN, gpu, use,
					      "busy %.0f %% of the time at %.0f W of %.0f W: two "
					      "looks %.0f s apart are needed to tell whether it "
					      "stalls",
					      use->value, power->value, limit->value, window_s),
				 power);
		return;
	}
	say_stalled(walk, gpu, use, power, limit->value);
}

static void judge(const struct check_input *seen, struct findings *found)
{
	struct gpu_walk walk;
	const char *gpu;

	gpu_walk_start(&walk, seen, found, NULL);
	while ((gpu = gpu_walk_next(&walk)))
		judge_gpu(&walk, gpu);
	gpu_walk_end(&walk, "none looks busy while it draws little and moves nothing");
}

CHECK(stalled_collective) = {
	.title = "No job stands still while it looks busy",
	.since = "0.1",
	.needs = "node.gpu.utilisation",
	.scope = SCOPE_NODE,
	.profiles = PROFILE_FULL,
	.parts = PART_GPU,
	.settle_s = 60,
	.judge = judge,
};
