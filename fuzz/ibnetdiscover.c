/*
 * Whatever a text of ibnetdiscover says, the graph that is read of it is whole: links have two
 * ends, adapters a host; and what is written of it reads back to the same devices and links.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "fabric/hosts.h"
#include "fabric/ibnetdiscover.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Every link has two ends, and every adapter a host. */
static void check(const struct graph *graph, struct arena *arena)
{
	const struct host_facts facts = { .arena = arena };
	struct fabric_hosts hosts;

	for (uint32_t i = 0; i < graph->port_count; i++) {
		const struct graph_port *port = &graph->ports[i];

		assert(port->peer == GRAPH_NONE || graph->ports[port->peer].peer == i);
		assert(graph->nodes[port->node].first_port + port->number == i);
	}
	fabric_hosts_join(graph, &facts, arena, &hosts);
	for (uint32_t i = 0; i < graph->node_count; i++)
		assert((graph->nodes[i].kind == GRAPH_ADAPTER && !graph->nodes[i].is_aggregator) ==
		       (hosts.host_of_node[i] != GRAPH_NONE));
}

static void check_written(const struct graph *graph, struct arena *arena)
{
	struct text written = { .maximum = 64 << 20 };
	struct graph again = { .arena = arena };
	struct error err = { 0 };

	ibnetdiscover_write(graph, &written);
	if (!written.overflowed &&
	    ibnetdiscover_read(&again, text_span(&written), "written", &err)) {
		check(&again, arena);
		assert(again.node_count == graph->node_count);
		for (uint32_t i = 0; i < graph->port_count; i++)
			assert(again.ports[i].peer == graph->ports[i].peer);
	}
	text_release(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	SCOPED_ARENA(arena);
	struct graph graph = { .arena = &arena };
	struct error err = { 0 };

	(void)ibnetdiscover_is(text);
	if (ibnetdiscover_read(&graph, text, "fuzz", &err)) {
		check(&graph, &arena);
		check_written(&graph, &arena);
	}
	return 0;
}
