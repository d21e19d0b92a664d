#include <string.h>

#include "fabric/slurm_compare.h"

#define NONE UINT32_MAX

static const char *what_of(const struct comparison *compared)
{
	return compared->topology->kind == SLURM_BLOCK ? "block" : "switch";
}

static const char *group_word(const struct comparison *compared)
{
	return compared->topology->kind == SLURM_BLOCK ? "NVLink domain" : "group";
}

/* ---- findings ---- */

static const char *join_hosts(const struct comparison *compared, const struct pair *pairs,
			      uint32_t length)
{
	const char **names = ARENA_ARRAY(compared->arena, const char *, length);

	for (uint32_t i = 0; i < length; i++)
		names[i] = compared->placement->hosts[pairs[i].member].name;
	return slurm_join_names(names, length, compared->arena);
}

static void find_wrong(const struct comparison *compared, const struct pair *pairs, uint32_t length)
{
	const struct slurm_unit *unit = &compared->topology->units[pairs->unit];
	const struct slurm_unit *home = &compared->topology->units[compared->bulk[pairs->group]];
	const char *hosts = join_hosts(compared, pairs, length);
	const char *what = what_of(compared);

	slurm_find(compared->findings,
		   &(struct slurm_finding){
			   .rule = SLURM_WRONG_SWITCH,
			   .line = unit->line,
			   .subject = hosts,
			   .advice = arena_format(compared->arena, "move %s to %s '%s' (line %u)",
						  length == 1 ? "it" : "them", what, home->name,
						  home->line),
		   },
		   "%s %s in the wrong %s: '%s' has the hosts of %s %s, and %s in %s %s, with the "
		   "hosts of '%s'",
		   hosts, length == 1 ? "is" : "are", what, unit->name, group_word(compared),
		   compared->group_names[compared->major[pairs->unit]],
		   length == 1 ? "it is" : "they are", group_word(compared),
		   compared->group_names[pairs->group], home->name);
}

/* One unit with the bulk of several groups. */
static void find_merged(const struct comparison *compared, uint32_t first, uint32_t end)
{
	const struct slurm_unit *unit = &compared->topology->units[compared->pairs[first].unit];
	struct text list = { .maximum = 1024 };
	uint32_t groups = 0;

	for (uint32_t i = first, length; i < end; i += length) {
		length = comparison_run(compared, i);
		if (compared->bulk[compared->pairs[i].group] != compared->pairs[i].unit)
			continue;
		text_format(&list, "%s%s (%u)", groups > 0 ? ", " : "",
			    compared->group_names[compared->pairs[i].group], length);
		groups++;
	}
	if (groups > 1)
		slurm_find(compared->findings,
			   &(struct slurm_finding){
				   .rule = SLURM_MERGED,
				   .line = unit->line,
				   .subject = unit->name,
				   .advice = "make each of them one, or generate the file anew",
			   },
			   "%s '%s' holds hosts of %u %ss of the fabric: %s", what_of(compared),
			   unit->name, groups, group_word(compared), text_string(&list));
	text_release(&list);
}

/* A group whose hosts fill several units. */
static void find_split(const struct comparison *compared)
{
	uint32_t *first = ARENA_ARRAY(compared->arena, uint32_t, compared->group_count);

	memset(first, 0xff, compared->group_count * sizeof(*first));
	for (uint32_t i = 0; i < compared->topology->unit_count; i++) {
		const struct slurm_unit *unit = &compared->topology->units[i];
		uint32_t group = compared->major[i];

		if (group == NONE)
			continue;
		if (first[group] == NONE) {
			first[group] = i;
			continue;
		}
		slurm_find(compared->findings,
			   &(struct slurm_finding){
				   .rule = SLURM_SPLIT,
				   .weight = SLURM_WARNS,
				   .line = unit->line,
				   .subject = unit->name,
				   .advice = "one for both, unless jobs are to be kept apart",
			   },
			   "%s '%s' and '%s' both hold hosts of %s %s, which are equally near",
			   what_of(compared), compared->topology->units[first[group]].name,
			   unit->name, group_word(compared), compared->group_names[group]);
	}
}

static void judge_members(const struct comparison *compared)
{
	for (uint32_t i = 0, start = 0, length; i < compared->pair_count; i += length) {
		const struct pair *pair = &compared->pairs[i];
		bool ends;

		length = comparison_run(compared, i);
		if (pair->unit != compared->pairs[start].unit)
			start = i;
		if (pair->group != compared->major[pair->unit] &&
		    compared->bulk[pair->group] != pair->unit)
			find_wrong(compared, pair, length);
		ends = i + length == compared->pair_count ||
		       compared->pairs[i + length].unit != pair->unit;
		if (ends)
			find_merged(compared, start, i + length);
	}
	find_split(compared);
}

/* ---- hosts that only one side has ---- */

static void find_missing(const struct comparison *compared, const bool *is_there)
{
	const struct placement *placement = compared->placement;
	const char **names = ARENA_ARRAY(compared->arena, const char *, placement->host_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < placement->host_count; i++) {
		if (!is_there[i] && !placement->hosts[i].is_unnamed &&
		    (compared->topology->kind == SLURM_TREE || compared->group_of_host[i] != NONE))
			names[count++] = placement->hosts[i].name;
	}
	if (count > 0)
		slurm_find(compared->findings,
			   &(struct slurm_finding){
				   .rule = SLURM_MISSING_NODES,
				   .line = compared->topology->line,
				   .subject = slurm_join_names(names, count, compared->arena),
				   .advice = "add them; leave out what is no node of Slurm",
			   },
			   "%u host%s of the fabric %s in no %s of the file", count,
			   count == 1 ? "" : "s", count == 1 ? "is" : "are", what_of(compared));
}

/* Whether the file has them cannot be told. */
static void find_unnamed(const struct comparison *compared)
{
	const struct placement *placement = compared->placement;
	const char **names = ARENA_ARRAY(compared->arena, const char *, placement->host_count);
	uint32_t count = 0;

	for (uint32_t i = 0; i < placement->host_count; i++)
		if (placement->hosts[i].is_unnamed)
			names[count++] = placement->hosts[i].name;
	if (count > 0)
		slurm_find(compared->findings,
			   &(struct slurm_finding){
				   .rule = SLURM_NOT_COMPARED,
				   .weight = SLURM_UNKNOWN,
				   .line = compared->topology->line,
				   .subject = slurm_join_names(names, count, compared->arena),
				   .advice = "give evidence or a list of hosts and GUIDs",
			   },
			   "%u host%s of the fabric could not be compared: nothing names %s", count,
			   count == 1 ? "" : "s", count == 1 ? "it" : "them");
}

static void find_unknown(const struct comparison *compared, const struct slurm_unit *unit,
			 const char *const *names, uint32_t count)
{
	if (count > 0)
		slurm_find(compared->findings,
			   &(struct slurm_finding){
				   .rule = SLURM_UNKNOWN_NODES,
				   .weight = SLURM_WARNS,
				   .line = unit->line,
				   .subject = slurm_join_names(names, count, compared->arena),
				   .advice = "see whether they are down, renamed or gone",
			   },
			   "%u node%s of %s '%s' %s not in the fabric", count,
			   count == 1 ? "" : "s", what_of(compared), unit->name,
			   count == 1 ? "is" : "are");
}

static void find_uncompared(const struct comparison *compared, const char *const *names,
			    uint32_t count)
{
	if (count > 0)
		slurm_find(compared->findings,
			   &(struct slurm_finding){
				   .rule = SLURM_NOT_COMPARED,
				   .weight = SLURM_UNKNOWN,
				   .line = compared->topology->line,
				   .subject = slurm_join_names(names, count, compared->arena),
				   .advice = compared->topology->kind == SLURM_BLOCK
						     ? "give evidence of these hosts (assay check "
						       "--bundle)"
						     : "assay fabric describe says what of them is "
						       "seen",
			   },
			   "%u node%s could not be compared: the fabric does not say which %s %s "
			   "in",
			   count, count == 1 ? "" : "s", group_word(compared),
			   count == 1 ? "it is" : "they are");
}

/* What is found while nodes become hosts. */
struct pairing {
	struct comparison *compared;
	struct host_names names;
	bool *is_there;     /* of each host: the file has it */
	const char **vague; /* nodes whose host has no group */
	uint32_t vague_count;
};

static void pair_node(struct pairing *pairing, uint32_t unit, const char *node, uint32_t host)
{
	struct comparison *compared = pairing->compared;

	pairing->is_there[host] = true;
	if (compared->group_of_host[host] == NONE)
		pairing->vague[pairing->vague_count++] = node;
	else
		compared->pairs[compared->pair_count++] =
			(struct pair){ unit, compared->group_of_host[host], host };
}

static void pair_unit(struct pairing *pairing, uint32_t index)
{
	const struct slurm_topology *topology = pairing->compared->topology;
	const struct slurm_unit *unit = &topology->units[index];
	const char **unknown =
		ARENA_ARRAY(pairing->compared->arena, const char *, unit->node_count);
	uint32_t unknown_count = 0;

	for (uint32_t i = 0; i < unit->node_count; i++) {
		const char *node = topology->nodes.names[unit->first_node + i];
		uint32_t host = host_names_find(&pairing->names, node);

		if (host == NONE)
			unknown[unknown_count++] = node;
		else
			pair_node(pairing, index, node, host);
	}
	find_unknown(pairing->compared, unit, unknown, unknown_count);
}

/* Nodes of the file to hosts, hosts to groups. False when not one node is known. */
static bool pair_hosts(struct comparison *compared)
{
	const struct slurm_topology *topology = compared->topology;
	struct arena *arena = compared->arena;
	struct pairing pairing = {
		.compared = compared,
		.is_there = ARENA_ARRAY(arena, bool, compared->placement->host_count),
		.vague = ARENA_ARRAY(arena, const char *, topology->nodes.count),
	};
	uint32_t known = 0;

	host_names_make(compared->placement, arena, &pairing.names);
	for (uint32_t i = 0; i < topology->nodes.count; i++)
		known += host_names_find(&pairing.names, topology->nodes.names[i]) != NONE;
	if (known == 0)
		return false;
	for (uint32_t i = 0; i < topology->unit_count; i++)
		pair_unit(&pairing, i);
	find_uncompared(compared, pairing.vague, pairing.vague_count);
	find_missing(compared, pairing.is_there);
	find_unnamed(compared);
	return true;
}

/* ---- above the leaves ---- */

static void find_wrong_parent(const struct comparison *compared, const struct pair *pair)
{
	const struct slurm_topology *topology = compared->topology;
	const char *child = topology->units[pair->member].name;
	const struct slurm_unit *parent = &topology->units[pair->unit];
	const struct slurm_unit *home = &topology->units[compared->bulk[pair->group]];

	slurm_find(
		compared->findings,
		&(struct slurm_finding){
			.rule = SLURM_WRONG_PARENT,
			.line = parent->line,
			.subject = child,
			.advice = arena_format(compared->arena, "move it to switch '%s' (line %u)",
					       home->name, home->line),
		},
		"switch '%s' lies below '%s', and the fabric has its hosts below '%s' (%s)", child,
		parent->name, home->name, compared->group_names[pair->group]);
}

/* One tier: `mapped` says which unit of the placement a switch stands for, as far as that is
 * settled; those of the next tier are added. False when none was. */
static bool climb(struct comparison *compared, const uint32_t *parents, uint32_t *mapped,
		  bool *is_done)
{
	const struct placement_unit *units = compared->placement->units;
	bool went_on = false;

	compared->pair_count = 0;
	for (uint32_t i = 0; i < compared->topology->unit_count; i++) {
		if (is_done[i] || parents[i] == NONE || mapped[i] == NONE ||
		    units[mapped[i]].parent == NONE)
			continue;
		is_done[i] = true;
		compared->pairs[compared->pair_count++] =
			(struct pair){ parents[i], units[mapped[i]].parent, i };
	}
	comparison_count(compared);
	for (uint32_t i = 0; i < compared->pair_count; i++) {
		const struct pair *pair = &compared->pairs[i];

		if (pair->group == compared->major[pair->unit]) {
			mapped[pair->unit] = pair->group;
			went_on = true;
		} else if (compared->bulk[pair->group] != pair->unit) {
			find_wrong_parent(compared, pair);
		}
	}
	return went_on;
}

static void judge_upper(struct comparison *compared)
{
	const struct slurm_topology *topology = compared->topology;
	const uint32_t *parents = slurm_parents(topology, compared->arena, NULL);
	uint32_t *mapped = ARENA_ARRAY(compared->arena, uint32_t, topology->unit_count);
	bool *is_done = ARENA_ARRAY(compared->arena, bool, topology->unit_count);

	memcpy(mapped, compared->major, topology->unit_count * sizeof(*mapped));
	for (unsigned tier = 1; tier < compared->placement->tier_count; tier++) {
		if (!climb(compared, parents, mapped, is_done))
			break;
	}
}

static void compare_topology(const struct slurm_topology *topology,
			     const struct placement *placement, struct slurm_findings *findings)
{
	struct comparison compared;

	comparison_make(topology, placement, findings, &compared);
	if (!pair_hosts(&compared)) {
		slurm_find(findings,
			   &(struct slurm_finding){
				   .rule = SLURM_NOT_COMPARED,
				   .weight = SLURM_UNKNOWN,
				   .line = topology->line,
				   .advice = "give evidence or a list of hosts, so that they have "
					     "the names that Slurm knows",
			   },
			   "not one of %u nodes has the name of a host in the fabric",
			   topology->nodes.count);
		return;
	}
	comparison_count(&compared);
	judge_members(&compared);
	if (topology->kind == SLURM_TREE)
		judge_upper(&compared);
}

void slurm_lint_against(const struct slurm_file *file, const struct placement *placement,
			struct slurm_findings *findings)
{
	for (uint32_t i = 0; i < file->count; i++) {
		const struct slurm_topology *topology = &file->topologies[i];

		if (topology->kind == SLURM_OTHER)
			slurm_find(findings,
				   &(struct slurm_finding){
					   .rule = SLURM_NOT_COMPARED,
					   .weight = SLURM_UNKNOWN,
					   .line = topology->line,
					   .subject = topology->name,
					   .advice = "only trees and blocks are compared",
				   },
				   "a topology that is no tree and has no blocks");
		else
			compare_topology(topology, placement, findings);
	}
}
