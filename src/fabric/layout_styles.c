/* What a fabric is called for, and the figures of its tiers. */
#include <math.h>
#include <stdlib.h>

#include "fabric/layout_parts.h"

static const double most_hosts = 0.75;

struct style_count {
	uint32_t hosts;                       /* with two links or more */
	uint32_t apart;                       /* each link on a switch of its own */
	uint32_t together;                    /* all on one or two */
	uint32_t sound_apart, sound_together; /* and complete, at home, not miswired */
};

static uint32_t count_leaves(const struct layout *layout, uint32_t host, uint32_t fabric,
			     uint32_t *ret_links, bool *ret_at_home)
{
	uint32_t from = layout->first_link[host], to = layout->first_link[host + 1], leaves = 0;

	*ret_links = 0;
	*ret_at_home = true;
	for (uint32_t i = from; i < to; i++) {
		uint32_t leaf = layout->links[i].leaf, before = from;

		if (layout->switches[leaf].fabric != fabric)
			continue;
		++*ret_links;
		if (layout->home[host] != LAYOUT_NONE &&
		    layout->groups[layout->home[host]].fabric == fabric &&
		    layout->switches[leaf].group != layout->home[host])
			*ret_at_home = false;
		while (before < i && layout->links[before].leaf != leaf)
			before++;
		leaves += before == i;
	}
	return leaves;
}

static void count_host(const struct layout_work *work, uint32_t host, uint32_t fabric,
		       struct style_count *count)
{
	const struct layout *layout = work->layout;
	uint32_t links;
	bool at_home;
	uint32_t leaves = count_leaves(layout, host, fabric, &links, &at_home);
	bool sound;

	if (links < 2)
		return;
	sound = at_home && !work->is_miswired[host] &&
		links + work->probable_links[host] >= layout->fabrics[fabric].host_links;
	count->hosts++;
	count->apart += leaves == links;
	count->together += leaves <= 2 && leaves < links;
	count->sound_apart += leaves == links && sound;
	count->sound_together += leaves <= 2 && leaves < links && sound;
}

static void name_style(const struct layout_work *work, uint32_t at)
{
	struct layout_fabric *fabric = &work->layout->fabrics[at];
	struct style_count count = { 0 };

	for (uint32_t i = 0; i < work->layout->hosts->host_count; i++)
		count_host(work, i, at, &count);
	fabric->score = NAN;
	if (count.hosts == 0)
		return;
	fabric->style = STYLE_MIXED;
	fabric->score = (double)(count.sound_apart + count.sound_together) / count.hosts;
	if (count.apart >= most_hosts * count.hosts) {
		fabric->style = fabric->planes > 1 && !fabric->is_blind ? STYLE_RAIL_ONLY
									: STYLE_RAIL_OPTIMISED;
		fabric->score = (double)count.sound_apart / count.hosts;
	} else if (count.together >= most_hosts * count.hosts) {
		fabric->style = STYLE_CLASSIC;
		fabric->score = (double)count.sound_together / count.hosts;
	}
}

static int compare_numbers(const void *a, const void *b)
{
	double left = *(const double *)a, right = *(const double *)b;

	return (left > right) - (left < right);
}

/* Least, middle and most of a list, which is sorted; false of an empty one. */
static bool spread(double *values, uint32_t count, double *ret_least, double *ret_middle,
		   double *ret_most)
{
	if (count == 0)
		return false;
	qsort(values, count, sizeof(*values), compare_numbers);
	*ret_least = values[0];
	*ret_middle = values[count / 2];
	*ret_most = values[count - 1];
	return true;
}

static void measure_groups(const struct layout_work *work, uint32_t at, double *values)
{
	struct layout_fabric *fabric = &work->layout->fabrics[at];
	double least, middle, most;
	uint32_t count = 0;

	for (uint32_t i = 0; i < work->layout->group_count; i++)
		if (work->layout->groups[i].fabric == at && work->layout->groups[i].host_count > 0)
			values[count++] = work->layout->groups[i].host_count;
	fabric->group_count = count;
	if (!spread(values, count, &least, &middle, &most))
		return;
	fabric->group_least = (uint32_t)least;
	fabric->group_middle = (uint32_t)middle;
	fabric->group_most = (uint32_t)most;
}

static void measure_tier(const struct layout_work *work, uint32_t at, unsigned number,
			 double *values)
{
	const struct layout *layout = work->layout;
	struct layout_tier *tier = &layout->fabrics[at].tiers[number];
	uint32_t count = 0;

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		const struct layout_switch *one = &layout->switches[i];

		if (one->fabric != at || one->tier != number)
			continue;
		tier->switches++;
		tier->down += one->down;
		tier->up += one->up;
		tier->across += one->across;
		if (one->up_mbit > 0 && one->down > 0)
			values[count++] = (double)one->down_mbit / (double)one->up_mbit;
	}
	if (!spread(values, count, &tier->blocking_least, &tier->blocking_middle,
		    &tier->blocking_most))
		tier->blocking_least = tier->blocking_middle = tier->blocking_most = NAN;
}

void layout_find_styles(struct layout_work *work)
{
	struct layout *layout = work->layout;
	double *values = ARENA_ARRAY(work->scratch, double, layout->switch_count + 1);

	for (uint32_t i = 0; i < layout->switch_count; i++) {
		struct layout_fabric *fabric = &layout->fabrics[layout->switches[i].fabric];

		if (layout->switches[i].tier + 1u > fabric->tier_count)
			fabric->tier_count = layout->switches[i].tier + 1u;
	}
	for (uint32_t i = 0; i < layout->fabric_count; i++) {
		name_style(work, i);
		measure_groups(work, i, values);
		for (unsigned tier = 0; tier < layout->fabrics[i].tier_count; tier++)
			measure_tier(work, i, tier, values);
	}
}
