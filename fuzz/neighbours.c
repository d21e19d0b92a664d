/*
 * Whatever a switch says and whatever a file of neighbours holds, what is read has an identifier
 * and a port, and becomes a graph in which each cable has two ends; what is refused says why.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "fabric/neighbours.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_neighbour(const struct lldp_neighbour *neighbour)
{
	assert(neighbour->chassis[0] != '\0' && neighbour->port[0] != '\0');
	assert(neighbour->name && neighbour->description);
	(void)lldp_chassis_mac(neighbour);
}

static void check_graph(const struct graph *graph)
{
	for (uint32_t i = 0; i < graph->port_count; i++)
		assert(graph->ports[i].peer == GRAPH_NONE ||
		       graph->ports[graph->ports[i].peer].peer == i);
	for (uint32_t i = 0; i < graph->node_count; i++)
		assert(graph->nodes[i].guid != 0 && graph_find(graph, graph->nodes[i].guid) == i);
}

static void read_file(struct span text, struct arena *arena)
{
	struct error err = { .code = ERROR_NONE };
	struct neighbours neighbours = { .arena = arena };
	struct cloud_hosts clouds = { .arena = arena };
	struct host_facts facts = { .arena = arena };
	struct graph graph = { .arena = arena };

	if (neighbours_read(&neighbours, &clouds, text, "n1.json", &err) &&
	    neighbours_join(&neighbours, &graph, &facts, &err)) {
		for (uint32_t i = 0; i < neighbours.count; i++)
			if (neighbours.items[i].has_neighbour)
				check_neighbour(&neighbours.items[i].neighbour);
		check_graph(&graph);
	} else {
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct error err = { .code = ERROR_NONE };
	struct lldp_neighbour neighbour;

	SCOPED_ARENA(arena);
	if (neighbours_is(text))
		read_file(text, &arena);
	else if (lldp_frame_read(text, &arena, &neighbour, &err))
		check_neighbour(&neighbour);
	else
		assert(err.code != ERROR_NONE && err.text[0] != '\0');
	return 0;
}
