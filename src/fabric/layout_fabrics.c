#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fabric/layout_parts.h"
#include "fabric/overlap.h"

/* Switches that reach each other: a fabric, or one plane of it. */
struct part {
	uint32_t root; /* lowest switch */
	uint32_t switches, links, hosts;
	uint32_t mbit;  /* of most of its links to hosts */
	uint32_t lead;  /* by how many links `mbit` leads in the walk that finds it */
	uint32_t whole; /* the part it belongs to, itself when to none */
	uint32_t fabric;
};

struct parting {
	struct layout_work *work;
	struct part *parts;
	uint32_t count;
	uint32_t *part_of; /* of a switch */
	uint32_t *seen;    /* of a part: the host that was counted last, plus 1 */
};

static double links_of_host(const struct part *part)
{
	return part->hosts > 0 ? (double)part->links / part->hosts : 0;
}

static bool is_ethernet(const struct graph_port *port)
{
	return port->mbit_per_s > 0 && port->width == 0;
}

/* Nothing but leaves and hosts on Ethernet: who listens on hosts does not see what is above. */
static bool sees_leaves_only(const struct layout *layout)
{
	if (layout->switch_count < 2 || layout->link_count == 0)
		return false;
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		uint32_t port, end = layout_ports(layout, i, &port);

		for (; port < end; port++)
			if (layout_peer_switch(layout, port) != LAYOUT_NONE)
				return false;
	}
	return is_ethernet(&layout->graph->ports[layout->links[0].port]) ||
	       is_ethernet(&layout->graph->ports[layout->links[0].peer]);
}

static void find_parts(struct parting *parting)
{
	const struct layout *layout = parting->work->layout;
	struct arena *scratch = parting->work->scratch;
	uint32_t *forest = forest_start(scratch, layout->switch_count);

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		uint32_t port, end = layout_ports(layout, i, &port), last = LAYOUT_NONE;

		for (; port < end; port++) {
			uint32_t peer = layout_peer_switch(layout, port);

			/* Cables to one switch often stand together. */
			if (peer != LAYOUT_NONE && peer != last)
				forest_join(forest, i, peer);
			last = peer;
		}
	}
	parting->part_of = ARENA_ARRAY(scratch, uint32_t, layout->switch_count);
	parting->parts = ARENA_ARRAY(scratch, struct part, layout->switch_count);
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		uint32_t root = forest_root(forest, i);

		if (root == i) {
			parting->part_of[i] = parting->count;
			parting->parts[parting->count] = (struct part){
				.root = i,
				.whole = parting->count,
				.fabric = LAYOUT_NONE,
			};
			parting->count++;
		} else {
			parting->part_of[i] = parting->part_of[root];
		}
		parting->parts[parting->part_of[i]].switches++;
	}
}

static void count_links(struct parting *parting)
{
	const struct layout *layout = parting->work->layout;

	parting->seen = ARENA_ARRAY(parting->work->scratch, uint32_t, parting->count);
	for (uint32_t i = 0; i < layout->link_count; i++) {
		const struct layout_link *link = &layout->links[i];
		uint32_t at = parting->part_of[link->leaf];
		struct part *part = &parting->parts[at];
		uint32_t mbit = graph_port_mbit(&layout->graph->ports[link->port]);

		part->links++;
		if (parting->seen[at] != link->host + 1)
			part->hosts++;
		parting->seen[at] = link->host + 1;
		/* The majority in one walk (Boyer and Moore 1981). */
		if (part->lead == 0)
			part->mbit = mbit;
		part->lead += mbit == part->mbit ? 1 : -1;
	}
}

/* The part that has most hosts in common with `at`, and how many. */
struct partner {
	uint32_t part, common, complete;
};

/* What the hosts of each part have in the others, by one walk over the hosts. */
static void find_partners(struct parting *parting, const uint32_t *main_part,
			  struct partner *partners)
{
	const struct layout *layout = parting->work->layout;
	uint32_t main = *main_part;
	uint32_t usual = (uint32_t)lround(links_of_host(&parting->parts[main]));
	uint32_t *links = ARENA_ARRAY(parting->work->scratch, uint32_t, parting->count);

	if (parting->count == 1)
		return;
	for (uint32_t host = 0; host < layout->hosts->host_count; host++) {
		uint32_t from = layout->first_link[host], to = layout->first_link[host + 1];

		for (uint32_t i = from; i < to; i++)
			links[parting->part_of[layout->links[i].leaf]]++;
		for (uint32_t i = from; i < to; i++) {
			uint32_t at = parting->part_of[layout->links[i].leaf];

			if (at == main || links[at] == 0)
				continue;
			partners[at].common += links[main] > 0;
			partners[at].complete += links[main] > 0 && links[main] < usual &&
						 links[main] + links[at] == usual;
			links[at] = 0;
		}
		links[main] = 0;
	}
}

static uint64_t bandwidth(const struct part *part)
{
	/* An unknown rate counts as a little, so that links without a rate still weigh. */
	return (uint64_t)part->links * (part->mbit > 0 ? part->mbit : 1);
}

static uint32_t greatest_part(const struct parting *parting)
{
	uint32_t main = 0;

	for (uint32_t i = 1; i < parting->count; i++)
		if (bandwidth(&parting->parts[i]) > bandwidth(&parting->parts[main]))
			main = i;
	return main;
}

static void say_cut_off(struct parting *parting, const struct part *part)
{
	struct layout *layout = parting->work->layout;
	struct layout_finding *finding = layout_say(
		layout, FAULT_CUT_OFF,
		"%u switch%s with %u link%s of hosts %s not joined to the rest of the fabric, "
		"where the same hosts have their other links",
		part->switches, part->switches == 1 ? "" : "es", part->links,
		part->links == 1 ? "" : "s", part->switches == 1 ? "is" : "are");

	if (!finding)
		return;
	finding->node = layout->switches[part->root].node;
	finding->place = layout_node_name(layout, finding->node, layout->arena);
	finding->size = part->links;
}

/* Parts with the same hosts at the same rate and number of links are planes of one fabric; a part
 * that holds just what its hosts lack elsewhere is cut off from it. */
static void join_parts(struct parting *parting)
{
	uint32_t main = greatest_part(parting);
	struct part *whole = &parting->parts[main];
	struct partner *partners =
		ARENA_ARRAY(parting->work->scratch, struct partner, parting->count);
	bool is_blind = sees_leaves_only(parting->work->layout);

	find_partners(parting, &main, partners);
	for (uint32_t i = 0; i < parting->count; i++) {
		struct part *part = &parting->parts[i];
		uint32_t larger = part->hosts > whole->hosts ? part->hosts : whole->hosts;

		if (i == main || part->links == 0 || part->mbit != whole->mbit)
			continue;
		if (is_blind || (partners[i].common * 2 >= larger &&
				 fabs(links_of_host(part) - links_of_host(whole)) < 0.5)) {
			part->whole = main;
		} else if (partners[i].complete * 4 >= part->hosts * 3 &&
			   partners[i].complete > 0) {
			part->whole = main;
			say_cut_off(parting, part);
		}
	}
}

static enum layout_role role_of(const struct part *part, const struct part *whole,
				const struct partner *partner)
{
	if (part->links == 0)
		return ROLE_UNUSED;
	if (part == whole)
		return ROLE_COMPUTE;
	if (part->mbit * 10 <= whole->mbit)
		return ROLE_MANAGEMENT;
	/* Hosts of their own at the same rate are another island of the same kind. */
	if (partner->common * 2 < part->hosts && part->mbit == whole->mbit &&
	    fabs(links_of_host(part) - links_of_host(whole)) < 0.5)
		return ROLE_COMPUTE;
	return ROLE_STORAGE;
}

struct order {
	enum layout_role role;
	uint64_t bandwidth;
	uint32_t part;
};

static int compare_orders(const void *a, const void *b)
{
	const struct order *left = a, *right = b;

	if (left->role != right->role)
		return left->role < right->role ? -1 : 1;
	if (left->bandwidth != right->bandwidth)
		return left->bandwidth > right->bandwidth ? -1 : 1;
	return left->part < right->part ? -1 : left->part > right->part;
}

static void name_fabrics(struct layout *layout)
{
	unsigned of_role[ROLE_COUNT] = { 0 };

	for (uint32_t i = 0; i < layout->fabric_count; i++) {
		struct layout_fabric *fabric = &layout->fabrics[i];
		unsigned number = ++of_role[fabric->role];
		const char *role = layout_role_names[fabric->role];

		fabric->name =
			number == 1 ? role : arena_format(layout->arena, "%s-%u", role, number);
	}
}

static void make_fabrics(struct parting *parting)
{
	struct layout *layout = parting->work->layout;
	struct arena *scratch = parting->work->scratch;
	uint32_t main = greatest_part(parting);
	struct order *orders = ARENA_ARRAY(scratch, struct order, parting->count);
	struct partner *partners = ARENA_ARRAY(scratch, struct partner, parting->count);
	uint32_t count = 0;

	find_partners(parting, &main, partners);
	for (uint32_t i = 0; i < parting->count; i++)
		if (parting->parts[i].whole == i)
			orders[count++] = (struct order){
				.role = role_of(&parting->parts[i], &parting->parts[main],
						&partners[i]),
				.bandwidth = bandwidth(&parting->parts[i]),
				.part = i,
			};
	qsort(orders, count, sizeof(*orders), compare_orders);
	layout->fabric_count = count;
	layout->fabrics = ARENA_ARRAY(layout->arena, struct layout_fabric, count);
	for (uint32_t i = 0; i < count; i++) {
		parting->parts[orders[i].part].fabric = i;
		layout->fabrics[i].role = orders[i].role;
		layout->fabrics[i].mbit = parting->parts[orders[i].part].mbit;
		layout->fabrics[i].is_blind = orders[i].part == main && sees_leaves_only(layout);
	}
	for (uint32_t i = 0; i < parting->count; i++) {
		const struct part *part = &parting->parts[i];
		struct layout_fabric *fabric = &layout->fabrics[parting->parts[part->whole].fabric];

		fabric->planes += part->links > 0 || part->whole == i;
		fabric->switch_count += part->switches;
		fabric->link_count += part->links;
	}
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		const struct part *part = &parting->parts[parting->part_of[i]];

		layout->switches[i].fabric = parting->parts[part->whole].fabric;
	}
	name_fabrics(layout);
}

static void count_other(struct layout *layout, const struct graph_node *node)
{
	for (uint32_t i = 0; i <= node->port_count; i++) {
		uint32_t one = layout_peer_switch(layout, node->first_port + i);

		if (one == LAYOUT_NONE)
			continue;
		layout->fabrics[layout->switches[one].fabric].aggregator_count +=
			node->is_aggregator;
		layout->fabrics[layout->switches[one].fabric].router_count +=
			node->kind == GRAPH_ROUTER;
	}
}

static void count_others(struct layout *layout)
{
	const struct graph *graph = layout->graph;

	for (uint32_t i = 0; i < graph->node_count; i++)
		if (graph->nodes[i].is_aggregator || graph->nodes[i].kind == GRAPH_ROUTER)
			count_other(layout, &graph->nodes[i]);
}

void layout_find_fabrics(struct layout_work *work)
{
	struct parting parting = { .work = work };

	find_parts(&parting);
	if (parting.count == 0)
		return;
	count_links(&parting);
	join_parts(&parting);
	make_fabrics(&parting);
	count_others(work->layout);
}
