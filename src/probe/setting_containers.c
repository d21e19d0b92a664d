#include <string.h>

#include "base/json.h"
#include "probe/look.h"
#include "probe/setting.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The names of the runtimes, joined by ','. */
static struct span join_keys(const struct node *map, struct arena *arena)
{
	struct span joined = SPAN("");

	for (uint32_t i = 0; map && map->kind == NODE_MAP && i < map->count; i++)
		if (conf_is_name(map->keys[i].text) && joined.length < SETTING_VALUE_MAXIMUM)
			joined = span_of(arena_format(arena, "%.*s%s%.*s", SPAN_ARGS(joined),
						      joined.length > 0 ? "," : "",
						      SPAN_ARGS(map->keys[i].text)));
	return joined;
}

static void see_docker(const struct setting_look *look)
{
	static const char path[] = "/etc/docker/daemon.json";
	struct setting runtimes = { .name = "docker:runtimes" };
	struct setting usual = { .name = "docker:default-runtime" };
	struct error err = { 0 };
	const struct node *root = NULL, *name;
	const char *why = NULL;
	struct span text;

	if (!host_peek(look->host, path, CONF_FILE_MAXIMUM, look->arena, &text, &err))
		why = err.code != ERROR_MISSING ? err.text : NULL;
	else if (!json_read(text, path, 1, look->arena, &root, &err))
		why = err.text;
	runtimes.value = join_keys(node_find(root, "runtimes"), look->arena);
	runtimes.is_set = runtimes.value.length > 0;
	name = node_find(root, "default-runtime");
	if (name && name->kind == NODE_SCALAR) {
		usual.value = name->text;
		usual.is_set = true;
	}
	setting_see(look, &runtimes, why);
	setting_see(look, &usual, why);
}

static bool is_description(const char *name)
{
	static const char *const ends[] = { ".yaml", ".yml", ".json" };
	size_t length = strlen(name);

	for (size_t i = 0; i < COUNT(ends); i++)
		if (length > strlen(ends[i]) &&
		    strcmp(name + length - strlen(ends[i]), ends[i]) == 0)
			return strstr(name, "nvidia") != NULL;
	return false;
}

/* The first description of NVIDIA's devices for containers. */
static void see_devices(const struct setting_look *look)
{
	static const char *const folders[] = { "/etc/cdi", "/var/run/cdi" };
	struct setting setting = { .name = "cdi:nvidia" };
	const char *why = NULL;

	for (size_t i = 0; i < COUNT(folders) && !setting.is_set; i++) {
		const char *const *names = NULL;
		struct error err = { 0 };
		size_t count = 0;

		if (!host_list(look->host, folders[i], look->arena, &names, &count, &err) &&
		    err.code != ERROR_MISSING)
			why = arena_string(look->arena, span_of(err.text));
		for (size_t k = 0; k < count && !setting.is_set; k++) {
			if (!is_description(names[k]))
				continue;
			setting.value =
				span_of(arena_format(look->arena, "%s/%s", folders[i], names[k]));
			setting.is_set = true;
		}
	}
	setting_see(look, &setting, why);
}

/* In YAML the key begins a line of its own; in JSON it is at the top. */
static bool find_policy(struct span text, const char *path, struct setting *setting,
			struct arena *arena, struct error *err)
{
	struct conf conf = { text, CONF_COMMENT_BEHIND_BLANK, arena };
	const struct node *root, *policy;
	struct span line, key;

	if (span_starts(text, "{")) {
		if (!json_read(text, path, 1, arena, &root, err))
			return false;
		policy = node_find(root, "cpuManagerPolicy");
		if (policy && policy->kind == NODE_SCALAR) {
			setting->value = policy->text;
			setting->is_set = true;
		}
		return true;
	}
	while (conf_next(&conf, &line))
		if (span_cut(&line, ':', &key) && span_is(key, "cpuManagerPolicy") &&
		    conf_word(&line, &setting->value))
			setting->is_set = true;
	return true;
}

static void see_kubelet(const struct setting_look *look)
{
	static const char *const paths[] = { "/var/lib/kubelet/config.yaml",
					     "/etc/kubernetes/kubelet/config.json",
					     "/etc/kubernetes/kubelet/kubelet-config.json" };
	struct setting setting = { .name = "kubelet:cpuManagerPolicy" };
	const char *why = NULL;

	for (size_t i = 0; i < COUNT(paths) && !setting.is_set; i++) {
		struct error err = { 0 };
		struct span text;

		if (host_peek(look->host, paths[i], CONF_FILE_MAXIMUM, look->arena, &text, &err) &&
		    find_policy(text, paths[i], &setting, look->arena, &err))
			continue;
		if (err.code != ERROR_MISSING)
			why = arena_string(look->arena, span_of(err.text));
	}
	setting_see(look, &setting, why);
}

void settings_see_containers(const struct setting_look *look)
{
	see_docker(look);
	see_devices(look);
	see_kubelet(look);
}
