#define _GNU_SOURCE /* qsort_r */

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/parallel.h"
#include "fabric/ibnetdiscover_parts.h"

enum {
	PORTS_AT_ONCE = 1 << 14, /* that a thread links before it looks for more */
};

/* The ends, resolved. */
struct linking {
	struct reading *reading;
	uint32_t known;     /* ports of the graph before unknown devices were added */
	uint32_t described; /* devices that are more than named */
	uint32_t *left;     /* ports whose ends do not agree with others, in the order of lines */
	uint32_t left_count;
	uint32_t *unknown; /* of those: that lead to devices of which the text tells nothing else */
	uint32_t unknown_count;
};

/* "port 3 of 'leaf1' (0002c90300a1b2c0)". */
static const char *place(struct linking *linking, uint32_t port)
{
	const struct graph *graph = linking->reading->graph;
	const struct graph_node *node = &graph->nodes[graph->ports[port].node];

	return arena_format(linking->reading->scratch, "port %u of '%s' (%016llx)",
			    graph->ports[port].number, node->description,
			    (unsigned long long)node->guid);
}

/* Of what the line says of the port. */
static void note(struct linking *linking, enum graph_note_kind kind, uint32_t port, uint32_t line,
		 const char *what)
{
	struct graph *graph = linking->reading->graph;

	graph_note(graph, kind, graph->ports[port].node, port, "%s: line %u: %s %s",
		   linking->reading->file, line, place(linking, port), what);
}

/* A second line about a port that says something else is noted and left out. */
static void note_again(struct linking *linking)
{
	struct reading *reading = linking->reading;

	for (uint32_t i = 0; i < reading->again_count; i++) {
		const struct told_again *again = &reading->again[i];
		const struct told_end *first = &reading->ends[again->port];

		if (first->guid != again->end.guid || first->number != again->end.number)
			note(linking, GRAPH_NOTE_ONE_SIDED, again->port, again->end.line,
			     arena_format(reading->scratch,
					  "is told of twice, and leads elsewhere on line %u",
					  first->line));
	}
}

/* The port that the end leads to; GRAPH_NONE: there is none. */
static uint32_t far_port(const struct graph *graph, const struct told_end *end)
{
	uint32_t node = graph_find(graph, end->guid);

	return node == GRAPH_NONE ? GRAPH_NONE : graph_port(graph, node, end->number);
}

/* Does the end at the port say that its cable leads to `far`? */
static bool leads_to(const struct reading *reading, uint32_t port, uint32_t far)
{
	const struct graph *graph = reading->graph;
	const struct told_end *end = &reading->ends[port];

	return end->line != 0 && end->number == graph->ports[far].number &&
	       end->guid == graph->nodes[graph->ports[far].node].guid;
}

static bool is_switch(const struct graph *graph, uint32_t port)
{
	return graph->nodes[graph->ports[port].node].kind == GRAPH_SWITCH;
}

/* The cables to one device often stand together. */
struct looked_up {
	uint64_t guid;
	uint32_t node; /* GRAPH_NONE: no device has it, as none has GUID 0 */
};

/* Links what both ends say, from one of the two: from that which hangs on a switch, so that what is
 * looked up is one of the few switches; of two alike from the later. Where a line calls a device
 * by another kind than it is, neither may. */
static bool link_agreed(const struct reading *reading, uint32_t port, struct looked_up *latest)
{
	struct graph *graph = reading->graph;
	const struct told_end *end = &reading->ends[port];
	bool is_own = is_switch(graph, port), is_far;
	uint32_t far;

	if (end->line == 0 || (is_own && end->kind != GRAPH_SWITCH))
		return false;
	if (latest->guid != end->guid)
		*latest = (struct looked_up){ end->guid, graph_find(graph, end->guid) };
	far = latest->node == GRAPH_NONE ? GRAPH_NONE
					 : graph_port(graph, latest->node, end->number);
	if (far == GRAPH_NONE || far == port)
		return false;
	is_far = is_switch(graph, far);
	return (is_own == is_far ? far < port : is_far) && leads_to(reading, far, port) &&
	       graph_link(graph, port, far);
}

struct agreeing {
	const struct reading *reading;
	uint32_t count; /* of ports */
	atomic_uint linked;
};

/* No two threads write to one port: each is linked from one end, whose thread alone does it. */
static void link_some(void *context, size_t item, unsigned worker)
{
	struct agreeing *agreeing = context;
	uint32_t first = (uint32_t)item * PORTS_AT_ONCE, last = first + PORTS_AT_ONCE;
	struct looked_up latest = { 0, GRAPH_NONE };
	uint32_t linked = 0;

	(void)worker;
	if (last > agreeing->count)
		last = agreeing->count;
	for (uint32_t port = first; port < last; port++)
		linked += link_agreed(agreeing->reading, port, &latest);
	atomic_fetch_add_explicit(&agreeing->linked, linked, memory_order_relaxed);
}

/* Returns how many ends were linked. */
static uint32_t link_all_agreed(struct linking *linking)
{
	struct agreeing agreeing = { .reading = linking->reading, .count = linking->known };

	parallel_for((linking->known + PORTS_AT_ONCE - 1) / PORTS_AT_ONCE,
		     linking->reading->threads, link_some, &agreeing);
	return 2 * atomic_load(&agreeing.linked);
}

static int by_line(const void *left, const void *right, void *context)
{
	const struct told_end *ends = context;
	const uint32_t a = ends[*(const uint32_t *)left].line;
	const uint32_t b = ends[*(const uint32_t *)right].line;

	return a < b ? -1 : a > b;
}

static bool is_linked(const struct linking *linking, uint32_t port)
{
	uint32_t peer = linking->reading->graph->ports[port].peer;

	return peer != GRAPH_NONE && leads_to(linking->reading, port, peer);
}

/* The ends that are not linked, `count` of them. */
static void find_left(struct linking *linking, uint32_t count)
{
	struct reading *reading = linking->reading;
	bool is_sorted = true;

	linking->left = ARENA_ARRAY(reading->scratch, uint32_t, count);
	for (uint32_t port = 0; port < linking->known; port++) {
		if (reading->ends[port].line == 0 || is_linked(linking, port))
			continue;
		is_sorted = is_sorted && (linking->left_count == 0 ||
					  by_line(&linking->left[linking->left_count - 1], &port,
						  reading->ends) < 0);
		linking->left[linking->left_count++] = port;
	}
	if (!is_sorted)
		qsort_r(linking->left, linking->left_count, sizeof(*linking->left), by_line,
			reading->ends);
}

/* Links those whose kinds alone did not agree, and finds what leads to unknown devices. */
static void look_at_left(struct linking *linking)
{
	struct reading *reading = linking->reading;

	linking->unknown = ARENA_ARRAY(reading->scratch, uint32_t, linking->left_count);
	for (uint32_t i = 0; i < linking->left_count; i++) {
		uint32_t port = linking->left[i], far;

		if (graph_find(reading->graph, reading->ends[port].guid) == GRAPH_NONE) {
			linking->unknown[linking->unknown_count++] = port;
			continue;
		}
		far = far_port(reading->graph, &reading->ends[port]);
		if (far != GRAPH_NONE && far != port && leads_to(reading, far, port))
			(void)graph_link(reading->graph, port, far);
	}
}

static int by_guid(const void *left, const void *right, void *context)
{
	const struct told_end *ends = context;
	const struct told_end *a = &ends[*(const uint32_t *)left];
	const struct told_end *b = &ends[*(const uint32_t *)right];

	if (a->guid != b->guid)
		return a->guid < b->guid ? -1 : 1;
	return by_line(left, right, context);
}

/* The ends unknown[first .. last) name one device: it is there, if only by its name. */
static bool add_unknown(struct linking *linking, uint32_t first, uint32_t last, struct error *err)
{
	struct reading *reading = linking->reading;
	const struct told_end *named = &reading->ends[linking->unknown[first]];
	struct graph_node node = { .guid = named->guid, .kind = named->kind };
	uint32_t index;

	for (uint32_t i = first; i < last; i++) {
		uint16_t number = reading->ends[linking->unknown[i]].number;

		if (number > node.port_count)
			node.port_count = number;
	}
	return graph_add(reading->graph, &node, &index, err) ||
	       fail_while(err, "%s", reading->file);
}

bool linking_add_unknown(struct linking *linking, struct error *err)
{
	struct reading *reading = linking->reading;
	uint32_t count = linking->unknown_count;

	if (count == 0)
		return true;
	qsort_r(linking->unknown, count, sizeof(*linking->unknown), by_guid, reading->ends);
	for (uint32_t first = 0, last; first < count; first = last) {
		uint64_t guid = reading->ends[linking->unknown[first]].guid;

		for (last = first + 1; last < count; last++)
			if (reading->ends[linking->unknown[last]].guid != guid)
				break;
		if (!add_unknown(linking, first, last, err))
			return false;
	}
	reading->graph->is_partial = true;
	return true;
}

/* The other end says nothing, or what it says is told of another cable too: true when they were
 * linked all the same. */
static bool link_one_sided(struct linking *linking, uint32_t port, uint32_t far)
{
	struct graph *graph = linking->reading->graph;
	struct graph_port *near = &graph->ports[port], *other = &graph->ports[far];

	if ((far < linking->known && linking->reading->ends[far].line != 0) ||
	    !graph_link(graph, port, far))
		return false;
	if (other->width == 0 && other->speed == SPEED_UNKNOWN) {
		other->width = near->width;
		other->speed = near->speed;
	}
	if (other->node < linking->described)
		note(linking, GRAPH_NOTE_ONE_SIDED, port, linking->reading->ends[port].line,
		     arena_format(linking->reading->scratch,
				  "leads to %s, which says of no cable there; it is linked",
				  place(linking, far)));
	return true;
}

/* An end whose other end does not say the same. */
static void link_doubtful(struct linking *linking, uint32_t port, uint32_t far)
{
	struct graph *graph = linking->reading->graph;
	uint32_t line = linking->reading->ends[port].line, taken;
	const char *why;

	if (far == port) {
		note(linking, GRAPH_NOTE_SELF, port, line, "leads to itself");
		return;
	}
	if (link_one_sided(linking, port, far))
		return;
	taken = graph->ports[far].peer;
	graph->ports[port].is_silent = graph->ports[port].peer == GRAPH_NONE;
	graph->is_partial = true;
	why = taken == GRAPH_NONE
		      ? "which says that it leads elsewhere; the cable is left out"
		      : arena_format(linking->reading->scratch,
				     "where a cable from %s ends: two devices have one GUID, or a "
				     "cable was moved during the sweep",
				     place(linking, taken));
	note(linking, taken == GRAPH_NONE ? GRAPH_NOTE_ONE_SIDED : GRAPH_NOTE_DUPLICATE_GUID, port,
	     line,
	     arena_format(linking->reading->scratch, "leads to %s, %s", place(linking, far), why));
}

/* What is left when those that agree are linked. */
static void link_rest(struct linking *linking)
{
	struct reading *reading = linking->reading;
	struct graph *graph = reading->graph;

	for (uint32_t i = 0; i < linking->left_count; i++) {
		uint32_t port = linking->left[i];
		const struct told_end *end = &reading->ends[port];
		uint32_t far = far_port(graph, end);

		if (far == GRAPH_NONE) {
			const struct graph_node *node = &graph->nodes[graph_find(graph, end->guid)];

			note(linking, GRAPH_NOTE_UNREADABLE, port, end->line,
			     arena_format(reading->scratch,
					  "leads to port %u of '%s', which has %u", end->number,
					  node->description, node->port_count));
		} else if (graph->ports[port].peer != far) {
			link_doubtful(linking, port, far);
		}
	}
}

static void note_unknown(struct linking *linking)
{
	struct reading *reading = linking->reading;
	uint32_t count = reading->graph->node_count - linking->described;
	const struct graph_node *first = &reading->graph->nodes[linking->described];

	if (count == 0)
		return;
	graph_note(reading->graph, GRAPH_NOTE_CUT, linking->described, GRAPH_NONE,
		   "%s: %u device%s only named by cables and described nowhere, the first '%s' "
		   "(%016llx): the text was cut, or they did not answer; they are counted with the "
		   "cables that name them",
		   reading->file, count, count == 1 ? " is" : "s are", first->description,
		   (unsigned long long)first->guid);
}

struct linking *linking_start(struct reading *reading)
{
	struct linking *linking = ARENA_NEW(reading->scratch, struct linking);
	uint32_t told = reading->end_count - reading->again_count, linked;

	*linking = (struct linking){
		.reading = reading,
		.described = reading->graph->node_count,
		.known = reading->graph->port_count,
	};
	reading->described = linking->described;
	reading_make_room(reading, linking->known);
	note_again(linking);
	linked = link_all_agreed(linking);
	if (linked < told) {
		find_left(linking, told - linked);
		look_at_left(linking);
	}
	return linking;
}

void linking_finish(struct linking *linking)
{
	note_unknown(linking);
	link_rest(linking);
}
