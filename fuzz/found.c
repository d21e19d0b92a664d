/*
 * Whatever a file of JSON tells of a fabric, the graph that is read of it is whole, and what is
 * written of it reads back to the same devices, cables and notes.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "fabric/found.h"
#include "report/fabric_found.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct graph *graph)
{
	for (uint32_t i = 0; i < graph->port_count; i++) {
		const struct graph_port *port = &graph->ports[i];

		assert(port->peer == GRAPH_NONE || graph->ports[port->peer].peer == i);
		assert(graph->nodes[port->node].first_port + port->number == i);
	}
}

static void check_same(const struct graph *graph, const struct graph *again)
{
	assert(again->node_count == graph->node_count && again->port_count == graph->port_count);
	assert(again->is_partial == graph->is_partial && again->note_count == graph->note_count);
	for (uint32_t i = 0; i < graph->node_count; i++)
		assert(again->nodes[i].guid == graph->nodes[i].guid &&
		       again->nodes[i].kind == graph->nodes[i].kind &&
		       strcmp(again->nodes[i].description, graph->nodes[i].description) == 0);
	for (uint32_t i = 0; i < graph->port_count; i++)
		assert(again->ports[i].peer == graph->ports[i].peer &&
		       again->ports[i].speed == graph->ports[i].speed &&
		       again->ports[i].lid == graph->ports[i].lid);
	for (uint32_t i = 0; i < graph->note_count && i < GRAPH_NOTES_MAXIMUM; i++)
		assert(again->notes[i].kind == graph->notes[i].kind &&
		       again->notes[i].port == graph->notes[i].port);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(written);
	const struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct graph graph = { .arena = &arena };
	struct graph again = { .arena = &arena };
	const struct fabric_found found = { .graph = &graph, .source = "fuzz" };

	(void)found_is(text);
	if (!found_read(&graph, text, "fuzz", NULL))
		return 0;
	check(&graph);
	fabric_found_write_json(&found, &written);
	assert(found_is(text_span(&written)));
	assert(found_read(&again, text_span(&written), "written", NULL));
	check_same(&graph, &again);
	return 0;
}
