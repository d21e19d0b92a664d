#include <string.h>

#include "base/parallel.h"
#include "fabric/layout_parts.h"

enum {
	LEAVES_TRIED = 8,
	SWITCHES_AT_ONCE = 64, /* that a thread counts the ports of before it looks for more */
};

/* A few hosts on a switch whose neighbours are switches with many: a spine with a manager or a
 * gateway on it. */
static bool is_above_leaves(const struct layout_work *work, uint32_t one)
{
	const struct layout *layout = work->layout;
	uint32_t own = work->host_links[one], all = 0, larger = 0, last = LAYOUT_NONE,
		 different = 0;
	uint32_t port, end = layout_ports(layout, one, &port);

	for (; port < end; port++) {
		uint32_t peer = layout_peer_switch(layout, port);

		if (peer == LAYOUT_NONE)
			continue;
		all++;
		if (work->host_links[peer] < own * 4)
			continue;
		larger++;
		different += peer != last;
		last = peer;
	}
	return different >= 2 && larger * 2 >= all;
}

struct walk {
	struct layout_work *work;
	uint32_t *queue;
	uint32_t count;
	bool *is_reached;
};

static void start_at_leaves(struct walk *walk)
{
	struct layout *layout = walk->work->layout;

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		if (walk->work->host_links[i] == 0)
			continue;
		layout->switches[i].is_core_with_hosts = is_above_leaves(walk->work, i);
		if (layout->switches[i].is_core_with_hosts)
			continue;
		walk->is_reached[i] = true;
		walk->queue[walk->count++] = i;
	}
}

static void climb(struct walk *walk)
{
	struct layout *layout = walk->work->layout;

	for (uint32_t at = 0; at < walk->count; at++) {
		uint32_t one = walk->queue[at];
		uint32_t port, end = layout_ports(layout, one, &port);
		unsigned tier = layout->switches[one].tier + 1u;
		uint8_t next = (uint8_t)(tier < LAYOUT_TIERS_MAXIMUM ? tier : tier - 1);

		for (; port < end; port++) {
			uint32_t peer = layout_peer_switch(layout, port);

			if (peer == LAYOUT_NONE || walk->is_reached[peer])
				continue;
			walk->is_reached[peer] = true;
			layout->switches[peer].tier = next;
			walk->queue[walk->count++] = peer;
		}
	}
}

/* Neighbours of `one` that `mark` holds `value` for, or gives them that value. */
static uint32_t count_marked(const struct layout *layout, uint32_t one, uint32_t *mark,
			     uint32_t value, bool gives)
{
	uint32_t port, end = layout_ports(layout, one, &port);
	uint32_t count = 0;

	for (; port < end; port++) {
		uint32_t peer = layout_peer_switch(layout, port);

		if (peer == LAYOUT_NONE)
			continue;
		count += gives ? mark[peer] != value : mark[peer] == value;
		if (gives)
			mark[peer] = value;
	}
	return count;
}

static uint32_t first_above(const struct layout *layout, uint32_t one)
{
	uint32_t port, end = layout_ports(layout, one, &port);

	for (; port < end; port++)
		if (layout_peer_switch(layout, port) != LAYOUT_NONE)
			return layout_peer_switch(layout, port);
	return LAYOUT_NONE;
}

static uint32_t ports_to_switches(const struct layout *layout, uint32_t one)
{
	uint32_t port, end = layout_ports(layout, one, &port);
	uint32_t count = 0;

	for (; port < end; port++)
		count += layout_peer_switch(layout, port) != LAYOUT_NONE;
	return count;
}

/* A switch that hangs on the same spines as leaves do and has no hosts is a leaf too. */
static bool is_empty_leaf(const struct layout *layout, uint32_t one, uint32_t *mark)
{
	uint32_t spine = first_above(layout, one);
	uint32_t port, end, tried = 0;

	if (layout->switches[one].tier != 2 || spine == LAYOUT_NONE)
		return false;
	(void)count_marked(layout, one, mark, one + 1, true);
	end = layout_ports(layout, spine, &port);
	for (; port < end && tried < LEAVES_TRIED; port++) {
		uint32_t leaf = layout_peer_switch(layout, port);
		uint32_t common, own, its;

		if (leaf == LAYOUT_NONE || layout->switches[leaf].tier != 0)
			continue;
		tried++;
		common = count_marked(layout, leaf, mark, one + 1, false);
		own = ports_to_switches(layout, one);
		its = ports_to_switches(layout, leaf);
		if (common * 5 >= its * 4 && own * 5 >= its * 4 && its * 5 >= own * 4)
			return true;
	}
	return false;
}

static void find_empty_leaves(struct layout_work *work)
{
	struct layout *layout = work->layout;
	uint32_t *mark = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count);

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		struct layout_finding *finding;

		if (!is_empty_leaf(layout, i, mark))
			continue;
		layout->switches[i].tier = 0;
		finding = layout_say(layout, FAULT_LEAF_EMPTY,
				     "no host is on this switch, which hangs on the same switches "
				     "as leaves with hosts do");
		if (!finding)
			continue;
		finding->node = layout->switches[i].node;
		finding->place = layout_node_name(layout, finding->node, layout->arena);
	}
}

static void say_hosts_above(struct layout_work *work)
{
	struct layout *layout = work->layout;

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		struct layout_finding *finding;
		uint32_t at = work->first_link_of_leaf[i];

		if (!layout->switches[i].is_core_with_hosts)
			continue;
		finding = layout_say(
			layout, FAULT_HOST_ABOVE,
			"%u link%s of hosts on a switch above the leaves (the first is %s): what "
			"they send takes ports that joined leaves",
			work->host_links[i], work->host_links[i] == 1 ? "" : "s",
			layout->hosts->hosts[layout->links[work->links_of_leaf[at]].host].name);
		if (!finding)
			continue;
		finding->node = layout->switches[i].node;
		finding->host = layout->links[work->links_of_leaf[at]].host;
		finding->size = work->host_links[i];
		finding->place = layout_node_name(layout, finding->node, layout->arena);
	}
}

/* False when the cable leads back into its own switch: that is no way anywhere. */
static bool count_port(const struct layout *layout, struct layout_switch *one, uint32_t port)
{
	const struct graph_port *end = &layout->graph->ports[port];
	uint32_t mbit = graph_port_mbit(end);
	uint32_t peer = layout_peer_switch(layout, port);

	if (end->peer == GRAPH_NONE)
		return true;
	if (end->peer_node == end->node)
		return false;
	if (peer == LAYOUT_NONE) {
		/* An aggregation node is inside the switch, and takes no traffic away. */
		if (layout->hosts->host_of_node[end->peer_node] == GRAPH_NONE)
			return true;
		one->down++;
		one->down_mbit += mbit;
	} else if (layout->switches[peer].tier < one->tier) {
		one->down++;
		one->down_mbit += mbit;
	} else if (layout->switches[peer].tier > one->tier) {
		one->up++;
		one->up_mbit += mbit;
	} else {
		one->across++;
		one->up_mbit += mbit;
	}
	return true;
}

struct counting {
	struct layout *layout;
	bool *has_loop; /* of each switch */
};

/* Each writes to its own switches, and the tiers of all are known. */
static void count_some(void *context, size_t item, unsigned worker)
{
	struct counting *counting = context;
	struct layout *layout = counting->layout;
	uint32_t first = (uint32_t)item * SWITCHES_AT_ONCE, last = first + SWITCHES_AT_ONCE;

	(void)worker;
	for (uint32_t i = first; i < last && i < layout->switch_count; i++) {
		uint32_t port, end = layout_ports(layout, i, &port);

		for (; port < end; port++)
			if (!count_port(layout, &layout->switches[i], port))
				counting->has_loop[i] = true;
	}
}

static void say_loops(struct layout *layout, uint32_t which)
{
	const struct graph_port *ports = layout->graph->ports;
	uint32_t port, end = layout_ports(layout, which, &port);

	for (; port < end; port++) {
		struct layout_finding *finding;
		uint32_t far = ports[port].peer;

		/* Once for both ends. */
		if (far == GRAPH_NONE || ports[far].node != ports[port].node || port > far)
			continue;
		finding = layout_say(layout, FAULT_SELF, "leads to port %u of the same switch",
				     ports[far].number);
		if (!finding)
			return;
		finding->node = ports[port].node;
		finding->port = port;
		finding->place = layout_port_name(layout, port, layout->arena);
	}
}

static void count_all(struct layout_work *work)
{
	struct layout *layout = work->layout;
	struct counting counting = {
		.layout = layout,
		.has_loop = ARENA_ARRAY(work->scratch, bool, layout->switch_count),
	};

	parallel_for((layout->switch_count + SWITCHES_AT_ONCE - 1) / SWITCHES_AT_ONCE,
		     graph_threads(layout->graph), count_some, &counting);
	for (uint32_t i = 0; i < layout->switch_count; i++)
		if (counting.has_loop[i])
			say_loops(layout, i);
}

void layout_find_tiers(struct layout_work *work)
{
	struct layout *layout = work->layout;
	struct walk walk = {
		.work = work,
		.queue = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count),
		.is_reached = ARENA_ARRAY(work->scratch, bool, layout->switch_count),
	};

	start_at_leaves(&walk);
	climb(&walk);
	find_empty_leaves(work);
	say_hosts_above(work);
	count_all(work);
}
