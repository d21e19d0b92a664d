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
static uint64_t kind_of(const struct layout *layout, uint32_t port)
{
	const struct graph *graph = layout->graph;
	const struct graph_node *low = &graph->nodes[graph->ports[port].node];
	const struct graph_node *high = &graph->nodes[graph->ports[port].peer_node];
	const struct layout_switch *one = &layout->switches[layout_peer_switch(layout, port)];
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

/* Each cable once, from its lower end. */
static bool is_lower_end(const struct layout *layout, uint32_t port)
{
	const struct graph_port *one = &layout->graph->ports[port];
	uint32_t above = layout_peer_switch(layout, port), below;

	if (above == LAYOUT_NONE)
		return false;
	below = layout->switch_of_node[one->node];
	if (below == LAYOUT_NONE)
		return layout->hosts->host_of_node[one->node] != GRAPH_NONE;
	if (layout->switches[below].tier != layout->switches[above].tier)
		return layout->switches[below].tier < layout->switches[above].tier;
	return port < one->peer;
}

/* The rate that both ends of the link above the port agree on; 0 when they tell none or, and then
 * *ret_unequal, different ones. */
static uint32_t agreed_mbit(const struct layout *layout, uint32_t port, bool *ret_unequal)
{
	const struct graph_port *one = &layout->graph->ports[port];
	uint32_t own, its;

	*ret_unequal = false;
	if (!is_lower_end(layout, port))
		return 0;
	own = graph_port_mbit(one);
	its = graph_port_mbit(&layout->graph->ports[one->peer]);
	if (own == 0 || its == 0 || own == its)
		return own > 0 ? own : its;
	*ret_unequal = true;
	return 0;
}

/* What the walk over all links finds. */
struct gathered {
	struct likes *likes;
	uint32_t count;
	uint32_t *unequal; /* lower ends of links whose ends disagree */
	uint32_t unequal_count;
};

static void gather(const struct layout *layout, struct gathered *gathered)
{
	struct likes *likes = gathered->likes;
	uint32_t count = 0;

	for (uint32_t i = 0; i < layout->graph->port_count; i++) {
		bool is_unequal;
		uint32_t mbit = agreed_mbit(layout, i, &is_unequal);
		uint64_t kind;

		if (is_unequal)
			gathered->unequal[gathered->unequal_count++] = i;
		if (mbit == 0)
			continue;
		kind = kind_of(layout, i);
		if (count == 0 || likes[count - 1].kind != kind || likes[count - 1].mbit != mbit)
			likes[count++] = (struct likes){ .kind = kind, .mbit = mbit, .first = i };
		likes[count - 1].last = i;
		likes[count - 1].count++;
	}
	gathered->count = count;
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

static void say_slower(struct layout *layout, const struct likes *likes, uint32_t count)
{
	const struct likes *usual = find_usual(likes, count);

	for (uint32_t i = 0; usual && i < count && likes[i].mbit < usual->mbit; i++)
		for (uint32_t port = likes[i].first; port <= likes[i].last; port++) {
			bool is_unequal;

			if (agreed_mbit(layout, port, &is_unequal) > 0)
				say_slow(layout, port, likes[i].mbit, usual);
		}
}

void layout_find_slow(struct layout_work *work)
{
	struct layout *layout = work->layout;
	const uint32_t ports = layout->graph->port_count;
	struct gathered all = {
		.likes = ARENA_ARRAY(work->scratch, struct likes, ports),
		.unequal = ARENA_ARRAY(work->scratch, uint32_t, ports),
	};
	uint32_t start = 0;

	gather(layout, &all);
	for (uint32_t i = 0; i < all.unequal_count; i++)
		say_unequal(layout, all.unequal[i]);
	qsort(all.likes, all.count, sizeof(*all.likes), compare_likes);
	for (uint32_t i = 1; i <= all.count; i++) {
		if (i < all.count && all.likes[i].kind == all.likes[start].kind)
			continue;
		say_slower(layout, all.likes + start, i - start);
		start = i;
	}
}
