#include <stdlib.h>
#include <string.h>

#include "probe/look.h"
#include "probe/probe.h"

#define EDAC "/sys/devices/system/edac"

enum {
	MEMINFO_MAXIMUM = 64 << 10,
	CONTROLLERS_MAXIMUM = 256,
	MODULES_MAXIMUM = 4096, /* of all controllers */
	KIB = 1024,
};

static void see_size(const struct look *look, struct span meminfo, const char *key,
		     enum measure measure)
{
	struct span size = line_value(meminfo, ':', key), number;
	uint64_t kib;

	if (span_cut(&size, ' ', &number) && span_to_u64(number, &kib) && span_is(size, "kB"))
		(void)saw_value(look->sightings, measure, NULL, (double)kib * KIB);
	else
		(void)saw_unknown(look->sightings, measure, NULL, "/proc/meminfo has no '%s' in kB",
				  key);
}

static void see_sizes(const struct look *look)
{
	struct error err = { 0 };
	struct span meminfo;

	if (!host_peek(look->host, "/proc/meminfo", MEMINFO_MAXIMUM, look->sightings->arena,
		       &meminfo, &err)) {
		(void)saw_unknown(look->sightings, NODE_MEMORY_TOTAL, NULL, "%s", err.text);
		(void)saw_unknown(look->sightings, NODE_MEMORY_AVAILABLE, NULL, "%s", err.text);
		return;
	}
	see_size(look, meminfo, "MemTotal", NODE_MEMORY_TOTAL);
	see_size(look, meminfo, "MemAvailable", NODE_MEMORY_AVAILABLE);
}

static bool is_numbered(const char *name, const char *word)
{
	size_t length = strlen(word);

	return strncmp(name, word, length) == 0 && name[length] >= '0' && name[length] <= '9';
}

/* One memory module, or what the driver takes for one. */
struct module {
	const char *controller, *folder; /* "mc0", "dimm3" */
	struct span label;               /* as the board is printed; may be empty */
};

struct modules {
	struct module *items;
	size_t count;
};

static int compare_labels(const void *left, const void *right)
{
	const struct module *a = left, *b = right;
	int order = span_compare(a->label, b->label);

	if (order != 0)
		return order;
	order = strcmp(a->controller, b->controller);
	return order != 0 ? order : strcmp(a->folder, b->folder);
}

/* The label of the board where it names one module alone. */
static const char *name_module(const struct modules *modules, size_t i, struct arena *arena)
{
	const struct module *module = &modules->items[i];
	bool is_alone = module->label.length > 0 && module->label.length < 120 &&
			(i == 0 || !span_equal(module->label, module[-1].label)) &&
			(i + 1 == modules->count || !span_equal(module->label, module[1].label));

	if (is_alone)
		return arena_format(arena, "dimm:%.*s", SPAN_ARGS(module->label));
	return arena_format(arena, "dimm:%s.%s", module->controller, module->folder);
}

static void see_counts(const struct look *look, const char *folder, const char *corrected,
		       const char *uncorrected)
{
	(void)look_value(look, look_path(look, "%s/%s", folder, corrected), NODE_EDAC_CORRECTED,
			 1.0);
	(void)look_value(look, look_path(look, "%s/%s", folder, uncorrected), NODE_EDAC_UNCORRECTED,
			 1.0);
}

/* Finds the modules of one controller; a driver that knows of none counts per controller. */
static size_t find_modules(const struct look *look, const char *controller, struct modules *modules)
{
	struct arena *arena = look->sightings->arena;
	const char *folder = arena_format(arena, EDAC "/mc/%s", controller);
	const char *const *names;
	size_t count = look_names(look->host, arena, folder, &names), found = 0;

	for (size_t i = 0; i < count && modules->count < MODULES_MAXIMUM; i++) {
		if (!is_numbered(names[i], "dimm") && !is_numbered(names[i], "rank"))
			continue;
		/* Old kernels have the folders and no counts in them. */
		if (host_kind(look->host, look_path(look, "%s/%s/dimm_ce_count", folder,
						    names[i])) == HOST_NOTHING)
			continue;
		modules->items[modules->count++] = (struct module){
			.controller = controller,
			.folder = names[i],
			.label = look_text(
				look->host, arena,
				arena_format(arena, "%s/%s/dimm_label", folder, names[i])),
		};
		found++;
	}
	return found;
}

/* What the driver could not assign to a module is counted for its controller; so is everything
 * when it knows no modules. Nothing is counted twice. */
static void see_controller(const struct look *look, const char *controller, struct modules *modules)
{
	const char *folder = look_path(look, EDAC "/mc/%s", controller);
	size_t found = find_modules(look, controller, modules);
	struct look own = *look;

	own.device = look_path(look, "mc:%s", controller);
	if (found > 0)
		see_counts(&own, folder, "ce_noinfo_count", "ue_noinfo_count");
	else
		see_counts(&own, folder, "ce_count", "ue_count");
}

static void see_edac(const struct look *look)
{
	struct arena *arena = look->sightings->arena;
	struct modules modules = { NULL, 0 };
	struct error err = { 0 };
	const char *const *names;
	size_t count = 0, controllers = 0;

	/* No folder: no driver, and nothing that reports errors. */
	if (!host_list(look->host, EDAC "/mc", arena, &names, &count, &err) &&
	    err.code != ERROR_MISSING) {
		(void)saw_unknown(look->sightings, NODE_EDAC_CONTROLLERS, NULL, "%s", err.text);
		return;
	}
	if (count > 0)
		modules.items = ARENA_ARRAY(arena, struct module, MODULES_MAXIMUM);
	for (size_t i = 0; i < count && controllers < CONTROLLERS_MAXIMUM; i++) {
		if (!is_numbered(names[i], "mc"))
			continue;
		controllers++;
		see_controller(look, names[i], &modules);
	}
	(void)saw_value(look->sightings, NODE_EDAC_CONTROLLERS, NULL, (double)controllers);
	if (modules.count > 1)
		qsort(modules.items, modules.count, sizeof(*modules.items), compare_labels);
	for (size_t i = 0; i < modules.count; i++) {
		const struct module *module = &modules.items[i];
		struct look own = *look;

		own.device = name_module(&modules, i, arena);
		see_counts(&own,
			   look_path(look, EDAC "/mc/%s/%s", module->controller, module->folder),
			   "dimm_ce_count", "dimm_ue_count");
	}
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	const struct look look = { request->host, sightings, NULL, MISSING_IS_UNKNOWN };

	if (request->shares & PROBE_QUICK)
		see_sizes(&look);
	if (request->shares & (PROBE_QUICK | PROBE_COUNTERS))
		see_edac(&look);
}

const struct probe probe_memory = {
	.name = "memory",
	.title = "memory and its errors",
	.shares = PROBE_QUICK | PROBE_COUNTERS,
	.look = look,
};
