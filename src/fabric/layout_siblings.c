#include <string.h>

#include "fabric/layout_parts.h"
#include "fabric/overlap.h"

struct neighbours {
	const struct layout *layout;
	uint32_t *mark; /* of a switch: the one that it was counted for last, plus 1 */
	uint32_t *members;
	uint32_t count;
};

static void add_neighbour(struct neighbours *neighbours, uint32_t one, uint32_t peer)
{
	if (neighbours->mark[peer] == one + 1)
		return;
	neighbours->mark[peer] = one + 1;
	neighbours->members[neighbours->count++] = peer;
}

/* The switches above; where there is none, those beside it and itself. */
static bool add_neighbours(struct neighbours *neighbours, uint32_t one)
{
	const struct layout *layout = neighbours->layout;
	const struct layout_switch *its = &layout->switches[one];
	bool is_across = its->up == 0;
	uint32_t port, end = layout_ports(layout, one, &port), last = LAYOUT_NONE;

	if (is_across)
		add_neighbour(neighbours, one, one);
	for (; port < end; port++) {
		uint32_t peer = layout_peer_switch(layout, port);

		if (peer == last)
			continue;
		last = peer;
		if (peer != LAYOUT_NONE && (is_across ? layout->switches[peer].tier == its->tier
						      : layout->switches[peer].tier > its->tier))
			add_neighbour(neighbours, one, peer);
	}
	return is_across;
}

static uint32_t count_switch_ports(const struct layout *layout)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < layout->switch_count; i++)
		count += layout->switches[i].up + layout->switches[i].across + 1u;
	return count;
}

static void find_labels(struct layout_work *work, uint32_t *labels)
{
	struct layout *layout = work->layout;
	uint32_t *first = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count + 1);
	uint32_t *colours = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count);
	struct neighbours neighbours = {
		.layout = layout,
		.mark = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count),
		.members = ARENA_ARRAY(work->scratch, uint32_t, count_switch_ports(layout)),
	};

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		first[i] = neighbours.count;
		colours[i] = layout->switches[i].tier * 2u;
		colours[i] += add_neighbours(&neighbours, i);
	}
	first[layout->switch_count] = neighbours.count;
	overlap_join(
		&(struct overlap_sets){
			.item_count = layout->switch_count,
			.member_count = layout->switch_count,
			.first = first,
			.members = neighbours.members,
			.colours = colours,
		},
		work->scratch, labels);
}

/* Leaf groups below one set of spines are one pod: those that siblings among the leaves join. A
 * single cable to another pod's spine joins nothing. */
static void find_pods(struct layout_work *work)
{
	struct layout *layout = work->layout;
	uint32_t *forest = forest_start(work->scratch, layout->group_count);
	uint32_t *number = ARENA_ARRAY(work->scratch, uint32_t, layout->group_count);

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		const struct layout_switch *leaf = &layout->switches[i];
		const struct layout_switch *first = &layout->switches[leaf->siblings];

		if (leaf->group != LAYOUT_NONE && first->group != LAYOUT_NONE)
			forest_join(forest, leaf->group, first->group);
	}
	for (uint32_t i = 0; i < layout->group_count; i++) {
		uint32_t root = forest_root(forest, i);

		if (root == i)
			number[i] = layout->pod_count++;
		layout->groups[i].pod = number[root];
	}
	for (uint32_t i = 0; i < layout->switch_count; i++)
		if (layout->switches[i].group != LAYOUT_NONE)
			layout->switches[i].pod = layout->groups[layout->switches[i].group].pod;
}

/* A switch above belongs to the pod that most of its links down lead to. */
static void carry_pods_up(struct layout *layout, unsigned tier)
{
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		struct layout_switch *one = &layout->switches[i];
		uint32_t port, end = layout_ports(layout, i, &port), lead = 0;

		if (one->tier != tier)
			continue;
		for (; port < end; port++) {
			uint32_t peer = layout_peer_switch(layout, port);

			if (peer == LAYOUT_NONE || layout->switches[peer].tier >= tier)
				continue;
			if (lead == 0)
				one->pod = layout->switches[peer].pod;
			lead += layout->switches[peer].pod == one->pod ? 1 : -1;
		}
	}
}

void layout_find_siblings(struct layout_work *work)
{
	struct layout *layout = work->layout;
	uint32_t *labels = ARENA_ARRAY(work->scratch, uint32_t, layout->switch_count);

	find_labels(work, labels);
	for (uint32_t i = 0; i < layout->switch_count; i++)
		layout->switches[i].siblings = labels[i];
	find_pods(work);
	for (unsigned tier = 1; tier < LAYOUT_TIERS_MAXIMUM; tier++)
		carry_pods_up(layout, tier);
}
