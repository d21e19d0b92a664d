#include "fabric/cloud.h"

#include <stdlib.h>
#include <string.h>

#include "fabric/naming.h"

#define NONE UINT32_MAX

static const char *keep(struct arena *arena, const char *text)
{
	return text ? arena_string(arena, span_of(text)) : "";
}

bool cloud_add(struct cloud_hosts *hosts, const struct cloud_host *host, struct error *err)
{
	struct cloud_host kept = { .unit_count = host->unit_count };

	if (!host->name || host->name[0] == '\0')
		return fail(err, ERROR_INVALID, "a host has no name");
	if (host->unit_count > PLACEMENT_TIERS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "host '%.64s' is in more than %d units", host->name,
			    PLACEMENT_TIERS_MAXIMUM);
	if (hosts->count == PLACEMENT_HOSTS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "there are more than %d hosts",
			    PLACEMENT_HOSTS_MAXIMUM);
	if (hosts->count == hosts->room) {
		uint32_t room = hosts->room > 0 ? 2 * hosts->room : 64;
		struct cloud_host *more = ARENA_ARRAY(hosts->arena, struct cloud_host, room);

		if (hosts->count > 0)
			memcpy(more, hosts->items, hosts->count * sizeof(*more));
		hosts->items = more;
		hosts->room = room;
	}
	kept.name = keep(hosts->arena, host->name);
	kept.id = keep(hosts->arena, host->id);
	kept.why = keep(hosts->arena, host->why);
	kept.domain = keep(hosts->arena, host->domain);
	kept.subdomain = keep(hosts->arena, host->subdomain);
	for (unsigned i = 0; i < host->unit_count; i++)
		kept.units[i] = keep(hosts->arena, host->units[i]);
	hosts->items[hosts->count++] = kept;
	return true;
}

static int compare_hosts(const void *a, const void *b)
{
	const struct cloud_host *left = a, *right = b;

	return name_compare(left->name, right->name);
}

static bool is_same_place(const struct cloud_host *a, const struct cloud_host *b)
{
	bool is_same = a->unit_count == b->unit_count && strcmp(a->domain, b->domain) == 0 &&
		       strcmp(a->subdomain, b->subdomain) == 0;

	for (unsigned i = 0; is_same && i < a->unit_count; i++)
		is_same = strcmp(a->units[i], b->units[i]) == 0;
	return is_same;
}

static bool is_other_instance(const struct cloud_host *one, const struct cloud_host *other)
{
	return one->id[0] != '\0' && other->id[0] != '\0' && strcmp(one->id, other->id) != 0;
}

static bool fail_twice(const struct cloud_host *one, const struct cloud_host *other,
		       struct error *err)
{
	if (is_other_instance(one, other))
		return fail(
			err, ERROR_CONFLICT,
			"two instances are called '%.128s', %.128s and %.128s; give each a name "
			"of its own",
			one->name, one->id, other->id);
	if (strcmp(one->units[0], other->units[0]) == 0)
		return fail(err, ERROR_CONFLICT,
			    "two answers tell of host '%.128s', which is in '%.128s', and do not "
			    "agree on what that is in, or on its NVLink domain; give only the "
			    "newest answers",
			    one->name, one->units[0]);
	return fail(err, ERROR_CONFLICT,
		    "host '%.128s' is in two places, '%.128s' and '%.128s'; give only the newest "
		    "answers",
		    one->name, one->units[0], other->units[0]);
}

/* Leaves one of each name: the one that tells a place, where only one does. */
static bool drop_repeated(struct cloud_host *hosts, uint32_t *count, struct error *err)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < *count; i++) {
		struct cloud_host *last = kept > 0 ? &hosts[kept - 1] : NULL;

		if (!last || strcmp(last->name, hosts[i].name) != 0)
			hosts[kept++] = hosts[i];
		else if (is_other_instance(last, &hosts[i]) ||
			 (last->unit_count > 0 && hosts[i].unit_count > 0 &&
			  !is_same_place(last, &hosts[i])))
			return fail_twice(last, &hosts[i], err);
		else if (last->unit_count == 0)
			*last = hosts[i];
	}
	*count = kept;
	return true;
}

/* A host by its whole way from the top, so that neighbours in order share as much as they can. */
struct way {
	const struct cloud_host *host;
	uint32_t index;
};

static const char *unit_from_top(const struct cloud_host *host, unsigned tiers, unsigned step)
{
	unsigned tier = tiers - 1 - step;

	return tier < host->unit_count ? host->units[tier] : "";
}

static int compare_ways(const void *a, const void *b)
{
	const struct way *left = a, *right = b;

	for (unsigned step = 0; step < PLACEMENT_TIERS_MAXIMUM; step++) {
		int order = name_compare(unit_from_top(left->host, PLACEMENT_TIERS_MAXIMUM, step),
					 unit_from_top(right->host, PLACEMENT_TIERS_MAXIMUM, step));

		if (order != 0)
			return order;
	}
	return left->index < right->index ? -1 : left->index > right->index;
}

/* Units of one tier are found in the order of the ways; a tier's place in the array is known only
 * when all are counted. */
struct units {
	struct placement_unit *of[PLACEMENT_TIERS_MAXIMUM];
	uint32_t count[PLACEMENT_TIERS_MAXIMUM];
};

static bool differ_at(const struct cloud_host *a, const struct cloud_host *b, unsigned tier)
{
	bool has_a = tier < a->unit_count, has_b = tier < b->unit_count;

	return has_a != has_b || (has_a && strcmp(a->units[tier], b->units[tier]) != 0);
}

static void walk_ways(const struct way *ways, uint32_t count, uint32_t *unit_of,
		      struct units *units)
{
	const struct cloud_host *last = NULL;

	for (uint32_t i = 0; i < count; i++) {
		const struct cloud_host *host = ways[i].host;
		bool differs = !last;

		for (unsigned tier = PLACEMENT_TIERS_MAXIMUM; tier-- > 0;) {
			bool has_parent = tier + 1 < host->unit_count;

			differs = differs || differ_at(host, last, tier);
			if (tier >= host->unit_count || !differs)
				continue;
			units->of[tier][units->count[tier]++] = (struct placement_unit){
				.name = host->units[tier],
				.parent = has_parent ? units->count[tier + 1] - 1 : NONE,
				.tier = (uint8_t)tier,
			};
		}
		unit_of[ways[i].index] = units->count[0] - 1;
		last = host;
	}
}

static int compare_units(const void *a, const void *b)
{
	const struct placement_unit *const *left = a, *const *right = b;
	int order = strcmp((*left)->name, (*right)->name);

	return order != 0 ? order : *left < *right ? -1 : *left > *right;
}

/* Tells units of one name apart: "b1", "b1 (2)". */
static void name_apart(struct placement *placement, struct arena *arena)
{
	struct placement_unit **sorted =
		ARENA_ARRAY(arena, struct placement_unit *, placement->unit_count);
	unsigned same = 1;

	for (uint32_t i = 0; i < placement->unit_count; i++)
		sorted[i] = &placement->units[i];
	if (placement->unit_count > 0)
		qsort(sorted, placement->unit_count, sizeof(struct placement_unit *),
		      compare_units);
	for (uint32_t i = 1; i < placement->unit_count; i++) {
		const char *plain = sorted[i - same]->name;

		if (strcmp(plain, sorted[i]->name) == 0)
			sorted[i]->name = arena_format(arena, "%s (%u)", plain, ++same);
		else
			same = 1;
	}
}

static void join_tiers(struct placement *placement, const struct units *units, struct arena *arena)
{
	uint32_t first = 0;

	for (unsigned tier = 0; tier < PLACEMENT_TIERS_MAXIMUM; tier++) {
		placement->unit_count += units->count[tier];
		placement->tier_count = units->count[tier] > 0 ? tier + 1 : placement->tier_count;
	}
	placement->units = ARENA_ARRAY(arena, struct placement_unit, placement->unit_count);
	for (unsigned tier = 0; tier < placement->tier_count; tier++) {
		uint32_t next = first + units->count[tier];

		for (uint32_t i = 0; i < units->count[tier]; i++) {
			struct placement_unit *unit = &placement->units[first + i];

			*unit = units->of[tier][i];
			unit->parent = unit->parent == NONE ? NONE : next + unit->parent;
		}
		first = next;
	}
	name_apart(placement, arena);
}

static void place_all(struct placement *placement, const struct cloud_host *named,
		      struct arena *arena)
{
	struct way *ways = ARENA_ARRAY(arena, struct way, placement->host_count);
	uint32_t *unit_of = ARENA_ARRAY(arena, uint32_t, placement->host_count);
	struct units units = { .count = { 0 } };

	for (uint32_t i = 0; i < placement->host_count; i++) {
		unit_of[i] = NONE;
		if (named[i].unit_count > 0)
			ways[placement->placed++] = (struct way){ &named[i], i };
	}
	for (unsigned tier = 0; tier < PLACEMENT_TIERS_MAXIMUM; tier++)
		units.of[tier] = ARENA_ARRAY(arena, struct placement_unit, placement->placed);
	if (placement->placed > 0)
		qsort(ways, placement->placed, sizeof(*ways), compare_ways);
	walk_ways(ways, placement->placed, unit_of, &units);
	join_tiers(placement, &units, arena);
	for (uint32_t i = 0; i < placement->host_count; i++)
		placement->hosts[i] = (struct placement_host){
			.name = named[i].name,
			.unit = unit_of[i],
			.why = unit_of[i] == NONE ? named[i].why : "",
			.domain = named[i].domain,
			.subdomain = named[i].subdomain,
		};
}

bool cloud_place(const struct cloud_hosts *hosts, struct arena *arena,
		 struct placement *ret_placement, struct error *err)
{
	struct placement placement = {
		.source = hosts->source ? hosts->source : "a cloud's answer",
		.is_partial = hosts->is_partial,
	};
	struct cloud_host *named;

	if (!cloud_name_all(hosts, arena, &named, &placement.host_count, err))
		return false;
	if (placement.host_count > 0)
		qsort(named, placement.host_count, sizeof(*named), compare_hosts);
	if (!drop_repeated(named, &placement.host_count, err))
		return false;
	placement.hosts = ARENA_ARRAY(arena, struct placement_host, placement.host_count);
	place_all(&placement, named, arena);
	*ret_placement = placement;
	return true;
}
