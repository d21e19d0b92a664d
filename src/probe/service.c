#include "probe/service.h"

#include <string.h>

#include "probe/look.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	PROCESSES_MAXIMUM = 65536, /* that are looked at */
	NAME_LENGTH = 15,          /* of a process, where the kernel cuts it */
};

/* Names separated by blanks. */
static const struct service {
	const char *name;
	const char *processes;
	const char *units;    /* without ".service" */
	const char *programs; /* without folder */
} services[] = {
	{ "amd-metrics-exporter", "amd-metrics-exporter amd-smi-exporter",
	  "amd-metrics-exporter amd-device-metrics-exporter", "amd-metrics-exporter" },
	{ "chrony", "chronyd", "chrony chronyd", "chronyd" },
	{ "containerd", "containerd", "containerd", "containerd" },
	{ "dcgm", "nv-hostengine", "nvidia-dcgm dcgm", "nv-hostengine" },
	{ "dcgm-exporter", "dcgm-exporter", "dcgm-exporter nvidia-dcgm-exporter", "dcgm-exporter" },
	{ "docker", "dockerd", "docker", "dockerd" },
	{ "kubelet", "kubelet", "kubelet", "kubelet" },
	{ "munge", "munged", "munge", "munged" },
	{ "node-exporter", "node_exporter prometheus-node-exporter prometheus-node",
	  "node_exporter node-exporter prometheus-node-exporter",
	  "node_exporter prometheus-node-exporter" },
	{ "nslcd", "nslcd", "nslcd", "nslcd" },
	{ "ntpd", "ntpd", "ntp ntpd ntpsec", "ntpd" },
	{ "nvidia-fabricmanager", "nv-fabricmanager", "nvidia-fabricmanager", "nv-fabricmanager" },
	{ "nvidia-imex", "nvidia-imex", "nvidia-imex", "nvidia-imex" },
	{ "nvidia-persistenced", "nvidia-persistenced", "nvidia-persistenced",
	  "nvidia-persistenced" },
	{ "opensm", "opensm", "opensm opensmd", "opensm" },
	{ "otel-collector", "otelcol otelcol-contrib otel-collector",
	  "otelcol otelcol-contrib otel-collector", "otelcol otelcol-contrib" },
	{ "rdma-ndd", "rdma-ndd", "rdma-ndd", "rdma-ndd" },
	{ "sharp-am", "sharp_am", "sharp_am", "sharp_am" },
	{ "sharpd", "sharpd", "sharpd", "sharpd" },
	{ "slurmctld", "slurmctld", "slurmctld", "slurmctld" },
	{ "slurmd", "slurmd", "slurmd", "slurmd" },
	{ "sshd", "sshd", "ssh sshd", "sshd" },
	{ "sssd", "sssd", "sssd", "sssd" },
	{ "telegraf", "telegraf", "telegraf", "telegraf" },
	{ "timesyncd", "systemd-timesyncd", "systemd-timesyncd", "" },
	{ "vector", "vector", "vector", "vector" },
	{ "winbind", "winbindd", "winbind", "winbindd" },
};

/* What a look at all processes told. */
struct running {
	bool is_running[COUNT(services)];
	const char *why; /* why one that was not seen may run all the same; NULL when it cannot */
};

static bool is_process(struct span name, const char *processes)
{
	struct span rest = span_of(processes), word;

	while (span_cut(&rest, ' ', &word)) {
		word.length = word.length < NAME_LENGTH ? word.length : NAME_LENGTH;
		if (span_equal(word, name))
			return true;
	}
	return false;
}

/* Where the kernel's own threads are hidden, in a container or from a user, others are too. */
static const char *why_hidden(const struct host *host, struct arena *arena)
{
	if (span_is(look_text(host, arena, "/proc/2/comm"), "kthreadd"))
		return NULL;
	return "the processes of the whole machine cannot be seen from here";
}

static void look_at_processes(const struct host *host, struct running *running)
{
	SCOPED_ARENA(folder);
	SCOPED_ARENA(scratch);
	const char *const *names = NULL;
	size_t count = look_names(host, &folder, "/proc", &names), looked = 0;

	running->why = why_hidden(host, &scratch);
	for (size_t i = 0; i < count; i++) {
		struct span name;

		if (names[i][0] < '0' || names[i][0] > '9')
			continue;
		if (looked++ == PROCESSES_MAXIMUM) {
			running->why = "there are more processes than are looked at";
			return;
		}
		name = look_text(host, &scratch, arena_format(&scratch, "/proc/%s/comm", names[i]));
		for (size_t k = 0; name.length > 0 && k < COUNT(services); k++)
			if (is_process(name, services[k].processes))
				running->is_running[k] = true;
		arena_clear(&scratch);
	}
}

struct search {
	const struct host *host;
	struct arena *arena;
	struct error err; /* of the first place that could not be looked at */
};

/* True when one of the words is a file in one of the folders. */
static bool find_file(struct search *search, const char *const *folders, size_t count,
		      const char *words, const char *suffix)
{
	struct span rest = span_of(words), word;

	while (span_cut(&rest, ' ', &word))
		for (size_t i = 0; i < count; i++) {
			struct host_status status;
			struct error err = { 0 };
			const char *path = arena_format(search->arena, "%s/%.*s%s", folders[i],
							SPAN_ARGS(word), suffix);

			if (host_status(search->host, path, &status, &err))
				return true;
			if (err.code != ERROR_MISSING && search->err.code == ERROR_NONE)
				search->err = err;
		}
	return false;
}

static bool is_there(struct search *search, const struct service *service)
{
	static const char *const units[] = { "/etc/systemd/system", "/usr/lib/systemd/system",
					     "/lib/systemd/system" };
	static const char *const programs[] = { "/usr/sbin",          "/usr/bin",
						"/usr/local/sbin",    "/usr/local/bin",
						"/opt/slurm/sbin",    "/opt/mellanox/sharp/bin",
						"/opt/hpcx/sharp/bin" };

	return find_file(search, units, COUNT(units), service->units, ".service") ||
	       find_file(search, programs, COUNT(programs), service->programs, "");
}

void services_see(const struct host *host, struct sightings *sightings)
{
	SCOPED_ARENA(scratch);
	struct running running = { .why = NULL };

	look_at_processes(host, &running);
	for (size_t i = 0; i < COUNT(services); i++) {
		struct search search = { host, &scratch, { .code = ERROR_NONE } };
		const char *device = arena_format(sightings->arena, "service:%s", services[i].name);
		bool there =
			!running.is_running[i] && !running.why && is_there(&search, &services[i]);

		if (running.is_running[i])
			(void)saw_state(sightings, NODE_SERVICE, device, "running");
		else if (running.why)
			(void)saw_unknown(sightings, NODE_SERVICE, device, "%s", running.why);
		else if (there)
			(void)saw_state(sightings, NODE_SERVICE, device, "stopped");
		else if (search.err.code != ERROR_NONE)
			(void)saw_unknown(sightings, NODE_SERVICE, device, "%s", search.err.text);
		else
			(void)saw_state(sightings, NODE_SERVICE, device, "absent");
	}
}
