#define _GNU_SOURCE /* memmem */

#include "probe/nccl_library.h"

#include <stdlib.h>
#include <string.h>

const char *const nccl_interface_words[NCCL_INTERFACE_COUNT] = {
	[NCCL_INTERFACE_NET] = "net",     [NCCL_INTERFACE_COLLNET] = "collnet",
	[NCCL_INTERFACE_TUNER] = "tuner", [NCCL_INTERFACE_PROFILER] = "profiler",
	[NCCL_INTERFACE_ENV] = "env",     [NCCL_INTERFACE_GIN] = "gin",
};

/* What the symbols of plug-ins begin with; the version follows. */
static const char *const prefixes[NCCL_INTERFACE_COUNT][2] = {
	[NCCL_INTERFACE_NET] = { "ncclNetPlugin_v" },
	[NCCL_INTERFACE_COLLNET] = { "ncclCollNetPlugin_v" },
	[NCCL_INTERFACE_TUNER] = { "ncclTunerPlugin_v" },
	[NCCL_INTERFACE_PROFILER] = { "ncclProfiler_v", "ncclProfilerPlugin_v" },
	[NCCL_INTERFACE_ENV] = { "ncclEnvPlugin_v" },
	[NCCL_INTERFACE_GIN] = { "ncclGinPlugin_v" },
};

static bool is_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool is_symbol(char c)
{
	return is_name(c) || (c >= 'a' && c <= 'z');
}

static void add_name(struct nccl_library *library, struct span name, struct arena *arena)
{
	if (name.length < 6 || name.at[name.length - 1] == '_' ||
	    library->name_count == NCCL_NAMES_MAXIMUM)
		return;
	if (!library->names)
		library->names = ARENA_ARRAY(arena, struct span, NCCL_NAMES_MAXIMUM);
	library->names[library->name_count++] = name;
}

/* A text that ends with a name of NCCL's, and holds no more of the name before: a whole text is one
 * that is asked for; within a message it may be a name that is no more. */
static void add_names(struct nccl_library *library, struct span bytes, struct arena *arena)
{
	static const char prefix[] = "NCCL_";
	const char *end = bytes.at + bytes.length, *at = bytes.at;

	while (at < end && (at = memmem(at, (size_t)(end - at), prefix, sizeof(prefix) - 1))) {
		const char *start = at;

		while (at < end && is_name(*at))
			at++;
		if (at < end && *at == '\0' && (start == bytes.at || !is_symbol(start[-1])))
			add_name(library, (struct span){ start, (size_t)(at - start) }, arena);
	}
}

static int compare(const void *a, const void *b)
{
	return span_compare(*(const struct span *)a, *(const struct span *)b);
}

static void sort_names(struct nccl_library *library)
{
	size_t kept = 0;

	if (library->name_count == 0)
		return;
	qsort(library->names, library->name_count, sizeof(*library->names), compare);
	for (size_t i = 0; i < library->name_count; i++)
		if (kept == 0 || !span_equal(library->names[kept - 1], library->names[i]))
			library->names[kept++] = library->names[i];
	library->name_count = kept;
}

/* The numbers with points that follow. */
static void find_version(struct nccl_library *library, struct span bytes)
{
	static const char prefix[] = "NCCL version ";
	const char *end = bytes.at + bytes.length, *at = bytes.at;

	while (library->version.length == 0 && at < end &&
	       (at = memmem(at, (size_t)(end - at), prefix, sizeof(prefix) - 1))) {
		size_t length = 0;

		at += sizeof(prefix) - 1;
		while (at + length < end && length < 32 &&
		       ((at[length] >= '0' && at[length] <= '9') || at[length] == '.'))
			length++;
		while (length > 0 && at[length - 1] == '.')
			length--;
		if (length > 0 && memchr(at, '.', length))
			library->version = (struct span){ at, length };
	}
}

static uint64_t find_interface(struct span bytes, const char *prefix)
{
	const char *end = bytes.at + bytes.length, *at = bytes.at;
	size_t length = strlen(prefix);
	uint64_t found = 0;

	while (at < end && (at = memmem(at, (size_t)(end - at), prefix, length))) {
		const char *start = at;
		size_t digits = 0;
		uint64_t version;

		at += length;
		while (at + digits < end && at[digits] >= '0' && at[digits] <= '9' && digits < 3)
			digits++;
		if ((start == bytes.at || !is_symbol(start[-1])) && at + digits < end &&
		    at[digits] == '\0' && span_to_u64((struct span){ at, digits }, &version) &&
		    version < NCCL_INTERFACE_VERSIONS)
			found |= UINT64_C(1) << version;
	}
	return found;
}

void nccl_library_add(struct nccl_library *library, struct span bytes, struct arena *arena)
{
	if (bytes.length == 0)
		return;
	add_names(library, bytes, arena);
	sort_names(library);
	find_version(library, bytes);
	for (unsigned i = 0; i < NCCL_INTERFACE_COUNT; i++)
		for (unsigned k = 0; k < 2 && prefixes[i][k]; k++)
			library->interfaces[i] |= find_interface(bytes, prefixes[i][k]);
}

bool nccl_library_knows(const struct nccl_library *library, struct span name)
{
	return library->name_count > 0 && bsearch(&name, library->names, library->name_count,
						  sizeof(*library->names), compare);
}

struct span nccl_library_nearest(const struct nccl_library *library, struct span name)
{
	struct span nearest = SPAN("");
	size_t least = NCCL_NEAR + 1;

	for (size_t i = 0; i < library->name_count; i++) {
		size_t edits = span_distance(name, library->names[i]);

		if (edits >= least)
			continue;
		least = edits;
		nearest = library->names[i];
	}
	return nearest;
}
