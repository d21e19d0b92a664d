#include <string.h>

#include "probe/look.h"
#include "probe/setting.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	INCLUDES_MAXIMUM = 16,
};

/* Keys of slurm.conf that are recorded. */
static const char *const keys[] = {
	"AccountingStorageType",
	"Epilog",
	"GresTypes",
	"HealthCheckInterval",
	"HealthCheckProgram",
	"MpiDefault",
	"PlugStackConfig",
	"ProctrackType",
	"Prolog",
	"ReturnToService",
	"TaskPlugin",
	"TaskProlog",
	"TopologyPlugin",
};

/* slurm.conf, or plugstack.conf, with the files that it includes. */
struct slurm {
	struct conf_files *files;
	struct arena *arena;
	const char *folder; /* of slurm.conf: where relative names begin */
	unsigned included;
	struct setting_list *list;
	struct span plugin; /* spank_pyxis.so, as plugstack.conf has it */
};

static const char *place_of(const struct slurm *slurm, struct span name)
{
	if (span_starts(name, "/"))
		return arena_string(slurm->arena, name);
	return arena_format(slurm->arena, "%s/%.*s", slurm->folder, SPAN_ARGS(name));
}

/* One file, or with a last part of '*' or "*.conf" those of a folder. */
static void include(struct slurm *slurm, struct span name, conf_reader *reader)
{
	const char *path = place_of(slurm, name), *last = strrchr(path, '/');
	const char *folder =
		arena_string(slurm->arena, (struct span){ path, (size_t)(last - path) });

	if (slurm->included++ >= INCLUDES_MAXIMUM) {
		if (!slurm->files->why)
			slurm->files->why = "there are more included files than are read";
		return;
	}
	if (strcmp(last, "/*") == 0)
		conf_folder(slurm->files, folder, "", reader, slurm);
	else if (last[1] == '*' && !strpbrk(last + 2, "*?["))
		conf_folder(slurm->files, folder, last + 2, reader, slurm);
	else if (!strpbrk(path, "*?["))
		(void)conf_file(slurm->files, path, reader, slurm);
	else if (!slurm->files->why)
		slurm->files->why =
			arena_format(slurm->arena, "'%.200s' is no pattern that is read", path);
}

static void read_slurm(void *context, const char *path, struct span text)
{
	struct slurm *slurm = context;
	struct conf conf = { text, CONF_COMMENT_ANYWHERE | CONF_JOINED, slurm->arena };
	struct span line, word, key, value;

	(void)path;
	while (conf_next(&conf, &line)) {
		struct span rest = line;

		if (conf_word(&rest, &word) && conf_same(word, "include") &&
		    conf_word(&rest, &word)) {
			include(slurm, word, read_slurm);
			continue;
		}
		while (conf_word(&line, &word))
			if (conf_pair(word, &key, &value))
				setting_put_expected(slurm->list, "slurm", key, value);
	}
}

static void read_plugins(void *context, const char *path, struct span text)
{
	static const char plugin[] = "spank_pyxis.so";
	struct slurm *slurm = context;
	struct conf conf = { text, CONF_COMMENT_ANYWHERE | CONF_JOINED, slurm->arena };
	struct span line, kind, name;
	size_t length = sizeof(plugin) - 1;

	(void)path;
	while (conf_next(&conf, &line)) {
		if (!conf_word(&line, &kind) || !conf_word(&line, &name))
			continue;
		if (conf_same(kind, "include"))
			include(slurm, name, read_plugins);
		else if (name.length >= length &&
			 memcmp(name.at + name.length - length, plugin, length) == 0)
			slurm->plugin = name;
	}
}

/* Where Slurm keeps its configuration: by hand, without a file of its own, built from source. */
static bool find_folder(struct slurm *slurm)
{
	static const char *const folders[] = { "/etc/slurm", "/run/slurm/conf", "/etc/slurm-llnl",
					       "/opt/slurm/etc", "/usr/local/etc" };

	for (size_t i = 0; i < COUNT(folders); i++) {
		slurm->folder = folders[i];
		if (conf_file(slurm->files, place_of(slurm, SPAN("slurm.conf")), read_slurm, slurm))
			return true;
	}
	slurm->folder = folders[0];
	return false;
}

/* Whether the programs that Slurm is told to run are there, each once. */
static void see_programs(const struct setting_look *look, const struct setting_list *list)
{
	static const char *const names[] = { "slurm:Epilog", "slurm:HealthCheckProgram",
					     "slurm:Prolog", "slurm:TaskProlog" };
	const char *seen[COUNT(names)];
	size_t count = 0;

	for (size_t i = 0; i < COUNT(names); i++) {
		const struct setting *setting = setting_find(list, names[i]);
		bool is_new = setting && setting->is_set && span_starts(setting->value, "/") &&
			      setting->value.length < 150;

		for (size_t k = 0; is_new && k < count; k++)
			is_new = !span_is(setting->value, seen[k]);
		if (!is_new)
			continue;
		seen[count] = arena_string(look->arena, setting->value);
		setting_see_file(look, seen[count++]);
	}
}

void settings_see_jobs(const struct setting_look *look)
{
	struct conf_files files = { .host = look->host, .arena = look->arena };
	struct setting_list *list = ARENA_NEW(look->arena, struct setting_list);
	struct slurm slurm = { .files = &files, .arena = look->arena, .list = list };
	struct setting pyxis = { .name = "plugstack:pyxis" };
	const struct setting *stack;

	list->arena = look->arena;
	for (size_t i = 0; i < COUNT(keys); i++)
		setting_expect(list, "slurm", keys[i]);
	(void)find_folder(&slurm);
	setting_list_see(look, list, files.why);
	see_programs(look, list);
	stack = setting_find(list, "slurm:PlugStackConfig");
	(void)conf_file(
		&files,
		place_of(&slurm, stack && stack->is_set ? stack->value : SPAN("plugstack.conf")),
		read_plugins, &slurm);
	pyxis.value = slurm.plugin;
	pyxis.is_set = slurm.plugin.length > 0;
	setting_see(look, &pyxis, files.why);
}
