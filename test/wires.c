#include "test/wires.h"

#include <assert.h>

enum {
	LANES = 4,
};

static const uint64_t leaf_guids = 0xa000000000000000, spine_guids = 0xc000000000000000,
		      adapter_guids = 0xb000000000000000;

static uint64_t leaf_guid(unsigned group, unsigned rail)
{
	return leaf_guids + group * 256ull + rail + 1;
}

static uint64_t spine_guid(unsigned spine)
{
	return spine_guids + spine + 1;
}

static uint64_t adapter_guid(unsigned node, unsigned rail)
{
	return adapter_guids + (node + 1) * 256ull + rail * 2;
}

static void add(struct graph *graph, const struct graph_node *node)
{
	uint32_t index = GRAPH_NONE;
	bool added = graph_add(graph, node, &index, NULL);

	assert(added);
	(void)added;
	for (unsigned i = 1; node->kind == GRAPH_ADAPTER && i <= node->port_count; i++)
		graph->ports[graph_port(graph, index, i)].guid = node->guid + i;
}

static void add_switch(struct graph *graph, uint64_t guid, unsigned ports, const char *name)
{
	add(graph, &(struct graph_node){
			   .guid = guid,
			   .system_guid = guid,
			   .kind = GRAPH_SWITCH,
			   .port_count = (uint16_t)ports,
			   .description = name,
		   });
}

static void add_devices(struct graph *graph, const struct wires *wires)
{
	unsigned leaves = wires->is_classic ? 1 : wires->rails;
	unsigned down = wires->is_classic ? wires->nodes * wires->rails : wires->nodes;

	for (unsigned g = 0; g < wires->groups; g++)
		for (unsigned r = 0; r < leaves; r++)
			add_switch(graph, leaf_guid(g, r), down + wires->spines * wires->cables,
				   arena_format(graph->arena, "leaf-%u-%u", g + 1, r));
	for (unsigned s = 0; s < wires->spines; s++)
		add_switch(graph, spine_guid(s), wires->groups * leaves * wires->cables,
			   arena_format(graph->arena, "spine-%u", s + 1));
	for (unsigned n = 0; n < wires->groups * wires->nodes; n++)
		for (unsigned r = 0; r < wires->rails; r++)
			add(graph, &(struct graph_node){
					   .guid = adapter_guid(n, r),
					   .system_guid = adapter_guid(n, r),
					   .kind = GRAPH_ADAPTER,
					   .port_count = 1,
					   .description = arena_format(graph->arena, "n%u mlx5_%u",
								       n + 1, r),
				   });
}

static void wire(struct graph *graph, uint32_t node, unsigned number, uint32_t other,
		 unsigned other_number)
{
	uint32_t port = graph_port(graph, node, number);
	uint32_t peer = graph_port(graph, other, other_number);
	bool linked = graph_link(graph, port, peer);

	assert(linked);
	(void)linked;
	graph->ports[port].width = graph->ports[peer].width = LANES;
	graph->ports[port].speed = graph->ports[peer].speed = SPEED_NDR;
}

static void wire_up(struct graph *graph, const struct wires *wires, unsigned group, unsigned rail)
{
	unsigned leaves = wires->is_classic ? 1 : wires->rails;
	unsigned down = wires->is_classic ? wires->nodes * wires->rails : wires->nodes;
	uint32_t leaf = wires_leaf(graph, group, rail);

	for (unsigned s = 0; s < wires->spines; s++)
		for (unsigned c = 0; c < wires->cables; c++)
			wire(graph, leaf, down + s * wires->cables + c + 1, wires_spine(graph, s),
			     (group * leaves + rail) * wires->cables + c + 1);
}

void wires_make(struct graph *graph, const struct wires *wires)
{
	add_devices(graph, wires);
	for (unsigned g = 0; g < wires->groups; g++) {
		for (unsigned r = 0; r < wires->rails; r++) {
			uint32_t leaf = wires_leaf(graph, g, wires->is_classic ? 0 : r);

			for (unsigned n = 0; n < wires->nodes; n++)
				wire(graph, wires_adapter(graph, g * wires->nodes + n, r), 1, leaf,
				     wires->is_classic ? n * wires->rails + r + 1 : n + 1);
			if (!wires->is_classic || r == 0)
				wire_up(graph, wires, g, r);
		}
	}
}

uint32_t wires_leaf(const struct graph *graph, unsigned group, unsigned rail)
{
	return graph_find(graph, leaf_guid(group, rail));
}

uint32_t wires_spine(const struct graph *graph, unsigned spine)
{
	return graph_find(graph, spine_guid(spine));
}

uint32_t wires_adapter(const struct graph *graph, unsigned node, unsigned rail)
{
	return graph_find(graph, adapter_guid(node, rail));
}

void wires_cut(struct graph *graph, uint32_t port)
{
	uint32_t peer = graph->ports[port].peer;

	if (peer == GRAPH_NONE)
		return;
	graph->ports[peer].peer = graph->ports[port].peer = GRAPH_NONE;
	graph->ports[peer].width = graph->ports[port].width = 0;
	graph->ports[peer].speed = graph->ports[port].speed = SPEED_UNKNOWN;
}
