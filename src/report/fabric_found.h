/*
 * A fabric that was found: what it is made of, what stayed silent, what its ports count. The table
 * says it in a page, JSON holds every device and cable; as text it is written elsewhere
 * (fabric/ibnetdiscover.h).
 */
#pragma once

#include "fabric/graph.h"
#include "fabric/port_counters.h"
#include "report/report.h"

/* How it was found, by whoever asked it. */
struct fabric_sweep_told {
	const char *device; /* "mlx5_0" */
	unsigned port;
	bool is_split; /* one of several planes */
	uint64_t asked, answered, repeated, unanswered;
	unsigned window_most;
	double round_trip_us, duration_s;
	uint32_t silent_ports, unread_ports, keyed_nodes, far_ports;
	uint16_t manager_lid;
	bool is_cut;
};

struct fabric_found {
	const struct graph *graph;
	const char *source;                    /* "sweep over mlx5_0 port 1", "file 'a.txt'" */
	const struct fabric_sweep_told *sweep; /* NULL: it was read */
	const struct port_counters *counters;  /* by port of the graph; NULL: not read */
	uint32_t counted_ports, uncounted_ports;
	uint64_t interval_s; /* between two readings; 0: one */
};

/* FORMAT_TABLE or FORMAT_JSON. */
void fabric_found_write(const struct fabric_found *found, enum report_format format,
			const struct report_style *style, struct text *into);

void fabric_found_write_json(const struct fabric_found *found, struct text *into);
