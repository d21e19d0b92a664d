/*
 * The network of a cluster as the models of it need: NVLink domains, NICs, rails and tiers of
 * switches, how far two GPUs are apart and what bandwidth a pattern of traffic can reach at most.
 * What a machine really has is somebody else's to find; here everything is as described.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

enum {
	NETWORK_RAILS_MAXIMUM = 64,
	NETWORK_TIERS_MAXIMUM = 3,
	NETWORK_DOMAIN_MAXIMUM = 1024,
};

/* GPUs are numbered node after node; GPU i of a node uses rail i, over its own NIC. */
struct network {
	unsigned gpus_per_node;
	unsigned domain_gpus; /* of one NVLink domain: one node, or several as in an NVL72 rack */

	/* Bus bandwidth inside a domain, GB/s, as nccl-tests counts it. */
	double domain_ring_gb_per_s;   /* of a ring, and of everything that is no reduction */
	double domain_switch_gb_per_s; /* of an all-reduce added up in the NVLink switch, NVLS;
					* 0: the switch cannot */

	/* NICs of one node on the network that the GPUs use. */
	unsigned rail_count;
	uint32_t rail_mbit_per_s[NETWORK_RAILS_MAXIMUM];
	bool is_split_statically; /* a slow rail is the pace of all; else the others take over */
	double wire_share;        /* of the rate that data gets, 0 to 1 */

	bool is_rail_optimised; /* rail i of all nodes of a group on one leaf; else a node on one */
	unsigned group_nodes;   /* nodes below the same leaves; 0: as many as the radix allows */
	unsigned radix;         /* ports of a switch */
	unsigned tiers;         /* of switches, 1 to 3 */
	/* Bandwidth into tier t + 1 over bandwidth out of it upwards; 1: none. */
	double oversubscription[NETWORK_TIERS_MAXIMUM - 1];
	double scatter; /* 0: neighbours of a ring sit together where they can; 1: anywhere */
	bool has_sharp; /* switches add up what passes them */

	double message_us;  /* one message of NCCL's Simple protocol through one switch */
	double hop_us;      /* each further switch */
	double overhead_us; /* of sending one message after another */
};

/* How the ranks of one communicator lie: `per_domain` of them in each NVLink domain, while the
 * other GPUs of the domain belong to communicators that do the same at the same time. */
struct rank_group {
	unsigned ranks;
	unsigned per_domain;    /* at most; the last domain may hold fewer */
	unsigned domains;       /* that the group lies in; 1: it needs no network */
	unsigned domain_stride; /* from one domain of the group to its next */
};

enum pattern {
	PATTERN_RING,         /* one chain through all ranks, on every rail */
	PATTERN_HIERARCHICAL, /* inside the domain first, then each rail for itself */
	PATTERN_SHARP,        /* added up in the switches of the network */
	PATTERN_ALL_TO_ALL,   /* every rank with every other */
	PATTERN_PAIR,         /* one rank with one other */
	PATTERN_COUNT,
};

/* True when the numbers can belong to a network: no zero counts, a domain of whole nodes, groups
 * that the tiers can hold. */
bool network_check(const struct network *network, struct error *err);

/* Fails when so many GPUs need more ports than the tiers have. */
bool network_holds(const struct network *network, unsigned gpus, struct error *err);

/* The most nodes below one subtree of `tier` tiers, from 1: radix/2 nodes on rails or radix/2 over
 * the NICs of a node below one set of leaves, radix^2/2 NICs below two tiers, radix^3/4 below three
 * (64 ports and 8 rails: 256, 2,048 and 65,536 GPUs); the last tier needs no uplinks. */
unsigned network_tier_nodes(const struct network *network, unsigned tier);

/* The group of every `stride`-th GPU; both from 1. */
struct rank_group network_group(const struct network *network, unsigned ranks, unsigned stride);

/* Switches between two GPUs: 0 inside a domain, then 1, 3 or 5. On rails, traffic to another rail
 * goes by NVLink first, and is not farther. */
unsigned network_hops(const struct network *network, unsigned a, unsigned b);

/* Of the messages that leave a domain, the mean number of switches on their way; 0 when none
 * does. */
double network_mean_hops(const struct network *network, const struct rank_group *group,
			 enum pattern pattern);

/* GB/s of all NICs of one domain together. */
double network_domain_bandwidth(const struct network *network);

/* The bus bandwidth, GB/s, that no implementation of the pattern exceeds. With n ranks in N
 * domains, B the bandwidth of the NICs of one domain that is the group's, V that inside the domain:
 *
 *   ring            min(V ring, B)
 *   hierarchical    min(V switch, B (n-1)/n N/(N-1))
 *   SHARP           min(V switch, 2 B (n-1)/n)
 *   all-to-all      min(V ring, B/G (n-1)/(n-G)), G ranks in a domain
 *   pair            B/G, or V ring inside a domain
 *
 * B is divided by 1 - f + f p for the share f of the traffic that crosses an oversubscription p.
 * Derived from what each algorithm moves; checked against public results of nccl-tests,
 * docs/training.md. */
double network_bound(const struct network *network, const struct rank_group *group,
		     enum pattern pattern);

/* The same by the NICs alone, whatever is inside a domain; the group lies in more than one. */
double network_outside_bound(const struct network *network, const struct rank_group *group,
			     enum pattern pattern);
