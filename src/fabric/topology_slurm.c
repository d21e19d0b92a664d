#include "fabric/topology_slurm.h"

#include "fabric/hostlist.h"

enum {
	SIZES_MAXIMUM = sizeof(((struct slurm_entries *)0)->sizes) / sizeof(uint64_t),
};

#define SLURM_LEAVES "because Slurm takes no such name"

static bool can_hold(const struct placement_host *host, const void *context)
{
	(void)context;
	return hostlist_can_hold(host->name);
}

/* What a tree is made of besides its units. */
struct planting {
	const struct topology_job *job;
	const char *const *names; /* of units; behind them of single hosts; last of the root */
	uint32_t *unplaced;
	uint32_t unplaced_count;
	uint32_t single_count; /* switches for those */
	bool has_root;         /* a made-up one */
};

static void take_hosts(const struct topology_job *job, const uint32_t *hosts, uint32_t count,
		       struct slurm_entry *entry)
{
	entry->nodes = ARENA_ARRAY(job->arena, const char *, count);
	for (uint32_t i = 0; i < count; i++)
		entry->nodes[entry->node_count++] = job->placement->hosts[hosts[i]].name;
}

static void add_children(const struct planting *planting, uint32_t unit, struct slurm_entry *entry)
{
	const struct placement_tree *tree = &planting->job->tree;
	uint32_t first = tree->first_child[unit];
	uint32_t count = tree->first_child[unit + 1] - first;

	entry->children =
		ARENA_ARRAY(planting->job->arena, const char *, count + planting->single_count);
	for (uint32_t i = 0; i < count; i++)
		entry->children[entry->child_count++] = planting->names[tree->children[first + i]];
}

static void add_singles(const struct planting *planting, struct slurm_entry *entry)
{
	for (uint32_t i = 0; i < planting->single_count; i++)
		entry->children[entry->child_count++] =
			planting->names[planting->job->placement->unit_count + i];
}

/* Whoever has no place gets a switch of its own, so that Slurm can use it and takes no host for its
 * neighbour. Slurm's start takes the cube of the switches, so that many have to share one. */
static void plan(struct planting *planting)
{
	const struct topology_job *job = planting->job;
	const struct placement *placement = job->placement;
	uint32_t units = placement->unit_count;
	const char **names =
		ARENA_ARRAY(job->arena, const char *, units + SLURM_UNPLACED_MAXIMUM + 1);

	planting->unplaced = ARENA_ARRAY(job->arena, uint32_t, placement->host_count);
	for (uint32_t i = 0; i < units; i++)
		names[i] = placement->units[i].name;
	for (uint32_t i = 0; i < placement->host_count; i++) {
		if (placement->hosts[i].unit == UINT32_MAX)
			planting->unplaced[planting->unplaced_count++] = i;
	}
	planting->single_count = planting->unplaced_count;
	if (planting->single_count > SLURM_UNPLACED_MAXIMUM)
		planting->single_count = 1;
	for (uint32_t i = 0; i < planting->single_count; i++) {
		const char *host = placement->hosts[planting->unplaced[i]].name;

		names[units + i] = planting->single_count < planting->unplaced_count
					   ? "unplaced"
					   : arena_format(job->arena, "unplaced-%s", host);
	}
	names[units + planting->single_count] = "fabric";
	planting->names =
		fit_names(names, units + planting->single_count + 1, FIT_SLURM, job->arena);
	planting->has_root = job->tree.root_count > 1
				     ? job->options->join
				     : planting->single_count > 0 &&
					       placement->units[job->tree.roots[0]].tier == 0;
}

static void say_parts(const struct planting *planting)
{
	const struct topology_job *job = planting->job;
	uint32_t count = job->tree.root_count;

	if (planting->unplaced_count > 0)
		topology_say_unplaced(job, planting->single_count == planting->unplaced_count
						   ? "each a switch of its own"
						   : "on one switch together");
	if (count < 2)
		return;
	if (job->options->join) {
		topology_comment(
			job, "The %u parts that switch '%s' joins have no common one.", count,
			planting->names[job->placement->unit_count + planting->single_count]);
		return;
	}
	topology_comment(job, "%u parts without a common switch: no job spans them.", count);
	topology_note(job,
		      "hosts fall into %u parts without a common switch, and no job of Slurm spans "
		      "them; --join puts them below one",
		      count);
}

static void add_root(const struct planting *planting, struct slurm_entry *entry)
{
	const struct placement_tree *tree = &planting->job->tree;

	entry->name =
		planting->names[planting->job->placement->unit_count + planting->single_count];
	entry->children = ARENA_ARRAY(planting->job->arena, const char *,
				      tree->root_count + planting->single_count);
	for (uint32_t i = 0; i < tree->root_count; i++)
		entry->children[entry->child_count++] = planting->names[tree->roots[i]];
	add_singles(planting, entry);
}

static void add_unplaced(const struct planting *planting, struct slurm_entries *tree)
{
	const struct topology_job *job = planting->job;

	for (uint32_t i = 0; i < planting->single_count; i++) {
		struct slurm_entry *entry = &tree->items[tree->count++];
		bool is_shared = planting->single_count < planting->unplaced_count;

		entry->name = planting->names[job->placement->unit_count + i];
		take_hosts(job, planting->unplaced + i, is_shared ? planting->unplaced_count : 1,
			   entry);
	}
}

static void add_leaves(const struct planting *planting, struct slurm_entries *tree)
{
	const struct topology_job *job = planting->job;

	for (uint32_t i = 0; i < job->tree.order_count; i++) {
		uint32_t unit = job->tree.order[i];
		uint32_t first = job->tree.first_host[unit];
		struct slurm_entry *entry = &tree->items[tree->count++];

		entry->name = planting->names[unit];
		take_hosts(job, job->tree.hosts + first, job->tree.first_host[unit + 1] - first,
			   entry);
	}
}

static void add_upper(const struct planting *planting, struct slurm_entries *tree)
{
	const struct topology_job *job = planting->job;

	for (uint32_t i = 0; i < job->placement->unit_count; i++) {
		struct slurm_entry *entry = &tree->items[tree->count];

		if (job->placement->units[i].tier == 0 || job->tree.below[i] == 0)
			continue;
		entry->name = planting->names[i];
		add_children(planting, i, entry);
		if (job->tree.root_count == 1 && job->tree.roots[0] == i)
			add_singles(planting, entry);
		tree->count++;
	}
}

bool slurm_tree_make(const struct topology_job *job, struct slurm_entries *ret_tree,
		     struct error *err)
{
	struct topology_job kept;
	struct planting planting = { .job = &kept };
	struct slurm_entries tree = { 0 };

	topology_keep(job, can_hold, NULL, SLURM_LEAVES, &kept);
	if (kept.tree.root_count == 0)
		return fail(err, ERROR_MISSING,
			    "no host has a place: there is no tree to write; assay fabric describe "
			    "tells why");
	plan(&planting);
	tree.items = ARENA_ARRAY(job->arena, struct slurm_entry,
				 kept.placement->unit_count + planting.single_count + 1);
	add_leaves(&planting, &tree);
	add_unplaced(&planting, &tree);
	add_upper(&planting, &tree);
	if (planting.has_root)
		add_root(&planting, &tree.items[tree.count++]);
	say_parts(&planting);
	job->notes->unplaced = planting.unplaced_count;
	*ret_tree = tree;
	return true;
}

/* ---- blocks ---- */

static bool make_sizes(const struct topology_job *job, const struct placement_blocks *blocks,
		       struct slurm_entries *entries, struct error *err)
{
	uint32_t base = job->options->block_size > 0 ? job->options->block_size : blocks->smallest;

	if (base > blocks->smallest)
		return fail(err, ERROR_INVALID,
			    "--block-size %u: the smallest NVLink domain has %u hosts, and Slurm "
			    "takes no block of less than the base",
			    base, blocks->smallest);
	for (uint64_t many = 1; many <= blocks->block_count && entries->size_count < SIZES_MAXIMUM;
	     many *= 2)
		entries->sizes[entries->size_count++] = base * many;
	return true;
}

static void say_without(const struct topology_job *job)
{
	const struct placement *placement = job->placement;
	const char **left = ARENA_ARRAY(job->arena, const char *, placement->host_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < placement->host_count; i++) {
		if (placement->hosts[i].domain[0] == '\0')
			left[count++] = placement->hosts[i].name;
	}
	topology_leave(job, left, count,
		       "because no NVLink domain is known of them, and Slurm runs no job on hosts "
		       "without a block");
}

/* "DOMAIN.PART" of each, as Slurm takes it. */
static const char *const *name_blocks(const struct topology_job *job,
				      const struct placement_blocks *blocks)
{
	const char **names = ARENA_ARRAY(job->arena, const char *, blocks->block_count);

	for (uint32_t i = 0; i < blocks->block_count; i++) {
		const struct placement_block *block = &blocks->blocks[i];

		names[i] =
			block->subdomain[0] != '\0'
				? arena_format(job->arena, "%s.%s", block->domain, block->subdomain)
				: block->domain;
	}
	return fit_names(names, blocks->block_count, FIT_SLURM, job->arena);
}

bool slurm_blocks_make(const struct topology_job *job, struct slurm_entries *ret_blocks,
		       struct error *err)
{
	struct topology_job kept;
	struct placement_blocks blocks;
	struct slurm_entries entries = { 0 };
	const char *const *names;

	topology_keep(job, can_hold, NULL, SLURM_LEAVES, &kept);
	placement_blocks_make(kept.placement, &kept.tree, job->arena, &blocks);
	if (blocks.block_count + blocks.without == kept.placement->host_count)
		return fail(err, ERROR_MISSING,
			    "no NVLink domain of two or more hosts is known; blocks need evidence "
			    "of the hosts (assay check --bundle)");
	if (!make_sizes(job, &blocks, &entries, err))
		return false;
	names = name_blocks(job, &blocks);
	entries.items = ARENA_ARRAY(job->arena, struct slurm_entry, blocks.block_count);
	for (uint32_t i = 0; i < blocks.block_count; i++) {
		struct slurm_entry *entry = &entries.items[entries.count++];

		entry->name = names[i];
		take_hosts(&kept, blocks.hosts + blocks.blocks[i].first, blocks.blocks[i].count,
			   entry);
	}
	say_without(&kept);
	*ret_blocks = entries;
	return true;
}
