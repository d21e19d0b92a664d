#include "fabric/slurm_lint.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

enum {
	JOINED_MAXIMUM = 4096, /* bytes of a list in a finding */
};

const char *slurm_join_names(const char *const *names, uint32_t count, struct arena *arena)
{
	struct text text = { .maximum = JOINED_MAXIMUM };
	const char *joined;

	hostlist_add(&text, names, count);
	joined = text.overflowed ? arena_format(arena, "%s …", text_string(&text))
				 : arena_string(arena, text_span(&text));
	text_release(&text);
	return joined;
}

static int compare_findings(const void *a, const void *b)
{
	const struct slurm_finding *one = a;
	const struct slurm_finding *other = b;

	if (one->weight != other->weight)
		return one->weight < other->weight ? -1 : 1;
	if (one->line != other->line)
		return one->line < other->line ? -1 : 1;
	if (one->rule != other->rule)
		return one->rule < other->rule ? -1 : 1;
	return strcmp(one->subject, other->subject);
}

void slurm_findings_sort(struct slurm_findings *findings)
{
	if (findings->kept > 1)
		qsort(findings->items, findings->kept, sizeof(*findings->items), compare_findings);
}

static const char *what_of(const struct slurm_topology *topology)
{
	return topology->kind == SLURM_BLOCK ? "block" : "switch";
}

/* A name and whose it is, to find it by. */
struct named {
	const char *name;
	uint32_t index;
};

static int compare_named(const void *a, const void *b)
{
	const struct named *one = a;
	const struct named *other = b;
	int order = strcmp(one->name, other->name);

	return order != 0 ? order : (one->index > other->index) - (one->index < other->index);
}

static int compare_name(const void *key, const void *element)
{
	return strcmp(key, ((const struct named *)element)->name);
}

/* Names of units, sorted, each once; what comes a second time is a finding. */
static struct named *index_units(const struct slurm_topology *topology, struct arena *arena,
				 struct slurm_findings *findings, uint32_t *ret_count)
{
	struct named *names = ARENA_ARRAY(arena, struct named, topology->unit_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < topology->unit_count; i++)
		names[i] = (struct named){ topology->units[i].name, i };
	if (topology->unit_count > 1)
		qsort(names, topology->unit_count, sizeof(*names), compare_named);
	for (uint32_t i = 0; i < topology->unit_count; i++) {
		const struct slurm_unit *unit = &topology->units[names[i].index];

		if (count == 0 || strcmp(names[count - 1].name, names[i].name) != 0) {
			names[count++] = names[i];
		} else if (findings) {
			slurm_find(findings,
				   &(struct slurm_finding){
					   .rule = SLURM_NAME_TWICE,
					   .line = unit->line,
					   .subject = unit->name,
					   .advice = "give each its own name",
				   },
				   "%s '%s' is there already, on line %u", what_of(topology),
				   unit->name, topology->units[names[count - 1].index].line);
		}
	}
	*ret_count = count;
	return names;
}

/* One child of a unit. */
static void take_child(const struct slurm_topology *topology, uint32_t unit, const char *name,
		       const struct named *found, uint32_t *parents,
		       struct slurm_findings *findings)
{
	const struct slurm_unit *parent = &topology->units[unit];

	if (found && found->index != unit && parents[found->index] == NONE) {
		parents[found->index] = unit;
		return;
	}
	if (!findings || (found && parents[found->index] == unit))
		return;
	if (!found)
		slurm_find(findings,
			   &(struct slurm_finding){
				   .rule = SLURM_NO_SUCH_SWITCH,
				   .line = parent->line,
				   .subject = parent->name,
				   .advice = "define it, or take it off the list",
			   },
			   "switch '%s' has '%s' below it, which is no switch of this file",
			   parent->name, name);
	else if (found->index == unit)
		slurm_find(findings,
			   &(struct slurm_finding){
				   .rule = SLURM_LOOP,
				   .line = parent->line,
				   .subject = parent->name,
				   .advice = "take it off its own list",
			   },
			   "switch '%s' lies below itself", parent->name);
	else
		slurm_find(findings,
			   &(struct slurm_finding){
				   .rule = SLURM_TWO_PARENTS,
				   .line = parent->line,
				   .subject = name,
				   .advice = "make it a tree: one virtual switch for what is "
					     "wired alike",
			   },
			   "switch '%s' lies below '%s' and below '%s'", name,
			   topology->units[parents[found->index]].name, parent->name);
}

uint32_t *slurm_parents(const struct slurm_topology *topology, struct arena *arena,
			struct slurm_findings *findings)
{
	uint32_t *parents = ARENA_ARRAY(arena, uint32_t, topology->unit_count);
	uint32_t count;
	const struct named *names = index_units(topology, arena, findings, &count);

	memset(parents, 0xff, topology->unit_count * sizeof(*parents));
	for (uint32_t unit = 0; unit < topology->unit_count; unit++) {
		const struct slurm_unit *parent = &topology->units[unit];

		for (uint32_t i = 0; i < parent->child_count; i++) {
			const char *name = topology->children.names[parent->first_child + i];

			take_child(topology, unit, name,
				   count > 0 ? bsearch(name, names, count, sizeof(*names),
						       compare_name)
					     : NULL,
				   parents, findings);
		}
	}
	/* What has another's name lies where that lies, so that it is no second mistake. */
	for (uint32_t unit = 0; unit < topology->unit_count; unit++) {
		const struct named *found = bsearch(topology->units[unit].name, names, count,
						    sizeof(*names), compare_name);

		if (found && found->index != unit)
			parents[unit] = parents[found->index];
	}
	return parents;
}

/* Nobody has more ancestors than there are units; who would has himself among them. Marks keep the
 * walk short: 1 is on the way, 2 leads to a root. */
static void find_loops(const struct slurm_topology *topology, const uint32_t *parents,
		       struct slurm_findings *findings)
{
	SCOPED_ARENA(arena);
	uint8_t *marks = ARENA_ARRAY(&arena, uint8_t, topology->unit_count);

	for (uint32_t unit = 0; unit < topology->unit_count; unit++) {
		uint32_t at = unit;

		while (at != NONE && marks[at] == 0) {
			marks[at] = 1;
			at = parents[at];
		}
		if (at != NONE && marks[at] == 1)
			slurm_find(findings,
				   &(struct slurm_finding){
					   .rule = SLURM_LOOP,
					   .line = topology->units[at].line,
					   .subject = topology->units[at].name,
					   .advice = "make it a tree",
				   },
				   "switch '%s' lies below itself, by way of '%s'",
				   topology->units[at].name, topology->units[parents[at]].name);
		for (at = unit; at != NONE && marks[at] == 1; at = parents[at])
			marks[at] = 2;
	}
}

static void find_roots(const struct slurm_topology *topology, const uint32_t *parents,
		       struct slurm_findings *findings)
{
	uint32_t count = 0, first = NONE, second = NONE;

	for (uint32_t unit = 0; unit < topology->unit_count; unit++) {
		if (parents[unit] != NONE)
			continue;
		count++;
		if (first == NONE)
			first = unit;
		else if (second == NONE)
			second = unit;
	}
	if (count > 1)
		slurm_find(findings,
			   &(struct slurm_finding){
				   .rule = SLURM_NO_ROOT,
				   .weight = SLURM_WARNS,
				   .line = topology->units[second].line,
				   .advice = "fine for networks that are apart; else put them "
					     "below one switch",
			   },
			   "%u switches have none above them ('%s', '%s' …): no job spans them",
			   count, topology->units[first].name, topology->units[second].name);
}

static void lint_unit(const struct slurm_topology *topology, const struct slurm_unit *unit,
		      struct slurm_findings *findings)
{
	struct slurm_finding finding = { .line = unit->line, .subject = unit->name };

	if (unit->node_count > 0 && unit->child_count > 0) {
		finding.rule = SLURM_NODES_AND_SWITCHES;
		finding.advice = "put the nodes below a switch of their own";
		slurm_find(findings, &finding,
			   "switch '%s' has nodes and switches, and Slurm takes one or the other",
			   unit->name);
	}
	if (unit->node_count == 0 && unit->child_count == 0) {
		finding.rule = SLURM_NOTHING_BELOW;
		finding.advice = "give it nodes, or take it out";
		slurm_find(findings, &finding, "%s '%s' has nothing below it, which stops Slurm%s",
			   what_of(topology), unit->name,
			   topology->kind == SLURM_BLOCK ? "" : " before 24.05");
	}
}

/* ---- nodes ---- */

struct homed {
	const char *node;
	uint32_t unit;
};

static int compare_homed(const void *a, const void *b)
{
	const struct homed *one = a;
	const struct homed *other = b;
	int order = strcmp(one->node, other->node);

	return order != 0 ? order : (one->unit > other->unit) - (one->unit < other->unit);
}

/* Where a topology has a node twice; one finding for all, because it is one mistake. */
static void find_node_twice(const struct slurm_topology *topology, struct slurm_findings *findings)
{
	struct homed *homed = ARENA_ARRAY(findings->arena, struct homed, topology->nodes.count);
	const char **names = ARENA_ARRAY(findings->arena, const char *, topology->nodes.count);
	const struct slurm_unit *first = NULL, *second = NULL;
	uint32_t count = 0, twice = 0;

	for (uint32_t unit = 0; unit < topology->unit_count; unit++) {
		for (uint32_t i = 0; i < topology->units[unit].node_count; i++)
			homed[count++] = (struct homed){
				topology->nodes.names[topology->units[unit].first_node + i], unit
			};
	}
	if (count > 1)
		qsort(homed, count, sizeof(*homed), compare_homed);
	for (uint32_t i = 1; i < count; i++) {
		if (strcmp(homed[i - 1].node, homed[i].node) != 0 ||
		    (twice > 0 && strcmp(names[twice - 1], homed[i].node) == 0))
			continue;
		if (twice == 0) {
			first = &topology->units[homed[i - 1].unit];
			second = &topology->units[homed[i].unit];
		}
		names[twice++] = homed[i].node;
	}
	if (twice > 0)
		slurm_find(
			findings,
			&(struct slurm_finding){
				.rule = SLURM_NODE_TWICE,
				.line = second->line,
				.subject = slurm_join_names(names, twice, findings->arena),
				.advice = topology->kind == SLURM_BLOCK
						  ? "list each node once"
						  : "list each node once: where a host has an "
						    "adapter on each of several leaves, they are "
						    "one switch to Slurm",
			},
			"%u node%s listed more than once, the first in '%s' (line %u) and '%s' "
			"(line %u)",
			twice, twice == 1 ? " is" : "s are", first->name, first->line, second->name,
			second->line);
}

/* ---- blocks ---- */

static bool is_power_of_two(uint64_t number)
{
	return number > 0 && (number & (number - 1)) == 0;
}

static void lint_sizes(const struct slurm_topology *topology, struct slurm_findings *findings)
{
	struct slurm_finding finding = {
		.rule = SLURM_BLOCK_SIZES,
		.line = topology->sizes_line,
		.advice = "give the smallest block's size and 2, 4, 8 … times as much",
	};
	uint64_t base = topology->size_count > 0 ? topology->sizes[0] : 0;

	for (unsigned i = 1; i < topology->size_count; i++) {
		uint64_t size = topology->sizes[i];

		if (size % base != 0 || !is_power_of_two(size / base) ||
		    size <= topology->sizes[i - 1])
			slurm_find(findings, &finding,
				   "size %llu is not %llu times a power of two, or not larger than "
				   "the one before it",
				   (unsigned long long)size, (unsigned long long)base);
	}
	finding.rule = SLURM_SMALL_BLOCK;
	finding.advice = "lower the first size, or add nodes to the block";
	for (uint32_t i = 0; i < topology->unit_count; i++) {
		const struct slurm_unit *unit = &topology->units[i];

		finding.line = unit->line;
		finding.subject = unit->name;
		if (unit->node_count > 0 && unit->node_count < base)
			slurm_find(findings, &finding,
				   "block '%s' has %u nodes, and the first of the sizes is %llu",
				   unit->name, unit->node_count, (unsigned long long)base);
	}
}

static void lint_topology(const struct slurm_topology *topology, struct slurm_findings *findings)
{
	if (topology->kind == SLURM_OTHER)
		return;
	for (uint32_t i = 0; i < topology->unit_count; i++)
		lint_unit(topology, &topology->units[i], findings);
	find_node_twice(topology, findings);
	if (topology->kind == SLURM_TREE) {
		const uint32_t *parents = slurm_parents(topology, findings->arena, findings);

		find_loops(topology, parents, findings);
		find_roots(topology, parents, findings);
	} else {
		uint32_t count;

		(void)index_units(topology, findings->arena, findings, &count);
		lint_sizes(topology, findings);
	}
}

void slurm_lint(const struct slurm_file *file, struct slurm_findings *findings)
{
	for (uint32_t i = 0; i < file->count; i++)
		lint_topology(&file->topologies[i], findings);
}
