#include <string.h>

#include "fabric/layout_parts.h"

struct placing {
	const struct layout *layout;
	struct placement *placement;
	uint32_t *unit_of_group;
	uint32_t *unit_of_pod; /* LAYOUT_NONE: no tier of pods, or not among them */
};

static bool is_placed_in(const struct layout *layout, uint32_t group)
{
	return layout->fabrics[layout->groups[group].fabric].role == ROLE_COMPUTE &&
	       layout->groups[group].host_count > 0;
}

static uint32_t add_unit(struct placing *placing, const char *name, uint8_t tier, uint32_t switches)
{
	placing->placement->units[placing->placement->unit_count] = (struct placement_unit){
		.name = name,
		.parent = UINT32_MAX,
		.tier = tier,
		.switches = switches,
	};
	return placing->placement->unit_count++;
}

static void add_groups(struct placing *placing)
{
	const struct layout *layout = placing->layout;

	for (uint32_t i = 0; i < layout->group_count; i++)
		placing->unit_of_group[i] = is_placed_in(layout, i)
						    ? add_unit(placing, layout->groups[i].name, 0,
							       layout->groups[i].leaf_count)
						    : LAYOUT_NONE;
}

/* Switches of the first tier above the leaves, pod by pod. */
static uint32_t *count_spines(const struct layout *layout)
{
	uint32_t *counts = ARENA_ARRAY(layout->arena, uint32_t, layout->pod_count);

	for (uint32_t i = 0; i < layout->switch_count; i++)
		if (layout->switches[i].tier == 1 && layout->switches[i].pod != LAYOUT_NONE)
			counts[layout->switches[i].pod]++;
	return counts;
}

/* A tier of pods is one only where there are several, and fewer than leaf groups. */
static bool has_pods(const struct layout *layout)
{
	bool *is_seen = ARENA_ARRAY(layout->arena, bool, layout->pod_count);
	uint32_t groups = 0, pods = 0;

	for (uint32_t i = 0; i < layout->group_count; i++) {
		if (!is_placed_in(layout, i))
			continue;
		groups++;
		pods += !is_seen[layout->groups[i].pod];
		is_seen[layout->groups[i].pod] = true;
	}
	return pods > 1 && pods < groups;
}

static void add_pods(struct placing *placing)
{
	const struct layout *layout = placing->layout;
	const uint32_t *spines = count_spines(layout);

	for (uint32_t i = 0; i < layout->group_count; i++) {
		uint32_t pod = layout->groups[i].pod;

		if (placing->unit_of_group[i] == LAYOUT_NONE)
			continue;
		if (placing->unit_of_pod[pod] == LAYOUT_NONE)
			placing->unit_of_pod[pod] =
				add_unit(placing, arena_format(layout->arena, "pod-%u", pod + 1), 1,
					 spines[pod]);
		placing->placement->units[placing->unit_of_group[i]].parent =
			placing->unit_of_pod[pod];
	}
}

/* One unit for each fabric of several units whose parts meet above. */
static void add_tops(struct placing *placing, uint8_t tier)
{
	const struct layout *layout = placing->layout;
	struct placement *placement = placing->placement;
	uint32_t *members = ARENA_ARRAY(layout->arena, uint32_t, layout->fabric_count);
	uint32_t *top = ARENA_ARRAY(layout->arena, uint32_t, layout->fabric_count);
	uint32_t below = placement->unit_count;

	for (uint32_t i = 0; i < layout->group_count; i++)
		members[layout->groups[i].fabric] += placing->unit_of_group[i] != LAYOUT_NONE;
	memset(top, 0xff, sizeof(*top) * layout->fabric_count);
	for (uint32_t i = 0; i < layout->group_count; i++) {
		uint32_t fabric = layout->groups[i].fabric, unit = placing->unit_of_group[i];

		if (unit == LAYOUT_NONE || members[fabric] < 2 || layout->fabrics[fabric].is_blind)
			continue;
		if (placement->units[unit].parent != UINT32_MAX)
			unit = placement->units[unit].parent;
		if (unit >= below || placement->units[unit].parent != UINT32_MAX)
			continue;
		if (top[fabric] == LAYOUT_NONE)
			top[fabric] = add_unit(placing, layout->fabrics[fabric].name, tier, 0);
		placement->units[unit].parent = top[fabric];
	}
	if (placement->unit_count > below)
		placement->tier_count = tier + 1u;
}

static const char *why_not(const struct layout *layout, uint32_t host)
{
	uint32_t first = layout->first_link[host];

	if (layout->hosts->hosts[host].adapter_count == 0)
		return "it reports no adapter of a fabric";
	if (first == layout->first_link[host + 1])
		return "none of its adapters is on a switch that was seen";
	if (layout->home[host] == LAYOUT_NONE)
		return "it is on a switch above the leaves";
	return arena_format(
		layout->arena, "it is only on the %s fabric",
		layout->fabrics[layout->switches[layout->links[first].leaf].fabric].name);
}

static void add_hosts(struct placing *placing)
{
	const struct layout *layout = placing->layout;
	struct placement *placement = placing->placement;

	for (uint32_t i = 0; i < layout->hosts->host_count; i++) {
		const struct fabric_host *host = &layout->hosts->hosts[i];
		struct placement_host *placed = &placement->hosts[i];
		uint32_t home = layout->home[i];

		*placed = (struct placement_host){
			.name = host->name,
			.unit = home == LAYOUT_NONE ? UINT32_MAX : placing->unit_of_group[home],
			.why = "",
			.is_unnamed = host->naming == HOST_NAMED_BY_GUID,
			.domain = host->domain,
			.subdomain = "",
		};
		placement->placed += placed->unit != UINT32_MAX;
		if (placed->unit == UINT32_MAX)
			placed->why = why_not(layout, i);
	}
}

void layout_place(const struct layout *layout, const char *source, struct placement *ret_placement)
{
	struct arena *arena = layout->arena;
	struct placing placing = {
		.layout = layout,
		.placement = ret_placement,
		.unit_of_group = ARENA_ARRAY(arena, uint32_t, layout->group_count),
		.unit_of_pod = ARENA_ARRAY(arena, uint32_t, layout->pod_count),
	};
	uint8_t tier = 1;

	memset(placing.unit_of_pod, 0xff, sizeof(uint32_t) * layout->pod_count);
	*ret_placement = (struct placement){
		.units =
			ARENA_ARRAY(arena, struct placement_unit,
				    layout->group_count + layout->pod_count + layout->fabric_count),
		.hosts = ARENA_ARRAY(arena, struct placement_host, layout->hosts->host_count),
		.host_count = layout->hosts->host_count,
		.tier_count = layout->group_count > 0,
		.source = source,
		.is_partial = layout->is_partial,
	};
	add_groups(&placing);
	if (has_pods(layout)) {
		add_pods(&placing);
		ret_placement->tier_count = ++tier;
	}
	add_tops(&placing, tier);
	add_hosts(&placing);
}
