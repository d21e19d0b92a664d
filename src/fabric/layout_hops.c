#include <string.h>

#include "fabric/layout_parts.h"

struct search {
	const struct layout *layout;
	uint32_t *queue;
	uint32_t *distance; /* in switches, the first counted; 0: not reached */
	uint32_t count;
};

static void search_open(struct search *search, const struct layout *layout, struct arena *scratch)
{
	*search = (struct search){
		.layout = layout,
		.queue = ARENA_ARRAY(scratch, uint32_t, layout->switch_count),
		.distance = ARENA_ARRAY(scratch, uint32_t, layout->switch_count),
	};
}

static void search_clear(struct search *search)
{
	search->count = 0;
	memset(search->distance, 0, sizeof(*search->distance) * search->layout->switch_count);
}

static void search_from(struct search *search, uint32_t one)
{
	if (search->distance[one] > 0)
		return;
	search->distance[one] = 1;
	search->queue[search->count++] = one;
}

static void search_run(struct search *search)
{
	for (uint32_t at = 0; at < search->count; at++) {
		uint32_t one = search->queue[at];
		uint32_t port, end = layout_ports(search->layout, one, &port);

		for (; port < end; port++) {
			uint32_t peer = layout_peer_switch(search->layout, port);

			if (peer == LAYOUT_NONE || search->distance[peer] > 0)
				continue;
			search->distance[peer] = search->distance[one] + 1;
			search->queue[search->count++] = peer;
		}
	}
}

unsigned layout_hops(const struct layout *layout, uint32_t host, uint32_t other, uint8_t rail)
{
	SCOPED_ARENA(scratch);
	struct search search;
	unsigned best = 0;

	search_open(&search, layout, &scratch);
	for (uint32_t i = layout->first_link[host]; i < layout->first_link[host + 1]; i++)
		if (rail == HOST_RAIL_UNKNOWN || layout->links[i].rail == rail)
			search_from(&search, layout->links[i].leaf);
	search_run(&search);
	for (uint32_t i = layout->first_link[other]; i < layout->first_link[other + 1]; i++) {
		unsigned distance = search.distance[layout->links[i].leaf];

		if ((rail == HOST_RAIL_UNKNOWN || layout->links[i].rail == rail) && distance > 0 &&
		    (best == 0 || distance < best))
			best = distance;
	}
	return best;
}

/* The nearest leaf of each group, in switches, from the leaves of `group`. */
static void measure_from(struct search *search, uint32_t group, uint32_t *nearest)
{
	const struct layout *layout = search->layout;

	search_clear(search);
	memset(nearest, 0, sizeof(*nearest) * layout->group_count);
	for (uint32_t i = 0; i < layout->switch_count; i++)
		if (layout->switches[i].group == group)
			search_from(search, i);
	search_run(search);
	for (uint32_t i = 0; i < layout->switch_count; i++) {
		uint32_t at = layout->switches[i].group, distance = search->distance[i];

		if (at != LAYOUT_NONE && distance > 0 &&
		    (nearest[at] == 0 || distance < nearest[at]))
			nearest[at] = distance;
	}
}

static void add_group(const struct layout *layout, uint32_t group, const uint32_t *nearest,
		      struct layout_distances *distances)
{
	const uint32_t last = sizeof(distances->share) / sizeof(distances->share[0]) - 1;
	double hosts = layout->groups[group].host_count;

	for (uint32_t i = 0; i < layout->group_count; i++) {
		double others = layout->groups[i].host_count;
		uint32_t distance = nearest[i] < last ? nearest[i] : last;

		if (layout->groups[i].fabric != layout->groups[group].fabric)
			continue;
		distances->share[distance] += hosts * (i == group ? others - 1 : others);
		if (others > 0 && nearest[i] > distances->most)
			distances->most = nearest[i];
	}
}

void layout_distances(const struct layout *layout, uint32_t sources,
		      struct layout_distances *ret_distances)
{
	SCOPED_ARENA(scratch);
	uint32_t *nearest = ARENA_ARRAY(&scratch, uint32_t, layout->group_count);
	uint32_t groups = 0, step = 1, at = 0;
	struct search search;
	double all = 0;

	*ret_distances = (struct layout_distances){ 0 };
	search_open(&search, layout, &scratch);
	for (uint32_t i = 0; i < layout->group_count; i++)
		groups += layout->groups[i].fabric == 0 && layout->groups[i].host_count > 0;
	if (sources > 0 && groups > sources)
		step = (groups + sources - 1) / sources;
	for (uint32_t i = 0; i < layout->group_count; i++) {
		if (layout->groups[i].fabric != 0 || layout->groups[i].host_count == 0 ||
		    at++ % step != 0)
			continue;
		measure_from(&search, i, nearest);
		add_group(layout, i, nearest, ret_distances);
		ret_distances->sources++;
	}
	for (unsigned i = 0; i < sizeof(ret_distances->share) / sizeof(double); i++)
		all += ret_distances->share[i];
	for (unsigned i = 0; i < sizeof(ret_distances->share) / sizeof(double); i++)
		ret_distances->share[i] = all > 0 ? ret_distances->share[i] / all : 0;
}
