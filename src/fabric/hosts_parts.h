/*
 * What the files that join hosts share; private to this room.
 */
#pragma once

#include "fabric/hosts.h"

/* An aggregation node is a part of a switch. */
static inline bool is_host_adapter(const struct graph *graph, uint32_t node)
{
	return graph->nodes[node].kind == GRAPH_ADAPTER && !graph->nodes[node].is_aggregator;
}

/* Numbers or texts to indices: open addressing, at most half full. Keys are kept by the caller. */
struct guid_map {
	uint64_t *keys; /* 0: free */
	uint32_t *values;
	uint32_t slot_count;
};

/* Room for `count` keys. */
struct guid_map guid_map_make(struct arena *arena, uint32_t count);

/* The value of the key, which is not 0, and which is GRAPH_NONE for a new one. */
uint32_t *guid_map_at(struct guid_map *map, uint64_t guid);

/* The value, GRAPH_NONE when the key is not there. */
uint32_t guid_map_find(const struct guid_map *map, uint64_t guid);

/* A host while it is put together. */
struct host_draft {
	struct fabric_host host;
	uint32_t name_length;
	uint32_t adapter_count; /* that drafts tell of */
	uint32_t node_count;    /* nodes beside them */
};

/* An adapter of the graph that no host claims, and what its description says. */
struct left_node {
	uint32_t draft; /* GRAPH_NONE: it names nobody; LEFT_NOT: it is claimed, or no adapter */
	uint32_t host_length;           /* at the beginning of the description; 0: names nobody */
	uint32_t device, device_length; /* where in it */
};

#define LEFT_NOT (GRAPH_NONE - 1)

/* What somebody tells of an adapter. */
struct adapter_draft {
	struct fabric_adapter adapter;
	uint32_t host;
	uint32_t next; /* of the same host; GRAPH_NONE: the last */
};

struct joining {
	const struct graph *graph;
	struct arena *arena, *scratch;
	struct fabric_hosts *hosts;

	struct host_draft *drafts;
	uint32_t draft_count, draft_room;
	uint32_t *slots; /* drafts by name */
	uint32_t slot_count;
	uint32_t latest; /* the draft that was asked for last: the next adapter is often its too */

	struct adapter_draft *adapters;
	uint32_t adapter_count, adapter_room;
	uint32_t *first_of; /* of each draft: its first adapter */
	uint32_t *last_of;
	uint32_t
		*draft_of_node; /* whom each node of the graph belongs to; GRAPH_NONE: nobody yet */
	struct left_node *left; /* of each node of the graph */
};

/* The draft of that name, a new one when there is none. */
uint32_t joining_host(struct joining *joining, struct span name, enum host_naming naming);

/* The draft of that name, GRAPH_NONE when there is none. */
uint32_t joining_find(const struct joining *joining, struct span name);

void joining_note(struct joining *joining, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds an adapter to the host; the node, when there is one, belongs to it then. */
uint32_t joining_add(struct joining *joining, uint32_t host, const struct fabric_adapter *adapter);

/* Takes over what hosts say, and gives them the adapters of the graph that they claim. */
void joining_claim(struct joining *joining, const struct host_facts *facts);

/* Finds the hosts of the adapters that nobody claims by what they call themselves: `left`. */
void joining_name(struct joining *joining);

/* Such an adapter, of which nothing but the graph tells. */
struct fabric_adapter joining_left(const struct joining *joining, uint32_t node);
