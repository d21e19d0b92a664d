/* Which host the port of a leaf should lead to, and which rail a leaf carries: what most of its
 * like do. */
#include <math.h>
#include <stdlib.h>

#include "fabric/layout_parts.h"

/* A group, or a leaf in it, that agrees less than so has no order of ports to hold a cable to. */
static const double group_agrees = 0.8, leaf_agrees = 0.5;

struct spot {
	uint32_t group;
	uint32_t number; /* of the leaf's port */
	uint32_t link;
	uint32_t leaf;
};

static bool is_unnamed(const struct layout *layout, uint32_t host)
{
	return layout->hosts->hosts[host].naming == HOST_NAMED_BY_GUID;
}

/* The host that most of the spots lead to; of two leaves that differ, the first one's. */
static uint32_t usual_host(const struct layout *layout, const struct spot *spots, uint32_t count)
{
	uint32_t best = LAYOUT_NONE, best_count = 0;

	for (uint32_t i = 0; i < count; i++) {
		uint32_t host = layout->links[spots[i].link].host, same = 0;

		if (is_unnamed(layout, host))
			continue;
		for (uint32_t j = 0; j < count; j++)
			same += layout->links[spots[j].link].host == host;
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

/* By what `key` says, and among equals in the order they are in. */
static void sort_spots(struct arena *scratch, const struct spot *spots, uint32_t count,
		       uint32_t (*key)(const struct spot *spot), uint32_t keys,
		       struct spot *ret_sorted)
{
	uint32_t *next = ARENA_ARRAY(scratch, uint32_t, keys + 1);

	for (uint32_t i = 0; i < count; i++)
		next[key(&spots[i]) + 1]++;
	for (uint32_t i = 0; i < keys; i++)
		next[i + 1] += next[i];
	for (uint32_t i = 0; i < count; i++)
		ret_sorted[next[key(&spots[i])]++] = spots[i];
}

static uint32_t number_of(const struct spot *spot)
{
	return spot->number;
}

static uint32_t group_of(const struct spot *spot)
{
	return spot->group;
}

/* By group, number of the port, leaf and link. */
static uint32_t gather_spots(const struct layout_work *work, struct spot **ret_spots)
{
	const struct layout *layout = work->layout;
	struct spot *spots = ARENA_ARRAY(work->scratch, struct spot, layout->link_count);
	struct spot *sorted = ARENA_ARRAY(work->scratch, struct spot, layout->link_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < layout->link_count; i++) {
		const struct layout_link *link = &layout->links[work->links_of_leaf[i]];

		if (layout->switches[link->leaf].group != LAYOUT_NONE)
			spots[count++] = (struct spot){
				.group = layout->switches[link->leaf].group,
				.number = layout->graph->ports[link->peer].number,
				.link = work->links_of_leaf[i],
				.leaf = link->leaf,
			};
	}
	sort_spots(work->scratch, spots, count, number_of, GRAPH_PORT_MAXIMUM + 1, sorted);
	sort_spots(work->scratch, sorted, count, group_of, layout->group_count, spots);
	*ret_spots = spots;
	return count;
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
	struct spot *spots;
	uint32_t count = gather_spots(work, &spots), start = 0;

	for (uint32_t i = 1; i <= count; i++) {
		if (i < count && spots[i].group == spots[start].group &&
		    spots[i].number == spots[start].number)
			continue;
		expect_spots(layout, spots + start, i - start, of_leaf);
		start = i;
	}
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
