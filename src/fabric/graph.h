/*
 * The wiring of a fabric as somebody saw it: devices, their ports, and the port at the other end of
 * each cable. Flat arrays and indices, so that a million ports are one walk. Nothing here judges,
 * and nothing is a name but a GUID: what a device calls itself is a description.
 */
#pragma once

#include <assert.h>

#include "base/arena.h"
#include "base/error.h"

enum {
	GRAPH_NODES_MAXIMUM = 1 << 20,
	GRAPH_PORTS_MAXIMUM = 1 << 22, /* of all nodes, numbers 0 included */
	GRAPH_PORT_MAXIMUM = 4094,     /* highest number of a port; InfiniBand ends at 254 */
	GRAPH_LARGE = 1 << 16,         /* ports */
};

#define GRAPH_NONE UINT32_MAX /* no such index */

enum graph_kind {
	GRAPH_ADAPTER, /* a channel adapter (HCA), or the NIC of a host */
	GRAPH_SWITCH,
	GRAPH_ROUTER,
	GRAPH_KIND_COUNT,
};

/* Signalling rate of one lane, by InfiniBand's names. */
enum graph_speed {
	SPEED_UNKNOWN,
	SPEED_SDR,   /* 2.5 Gb/s */
	SPEED_DDR,   /* 5 */
	SPEED_QDR,   /* 10 */
	SPEED_FDR10, /* 10.3125 */
	SPEED_FDR,   /* 14.0625 */
	SPEED_EDR,   /* 25.78125 */
	SPEED_HDR,   /* 53.125 */
	SPEED_NDR,   /* 106.25 */
	SPEED_XDR,   /* 212.5 */
	SPEED_COUNT,
};

/* A port; of one that nobody mentioned, everything but `node` and `number` is zero and it has no
 * peer. */
struct graph_port {
	uint64_t guid;       /* of an adapter's port; 0: not known. A switch has that of its node */
	uint32_t node;       /* that it belongs to */
	uint32_t peer;       /* the port at the other end of the cable; GRAPH_NONE: none seen */
	uint32_t peer_node;  /* that it belongs to; of no use without a peer */
	uint32_t mbit_per_s; /* where no lanes are known, as on Ethernet; 0: not known */
	uint16_t number;     /* from 1; 0 is the switch's own inner port */
	uint16_t lid;        /* 0: none */
	uint8_t lmc;
	uint8_t width;  /* lanes: 1, 2, 4, 8, 12; 0: not known */
	uint8_t speed;  /* enum graph_speed */
	bool is_silent; /* a cable leads on from here, and nothing behind it answered */
};

struct graph_node {
	uint64_t guid;        /* the key: never 0, one node each */
	uint64_t system_guid; /* of the chassis or card; 0: not known */
	enum graph_kind kind;
	uint32_t vendor, device;
	uint32_t first_port;     /* the port of number n stands at first_port + n */
	uint16_t port_count;     /* so that there are port_count + 1 of them, with 0 */
	bool is_aggregator;      /* a switch's SHARP aggregation node: an adapter, but no host's */
	const char *description; /* what the device calls itself; "" when it says nothing. UTF-8
				  * without control characters */
};

/* "switch", as files of assay name kinds. An adapter that is an aggregation node has a name of its
 * own there. */
extern const char *const graph_kind_names[GRAPH_KIND_COUNT];
#define GRAPH_AGGREGATOR_NAME "aggregator"

/* What the source said and the graph cannot hold, or holds with doubt. Nothing is left out without
 * one of these. */
enum graph_note_kind {
	GRAPH_NOTE_DUPLICATE_GUID, /* two devices give one GUID */
	GRAPH_NOTE_ONE_SIDED,  /* one end of a cable names the other, which names none or another */
	GRAPH_NOTE_SELF,       /* a cable from a port to itself */
	GRAPH_NOTE_NO_ANSWER,  /* something is there and did not answer */
	GRAPH_NOTE_CUT,        /* the source ends in the middle, or leaves out what it names */
	GRAPH_NOTE_UNREADABLE, /* a line that says nothing, or what cannot be */
	GRAPH_NOTE_KIND_COUNT,
};

extern const char *const graph_note_names[GRAPH_NOTE_KIND_COUNT]; /* "one-sided" … */

struct graph_note {
	enum graph_note_kind kind;
	uint32_t node, port; /* GRAPH_NONE where none is meant */
	const char *text;    /* one line with the place, UTF-8 without control characters */
};

/* `struct graph graph = { .arena = &arena };` is an empty graph. The arrays move while it grows:
 * indices stay, pointers do not. */
struct graph {
	struct arena *arena;
	struct graph_node *nodes;
	uint32_t node_count, node_room;
	struct graph_port *ports;
	uint32_t port_count, port_room;
	struct graph_note *notes;
	uint32_t note_count, note_room;
	uint32_t *slots;     /* node indices by GUID, an open hash table */
	uint32_t slot_count; /* a power of two, or 0 */
	bool is_partial;     /* the source says, or shows, that it did not see everything */
};

/* Adds the node with ports 0 to node->port_count, none of them linked; `first_port` is set here and
 * the description is copied, without blanks at its ends and with '?' for what is no text.
 * ERROR_CONFLICT when its GUID is there already, ERROR_INVALID with GUID 0 or too many ports,
 * ERROR_LIMIT beyond the maxima. */
bool graph_add(struct graph *graph, const struct graph_node *node, uint32_t *ret_node,
	       struct error *err);

/* The node calls itself something else; the text is copied as graph_add does. */
void graph_describe(struct graph *graph, uint32_t node, const char *description);

/* How many threads a walk over the graph is worth: a second one costs its start. */
static inline unsigned graph_threads(const struct graph *graph)
{
	return graph->port_count < GRAPH_LARGE ? 1 : 2;
}

/* Makes room for so many more, so that nothing moves while they come. A wish: fewer may come, or
 * more. */
void graph_reserve(struct graph *graph, uint32_t nodes, uint32_t ports);

/* The node of the GUID, GRAPH_NONE when there is none. */
uint32_t graph_find(const struct graph *graph, uint64_t guid);

/* Where a GUID stands in a hash table of so many slots, a power of two from 2 on: Fibonacci hashing
 * (Knuth, volume 3, 6.4), whose upper bits alone spread GUIDs that differ by a constant step, as
 * those of one maker do. */
static inline uint32_t guid_slot(uint64_t guid, uint32_t slot_count)
{
	return (uint32_t)(guid * 0x9e3779b97f4a7c15u >> (64 - __builtin_ctz(slot_count)));
}

/* The port of that number, GRAPH_NONE when the node has none such. */
static inline uint32_t graph_port(const struct graph *graph, uint32_t node, unsigned number)
{
	assert(node < graph->node_count);
	return number <= graph->nodes[node].port_count ? graph->nodes[node].first_port + number
						       : GRAPH_NONE;
}

/* Each becomes the other's peer. False, and nothing changes, when they are one port or when either
 * is linked elsewhere; again the same link is fine. */
bool graph_link(struct graph *graph, uint32_t port, uint32_t other);

/* Keeps the first GRAPH_NOTES_MAXIMUM; `note_count` counts all. */
void graph_note(struct graph *graph, enum graph_note_kind kind, uint32_t node, uint32_t port,
		const char *format, ...) __attribute__((format(printf, 5, 6)));

enum {
	GRAPH_NOTES_MAXIMUM = 10000,
};

extern const uint32_t graph_lane_mbit[SPEED_COUNT]; /* Mb/s of data in a lane; 0: not known */

/* Mb/s of data one way, encoding taken off as InfiniBand's names round it: 4 lanes of NDR are
 * 400,000; 0 when not known. */
static inline uint32_t graph_port_mbit(const struct graph_port *port)
{
	return port->width > 0 && port->speed < SPEED_COUNT
		       ? graph_lane_mbit[port->speed] * port->width
		       : port->mbit_per_s;
}

/* "NDR", "?" for what is not known. */
const char *graph_speed_name(enum graph_speed speed);
