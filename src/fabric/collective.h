/*
 * How long a collective takes by alpha and beta: a latency that the algorithm's steps add up to,
 * and the bytes over the bandwidth that its pattern can reach (fabric/network.h). The faster of the
 * algorithms and protocols is taken, as the library does.
 *
 * Latencies are the constants of NCCL's own tuner, as facts: NVIDIA/nccl
 * 5067397c2676d5aed50042fc39e5c8ee96eb0027 (2.30.7, 2026-06-11), src/graph/tuning.cc. It is a bound
 * with latencies, not what a given version reaches.
 */
#pragma once

#include "base/span.h"
#include "fabric/network.h"

enum collective {
	COLLECTIVE_ALL_REDUCE,
	COLLECTIVE_ALL_GATHER,
	COLLECTIVE_REDUCE_SCATTER,
	COLLECTIVE_ALL_TO_ALL,
	COLLECTIVE_BROADCAST,
	COLLECTIVE_SEND_RECEIVE,
	COLLECTIVE_COUNT,
};

enum algorithm {
	ALGORITHM_RING,
	ALGORITHM_TREE,         /* of an all-gather and a reduce-scatter: PAT */
	ALGORITHM_NVLS,         /* added up in the NVLink switch; one domain only */
	ALGORITHM_HIERARCHICAL, /* NVLink first, then rail by rail */
	ALGORITHM_SHARP,        /* added up in the switches of the network */
	ALGORITHM_DIRECT,       /* each with each, or one with one */
	ALGORITHM_COUNT,
};

enum protocol {
	PROTOCOL_LL,
	PROTOCOL_LL128,
	PROTOCOL_SIMPLE,
	PROTOCOL_COUNT,
};

extern const char *const collective_names[COLLECTIVE_COUNT]; /* "all-reduce" … */
extern const char *const algorithm_names[ALGORITHM_COUNT];
extern const char *const protocol_names[PROTOCOL_COUNT];

/* False when there is no such name. */
bool collective_find(struct span name, enum collective *ret_collective);

struct collective_time {
	enum algorithm algorithm;
	enum protocol protocol;
	double latency_us; /* alpha: of no bytes at all */
	double time_us;
	double bound_gb_per_s; /* bus bandwidth of many bytes */
	double busbw_gb_per_s; /* of these; 0 without bytes */
	double steps;          /* messages that wait for one another */
};

/* Bus bandwidth over bytes by time, as nccl-tests has it: 2 (n-1)/n of an all-reduce, (n-1)/n of an
 * all-gather, a reduce-scatter and an all-to-all, else 1. 0 of one rank. */
double collective_factor(enum collective collective, unsigned ranks);

/* Whether the algorithm can do it there at all. */
bool collective_can(const struct network *network, const struct rank_group *group,
		    enum collective collective, enum algorithm algorithm);

/* `bytes` is what nccl-tests calls the size: the buffer of an all-reduce, a broadcast or a pair,
 * all that is gathered or scattered, all that one rank sends in an all-to-all. The algorithm has to
 * be one that can; of its protocols the fastest is taken. One rank alone takes no time. */
void collective_time_by(const struct network *network, const struct rank_group *group,
			enum collective collective, enum algorithm algorithm, double bytes,
			struct collective_time *ret_time);

/* By the fastest algorithm. */
void collective_time(const struct network *network, const struct rank_group *group,
		     enum collective collective, double bytes, struct collective_time *ret_time);
