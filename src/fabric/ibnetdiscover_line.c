#include <string.h>

#include "fabric/ibnetdiscover_parts.h"

enum {
	ENDS_FIRST = 64,
	QUOTED_MAXIMUM = 80,
	LMC_MAXIMUM = 7,
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

/* SHARP: a switch shows its aggregator as an adapter, by this description. */
static bool is_aggregator(const char *description)
{
	return strstr(description, "Aggregation Node") != NULL;
}

/* "lid 4 lmc 0", the second where it is given. */
static void take_lid(struct graph_port *port, struct cursor *at)
{
	uint32_t lid = 0, lmc = 0;

	if (!cursor_skip_word(at, SPAN("lid ")) || !cursor_number(at, UINT16_MAX, &lid))
		return;
	if (cursor_skip_word(at, SPAN(" lmc ")))
		(void)cursor_number(at, LMC_MAXIMUM, &lmc);
	port->lid = (uint16_t)lid;
	port->lmc = (uint8_t)lmc;
}

/* Of a switch, ` base port 0 lid 4 lmc 0`. */
static void take_own_port(struct reading *reading, struct cursor at)
{
	const struct graph_node *node = &reading->graph->nodes[reading->node];
	struct graph_port *port = &reading->graph->ports[node->first_port];

	port->guid = node->guid;
	cursor_skip_blanks(&at);
	if (cursor_skip_word(&at, SPAN("base port 0 ")) ||
	    cursor_skip_word(&at, SPAN("enhanced port 0 ")))
		take_lid(port, &at);
}

/* `Switch	64 "S-…"		# "name" base port 0 lid 4 lmc 0` */
static const char *take_device(struct reading *reading, struct cursor line, enum graph_kind kind,
			       struct error *err)
{
	struct graph_node node = { .system_guid = reading->system_guid,
				   .vendor = reading->vendor,
				   .device = reading->device };
	struct cursor at = line;
	char name[IBNETDISCOVER_LINE_MAXIMUM + 1];
	uint32_t ports = 0;
	struct span description = SPAN("");
	struct error said;

	reading->system_guid = 0;
	reading->vendor = reading->device = 0;
	reading->node = GRAPH_NONE;
	reading->is_skipping = true;
	cursor_skip_blanks(&at);
	if (!cursor_number(&at, GRAPH_PORT_MAXIMUM, &ports))
		return "not a number of ports";
	cursor_skip_blanks(&at);
	if (!cursor_device(&at, &node.kind, &node.guid) || node.kind != kind)
		return "not the name of such a device, as \"S-0002c90300a1b2c0\"";
	(void)cursor_quoted(&at, &description);
	node.port_count = (uint16_t)ports;
	if (description.length > 0)
		memcpy(name, description.at, description.length);
	name[description.length] = '\0';
	node.description = name;
	node.is_aggregator = kind == GRAPH_ADAPTER && is_aggregator(node.description);
	reading->is_skipping = false;
	if (graph_add(reading->graph, &node, &reading->node, &said)) {
		if (kind == GRAPH_SWITCH)
			take_own_port(reading, at);
		return NULL;
	}
	if (said.code != ERROR_CONFLICT) {
		(void)fail(err, said.code, "%s", said.text);
		return "";
	}
	come_back_to(reading, graph_find(reading->graph, node.guid), &node, line);
	return NULL;
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

/* Behind the '#': of an adapter `lid 4 lmc 0 "name" lid 1 4xNDR`, of a switch without the first
 * two. What is not there stays unknown. */
static void take_tail(struct graph_port *port, struct cursor at)
{
	const char *close = at.end;
	uint32_t other = 0;

	cursor_skip_blanks(&at);
	if (cursor_begins(&at, SPAN("lid ")))
		take_lid(port, &at);
	while (close > at.at && close[-1] != '"')
		close--;
	at.at = close;
	cursor_skip_blanks(&at);
	if (!cursor_skip_word(&at, SPAN("lid ")) || !cursor_number(&at, UINT16_MAX, &other))
		return;
	cursor_skip_blanks(&at);
	(void)cursor_rate(&at, &port->width, &port->speed);
}

/* `[3](guid) 	"H-…"[1](guid) 		# …` */
static const char *take_port(struct reading *reading, struct cursor line, struct error *err)
{
	struct cable_end end = { .line = reading->line_number };
	enum graph_kind kind = GRAPH_ADAPTER;
	struct cursor at = line;
	uint32_t number = 0, other = 0;
	uint64_t guid = 0;

	if (reading->node == GRAPH_NONE)
		return reading->is_skipping ? NULL : "a port of no device";
	if (!cursor_port(&at, &number))
		return "not a port, as \"[3]\"";
	if (cursor_skip(&at, '(') && (!cursor_hex(&at, &guid) || !cursor_skip(&at, ')')))
		return "not the GUID of a port";
	cursor_skip_blanks(&at);
	if (!cursor_device(&at, &kind, &end.guid) || !cursor_port(&at, &other))
		return "no device and port at the other end";
	end.port = graph_port(reading->graph, reading->node, number);
	if (end.port == GRAPH_NONE)
		return "the device has not so many ports";
	end.number = (uint16_t)other;
	end.kind = (uint8_t)kind;
	if (guid != 0)
		reading->graph->ports[end.port].guid = guid;
	at.at = memchr(at.at, '#', (size_t)(at.end - at.at));
	if (at.at) {
		at.at++;
		take_tail(&reading->graph->ports[end.port], at);
	}
	return add_end(reading, &end, err) ? NULL : "";
}

/* `# [5] silent`, which only we write. */
static void take_comment(struct reading *reading, struct cursor line)
{
	uint32_t number = 0, port;

	line.at++;
	cursor_skip_blanks(&line);
	if (reading->node == GRAPH_NONE || !cursor_port(&line, &number) ||
	    !cursor_begins(&line, SPAN(" silent")))
		return;
	port = graph_port(reading->graph, reading->node, number);
	if (port != GRAPH_NONE)
		reading->graph->ports[port].is_silent = true;
}

/* `vendid=0x2c9`: false when it is another line. */
static bool take_head(struct reading *reading, struct cursor line)
{
	uint64_t vendor = 0, device = 0, system = 0, own;

	if (cursor_skip_word(&line, SPAN("vendid="))) {
		if (!cursor_hex(&line, &vendor))
			return false;
		reading->vendor = (uint32_t)vendor;
	} else if (cursor_skip_word(&line, SPAN("devid="))) {
		if (!cursor_hex(&line, &device))
			return false;
		reading->device = (uint32_t)device;
	} else if (cursor_skip_word(&line, SPAN("sysimgguid="))) {
		if (!cursor_hex(&line, &system))
			return false;
		reading->system_guid = system;
	} else if (!cursor_skip_word(&line, SPAN("caguid=")) &&
		   !cursor_skip_word(&line, SPAN("switchguid=")) &&
		   !cursor_skip_word(&line, SPAN("rtguid="))) {
		return false;
	} else if (!cursor_hex(&line, &own)) {
		return false;
	}
	reading->node = GRAPH_NONE;
	reading->is_skipping = false;
	return true;
}

/* Headings of ibnetdiscover -g. */
static bool is_heading(const struct cursor *line)
{
	return cursor_begins(line, SPAN("Chassis ")) || cursor_begins(line, SPAN("Non-Chassis")) ||
	       cursor_begins(line, SPAN("Hostname:"));
}

/* What the program complains of while it runs: it could not reach something. */
static bool is_complaint(const struct cursor *line)
{
	return cursor_begins(line, SPAN("ibwarn:")) || cursor_begins(line, SPAN("src/")) ||
	       cursor_begins(line, SPAN("ibpanic:")) || cursor_begins(line, SPAN("ibdiag")) ||
	       cursor_begins(line, SPAN("libibnetdisc"));
}

bool reading_line(struct reading *reading, struct cursor line, struct error *err)
{
	const char *why = NULL;

	if (line.at < line.end && line.end[-1] == '\r')
		line.end--;
	if (line.at == line.end)
		return true;
	if (*line.at == '[')
		why = take_port(reading, line, err);
	else if (*line.at == '#')
		take_comment(reading, line);
	else if (take_head(reading, line))
		return true;
	else if (cursor_skip_word(&line, SPAN("Ca\t")))
		why = take_device(reading, line, GRAPH_ADAPTER, err);
	else if (cursor_skip_word(&line, SPAN("Switch\t")))
		why = take_device(reading, line, GRAPH_SWITCH, err);
	else if (cursor_skip_word(&line, SPAN("Rt\t")))
		why = take_device(reading, line, GRAPH_ROUTER, err);
	else if (is_complaint(&line))
		reading_note(reading, GRAPH_NOTE_NO_ANSWER, line, "the sweep complained");
	else if (!is_heading(&line))
		why = "not a line of ibnetdiscover's text";
	if (why && why[0] == '\0')
		return fail_while(err, "%s: line %u", reading->file, reading->line_number);
	if (why)
		reading_note(reading, GRAPH_NOTE_UNREADABLE, line, why);
	return true;
}

bool reading_names(struct reading *reading, struct cursor line, struct error *err)
{
	char name[IBNETDISCOVER_LINE_MAXIMUM + 1];
	enum graph_kind kind = GRAPH_ADAPTER;
	struct span description = SPAN("");
	uint32_t number = 0, node;
	uint64_t guid = 0, own = 0;
	struct graph_port *port;

	(void)err;
	if (!cursor_port(&line, &number))
		return true;
	if (cursor_skip(&line, '(') && (!cursor_hex(&line, &own) || !cursor_skip(&line, ')')))
		return true;
	cursor_skip_blanks(&line);
	if (!cursor_device(&line, &kind, &guid) || !cursor_port(&line, &number))
		return true;
	node = graph_find(reading->graph, guid);
	if (node == GRAPH_NONE || node < reading->described ||
	    reading->graph->nodes[node].port_count < number)
		return true;
	port = &reading->graph->ports[graph_port(reading->graph, node, number)];
	cursor_skip_blanks(&line);
	if (kind == GRAPH_ADAPTER && cursor_skip(&line, '(') && cursor_hex(&line, &own))
		port->guid = own;
	if (!cursor_quoted(&line, &description) || description.length == 0)
		return true;
	memcpy(name, description.at, description.length);
	name[description.length] = '\0';
	graph_describe(reading->graph, node, name);
	reading->graph->nodes[node].is_aggregator = kind == GRAPH_ADAPTER && is_aggregator(name);
	return true;
}
