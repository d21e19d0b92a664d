/* Links that run below what others between devices of the same models do. */
#include <stdlib.h>

#include "fabric/layout_parts.h"

enum {
	LIKE_LEAST = 4, /* fewer of one kind tell nothing about what is usual */
};

/* A rate that fewer have is not what is expected of the rest. */
static const double rates_agree = 0.75;

/* Links of one kind and rate that come one after the other, by their lower ends: in a fabric in
 * order a few runs are all of it. Other ports between them tell nothing. */
struct likes {
	uint64_t kind;
	uint32_t mbit;
	uint32_t first, last; /* ports */
	uint32_t count;
};

static uint64_t model_of(const struct graph_node *node)
{
	/* A few bits of a hash are enough to tell the models of one fabric apart. */
	return ((uint64_t)node->vendor << 32 | node->device) * 0x9e3779b97f4a7c15u >> 42;
}

/* What links are alike: whether hosts are at one end, tier, and the models at both. */
static uint64_t kind_of(const struct layout *layout, uint32_t port, uint32_t peer)
{
	const struct graph *graph = layout->graph;
	const struct graph_node *low = &graph->nodes[graph->ports[port].node];
	const struct graph_node *high = &graph->nodes[graph->ports[peer].node];
	const struct layout_switch *one =
		&layout->switches[layout->switch_of_node[graph->ports[peer].node]];
	uint32_t below = layout->switch_of_node[graph->ports[port].node];
	uint64_t way = below == LAYOUT_NONE ? 0 : layout->switches[below].tier == one->tier ? 1 : 2;

	return way << 62 | (uint64_t)one->tier << 58 | (uint64_t)(one->fabric & 0xff) << 48 |
	       (model_of(low) << 24 | model_of(high));
}

static int compare_likes(const void *a, const void *b)
{
	const struct likes *left = a, *right = b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	if (left->mbit != right->mbit)
		return left->mbit < right->mbit ? -1 : 1;
	return left->first < right->first ? -1 : left->first > right->first;
}

static void place_at_switch(struct layout *layout, struct layout_finding *finding, uint32_t port)
{
	uint32_t peer = layout->graph->ports[port].peer;

	finding->node = layout->graph->ports[peer].node;
	finding->port = peer;
	finding->other = port;
	finding->host = layout->hosts->host_of_node[layout->graph->ports[port].node];
	finding->place = layout_port_name(layout, peer, layout->arena);
}

static void say_unequal(struct layout *layout, uint32_t port)
{
	const struct graph_port *one = &layout->graph->ports[port];
	const struct graph_port *other = &layout->graph->ports[one->peer];
	struct layout_finding *finding =
		layout_say(layout, FAULT_UNEQUAL, "tells %s, and the other end, %s, tells %s",
			   layout_rate_name(other, layout->arena),
			   layout_port_name(layout, port, layout->arena),
			   layout_rate_name(one, layout->arena));

	if (!finding)
		return;
	place_at_switch(layout, finding, port);
	finding->size = graph_port_mbit(one);
	finding->expected = graph_port_mbit(other);
}

static void say_slow(struct layout *layout, uint32_t port, uint32_t mbit, const struct likes *usual)
{
	struct layout_finding *finding =
		layout_say(layout, FAULT_SLOW, "the link to %s runs at %s, %s like it at %s",
			   layout_port_name(layout, port, layout->arena),
			   layout_rate_name(&layout->graph->ports[port], layout->arena), "those",
			   layout_rate_name(&layout->graph->ports[usual->last], layout->arena));

	if (!finding)
		return;
	place_at_switch(layout, finding, port);
	finding->size = mbit;
	finding->expected = usual->mbit;
}

static bool are_unequal(const struct graph_port *one, const struct graph_port *other)
{
	uint32_t own = graph_port_mbit(one), its = graph_port_mbit(other);

	return own > 0 && its > 0 && own != its;
}

/* Each cable once, from its lower end. */
static bool is_lower_end(const struct layout *layout, uint32_t port, uint32_t peer)
{
	const struct graph *graph = layout->graph;
	uint32_t above = layout_peer_switch(layout, port), below;

	if (above == LAYOUT_NONE)
		return false;
	below = layout->switch_of_node[graph->ports[port].node];
	if (below == LAYOUT_NONE)
		return layout->hosts->host_of_node[graph->ports[port].node] != GRAPH_NONE;
	if (layout->switches[below].tier != layout->switches[above].tier)
		return layout->switches[below].tier < layout->switches[above].tier;
	return port < peer;
}

/* The rate that both ends of the link above the port agree on; 0 when it tells none. */
static uint32_t agreed_mbit(const struct layout *layout, uint32_t port)
{
	const struct graph_port *one = &layout->graph->ports[port];
	uint32_t mbit;

	if (one->peer == GRAPH_NONE || !is_lower_end(layout, port, one->peer) ||
	    are_unequal(one, &layout->graph->ports[one->peer]))
		return 0;
	mbit = graph_port_mbit(one);
	return mbit > 0 ? mbit : graph_port_mbit(&layout->graph->ports[one->peer]);
}

static void say_all_unequal(struct layout *layout)
{
	const struct graph *graph = layout->graph;

	for (uint32_t i = 0; i < graph->port_count; i++) {
		uint32_t peer = graph->ports[i].peer;

		if (peer != GRAPH_NONE && are_unequal(&graph->ports[i], &graph->ports[peer]) &&
		    is_lower_end(layout, i, peer))
			say_unequal(layout, i);
	}
}

static uint32_t gather_likes(const struct layout *layout, struct likes *likes)
{
	const struct graph *graph = layout->graph;
	uint32_t count = 0;

	for (uint32_t i = 0; i < graph->port_count; i++) {
		uint32_t mbit = agreed_mbit(layout, i);
		uint64_t kind;

		if (mbit == 0)
			continue;
		kind = kind_of(layout, i, graph->ports[i].peer);
		if (count == 0 || likes[count - 1].kind != kind || likes[count - 1].mbit != mbit)
			likes[count++] = (struct likes){ .kind = kind, .mbit = mbit, .first = i };
		likes[count - 1].last = i;
		likes[count - 1].count++;
	}
	return count;
}

/* The last run of the most common rate, NULL when no rate is usual. */
static const struct likes *find_usual(const struct likes *likes, uint32_t count)
{
	const struct likes *usual = NULL;
	uint32_t run = 0, best = 0, all = 0;

	for (uint32_t i = 0; i < count; i++) {
		run = i > 0 && likes[i].mbit == likes[i - 1].mbit ? run + likes[i].count
								  : likes[i].count;
		all += likes[i].count;
		if (run >= best) {
			best = run;
			usual = &likes[i];
		}
	}
	return all >= LIKE_LEAST && best >= rates_agree * all ? usual : NULL;
}

void layout_find_slow(struct layout_work *work)
{
	struct layout *layout = work->layout;
	struct likes *likes = ARENA_ARRAY(work->scratch, struct likes, layout->graph->port_count);
	uint32_t count = gather_likes(layout, likes), start = 0;

	say_all_unequal(layout);
	qsort(likes, count, sizeof(*likes), compare_likes);
	for (uint32_t i = 1; i <= count; i++) {
		const struct likes *usual;

		if (i < count && likes[i].kind == likes[start].kind)
			continue;
		usual = find_usual(likes + start, i - start);
		for (uint32_t j = start; usual && j < i && likes[j].mbit < usual->mbit; j++)
			for (uint32_t port = likes[j].first; port <= likes[j].last; port++)
				if (agreed_mbit(layout, port) > 0)
					say_slow(layout, port, likes[j].mbit, usual);
		start = i;
	}
}
