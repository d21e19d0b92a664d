#include "fabric/graph.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
	SLOTS_FIRST = 64,
	ROOM_FIRST = 64,
};

const char *const graph_kind_names[] = {
	[GRAPH_ADAPTER] = "adapter",
	[GRAPH_SWITCH] = "switch",
	[GRAPH_ROUTER] = "router",
};
static_assert(sizeof(graph_kind_names) / sizeof(graph_kind_names[0]) == GRAPH_KIND_COUNT,
	      "a name for each kind");

const char *const graph_note_names[] = {
	[GRAPH_NOTE_DUPLICATE_GUID] = "duplicate-guid",
	[GRAPH_NOTE_ONE_SIDED] = "one-sided",
	[GRAPH_NOTE_SELF] = "self",
	[GRAPH_NOTE_NO_ANSWER] = "no-answer",
	[GRAPH_NOTE_CUT] = "cut",
	[GRAPH_NOTE_UNREADABLE] = "unreadable",
};
static_assert(sizeof(graph_note_names) / sizeof(graph_note_names[0]) == GRAPH_NOTE_KIND_COUNT,
	      "a name for each kind of note");

static uint32_t slot_of(const struct graph *graph, uint64_t guid)
{
	return guid_slot(guid, graph->slot_count);
}

/* Where the GUID stands, or the free slot where it would. */
static uint32_t probe(const struct graph *graph, uint64_t guid)
{
	uint32_t slot = slot_of(graph, guid);

	while (graph->slots[slot] != GRAPH_NONE && graph->nodes[graph->slots[slot]].guid != guid)
		slot = (slot + 1) & (graph->slot_count - 1);
	return slot;
}

uint32_t graph_find(const struct graph *graph, uint64_t guid)
{
	return graph->slot_count > 0 ? graph->slots[probe(graph, guid)] : GRAPH_NONE;
}

/* Slots for so many nodes: at most half full, so that a probe is short. */
static void make_slots(struct graph *graph, uint32_t nodes)
{
	if (graph->slot_count > nodes * 2ull)
		return;
	graph->slot_count = graph->slot_count > 0 ? graph->slot_count : SLOTS_FIRST;
	while (graph->slot_count <= nodes * 2ull)
		graph->slot_count *= 2;
	graph->slots = ARENA_ARRAY(graph->arena, uint32_t, graph->slot_count);
	memset(graph->slots, 0xff, graph->slot_count * sizeof(*graph->slots));
	for (uint32_t i = 0; i < graph->node_count; i++)
		graph->slots[probe(graph, graph->nodes[i].guid)] = i;
}

/* An array of at least `needed` elements that begins with the `count` of the old one. */
static void *grown(struct arena *arena, const void *array, size_t size, uint32_t count,
		   uint32_t needed, uint32_t *room)
{
	void *larger;

	if (needed <= *room)
		return NULL;
	*room = *room * 2 > needed ? *room * 2 : needed + ROOM_FIRST;
	larger = arena_take(arena, size * *room);
	if (count > 0)
		memcpy(larger, array, size * count);
	return larger;
}

static void add_ports(struct graph *graph, uint32_t node, unsigned count)
{
	void *larger = grown(graph->arena, graph->ports, sizeof(*graph->ports), graph->port_count,
			     graph->port_count + count, &graph->port_room);

	if (larger)
		graph->ports = larger;
	for (unsigned i = 0; i < count; i++)
		graph->ports[graph->port_count + i] = (struct graph_port){
			.node = node,
			.peer = GRAPH_NONE,
			.number = (uint16_t)i,
		};
	graph->port_count += count;
}

void graph_reserve(struct graph *graph, uint32_t nodes, uint32_t ports)
{
	uint32_t more_nodes = GRAPH_NODES_MAXIMUM - graph->node_count;
	uint32_t more_ports = GRAPH_PORTS_MAXIMUM - graph->port_count;
	void *larger;

	more_nodes = nodes < more_nodes ? nodes : more_nodes;
	more_ports = ports < more_ports ? ports : more_ports;
	larger = grown(graph->arena, graph->nodes, sizeof(*graph->nodes), graph->node_count,
		       graph->node_count + more_nodes, &graph->node_room);
	if (larger)
		graph->nodes = larger;
	larger = grown(graph->arena, graph->ports, sizeof(*graph->ports), graph->port_count,
		       graph->port_count + more_ports, &graph->port_room);
	if (larger)
		graph->ports = larger;
	make_slots(graph, graph->node_count + more_nodes);
}

static bool is_control(uint32_t character)
{
	return character < ' ' || (character >= 0x7f && character <= 0x9f);
}

/* A byte in each of eight. */
static uint64_t bytes(uint64_t byte)
{
	return byte * 0x0101010101010101u;
}

/* Is it all printable ASCII? */
static bool is_plain(struct span text)
{
	uint64_t word, other = 0;
	size_t at = 0;

	for (; at + sizeof(word) <= text.length; at += sizeof(word)) {
		memcpy(&word, text.at + at, sizeof(word));
		/* The upper bit of a byte that is below ' ', or 0x7f, or beyond. */
		other |= ((word - bytes(' ')) | (word + bytes(1)) | word) & bytes(0x80);
	}
	for (; at < text.length; at++)
		other |= (unsigned char)text.at[at] < ' ' || (unsigned char)text.at[at] >= 0x7f;
	return other == 0;
}

/* What a device calls itself may hold any bytes: nothing of it may move a cursor. */
static const char *clean(struct arena *arena, const char *description)
{
	struct span rest = span_trim(span_of(description));
	char *copy;
	size_t at = 0;

	if (is_plain(rest))
		return arena_string(arena, rest);
	copy = arena_take(arena, rest.length + 1);

	while (at < rest.length) {
		struct span tail = { rest.at + at, rest.length - at };
		uint32_t character = 0;
		size_t length;

		copy[at] = tail.at[0];
		if (tail.at[0] >= ' ' && tail.at[0] < 0x7f) {
			at++;
			continue;
		}
		length = span_character(tail, &character);
		memcpy(copy + at, tail.at, length);
		if (length == 0 || is_control(character))
			memset(copy + at, '?', length > 0 ? length : 1);
		at += length > 0 ? length : 1;
	}
	return copy;
}

void graph_describe(struct graph *graph, uint32_t node, const char *description)
{
	graph->nodes[node].description = clean(graph->arena, description);
}

bool graph_add(struct graph *graph, const struct graph_node *node, uint32_t *ret_node,
	       struct error *err)
{
	uint32_t index = graph->node_count, slot;
	void *larger;

	if (node->guid == 0)
		return fail(err, ERROR_INVALID, "a device without a GUID");
	if (node->port_count > GRAPH_PORT_MAXIMUM)
		return fail(err, ERROR_INVALID, "%u ports of one device; there are at most %d",
			    node->port_count, GRAPH_PORT_MAXIMUM);
	if (index >= GRAPH_NODES_MAXIMUM ||
	    graph->port_count + node->port_count + 1u > GRAPH_PORTS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "more than %d devices or %d ports",
			    GRAPH_NODES_MAXIMUM, GRAPH_PORTS_MAXIMUM);
	make_slots(graph, index + 1);
	slot = probe(graph, node->guid);
	if (graph->slots[slot] != GRAPH_NONE)
		return fail(err, ERROR_CONFLICT, "GUID %016llx is there twice",
			    (unsigned long long)node->guid);
	larger = grown(graph->arena, graph->nodes, sizeof(*graph->nodes), index, index + 1,
		       &graph->node_room);
	if (larger)
		graph->nodes = larger;
	graph->nodes[index] = *node;
	graph->nodes[index].first_port = graph->port_count;
	graph->nodes[index].description =
		node->description ? clean(graph->arena, node->description) : "";
	graph->node_count++;
	graph->slots[slot] = index;
	add_ports(graph, index, node->port_count + 1u);
	*ret_node = index;
	return true;
}

bool graph_link(struct graph *graph, uint32_t port, uint32_t other)
{
	uint32_t *peer = &graph->ports[port].peer;
	uint32_t *back = &graph->ports[other].peer;

	if (port == other || (*peer != GRAPH_NONE && *peer != other) ||
	    (*back != GRAPH_NONE && *back != port))
		return false;
	*peer = other;
	*back = port;
	graph->ports[port].peer_node = graph->ports[other].node;
	graph->ports[other].peer_node = graph->ports[port].node;
	return true;
}

void graph_note(struct graph *graph, enum graph_note_kind kind, uint32_t node, uint32_t port,
		const char *format, ...)
{
	uint32_t index = graph->note_count++;
	struct error said = { 0 };
	char text[sizeof(said.text)];
	void *larger;
	va_list args;

	if (index >= GRAPH_NOTES_MAXIMUM)
		return;
	larger = grown(graph->arena, graph->notes, sizeof(*graph->notes), index, index + 1,
		       &graph->note_room);
	if (larger)
		graph->notes = larger;
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	/* An error's text cannot move a cursor; nor can a note's. */
	(void)fail(&said, ERROR_PARSE, "%s", text);
	graph->notes[index] = (struct graph_note){
		.kind = kind,
		.node = node,
		.port = port,
		.text = arena_string(graph->arena, span_of(said.text)),
	};
}

const uint32_t graph_lane_mbit[] = {
	[SPEED_UNKNOWN] = 0,   [SPEED_SDR] = 2000,   [SPEED_DDR] = 4000,  [SPEED_QDR] = 8000,
	[SPEED_FDR10] = 10000, [SPEED_FDR] = 13636,  [SPEED_EDR] = 25000, [SPEED_HDR] = 50000,
	[SPEED_NDR] = 100000,  [SPEED_XDR] = 200000,
};
static_assert(sizeof(graph_lane_mbit) / sizeof(graph_lane_mbit[0]) == SPEED_COUNT,
	      "a rate for each speed");

static const char *const speed_names[] = {
	[SPEED_UNKNOWN] = "?",   [SPEED_SDR] = "SDR", [SPEED_DDR] = "DDR", [SPEED_QDR] = "QDR",
	[SPEED_FDR10] = "FDR10", [SPEED_FDR] = "FDR", [SPEED_EDR] = "EDR", [SPEED_HDR] = "HDR",
	[SPEED_NDR] = "NDR",     [SPEED_XDR] = "XDR",
};
static_assert(sizeof(speed_names) / sizeof(speed_names[0]) == SPEED_COUNT, "a name for each speed");

const char *graph_speed_name(enum graph_speed speed)
{
	return speed_names[speed < SPEED_COUNT ? speed : SPEED_UNKNOWN];
}
