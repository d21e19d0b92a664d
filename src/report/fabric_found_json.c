#include <inttypes.h>
#include <stdio.h>

#include "fabric/found.h"
#include "report/fabric_found.h"
#include "report/json_parts.h"

enum {
	GUID_SIZE = 24,
	ROUND_TRIP_DECIMALS = 1,
	DURATION_DECIMALS = 3,
};

static const char *guid_text(uint64_t guid, char into[static GUID_SIZE])
{
	(void)snprintf(into, GUID_SIZE, "0x%016" PRIx64, guid);
	return into;
}

/* null when it is not known. */
static void pair_guid(struct json_writer *json, const char *key, uint64_t guid)
{
	char text[GUID_SIZE];

	json_pair_string(json, key, guid ? guid_text(guid, text) : NULL);
}

static void pair_sweep(struct json_writer *json, const struct fabric_sweep_told *told)
{
	json_key(json, "sweep");
	if (!told) {
		json_put_null(json);
		return;
	}
	json_open_object(json);
	json_pair_string(json, "device", told->device);
	json_pair_integer(json, "port", told->port);
	json_pair_bool(json, "planes", told->is_split);
	json_pair_integer(json, "asked", (int64_t)told->asked);
	json_pair_integer(json, "answered", (int64_t)told->answered);
	json_pair_integer(json, "repeated", (int64_t)told->repeated);
	json_pair_integer(json, "unanswered", (int64_t)told->unanswered);
	json_pair_integer(json, "window", told->window_most);
	json_pair_decimal(json, "round_trip_us", told->round_trip_us, ROUND_TRIP_DECIMALS);
	json_pair_decimal(json, "duration_s", told->duration_s, DURATION_DECIMALS);
	json_pair_integer(json, "silent_ports", told->silent_ports);
	json_pair_integer(json, "unread_ports", told->unread_ports);
	json_pair_integer(json, "far_ports", told->far_ports);
	json_pair_integer(json, "keyed_devices", told->keyed_nodes);
	json_pair_integer(json, "manager_lid", told->manager_lid);
	json_pair_bool(json, "cut", told->is_cut);
	json_close_object(json);
}

static void pair_counters(struct json_writer *json, const struct port_counters *counters)
{
	json_key(json, "counters");
	json_open_object(json);
	for (unsigned i = 0; i < COUNTER_COUNT; i++) {
		json_key(json, port_counter_names[i]);
		json_open_array(json);
		json_put_integer(json, counters->first[i]);
		if (counters->has_second)
			json_put_integer(json, counters->second[i]);
		json_close_array(json);
	}
	json_close_object(json);
}

static void put_port(struct json_writer *json, const struct fabric_found *found, uint32_t index)
{
	const struct graph *graph = found->graph;
	const struct graph_port *port = &graph->ports[index];
	const struct graph_port *peer = port->peer == GRAPH_NONE ? NULL : &graph->ports[port->peer];

	json_open_object(json);
	json_pair_integer(json, "number", port->number);
	if (port->guid)
		pair_guid(json, "guid", port->guid);
	if (port->lid)
		json_pair_integer(json, "lid", port->lid);
	if (port->lmc)
		json_pair_integer(json, "lmc", port->lmc);
	if (port->width)
		json_pair_integer(json, "lanes", port->width);
	if (port->speed)
		json_pair_string(json, "speed", graph_speed_name(port->speed));
	if (port->mbit_per_s)
		json_pair_integer(json, "mbit_per_s", port->mbit_per_s);
	if (peer) {
		pair_guid(json, "peer", graph->nodes[peer->node].guid);
		json_pair_integer(json, "peer_port", peer->number);
	}
	if (port->is_silent)
		json_pair_bool(json, "silent", true);
	if (found->counters && found->counters[index].has_first)
		pair_counters(json, &found->counters[index]);
	json_close_object(json);
}

static bool is_told(const struct graph_port *port)
{
	return port->peer != GRAPH_NONE || port->is_silent || port->lid || port->guid ||
	       port->width || port->speed || port->mbit_per_s;
}

static void put_device(struct json_writer *json, const struct fabric_found *found, uint32_t index)
{
	const struct graph_node *node = &found->graph->nodes[index];

	json_open_object(json);
	pair_guid(json, "guid", node->guid);
	pair_guid(json, "system_guid", node->system_guid);
	json_pair_string(json, "kind",
			 node->is_aggregator ? GRAPH_AGGREGATOR_NAME
					     : graph_kind_names[node->kind]);
	json_pair_string(json, "description", node->description);
	json_pair_integer(json, "vendor", node->vendor);
	json_pair_integer(json, "device", node->device);
	json_pair_integer(json, "port_count", node->port_count);
	json_key(json, "ports");
	json_open_array(json);
	for (uint32_t i = 0; i <= node->port_count; i++) {
		if (is_told(&found->graph->ports[node->first_port + i]))
			put_port(json, found, node->first_port + i);
	}
	json_close_array(json);
	json_close_object(json);
}

static void pair_notes(struct json_writer *json, const struct graph *graph)
{
	json_pair_integer(json, "note_count", graph->note_count);
	json_key(json, "notes");
	json_open_array(json);
	for (uint32_t i = 0; i < graph->note_count && i < GRAPH_NOTES_MAXIMUM; i++) {
		const struct graph_note *note = &graph->notes[i];

		json_open_object(json);
		json_pair_string(json, "kind", graph_note_names[note->kind]);
		json_pair_string(json, "text", note->text);
		if (note->node != GRAPH_NONE)
			pair_guid(json, "device", graph->nodes[note->node].guid);
		if (note->node != GRAPH_NONE && note->port != GRAPH_NONE)
			json_pair_integer(json, "port", graph->ports[note->port].number);
		json_close_object(json);
	}
	json_close_array(json);
}

void fabric_found_write_json(const struct fabric_found *found, struct text *into)
{
	struct json_writer json = { .into = into };

	json_open_object(&json);
	json_pair_string(&json, "schema", FOUND_SCHEMA);
	json_pair_string(&json, "source", found->source);
	json_pair_bool(&json, "partial", found->graph->is_partial);
	pair_sweep(&json, found->sweep);
	json_pair_integer(&json, "counted_ports", found->counted_ports);
	json_pair_integer(&json, "uncounted_ports", found->uncounted_ports);
	json_pair_integer(&json, "interval_s", (int64_t)found->interval_s);
	pair_notes(&json, found->graph);
	json_key(&json, "devices");
	json_open_array(&json);
	for (uint32_t i = 0; i < found->graph->node_count; i++)
		put_device(&json, found, i);
	json_close_array(&json);
	json_close_document(&json);
}
