/*
 * One run of iperf3 with the peer: what it is told, and what it said as evidence.
 */
#pragma once

#include "active/active.h"
#include "active/iperf3.h"

enum {
	NETWORK_PORT = 5201, /* where iperf3 -s listens when it is told nothing */
	NETWORK_STREAMS = 8,
	NETWORK_SECONDS = 5, /* of a run at most */
	NETWORK_OMITTED =
		1, /* seconds before, while TCP finds its speed, of a run of three or more */
	NETWORK_UDP_BITS_PER_S = 20000000,
};

/* One run. */
struct network_task {
	const char *name; /* "send:8", "receive:1", "udp-send": the part of a device's name */
	bool is_udp, is_reverse;
	unsigned streams;
};

extern const struct network_task network_tasks[];
extern const size_t network_task_count;

/* Takes "HOST", "HOST:PORT", "[ADDRESS]:PORT" or an address of IPv6 apart; *ret_port is 0 where
 * none is given. ERROR_INVALID for what is no host. */
bool network_peer_read(struct span text, struct arena *arena, const char **ret_host,
		       unsigned *ret_port, struct error *err);

/* The words, NULL-terminated. */
const char *const *network_words(const struct network_task *task, const char *host, unsigned port,
				 unsigned seconds, struct arena *arena);

/* How long each of `runs` runs may measure when so much is left of the test: whole seconds, at
 * least 1. */
unsigned network_seconds(int64_t left_ns, size_t runs);

/* "network:HOST/send:8". */
const char *network_device(const char *host, const char *task, struct arena *arena);

/* Adds the records of a run about the device. */
void network_say(struct sightings *sightings, const struct iperf3_report *report,
		 const char *device);
