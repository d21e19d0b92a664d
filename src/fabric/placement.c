#include "fabric/placement.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

static bool check_unit(const struct placement *placement, uint32_t index, struct error *err)
{
	const struct placement_unit *unit = &placement->units[index];

	if (!unit->name || unit->name[0] == '\0')
		return fail(err, ERROR_INVALID, "unit %u has no name", index);
	if (unit->tier >= placement->tier_count ||
	    (index > 0 && placement->units[index - 1].tier > unit->tier))
		return fail(err, ERROR_INVALID, "unit '%s' is of no tier, or out of order",
			    unit->name);
	if (unit->parent != NONE && (unit->parent >= placement->unit_count ||
				     placement->units[unit->parent].tier != unit->tier + 1))
		return fail(err, ERROR_INVALID,
			    "unit '%s' lies in one that is not of the next tier", unit->name);
	return true;
}

static bool check_host(const struct placement *placement, uint32_t index, struct error *err)
{
	const struct placement_host *host = &placement->hosts[index];

	if (!host->name || host->name[0] == '\0')
		return fail(err, ERROR_INVALID, "host %u has no name", index);
	if (!host->why || !host->domain || !host->subdomain)
		return fail(err, ERROR_INVALID, "host '%s' is half described", host->name);
	if (host->unit == NONE
		    ? host->why[0] == '\0'
		    : host->unit >= placement->unit_count || placement->units[host->unit].tier != 0)
		return fail(err, ERROR_INVALID,
			    "host '%s' is in no unit of the lowest tier, and no reason is given",
			    host->name);
	return true;
}

bool placement_check(const struct placement *placement, struct error *err)
{
	uint32_t placed = 0;

	if (placement->tier_count > PLACEMENT_TIERS_MAXIMUM ||
	    placement->host_count > PLACEMENT_HOSTS_MAXIMUM)
		return fail(err, ERROR_LIMIT, "more than %d tiers or %d hosts",
			    PLACEMENT_TIERS_MAXIMUM, PLACEMENT_HOSTS_MAXIMUM);
	for (uint32_t i = 0; i < placement->unit_count; i++) {
		if (!check_unit(placement, i, err))
			return false;
	}
	for (uint32_t i = 0; i < placement->host_count; i++) {
		if (!check_host(placement, i, err))
			return false;
		placed += placement->hosts[i].unit != NONE;
	}
	if (placed != placement->placed)
		return fail(err, ERROR_INVALID, "%u hosts have a unit, and %u are said to", placed,
			    placement->placed);
	return true;
}

/* What each of `count` members lies in, NONE for nothing, to lists of members: of owner o from
 * ret_first[o] to ret_first[o + 1]. Members keep their order. */
static uint32_t *group(const uint32_t *owners, uint32_t count, uint32_t owner_count,
		       struct arena *arena, uint32_t **ret_first)
{
	uint32_t *first = ARENA_ARRAY(arena, uint32_t, owner_count + 2);
	uint32_t *members = ARENA_ARRAY(arena, uint32_t, count);

	/* Two places on, so that filling moves each beginning to where it belongs. */
	for (uint32_t i = 0; i < count; i++) {
		if (owners[i] != NONE)
			first[owners[i] + 2]++;
	}
	for (uint32_t i = 2; i < owner_count + 2; i++)
		first[i] += first[i - 1];
	for (uint32_t i = 0; i < count; i++) {
		if (owners[i] != NONE)
			members[first[owners[i] + 1]++] = i;
	}
	*ret_first = first;
	return members;
}

/* Leaves below a unit, to the order. Not deeper than there are tiers. */
static void walk(const struct placement *placement, struct placement_tree *tree, uint32_t unit)
{
	if (placement->units[unit].tier == 0) {
		tree->rank[unit] = tree->order_count;
		tree->order[tree->order_count++] = unit;
	}
	for (uint32_t i = tree->first_child[unit]; i < tree->first_child[unit + 1]; i++)
		walk(placement, tree, tree->children[i]);
}

void placement_tree_make(const struct placement *placement, struct arena *arena,
			 struct placement_tree *ret_tree)
{
	uint32_t units = placement->unit_count;
	uint32_t *owners = ARENA_ARRAY(arena, uint32_t, placement->host_count + units);
	struct placement_tree tree = {
		.below = ARENA_ARRAY(arena, uint32_t, units),
		.order = ARENA_ARRAY(arena, uint32_t, units),
		.rank = ARENA_ARRAY(arena, uint32_t, units),
		.roots = ARENA_ARRAY(arena, uint32_t, units),
	};

	for (uint32_t i = 0; i < placement->host_count; i++) {
		owners[i] = placement->hosts[i].unit;
		if (owners[i] != NONE)
			tree.below[owners[i]]++;
	}
	tree.hosts = group(owners, placement->host_count, units, arena, &tree.first_host);
	/* Parents stand behind their children. */
	for (uint32_t i = 0; i < units; i++) {
		owners[i] = tree.below[i] > 0 ? placement->units[i].parent : NONE;
		if (owners[i] != NONE)
			tree.below[owners[i]] += tree.below[i];
		else if (tree.below[i] > 0)
			tree.roots[tree.root_count++] = i;
	}
	tree.children = group(owners, units, units, arena, &tree.first_child);
	for (uint32_t i = 0; i < tree.root_count; i++)
		walk(placement, &tree, tree.roots[i]);
	*ret_tree = tree;
}

/* ---- blocks ---- */

struct member {
	const char *domain, *subdomain;
	uint32_t host;
};

static int compare_blocks(const struct member *a, const struct member *b)
{
	int order = strcmp(a->domain, b->domain);

	return order != 0 ? order : strcmp(a->subdomain, b->subdomain);
}

static int compare_members(const void *a, const void *b)
{
	const struct member *one = a;
	const struct member *other = b;
	int order = compare_blocks(one, other);

	return order != 0 ? order : (one->host > other->host) - (one->host < other->host);
}

/* A block and where in the fabric its first host lies. */
struct ranked {
	struct placement_block block;
	uint32_t rank, host;
};

static int compare_ranked(const void *a, const void *b)
{
	const struct ranked *one = a;
	const struct ranked *other = b;

	if (one->rank != other->rank)
		return one->rank < other->rank ? -1 : 1;
	return (one->host > other->host) - (one->host < other->host);
}

static uint32_t rank_of(const struct placement *placement, const struct placement_tree *tree,
			uint32_t host)
{
	uint32_t unit = placement->hosts[host].unit;

	return unit == NONE ? NONE : tree->rank[unit];
}

void placement_blocks_make(const struct placement *placement, const struct placement_tree *tree,
			   struct arena *arena, struct placement_blocks *ret_blocks)
{
	struct member *members = ARENA_ARRAY(arena, struct member, placement->host_count);
	struct ranked *ranked = ARENA_ARRAY(arena, struct ranked, placement->host_count);
	struct placement_blocks blocks = {
		.hosts = ARENA_ARRAY(arena, uint32_t, placement->host_count),
		.smallest = NONE,
	};
	uint32_t count = 0;

	for (uint32_t i = 0; i < placement->host_count; i++) {
		const struct placement_host *host = &placement->hosts[i];

		if (host->domain[0] != '\0')
			members[count++] = (struct member){ host->domain, host->subdomain, i };
	}
	blocks.without = placement->host_count - count;
	qsort(members, count, sizeof(*members), compare_members);
	for (uint32_t i = 0, first = 0; i < count; i++) {
		struct ranked *last;
		uint32_t rank = rank_of(placement, tree, members[i].host);

		blocks.hosts[i] = members[i].host;
		if (i == 0 || compare_blocks(&members[i - 1], &members[i]) != 0) {
			first = i;
			ranked[blocks.block_count++] = (struct ranked){
				.block = { members[i].domain, members[i].subdomain, first, 0 },
				.rank = rank,
				.host = members[i].host,
			};
		}
		last = &ranked[blocks.block_count - 1];
		last->block.count++;
		last->rank = rank < last->rank ? rank : last->rank;
	}
	qsort(ranked, blocks.block_count, sizeof(*ranked), compare_ranked);
	blocks.blocks = ARENA_ARRAY(arena, struct placement_block, blocks.block_count);
	for (uint32_t i = 0; i < blocks.block_count; i++) {
		blocks.blocks[i] = ranked[i].block;
		if (ranked[i].block.count < blocks.smallest)
			blocks.smallest = ranked[i].block.count;
	}
	*ret_blocks = blocks;
}
