#include <string.h>

#include "probe/look.h"
#include "probe/nccl_file.h"
#include "probe/setting.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	ENVIRONMENT_MAXIMUM = 1 << 20, /* bytes of a process's environment */
	ATTESTED_MAXIMUM = 64,
};

/* Recorded even when it is not set: what checks ask for. */
static const char *const nccl_names[] = {
	"NCCL_ALGO",          "NCCL_CROSS_NIC",     "NCCL_DEBUG",
	"NCCL_IB_DISABLE",    "NCCL_IB_HCA",        "NCCL_IB_QPS_PER_CONNECTION",
	"NCCL_IB_TIMEOUT",    "NCCL_MIN_NCHANNELS", "NCCL_MAX_NCHANNELS",
	"NCCL_NTHREADS",      "NCCL_NET_GDR_LEVEL", "NCCL_NVLS_ENABLE",
	"NCCL_P2P_DISABLE",   "NCCL_PROTO",         "NCCL_SHM_DISABLE",
	"NCCL_SOCKET_IFNAME", "NCCL_TOPO_FILE",
};

static bool is_told(struct span name)
{
	return span_starts(name, "NCCL_") || span_starts(name, "UCX_") ||
	       span_starts(name, "OMPI_MCA_") || span_is(name, "CUDA_VISIBLE_DEVICES");
}

/* What NCCL itself takes the lines for; of a name the first counts. */
static void read_nccl(void *context, const char *path, struct span text)
{
	struct setting_list *list = context;
	struct nccl_file file = { .rest = text };
	struct nccl_line line;

	(void)path;
	while (nccl_file_next(&file, &line)) {
		const struct setting *before = setting_find(
			list, arena_format(list->arena, "nccl:%.*s", SPAN_ARGS(line.name)));

		if (!(line.faults & 1u << NCCL_NO_VALUE) && span_starts(line.name, "NCCL_") &&
		    !(before && before->is_set))
			setting_put(list, "nccl", line.name, line.value);
	}
}

/* "NAME=VALUE", or as a shell has it, "export NAME=VALUE". */
static void read_variables(void *context, const char *path, struct span text)
{
	struct setting_list *list = context;
	struct conf conf = { text, CONF_COMMENT_BEHIND_BLANK, list->arena };
	struct span line, key, value;

	(void)path;
	while (conf_next(&conf, &line)) {
		if (span_starts(line, "export "))
			line = span_trim((struct span){ line.at + 7, line.length - 7 });
		if (conf_pair(line, &key, &value) && is_told(key))
			setting_put(list, "env", key, value);
	}
}

/* The variables of this process, which are kept by no recorder: among them may be what is nobody's
 * business. */
static void read_own(const struct setting_look *look, struct setting_list *list)
{
	struct host unrecorded = *look->host;
	struct span text, one, key;

	unrecorded.recorder = NULL;
	if (!host_peek(&unrecorded, "/proc/self/environ", ENVIRONMENT_MAXIMUM, look->arena, &text,
		       NULL))
		return;
	while (span_cut(&text, '\0', &one))
		if (span_cut(&one, '=', &key) && is_told(key))
			setting_put(list, "env", key, one);
}

static struct setting_list *start(const struct setting_look *look, const char *where)
{
	struct setting_list *list = ARENA_NEW(look->arena, struct setting_list);

	list->arena = look->arena;
	for (size_t i = 0; i < COUNT(nccl_names); i++)
		setting_expect(list, where, nccl_names[i]);
	return list;
}

struct profile {
	struct arena *arena;
	char folders[SETTING_VALUE_MAXIMUM + 1]; /* joined by ':' */
	size_t length;
};

static bool is_usual(struct span folder)
{
	static const char *const usual[] = {
		"/usr/local/sbin", "/usr/local/bin",   "/usr/sbin", "/usr/bin", "/sbin", "/bin",
		"/usr/games",      "/usr/local/games", "/snap/bin"
	};

	for (size_t i = 0; i < COUNT(usual); i++)
		if (span_is(folder, usual[i]))
			return true;
	return false;
}

static bool has_folder(const struct profile *profile, struct span folder)
{
	struct span rest = { profile->folders, profile->length }, one;

	while (span_cut(&rest, ':', &one))
		if (span_equal(one, folder))
			return true;
	return false;
}

static void add_folder(struct profile *profile, struct span folder)
{
	if (folder.length < 2 || folder.at[0] != '/' || is_usual(folder) ||
	    has_folder(profile, folder) ||
	    profile->length + 1 + folder.length > SETTING_VALUE_MAXIMUM)
		return;
	if (profile->length > 0)
		profile->folders[profile->length++] = ':';
	memcpy(profile->folders + profile->length, folder.at, folder.length);
	profile->length += folder.length;
}

/* "/usr/local/cuda/bin:$PATH", "/x${PATH:+:${PATH}}": what begins with '/' and has no variable. */
static void add_folders(struct profile *profile, struct span value)
{
	static const char ends[] = ":\"' \t;${}()";

	while (value.length > 0) {
		size_t length = 0;

		while (length < value.length && value.at[length] != '\0' &&
		       !strchr(ends, value.at[length]))
			length++;
		/* A folder that goes on with a variable is another one. */
		if (length == value.length || value.at[length] != '$' ||
		    (length + 1 < value.length && value.at[length + 1] == '{'))
			add_folder(profile, (struct span){ value.at, length });
		length += length < value.length;
		value.at += length;
		value.length -= length;
	}
}

static void read_path(void *context, const char *path, struct span text)
{
	struct profile *profile = context;
	struct conf conf = { text, CONF_COMMENT_BEHIND_BLANK, profile->arena };
	struct span line, key, value, word;

	(void)path;
	while (conf_next(&conf, &line)) {
		word = line;
		if (span_starts(line, "export "))
			line = span_trim((struct span){ line.at + 7, line.length - 7 });
		if (conf_pair(line, &key, &value) && span_is(key, "PATH"))
			add_folders(profile, value);
		else if (conf_word(&word, &key) && span_is(key, "pathmunge") &&
			 conf_word(&word, &value))
			add_folder(profile, value);
	}
}

static void see_paths(const struct setting_look *look)
{
	struct setting cuda = { .name = "path:cuda" }, folders = { .name = "path:profile" };
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct profile *profile = ARENA_NEW(look->arena, struct profile);
	struct error err = { 0 };
	const char *real;

	if (host_real_path(look->host, "/usr/local/cuda", look->arena, &real, &err)) {
		cuda.value = span_of(real);
		cuda.is_set = true;
	}
	setting_see(look, &cuda,
		    err.code == ERROR_NONE || err.code == ERROR_MISSING ? NULL : err.text);
	profile->arena = look->arena;
	(void)conf_file(&files, "/etc/environment", read_path, profile);
	conf_folder(&files, "/etc/profile.d", ".sh", read_path, profile);
	folders.value = (struct span){ profile->folders, profile->length };
	folders.is_set = profile->length > 0;
	setting_see(look, &folders, files.why);
}

/* The file that NCCL takes for the machine's topology: what it was told, else where a cloud puts
 * one, else what lies among its files. */
static void see_topology(const struct setting_look *look, const struct setting *told[2])
{
	static const char usual[] = "/var/run/nvidia-topologyd/virtualTopology.xml";
	struct setting setting = { .name = "topology:nccl-file" };
	const char *const *names = NULL;
	struct error err = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < 2 && !setting.is_set; i++)
		if (told[i] && told[i]->is_set) {
			setting.value = told[i]->value;
			setting.is_set = true;
		}
	if (!setting.is_set && host_kind(look->host, usual) == HOST_FILE) {
		setting.value = span_of(usual);
		setting.is_set = true;
	}
	if (!setting.is_set)
		(void)host_list(look->host, "/etc/nccl", look->arena, &names, &count, &err);
	for (size_t i = 0; i < count && !setting.is_set; i++) {
		size_t length = strlen(names[i]);

		if (length > 4 && strcmp(names[i] + length - 4, ".xml") == 0) {
			setting.value =
				span_of(arena_format(look->arena, "/etc/nccl/%s", names[i]));
			setting.is_set = true;
		}
	}
	setting_see(look, &setting,
		    err.code == ERROR_NONE || err.code == ERROR_MISSING ? NULL : err.text);
}

void settings_see_environment(const struct setting_look *look)
{
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct conf_files variables = files;
	struct setting_list *nccl = start(look, "nccl"), *own = start(look, "env");
	const struct setting *told[2];

	(void)conf_file(&files, "/etc/nccl.conf", read_nccl, nccl);
	setting_list_see(look, nccl, files.why);
	setting_expect(own, "env", "CUDA_VISIBLE_DEVICES");
	(void)conf_file(&variables, "/etc/environment", read_variables, own);
	read_own(look, own);
	setting_list_see(look, own, variables.why);
	told[0] = setting_find(own, "env:NCCL_TOPO_FILE");
	told[1] = setting_find(nccl, "nccl:NCCL_TOPO_FILE");
	see_topology(look, told);
	see_paths(look);
}

static void read_attested(void *context, const char *path, struct span text)
{
	struct setting_list *list = context;
	struct conf conf = { text, 0, list->arena };
	struct span line, key, value;

	(void)path;
	while (list->count < ATTESTED_MAXIMUM && conf_next(&conf, &line))
		if (conf_pair(line, &key, &value) && value.length > 0)
			setting_put(list, "attest", key, value);
}

void settings_see_attested(const struct setting_look *look)
{
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct setting_list *list = ARENA_NEW(look->arena, struct setting_list);

	list->arena = look->arena;
	(void)conf_file(&files, "/etc/assay/attested", read_attested, list);
	setting_list_see(look, list, NULL);
	if (files.why)
		(void)saw_unknown(look->sightings, NODE_SETTING, "setting:attest", "%s", files.why);
}
