/*
 * What this machine hears of the network around it: the switch and port that each interface hangs
 * on, by LLDP, and where a cloud says that it lies. Nothing is sent but one question to the
 * metadata address when that is asked for.
 */
#pragma once

#include "fabric/neighbours.h"
#include "host/system.h"

enum {
	LISTEN_DEFAULT_S = 35, /* switches speak every 30 seconds unless they are told otherwise */
	LISTEN_MAXIMUM_S = 600,
	INTERFACES_MAXIMUM = 256,
	DEAF_MAXIMUM = 16,
};

struct neighbourhood {
	const char *host;
	int64_t time; /* at the end, seconds since the epoch */
	unsigned listened_s;
	struct neighbours links;  /* of one interface one after the other; one without a neighbour
				   * for  each that heard nobody */
	uint32_t heard;           /* interfaces that heard somebody */
	uint32_t broken;          /* frames that break LLDP's rules */
	const char *broken_why;   /* of the first; NULL: none */
	struct cloud_hosts place; /* this host's own; empty: not asked, or no answer */
	const char *place_why;    /* why it is empty; NULL */
};

/* Interfaces of Ethernet below /sys, with their RDMA devices, sorted by name; bridges and other
 * interfaces that no cable can end at are left out. */
bool neighbourhood_see(const struct host *host, const char *name, struct arena *arena,
		       struct neighbourhood *ret_neighbourhood, struct error *err);

/* Listens for so many seconds, or until each interface with a carrier heard somebody. */
bool neighbourhood_listen(const struct host *host, unsigned seconds,
			  struct neighbourhood *neighbourhood, struct error *err);

/* Asks the clouds' metadata address, which answers to one of the questions or to none. */
void neighbourhood_ask(const char *address, struct neighbourhood *neighbourhood);
