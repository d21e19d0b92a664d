#include "report/inventory_parts.h"

#include <stdlib.h>
#include <string.h>

enum {
	DEPTH_MAXIMUM = 32, /* PCI has 256 buses; a deeper tree is a loop */
};

/* One function. */
struct branch {
	const char *device, *parent; /* "pci:…" */
	bool written;
};

struct tree {
	const struct inventory_writing *write;
	const struct machine *machine;
	struct branch *branches; /* sorted by device */
	size_t count;
};

/* The device whose record of the measure names the function; NULL for none. */
static const char *user_of(const struct machine *machine, enum measure measure, const char *pci)
{
	const struct record *one;
	size_t at = 0;

	while ((one = machine_next(machine, measure, &at)))
		if (one->says == SAYS_STATE && strcmp(one->text, pci) == 0)
			return one->subject.parts[SUBJECT_DEVICE];
	return NULL;
}

/* By the first digits of the class code, of PCI's own list. */
static const char *class_words(const char *class)
{
	static const struct {
		const char *prefix, *words;
	} classes[] = {
		{ "0108", "NVMe drive" },         { "01", "storage" },
		{ "0207", "InfiniBand adapter" }, { "02", "network adapter" },
		{ "03", "display or GPU" },       { "0604", "bridge" },
		{ "06", "other bridge" },         { "0c", "serial bus" },
		{ "12", "accelerator" },
	};

	for (size_t i = 0; class && i < sizeof(classes) / sizeof(classes[0]); i++)
		if (strncmp(class, classes[i].prefix, strlen(classes[i].prefix)) == 0)
			return classes[i].words;
	return "device";
}

static const char *name_of(const struct tree *tree, const char *pci)
{
	const struct machine *machine = tree->machine;
	struct arena *arena = tree->write->arena;
	const char *gpu = arena_format(arena, "gpu:%s", pci + strlen("pci:"));
	const char *model = machine_state(machine, NODE_GPU_NAME, gpu);
	const char *user = user_of(machine, NODE_RDMA_PCI, pci);

	if (machine_find(machine, NODE_GPU_VENDOR, gpu))
		return arena_format(arena, "%s %s", device_label(machine, gpu, arena),
				    model ? model : "of unknown model");
	if (!user)
		user = user_of(machine, NODE_NET_PCI, pci);
	if (user)
		return device_label(machine, user, arena);
	return class_words(machine_state(machine, NODE_PCI_CLASS, pci));
}

/* "32 GT/s x16", "16 GT/s x8 of 32 GT/s x16"; "" where there is no link. */
static const char *link_of(const struct tree *tree, const char *pci, bool *ret_below)
{
	const struct machine *machine = tree->machine;
	struct arena *arena = tree->write->arena;
	double speed, width, most_speed, most_width;
	char number[32], other[32];
	const char *now;

	*ret_below = false;
	if (!machine_find(machine, NODE_PCI_SPEED, pci))
		return "";
	if (!machine_value(machine, NODE_PCI_SPEED, pci, &speed) ||
	    !machine_value(machine, NODE_PCI_WIDTH, pci, &width))
		return "link unknown";
	now = arena_format(arena, "%s GT/s x%s", number_format(speed, number),
			   number_format(width, other));
	if (!machine_value(machine, NODE_PCI_SPEED_MAXIMUM, pci, &most_speed) ||
	    !machine_value(machine, NODE_PCI_WIDTH_MAXIMUM, pci, &most_width))
		return now;
	*ret_below = speed < most_speed || width < most_width;
	if (!*ret_below)
		return now;
	return arena_format(arena, "%s of %s GT/s x%s", now, number_format(most_speed, number),
			    number_format(most_width, other));
}

static void write_branch(const struct tree *tree, const struct branch *branch, unsigned depth)
{
	const struct inventory_writing *write = tree->write;
	const struct machine *machine = tree->machine;
	const char *id = machine_state(machine, NODE_PCI_ID, branch->device);
	const char *driver = machine_state(machine, NODE_PCI_DRIVER, branch->device);
	bool below;
	const char *link = link_of(tree, branch->device, &below);
	SCOPED_TEXT(line);

	text_format(&line, "%s  %s", branch->device + strlen("pci:"),
		    name_of(tree, branch->device));
	text_format(&line, ", %s", id ? id : "unknown id");
	if (driver && strcmp(driver, "none") != 0)
		text_format(&line, ", %s", driver);
	if (*link)
		text_format(&line, ", %s", link);
	wrapped_add(write->into, write->style, below ? TINT_WARN : TINT_NONE, 2 + 2 * depth,
		    4 + 2 * depth, text_span(&line));
}

/* Where the walk through the children of one function stands. */
struct descent {
	const char *parent;
	size_t next;
};

/* The function and all below it, each once. */
static void write_below(struct tree *tree, struct branch *top)
{
	struct descent steps[DEPTH_MAXIMUM];
	unsigned depth = 0;

	top->written = true;
	write_branch(tree, top, 0);
	steps[0] = (struct descent){ top->device, 0 };
	for (;;) {
		struct descent *step = &steps[depth];
		struct branch *child;

		if (step->next == tree->count) {
			if (depth == 0)
				return;
			depth--;
			continue;
		}
		child = &tree->branches[step->next++];
		if (child->written || strcmp(child->parent, step->parent) != 0)
			continue;
		child->written = true;
		write_branch(tree, child, depth + 1);
		if (depth + 1 < DEPTH_MAXIMUM)
			steps[++depth] = (struct descent){ child->device, 0 };
	}
}

static bool is_there(const struct tree *tree, const char *device)
{
	for (size_t i = 0; i < tree->count; i++)
		if (strcmp(tree->branches[i].device, device) == 0)
			return true;
	return false;
}

static void gather(struct tree *tree)
{
	const struct record *one;
	size_t at = 0;

	tree->branches = ARENA_ARRAY(tree->write->arena, struct branch,
				     tree->machine->by[NODE_PCI_ID].count);
	while ((one = machine_next(tree->machine, NODE_PCI_ID, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];
		const char *parent;

		if (!device || strncmp(device, "pci:", 4) != 0)
			continue;
		parent = machine_state(tree->machine, NODE_PCI_PARENT, device);
		tree->branches[tree->count++] =
			(struct branch){ device, parent ? parent : "", false };
	}
}

void inventory_add_tree(const struct inventory_writing *write)
{
	struct tree tree = { .write = write, .machine = write->inventory->machine };

	gather(&tree);
	for (size_t i = 0; i < tree.count; i++)
		if (!tree.branches[i].written && !is_there(&tree, tree.branches[i].parent))
			write_below(&tree, &tree.branches[i]);
	/* What names each other as parents has no top; it is shown all the same. */
	for (size_t i = 0; i < tree.count; i++)
		if (!tree.branches[i].written)
			write_below(&tree, &tree.branches[i]);
}
