#include <string.h>

#include "host/system.h"
#include "probe/library_texts.h"
#include "probe/nccl.h"
#include "probe/software_find.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	FOLDERS_MAXIMUM = 64, /* of LD_LIBRARY_PATH */
	COPIES_MAXIMUM = 16,
	PLUGIN_NAMES_MAXIMUM = 8,
};

/* A library of a host. */
struct place {
	const struct host *host;
	const char *path;
};

/* Adds what the library's constant texts and its symbols' names tell. */
static bool add_library(const struct place *place, struct arena *arena,
			struct nccl_library *library, struct error *err)
{
	struct library_texts texts;

	if (!library_texts_read(place->host, place->path, arena, &texts, err))
		return false;
	nccl_library_add(library, texts.constants, arena);
	/* Names of symbols hold no names of variables; interfaces they do. */
	nccl_library_add(library, texts.symbols, arena);
	return true;
}

static bool is_file(const struct host *host, const char *path)
{
	return host_kind(host, path) == HOST_FILE;
}

/* The name in one of the folders of LD_LIBRARY_PATH; NULL. */
static const char *in_library_path(const struct nccl_search *search, const char *name)
{
	struct span rest = nccl_variable(search, "LD_LIBRARY_PATH"), folder;

	for (unsigned i = 0; i < FOLDERS_MAXIMUM && span_cut(&rest, ':', &folder); i++) {
		const char *path;

		if (folder.length == 0 || folder.at[0] != '/')
			continue;
		path = arena_format(search->arena, "%.*s/%s", SPAN_ARGS(folder), name);
		if (is_file(&search->host, path))
			return path;
	}
	return NULL;
}

/* As the loader would find it, about. */
static const char *find_library(struct nccl_search *search, const char *name)
{
	struct software_search software = { &search->host, search->arena, NULL };
	const char *path = in_library_path(search, name);
	struct span version;

	return path ? path : software_library(&software, name, &version);
}

struct copies {
	const char *paths[COPIES_MAXIMUM];
	size_t count;
};

/* Packages of Python bring their own. */
static void find_copies_below(struct nccl_search *search, const char *base, struct copies *copies)
{
	static const char *const kinds[] = { "dist-packages", "site-packages" };
	const char *const *names = NULL;
	size_t count = 0;

	if (!host_list(&search->host, base, search->arena, &names, &count, NULL))
		return;
	for (size_t i = 0; i < count; i++) {
		if (strncmp(names[i], "python3", 7) != 0)
			continue;
		for (size_t k = 0; k < COUNT(kinds); k++) {
			const char *path =
				arena_format(search->arena, "%s/%s/%s/nvidia/nccl/lib/libnccl.so.2",
					     base, names[i], kinds[k]);

			if (copies->count < COPIES_MAXIMUM && is_file(&search->host, path))
				copies->paths[copies->count++] = path;
		}
	}
}

static void find_copies(struct nccl_search *search, struct copies *copies)
{
	static const char *const variables[] = { "VIRTUAL_ENV", "CONDA_PREFIX" };
	static const char *const bases[] = { "/usr/local/lib", "/usr/lib", "/opt/conda/lib" };

	for (size_t i = 0; i < COUNT(variables); i++) {
		struct span base = nccl_variable(search, variables[i]);

		if (base.length > 0 && base.at[0] == '/')
			find_copies_below(search,
					  arena_format(search->arena, "%.*s/lib", SPAN_ARGS(base)),
					  copies);
	}
	for (size_t i = 0; i < COUNT(bases); i++)
		find_copies_below(search, bases[i], copies);
}

static void tell_interfaces(struct nccl_search *search)
{
	for (unsigned i = 0; i < NCCL_INTERFACE_COUNT; i++) {
		uint64_t set = search->main.interfaces[i];
		SCOPED_TEXT(versions);

		for (unsigned k = 0; k < NCCL_INTERFACE_VERSIONS; k++)
			if (set & UINT64_C(1) << k)
				text_format(&versions, "%s%u", versions.length > 0 ? "+" : "", k);
		(void)saw_state(
			search->sightings, NODE_NCCL_INTERFACE,
			arena_format(search->arena, "nccl-interface:%s", nccl_interface_words[i]),
			versions.length > 0 ? text_string(&versions) : "none");
	}
}

static void tell_main(struct nccl_search *search, const struct place *place)
{
	struct sightings *sightings = search->sightings;
	struct error err = { 0 };

	(void)saw_state(sightings, NODE_NCCL_LIBRARY, NULL, place->path);
	if (!add_library(place, search->arena, &search->main, &err)) {
		(void)saw_unknown(sightings, NODE_NCCL_VERSION, NULL, "%s", err.text);
		return;
	}
	if (search->main.version.length > 0)
		(void)saw_state(sightings, NODE_NCCL_VERSION, NULL,
				arena_string(search->arena, search->main.version));
	else
		(void)saw_unknown(sightings, NODE_NCCL_VERSION, NULL, "'%s' names no version",
				  place->path);
	search->has_library = search->main.name_count > 0;
	tell_interfaces(search);
}

/* Another one than the first: only its version is of interest. */
static void tell_copy(struct nccl_search *search, const char *path)
{
	const struct place place = { &search->host, path };
	const char *device = arena_format(search->arena, "nccl-copy:%s", path);
	struct nccl_library library = { 0 };
	struct error err = { 0 };

	if (!add_library(&place, search->arena, &library, &err))
		(void)saw_unknown(search->sightings, NODE_NCCL_COPY, device, "%s", err.text);
	else if (library.version.length == 0)
		(void)saw_unknown(search->sightings, NODE_NCCL_COPY, device, "it names no version");
	else
		(void)saw_state(search->sightings, NODE_NCCL_COPY, device,
				arena_string(search->arena, library.version));
}

void nccl_find_libraries(struct nccl_search *search)
{
	const struct nccl_request *request = search->request;
	struct place place = { &search->host, find_library(search, "libnccl.so.2") };
	struct copies copies = { .count = 0 };
	size_t from = 0;

	if (request->library)
		place = (struct place){ request->files_host, request->library };
	else
		find_copies(search, &copies);
	if (!place.path && copies.count > 0)
		place.path = copies.paths[from++];
	if (!place.path) {
		(void)saw_state(search->sightings, NODE_NCCL_LIBRARY, NULL, "absent");
		return;
	}
	tell_main(search, &place);
	for (; from < copies.count; from++)
		tell_copy(search, copies.paths[from]);
}

/* A kind of plug-in: the file that NCCL looks for by itself, and what names another. */
static const struct {
	const char *kind, *variable;
} kinds[] = {
	{ "net", "NCCL_NET_PLUGIN" },
	{ "tuner", "NCCL_TUNER_PLUGIN" },
	{ "profiler", "NCCL_PROFILER_PLUGIN" },
	{ "env", "NCCL_ENV_PLUGIN" },
};

static void tell_plugin(struct nccl_search *search, const char *kind, const char *path)
{
	const struct place place = { &search->host, path };
	const char *device = arena_format(search->arena, "nccl-plugin:%s:%s", kind, path);
	struct nccl_library library = { 0 };
	struct error err = { 0 };
	SCOPED_TEXT(state);

	if (!add_library(&place, search->arena, &library, &err)) {
		(void)saw_unknown(search->sightings, NODE_NCCL_PLUGIN, device, "%s", err.text);
		return;
	}
	for (unsigned i = 0; i < NCCL_INTERFACE_COUNT; i++) {
		const char *join = ":";

		if (library.interfaces[i] == 0)
			continue;
		text_format(&state, "%s%s", state.length > 0 ? " " : "", nccl_interface_words[i]);
		for (unsigned k = 0; k < NCCL_INTERFACE_VERSIONS; k++) {
			if (!(library.interfaces[i] & UINT64_C(1) << k))
				continue;
			text_format(&state, "%s%u", join, k);
			join = "+";
		}
	}
	(void)saw_state(search->sightings, NODE_NCCL_PLUGIN, device,
			state.length > 0 ? text_string(&state) : "none");
	for (size_t i = 0; i < library.name_count; i++)
		if (!nccl_library_knows(&search->plugins, library.names[i]))
			nccl_library_add(
				&search->plugins,
				(struct span){ library.names[i].at, library.names[i].length + 1 },
				search->arena);
}

/* Where plug-ins lie that the loader does not find by itself. */
static const char *in_vendor_folder(struct nccl_search *search, const char *name)
{
	static const char *const folders[] = {
		"/opt/hpcx/nccl_rdma_sharp_plugin/lib",
		"/opt/nccl_rdma_sharp_plugin/lib",
		"/opt/amazon/ofi-nccl/lib",
		"/opt/amazon/ofi-nccl/lib64",
		"/opt/amazon/ofi-nccl/lib/x86_64-linux-gnu",
		"/opt/aws-ofi-nccl/lib",
		"/usr/local/gib/lib64",
		"/usr/local/nvidia/lib64",
	};

	for (size_t i = 0; i < COUNT(folders); i++) {
		const char *path = arena_format(search->arena, "%s/%s", folders[i], name);

		if (is_file(&search->host, path))
			return path;
	}
	return NULL;
}

/* The file of a plug-in that is called so: a path, a library's name, or the middle of one. */
static const char *find_plugin(struct nccl_search *search, const char *kind, struct span name)
{
	const char *word = arena_string(search->arena, name), *path;

	if (name.length > 0 && name.at[0] == '/')
		return is_file(&search->host, word) ? word : NULL;
	path = find_library(search, word);
	path = path ? path : in_vendor_folder(search, word);
	if (path)
		return path;
	word = arena_format(search->arena, "libnccl-%s-%s.so", kind, word);
	path = find_library(search, word);
	return path ? path : in_vendor_folder(search, word);
}

/* The value of the variable: of this process, else of a file that was read. */
static struct span named_plugins(const struct nccl_search *search, const char *variable)
{
	static const char *const places[] = { "env", "nccl-user", "nccl" };
	const struct sightings *sightings = search->sightings;

	for (size_t i = 0; i < COUNT(places); i++) {
		const char *device =
			arena_format(search->arena, "setting:%s:%s", places[i], variable);

		for (size_t k = 0; k < sightings->count; k++) {
			const struct record *record = &sightings->items[k];
			const char *about = record->subject.parts[SUBJECT_DEVICE];

			if (about && strcmp(about, device) == 0 && record->says == SAYS_STATE &&
			    strcmp(record->text, "unset") != 0)
				return span_of(record->text);
		}
	}
	return SPAN("");
}

static void find_kind(struct nccl_search *search, const char *kind, const char *variable)
{
	struct span rest = named_plugins(search, variable), name;
	const char *usual = arena_format(search->arena, "libnccl-%s.so", kind), *path;

	if (rest.length == 0) {
		path = find_library(search, usual);
		path = path ? path : in_vendor_folder(search, usual);
		if (path)
			tell_plugin(search, kind, path);
		return;
	}
	for (unsigned i = 0; i < PLUGIN_NAMES_MAXIMUM && span_cut(&rest, ',', &name); i++) {
		name = span_trim(name);
		if (name.length == 0 || span_is(name, "none") || span_is(name, "STATIC_PLUGIN"))
			continue;
		path = find_plugin(search, kind, name);
		if (path)
			tell_plugin(search, kind, path);
		else
			(void)saw_state(search->sightings, NODE_NCCL_PLUGIN,
					arena_format(search->arena, "nccl-plugin:%s:%.*s", kind,
						     SPAN_ARGS(name)),
					"missing");
	}
}

void nccl_find_plugins(struct nccl_search *search)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		find_kind(search, kinds[i].kind, kinds[i].variable);
}
