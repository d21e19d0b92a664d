#include "probe/mpi_module.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	FILES_MAXIMUM = 4096, /* of one folder */
	ROOTS_MAXIMUM = 128,
	PATH_MAXIMUM = 400, /* of a modulefile, so that a device can name it */
};

/* "*" is each name in a folder. */
static const char *const usual[] = {
	"/usr/share/modules/modulefiles",
	"/usr/share/Modules/modulefiles",
	"/usr/share/modulefiles",
	"/usr/share/lmod/lmod/modulefiles",
	"/usr/local/modulefiles",
	"/usr/local/Modules/modulefiles",
	"/etc/modulefiles",
	"/etc/environment-modules/modules",
	"/opt/modulefiles",
	"/opt/modules/modulefiles",
	"/opt/ohpc/pub/modulefiles",
	"/opt/ohpc/pub/moduledeps/*",
	"/cm/shared/modulefiles",
	"/cm/local/modulefiles",
	"/opt/*/modulefiles",
};

const char *mpi_module_flavour(struct span name)
{
	static const struct {
		const char *begins, *flavour;
	} flavours[] = {
		{ "openmpi", "openmpi" }, { "ompi", "openmpi" },     { "hpcx", "hpcx" },
		{ "mpich", "mpich" },     { "cray-mpich", "mpich" }, { "mvapich", "mvapich" },
		{ "intel-mpi", "intel" }, { "intelmpi", "intel" },   { "impi", "intel" },
	};

	for (size_t i = 0; i < COUNT(flavours); i++)
		if (span_starts(name, flavours[i].begins))
			return flavours[i].flavour;
	return NULL;
}

struct search {
	const struct host *host;
	struct arena *arena;
	struct mpi_module *modules;
	size_t count;
};

/* Without the ending of Lmod's files. */
static struct span plain(const char *name)
{
	struct span span = span_of(name);

	if (span.length > 4 && strcmp(name + span.length - 4, ".lua") == 0)
		span.length -= 4;
	return span;
}

static bool is_fit(const char *name)
{
	for (const char *at = name; *at; at++)
		if (*at <= ' ' || *at > '~')
			return false;
	return name[0] != '.' && name[0] != '\0' && strcmp(name, "default") != 0;
}

static void take(struct search *search, const char *root, const char *path, const char *name)
{
	if (search->count == MPI_MODULES_MAXIMUM || strlen(path) > PATH_MAXIMUM)
		return;
	for (size_t i = 0; i < search->count; i++)
		if (strcmp(search->modules[i].path, path) == 0)
			return;
	search->modules[search->count++] = (struct mpi_module){ path, name, root };
}

/* "openmpi/4.1.6"; below "mpi" the file's own name tells what it is: "mpi/openmpi-x86_64". */
static void look_at_versions(struct search *search, const char *root, const char *name)
{
	const char *folder = arena_format(search->arena, "%s/%s", root, name);
	const char *const *files = NULL;
	size_t count = 0;

	if (!host_list(search->host, folder, search->arena, &files, &count, NULL))
		return;
	for (size_t i = 0; i < count && i < FILES_MAXIMUM; i++) {
		const char *path = arena_format(search->arena, "%s/%s", folder, files[i]);
		struct span version = plain(files[i]);

		if (!is_fit(files[i]) || host_kind(search->host, path) != HOST_FILE ||
		    !(mpi_module_flavour(span_of(name)) || mpi_module_flavour(version)))
			continue;
		take(search, root, path,
		     arena_format(search->arena, "%s/%.*s", name, SPAN_ARGS(version)));
	}
}

static void look_below(struct search *search, const char *root)
{
	const char *const *names = NULL;
	size_t count = 0;

	if (!host_list(search->host, root, search->arena, &names, &count, NULL))
		return;
	for (size_t i = 0; i < count && i < FILES_MAXIMUM; i++) {
		const char *path = arena_format(search->arena, "%s/%s", root, names[i]);
		struct span name = plain(names[i]);
		bool is_any = strcmp(names[i], "mpi") == 0;

		if (!is_fit(names[i]) || !(is_any || mpi_module_flavour(name)))
			continue;
		if (host_kind(search->host, path) == HOST_FOLDER)
			look_at_versions(search, root, names[i]);
		else if (!is_any && host_kind(search->host, path) == HOST_FILE)
			take(search, root, path, arena_string(search->arena, name));
	}
}

static void look_below_each(struct search *search, const char *pattern)
{
	const char *star = strchr(pattern, '*');
	const char *const *names = NULL;
	const char *above;
	size_t count = 0;

	if (!star) {
		look_below(search, pattern);
		return;
	}
	above = arena_string(search->arena, (struct span){ pattern, (size_t)(star - pattern) });
	if (!host_list(search->host, above, search->arena, &names, &count, NULL))
		return;
	for (size_t i = 0; i < count && i < FILES_MAXIMUM; i++)
		if (is_fit(names[i]))
			look_below(search, arena_format(search->arena, "%s%s%s", above, names[i],
							star + 1));
}

size_t mpi_modules_find(const struct host *host, struct span module_path, struct arena *arena,
			struct mpi_module ret_modules[static MPI_MODULES_MAXIMUM])
{
	struct search search = { .host = host, .arena = arena, .modules = ret_modules };
	struct span root;

	for (unsigned i = 0; i < ROOTS_MAXIMUM && span_cut(&module_path, ':', &root); i++) {
		while (root.length > 1 && root.at[root.length - 1] == '/')
			root.length--;
		if (root.length > 1 && root.at[0] == '/')
			look_below(&search, arena_string(arena, root));
	}
	for (size_t i = 0; i < COUNT(usual); i++)
		look_below_each(&search, usual[i]);
	return search.count;
}

static bool is_of_path(char c)
{
	static const char others[] = "/._-+~";

	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr(others, c));
}

static bool is_known(const char *const *folders, size_t count, struct span folder)
{
	for (size_t i = 0; i < count; i++)
		if (span_is(folder, folders[i]))
			return true;
	return false;
}

/* A path begins behind a blank, a quote, a bracket or a sign, not behind a variable. */
static bool may_begin(struct span line, size_t at)
{
	return line.at[at] == '/' &&
	       (at == 0 ||
		(!is_of_path(line.at[at - 1]) && line.at[at - 1] != '}' && line.at[at - 1] != ')'));
}

size_t mpi_module_folders(struct span text, struct arena *arena,
			  const char *ret_folders[static MPI_MODULE_FOLDERS_MAXIMUM])
{
	size_t count = 0;
	struct span line;

	while (span_cut(&text, '\n', &line)) {
		line = span_trim(line);
		if (span_starts(line, "#") || span_starts(line, "--"))
			continue;
		for (size_t i = 0; i < line.length; i++) {
			size_t end = i;

			if (!may_begin(line, i))
				continue;
			while (end < line.length && is_of_path(line.at[end]))
				end++;
			struct span folder = { line.at + i, end - i };

			i = end;
			while (folder.length > 1 && folder.at[folder.length - 1] == '/')
				folder.length--;
			if (folder.length > 1 && folder.length <= PATH_MAXIMUM &&
			    count < MPI_MODULE_FOLDERS_MAXIMUM &&
			    !is_known(ret_folders, count, folder))
				ret_folders[count++] = arena_string(arena, folder);
		}
	}
	return count;
}
