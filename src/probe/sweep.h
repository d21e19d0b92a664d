/*
 * A sweep of an InfiniBand fabric by datagrams of subnet management: starting at the local port,
 * every device is asked who it is and what hangs at its ports, many at once. What stays silent is
 * named, and the rest is delivered all the same. Only Get is ever sent.
 */
#pragma once

#include "fabric/graph.h"
#include "probe/exchange.h"
#include "probe/smp.h"

struct sweep_request {
	const struct mad_door *door;
	unsigned window, tries; /* 0: the defaults of an exchange */
	unsigned hops_maximum;  /* 0: MAD_HOPS_MAXIMUM */
	int64_t limit_ns;       /* of the whole; 0: none */
	/* Called about each tenth of a second with what is known so far; false ends the sweep. May
	 * be NULL. */
	bool (*goes_on)(void *self, const struct graph *graph, const struct exchange_tally *tally);
	void *self;
};

struct sweep_result {
	struct exchange_tally tally;
	uint32_t root;      /* the local device in the graph */
	uint32_t root_port; /* its port's index in the graph */
	uint16_t manager_lid;
	uint32_t unanswered_ports; /* a cable leads on from there and nothing behind it answered */
	uint32_t unread_ports;     /* their device answers, for them it does not */
	uint32_t keyed_nodes;      /* with a management key that hides what others may read */
	uint32_t far_ports;        /* beyond hops_maximum */
	double round_trip_us;      /* smoothed, at the end */
	int64_t duration_ns;
	bool is_cut;                    /* by the limit, or by goes_on */
	struct port_counters *counters; /* by port of the graph; NULL when not read */
	uint32_t counted_ports, uncounted_ports;
};

/* Sweeps into the graph, which has to be empty. What is in doubt becomes a note of it. Fails when
 * the device does, or when not even the local device answers; what was found by then is in the
 * graph. Everything lives in the graph's arena. */
bool sweep(const struct sweep_request *request, struct graph *graph,
	   struct sweep_result *ret_result, struct error *err);

/* Reads the counters of every linked port of the swept graph, and again after interval_ns (0: only
 * once). Ports without a LID, which a subnet manager gives, cannot be read. */
bool sweep_read_counters(const struct sweep_request *request, const struct graph *graph,
			 int64_t interval_ns, struct sweep_result *result, struct error *err);
