#define _GNU_SOURCE /* memmem */

#include "probe/virtual.h"

#include <string.h>

#include "probe/look.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	INFO_MAXIMUM = 16 << 10, /* of /proc/cpuinfo: the first processor is enough */
	TEXT_MAXIMUM = 1 << 20,
};

static bool ends(struct span text, const char *word)
{
	size_t length = strlen(word);

	return text.length >= length && memcmp(text.at + text.length - length, word, length) == 0;
}

/* What the firmware calls itself; `always` for makers of nothing but virtual machines. Clouds that
 * also rent bare metal put their name on both, and a processor that shows no hypervisor decides. */
static const struct {
	const char *word, *kind;
	bool always;
} makers[] = {
	{ "QEMU", "kvm", true },
	{ "KVM", "kvm", true },
	{ "OpenStack", "kvm", true },
	{ "KubeVirt", "kvm", true },
	{ "Cloud Hypervisor", "kvm", true },
	{ "Standard PC (", "kvm", true },
	{ "VMware", "vmware", true },
	{ "Virtual Machine", "hyperv", true },
	{ "HVM domU", "xen", true },
	{ "VirtualBox", "other", true },
	{ "Parallels", "other", true },
	{ "BHYVE", "other", true },
	{ "Bochs", "other", true },
	{ "Xen", "xen", false },
	{ "Amazon EC2", "kvm", false },
	{ "Google", "kvm", false },
	{ "Alibaba Cloud", "kvm", false },
	{ "Tencent Cloud", "kvm", false },
	{ "OracleCloud", "kvm", false },
	{ "DigitalOcean", "kvm", false },
	{ "Hetzner", "kvm", false },
	{ "Scaleway", "kvm", false },
	{ "Nutanix", "kvm", false },
	{ "Microsoft Corporation", "hyperv", false },
};

/* What the kernel found to count time with, where the firmware tells nothing. */
static const struct {
	const char *word, *kind;
} clocks[] = {
	{ "kvm-clock", "kvm" },
	{ "hyperv_clocksource", "hyperv" },
	{ "xen", "xen" },
};

/* What was read of the firmware and the processor. */
struct signs {
	struct span firmware;             /* makers and products in lines; empty when not shown */
	bool is_metal;                    /* a product that says so */
	bool knows_flags, has_hypervisor; /* of x86: whether the processor shows a hypervisor */
	struct span clocks;
	struct span tree; /* hypervisor of the device tree */
	bool has_tree;
};

static struct signs read_signs(const struct host *host, struct arena *arena)
{
	static const char *const files[] = { "sys_vendor", "product_name", "board_vendor",
					     "bios_vendor", "chassis_asset_tag" };
	struct signs signs = { .firmware = SPAN("") };
	struct span info = SPAN(""), flags;
	const char *text = "";

	for (size_t i = 0; i < COUNT(files); i++) {
		struct span line = look_text(host, arena,
					     arena_format(arena, "/sys/class/dmi/id/%s", files[i]));

		text = arena_format(arena, "%s%.*s\n", text, SPAN_ARGS(line));
	}
	if (text[strspn(text, "\n")] != '\0')
		signs.firmware = span_of(text);
	signs.is_metal = span_contains(signs.firmware, ".metal");
	(void)host_peek_start(host, "/proc/cpuinfo", INFO_MAXIMUM, arena, &info, NULL);
	flags = line_value(info, ':', "flags");
	signs.knows_flags = flags.length > 0;
	signs.has_hypervisor = span_contains(flags, " hypervisor");
	signs.clocks = look_text(
		host, arena, "/sys/devices/system/clocksource/clocksource0/available_clocksource");
	signs.tree = look_text(host, arena, "/proc/device-tree/hypervisor/compatible");
	signs.has_tree = host_kind(host, "/proc/device-tree/compatible") == HOST_FILE;
	return signs;
}

/* The kind by the firmware's names; NULL when they are of no hypervisor. */
static const char *kind_by_maker(const struct signs *signs, bool only_certain)
{
	for (size_t i = 0; i < COUNT(makers); i++)
		if ((makers[i].always || !only_certain) &&
		    span_contains(signs->firmware, makers[i].word))
			return makers[i].kind;
	return NULL;
}

static const char *kind_by_clock(const struct signs *signs)
{
	for (size_t i = 0; i < COUNT(clocks); i++)
		if (span_contains(signs->clocks, clocks[i].word))
			return clocks[i].kind;
	return NULL;
}

static const char *kind_by_tree(const struct signs *signs)
{
	if (span_contains(signs->tree, "linux,kvm"))
		return "kvm";
	if (span_contains(signs->tree, "xen"))
		return "xen";
	if (span_contains(signs->tree, "vmware"))
		return "vmware";
	return signs->tree.length > 0 ? "other" : NULL;
}

/* Xen says so itself; its first domain has the hardware. */
static const char *kind_by_xen(const struct host *host, struct arena *arena)
{
	if (!span_is(look_text(host, arena, "/sys/hypervisor/type"), "xen"))
		return NULL;
	return span_contains(look_text(host, arena, "/proc/xen/capabilities"), "control_d") ? "none"
											    : "xen";
}

static const char *judge_kind(const struct signs *signs)
{
	/* Guests with a GPU passed through may hide the hypervisor from the processor's flags. */
	bool hides = signs->knows_flags && !signs->has_hypervisor;
	const char *kind = signs->is_metal ? NULL : kind_by_maker(signs, hides);

	if (!kind)
		kind = kind_by_tree(signs);
	if (!kind)
		kind = kind_by_clock(signs);
	if (kind)
		return kind;
	if (signs->knows_flags)
		return signs->has_hypervisor ? "other" : "none";
	/* Without such a flag, as on Arm, firmware that names a maker of machines is the sign. */
	return signs->firmware.length > 0 || signs->has_tree ? "none" : NULL;
}

void virtual_look(const struct host *host, struct sightings *sightings)
{
	const char *kind = kind_by_xen(host, sightings->arena);
	struct signs signs;

	if (!kind) {
		signs = read_signs(host, sightings->arena);
		kind = judge_kind(&signs);
	}
	if (kind)
		(void)saw_state(sightings, NODE_VIRTUAL, NULL, kind);
	else
		(void)saw_unknown(sightings, NODE_VIRTUAL, NULL,
				  "neither the processor's flags nor the firmware can be read");
}

/* Words in the path of a control group, in the way to the root's layers, and in "container=". */
static const struct {
	const char *word, *kind;
} makers_of_containers[] = {
	{ "kubepods", "kubernetes" },
	{ "libpod", "podman" },
	{ "containers/storage", "podman" },
	{ "podman", "podman" },
	{ "docker", "docker" },
	{ "lxc", "lxc" },
	{ "lxd", "lxc" },
};

static const char *kind_by_word(struct span text)
{
	for (size_t i = 0; i < COUNT(makers_of_containers); i++)
		if (span_contains(text, makers_of_containers[i].word))
			return makers_of_containers[i].kind;
	return NULL;
}

/* Files that a runtime puts into the container. */
static const char *kind_by_file(const struct host *host)
{
	static const struct {
		const char *path, *kind;
	} files[] = {
		{ "/run/secrets/kubernetes.io", "kubernetes" },
		{ "/var/run/secrets/kubernetes.io", "kubernetes" },
		{ "/run/.containerenv", "podman" },
		{ "/.dockerenv", "docker" },
	};

	for (size_t i = 0; i < COUNT(files); i++)
		if (host_kind(host, files[i].path) != HOST_NOTHING)
			return files[i].kind;
	return NULL;
}

/* "container=lxc" in the environment that the first process was started with, and the note that
 * systemd makes of it for those who may not read that. */
static const char *kind_by_environment(const struct host *host, struct arena *arena)
{
	struct span text = SPAN(""), variable;
	struct span word = look_text(host, arena, "/run/systemd/container");

	(void)host_peek(host, "/proc/1/environ", TEXT_MAXIMUM, arena, &text, NULL);
	while (span_cut(&text, '\0', &variable)) {
		if (span_starts(variable, "KUBERNETES_SERVICE_HOST="))
			return "kubernetes";
		if (span_starts(variable, "container=") && word.length == 0)
			word = (struct span){ variable.at + 10, variable.length - 10 };
	}
	if (word.length == 0)
		return NULL;
	return kind_by_word(word) ? kind_by_word(word) : "other";
}

/* The line of the root out of /proc/self/mountinfo, the last when several lie on one another. */
static struct span find_root(struct span mounts)
{
	struct span line, root = SPAN("");

	while (span_cut(&mounts, '\n', &line)) {
		struct span rest = line, field = SPAN("");

		for (unsigned i = 0; i < 5; i++)
			if (!span_cut(&rest, ' ', &field))
				field = SPAN("");
		if (span_is(field, "/"))
			root = line;
	}
	return root;
}

/* Layers below the root are a container's; but nodes that start from the network have them too,
 * and there systemd runs. */
static const char *kind_by_root(const struct host *host, struct span mounts)
{
	struct span root = find_root(mounts);
	const char *kind;

	if (!span_contains(root, " - overlay ") && !span_contains(root, " - fuse.fuse-overlayfs "))
		return NULL;
	kind = kind_by_word(root);
	if (kind)
		return kind;
	if (span_contains(root, "containerd") || span_contains(root, "enroot"))
		return "other";
	return host_kind(host, "/run/systemd/system") == HOST_FOLDER ? NULL : "other";
}

/* Only lines of the first process and of this one; on a host they lie below its own slices. */
static const char *kind_by_group(const struct host *host, struct arena *arena, bool *ret_known)
{
	static const char *const paths[] = { "/proc/1/cgroup", "/proc/self/cgroup" };

	for (size_t i = 0; i < COUNT(paths); i++) {
		struct span text = SPAN(""), line;

		if (!host_peek(host, paths[i], TEXT_MAXIMUM, arena, &text, NULL))
			continue;
		*ret_known = true;
		while (span_cut(&text, '\n', &line)) {
			const char *kind = NULL;

			/* The service that starts containers is none itself. */
			if (!ends(line, ".service"))
				kind = kind_by_word(line);
			if (kind)
				return kind;
		}
	}
	return NULL;
}

const char *container_look(const struct host *host, struct sightings *sightings)
{
	struct arena *arena = sightings->arena;
	struct span mounts = SPAN("");
	bool knows_group = false;
	bool knows_mounts =
		host_peek(host, "/proc/self/mountinfo", 4 * TEXT_MAXIMUM, arena, &mounts, NULL);
	const char *by_file = kind_by_file(host), *kind = by_file;
	const char *by_environment = kind_by_environment(host, arena);
	const char *by_group = kind_by_group(host, arena, &knows_group);
	const char *by_root = kind_by_root(host, mounts);
	const char *const found[] = { by_group, by_environment, by_root };

	/* A container of Kubernetes is one of Docker too: the outer word counts. */
	for (size_t i = 0; i < COUNT(found); i++) {
		if (!found[i])
			continue;
		if (!kind || strcmp(kind, "other") == 0 || strcmp(found[i], "kubernetes") == 0)
			kind = found[i];
	}
	if (!kind && knows_group && knows_mounts)
		kind = "none";
	if (kind)
		(void)saw_state(sightings, NODE_CONTAINER, NULL, kind);
	else
		(void)saw_unknown(sightings, NODE_CONTAINER, NULL,
				  "no sign of a container, and '%s' cannot be read",
				  knows_mounts ? "/proc/1/cgroup" : "/proc/self/mountinfo");
	return kind;
}
