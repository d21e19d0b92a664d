#define _GNU_SOURCE /* qsort_r */

#include <stdlib.h>
#include <string.h>

#include "fabric/ibnetdiscover_parts.h"

#define LEFT_OUT (GRAPH_NONE - 1)

/* The ends, resolved. */
struct linking {
	struct reading *reading;
	uint32_t *far;     /* of each end: the port it leads to; GRAPH_NONE: none; LEFT_OUT */
	bool *is_linked;   /* of each end: by the end at the other side */
	uint32_t *end_of;  /* of each known port: the end that it says; GRAPH_NONE: none */
	uint32_t known;    /* ports of the graph before unknown devices were added */
	uint32_t *unknown; /* ends that lead to devices of which the text tells nothing else */
	uint32_t unknown_count;
	uint32_t described; /* devices that are more than named */
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

static void note(struct linking *linking, enum graph_note_kind kind, const struct cable_end *end,
		 const char *what)
{
	struct graph *graph = linking->reading->graph;

	graph_note(graph, kind, graph->ports[end->port].node, end->port, "%s: line %u: %s %s",
		   linking->reading->file, end->line, place(linking, end->port), what);
}

/* What each port of the graph says itself. A second line about a port that says something else is
 * noted and left out. */
static void index_ends(struct linking *linking)
{
	struct reading *reading = linking->reading;

	for (uint32_t i = 0; i < reading->end_count; i++) {
		const struct cable_end *end = &reading->ends[i], *first;
		uint32_t *said = &linking->end_of[end->port];

		if (*said == GRAPH_NONE) {
			*said = i;
			continue;
		}
		first = &reading->ends[*said];
		linking->far[i] = LEFT_OUT;
		if (first->guid != end->guid || first->number != end->number)
			note(linking, GRAPH_NOTE_ONE_SIDED, end,
			     arena_format(reading->scratch,
					  "is told of twice, and leads elsewhere on line %u",
					  first->line));
	}
}

/* Links what both ends say. The last first: adapters come behind the switches that they hang on, so
 * that of each cable the end is looked up that leads to one of the few switches. */
static void link_agreed(struct linking *linking)
{
	struct reading *reading = linking->reading;
	struct graph *graph = reading->graph;

	for (uint32_t i = reading->end_count; i-- > 0;) {
		const struct cable_end *end = &reading->ends[i], *back;
		const struct graph_port *port = &graph->ports[end->port];
		uint32_t node, far;

		if (linking->far[i] == LEFT_OUT)
			continue;
		if (linking->is_linked[i]) {
			linking->far[i] = port->peer;
			continue;
		}
		node = graph_find(graph, end->guid);
		if (node == GRAPH_NONE) {
			linking->unknown[linking->unknown_count++] = i;
			continue;
		}
		far = graph_port(graph, node, end->number);
		linking->far[i] = far;
		if (far == GRAPH_NONE || linking->end_of[far] == GRAPH_NONE || far == end->port)
			continue;
		back = &reading->ends[linking->end_of[far]];
		if (back->number == port->number && back->guid == graph->nodes[port->node].guid)
			linking->is_linked[linking->end_of[far]] =
				graph_link(graph, end->port, far);
	}
}

static int by_guid(const void *left, const void *right, void *context)
{
	const struct cable_end *ends = context;
	const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;

	if (ends[a].guid != ends[b].guid)
		return ends[a].guid < ends[b].guid ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* The ends unknown[first .. last) name one device: it is there, if only by its name. */
static bool add_unknown(struct linking *linking, uint32_t first, uint32_t last, struct error *err)
{
	struct reading *reading = linking->reading;
	const struct cable_end *named = &reading->ends[linking->unknown[first]];
	struct graph_node node = { .guid = named->guid, .kind = named->kind };
	uint32_t index;

	for (uint32_t i = first; i < last; i++) {
		uint16_t number = reading->ends[linking->unknown[i]].number;

		if (number > node.port_count)
			node.port_count = number;
	}
	if (!graph_add(reading->graph, &node, &index, err))
		return fail_while(err, "%s", reading->file);
	for (uint32_t i = first; i < last; i++) {
		uint32_t end = linking->unknown[i];

		linking->far[end] = graph_port(reading->graph, index, reading->ends[end].number);
	}
	return true;
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
static bool link_one_sided(struct linking *linking, const struct cable_end *end, uint32_t far)
{
	struct graph *graph = linking->reading->graph;
	struct graph_port *near = &graph->ports[end->port], *other = &graph->ports[far];

	if ((far < linking->known && linking->end_of[far] != GRAPH_NONE) ||
	    !graph_link(graph, end->port, far))
		return false;
	if (other->width == 0 && other->speed == SPEED_UNKNOWN) {
		other->width = near->width;
		other->speed = near->speed;
	}
	if (other->node < linking->described)
		note(linking, GRAPH_NOTE_ONE_SIDED, end,
		     arena_format(linking->reading->scratch,
				  "leads to %s, which says of no cable there; it is linked",
				  place(linking, far)));
	return true;
}

/* An end whose other end does not say the same. */
static void link_doubtful(struct linking *linking, uint32_t index)
{
	struct graph *graph = linking->reading->graph;
	const struct cable_end *end = &linking->reading->ends[index];
	uint32_t far = linking->far[index], taken;
	const char *why;

	if (far == end->port) {
		note(linking, GRAPH_NOTE_SELF, end, "leads to itself");
		return;
	}
	if (link_one_sided(linking, end, far))
		return;
	taken = graph->ports[far].peer;
	graph->ports[end->port].is_silent = graph->ports[end->port].peer == GRAPH_NONE;
	graph->is_partial = true;
	why = taken == GRAPH_NONE
		      ? "which says that it leads elsewhere; the cable is left out"
		      : arena_format(linking->reading->scratch,
				     "where a cable from %s ends: two devices have one GUID, or a "
				     "cable was moved during the sweep",
				     place(linking, taken));
	note(linking, taken == GRAPH_NONE ? GRAPH_NOTE_ONE_SIDED : GRAPH_NOTE_DUPLICATE_GUID, end,
	     arena_format(linking->reading->scratch, "leads to %s, %s", place(linking, far), why));
}

/* What is left when those that agree are linked. */
static void link_rest(struct linking *linking)
{
	struct reading *reading = linking->reading;
	struct graph *graph = reading->graph;

	for (uint32_t i = 0; i < reading->end_count; i++) {
		const struct cable_end *end = &reading->ends[i];
		uint32_t far = linking->far[i];

		if (far == LEFT_OUT)
			continue;
		if (far == GRAPH_NONE) {
			const struct graph_node *node = &graph->nodes[graph_find(graph, end->guid)];

			note(linking, GRAPH_NOTE_UNREADABLE, end,
			     arena_format(reading->scratch,
					  "leads to port %u of '%s', which has %u", end->number,
					  node->description, node->port_count));
		} else if (graph->ports[end->port].peer != far) {
			link_doubtful(linking, i);
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
	const uint32_t count = reading->end_count, known = reading->graph->port_count;
	struct linking *linking = ARENA_NEW(reading->scratch, struct linking);

	*linking = (struct linking){
		.reading = reading,
		.described = reading->graph->node_count,
		.far = ARENA_ARRAY(reading->scratch, uint32_t, count),
		.is_linked = ARENA_ARRAY(reading->scratch, bool, count),
		.unknown = ARENA_ARRAY(reading->scratch, uint32_t, count),
		.end_of = ARENA_ARRAY(reading->scratch, uint32_t, known),
		.known = known,
	};
	reading->described = linking->described;
	memset(linking->end_of, 0xff, known * sizeof(*linking->end_of));
	index_ends(linking);
	link_agreed(linking);
	return linking;
}

void linking_finish(struct linking *linking)
{
	note_unknown(linking);
	link_rest(linking);
}
