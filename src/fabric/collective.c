#include "fabric/collective.h"

#include <assert.h>
#include <math.h>

const char *const collective_names[] = {
	[COLLECTIVE_ALL_REDUCE] = "all-reduce",         [COLLECTIVE_ALL_GATHER] = "all-gather",
	[COLLECTIVE_REDUCE_SCATTER] = "reduce-scatter", [COLLECTIVE_ALL_TO_ALL] = "all-to-all",
	[COLLECTIVE_BROADCAST] = "broadcast",           [COLLECTIVE_SEND_RECEIVE] = "send-receive",
};
static_assert(sizeof(collective_names) / sizeof(collective_names[0]) == COLLECTIVE_COUNT,
	      "a name for each collective");

const char *const algorithm_names[] = {
	[ALGORITHM_RING] = "ring",   [ALGORITHM_TREE] = "tree",
	[ALGORITHM_NVLS] = "NVLS",   [ALGORITHM_HIERARCHICAL] = "hierarchical",
	[ALGORITHM_SHARP] = "SHARP", [ALGORITHM_DIRECT] = "direct",
};
static_assert(sizeof(algorithm_names) / sizeof(algorithm_names[0]) == ALGORITHM_COUNT,
	      "a name for each algorithm");

const char *const protocol_names[] = {
	[PROTOCOL_LL] = "LL", [PROTOCOL_LL128] = "LL128", [PROTOCOL_SIMPLE] = "Simple"
};
static_assert(sizeof(protocol_names) / sizeof(protocol_names[0]) == PROTOCOL_COUNT,
	      "a name for each protocol");

/* ---- NCCL's constants, microseconds and shares ---- */

struct protocol_costs {
	double start_ring, start_tree;
	double nvlink_ring, nvlink_tree; /* of a step inside a domain */
	double net_ring, net_tree;       /* of a step between two */
	double bandwidth;                /* share of Simple's */
};

static const struct protocol_costs costs[] = {
	[PROTOCOL_LL] = { 6.6, 6.8, 0.6, 0.6, 2.7, 5.0, 0.5 },
	[PROTOCOL_LL128] = { 14.0, 14.0, 1.9, 1.25, 4.0, 8.5, 0.92 },
	[PROTOCOL_SIMPLE] = { 8.4, 8.4, 3.4, 4.0, 14.0, 14.0, 1 },
};
static_assert(sizeof(costs) / sizeof(costs[0]) == PROTOCOL_COUNT, "costs of each protocol");

static const double nvls_nvlink_us = 25;
static const double nvls_net_us = 18;
static const double tree_bandwidth = 0.92;
static const double pat_bandwidth = 0.75;

bool collective_find(struct span name, enum collective *ret_collective)
{
	for (int i = 0; i < COLLECTIVE_COUNT; i++) {
		if (span_is(name, collective_names[i])) {
			*ret_collective = (enum collective)i;
			return true;
		}
	}
	return false;
}

double collective_factor(enum collective collective, unsigned ranks)
{
	double share = ranks > 0 ? (ranks - 1.0) / ranks : 0;

	switch (collective) {
	case COLLECTIVE_ALL_REDUCE:
		return 2 * share;
	case COLLECTIVE_ALL_GATHER:
	case COLLECTIVE_REDUCE_SCATTER:
	case COLLECTIVE_ALL_TO_ALL:
		return share;
	case COLLECTIVE_BROADCAST:
	case COLLECTIVE_SEND_RECEIVE:
	case COLLECTIVE_COUNT:
		break;
	}
	return ranks > 1 ? 1 : 0;
}

static bool is_gathering(enum collective collective)
{
	return collective == COLLECTIVE_ALL_GATHER || collective == COLLECTIVE_REDUCE_SCATTER;
}

bool collective_can(const struct network *network, const struct rank_group *group,
		    enum collective collective, enum algorithm algorithm)
{
	bool reduces = collective == COLLECTIVE_ALL_REDUCE;
	bool has_stages = group->domains > 1 && group->per_domain > 1;

	switch (algorithm) {
	case ALGORITHM_RING:
		return collective != COLLECTIVE_ALL_TO_ALL && collective != COLLECTIVE_SEND_RECEIVE;
	case ALGORITHM_TREE:
		return reduces || is_gathering(collective) || collective == COLLECTIVE_BROADCAST;
	case ALGORITHM_NVLS:
		return reduces && group->domains == 1 && network->domain_switch_gb_per_s > 0;
	case ALGORITHM_HIERARCHICAL:
		return (reduces || is_gathering(collective)) && has_stages;
	case ALGORITHM_SHARP:
		return reduces && group->domains > 1 && network->has_sharp;
	case ALGORITHM_DIRECT:
		return collective == COLLECTIVE_ALL_TO_ALL || collective == COLLECTIVE_SEND_RECEIVE;
	case ALGORITHM_COUNT:
		break;
	}
	return false;
}

/* Steps of an algorithm, and what they cost together. */
struct steps {
	double inside, between; /* messages one after the other in a domain, and between domains */
	double latency_us;
};

/* One message between domains, as a multiple of NCCL's constant. */
static double net_scale(const struct network *network, const struct rank_group *group,
			enum pattern pattern)
{
	double further = fmax(network_mean_hops(network, group, pattern) - 1, 0);

	return (network->message_us + further * network->hop_us) / costs[PROTOCOL_SIMPLE].net_ring;
}

static struct steps ring_steps(const struct network *network, const struct rank_group *group,
			       enum collective collective, enum protocol protocol)
{
	double rounds = collective == COLLECTIVE_ALL_REDUCE ? 2 : 1;
	double between = group->domains > 1 ? group->domains - 1 : 0;
	struct steps steps = {
		.inside = rounds * (group->ranks - 1 - between),
		.between = rounds * between,
	};

	steps.latency_us =
		costs[protocol].start_ring + steps.inside * costs[protocol].nvlink_ring +
		steps.between * costs[protocol].net_ring * net_scale(network, group, PATTERN_RING);
	return steps;
}

static struct steps tree_steps(const struct network *network, const struct rank_group *group,
			       enum collective collective, enum protocol protocol)
{
	double rounds = collective == COLLECTIVE_ALL_REDUCE ? 2 : 1;
	struct steps steps = {
		.inside = rounds * (group->per_domain - 1),
		.between = rounds * ceil(log2(group->domains)),
	};

	steps.latency_us =
		costs[protocol].start_tree + steps.inside * costs[protocol].nvlink_tree +
		steps.between * costs[protocol].net_tree * net_scale(network, group, PATTERN_RING);
	return steps;
}

/* NVLink's stage as NVLS has it, then a ring on each rail. */
static struct steps stage_steps(const struct network *network, const struct rank_group *group,
				enum collective collective, enum protocol protocol)
{
	double rounds = collective == COLLECTIVE_ALL_REDUCE ? 2 : 1;
	struct steps steps = { .inside = rounds, .between = rounds * (group->domains - 1.0) };

	steps.latency_us = costs[protocol].start_ring + nvls_nvlink_us +
			   steps.between * costs[protocol].net_ring *
				   net_scale(network, group, PATTERN_HIERARCHICAL);
	return steps;
}

static struct steps switch_steps(const struct network *network, const struct rank_group *group,
				 enum protocol protocol)
{
	struct steps steps = { .inside = group->per_domain > 1 ? 2 : 0 };

	steps.between = group->domains > 1 ? 2 : 0;
	steps.latency_us = costs[protocol].start_ring + (steps.inside > 0 ? nvls_nvlink_us : 0) +
			   steps.between * nvls_net_us * net_scale(network, group, PATTERN_SHARP);
	return steps;
}

/* All messages are under way together; each costs the sender its overhead. */
static struct steps direct_steps(const struct network *network, const struct rank_group *group,
				 enum collective collective, enum protocol protocol)
{
	double others = collective == COLLECTIVE_ALL_TO_ALL ? group->ranks - 1.0 : 1;
	double outside = group->domains > 1 ? fmax(others - (group->per_domain - 1.0), 1) : 0;
	struct steps steps = { .inside = outside > 0 ? 0 : 1, .between = outside > 0 ? 1 : 0 };

	steps.latency_us = costs[protocol].start_ring + outside * network->overhead_us +
			   steps.inside * costs[protocol].nvlink_ring +
			   steps.between * costs[protocol].net_ring *
				   net_scale(network, group, PATTERN_ALL_TO_ALL);
	return steps;
}

static struct steps count_steps(const struct network *network, const struct rank_group *group,
				enum collective collective, enum algorithm algorithm,
				enum protocol protocol)
{
	switch (algorithm) {
	case ALGORITHM_RING:
		return ring_steps(network, group, collective, protocol);
	case ALGORITHM_TREE:
		return tree_steps(network, group, collective, protocol);
	case ALGORITHM_HIERARCHICAL:
		return stage_steps(network, group, collective, protocol);
	case ALGORITHM_NVLS:
	case ALGORITHM_SHARP:
		return switch_steps(network, group, protocol);
	case ALGORITHM_DIRECT:
	case ALGORITHM_COUNT:
		break;
	}
	return direct_steps(network, group, collective, protocol);
}

/* The most that the algorithm's traffic can reach. */
static double bandwidth_of(const struct network *network, const struct rank_group *group,
			   enum collective collective, enum algorithm algorithm)
{
	/* What gathers is not added up in a switch, and measures as a ring does: 361 GB/s of an
	 * all-gather against 366 of a ring on H200 (docs/training.md). */
	double most = is_gathering(collective) && group->per_domain > 1
			      ? network->domain_ring_gb_per_s
			      : HUGE_VAL;

	switch (algorithm) {
	case ALGORITHM_TREE:
		most = fmin(most, network_bound(network, group, PATTERN_RING));
		return most * (is_gathering(collective) ? pat_bandwidth : tree_bandwidth);
	case ALGORITHM_NVLS:
	case ALGORITHM_HIERARCHICAL:
		return fmin(most, network_bound(network, group, PATTERN_HIERARCHICAL));
	case ALGORITHM_SHARP:
		return network_bound(network, group, PATTERN_SHARP);
	case ALGORITHM_DIRECT:
		return network_bound(network, group,
				     collective == COLLECTIVE_ALL_TO_ALL ? PATTERN_ALL_TO_ALL
									 : PATTERN_PAIR);
	case ALGORITHM_RING:
	case ALGORITHM_COUNT:
		break;
	}
	return network_bound(network, group, PATTERN_RING);
}

void collective_time_by(const struct network *network, const struct rank_group *group,
			enum collective collective, enum algorithm algorithm, double bytes,
			struct collective_time *ret_time)
{
	double moved = bytes * collective_factor(collective, group->ranks);
	double bandwidth = bandwidth_of(network, group, collective, algorithm);

	*ret_time = (struct collective_time){ .algorithm = algorithm, .time_us = HUGE_VAL };
	for (int i = 0; i < PROTOCOL_COUNT; i++) {
		enum protocol protocol = (enum protocol)i;
		struct steps steps = count_steps(network, group, collective, algorithm, protocol);
		double bound = bandwidth * costs[protocol].bandwidth;
		/* GB/s are thousands of bytes a microsecond. */
		double time_us = steps.latency_us + moved / (bound * 1e3);

		if (time_us >= ret_time->time_us)
			continue;
		ret_time->protocol = protocol;
		ret_time->latency_us = steps.latency_us;
		ret_time->time_us = time_us;
		ret_time->bound_gb_per_s = bound;
		ret_time->busbw_gb_per_s = moved / time_us / 1e3;
		ret_time->steps = steps.inside + steps.between;
	}
}

void collective_time(const struct network *network, const struct rank_group *group,
		     enum collective collective, double bytes, struct collective_time *ret_time)
{
	struct collective_time best = { .time_us = HUGE_VAL };

	for (int i = 0; i < ALGORITHM_COUNT && group->ranks > 1; i++) {
		struct collective_time one;

		if (!collective_can(network, group, collective, (enum algorithm)i))
			continue;
		collective_time_by(network, group, collective, (enum algorithm)i, bytes, &one);
		if (one.time_us < best.time_us)
			best = one;
	}
	*ret_time = group->ranks > 1 ? best : (struct collective_time){ 0 };
}
