#include "fabric/slurm_topology.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

enum {
	ROOM_FIRST = 16,
};

const char *const slurm_rule_names[] = {
	[SLURM_SYNTAX] = "syntax",
	[SLURM_LONG_NAME] = "long-name",
	[SLURM_NAME_TWICE] = "name-twice",
	[SLURM_NODES_AND_SWITCHES] = "nodes-and-switches",
	[SLURM_NOTHING_BELOW] = "nothing-below",
	[SLURM_NO_SUCH_SWITCH] = "no-such-switch",
	[SLURM_TWO_PARENTS] = "two-parents",
	[SLURM_LOOP] = "loop",
	[SLURM_NO_ROOT] = "no-root",
	[SLURM_NODE_TWICE] = "node-twice",
	[SLURM_BLOCK_SIZES] = "block-sizes",
	[SLURM_SMALL_BLOCK] = "small-block",
	[SLURM_NO_TOPOLOGY] = "no-topology",
	[SLURM_WRONG_SWITCH] = "wrong-switch",
	[SLURM_WRONG_PARENT] = "wrong-parent",
	[SLURM_MERGED] = "merged",
	[SLURM_SPLIT] = "split",
	[SLURM_MISSING_NODES] = "missing-nodes",
	[SLURM_UNKNOWN_NODES] = "unknown-nodes",
	[SLURM_NOT_COMPARED] = "not-compared",
};
static_assert(sizeof(slurm_rule_names) / sizeof(slurm_rule_names[0]) == SLURM_RULE_COUNT,
	      "a name for each rule");

const char *const slurm_weight_names[] = {
	[SLURM_FAILS] = "fail",
	[SLURM_WARNS] = "warn",
	[SLURM_UNKNOWN] = "unknown",
};
static_assert(sizeof(slurm_weight_names) / sizeof(slurm_weight_names[0]) == SLURM_WEIGHT_COUNT,
	      "a name for each weight");

/* Room for one more of `count` elements; what is there already is copied. */
static void *grown(struct arena *arena, void *array, size_t size, uint32_t count, uint32_t *room)
{
	void *larger;

	if (count < *room)
		return array;
	*room = *room > 0 ? *room * 2 : ROOM_FIRST;
	larger = arena_take_array(arena, *room, size);
	if (count > 0)
		memcpy(larger, array, size * count);
	return larger;
}

void slurm_find(struct slurm_findings *findings, const struct slurm_finding *finding,
		const char *format, ...)
{
	struct slurm_finding *into;
	va_list args;

	findings->counts[finding->weight]++;
	if (findings->kept >= SLURM_FINDINGS_MAXIMUM)
		return;
	findings->items = grown(findings->arena, findings->items, sizeof(*findings->items),
				findings->kept, &findings->room);
	into = &findings->items[findings->kept++];
	*into = *finding;
	if (!into->subject)
		into->subject = "";
	va_start(args, format);
	into->says = arena_format_list(findings->arena, format, args);
	va_end(args);
}

struct slurm_topology *slurm_add_topology(struct slurm_file *file, const char *name,
					  enum slurm_kind kind, uint32_t line)
{
	struct slurm_topology *topology;

	file->topologies = grown(file->arena, file->topologies, sizeof(*file->topologies),
				 file->count, &file->room);
	topology = &file->topologies[file->count++];
	*topology = (struct slurm_topology){ .name = name, .kind = kind, .line = line };
	return topology;
}

struct slurm_unit *slurm_add_unit(struct slurm_file *file, struct slurm_topology *topology,
				  struct span name, uint32_t line)
{
	struct slurm_unit *unit;

	topology->units = grown(file->arena, topology->units, sizeof(*topology->units),
				topology->unit_count, &topology->room);
	unit = &topology->units[topology->unit_count++];
	*unit = (struct slurm_unit){
		.name = arena_string(file->arena, name),
		.line = line,
		.first_node = topology->nodes.count,
		.first_child = topology->children.count,
	};
	if (name.length > SLURM_NAME_MAXIMUM)
		slurm_find(&file->findings,
			   &(struct slurm_finding){
				   .rule = SLURM_LONG_NAME,
				   .line = line,
				   .subject = unit->name,
				   .advice = "shorten it",
			   },
			   "a name of %zu characters; Slurm takes %d", name.length,
			   SLURM_NAME_MAXIMUM);
	return unit;
}

/* Adds to the list; a part of one that is bad stays, so that what follows can still be judged. */
static bool add_names(struct slurm_file *file, struct hostlist *names, struct span list,
		      uint32_t line, struct error *err)
{
	struct error why = { 0 };
	uint32_t before = names->count;
	bool is_good = hostlist_read(list, file->arena, names, &why);

	file->names += names->count - before;
	if (file->names > SLURM_NAMES_MAXIMUM)
		return fail(err, ERROR_LIMIT,
			    "%s: line %u: lists that multiply to more than %d names", file->path,
			    line, SLURM_NAMES_MAXIMUM);
	if (is_good)
		return true;
	if (why.code == ERROR_LIMIT)
		return fail(err, why.code, "%s: line %u: %s", file->path, line, why.text);
	slurm_find(&file->findings,
		   &(struct slurm_finding){
			   .rule = SLURM_SYNTAX,
			   .line = line,
			   .advice = "write it as node[01-04,07],login1",
		   },
		   "%s", why.text);
	return true;
}

bool slurm_add_nodes(struct slurm_file *file, struct slurm_topology *topology, struct span list,
		     uint32_t line, struct error *err)
{
	struct slurm_unit *unit = &topology->units[topology->unit_count - 1];

	if (!add_names(file, &topology->nodes, list, line, err))
		return false;
	unit->node_count = topology->nodes.count - unit->first_node;
	return true;
}

bool slurm_add_children(struct slurm_file *file, struct slurm_topology *topology, struct span list,
			uint32_t line, struct error *err)
{
	struct slurm_unit *unit = &topology->units[topology->unit_count - 1];

	if (!add_names(file, &topology->children, list, line, err))
		return false;
	unit->child_count = topology->children.count - unit->first_child;
	return true;
}

void slurm_add_sizes(struct slurm_file *file, struct slurm_topology *topology, struct span list,
		     uint32_t line)
{
	const struct slurm_finding finding = {
		.rule = SLURM_BLOCK_SIZES,
		.line = line,
		.advice = "give the smallest block's size and 2, 4, 8 … times as much",
	};
	struct span rest = list, word;

	topology->sizes_line = line;
	while (span_cut(&rest, ',', &word)) {
		uint64_t size = 0;

		if (!span_to_u64(span_trim(word), &size) || size == 0) {
			slurm_find(&file->findings, &finding, "'%.*s' is no size of a block",
				   SPAN_ARGS(word));
		} else if (topology->size_count == SLURM_SIZES_MAXIMUM) {
			slurm_find(&file->findings, &finding, "more than %d sizes",
				   SLURM_SIZES_MAXIMUM);
			return;
		} else {
			topology->sizes[topology->size_count++] = size;
		}
	}
}

/* YAML of topologies is a list: its first character that counts is '-'. */
static bool is_yaml(struct span text)
{
	struct span rest = text, line;

	while (span_cut(&rest, '\n', &line)) {
		line = span_trim(line);
		if (line.length > 0 && line.at[0] != '#' && line.at[0] != '\r')
			return line.at[0] == '-';
	}
	return false;
}

enum {
	STRANGE_MAXIMUM =
		3, /* lines of a file without a switch or block that are told one by one */
};

bool slurm_topology_read(struct span text, const char *path, struct arena *arena,
			 struct slurm_file *ret_file, struct error *err)
{
	struct slurm_file file = {
		.arena = arena,
		.path = path,
		.is_yaml = is_yaml(text),
		.findings = { .arena = arena },
	};

	if (text.length > SLURM_FILE_MAXIMUM)
		return fail(err, ERROR_LIMIT, "%s: larger than %d bytes", path, SLURM_FILE_MAXIMUM);
	if (!(file.is_yaml ? slurm_read_yaml(&file, text, err) : slurm_read_conf(&file, text, err)))
		return false;
	/* A report of each line of some other file would help nobody. */
	if (file.count == 0 && file.findings.kept > STRANGE_MAXIMUM)
		return fail(err, ERROR_PARSE,
			    "%s: no line of it is one of topology.conf or topology.yaml; line %u: "
			    "%.160s",
			    path, file.findings.items[0].line, file.findings.items[0].says);
	if (file.count == 0 && file.findings.kept == 0)
		slurm_find(&file.findings,
			   &(struct slurm_finding){
				   .rule = SLURM_NO_TOPOLOGY,
				   .advice = "assay fabric topology --for slurm-conf writes one",
			   },
			   "no switch and no block");
	*ret_file = file;
	return true;
}
