#include "fabric/found.h"

#include <string.h>

#include "base/json.h"
#include "fabric/naming.h"

enum {
	HEAD = 256, /* bytes in which the schema is named */
};

static const struct node_field file_fields[] = {
	{ "schema", NODE_SCALAR, true },        { "source", NODE_SCALAR, true },
	{ "partial", NODE_SCALAR, true },       { "sweep", NODE_ANY, true },
	{ "counted_ports", NODE_SCALAR, true }, { "uncounted_ports", NODE_SCALAR, true },
	{ "interval_s", NODE_SCALAR, true },    { "note_count", NODE_SCALAR, true },
	{ "notes", NODE_LIST, true },           { "devices", NODE_LIST, true },
};

static const struct node_field note_fields[] = {
	{ "kind", NODE_SCALAR, true },
	{ "text", NODE_SCALAR, true },
	{ "device", NODE_SCALAR, false },
	{ "port", NODE_SCALAR, false },
};

static const struct node_field device_fields[] = {
	{ "guid", NODE_SCALAR, true },       { "system_guid", NODE_SCALAR, true },
	{ "kind", NODE_SCALAR, true },       { "description", NODE_SCALAR, true },
	{ "vendor", NODE_SCALAR, true },     { "device", NODE_SCALAR, true },
	{ "port_count", NODE_SCALAR, true }, { "ports", NODE_LIST, true },
};

static const struct node_field port_fields[] = {
	{ "number", NODE_SCALAR, true },      { "guid", NODE_SCALAR, false },
	{ "lid", NODE_SCALAR, false },        { "lmc", NODE_SCALAR, false },
	{ "lanes", NODE_SCALAR, false },      { "speed", NODE_SCALAR, false },
	{ "mbit_per_s", NODE_SCALAR, false }, { "peer", NODE_SCALAR, false },
	{ "peer_port", NODE_SCALAR, false },  { "silent", NODE_SCALAR, false },
	{ "counters", NODE_MAP, false },
};

#define FIELDS(table) (table), sizeof(table) / sizeof((table)[0])

struct reading {
	struct graph *graph;
	const char *file;
	struct arena *scratch;
	uint32_t first_node; /* of this file; those before it came from others */
	struct error *err;
};

/* 0 when the map has no such field. */
static bool read_number(const struct reading *reading, const struct node *map, const char *key,
			uint64_t maximum, uint64_t *ret_number)
{
	const struct node *field = node_find(map, key);

	*ret_number = 0;
	if (!field)
		return true;
	if (field->quoted || !span_to_u64(field->text, ret_number) || *ret_number > maximum)
		return node_fail(field, reading->file, reading->err, ERROR_PARSE,
				 "%s '%.*s' is no number up to %llu", key, SPAN_ARGS(field->text),
				 (unsigned long long)maximum);
	return true;
}

/* 0 when the map has no such field, or null. */
static bool read_guid(const struct reading *reading, const struct node *map, const char *key,
		      uint64_t *ret_guid)
{
	const struct node *field = node_find(map, key);

	*ret_guid = 0;
	if (!field || (!field->quoted && span_is(field->text, "null")))
		return true;
	if (!field->quoted || !guid_parse(field->text, ret_guid))
		return node_fail(field, reading->file, reading->err, ERROR_PARSE,
				 "%s '%.*s' is no GUID, as 0x0002c90300a1b2c0", key,
				 SPAN_ARGS(field->text));
	return true;
}

static bool read_flag(const struct reading *reading, const struct node *map, const char *key,
		      bool *ret_flag)
{
	const struct node *field = node_find(map, key);

	*ret_flag = field && span_is(field->text, "true");
	if (field && (field->quoted || (!*ret_flag && !span_is(field->text, "false"))))
		return node_fail(field, reading->file, reading->err, ERROR_PARSE,
				 "%s '%.*s' is neither true nor false", key,
				 SPAN_ARGS(field->text));
	return true;
}

/* What a field may be, as numbers from `first` up to `end` and their names. */
struct choice {
	const char *(*name)(unsigned index);
	unsigned first, end;
};

static const char *speed_name(unsigned index)
{
	return graph_speed_name((enum graph_speed)index);
}

static const char *kind_name(unsigned index)
{
	return index == GRAPH_KIND_COUNT ? GRAPH_AGGREGATOR_NAME : graph_kind_names[index];
}

static const char *note_name(unsigned index)
{
	return graph_note_names[index];
}

static const struct choice speeds = { speed_name, SPEED_UNKNOWN + 1, SPEED_COUNT };
static const struct choice kinds = { kind_name, 0, GRAPH_KIND_COUNT + 1 };
static const struct choice note_kinds = { note_name, 0, GRAPH_NOTE_KIND_COUNT };

static bool read_choice(const struct reading *reading, const struct node *map, const char *key,
			const struct choice *choice, unsigned *ret_index)
{
	const struct node *field = node_find(map, key);

	for (unsigned i = choice->first; i < choice->end; i++) {
		if (!span_is(field->text, choice->name(i)))
			continue;
		*ret_index = i;
		return true;
	}
	return node_fail(field, reading->file, reading->err, ERROR_PARSE, "no such %s: '%.*s'", key,
			 SPAN_ARGS(field->text));
}

static bool read_node(const struct reading *reading, const struct node *device,
		      struct graph_node *ret_node)
{
	const struct node *description = node_find(device, "description");
	uint64_t vendor, model, ports;
	unsigned kind = 0;

	if (!node_expect(device, reading->file, FIELDS(device_fields), reading->err) ||
	    !read_guid(reading, device, "guid", &ret_node->guid) ||
	    !read_guid(reading, device, "system_guid", &ret_node->system_guid) ||
	    !read_choice(reading, device, "kind", &kinds, &kind) ||
	    !read_number(reading, device, "vendor", UINT32_MAX, &vendor) ||
	    !read_number(reading, device, "device", UINT32_MAX, &model) ||
	    !read_number(reading, device, "port_count", GRAPH_PORT_MAXIMUM, &ports))
		return false;
	ret_node->is_aggregator = kind == GRAPH_KIND_COUNT;
	ret_node->kind = ret_node->is_aggregator ? GRAPH_ADAPTER : (enum graph_kind)kind;
	ret_node->vendor = (uint32_t)vendor;
	ret_node->device = (uint32_t)model;
	ret_node->port_count = (uint16_t)ports;
	ret_node->description = arena_string(reading->scratch, description->text);
	return true;
}

/* What a port says of itself; what it leaves out stays as another file told it. */
static bool read_port(const struct reading *reading, const struct node *said,
		      struct graph_port *port)
{
	uint64_t guid, lid, lmc, lanes, mbit;
	unsigned speed = SPEED_UNKNOWN;
	bool is_silent;

	if (!read_guid(reading, said, "guid", &guid) ||
	    !read_number(reading, said, "lid", UINT16_MAX, &lid) ||
	    !read_number(reading, said, "lmc", 7, &lmc) ||
	    !read_number(reading, said, "lanes", UINT8_MAX, &lanes) ||
	    !read_number(reading, said, "mbit_per_s", UINT32_MAX, &mbit) ||
	    !read_flag(reading, said, "silent", &is_silent) ||
	    (node_find(said, "speed") && !read_choice(reading, said, "speed", &speeds, &speed)))
		return false;
	port->guid = guid ? guid : port->guid;
	port->lid = lid ? (uint16_t)lid : port->lid;
	port->lmc = lmc ? (uint8_t)lmc : port->lmc;
	port->width = lanes ? (uint8_t)lanes : port->width;
	port->speed = speed ? (uint8_t)speed : port->speed;
	port->mbit_per_s = mbit ? (uint32_t)mbit : port->mbit_per_s;
	port->is_silent |= is_silent;
	return true;
}

/* The port of the device that the map tells of; GRAPH_NONE, with an error, when it has not so
 * many. */
static uint32_t port_told(const struct reading *reading, uint32_t node, const struct node *said)
{
	uint64_t number;
	uint32_t port;

	if (!node_expect(said, reading->file, FIELDS(port_fields), reading->err) ||
	    !read_number(reading, said, "number", GRAPH_PORT_MAXIMUM, &number))
		return GRAPH_NONE;
	port = graph_port(reading->graph, node, (unsigned)number);
	if (port == GRAPH_NONE)
		(void)node_fail(said, reading->file, reading->err, ERROR_PARSE,
				"port %llu of a device that has %u", (unsigned long long)number,
				reading->graph->nodes[node].port_count);
	return port;
}

/* A device that another file told of is the same one. */
static bool add_device(const struct reading *reading, const struct node *device, uint32_t *ret_node)
{
	struct graph_node node = { 0 };
	uint32_t known;

	if (!read_node(reading, device, &node))
		return false;
	known = graph_find(reading->graph, node.guid);
	if (known == GRAPH_NONE || known >= reading->first_node) {
		if (graph_add(reading->graph, &node, ret_node, reading->err))
			return true;
		return fail_while(reading->err, "%s", reading->file);
	}
	*ret_node = known;
	if (reading->graph->nodes[known].kind == node.kind &&
	    reading->graph->nodes[known].port_count >= node.port_count)
		return true;
	return node_fail(device, reading->file, reading->err, ERROR_CONFLICT,
			 "another file gives device %016llx another kind or fewer ports",
			 (unsigned long long)node.guid);
}

static bool read_device(const struct reading *reading, const struct node *device)
{
	uint32_t node;

	if (!add_device(reading, device, &node))
		return false;
	for (uint32_t i = 0; i < node_find(device, "ports")->count; i++) {
		const struct node *said = &node_find(device, "ports")->items[i];
		uint32_t port = port_told(reading, node, said);

		if (port == GRAPH_NONE || !read_port(reading, said, &reading->graph->ports[port]))
			return false;
	}
	return true;
}

/* A cable that cannot be what is said of it. */
static void note_cable(const struct reading *reading, uint32_t near, const struct node *said,
		       uint32_t far)
{
	struct graph *graph = reading->graph;
	struct graph_port *port = &graph->ports[near];
	enum graph_note_kind kind = far == near ? GRAPH_NOTE_SELF : GRAPH_NOTE_ONE_SIDED;
	const char *why = far == near ? "itself" : "where another cable ends; it is left out";

	graph->is_partial = true;
	port->is_silent = port->peer == GRAPH_NONE;
	graph_note(graph, far == GRAPH_NONE ? GRAPH_NOTE_CUT : kind, port->node, near,
		   "%s: port %u of '%s' leads to port %.*s of %.*s, %s", reading->file,
		   port->number, graph->nodes[port->node].description,
		   SPAN_ARGS(node_find(said, "peer_port")->text),
		   SPAN_ARGS(node_find(said, "peer")->text),
		   far == GRAPH_NONE ? "which is described nowhere" : why);
}

/* One end of a cable, when both devices are known. */
static bool read_cable(const struct reading *reading, uint32_t near, const struct node *said)
{
	struct graph *graph = reading->graph;
	uint64_t guid, number;
	uint32_t node, far;

	if (!read_guid(reading, said, "peer", &guid) ||
	    !read_number(reading, said, "peer_port", GRAPH_PORT_MAXIMUM, &number))
		return false;
	if (guid == 0)
		return true;
	if (!node_find(said, "peer_port"))
		return node_fail(said, reading->file, reading->err, ERROR_PARSE,
				 "a peer without a peer_port");
	node = graph_find(graph, guid);
	far = node == GRAPH_NONE ? GRAPH_NONE : graph_port(graph, node, (unsigned)number);
	if (far != GRAPH_NONE && graph_link(graph, near, far))
		return true;
	note_cable(reading, near, said, far);
	return true;
}

static bool read_cables(const struct reading *reading, const struct node *device)
{
	const struct node *ports = node_find(device, "ports");
	uint64_t guid;
	uint32_t node;

	if (!read_guid(reading, device, "guid", &guid))
		return false;
	node = graph_find(reading->graph, guid);
	for (uint32_t i = 0; i < ports->count; i++) {
		if (!read_cable(reading, port_told(reading, node, &ports->items[i]),
				&ports->items[i]))
			return false;
	}
	return true;
}

/* What whoever wrote the file was in doubt about. */
static bool read_note(const struct reading *reading, const struct node *note)
{
	struct graph *graph = reading->graph;
	uint32_t node = GRAPH_NONE, port = GRAPH_NONE;
	uint64_t guid, number;
	unsigned kind = 0;

	if (!node_expect(note, reading->file, FIELDS(note_fields), reading->err) ||
	    !read_choice(reading, note, "kind", &note_kinds, &kind) ||
	    !read_guid(reading, note, "device", &guid) ||
	    !read_number(reading, note, "port", GRAPH_PORT_MAXIMUM, &number))
		return false;
	if (guid != 0)
		node = graph_find(graph, guid);
	if (node != GRAPH_NONE && node_find(note, "port"))
		port = graph_port(graph, node, (unsigned)number);
	graph_note(graph, (enum graph_note_kind)kind, node, port, "%.*s",
		   SPAN_ARGS(node_find(note, "text")->text));
	return true;
}

static bool read_each(const struct reading *reading, const struct node *list,
		      bool (*read)(const struct reading *reading, const struct node *one))
{
	for (uint32_t i = 0; i < list->count; i++)
		if (!read(reading, &list->items[i]))
			return false;
	return true;
}

bool found_is(struct span text)
{
	while (text.length > 0 && strchr(" \t\r\n", text.at[0])) {
		text.at++;
		text.length--;
	}
	text.length = text.length < HEAD ? text.length : HEAD;
	return text.length > 0 && text.at[0] == '{' && span_contains(text, "\"" FOUND_SCHEMA "\"");
}

bool found_read(struct graph *graph, struct span text, const char *file, struct error *err)
{
	SCOPED_ARENA(scratch);
	const struct reading reading = { .graph = graph,
					 .file = file,
					 .scratch = &scratch,
					 .first_node = graph->node_count,
					 .err = err };
	const struct node *root, *devices;
	uint64_t said;
	bool is_partial;

	if (text.length > FOUND_BYTES_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: more than %d bytes", file, FOUND_BYTES_MAXIMUM);
	if (!json_read(text, file, 1, &scratch, &root, err) ||
	    !node_expect(root, file, FIELDS(file_fields), err) ||
	    !read_flag(&reading, root, "partial", &is_partial) ||
	    !read_number(&reading, root, "note_count", UINT32_MAX, &said))
		return false;
	devices = node_find(root, "devices");
	if (!span_is(node_find(root, "schema")->text, FOUND_SCHEMA))
		return node_fail(node_find(root, "schema"), file, err, ERROR_PARSE,
				 "not of the schema " FOUND_SCHEMA);
	if (!read_each(&reading, devices, read_device) ||
	    !read_each(&reading, devices, read_cables) ||
	    !read_each(&reading, node_find(root, "notes"), read_note))
		return false;
	graph->is_partial |= is_partial;
	return true;
}
