/*
 * Management datagrams of InfiniBand: the door to a local port's user MAD device, by libibumad that
 * is found at run time. It carries what it is given and judges nothing. Above it stand the sweep
 * and the isolation audit, which only ever send Get and GetTable; every other method is refused
 * here, so that nothing above can change a fabric.
 */
#pragma once

#include <stdint.h>

#include "host/file.h"

enum {
	MAD_BYTES = 256,
	MAD_TABLE_MAXIMUM = 64 << 20, /* bytes of one answer in many packets */
	MAD_HOPS_MAXIMUM = 63,
	MAD_DIRECTED_LID = 0xffff,
	MAD_CLASS_SUBNET_LID = 0x01,
	MAD_CLASS_SUBNET_DIRECTED = 0x81,
	MAD_CLASS_ADMINISTRATION = 0x03,
	MAD_CLASS_PERFORMANCE = 0x04,
	MAD_METHOD_GET = 0x01,
	MAD_METHOD_GET_TABLE = 0x12,
	MAD_METHOD_ANSWER = 0x80, /* bit of every response */
	MAD_QUEUE_KEY = 0x80010000,
};

/* Where a datagram goes. A directed route is written into the datagram itself. */
struct mad_address {
	uint16_t lid;        /* MAD_DIRECTED_LID for a directed route from here */
	uint32_t queue_pair; /* 0: subnet management; 1: the rest */
	uint32_t queue_key;  /* MAD_QUEUE_KEY for queue pair 1 */
	uint16_t partition_index;
	uint8_t service_level;
};

struct mad {
	struct mad_address address;
	/* As on the wire, headers included, big-endian. The upper half of the transaction's number
	 * is the device's: tell answers by the lower 32 bits. */
	uint8_t data[MAD_BYTES];
	/* An answer of several packets, put together: headers and then all of the records. NULL
	 * when `data` holds everything; it stays until the next receive. */
	const uint8_t *table;
	uint32_t table_bytes;
};

enum mad_outcome {
	MAD_NOTHING,   /* none came within the time */
	MAD_ANSWER,    /* `ret_mad` is a response */
	MAD_TIMED_OUT, /* `ret_mad` is the request that nobody answered */
	MAD_BROKEN,    /* the device failed; `err` says how */
};

/* A door that is open. The functions are the device's, or a simulated fabric's of a test. */
struct mad_door {
	/* Sends; the device gives up waiting for the answer after timeout_ms, and does not retry.
	 * ERROR_INVALID for a method other than Get and GetTable; ERROR_UNSUPPORTED when the
	 * device lets nobody use the class of management (a virtual function has no queue pair 0);
	 * ERROR_IO when it failed. */
	bool (*send)(void *self, const struct mad *mad, unsigned timeout_ms, struct error *err);
	/* Waits wait_ms at most. Some devices never say MAD_TIMED_OUT: keep deadlines besides. */
	enum mad_outcome (*receive)(void *self, int wait_ms, struct mad *ret_mad,
				    struct error *err);
	int64_t (*now_ns)(void *self); /* its clock, which only ever goes on */
	void (*pause)(void *self, int64_t ns);
	void (*close)(void *self);
	void *self;
	const char *device; /* "mlx5_0" */
	unsigned port;      /* from 1 */
	uint64_t port_guid;
	uint16_t lid, sm_lid; /* its own, and its subnet manager's; 0: none */
	/* The adapter is one of several planes: subnet management goes over a device of its own. */
	bool is_split;
};

/* Opens port `port` (0: the first that is active) of the adapter (NULL: the first there is with
 * such a port). ERROR_MISSING: no libibumad, no adapter, no InfiniBand port; ERROR_IO: no
 * permission, with what to do. The arena holds the door's own memory. The library stays loaded:
 * unlike those of GPUs it only reads the system's files and one device that never blocks. */
bool mad_open(const char *device, unsigned port, struct arena *arena, struct mad_door *ret_door,
	      struct error *err);

/* Sends only what asks: every door refuses through this what could change a fabric. */
bool mad_only_asks(const struct mad *mad, struct error *err);
