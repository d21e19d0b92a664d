#include <string.h>

#include "fabric/ibnetdiscover_parts.h"

enum {
	ENDS_FIRST = 64,
	QUOTED_MAXIMUM = 80,
};

/* The line, as much of it as helps. */
void reading_note(struct reading *reading, enum graph_note_kind kind, struct cursor line,
		  const char *why)
{
	size_t length = (size_t)(line.end - line.at);

	graph_note(reading->graph, kind, reading->node, GRAPH_NONE, "%s: line %u: %s: '%.*s'",
		   reading->file, reading->line_number, why,
		   (int)(length < QUOTED_MAXIMUM ? length : QUOTED_MAXIMUM), line.at);
	reading->graph->is_partial = true;
}

/* A device that stands in the graph already. */
static void come_back_to(struct reading *reading, uint32_t node, const struct graph_node *again,
			 struct cursor line)
{
	struct graph_node *known = &reading->graph->nodes[node];

	if (node >= reading->first_node) {
		graph_note(reading->graph, GRAPH_NOTE_DUPLICATE_GUID, node, GRAPH_NONE,
			   "%s: line %u: GUID %016llx again, of '%s'; it was that of '%s'; the "
			   "second device is left out",
			   reading->file, reading->line_number, (unsigned long long)again->guid,
			   again->description, known->description);
		reading->graph->is_partial = true;
		reading->node = GRAPH_NONE;
		reading->is_skipping = true;
		return;
	}
	reading->node = node;
	if (again->kind != known->kind || again->port_count > known->port_count)
		reading_note(reading, GRAPH_NOTE_UNREADABLE, line,
			     "another file gives this device another kind or fewer ports");
	if (known->description[0] == '\0')
		graph_describe(reading->graph, node, again->description);
}

static bool add_end(struct reading *reading, const struct cable_end *end, struct error *err)
{
	if (reading->end_count == reading->end_room) {
		uint32_t room = reading->end_room > 0 ? reading->end_room * 2 : ENDS_FIRST;
		struct cable_end *larger;

		if (room > GRAPH_PORTS_MAXIMUM * 2)
			return fail(err, ERROR_LIMIT, "%s: line %u: more than %d cables",
				    reading->file, reading->line_number, GRAPH_PORTS_MAXIMUM);
		larger = ARENA_ARRAY(reading->scratch, struct cable_end, room);
		if (reading->end_count > 0)
			memcpy(larger, reading->ends, reading->end_count * sizeof(*larger));
		reading->ends = larger;
		reading->end_room = room;
	}
	reading->ends[reading->end_count++] = *end;
	return true;
}

/* Of a switch. */
static void take_own_port(struct reading *reading, const struct line_said *said)
{
	const struct graph_node *node = &reading->graph->nodes[reading->node];
	struct graph_port *port = &reading->graph->ports[node->first_port];

	port->guid = node->guid;
	if (said->told & TOLD_LID) {
		port->lid = said->lid;
		port->lmc = said->lmc;
	}
}

/* Lines before a device's own end the one before it. */
static void take_head(struct reading *reading, const struct line_said *said)
{
	if (said->told & TOLD_VENDOR)
		reading->vendor = said->vendor;
	if (said->told & TOLD_MODEL)
		reading->device = said->model;
	if (said->told & TOLD_SYSTEM)
		reading->system_guid = said->own_guid;
	reading->node = GRAPH_NONE;
	reading->is_skipping = false;
}

static const char *take_device(struct reading *reading, const struct line_said *said,
			       struct span piece, struct cursor line, struct error *err)
{
	struct graph_node node = { .guid = said->guid, .kind = said->device };
	char name[IBNETDISCOVER_LINE_MAXIMUM + 1];
	struct error failed;

	if (said->told & TOLD_HEAD)
		take_head(reading, said);
	node.system_guid = reading->system_guid;
	node.vendor = reading->vendor;
	node.device = reading->device;
	reading->system_guid = 0;
	reading->vendor = reading->device = 0;
	reading->node = GRAPH_NONE;
	reading->is_skipping = true;
	if (said->why)
		return said->why;
	node.port_count = said->port;
	memcpy(name, piece.at + said->description, said->description_length);
	name[said->description_length] = '\0';
	node.description = name;
	node.is_aggregator = said->is_aggregator;
	reading->is_skipping = false;
	if (graph_add(reading->graph, &node, &reading->node, &failed)) {
		if (node.kind == GRAPH_SWITCH)
			take_own_port(reading, said);
		return NULL;
	}
	if (failed.code != ERROR_CONFLICT) {
		(void)fail(err, failed.code, "%s", failed.text);
		return "";
	}
	come_back_to(reading, graph_find(reading->graph, node.guid), &node, line);
	return NULL;
}

static const char *take_port(struct reading *reading, const struct line_said *said,
			     struct error *err)
{
	struct cable_end end = {
		.guid = said->guid,
		.line = reading->line_number,
		.number = said->other,
		.kind = said->device,
	};
	struct graph_port *port;

	if (reading->node == GRAPH_NONE)
		return reading->is_skipping ? NULL : "a port of no device";
	if (said->why)
		return said->why;
	end.port = graph_port(reading->graph, reading->node, said->port);
	if (end.port == GRAPH_NONE)
		return "the device has not so many ports";
	port = &reading->graph->ports[end.port];
	if (said->own_guid != 0)
		port->guid = said->own_guid;
	if (said->told & TOLD_LID) {
		port->lid = said->lid;
		port->lmc = said->lmc;
	}
	if (said->told & TOLD_RATE) {
		port->width = said->width;
		port->speed = said->speed;
	}
	return add_end(reading, &end, err) ? NULL : "";
}

static void take_silent(struct reading *reading, const struct line_said *said)
{
	uint32_t port = reading->node == GRAPH_NONE
				? GRAPH_NONE
				: graph_port(reading->graph, reading->node, said->port);

	if (port != GRAPH_NONE)
		reading->graph->ports[port].is_silent = true;
}

/* The line from what a note quotes of it to its end. */
static struct cursor line_of(const struct line_said *said, struct span piece)
{
	struct cursor line = { piece.at + said->at, NULL };

	line.end = memchr(line.at, '\n', piece.length - said->at);
	if (line.end > line.at && line.end[-1] == '\r')
		line.end--;
	return line;
}

bool reading_take(struct reading *reading, const struct line_said *said, struct span piece,
		  struct error *err)
{
	const char *why = NULL;

	switch ((enum said_kind)said->kind) {
	case SAYS_NOTHING:
		break;
	case SAYS_HEAD:
		take_head(reading, said);
		break;
	case SAYS_DEVICE:
		why = take_device(reading, said, piece, line_of(said, piece), err);
		break;
	case SAYS_PORT:
		why = take_port(reading, said, err);
		break;
	case SAYS_SILENT:
		take_silent(reading, said);
		break;
	case SAYS_COMPLAINT:
		reading_note(reading, GRAPH_NOTE_NO_ANSWER, line_of(said, piece),
			     "the sweep complained");
		break;
	case SAYS_UNKNOWN:
	case SAYS_TOO_LONG:
		why = said->why;
		break;
	}
	if (why && why[0] == '\0')
		return fail_while(err, "%s: line %u", reading->file, reading->line_number);
	if (why)
		reading_note(reading, GRAPH_NOTE_UNREADABLE, line_of(said, piece), why);
	return true;
}

void reading_names(struct reading *reading, struct cursor line)
{
	char name[IBNETDISCOVER_LINE_MAXIMUM + 1];
	enum graph_kind kind = GRAPH_ADAPTER;
	struct span description = SPAN("");
	uint32_t number = 0, node;
	uint64_t guid = 0, own = 0;
	struct graph_port *port;

	if (!cursor_port(&line, &number))
		return;
	if (cursor_skip(&line, '(') && (!cursor_hex(&line, &own) || !cursor_skip(&line, ')')))
		return;
	cursor_skip_blanks(&line);
	if (!cursor_device(&line, &kind, &guid) || !cursor_port(&line, &number))
		return;
	node = graph_find(reading->graph, guid);
	if (node == GRAPH_NONE || node < reading->described ||
	    reading->graph->nodes[node].port_count < number)
		return;
	port = &reading->graph->ports[graph_port(reading->graph, node, number)];
	cursor_skip_blanks(&line);
	if (kind == GRAPH_ADAPTER && cursor_skip(&line, '(') && cursor_hex(&line, &own))
		port->guid = own;
	if (!cursor_quoted(&line, &description) || description.length == 0)
		return;
	memcpy(name, description.at, description.length);
	name[description.length] = '\0';
	graph_describe(reading->graph, node, name);
	reading->graph->nodes[node].is_aggregator =
		kind == GRAPH_ADAPTER && is_aggregator(span_of(name));
}
