#include <string.h>

#include "host/system.h"
#include "probe/mpi_library.h"
#include "probe/mpi_module.h"
#include "probe/probe.h"
#include "probe/software_find.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	LIBRARIES_MAXIMUM = 32,
	FILES_MAXIMUM = 4096, /* of one folder */
	MODULE_BYTES_MAXIMUM = 64 << 10,
	ENVIRONMENT_MAXIMUM = 1 << 20,
};

/* Where libraries lie that the loader finds by itself or a module adds. "*" is each name in a
 * folder. */
static const char *const folders[] = {
	"/opt/hpcx/ompi/lib",
	"/opt/*/ompi/lib",
	"/opt/ohpc/pub/mpi/*/lib",
	"/opt/ohpc/pub/mpi/*/*/lib",
	"/usr/mpi/gcc/*/lib",
	"/usr/mpi/gcc/*/lib64",
	"/opt/amazon/openmpi/lib",
	"/opt/amazon/openmpi/lib64",
	"/opt/amazon/openmpi5/lib",
	"/opt/amazon/openmpi5/lib64",
	"/opt/intel/oneapi/mpi/*/lib",
	"/opt/intel/oneapi/mpi/*/lib/release",
	"/opt/mvapich/lib",
	"/opt/mvapich2/lib",
	"/usr/local/lib",
	"/usr/local/lib64",
	"/usr/lib64/openmpi/lib",
	"/usr/lib64/mpich/lib",
	"/usr/lib/x86_64-linux-gnu",
	"/usr/lib/aarch64-linux-gnu",
	"/usr/lib64",
};

/* Open MPI; and what has the interface of MPICH's library. */
static const char *const names[] = { "libmpi.so.40", "libmpi.so.12", "libmpich.so.12" };

static const char *const plugin_folders[] = {
	"/usr/lib/x86_64-linux-gnu/slurm-wlm",
	"/usr/lib/aarch64-linux-gnu/slurm-wlm",
	"/usr/lib/x86_64-linux-gnu/slurm",
	"/usr/lib/aarch64-linux-gnu/slurm",
	"/usr/lib64/slurm",
	"/usr/lib/slurm",
	"/opt/slurm/lib/slurm",
	"/opt/slurm/lib64/slurm",
	"/usr/local/lib/slurm",
};

struct search {
	struct host host; /* the request's, unrecorded: libraries do not go into a recording */
	struct arena *arena;
	struct sightings *sightings;
	const char *paths[LIBRARIES_MAXIMUM]; /* of libraries that were told */
	unsigned told;
};

static const char *join_support(unsigned support, struct arena *arena)
{
	SCOPED_TEXT(text);

	for (unsigned i = 0; i < MPI_SUPPORT_COUNT; i++)
		if (support & 1u << i)
			text_format(&text, "%s%s", text.length > 0 ? "+" : "",
				    mpi_support_words[i]);
	return text.length > 0 ? arena_string(arena, text_span(&text)) : "none";
}

/* Open MPI's plug-ins lie beside it. */
static unsigned support_beside(const struct search *search, const char *folder)
{
	const char *const *files = NULL;
	size_t count = 0;
	unsigned support = 0;

	if (!host_list(&search->host, arena_format(search->arena, "%s/openmpi", folder),
		       search->arena, &files, &count, NULL))
		return 0;
	for (size_t i = 0; i < count && i < FILES_MAXIMUM; i++)
		support |= mpi_support_of_file(files[i]);
	return support;
}

static void tell(struct search *search, const char *folder, const char *path)
{
	const char *device = arena_format(search->arena, "mpi:%s", path);
	struct library_texts texts;
	struct mpi_library library;
	struct error err = { 0 };

	for (unsigned i = 0; i < search->told; i++)
		if (strcmp(search->paths[i], path) == 0)
			return;
	if (search->told == LIBRARIES_MAXIMUM)
		return;
	search->paths[search->told++] = path;
	if (!library_texts_read(&search->host, path, search->arena, &texts, &err)) {
		(void)saw_unknown(search->sightings, NODE_MPI_LIBRARY, device, "%s", err.text);
		return;
	}
	library = mpi_library_of(&texts);
	if (!library.flavour) {
		(void)saw_unknown(search->sightings, NODE_MPI_LIBRARY, device,
				  "it names no MPI that is known");
		return;
	}
	(void)saw_state(search->sightings, NODE_MPI_LIBRARY, device,
			library.version.length > 0
				? arena_format(search->arena, "%s %.*s", library.flavour,
					       SPAN_ARGS(library.version))
				: library.flavour);
	(void)saw_state(
		search->sightings, NODE_MPI_SUPPORT, device,
		join_support(library.support | support_beside(search, folder), search->arena));
}

/* The first library that lies there; NULL for none. */
static const char *look_in(struct search *search, const char *folder)
{
	const char *first = NULL;

	for (size_t i = 0; i < COUNT(names); i++) {
		const char *path = arena_format(search->arena, "%s/%s", folder, names[i]);

		if (host_kind(&search->host, path) != HOST_FILE)
			continue;
		tell(search, folder, path);
		first = first ? first : path;
	}
	return first;
}

static void look_in_each(struct search *search, const char *pattern)
{
	const char *star = strchr(pattern, '*');
	const char *const *found = NULL;
	const char *above;
	size_t count = 0;

	if (!star) {
		(void)look_in(search, pattern);
		return;
	}
	above = arena_string(search->arena, (struct span){ pattern, (size_t)(star - pattern) });
	if (!host_list(&search->host, above, search->arena, &found, &count, NULL))
		return;
	/* "latest" leads to one of the others. */
	for (size_t i = 0; i < count && i < FILES_MAXIMUM; i++)
		if (strcmp(found[i], "latest") != 0)
			look_in_each(search, arena_format(search->arena, "%s%s%s", above, found[i],
							  star + 1));
}

/* A library in one of the folders that the modulefile names, or beside the modulefiles, as in
 * HPC-X; NULL. */
static const char *find_of_module(struct search *search, const struct mpi_module *module,
				  struct span text)
{
	static const char *const below[] = { "", "/lib", "/lib64", "/ompi/lib" };
	const char *named[MPI_MODULE_FOLDERS_MAXIMUM];
	size_t count = mpi_module_folders(text, search->arena, named);
	const char *slash = strrchr(module->root, '/'), *path;

	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < COUNT(below); k++) {
			path = look_in(search,
				       arena_format(search->arena, "%s%s", named[i], below[k]));
			if (path)
				return path;
		}
	return look_in(search, arena_format(search->arena, "%.*s/ompi/lib",
					    (int)(slash - module->root), module->root));
}

static void tell_module(struct search *search, const struct mpi_module *module)
{
	const char *device = arena_format(search->arena, "mpi-module:%s", module->path), *path;
	struct error err = { 0 };
	struct span text;

	(void)saw_state(search->sightings, NODE_MPI_MODULE, device, module->name);
	if (!host_peek(&search->host, module->path, MODULE_BYTES_MAXIMUM, search->arena, &text,
		       &err)) {
		(void)saw_unknown(search->sightings, NODE_MPI_MODULE_LIBRARY, device, "%s",
				  err.text);
		return;
	}
	path = find_of_module(search, module, text);
	if (path)
		(void)saw_state(search->sightings, NODE_MPI_MODULE_LIBRARY, device, path);
	else
		(void)saw_unknown(search->sightings, NODE_MPI_MODULE_LIBRARY, device,
				  "the modulefile names no folder in which a library of MPI was "
				  "found; it was not evaluated");
}

static struct span module_path(struct search *search)
{
	struct span rest, one, key;

	if (!host_peek(&search->host, "/proc/self/environ", ENVIRONMENT_MAXIMUM, search->arena,
		       &rest, NULL))
		return SPAN("");
	while (span_cut(&rest, '\0', &one))
		if (span_cut(&one, '=', &key) && span_is(key, "MODULEPATH"))
			return one;
	return SPAN("");
}

static void look_for_modules(struct search *search)
{
	struct mpi_module modules[MPI_MODULES_MAXIMUM];
	size_t count = mpi_modules_find(&search->host, module_path(search), search->arena, modules);

	for (size_t i = 0; i < count; i++)
		tell_module(search, &modules[i]);
}

/* "mpi_pmix_v4.so" stands for pmix_v4. True when the name is that of a plug-in which each Slurm
 * has, whether it starts MPI programs or not. */
static bool take_plugin(const char *name, struct text *launchers)
{
	static const char begins[] = "mpi_", ends[] = ".so";
	size_t length = strlen(name), around = sizeof(begins) - 1 + sizeof(ends) - 1;

	if (strncmp(name, "select_", 7) == 0)
		return true;
	if (strncmp(name, begins, sizeof(begins) - 1) != 0 || length <= around ||
	    strcmp(name + length - (sizeof(ends) - 1), ends) != 0)
		return false;
	text_format(launchers, "%s%.*s", launchers->length > 0 ? "+" : "", (int)(length - around),
		    name + sizeof(begins) - 1);
	return true;
}

/* A folder with plug-ins of others alone, as of Pyxis, tells nothing. */
static void look_for_launcher(struct search *search)
{
	bool has_slurm = false;
	SCOPED_TEXT(launchers);

	for (size_t i = 0; i < COUNT(plugin_folders) && !has_slurm; i++) {
		const char *const *files = NULL;
		size_t count = 0;

		if (!host_list(&search->host, plugin_folders[i], search->arena, &files, &count,
			       NULL))
			continue;
		for (size_t k = 0; k < count && k < FILES_MAXIMUM; k++)
			has_slurm |= take_plugin(files[k], &launchers);
	}
	if (has_slurm)
		(void)saw_state(search->sightings, NODE_MPI_LAUNCHER, NULL,
				launchers.length > 0 ? text_string(&launchers) : "none");
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	SCOPED_ARENA(scratch);
	struct search search = { .host = *request->host,
				 .arena = &scratch,
				 .sightings = sightings };

	if (!(request->shares & PROBE_FULL))
		return;
	search.host.recorder = NULL;
	for (size_t i = 0; i < COUNT(folders); i++)
		look_in_each(&search, folders[i]);
	look_for_modules(&search);
	look_for_launcher(&search);
	/* A recording has no libraries: that none is in it tells nothing. */
	if (search.told == 0 && !host_is_elsewhere(request->host))
		(void)saw_state(sightings, NODE_MPI_LIBRARY, NULL, "absent");
}

const struct probe probe_mpi = {
	.name = "mpi",
	.title = "MPI and what it was built with",
	.shares = PROBE_FULL,
	.look = look,
};
