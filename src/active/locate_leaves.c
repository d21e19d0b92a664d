#include "active/locate_leaves.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Hosts of a fabric in the order of the first part of their names. */
struct known {
	struct span name, part;
	uint32_t unit;
};

static struct span first_part(struct span name)
{
	struct span part;

	(void)span_cut(&name, '.', &part);
	return part;
}

static int by_part(const void *a, const void *b)
{
	const struct known *first = a;
	const struct known *second = b;

	return span_compare(first->part, second->part);
}

static struct known *sort_known(const struct placement *placement, struct arena *scratch)
{
	struct known *known = ARENA_ARRAY(scratch, struct known, (size_t)placement->host_count + 1);

	for (uint32_t i = 0; i < placement->host_count; i++) {
		struct span name = span_of(placement->hosts[i].name);

		known[i] = (struct known){ name, first_part(name), placement->hosts[i].unit };
	}
	qsort(known, placement->host_count, sizeof(*known), by_part);
	return known;
}

/* NULL when nobody is called so, or only several by the first part. */
static const struct known *find(const struct known *known, uint32_t count, struct span name)
{
	struct span part = first_part(name);
	uint32_t low = 0;
	uint32_t high = count;
	uint32_t end;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (span_compare(known[middle].part, part) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < count && span_equal(known[end].part, part); end++)
		if (span_equal(known[end].name, name))
			return &known[end];
	return end == low + 1 ? &known[low] : NULL;
}

/* A leaf's name goes into names of devices: what is no plain word there is a number. */
static const char *leaf_name(const struct placement *placement, uint32_t unit, struct arena *arena)
{
	const char *name = placement->units[unit].name;

	return locate_is_name(span_of(name)) ? name : arena_format(arena, "leaf-%u", unit);
}

/* The leaf that stands for the unit, which is begun when it is none yet. */
static uint32_t leaf_of(struct locate_hosts *hosts, const char **names, uint32_t *leaf_of_unit,
			const struct placement *placement, uint32_t unit, struct arena *arena)
{
	if (leaf_of_unit[unit] == LOCATE_NONE) {
		leaf_of_unit[unit] = hosts->leaf_count;
		names[hosts->leaf_count++] = leaf_name(placement, unit, arena);
	}
	return leaf_of_unit[unit];
}

bool locate_hosts_place(struct locate_hosts *hosts, const struct placement *placement,
			struct arena *arena, struct error *err)
{
	SCOPED_ARENA(scratch);
	const struct known *known = sort_known(placement, &scratch);
	uint32_t *leaf_of_unit = ARENA_ARRAY(&scratch, uint32_t, (size_t)placement->unit_count + 1);
	const char **names = ARENA_ARRAY(arena, const char *, (size_t)placement->unit_count + 1);

	if (hosts->leaf_count > 0)
		return fail(err, ERROR_CONFLICT,
			    "the list of hosts tells leaves itself (leaf=%s): leave out those, or "
			    "the fabric",
			    hosts->leaves[0]);
	memset(leaf_of_unit, 0xff, ((size_t)placement->unit_count + 1) * sizeof(*leaf_of_unit));
	hosts->leaves = names;
	hosts->are_all_leafed = true;
	for (uint32_t i = 0; i < hosts->count; i++) {
		const struct known *one =
			find(known, placement->host_count, span_of(hosts->hosts[i].name));

		if (one && one->unit != UINT32_MAX)
			hosts->hosts[i].leaf =
				leaf_of(hosts, names, leaf_of_unit, placement, one->unit, arena);
		else
			hosts->are_all_leafed = false;
	}
	if (hosts->leaf_count == 0)
		return fail(err, ERROR_MISSING,
			    "the fabric has none of these hosts: it calls them as %s, and not as "
			    "%s; assay fabric describe says what names them",
			    placement->host_count > 0 ? placement->hosts[0].name : "nothing",
			    hosts->hosts[0].name);
	return true;
}

bool locate_hosts_placed(const struct placement *placement, struct arena *arena,
			 struct locate_hosts *ret_hosts, struct error *err)
{
	const char **words = ARENA_ARRAY(arena, const char *, (size_t)placement->host_count + 1);
	size_t count = 0;

	for (uint32_t i = 0; i < placement->host_count; i++)
		if (placement->hosts[i].unit != UINT32_MAX && !placement->hosts[i].is_unnamed &&
		    locate_is_name(span_of(placement->hosts[i].name)))
			words[count++] = placement->hosts[i].name;
	return locate_hosts_of(words, count, arena, ret_hosts, err) ||
	       fail_while(err, "%s", placement->source);
}

static uint32_t *sizes_of(const struct locate_hosts *hosts, struct arena *arena)
{
	uint32_t *sizes = ARENA_ARRAY(arena, uint32_t, (size_t)hosts->leaf_count + 1);

	for (uint32_t i = 0; i < hosts->count; i++)
		if (hosts->hosts[i].leaf != LOCATE_NONE)
			sizes[hosts->hosts[i].leaf]++;
	return sizes;
}

/* LOCATE_NONE: no leaf has hosts enough. */
static uint32_t largest_of(const struct locate_hosts *hosts, const uint32_t *sizes)
{
	uint32_t largest = 0;

	for (uint32_t i = 1; i < hosts->leaf_count; i++)
		largest = sizes[i] > sizes[largest] ? i : largest;
	return hosts->leaf_count > 0 && sizes[largest] >= LOCATE_ENDPOINTS_LEAST ? largest
										 : LOCATE_NONE;
}

static bool is_stray(const struct locate_hosts *hosts, const uint32_t *sizes, uint32_t host)
{
	uint32_t leaf = hosts->hosts[host].leaf;

	return leaf == LOCATE_NONE || sizes[leaf] < LOCATE_ENDPOINTS_LEAST;
}

/* *ret_first of them, where there is one. */
static uint32_t count_strays(const struct locate_hosts *hosts, const uint32_t *sizes,
			     uint32_t *ret_first)
{
	uint32_t count = 0;

	for (uint32_t i = 0; i < hosts->count; i++) {
		if (!is_stray(hosts, sizes, i))
			continue;
		*ret_first = count == 0 ? i : *ret_first;
		count++;
	}
	return count;
}

uint32_t *locate_groups(const struct locate_hosts *hosts, struct arena *arena)
{
	SCOPED_ARENA(scratch);
	const uint32_t *sizes = sizes_of(hosts, &scratch);
	uint32_t *groups = ARENA_ARRAY(arena, uint32_t, (size_t)hosts->count + 1);
	uint32_t largest = largest_of(hosts, sizes);
	uint32_t first, strays = count_strays(hosts, sizes, &first);

	if (largest == LOCATE_NONE)
		return NULL;
	for (uint32_t i = 0; i < hosts->count; i++) {
		groups[i] = hosts->hosts[i].leaf;
		if (is_stray(hosts, sizes, i))
			groups[i] = strays >= LOCATE_ENDPOINTS_LEAST ? hosts->leaf_count : largest;
	}
	return groups;
}

bool locate_has_ways(const struct locate_hosts *hosts)
{
	SCOPED_ARENA(scratch);

	return hosts->leaf_count >= LOCATE_ENDPOINTS_LEAST &&
	       largest_of(hosts, sizes_of(hosts, &scratch)) != LOCATE_NONE;
}

const char *locate_leaves_note(const struct locate_hosts *hosts, struct arena *arena)
{
	SCOPED_ARENA(scratch);
	SCOPED_TEXT(note);
	const uint32_t *sizes = sizes_of(hosts, &scratch);
	uint32_t first = 0, strays = count_strays(hosts, sizes, &first);

	if (hosts->leaf_count == 0)
		return "";
	if (largest_of(hosts, sizes) == LOCATE_NONE)
		return arena_format(arena,
				    "No leaf has %d hosts: hosts are paired whatever their leaf, "
				    "and a narrow uplink can look like a slow host.",
				    LOCATE_ENDPOINTS_LEAST);
	if (strays > 0)
		text_format(&note,
			    "%u host%s (%s%s) on no leaf, or on one of fewer than %d hosts: paired "
			    "across leaves, where a narrow uplink can look like a slow host. ",
			    strays, strays == 1 ? "" : "s", hosts->hosts[first].name,
			    strays > 1 ? ", …" : "", LOCATE_ENDPOINTS_LEAST);
	if (!locate_has_ways(hosts))
		text_format(&note, "The ways between %u %s are not judged: it takes %d leaves.",
			    hosts->leaf_count, hosts->leaf_count == 1 ? "leaf" : "leaves",
			    LOCATE_ENDPOINTS_LEAST);
	return arena_string(arena, span_trim(text_span(&note)));
}
