/* Which host the port of a leaf should lead to, and which rail a leaf carries: what most of its
 * like do. */
#include <math.h>
#include <stdlib.h>

#include "fabric/layout_parts.h"

/* A group, or a leaf in it, that agrees less than so has no order of ports to hold a cable to. */
static const double group_agrees = 0.8, leaf_agrees = 0.5;

/* Where a link comes to a leaf. */
struct spot {
	uint32_t link, host;
	uint32_t leaf;
};

/* The spots at the same port of a group's leaves stand together, in the order of leaves: by group,
 * then by number of the port. */
struct spots {
	struct spot *all;
	uint32_t *first; /* of each port of each group, those of the first group first */
	uint32_t place_count;
};

static bool is_unnamed(const struct layout *layout, uint32_t host)
{
	return layout->hosts->hosts[host].naming == HOST_NAMED_BY_GUID;
}

/* The host that most of the spots lead to; of two leaves that differ, the first one's. */
static uint32_t usual_host(const struct layout *layout, const struct spot *spots, uint32_t count)
{
	uint32_t best = LAYOUT_NONE, best_count = 0;

	/* No other leads to more than one that half of them lead to. */
	for (uint32_t i = 0; i < count && best_count * 2 < count; i++) {
		uint32_t host = spots[i].host, same = 0;

		if (is_unnamed(layout, host))
			continue;
		for (uint32_t j = 0; j < count; j++)
			same += spots[j].host == host;
		if (same > best_count) {
			best = host;
			best_count = same;
		}
	}
	return best_count * 2 >= count ? best : LAYOUT_NONE;
}

struct counts {
	uint32_t all, same;
};

static void expect_spots(struct layout *layout, const struct spot *spots, uint32_t count,
			 struct counts *of_leaf)
{
	uint32_t usual = count >= 2 ? usual_host(layout, spots, count) : LAYOUT_NONE;

	for (uint32_t i = 0; i < count; i++) {
		struct layout_link *link = &layout->links[spots[i].link];

		if (count < 2 || is_unnamed(layout, link->host)) {
			link->expected = usual;
			continue;
		}
		of_leaf[spots[i].leaf].all++;
		of_leaf[spots[i].leaf].same += link->host == usual;
		link->expected = usual;
	}
}

/* Where the ports of each group begin, one place for each number up to the highest that a link is
 * at; group_count + 1 of them. */
static uint32_t *find_places(const struct layout_work *work)
{
	const struct layout *layout = work->layout;
	uint32_t *first = ARENA_ARRAY(work->scratch, uint32_t, layout->group_count + 1);

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		uint32_t group = layout->switches[i].group;
		uint32_t ports = layout->graph->nodes[layout->switches[i].node].port_count + 1u;

		if (group != LAYOUT_NONE && first[group + 1] < ports)
			first[group + 1] = ports;
	}
	for (uint32_t i = 0; i < layout->group_count; i++)
		first[i + 1] += first[i];
	return first;
}

static uint32_t place_of(const struct layout *layout, const uint32_t *first,
			 const struct layout_link *link)
{
	uint32_t group = layout->switches[link->leaf].group;

	return group == LAYOUT_NONE ? LAYOUT_NONE
				    : first[group] + layout->graph->ports[link->peer].number;
}

static void gather_spots(const struct layout_work *work, struct spots *ret_spots)
{
	const struct layout *layout = work->layout;
	const uint32_t *first = find_places(work);
	uint32_t count = first[layout->group_count];
	uint32_t *places = ARENA_ARRAY(work->scratch, uint32_t, layout->link_count);
	/* Two places on, so that filling moves each beginning to where it belongs. */
	uint32_t *next = ARENA_ARRAY(work->scratch, uint32_t, count + 2);
	struct spot *all = ARENA_ARRAY(work->scratch, struct spot, layout->link_count);

	for (uint32_t i = 0; i < layout->link_count; i++) {
		const struct layout_link *link = &layout->links[work->links_of_leaf[i]];

		places[i] = place_of(layout, first, link);
		if (places[i] != LAYOUT_NONE)
			next[places[i] + 2]++;
	}
	for (uint32_t i = 0; i < count; i++)
		next[i + 2] += next[i + 1];
	for (uint32_t i = 0; i < layout->link_count; i++) {
		const struct layout_link *link = &layout->links[work->links_of_leaf[i]];

		if (places[i] != LAYOUT_NONE)
			all[next[places[i] + 1]++] = (struct spot){
				.link = work->links_of_leaf[i],
				.host = link->host,
				.leaf = link->leaf,
			};
	}
	*ret_spots = (struct spots){ all, next, count };
}

static void forget_disagreeing(struct layout *layout, const struct counts *of_leaf,
			       const struct counts *of_group)
{
	for (uint32_t i = 0; i < layout->group_count; i++)
		if (of_group[i].all > 0)
			layout->groups[i].agreement = (double)of_group[i].same / of_group[i].all;
	for (uint32_t i = 0; i < layout->link_count; i++) {
		struct layout_link *link = &layout->links[i];
		uint32_t group = layout->switches[link->leaf].group;
		const struct counts *leaf = &of_leaf[link->leaf];

		if (group == LAYOUT_NONE || !(layout->groups[group].agreement >= group_agrees) ||
		    leaf->same < leaf_agrees * leaf->all)
			link->expected = LAYOUT_NONE;
	}
}

static void find_rails(struct layout_work *work)
{
	struct layout *layout = work->layout;
	uint32_t *rails = ARENA_ARRAY(work->scratch, uint32_t, layout->link_count);

	for (uint32_t leaf = 0; leaf < layout->switch_count; leaf++) {
		uint32_t from = work->first_link_of_leaf[leaf];
		uint32_t count = work->first_link_of_leaf[leaf + 1] - from, known = 0;
		double share;
		uint32_t most;

		for (uint32_t i = 0; i < count; i++)
			if (layout->links[work->links_of_leaf[from + i]].rail != HOST_RAIL_UNKNOWN)
				rails[known++] = layout->links[work->links_of_leaf[from + i]].rail;
		most = layout_most(rails, known, &share);
		if (known > 0 && share >= 0.6 && layout->switches[leaf].tier == 0)
			layout->switches[leaf].rail = (uint8_t)most;
	}
}

void layout_find_expected(struct layout_work *work)
{
	struct layout *layout = work->layout;
	struct counts *of_leaf = ARENA_ARRAY(work->scratch, struct counts, layout->switch_count);
	struct counts *of_group = ARENA_ARRAY(work->scratch, struct counts, layout->group_count);
	struct spots spots;

	gather_spots(work, &spots);
	for (uint32_t i = 0; i < spots.place_count; i++)
		expect_spots(layout, spots.all + spots.first[i],
			     spots.first[i + 1] - spots.first[i], of_leaf);
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		if (layout->switches[i].group == LAYOUT_NONE)
			continue;
		of_group[layout->switches[i].group].all += of_leaf[i].all;
		of_group[layout->switches[i].group].same += of_leaf[i].same;
	}
	forget_disagreeing(layout, of_leaf, of_group);
	layout_expect_blocks(work);
	find_rails(work);
}
