#include "fabric/slurm_compare.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

/* ---- names ---- */

struct host_name {
	struct span text;
	uint32_t host;
};

static struct span brief_of(const char *name)
{
	return (struct span){ name, strcspn(name, ".") };
}

static int compare_names(const void *a, const void *b)
{
	return span_compare(((const struct host_name *)a)->text,
			    ((const struct host_name *)b)->text);
}

void host_names_make(const struct placement *placement, struct arena *arena,
		     struct host_names *ret_names)
{
	uint32_t count = placement->host_count;
	struct host_names names = {
		.full = ARENA_ARRAY(arena, struct host_name, count),
		.brief = ARENA_ARRAY(arena, struct host_name, count),
		.count = count,
	};

	for (uint32_t i = 0; i < count; i++) {
		names.full[i] = (struct host_name){ span_of(placement->hosts[i].name), i };
		names.brief[i] = (struct host_name){ brief_of(placement->hosts[i].name), i };
	}
	if (count > 1) {
		qsort(names.full, count, sizeof(*names.full), compare_names);
		qsort(names.brief, count, sizeof(*names.brief), compare_names);
	}
	*ret_names = names;
}

static uint32_t find_in(const struct host_name *sorted, uint32_t count, struct span text)
{
	const struct host_name key = { .text = text };
	const struct host_name *found =
		count > 0 ? bsearch(&key, sorted, count, sizeof(*sorted), compare_names) : NULL;

	if (!found || (found > sorted && span_equal(found[-1].text, text)) ||
	    (found + 1 < sorted + count && span_equal(found[1].text, text)))
		return NONE;
	return found->host;
}

uint32_t host_names_find(const struct host_names *names, const char *node)
{
	uint32_t host = find_in(names->full, names->count, span_of(node));

	return host != NONE ? host : find_in(names->brief, names->count, brief_of(node));
}

/* ---- counting ---- */

static int compare_pairs(const void *a, const void *b)
{
	const struct pair *one = a;
	const struct pair *other = b;

	if (one->unit != other->unit)
		return one->unit < other->unit ? -1 : 1;
	if (one->group != other->group)
		return one->group < other->group ? -1 : 1;
	return (one->member > other->member) - (one->member < other->member);
}

uint32_t comparison_run(const struct comparison *compared, uint32_t first)
{
	const struct pair *pairs = compared->pairs;
	uint32_t end = first + 1;

	while (end < compared->pair_count && pairs[end].unit == pairs[first].unit &&
	       pairs[end].group == pairs[first].group)
		end++;
	return end - first;
}

void comparison_count(struct comparison *compared)
{
	SCOPED_ARENA(arena);
	uint32_t units = compared->topology->unit_count;
	uint32_t *of_unit = ARENA_ARRAY(&arena, uint32_t, units);
	uint32_t *of_group = ARENA_ARRAY(&arena, uint32_t, compared->group_count);

	memset(compared->major, 0xff, units * sizeof(uint32_t));
	memset(compared->bulk, 0xff, compared->group_count * sizeof(uint32_t));
	if (compared->pair_count > 1)
		qsort(compared->pairs, compared->pair_count, sizeof(*compared->pairs),
		      compare_pairs);
	for (uint32_t i = 0, length; i < compared->pair_count; i += length) {
		const struct pair *pair = &compared->pairs[i];

		length = comparison_run(compared, i);
		if (length > of_unit[pair->unit]) {
			of_unit[pair->unit] = length;
			compared->major[pair->unit] = pair->group;
		}
		if (length > of_group[pair->group]) {
			of_group[pair->group] = length;
			compared->bulk[pair->group] = pair->unit;
		}
	}
}

/* ---- groups ---- */

static void group_by_units(struct comparison *compared)
{
	const struct placement *placement = compared->placement;
	uint32_t *group_of_host = ARENA_ARRAY(compared->arena, uint32_t, placement->host_count);
	const char **names = ARENA_ARRAY(compared->arena, const char *, placement->unit_count);

	for (uint32_t i = 0; i < placement->host_count; i++)
		group_of_host[i] = placement->hosts[i].unit;
	for (uint32_t i = 0; i < placement->unit_count; i++)
		names[i] = placement->units[i].name;
	compared->group_of_host = group_of_host;
	compared->group_names = names;
	compared->group_count = placement->unit_count;
}

/* "9a3cf2d0.7" of "9a3cf2d0-5a1b-4c2d-8e3f-0123456789ab.7"; what begins with no UUID stays. */
static const char *shorten(const char *name, struct arena *arena)
{
	enum { UUID_FIRST = 8, UUID_LENGTH = 36 };

	if (strlen(name) < UUID_LENGTH || strspn(name, "0123456789abcdefABCDEF") != UUID_FIRST ||
	    strspn(name, "0123456789abcdefABCDEF-") != UUID_LENGTH)
		return name;
	return arena_format(arena, "%.*s%s", UUID_FIRST, name, name + UUID_LENGTH);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Short, unless two of them would be called the same. */
static void shorten_names(const char **names, uint32_t count, struct arena *arena)
{
	const char **brief = ARENA_ARRAY(arena, const char *, count);
	const char **sorted = ARENA_ARRAY(arena, const char *, count);

	for (uint32_t i = 0; i < count; i++)
		brief[i] = sorted[i] = shorten(names[i], arena);
	if (count > 1)
		qsort(sorted, count, sizeof(*sorted), compare_texts);
	for (uint32_t i = 1; i < count; i++)
		if (strcmp(sorted[i - 1], sorted[i]) == 0)
			return;
	if (count > 0)
		memcpy(names, brief, count * sizeof(*names));
}

static void group_by_domains(struct comparison *compared)
{
	const struct placement *placement = compared->placement;
	uint32_t *group_of_host = ARENA_ARRAY(compared->arena, uint32_t, placement->host_count);
	const char **names;
	struct placement_tree tree;
	struct placement_blocks blocks;

	placement_tree_make(placement, compared->arena, &tree);
	placement_blocks_make(placement, &tree, compared->arena, &blocks);
	names = ARENA_ARRAY(compared->arena, const char *, blocks.block_count);
	memset(group_of_host, 0xff, placement->host_count * sizeof(*group_of_host));
	for (uint32_t i = 0; i < blocks.block_count; i++) {
		const struct placement_block *block = &blocks.blocks[i];

		names[i] = arena_format(compared->arena, "%s%s%s", block->domain,
					block->subdomain[0] != '\0' ? "." : "", block->subdomain);
		for (uint32_t k = 0; k < block->count; k++)
			group_of_host[blocks.hosts[block->first + k]] = i;
	}
	shorten_names(names, blocks.block_count, compared->arena);
	compared->group_of_host = group_of_host;
	compared->group_names = names;
	compared->group_count = blocks.block_count;
}

void comparison_make(const struct slurm_topology *topology, const struct placement *placement,
		     struct slurm_findings *findings, struct comparison *ret_compared)
{
	struct comparison compared = {
		.topology = topology,
		.placement = placement,
		.findings = findings,
		.arena = findings->arena,
	};
	uint32_t most = topology->nodes.count > topology->unit_count ? topology->nodes.count
								     : topology->unit_count;

	if (topology->kind == SLURM_TREE)
		group_by_units(&compared);
	else
		group_by_domains(&compared);
	compared.pairs = ARENA_ARRAY(compared.arena, struct pair, most);
	compared.major = ARENA_ARRAY(compared.arena, uint32_t, topology->unit_count);
	compared.bulk = ARENA_ARRAY(compared.arena, uint32_t, compared.group_count);
	*ret_compared = compared;
}
