#include <string.h>

#include "probe/cpu_list.h"
#include "probe/look.h"
#include "probe/probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define CPUS "/sys/devices/system/cpu"
#define NODES "/sys/devices/system/node"

enum {
	/* The first processor's block of /proc/cpuinfo has about 3 KiB. Reading on costs: the
	 * kernel measures the clock of each processor that it shows. */
	INFO_MAXIMUM = 16 << 10,
	LIST_MAXIMUM = 64 << 10,
	GOVERNORS_MAXIMUM = 16,
	VULNERABILITIES_MAXIMUM = 256,
	KIB = 1024,
};

static struct look look_at(const struct probe_request *request, struct sightings *sightings,
			   const char *device, enum look_missing missing)
{
	return (struct look){ request->host, sightings, device, missing };
}

/* Arm's processors name themselves by number. Of Arm's Main ID Register, as `lscpu` translates. */
static const struct {
	const char *implementer, *part, *name;
} arm_cores[] = {
	{ "0x41", "0xd0c", "Arm Neoverse-N1" },   { "0x41", "0xd40", "Arm Neoverse-V1" },
	{ "0x41", "0xd49", "Arm Neoverse-N2" },   { "0x41", "0xd4f", "Arm Neoverse-V2" },
	{ "0x41", "0xd83", "Arm Neoverse-V3AE" }, { "0x41", "0xd84", "Arm Neoverse-V3" },
	{ "0x41", "0xd8e", "Arm Neoverse-N3" },   { "0xc0", "0xac3", "Ampere-1" },
	{ "0xc0", "0xac4", "Ampere-1a" },         { "0x4e", "0x004", "NVIDIA Carmel" },
};

static void see_model(struct span info, struct sightings *sightings)
{
	struct span model = line_value(info, ':', "model name");
	struct span implementer = line_value(info, ':', "CPU implementer");
	struct span part = line_value(info, ':', "CPU part");

	if (model.length == 0)
		model = line_value(info, ':', "cpu"); /* POWER */
	if (model.length > 0) {
		(void)saw_state(sightings, NODE_CPU_MODEL, NULL,
				arena_string(sightings->arena, model));
		return;
	}
	for (size_t i = 0; i < COUNT(arm_cores); i++) {
		if (!span_is(implementer, arm_cores[i].implementer) ||
		    !span_is(part, arm_cores[i].part))
			continue;
		(void)saw_state(sightings, NODE_CPU_MODEL, NULL, arm_cores[i].name);
		return;
	}
	if (implementer.length > 0)
		(void)saw_state(sightings, NODE_CPU_MODEL, NULL,
				arena_format(sightings->arena, "implementer %.*s part %.*s",
					     SPAN_ARGS(implementer), SPAN_ARGS(part)));
	else
		(void)saw_unknown(sightings, NODE_CPU_MODEL, NULL,
				  "/proc/cpuinfo names no processor");
}

/* The flags that checks ask for; only x86 has them. */
static void see_flags(struct span info, struct sightings *sightings)
{
	static const char *const names[] = { "constant_tsc", "hypervisor", "nonstop_tsc", "svm",
					     "vmx" };
	bool present[COUNT(names)] = { false };
	struct span flags = line_value(info, ':', "flags"), flag;

	if (flags.length == 0)
		return;
	while (span_cut(&flags, ' ', &flag))
		for (size_t i = 0; i < COUNT(names); i++)
			present[i] |= span_is(flag, names[i]);
	for (size_t i = 0; i < COUNT(names); i++)
		(void)saw_state(sightings, NODE_CPU_FLAG,
				arena_format(sightings->arena, "flag:%s", names[i]),
				present[i] ? "present" : "absent");
}

static void see_info(const struct probe_request *request, struct sightings *sightings)
{
	struct error err = { 0 };
	struct span info, microcode;

	if (!host_peek_start(request->host, "/proc/cpuinfo", INFO_MAXIMUM, sightings->arena, &info,
			     &err)) {
		(void)saw_unknown(sightings, NODE_CPU_MODEL, NULL, "%s", err.text);
		return;
	}
	see_model(info, sightings);
	see_flags(info, sightings);
	microcode = line_value(info, ':', "microcode");
	if (microcode.length > 0)
		(void)saw_state(sightings, NODE_CPU_MICROCODE, NULL,
				arena_string(sightings->arena, microcode));
}

/* False with the reason when the file is no list of processors, or an empty one. */
static bool read_list(const struct probe_request *request, struct arena *arena, const char *path,
		      struct cpu_list *ret_list, struct error *err)
{
	struct span text;

	if (!host_peek(request->host, path, LIST_MAXIMUM, arena, &text, err))
		return false;
	if (!cpu_list_parse(text, ret_list))
		return fail(err, ERROR_PARSE, "'%s' is no list of processors: '%.*s'", path,
			    text.length < 60 ? (int)text.length : 60, text.at);
	if (ret_list->count == 0)
		return fail(err, ERROR_PARSE, "'%s' names no processor", path);
	return true;
}

/* How many sets the processors fall into, by a list that each of them has under the first or, on
 * older kernels, the second name. */
static bool count_sets(const struct probe_request *request, struct arena *arena,
		       const struct cpu_list *online, const char *const names[static 2],
		       unsigned *ret_count, struct error *err)
{
	struct cpu_list left = *online;
	unsigned count = 0;

	while (left.count > 0) {
		unsigned cpu = cpu_list_next(&left, 0);
		const char *folder = arena_format(arena, CPUS "/cpu%u/topology", cpu);
		const char *first = arena_format(arena, "%s/%s", folder, names[0]);
		const char *second = arena_format(arena, "%s/%s", folder, names[1]);
		struct cpu_list set;

		if (!read_list(request, arena, first, &set, err) &&
		    !read_list(request, arena, second, &set, err))
			return false;
		if (!cpu_list_has(&set, cpu))
			return fail(err, ERROR_PARSE,
				    "the topology of processor %u does not name itself", cpu);
		cpu_list_remove(&left, &set);
		count++;
	}
	*ret_count = count;
	return true;
}

/* The kernel's word first; without it, threads that share a core. */
static void see_threading(const struct probe_request *request, struct sightings *sightings,
			  unsigned threads, unsigned cores)
{
	struct span control = look_text(request->host, sightings->arena, CPUS "/smt/control");
	const char *state = NULL;

	if (cores > 0 && threads > cores)
		state = "on";
	else if (span_is(control, "off") || span_is(control, "forceoff"))
		state = "off";
	else if (span_is(control, "notsupported") || span_is(control, "notimplemented"))
		state = "absent";
	else if (span_is(control, "on") && cores > 0)
		state = "absent"; /* allowed, and yet each core has one thread */
	if (state)
		(void)saw_state(sightings, NODE_CPU_THREADING, NULL, state);
	else
		(void)saw_unknown(sightings, NODE_CPU_THREADING, NULL,
				  "neither the topology nor the kernel tells");
}

static void see_topology(const struct probe_request *request, struct sightings *sightings,
			 const struct cpu_list *online)
{
	static const char *const core_names[] = { "core_cpus_list", "thread_siblings_list" };
	static const char *const package_names[] = { "package_cpus_list", "core_siblings_list" };
	struct error err = { 0 };
	unsigned packages = 0, cores = 0;

	if (count_sets(request, sightings->arena, online, package_names, &packages, &err))
		(void)saw_value(sightings, NODE_CPU_PACKAGES, NULL, packages);
	else
		(void)saw_unknown(sightings, NODE_CPU_PACKAGES, NULL, "%s", err.text);
	if (count_sets(request, sightings->arena, online, core_names, &cores, &err))
		(void)saw_value(sightings, NODE_CPU_CORES, NULL, cores);
	else
		(void)saw_unknown(sightings, NODE_CPU_CORES, NULL, "%s", err.text);
	see_threading(request, sightings, online->count, cores);
}

static void see_counts(const struct probe_request *request, struct sightings *sightings)
{
	struct error err = { 0 };
	struct cpu_list present, online;

	if (read_list(request, sightings->arena, CPUS "/present", &present, &err))
		(void)saw_value(sightings, NODE_CPU_THREADS, NULL, present.count);
	else
		(void)saw_unknown(sightings, NODE_CPU_THREADS, NULL, "%s", err.text);
	if (!read_list(request, sightings->arena, CPUS "/online", &online, &err)) {
		static const enum measure lost[] = { NODE_CPU_ONLINE, NODE_CPU_PACKAGES,
						     NODE_CPU_CORES, NODE_CPU_THREADING };

		for (size_t i = 0; i < COUNT(lost); i++)
			(void)saw_unknown(sightings, lost[i], NULL, "%s", err.text);
		return;
	}
	(void)saw_value(sightings, NODE_CPU_ONLINE, NULL, online.count);
	see_topology(request, sightings, &online);
}

struct governors {
	struct {
		const char *name;
		unsigned threads;
	} items[GOVERNORS_MAXIMUM];
	unsigned count, beyond;
};

static void count_governor(struct governors *governors, const char *name, unsigned threads)
{
	unsigned i = 0;

	while (i < governors->count && strcmp(governors->items[i].name, name) != 0)
		i++;
	if (i == GOVERNORS_MAXIMUM) {
		governors->beyond += threads;
		return;
	}
	if (i == governors->count)
		governors->items[governors->count++].name = name;
	governors->items[i].threads += threads;
}

/* Threads of a policy: "0 1 2 3", of those that are online. */
static unsigned count_threads(const struct probe_request *request, struct arena *arena,
			      const char *policy)
{
	struct span text, word;
	unsigned count = 0;
	const char *path = arena_format(arena, CPUS "/cpufreq/%s/affected_cpus", policy);

	if (!host_peek(request->host, path, LIST_MAXIMUM, arena, &text, NULL))
		return 0;
	while (span_cut(&text, ' ', &word))
		count += word.length > 0 && word.at[0] >= '0' && word.at[0] <= '9';
	return count;
}

/* The names of policies among those of the folder. */
static size_t find_policies(const struct probe_request *request, struct arena *arena,
			    const char *const **ret_policies)
{
	const char *const *names;
	size_t count = look_names(request->host, arena, CPUS "/cpufreq", &names), found = 0;
	const char **policies = ARENA_ARRAY(arena, const char *, count);

	for (size_t i = 0; i < count && found < CPU_LIST_MAXIMUM; i++)
		if (strncmp(names[i], "policy", 6) == 0 && names[i][6] >= '0' && names[i][6] <= '9')
			policies[found++] = names[i];
	*ret_policies = policies;
	return found;
}

static void see_governors(const struct probe_request *request, struct sightings *sightings,
			  const char *const *policies, size_t count)
{
	struct arena *arena = sightings->arena;
	struct governors governors = { .count = 0 };
	struct cpu_list online = { .count = 0 };
	struct error err = { 0 };

	/* As many policies as threads: each has one, and its list need not be read. */
	(void)read_list(request, arena, CPUS "/online", &online, NULL);
	for (size_t i = 0; i < count; i++) {
		struct span name;
		unsigned threads = 1;

		if (count != online.count)
			threads = count_threads(request, arena, policies[i]);
		if (threads == 0)
			continue; /* all its threads are offline */
		if (host_value(
			    request->host,
			    arena_format(arena, CPUS "/cpufreq/%s/scaling_governor", policies[i]),
			    arena, &name, &err))
			count_governor(&governors, arena_string(arena, name), threads);
	}
	for (unsigned i = 0; i < governors.count; i++)
		(void)saw_value(sightings, NODE_CPU_GOVERNOR,
				arena_format(arena, "governor:%s", governors.items[i].name),
				governors.items[i].threads);
	if (governors.beyond > 0)
		(void)saw_unknown(sightings, NODE_CPU_GOVERNOR, NULL,
				  "%u threads have further governors; %d are told apart",
				  governors.beyond, GOVERNORS_MAXIMUM);
	else if (err.code != ERROR_NONE)
		(void)saw_unknown(sightings, NODE_CPU_GOVERNOR, NULL, "%s", err.text);
}

static bool read_khz(const struct probe_request *request, struct arena *arena, const char *policy,
		     const char *file, uint64_t *ret_khz)
{
	struct span text;
	const char *path = arena_format(arena, CPUS "/cpufreq/%s/%s", policy, file);

	return host_value(request->host, path, arena, &text, NULL) && span_to_u64(text, ret_khz);
}

/* Of the policy that is held down most: the highest frequency that its governor may choose, and
 * that its processors can reach. Cores differ in what they can reach. */
static void see_frequency(const struct probe_request *request, struct sightings *sightings,
			  const char *const *policies, size_t count)
{
	uint64_t worst_limit = 0, worst_maximum = 0, last_limit = 0, last_maximum = 0;

	for (size_t i = 0; i < count; i++) {
		uint64_t maximum, limit;

		if (!read_khz(request, sightings->arena, policies[i], "scaling_max_freq", &maximum))
			continue;
		/* The same as the one before is the usual case, and need not be asked again. */
		limit = last_limit;
		if ((maximum != last_maximum || last_limit == 0) &&
		    (!read_khz(request, sightings->arena, policies[i], "cpuinfo_max_freq",
			       &limit) ||
		     limit == 0))
			continue;
		last_limit = limit;
		last_maximum = maximum;
		if (worst_limit > 0 &&
		    (double)maximum / (double)limit >= (double)worst_maximum / (double)worst_limit)
			continue;
		worst_limit = limit;
		worst_maximum = maximum;
	}
	if (worst_limit == 0) {
		(void)saw_unknown(sightings, NODE_CPU_FREQUENCY_MAXIMUM, NULL,
				  "no policy of " CPUS "/cpufreq tells its frequencies");
		return;
	}
	(void)saw_value(sightings, NODE_CPU_FREQUENCY_MAXIMUM, NULL, (double)worst_maximum / 1e3);
	(void)saw_value(sightings, NODE_CPU_FREQUENCY_LIMIT, NULL, (double)worst_limit / 1e3);
}

/* A machine whose clocks the firmware or the hypervisor keeps has no policies: nothing is seen. */
static void see_policies(const struct probe_request *request, struct sightings *sightings)
{
	const char *const *policies;
	size_t count = find_policies(request, sightings->arena, &policies);

	if (count == 0)
		return;
	see_governors(request, sightings, policies, count);
	see_frequency(request, sightings, policies, count);
}

static void see_vulnerabilities(const struct probe_request *request, struct sightings *sightings)
{
	const char *const *names;
	size_t count = look_names(request->host, sightings->arena, CPUS "/vulnerabilities", &names);

	for (size_t i = 0; i < count && i < VULNERABILITIES_MAXIMUM; i++) {
		const char *device = arena_format(sightings->arena, "vulnerability:%s", names[i]);
		struct look look = look_at(request, sightings, device, MISSING_IS_UNKNOWN);

		(void)look_state(&look, look_path(&look, CPUS "/vulnerabilities/%s", names[i]),
				 NODE_CPU_VULNERABILITY);
	}
}

/* "Node 0 MemTotal:       65536 kB" */
static void see_numa_memory(const struct probe_request *request, struct sightings *sightings,
			    const char *device, unsigned node)
{
	struct arena *arena = sightings->arena;
	const char *path = arena_format(arena, NODES "/node%u/meminfo", node);
	struct error err = { 0 };
	struct span text, size, number;
	uint64_t kib;

	if (!host_peek(request->host, path, LIST_MAXIMUM, arena, &text, &err)) {
		(void)saw_unknown(sightings, NODE_NUMA_MEMORY, device, "%s", err.text);
		return;
	}
	size = line_value(text, ':', arena_format(arena, "Node %u MemTotal", node));
	if (span_cut(&size, ' ', &number) && span_to_u64(number, &kib) && span_is(size, "kB"))
		(void)saw_value(sightings, NODE_NUMA_MEMORY, device, (double)kib * KIB);
	else
		(void)saw_unknown(sightings, NODE_NUMA_MEMORY, device,
				  "'%s' has no 'MemTotal' in kB", path);
}

static void see_numa(const struct probe_request *request, struct sightings *sightings)
{
	struct arena *arena = sightings->arena;
	struct error err = { 0 };
	struct cpu_list nodes;

	if (!read_list(request, arena, NODES "/online", &nodes, &err)) {
		(void)saw_unknown(sightings, NODE_NUMA_NODES, NULL, "%s", err.text);
		return;
	}
	(void)saw_value(sightings, NODE_NUMA_NODES, NULL, nodes.count);
	for (unsigned node = cpu_list_next(&nodes, 0); node < CPU_LIST_MAXIMUM;
	     node = cpu_list_next(&nodes, node + 1)) {
		const char *device = arena_format(arena, "numa:%u", node);
		const char *path = arena_format(arena, NODES "/node%u/cpulist", node);
		struct cpu_list threads;
		struct span text;

		see_numa_memory(request, sightings, device, node);
		/* A node of memory alone has an empty list. */
		if (host_peek(request->host, path, LIST_MAXIMUM, arena, &text, &err) &&
		    cpu_list_parse(text, &threads))
			(void)saw_value(sightings, NODE_NUMA_THREADS, device, threads.count);
		else
			(void)saw_unknown(sightings, NODE_NUMA_THREADS, device, "%s",
					  err.code == ERROR_NONE ? "no list of processors"
								 : err.text);
	}
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	if (request->shares & PROBE_QUICK) {
		see_info(request, sightings);
		see_counts(request, sightings);
		see_policies(request, sightings);
		see_numa(request, sightings);
	}
	if (request->shares & PROBE_FULL)
		see_vulnerabilities(request, sightings);
}

const struct probe probe_processor = {
	.name = "processor",
	.title = "processors and NUMA nodes",
	.shares = PROBE_QUICK | PROBE_FULL,
	.look = look,
};
