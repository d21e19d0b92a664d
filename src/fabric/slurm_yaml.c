#include "base/yaml.h"
#include "fabric/slurm_topology.h"

/* A list in YAML is a string of Slurm's form, or a sequence of such. */
static bool read_list(struct slurm_file *file, struct slurm_topology *topology,
		      const struct node *node,
		      bool (*add)(struct slurm_file *file, struct slurm_topology *topology,
				  struct span list, uint32_t line, struct error *err),
		      struct error *err)
{
	if (node->kind == NODE_SCALAR)
		return add(file, topology, node->text, node->line, err);
	if (node->kind != NODE_LIST)
		return node_fail(node, file->path, err, ERROR_INVALID,
				 "a list of names belongs here");
	for (uint32_t i = 0; i < node->count; i++) {
		if (!read_list(file, topology, &node->items[i], add, err))
			return false;
	}
	return true;
}

static bool read_unit(struct slurm_file *file, struct slurm_topology *topology,
		      const struct node *node, struct error *err)
{
	static const struct node_field tree_fields[] = {
		{ "switch", NODE_SCALAR, true },
		{ "nodes", NODE_ANY, false },
		{ "children", NODE_ANY, false },
	};
	static const struct node_field block_fields[] = {
		{ "block", NODE_SCALAR, true },
		{ "nodes", NODE_ANY, false },
	};
	bool is_tree = topology->kind == SLURM_TREE;
	const struct node *nodes, *children;

	if (!node_expect(node, file->path, is_tree ? tree_fields : block_fields, is_tree ? 3 : 2,
			 err))
		return false;
	(void)slurm_add_unit(file, topology, node_find(node, is_tree ? "switch" : "block")->text,
			     node->line);
	nodes = node_find(node, "nodes");
	children = node_find(node, "children");
	return (!nodes || read_list(file, topology, nodes, slurm_add_nodes, err)) &&
	       (!children || read_list(file, topology, children, slurm_add_children, err));
}

static bool read_units(struct slurm_file *file, struct slurm_topology *topology,
		       const struct node *list, struct error *err)
{
	for (uint32_t i = 0; list && i < list->count; i++) {
		if (!read_unit(file, topology, &list->items[i], err))
			return false;
	}
	return true;
}

static bool read_sizes(struct slurm_file *file, struct slurm_topology *topology,
		       const struct node *list, struct error *err)
{
	for (uint32_t i = 0; list && i < list->count; i++) {
		if (list->items[i].kind != NODE_SCALAR)
			return node_fail(&list->items[i], file->path, err, ERROR_INVALID,
					 "a number belongs here");
		slurm_add_sizes(file, topology, list->items[i].text, list->items[i].line);
	}
	return true;
}

static bool read_tree(struct slurm_file *file, const char *name, const struct node *tree,
		      struct error *err)
{
	static const struct node_field fields[] = { { "switches", NODE_LIST, true } };

	return node_expect(tree, file->path, fields, 1, err) &&
	       read_units(file, slurm_add_topology(file, name, SLURM_TREE, tree->line),
			  node_find(tree, "switches"), err);
}

static bool read_block(struct slurm_file *file, const char *name, const struct node *block,
		       struct error *err)
{
	static const struct node_field fields[] = {
		{ "block_sizes", NODE_LIST, false },
		{ "blocks", NODE_LIST, true },
	};
	struct slurm_topology *topology;

	if (!node_expect(block, file->path, fields, 2, err))
		return false;
	topology = slurm_add_topology(file, name, SLURM_BLOCK, block->line);
	return read_sizes(file, topology, node_find(block, "block_sizes"), err) &&
	       read_units(file, topology, node_find(block, "blocks"), err);
}

static bool read_topology(struct slurm_file *file, const struct node *node, struct error *err)
{
	static const struct node_field fields[] = {
		{ "topology", NODE_SCALAR, true }, { "cluster_default", NODE_SCALAR, false },
		{ "tree", NODE_MAP, false },       { "block", NODE_MAP, false },
		{ "flat", NODE_ANY, false },       { "ring", NODE_ANY, false },
		{ "torus3d", NODE_ANY, false },
	};
	const struct node *tree, *block;
	const char *name;

	if (!node_expect(node, file->path, fields, sizeof(fields) / sizeof(fields[0]), err))
		return false;
	name = arena_string(file->arena, node_find(node, "topology")->text);
	tree = node_find(node, "tree");
	block = node_find(node, "block");
	if (tree && block)
		return node_fail(node, file->path, err, ERROR_INVALID,
				 "a topology is a tree or blocks, not both");
	if (tree)
		return read_tree(file, name, tree, err);
	if (block)
		return read_block(file, name, block, err);
	(void)slurm_add_topology(file, name, SLURM_OTHER, node->line);
	return true;
}

bool slurm_read_yaml(struct slurm_file *file, struct span text, struct error *err)
{
	const struct node *root;

	if (!yaml_read(text, file->path, file->arena, &root, err))
		return false;
	if (root->kind != NODE_LIST)
		return node_fail(root, file->path, err, ERROR_INVALID,
				 "a topology.yaml is a list of topologies");
	for (uint32_t i = 0; i < root->count; i++) {
		if (!read_topology(file, &root->items[i], err))
			return false;
	}
	return true;
}
