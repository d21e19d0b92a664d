#include <stdatomic.h>
#include <string.h>

#include "base/parallel.h"
#include "fabric/layout_parts.h"

enum {
	PORTS_AT_ONCE = 1 << 14, /* that a thread looks at before it looks for more */
	HOSTS_AT_ONCE = 512,
};

static void find_switches(struct layout_work *work)
{
	struct layout *layout = work->layout;
	const struct graph *graph = layout->graph;
	uint32_t count = 0;

	layout->switch_of_node = ARENA_ARRAY(layout->arena, uint32_t, graph->node_count);
	for (uint32_t i = 0; i < graph->node_count; i++)
		layout->switch_of_node[i] =
			graph->nodes[i].kind == GRAPH_SWITCH ? count++ : LAYOUT_NONE;
	layout->switch_count = count;
	layout->switches = ARENA_ARRAY(layout->arena, struct layout_switch, count);
	for (uint32_t i = 0; i < graph->node_count; i++)
		if (layout->switch_of_node[i] != LAYOUT_NONE)
			layout->switches[layout->switch_of_node[i]] = (struct layout_switch){
				.node = i,
				.group = LAYOUT_NONE,
				.siblings = LAYOUT_NONE,
				.pod = LAYOUT_NONE,
				.rail = HOST_RAIL_UNKNOWN,
			};
}

static void find_some_peers(void *context, size_t item, unsigned worker)
{
	struct layout *layout = context;
	const struct graph *graph = layout->graph;
	uint32_t first = (uint32_t)item * PORTS_AT_ONCE, last = first + PORTS_AT_ONCE;

	(void)worker;
	for (uint32_t i = first; i < last && i < graph->port_count; i++)
		layout->peer_switch[i] =
			graph->ports[i].peer == GRAPH_NONE
				? LAYOUT_NONE
				: layout->switch_of_node[graph->ports[i].peer_node];
}

/* Asked for again and again, and two steps through the graph away. */
static void find_peer_switches(struct layout *layout)
{
	uint32_t count = layout->graph->port_count;

	layout->peer_switch = ARENA_ARRAY(layout->arena, uint32_t, count);
	parallel_for((count + PORTS_AT_ONCE - 1) / PORTS_AT_ONCE, graph_threads(layout->graph),
		     find_some_peers, layout);
}

/* Ports of the adapter that are cabled to a switch become links; `links` is NULL to count only.
 * *direct grows by those that lead to no switch, each cable counted once. */
static uint32_t add_links(const struct layout *layout, uint32_t host,
			  const struct fabric_adapter *adapter, struct layout_link *links,
			  uint32_t *direct)
{
	const struct graph *graph = layout->graph;
	const struct graph_node *node = &graph->nodes[adapter->node];
	uint32_t count = 0;

	for (uint32_t i = 1; i <= node->port_count; i++) {
		uint32_t port = node->first_port + i, leaf = layout_peer_switch(layout, port);

		if (leaf == LAYOUT_NONE) {
			*direct += graph->ports[port].peer != GRAPH_NONE &&
				   graph->ports[port].peer > port;
			continue;
		}
		if (links)
			links[count] = (struct layout_link){
				.host = host,
				.port = port,
				.peer = graph->ports[port].peer,
				.leaf = leaf,
				.expected = LAYOUT_NONE,
				.rail = adapter->rail,
			};
		count++;
	}
	return count;
}

static uint32_t add_host(const struct layout *layout, uint32_t host, struct layout_link *links,
			 uint32_t *direct)
{
	const struct fabric_host *one = &layout->hosts->hosts[host];
	uint32_t count = 0;

	for (uint32_t i = 0; i < one->adapter_count; i++) {
		const struct fabric_adapter *adapter =
			&layout->hosts->adapters[one->first_adapter + i];

		if (adapter->node != GRAPH_NONE)
			count += add_links(layout, host, adapter, links ? links + count : NULL,
					   direct);
	}
	return count;
}

struct adding {
	struct layout *layout;
	atomic_uint direct;
};

/* How many each host has: at the place behind its own. */
static void count_some(void *context, size_t item, unsigned worker)
{
	struct adding *adding = context;
	struct layout *layout = adding->layout;
	uint32_t first = (uint32_t)item * HOSTS_AT_ONCE, last = first + HOSTS_AT_ONCE, direct = 0;

	(void)worker;
	for (uint32_t i = first; i < last && i < layout->hosts->host_count; i++)
		layout->first_link[i + 1] = add_host(layout, i, NULL, &direct);
	atomic_fetch_add_explicit(&adding->direct, direct, memory_order_relaxed);
}

static void add_some(void *context, size_t item, unsigned worker)
{
	struct layout *layout = ((struct adding *)context)->layout;
	uint32_t first = (uint32_t)item * HOSTS_AT_ONCE, last = first + HOSTS_AT_ONCE, again = 0;

	(void)worker;
	for (uint32_t i = first; i < last && i < layout->hosts->host_count; i++)
		(void)add_host(layout, i, layout->links + layout->first_link[i], &again);
}

static void add_all(struct layout *layout)
{
	uint32_t count = layout->hosts->host_count;
	size_t parts = (count + HOSTS_AT_ONCE - 1) / HOSTS_AT_ONCE;
	struct adding adding = { .layout = layout };

	layout->first_link = ARENA_ARRAY(layout->arena, uint32_t, count + 1);
	parallel_for(parts, graph_threads(layout->graph), count_some, &adding);
	for (uint32_t i = 0; i < count; i++) {
		layout->unlinked_hosts += layout->first_link[i + 1] == 0;
		layout->first_link[i + 1] += layout->first_link[i];
	}
	layout->direct_links = atomic_load(&adding.direct);
	layout->link_count = layout->first_link[count];
	layout->links = ARENA_ARRAY(layout->arena, struct layout_link, layout->link_count);
	parallel_for(parts, graph_threads(layout->graph), add_some, &adding);
}

static void sort_by_leaf(struct layout_work *work)
{
	const struct layout *layout = work->layout;
	uint32_t *next = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count + 1);

	work->host_links = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count);
	work->first_link_of_leaf = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count + 1);
	work->links_of_leaf = ARENA_ARRAY(work->scratch, uint32_t, layout->link_count);
	for (uint32_t i = 0; i < layout->link_count; i++)
		work->host_links[layout->links[i].leaf]++;
	for (uint32_t i = 0; i < layout->switch_count; i++)
		work->first_link_of_leaf[i + 1] = work->first_link_of_leaf[i] + work->host_links[i];
	memcpy(next, work->first_link_of_leaf, sizeof(*next) * (layout->switch_count + 1));
	for (uint32_t i = 0; i < layout->link_count; i++)
		work->links_of_leaf[next[layout->links[i].leaf]++] = i;
}

void layout_find_links(struct layout_work *work)
{
	struct layout *layout = work->layout;
	uint32_t host_count = layout->hosts->host_count;

	find_switches(work);
	find_peer_switches(layout);
	add_all(layout);
	sort_by_leaf(work);
	work->is_miswired = ARENA_ARRAY(work->scratch, bool, host_count);
	work->probable_links = ARENA_ARRAY(work->scratch, uint32_t, host_count);
}
