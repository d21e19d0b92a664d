/*
 * Places where software lies, and the versions that names and small files tell. No folder is
 * searched: each place is a path.
 */
#pragma once

#include "host/system.h"

struct software_search {
	const struct host *host;
	struct arena *arena;
	const char *why; /* why the first place that could not be looked at; NULL when all could */
};

/* Lists of names are words with blanks between them. */

/* The path of the first program that is there: in the usual folders, or where an absolute path
 * says. NULL when there is none. */
const char *software_program(struct software_search *search, const char *names);

/* The path of the first of these absolute paths that is there; NULL when there is none. */
const char *software_path(struct software_search *search, const char *paths);

/* The path of the first of these libraries ("libnccl.so.2") that is there, in the folders of the
 * loader, of CUDA, ROCm and the vendors of clouds. Its version is what its own name, behind all
 * links, has behind ".so."; empty when that is only the number that stands in its name already. */
const char *software_library(struct software_search *search, const char *names,
			     struct span *ret_version);

/* The newest version that a name in one of the folders tells: the name is the version behind the
 * prefix. NULL when none does. */
const char *software_folder(struct software_search *search, const char *folders, const char *prefix,
			    struct span *ret_version);

/* The version in the first file that is there and has one: the first word of the text that is a
 * version, or the first behind the key. NULL without. */
const char *software_file(struct software_search *search, const char *paths, const char *key,
			  struct span *ret_version);

/* The first word of the text that is a version: two to six numbers with points, and perhaps a
 * suffix behind '-', '+', '~' or a letter; a 'v' before it is left out. Empty when there is none.
 */
struct span software_find_version(struct span text);

/* The value of "NAME": { … "version": "VALUE" } in version.json of CUDA; an empty span when there
 * is none. Fails when the text is no JSON. */
bool software_component(struct span json, const char *name, struct arena *arena,
			struct span *ret_version, struct error *err);
