/*
 * What libibumad.so.3 has in its interface, as far as it is used: the header of a datagram in the
 * memory of a program (the kernel's struct ib_user_mad_hdr) and what is said of a port. Private to
 * this room and to the stand-in of the tests.
 */
#pragma once

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

enum {
	UMAD_NAME_SIZE = 20,
	UMAD_DEVICES_MAXIMUM = 32,
	UMAD_PORT_ACTIVE = 4,
};

/* Fields of two bytes and more are big-endian, but for the index of the partition. */
struct umad_address {
	uint32_t queue_pair;
	uint32_t queue_key;
	uint16_t lid;
	uint8_t service_level;
	uint8_t path_bits;
	uint8_t has_route_header;
	uint8_t gid_index;
	uint8_t hop_limit;
	uint8_t traffic_class;
	uint8_t gid[16];
	uint32_t flow_label;
	uint16_t partition_index;
	uint8_t reserved[6];
};

struct umad_header {
	uint32_t agent;
	uint32_t status; /* an errno: 110 when nobody answered */
	uint32_t timeout_ms;
	uint32_t retries;
	uint32_t length;
	struct umad_address address;
};

static_assert(sizeof(struct umad_header) == 64, "the kernel's header has 64 bytes");

struct umad_port {
	char device[UMAD_NAME_SIZE];
	int number;
	unsigned lid, lmc, sm_lid, sm_service_level, state, physical_state, rate;
	uint32_t capabilities; /* big-endian, as the next two */
	uint64_t gid_prefix;
	uint64_t port_guid;
	unsigned partition_count;
	uint16_t *partitions;
	char link_layer[UMAD_NAME_SIZE]; /* "InfiniBand", "Ethernet" */
};

/* A device for subnet management and one for everything else, where they are two. */
struct umad_pair {
	char smi_name[UMAD_NAME_SIZE];
	uint32_t smi_port;
	char gsi_name[UMAD_NAME_SIZE];
	uint32_t gsi_port;
};
