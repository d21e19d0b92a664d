#include "active/locate_hosts.h"

#include <stdlib.h>
#include <string.h>

/* A host's name and where it stands: the line, or the number of the word. */
struct named {
	const char *name;
	uint32_t at;
};

struct reader {
	struct locate_hosts *hosts;
	const char **leaves;
	struct named *names; /* as many as there are hosts */
	const char *file;    /* NULL: they are words of the command line */
	uint32_t line;
	struct arena *arena;
};

bool locate_is_name(struct span word)
{
	static const char others[] = ".-_:%";

	if (word.length == 0 || word.length > LOCATE_NAME_MAXIMUM || word.at[0] == '-')
		return false;
	for (size_t i = 0; i < word.length; i++) {
		char c = word.at[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      (c != '\0' && strchr(others, c))))
			return false;
	}
	return true;
}

static bool refuse(const struct reader *reader, struct span word, const char *why,
		   struct error *err)
{
	int shown = (int)(word.length < 60 ? word.length : 60);

	if (!reader->file)
		return fail(err, ERROR_INVALID, "host %u, '%.*s': %s", reader->line, shown, word.at,
			    why);
	return fail(err, ERROR_INVALID, "%s:%u: '%.*s': %s", reader->file, reader->line, shown,
		    word.at, why);
}

static unsigned count_commas(struct span text)
{
	unsigned count = 0;

	for (size_t i = 0; i < text.length; i++)
		count += text.at[i] == ',';
	return count;
}

static bool read_addresses(struct reader *reader, struct span text, struct locate_host *host,
			   struct error *err)
{
	unsigned rails = count_commas(text) + 1;
	const char **addresses = ARENA_ARRAY(reader->arena, const char *, rails);
	struct span whole = text;
	struct span word;

	if (rails > LOCATE_RAILS_MAXIMUM)
		return refuse(reader, text, "too many addresses; one for each rail, 64 at most",
			      err);
	if (reader->hosts->count > 0 && rails != reader->hosts->rails)
		return refuse(reader, whole,
			      "it has not as many addresses as the first host; give one for each "
			      "rail, in the same order",
			      err);
	for (unsigned i = 0; i < rails; i++) {
		if (!span_cut(&text, ',', &word) || !locate_is_name(word))
			return refuse(reader, whole,
				      "that is no address; letters, digits and . - _ : %, with "
				      "commas between",
				      err);
		addresses[i] = arena_string(reader->arena, word);
	}
	reader->hosts->rails = rails;
	host->addresses = addresses;
	return true;
}

static bool read_leaf(struct reader *reader, struct span name, struct locate_host *host,
		      struct error *err)
{
	struct locate_hosts *hosts = reader->hosts;

	if (!locate_is_name(name))
		return refuse(reader, name,
			      "that is no name of a leaf; letters, digits and . - _ : %", err);
	for (uint32_t i = 0; i < hosts->leaf_count && host->leaf == LOCATE_NONE; i++)
		if (span_is(name, reader->leaves[i]))
			host->leaf = i;
	if (host->leaf != LOCATE_NONE)
		return true;
	host->leaf = hosts->leaf_count;
	reader->leaves[hosts->leaf_count++] = arena_string(reader->arena, name);
	return true;
}

static bool add(struct reader *reader, struct span name, struct span addresses, struct span leaf,
		struct error *err)
{
	struct locate_hosts *hosts = reader->hosts;
	struct locate_host host = { .leaf = LOCATE_NONE };

	if (!locate_is_name(name))
		return refuse(
			reader, name,
			"that is no name of a host; letters, digits and . - _ : %, not '-' first",
			err);
	if (hosts->count == LOCATE_ENDPOINTS_MAXIMUM)
		return refuse(reader, name, "too many hosts; look at parts of the cluster", err);
	host.name = arena_string(reader->arena, name);
	if (!read_addresses(reader, addresses.length > 0 ? addresses : name, &host, err) ||
	    (leaf.length > 0 && !read_leaf(reader, leaf, &host, err)))
		return false;
	hosts->are_all_leafed = hosts->are_all_leafed && host.leaf != LOCATE_NONE;
	reader->names[hosts->count] = (struct named){ host.name, reader->line };
	hosts->hosts[hosts->count++] = host;
	return true;
}

static int by_name(const void *a, const void *b)
{
	const struct named *first = a, *second = b;
	int order = strcmp(first->name, second->name);

	return order != 0 ? order : first->at < second->at ? -1 : first->at > second->at;
}

/* A host that is measured with itself is as fast as its memory. */
static bool check_addresses(const struct reader *reader, struct error *err)
{
	const struct locate_hosts *hosts = reader->hosts;
	size_t count = (size_t)hosts->count * hosts->rails;
	struct named *all = ARENA_ARRAY(reader->arena, struct named, count + 1);

	for (size_t i = 0; i < count; i++)
		all[i] = (struct named){ hosts->hosts[i / hosts->rails].addresses[i % hosts->rails],
					 reader->names[i / hosts->rails].at };
	qsort(all, count, sizeof(*all), by_name);
	for (size_t i = 1; i < count; i++) {
		if (strcmp(all[i - 1].name, all[i].name) != 0)
			continue;
		if (!reader->file)
			return fail(err, ERROR_CONFLICT,
				    "host %u has the address %s, and so has host %u, on this rail "
				    "or another; give each its own",
				    all[i].at, all[i].name, all[i - 1].at);
		return fail(err, ERROR_CONFLICT,
			    "%s:%u: the address %s is that of line %u too, on this rail or "
			    "another; give each its own",
			    reader->file, all[i].at, all[i].name, all[i - 1].at);
	}
	return true;
}

static bool check_names(const struct reader *reader, struct error *err)
{
	struct named *names = reader->names;

	qsort(names, reader->hosts->count, sizeof(*names), by_name);
	for (uint32_t i = 1; i < reader->hosts->count; i++) {
		if (strcmp(names[i - 1].name, names[i].name) != 0)
			continue;
		if (!reader->file)
			return fail(err, ERROR_CONFLICT,
				    "host %u, '%s', is named as host %u already; leave one out",
				    names[i].at, names[i].name, names[i - 1].at);
		return fail(err, ERROR_CONFLICT,
			    "%s:%u: host '%s' stands in line %u already; take one of the two out",
			    reader->file, names[i].at, names[i].name, names[i - 1].at);
	}
	return true;
}

static bool fail_few(const struct reader *reader, struct error *err)
{
	uint32_t count = reader->hosts->count;
	const char *one = count == 1 ? "" : "s";

	if (!reader->file)
		return fail(
			err, ERROR_INVALID,
			"%u host%s named: which end of a pair is slow is told from %d hosts and "
			"more; name others beside them",
			count, count == 1 ? " is" : "s are", LOCATE_ENDPOINTS_LEAST);
	return fail(err, ERROR_INVALID,
		    "%s: it names %u host%s, and which end of a pair is slow is told from %d hosts "
		    "and more; add others, one a line",
		    reader->file, count, one, LOCATE_ENDPOINTS_LEAST);
}

static void begin(struct reader *reader, size_t room)
{
	*reader->hosts = (struct locate_hosts){
		.hosts = ARENA_ARRAY(reader->arena, struct locate_host, room + 1),
		.are_all_leafed = true,
	};
	reader->leaves = ARENA_ARRAY(reader->arena, const char *, room + 1);
	reader->hosts->leaves = reader->leaves;
	reader->names = ARENA_ARRAY(reader->arena, struct named, room + 1);
}

static bool finish(const struct reader *reader, struct error *err)
{
	struct locate_hosts *hosts = reader->hosts;

	hosts->are_all_leafed = hosts->are_all_leafed && hosts->count > 0;
	if (hosts->count < LOCATE_ENDPOINTS_LEAST)
		return fail_few(reader, err);
	/* Who stands twice has all addresses twice. The order of lines is lost behind the names. */
	struct named *lines = ARENA_ARRAY(reader->arena, struct named, hosts->count);

	memcpy(lines, reader->names, hosts->count * sizeof(*lines));
	if (!check_names(reader, err))
		return false;
	memcpy(reader->names, lines, hosts->count * sizeof(*lines));
	return check_addresses(reader, err);
}

/* The next word of a line; empty at its end. */
static struct span next_word(struct span *rest)
{
	struct span word;

	*rest = span_trim(*rest);
	for (size_t i = 0; i < rest->length; i++) {
		if (rest->at[i] != ' ' && rest->at[i] != '\t')
			continue;
		word = (struct span){ rest->at, i };
		*rest = span_trim((struct span){ rest->at + i, rest->length - i });
		return word;
	}
	word = *rest;
	*rest = (struct span){ 0 };
	return word;
}

static bool read_line(struct reader *reader, struct span line, struct error *err)
{
	struct span rest, name, addresses, leaf = { 0 };

	(void)span_cut(&line, '#', &rest);
	if (rest.length > 0 && rest.at[rest.length - 1] == '\r')
		rest.length--;
	name = next_word(&rest);
	if (name.length == 0)
		return true;
	addresses = next_word(&rest);
	if (span_starts(addresses, "leaf=")) {
		leaf = addresses;
		addresses = (struct span){ 0 };
	} else {
		leaf = next_word(&rest);
	}
	if (rest.length > 0 || (leaf.length > 0 && !span_starts(leaf, "leaf=")))
		return refuse(reader, name, "a line is NAME [ADDRESS[,ADDRESS...]] [leaf=LEAF]",
			      err);
	if (leaf.length == strlen("leaf="))
		return refuse(reader, name, "leaf= has the name of a leaf behind it", err);
	if (leaf.length > 0)
		leaf = (struct span){ leaf.at + 5, leaf.length - 5 };
	return add(reader, name, addresses, leaf, err);
}

bool locate_hosts_read(struct span text, const char *file, struct arena *arena,
		       struct locate_hosts *ret_hosts, struct error *err)
{
	struct locate_hosts hosts;
	struct reader reader = { .hosts = &hosts, .file = file, .arena = arena };
	size_t lines = 1;
	struct span line;

	for (size_t i = 0; i < text.length; i++)
		lines += text.at[i] == '\n';
	begin(&reader, lines < LOCATE_ENDPOINTS_MAXIMUM ? lines : LOCATE_ENDPOINTS_MAXIMUM);
	while (span_cut(&text, '\n', &line)) {
		reader.line++;
		if (!read_line(&reader, line, err))
			return false;
	}
	if (!finish(&reader, err))
		return false;
	*ret_hosts = hosts;
	return true;
}

bool locate_hosts_of(const char *const *words, size_t count, struct arena *arena,
		     struct locate_hosts *ret_hosts, struct error *err)
{
	struct locate_hosts hosts;
	struct reader reader = { .hosts = &hosts, .arena = arena };

	begin(&reader, count);
	for (size_t i = 0; i < count; i++) {
		struct span addresses = span_of(words[i]);
		struct span name;

		reader.line++;
		if (!span_cut(&addresses, '=', &name))
			name = addresses;
		if (!add(&reader, name, addresses, (struct span){ 0 }, err))
			return false;
	}
	if (!finish(&reader, err))
		return false;
	*ret_hosts = hosts;
	return true;
}
