#include <string.h>

#include "base/grow.h"
#include "fabric/ibnetdiscover_parts.h"

enum {
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

void reading_make_room(struct reading *reading, uint32_t ports)
{
	struct told_end *larger;

	if (ports <= reading->end_room)
		return;
	larger = ARENA_ARRAY(reading->scratch, struct told_end, ports);
	if (reading->end_room > 0)
		memcpy(larger, reading->ends, reading->end_room * sizeof(*larger));
	reading->ends = larger;
	reading->end_room = ports;
}

/* A second line about a port. */
static bool add_again(struct reading *reading, const struct told_again *again, struct error *err)
{
	if (reading->again_count == GRAPH_PORTS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: line %u: more than %d cables", reading->file,
			    reading->line_number, GRAPH_PORTS_MAXIMUM);
	ARENA_GROW(reading->scratch, reading->again, reading->again_count, reading->again_room);
	reading->again[reading->again_count++] = *again;
	return true;
}

static bool add_end(struct reading *reading, uint32_t port, const struct line_said *said,
		    struct error *err)
{
	const struct told_end end = {
		.guid = said->guid,
		.line = reading->line_number,
		.number = said->other,
		.kind = said->device,
	};

	if (port >= reading->end_room)
		reading_make_room(reading, reading->graph->port_room);
	reading->end_count++;
	if (reading->ends[port].line != 0)
		return add_again(reading, &(struct told_again){ port, end }, err);
	reading->ends[port] = end;
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

/* The line from what a note quotes of it to its end. */
static struct cursor line_of(const struct line_said *said, struct span piece)
{
	struct cursor line = { piece.at + said->at, NULL };

	line.end = memchr(line.at, '\n', piece.length - said->at);
	if (line.end > line.at && line.end[-1] == '\r')
		line.end--;
	return line;
}

static const char *take_device(struct reading *reading, const struct line_said *said,
			       struct span piece, struct error *err)
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
	come_back_to(reading, graph_find(reading->graph, node.guid), &node, line_of(said, piece));
	return NULL;
}

static const char *take_port(struct reading *reading, const struct line_said *said,
			     struct error *err)
{
	struct graph_port *port;
	uint32_t index;

	if (reading->node == GRAPH_NONE)
		return reading->is_skipping ? NULL : "a port of no device";
	if (said->why)
		return said->why;
	index = graph_port(reading->graph, reading->node, said->port);
	if (index == GRAPH_NONE)
		return "the device has not so many ports";
	port = &reading->graph->ports[index];
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
	return add_end(reading, index, said, err) ? NULL : "";
}

/* `# note KIND GUID PORT: TEXT` and `# partial: …`, as ibnetdiscover_write has them: what else
 * looks like one is a comment. */
static void take_remark(struct reading *reading, struct cursor line)
{
	struct graph *graph = reading->graph;
	uint32_t number = 0, node;
	unsigned kind = 0;
	uint64_t guid = 0;

	line.at++;
	cursor_skip_blanks(&line);
	if (cursor_begins(&line, SPAN("partial: "))) {
		graph->is_partial = true;
		return;
	}
	if (!cursor_skip_word(&line, SPAN("note ")))
		return;
	while (kind < GRAPH_NOTE_KIND_COUNT &&
	       !cursor_skip_word(&line, span_of(graph_note_names[kind])))
		kind++;
	if (kind == GRAPH_NOTE_KIND_COUNT || !cursor_skip(&line, ' ') ||
	    !cursor_hex(&line, &guid) || !cursor_skip(&line, ' ') ||
	    !cursor_number(&line, GRAPH_PORT_MAXIMUM, &number) ||
	    !cursor_skip_word(&line, SPAN(": ")))
		return;
	node = guid != 0 ? graph_find(graph, guid) : GRAPH_NONE;
	graph_note(graph, (enum graph_note_kind)kind, node,
		   node != GRAPH_NONE && number > 0 ? graph_port(graph, node, number) : GRAPH_NONE,
		   "%.*s", (int)(line.end - line.at), line.at);
}

static void take_silent(struct reading *reading, const struct line_said *said)
{
	uint32_t port = reading->node == GRAPH_NONE
				? GRAPH_NONE
				: graph_port(reading->graph, reading->node, said->port);

	if (port == GRAPH_NONE)
		return;
	reading->graph->ports[port].is_silent = true;
	reading->graph->is_partial = true;
}

/* Returns what is wrong with the line; "" when the graph is full. */
static const char *take(struct reading *reading, const struct line_said *said, struct span piece,
			struct error *err)
{
	switch ((enum said_kind)said->kind) {
	case SAYS_NOTHING:
		break;
	case SAYS_HEAD:
		take_head(reading, said);
		break;
	case SAYS_DEVICE:
		return take_device(reading, said, piece, err);
	case SAYS_PORT:
		return take_port(reading, said, err);
	case SAYS_SILENT:
		if (said->port == SAID_OF_WHOLE)
			take_remark(reading, line_of(said, piece));
		else
			take_silent(reading, said);
		break;
	case SAYS_COMPLAINT:
		reading_note(reading, GRAPH_NOTE_NO_ANSWER, line_of(said, piece),
			     "the sweep complained");
		break;
	case SAYS_UNKNOWN:
	case SAYS_TOO_LONG:
		return said->why;
	}
	return NULL;
}

bool reading_take(struct reading *reading, const struct line_said *lines, uint32_t count,
		  uint32_t before, struct span piece, struct error *err)
{
	for (uint32_t i = 0; i < count; i++) {
		const char *why;

		reading->line_number = before + lines[i].number;
		why = take(reading, &lines[i], piece, err);
		if (why && why[0] == '\0')
			return fail_while(err, "%s: line %u", reading->file, reading->line_number);
		if (why)
			reading_note(reading, GRAPH_NOTE_UNREADABLE, line_of(&lines[i], piece),
				     why);
	}
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
	if (!quoted_behind(line, &description) || description.length == 0)
		return;
	memcpy(name, description.at, description.length);
	name[description.length] = '\0';
	graph_describe(reading->graph, node, name);
	reading->graph->nodes[node].is_aggregator =
		kind == GRAPH_ADAPTER && is_aggregator(span_of(name));
}
