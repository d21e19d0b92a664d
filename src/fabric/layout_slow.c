/* Links that run below what others between devices of the same models do. */
#include <stdlib.h>

#include "fabric/layout_parts.h"

enum {
	LIKE_LEAST = 4, /* fewer of one kind tell nothing about what is usual */
};

/* A rate that fewer have is not what is expected of the rest. */
static const double rates_agree = 0.75;

struct like {
	uint64_t kind;
	uint32_t mbit;
	uint32_t port; /* the lower end */
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
	const struct like *left = a, *right = b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	if (left->mbit != right->mbit)
		return left->mbit < right->mbit ? -1 : 1;
	return left->port < right->port ? -1 : left->port > right->port;
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

static void say_slow(struct layout *layout, const struct like *like, const struct like *usual)
{
	const struct graph_port *port = &layout->graph->ports[like->port];
	struct layout_finding *finding =
		layout_say(layout, FAULT_SLOW, "the link to %s runs at %s, %s like it at %s",
			   layout_port_name(layout, like->port, layout->arena),
			   layout_rate_name(port, layout->arena), "those",
			   layout_rate_name(&layout->graph->ports[usual->port], layout->arena));

	if (!finding)
		return;
	place_at_switch(layout, finding, like->port);
	finding->size = like->mbit;
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
	uint32_t below = layout->switch_of_node[graph->ports[port].node];
	uint32_t above = layout->switch_of_node[graph->ports[peer].node];

	if (above == LAYOUT_NONE)
		return false;
	if (below == LAYOUT_NONE)
		return layout->hosts->host_of_node[graph->ports[port].node] != GRAPH_NONE;
	if (layout->switches[below].tier != layout->switches[above].tier)
		return layout->switches[below].tier < layout->switches[above].tier;
	return port < peer;
}

static uint32_t gather_likes(struct layout *layout, struct like *likes)
{
	const struct graph *graph = layout->graph;
	uint32_t count = 0;

	for (uint32_t i = 0; i < graph->port_count; i++) {
		uint32_t peer = graph->ports[i].peer, mbit;

		if (peer == GRAPH_NONE || !is_lower_end(layout, i, peer))
			continue;
		if (are_unequal(&graph->ports[i], &graph->ports[peer])) {
			say_unequal(layout, i);
			continue;
		}
		mbit = graph_port_mbit(&graph->ports[i]);
		if (mbit == 0)
			mbit = graph_port_mbit(&graph->ports[peer]);
		if (mbit > 0)
			likes[count++] = (struct like){ kind_of(layout, i, peer), mbit, i };
	}
	return count;
}

/* The first of those with the most common rate. */
static const struct like *find_usual(const struct like *likes, uint32_t count)
{
	uint32_t run = 0, best = 0, at = 0;

	for (uint32_t i = 0; i < count; i++) {
		run = i > 0 && likes[i].mbit == likes[i - 1].mbit ? run + 1 : 1;
		if (run >= best) {
			best = run;
			at = i;
		}
	}
	return count >= LIKE_LEAST && best >= rates_agree * count ? &likes[at] : NULL;
}

void layout_find_slow(struct layout_work *work)
{
	struct layout *layout = work->layout;
	struct like *likes = ARENA_ARRAY(work->scratch, struct like, layout->graph->port_count);
	uint32_t count = gather_likes(layout, likes), start = 0;

	qsort(likes, count, sizeof(*likes), compare_likes);
	for (uint32_t i = 1; i <= count; i++) {
		const struct like *usual;

		if (i < count && likes[i].kind == likes[start].kind)
			continue;
		usual = find_usual(likes + start, i - start);
		for (uint32_t j = start; usual && j < i && likes[j].mbit < usual->mbit; j++)
			say_slow(layout, &likes[j], usual);
		start = i;
	}
}
