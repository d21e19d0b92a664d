#include "fabric/network.h"

#include <math.h>

enum {
	MBIT_PER_GBYTE = 8000,
};

/* Switches on the way through a subtree of so many tiers. */
static unsigned hops_of(unsigned tier)
{
	return 2 * tier - 1;
}

static bool check_counts(const struct network *network, struct error *err)
{
	if (network->gpus_per_node == 0 || network->rail_count == 0)
		return fail(err, ERROR_INVALID, "a node has at least one GPU and one NIC");
	if (network->rail_count > NETWORK_RAILS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "a node has %u NICs; %d at most", network->rail_count,
			    NETWORK_RAILS_MAXIMUM);
	if (network->domain_gpus < network->gpus_per_node ||
	    network->domain_gpus % network->gpus_per_node != 0)
		return fail(err, ERROR_INVALID,
			    "an NVLink domain of %u GPUs is not made of whole nodes of %u",
			    network->domain_gpus, network->gpus_per_node);
	if (network->domain_gpus > NETWORK_DOMAIN_MAXIMUM)
		return fail(err, ERROR_LIMIT, "an NVLink domain of %u GPUs; %d at most",
			    network->domain_gpus, NETWORK_DOMAIN_MAXIMUM);
	for (unsigned i = 0; i < network->rail_count; i++) {
		if (network->rail_mbit_per_s[i] == 0 && network->is_split_statically)
			return fail(err, ERROR_INVALID,
				    "rail %u has no bandwidth, and the others do not take over", i);
	}
	return true;
}

static bool check_switches(const struct network *network, struct error *err)
{
	if (network->tiers == 0 || network->tiers > NETWORK_TIERS_MAXIMUM)
		return fail(err, ERROR_INVALID, "a network of %u tiers; give 1 to %d",
			    network->tiers, NETWORK_TIERS_MAXIMUM);
	if (network->radix < 4 || network->radix > 4096)
		return fail(err, ERROR_INVALID, "switches of %u ports; give 4 to 4096",
			    network->radix);
	for (unsigned i = 0; i < NETWORK_TIERS_MAXIMUM - 1; i++) {
		if (!(network->oversubscription[i] >= 1))
			return fail(err, ERROR_INVALID,
				    "an oversubscription of %g is below 1, which is none",
				    network->oversubscription[i]);
	}
	for (unsigned tier = 1; tier < network->tiers; tier++) {
		if (network_tier_nodes(network, tier) > network_tier_nodes(network, tier + 1))
			return fail(err, ERROR_INVALID,
				    "%u nodes below %u tiers are more than %u-port switches hold "
				    "in %u",
				    network_tier_nodes(network, tier), tier, network->radix,
				    tier + 1);
	}
	return true;
}

bool network_check(const struct network *network, struct error *err)
{
	if (!check_counts(network, err) || !check_switches(network, err))
		return false;
	if (!(network_domain_bandwidth(network) > 0) || !(network->domain_ring_gb_per_s > 0))
		return fail(err, ERROR_INVALID, "a network without bandwidth");
	return true;
}

bool network_holds(const struct network *network, unsigned gpus, struct error *err)
{
	uint64_t most =
		(uint64_t)network_tier_nodes(network, network->tiers) * network->gpus_per_node;

	if (gpus <= most || gpus <= network->domain_gpus)
		return true;
	return fail(err, ERROR_LIMIT,
		    "%u GPUs need more ports than %u tiers of %u-port switches have (%llu GPUs)",
		    gpus, network->tiers, network->radix, (unsigned long long)most);
}

unsigned network_tier_nodes(const struct network *network, unsigned tier)
{
	uint64_t radix = network->radix;
	/* The last tier has all its ports for what is below it. */
	uint64_t leaf = tier == network->tiers ? radix : radix / 2;
	uint64_t nodes = 0;

	if (tier == 1 && network->group_nodes > 0)
		return network->group_nodes;
	if (tier == 1)
		nodes = network->is_rail_optimised ? leaf : leaf / network->rail_count;
	else if (tier == 2)
		nodes = radix * radix / 2 / network->rail_count;
	else
		nodes = radix * radix * radix / 4 / network->rail_count;
	return nodes > 0 ? (unsigned)nodes : 1;
}

struct rank_group network_group(const struct network *network, unsigned ranks, unsigned stride)
{
	unsigned domain = network->domain_gpus;
	unsigned per_domain = stride < domain ? domain / stride : 1;

	per_domain = per_domain < ranks ? per_domain : ranks;
	return (struct rank_group){
		.ranks = ranks,
		.per_domain = per_domain,
		.domains = ranks / per_domain + (ranks % per_domain > 0),
		.domain_stride = stride > domain ? stride / domain : 1,
	};
}

unsigned network_hops(const struct network *network, unsigned a, unsigned b)
{
	unsigned node_a = a / network->gpus_per_node;
	unsigned node_b = b / network->gpus_per_node;

	if (a / network->domain_gpus == b / network->domain_gpus)
		return 0;
	for (unsigned tier = 1; tier < network->tiers; tier++) {
		unsigned nodes = network_tier_nodes(network, tier);

		if (node_a / nodes == node_b / nodes)
			return hops_of(tier);
	}
	return hops_of(network->tiers);
}

/* Domains of the group below one subtree of `tier` tiers. */
static double domains_below(const struct network *network, const struct rank_group *group,
			    unsigned tier)
{
	double nodes_per_domain = (double)network->domain_gpus / network->gpus_per_node;
	double domains =
		floor(network_tier_nodes(network, tier) / nodes_per_domain / group->domain_stride);

	return domains < 1 ? 1 : domains;
}

/* The share of the traffic between domains that does not stay below one subtree of `tier` tiers. */
static double share_above(const struct network *network, const struct rank_group *group,
			  enum pattern pattern, unsigned tier)
{
	double below = domains_below(network, group, tier);
	double domains = group->domains;

	if (tier >= network->tiers || domains <= below)
		return 0;

	double anywhere = (domains - below) / (domains - 1);
	double together = 1 / below;

	if (pattern == PATTERN_ALL_TO_ALL || together > anywhere)
		return anywhere;
	return together + network->scatter * (anywhere - together);
}

double network_mean_hops(const struct network *network, const struct rank_group *group,
			 enum pattern pattern)
{
	double hops = group->domains > 1 ? 1 : 0;

	for (unsigned tier = 1; tier < network->tiers; tier++)
		hops += (hops_of(tier + 1) - hops_of(tier)) *
			share_above(network, group, pattern, tier);
	return hops;
}

static double node_bandwidth(const struct network *network)
{
	uint64_t sum = 0;
	uint64_t least = UINT64_MAX;

	/* Whole numbers: the order of the rails does not show. */
	for (unsigned i = 0; i < network->rail_count; i++) {
		uint64_t rate = network->rail_mbit_per_s[i];

		sum += rate;
		least = rate < least ? rate : least;
	}
	if (network->is_split_statically)
		sum = least * network->rail_count;
	return (double)sum / MBIT_PER_GBYTE * network->wire_share;
}

double network_domain_bandwidth(const struct network *network)
{
	return node_bandwidth(network) * network->domain_gpus / network->gpus_per_node;
}

/* By how much oversubscription stretches what the pattern sends: 1 without. */
static double stretch(const struct network *network, const struct rank_group *group,
		      enum pattern pattern)
{
	double stretched = 1;
	double factor = 1;

	for (unsigned tier = 1; tier < network->tiers; tier++) {
		double before = factor;

		factor *= network->oversubscription[tier - 1];
		stretched += share_above(network, group, pattern, tier) * (factor - before);
	}
	return stretched;
}

/* What is reached inside the domain, without a bound where each domain has one rank alone. */
static double inside(const struct network *network, const struct rank_group *group,
		     enum pattern pattern)
{
	bool adds = pattern == PATTERN_HIERARCHICAL || pattern == PATTERN_SHARP;

	if (group->per_domain == 1 && group->domains > 1)
		return HUGE_VAL;
	return adds && network->domain_switch_gb_per_s > 0 ? network->domain_switch_gb_per_s
							   : network->domain_ring_gb_per_s;
}

double network_outside_bound(const struct network *network, const struct rank_group *group,
			     enum pattern pattern)
{
	double ranks = group->ranks;
	double domains = group->domains;
	double per_domain = ranks / domains;
	double bandwidth = network_domain_bandwidth(network) * per_domain / network->domain_gpus /
			   stretch(network, group, pattern);

	switch (pattern) {
	case PATTERN_RING:
		return bandwidth;
	case PATTERN_HIERARCHICAL:
		return bandwidth * (ranks - 1) / ranks * domains / (domains - 1);
	case PATTERN_SHARP:
		return 2 * bandwidth * (ranks - 1) / ranks;
	case PATTERN_ALL_TO_ALL:
		return bandwidth / per_domain * (ranks - 1) / (ranks - per_domain);
	case PATTERN_PAIR:
	case PATTERN_COUNT:
		break;
	}
	return bandwidth / per_domain;
}

double network_bound(const struct network *network, const struct rank_group *group,
		     enum pattern pattern)
{
	double within = inside(network, group, pattern);

	if (group->domains <= 1)
		return within;
	return fmin(within, network_outside_bound(network, group, pattern));
}
