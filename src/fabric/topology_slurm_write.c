#include "fabric/hostlist.h"
#include "fabric/topology_slurm.h"

static void add_list(const struct topology_job *job, const char *key, const char **names,
		     uint32_t count)
{
	if (count == 0)
		return;
	text_format(job->into, " %s=", key);
	hostlist_add(job->into, names, count);
}

static void add_lines(const struct topology_job *job, const char *key,
		      const struct slurm_entries *entries)
{
	for (uint32_t i = 0; i < entries->count; i++) {
		const struct slurm_entry *entry = &entries->items[i];

		text_format(job->into, "%s=%s", key, entry->name);
		add_list(job, "Nodes", entry->nodes, entry->node_count);
		add_list(job, "Switches", entry->children, entry->child_count);
		text_add_char(job->into, '\n');
	}
}

bool topology_write_tree(const struct topology_job *job, struct error *err)
{
	struct slurm_entries tree;

	if (!slurm_tree_make(job, &tree, err))
		return false;
	add_lines(job, "SwitchName", &tree);
	return true;
}

bool topology_write_blocks(const struct topology_job *job, struct error *err)
{
	struct slurm_entries blocks;

	if (!slurm_blocks_make(job, &blocks, err))
		return false;
	add_lines(job, "BlockName", &blocks);
	for (unsigned i = 0; i < blocks.size_count; i++)
		text_format(job->into, "%s%llu",
			    i > 0 ? "," : "BlockSizes=", (unsigned long long)blocks.sizes[i]);
	text_add_char(job->into, '\n');
	return true;
}

static void add_yaml_list(const struct topology_job *job, const char *key, const char **names,
			  uint32_t count)
{
	if (count == 0)
		return;
	text_format(job->into, "        %s: \"", key);
	hostlist_add(job->into, names, count);
	text_add(job->into, "\"\n");
}

static void add_yaml(const struct topology_job *job, const char *key,
		     const struct slurm_entries *entries)
{
	for (uint32_t i = 0; i < entries->count; i++) {
		const struct slurm_entry *entry = &entries->items[i];

		text_format(job->into, "      - %s: \"%s\"\n", key, entry->name);
		add_yaml_list(job, "nodes", entry->nodes, entry->node_count);
		add_yaml_list(job, "children", entry->children, entry->child_count);
	}
}

static bool has_domains(const struct topology_job *job)
{
	struct placement_blocks blocks;

	placement_blocks_make(job->placement, &job->tree, job->arena, &blocks);
	return blocks.block_count + blocks.without < job->placement->host_count;
}

static bool add_yaml_blocks(const struct topology_job *job, bool is_default, struct error *err)
{
	struct slurm_entries blocks;

	if (!slurm_blocks_make(job, &blocks, err))
		return false;
	text_format(job->into, "- topology: \"nvlink\"\n  cluster_default: %s\n  block:\n",
		    is_default ? "true" : "false");
	text_add(job->into, "    block_sizes:\n");
	for (unsigned i = 0; i < blocks.size_count; i++)
		text_format(job->into, "      - %llu\n", (unsigned long long)blocks.sizes[i]);
	text_add(job->into, "    blocks:\n");
	add_yaml(job, "block", &blocks);
	return true;
}

bool topology_write_yaml(const struct topology_job *job, struct error *err)
{
	bool has_blocks = has_domains(job);
	bool has_tree = job->tree.root_count > 0;
	struct slurm_entries tree;

	if (has_tree || !has_blocks) {
		if (!slurm_tree_make(job, &tree, err))
			return false;
		text_add(job->into, "- topology: \"fabric\"\n  cluster_default: true\n  tree:\n"
				    "    switches:\n");
		add_yaml(job, "switch", &tree);
	}
	return !has_blocks || add_yaml_blocks(job, !has_tree, err);
}
