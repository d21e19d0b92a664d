#include <string.h>

#include "probe/look.h"
#include "probe/setting.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The value of a file of the kernel; it is not set when the kernel has no such file. */
static void see_value(const struct setting_look *look, const char *name, const char *path,
		      const char *why)
{
	struct setting setting = { .name = name };
	struct error err = { 0 };

	if (host_value(look->host, path, look->arena, &setting.value, &err))
		setting.is_set = true;
	else if (err.code != ERROR_MISSING)
		why = err.text;
	setting_see(look, &setting, why);
}

/* Why nothing is known of what would be below the folder; NULL when it is there. */
static const char *why_closed(const struct setting_look *look, const char *folder)
{
	struct host_status status;
	struct error err = { 0 };

	if (host_status(look->host, folder, &status, &err))
		return NULL;
	return arena_string(look->arena, span_of(err.text));
}

/* The devices that the driver of the queues has taken up: links, named by the firmware. */
static void see_queues(const struct setting_look *look, const char *why)
{
	static const char folder[] = "/sys/bus/platform/drivers/tegra241_cmdqv";
	struct setting setting = { .name = "smmu:cmdqv" };
	const char *const *names = NULL;
	struct error err = { 0 };
	size_t count = 0, queues = 0;

	if (host_list(look->host, folder, look->arena, &names, &count, &err)) {
		for (size_t i = 0; i < count; i++)
			queues += strchr(names[i], ':') != NULL;
		setting.value = span_of(arena_format(look->arena, "%zu", queues));
		setting.is_set = true;
	} else if (err.code != ERROR_MISSING) {
		why = err.text;
	}
	setting_see(look, &setting, why);
}

void settings_see_kernel(const struct setting_look *look)
{
	static const struct {
		const char *name, *path;
	} values[] = {
		{ "sysctl:kernel.dmesg_restrict", "/proc/sys/kernel/dmesg_restrict" },
		{ "sysctl:kernel.kptr_restrict", "/proc/sys/kernel/kptr_restrict" },
		{ "sysctl:kernel.numa_balancing", "/proc/sys/kernel/numa_balancing" },
		{ "sysctl:kernel.perf_event_paranoid", "/proc/sys/kernel/perf_event_paranoid" },
		{ "sysctl:kernel.unprivileged_bpf_disabled",
		  "/proc/sys/kernel/unprivileged_bpf_disabled" },
		{ "sysctl:net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward" },
	};
	const char *why_proc = why_closed(look, "/proc/sys/kernel");
	const char *why_modules = why_closed(look, "/sys/module");

	for (size_t i = 0; i < COUNT(values); i++)
		see_value(look, values[i].name, values[i].path, why_proc);
	see_value(look, "kvm:intel.nested", "/sys/module/kvm_intel/parameters/nested", why_modules);
	see_value(look, "kvm:amd.nested", "/sys/module/kvm_amd/parameters/nested", why_modules);
	see_queues(look, why_closed(look, "/sys/bus"));
}

/* Files whose options are of other files with the same name in a stronger folder are left out. */
struct modprobe {
	struct setting_list list;
	const char *names[CONF_FILES_MAXIMUM];
	size_t count;
};

static const char *const option_modules[] = { "nvidia",   "amdgpu", "kvm",  "mlx",
					      "ib_",      "gdrdrv", "nv_",  "lnet",
					      "ko2iblnd", "lustre", "nvme", "vfio" };

static bool is_of_interest(const char *module)
{
	for (size_t i = 0; i < COUNT(option_modules); i++)
		if (strncmp(module, option_modules[i], strlen(option_modules[i])) == 0)
			return true;
	return false;
}

/* "options MODULE KEY=VALUE KEY=VALUE": '-' and '_' are the same in a module's name. */
static void read_options(struct modprobe *modprobe, struct span line)
{
	struct span word, key, value;
	char *module;

	if (!conf_word(&line, &word) || !span_is(word, "options") || !conf_word(&line, &word) ||
	    !conf_is_name(word))
		return;
	module = arena_take(modprobe->list.arena, word.length + 1);
	for (size_t i = 0; i < word.length; i++)
		module[i] = word.at[i] == '-' ? '_' : word.at[i];
	if (!is_of_interest(module))
		return;
	while (conf_word(&line, &word))
		if (conf_pair(word, &key, &value) && conf_is_name(key)) {
			const char *name = arena_format(modprobe->list.arena, "%s.%.*s", module,
							SPAN_ARGS(key));

			setting_put(&modprobe->list, "modprobe", span_of(name), value);
		}
}

static void read_modprobe(void *context, const char *path, struct span text)
{
	struct modprobe *modprobe = context;
	struct conf conf = { text, CONF_JOINED_FIRST, modprobe->list.arena };
	const char *name = strrchr(path, '/') + 1;
	struct span line;

	for (size_t i = 0; i < modprobe->count; i++)
		if (strcmp(modprobe->names[i], name) == 0)
			return;
	if (modprobe->count < CONF_FILES_MAXIMUM)
		modprobe->names[modprobe->count++] = name;
	while (conf_next(&conf, &line))
		read_options(modprobe, line);
}

void settings_see_modprobe(const struct setting_look *look)
{
	static const char *const expected[] = {
		"nvidia.NVreg_RestrictProfilingToAdminUsers",
		"nvidia.NVreg_EnablePCIERelaxedOrderingMode",
		"nvidia.NVreg_CoherentGPUMemoryMode",
		"nvidia.NVreg_RegistryDwords",
		"kvm_intel.nested",
		"kvm_amd.nested",
	};
	struct modprobe *modprobe = ARENA_NEW(look->arena, struct modprobe);
	struct conf_files files = { .host = look->host, .arena = look->arena };

	modprobe->list.arena = look->arena;
	for (size_t i = 0; i < COUNT(expected); i++)
		setting_expect(&modprobe->list, "modprobe", expected[i]);
	conf_folder(&files, "/etc/modprobe.d", ".conf", read_modprobe, modprobe);
	conf_folder(&files, "/usr/lib/modprobe.d", ".conf", read_modprobe, modprobe);
	setting_list_see(look, &modprobe->list, files.why);
}

void setting_see_file(const struct setting_look *look, const char *path)
{
	static const char *const kinds[] = {
		[HOST_NOTHING] = "nothing",
		[HOST_FILE] = "file",
		[HOST_FOLDER] = "folder",
		[HOST_OTHER] = "device",
	};

	const char *device = arena_format(look->arena, "file:%s", path);
	struct host_status status;
	struct error err = { 0 };

	if (host_status(look->host, path, &status, &err))
		(void)saw_state(look->sightings, NODE_FILE_MODE, device,
				arena_format(look->arena, "%s %04o %u", kinds[status.kind],
					     status.mode, status.user));
	else if (err.code == ERROR_MISSING)
		(void)saw_state(look->sightings, NODE_FILE_MODE, device, "absent");
	else
		(void)saw_unknown(look->sightings, NODE_FILE_MODE, device, "%s", err.text);
}

void settings_see_files(const struct setting_look *look)
{
	static const char *const paths[] = {
		"/dev/gdrdrv",
		"/dev/infiniband/umad0",
		"/dev/infiniband/uverbs0",
		"/dev/ipmi/0",
		"/dev/ipmi0",
		"/dev/ipmidev/0",
		"/dev/kfd",
		"/dev/kvm",
		"/dev/mst",
		"/dev/nvidia-caps-imex-channels/channel0",
		"/dev/nvidia0",
		"/dev/nvidiactl",
		"/dev/rshim0",
		"/dev/vhost-net",
		"/etc/nccl.conf",
		"/etc/slurm/slurm.conf",
		"/opt/hpcx/sharp",
		"/opt/mellanox/sharp",
		"/run/containerd/containerd.sock",
		"/run/docker.sock",
		"/sys/module/nvidia/version",
		"/var/run/docker.sock",
		"/var/run/reboot-required",
	};
	for (size_t i = 0; i < COUNT(paths); i++)
		setting_see_file(look, paths[i]);
}
