/*
 * Datagrams of subnet management and of performance management as bytes: questions are written,
 * answers read. InfiniBand Architecture Specification, volume 1, chapters 13, 14 and 16. Nothing in
 * an answer is believed beyond its form.
 */
#pragma once

#include "fabric/graph.h"
#include "fabric/port_counters.h"
#include "host/mad.h"

enum smp_attribute {
	SMP_NODE_DESCRIPTION = 0x10,
	SMP_NODE_INFO = 0x11,
	SMP_PORT_INFO = 0x15,
	SMP_EXTENDED_PORT_INFO = 0xff90, /* of Mellanox: libibmad's IB_ATTR_MLNX_EXT_PORT_INFO */
	PERFORMANCE_PORT_COUNTERS = 0x12,
};

enum {
	SMP_DESCRIPTION_SIZE = 3 * 64 + 1, /* each byte may become a character of three */
	SMP_PORT_DOWN = 1,
	SMP_PHYSICAL_UP = 5,
	SMP_VENDOR_BULL = 0x119f,
};

/* Ports that a datagram leaves by, from the local one on: ports[1] to ports[hops]. */
struct smp_route {
	uint8_t hops;
	uint8_t ports[MAD_HOPS_MAXIMUM + 1];
};

/* Get of the attribute by directed route. `number` comes back with the answer. */
void smp_ask(struct mad *mad, enum smp_attribute attribute, uint32_t modifier,
	     const struct smp_route *route, uint32_t number);

/* Get of PortCounters of one port, sent to a LID. */
void performance_ask(struct mad *mad, uint16_t lid, uint8_t port, uint32_t number);

struct smp_node {
	enum graph_kind kind;
	uint8_t port_count;
	uint8_t local_port; /* that the question came in by */
	uint64_t system_guid, guid, port_guid;
	uint32_t vendor, device;
};

/* False when it describes no device: an unknown type, no GUID, a port that it has not. */
bool smp_read_node(const struct mad *mad, struct smp_node *ret_node);

struct smp_port {
	uint16_t lid, sm_lid;
	uint8_t lmc;
	uint8_t state, physical; /* 4 active; SMP_PHYSICAL_UP */
	uint8_t width;           /* lanes, 0: not known */
	enum graph_speed speed;
	uint8_t key_protection; /* 0 to 3 */
};

void smp_read_port(const struct mad *mad, struct smp_port *ret_port);

/* Whether a device with these numbers answers what SMP_EXTENDED_PORT_INFO asks: the devices that
 * rdma-core's libibnetdisc asks. Older ones may leave it without an answer, newer ones have no
 * FDR10. */
bool smp_tells_fdr10(uint32_t vendor, uint32_t device);

/* Whether an extended answer about a port says FDR10, which PortInfo has no name for: it tells QDR.
 * LinkSpeedActive is the byte 15 (libibmad's field of the bits 120 to 127), FDR10 its lowest bit.
 */
bool smp_is_fdr10(const struct mad *mad);

/* UTF-8 without control characters, trimmed; other bytes become '?'. */
void smp_read_description(const struct mad *mad, char ret_text[static SMP_DESCRIPTION_SIZE]);

void performance_read(const struct mad *mad, uint32_t ret_counters[static COUNTER_COUNT]);
