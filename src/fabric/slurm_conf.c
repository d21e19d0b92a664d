#include <string.h>

#include "fabric/slurm_topology.h"

enum {
	SHOWN = 60, /* characters of what was not understood */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_key(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '.';
}

static bool key_is(struct span key, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < key.length && i < length; i++) {
		char c = key.at[i];

		if (c != name[i] && (c < 'A' || c > 'Z' || c - 'A' + 'a' != name[i]))
			return false;
	}
	return key.length == length;
}

/* Cuts the next "key = value" off; the value may be in quotes. False at the end, and, with
 * *ret_is_bad, on what is no pair. */
static bool cut_pair(struct span *line, struct span *ret_key, struct span *ret_value,
		     bool *ret_is_bad)
{
	const char *at, *end, *start;

	*ret_is_bad = false;
	if (line->length == 0)
		return false;
	at = line->at;
	end = at + line->length;
	while (at < end && is_blank(*at))
		at++;
	*ret_is_bad = at < end;
	start = at;
	while (at < end && is_key(*at))
		at++;
	*ret_key = (struct span){ start, (size_t)(at - start) };
	while (at < end && is_blank(*at))
		at++;
	if (at == end || *at != '=' || ret_key->length == 0)
		return false;
	at++;
	while (at < end && is_blank(*at))
		at++;
	if (at < end && *at == '"') {
		const char *close = memchr(at + 1, '"', (size_t)(end - at - 1));

		if (!close)
			return false;
		*ret_value = (struct span){ at + 1, (size_t)(close - at - 1) };
		at = close + 1;
	} else {
		start = at;
		while (at < end && !is_blank(*at))
			at++;
		*ret_value = (struct span){ start, (size_t)(at - start) };
	}
	if (ret_value->length == 0)
		return false;
	*line = (struct span){ at, (size_t)(end - at) };
	*ret_is_bad = false;
	return true;
}

static void find_syntax(struct slurm_file *file, uint32_t line, const char *what, struct span where)
{
	slurm_find(&file->findings,
		   &(struct slurm_finding){
			   .rule = SLURM_SYNTAX,
			   .line = line,
			   .advice = "a line is SwitchName=NAME with Nodes=LIST or Switches=LIST, "
				     "or BlockName=NAME with Nodes=LIST",
		   },
		   "%s '%.*s'", what, (int)(where.length < SHOWN ? where.length : SHOWN), where.at);
}

/* The topology that a line with this key belongs to; a file has one. */
static struct slurm_topology *topology_of(struct slurm_file *file, enum slurm_kind kind,
					  uint32_t line)
{
	for (uint32_t i = 0; i < file->count; i++) {
		if (file->topologies[i].kind == kind)
			return &file->topologies[i];
	}
	if (file->count > 0)
		slurm_find(&file->findings,
			   &(struct slurm_finding){
				   .rule = SLURM_SYNTAX,
				   .line = line,
				   .advice = "keep what TopologyPlugin in slurm.conf names",
			   },
			   "switches and blocks in one file, of which each plug-in refuses the "
			   "other's");
	return slurm_add_topology(file, "", kind, line);
}

/* What follows SwitchName= or BlockName= on its line. */
static bool read_unit(struct slurm_file *file, struct slurm_topology *topology, struct span line,
		      uint32_t number, struct error *err)
{
	struct span rest = line, key, value;
	bool is_bad;

	while (cut_pair(&rest, &key, &value, &is_bad)) {
		bool is_good = true;

		if (key_is(key, "nodes"))
			is_good = slurm_add_nodes(file, topology, value, number, err);
		else if (topology->kind == SLURM_TREE && key_is(key, "switches"))
			is_good = slurm_add_children(file, topology, value, number, err);
		else if (topology->kind != SLURM_TREE || !key_is(key, "linkspeed"))
			find_syntax(file, number, "Slurm knows no such key here:", key);
		if (!is_good)
			return false;
	}
	if (is_bad)
		find_syntax(file, number, "not understood:", rest);
	return true;
}

static bool read_line(struct slurm_file *file, struct span line, uint32_t number, struct error *err)
{
	struct span rest = line, key, value;
	struct slurm_topology *topology;
	enum slurm_kind kind;
	bool is_bad;

	if (!cut_pair(&rest, &key, &value, &is_bad)) {
		if (is_bad)
			find_syntax(file, number, "not understood:", span_trim(line));
		return true;
	}
	if (key_is(key, "blocksizes")) {
		slurm_add_sizes(file, topology_of(file, SLURM_BLOCK, number), value, number);
		return true;
	}
	if (key_is(key, "ringname")) {
		(void)topology_of(file, SLURM_OTHER, number);
		return true;
	}
	if (!key_is(key, "switchname") && !key_is(key, "blockname")) {
		find_syntax(file, number, "Slurm knows no such key here:", key);
		return true;
	}
	kind = key_is(key, "switchname") ? SLURM_TREE : SLURM_BLOCK;
	topology = topology_of(file, kind, number);
	(void)slurm_add_unit(file, topology, value, number);
	return read_unit(file, topology, rest, number, err);
}

/* Without what a '#' begins that has no backslash before it. */
static struct span cut_comment(struct span line)
{
	for (size_t i = 0; i < line.length; i++) {
		if (line.at[i] == '#' && (i == 0 || line.at[i - 1] != '\\'))
			return (struct span){ line.at, i };
	}
	return line;
}

bool slurm_read_conf(struct slurm_file *file, struct span text, struct error *err)
{
	struct span rest = text, line;
	struct text joined = { .maximum = SLURM_FILE_MAXIMUM };
	uint32_t number = 0, first = 0;
	bool is_good = true;

	while (is_good && span_cut(&rest, '\n', &line)) {
		bool goes_on;

		number++;
		line = span_trim(cut_comment(line));
		if (line.length > 0 && line.at[line.length - 1] == '\r')
			line.length--;
		goes_on = line.length > 0 && line.at[line.length - 1] == '\\';
		if (joined.length == 0)
			first = number;
		text_add_span(&joined, (struct span){ line.at, line.length - goes_on });
		if (goes_on && rest.length > 0)
			continue;
		is_good = read_line(file, text_span(&joined), first, err);
		text_clear(&joined);
	}
	text_release(&joined);
	return is_good;
}
