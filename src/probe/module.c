#include "probe/module.h"

#include <string.h>

#include "probe/look.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum {
	BUILT_IN_MAXIMUM = 1 << 20, /* bytes of a list of what is built in */
};

static const char *const modules[] = {
	"amdgpu",
	"beegfs",
	"bnxt_re",
	"efa",
	"gdrdrv",
	"ib_core",
	"ib_umad",
	"ib_uverbs",
	"ipmi_devintf",
	"ipmi_si",
	"ipmi_ssif",
	"irdma",
	"kvm",
	"kvm_amd",
	"kvm_intel",
	"lustre",
	"mlx5_core",
	"mlx5_ib",
	"mmfs",
	"mst_pci",
	"nfs",
	"nv_peer_mem",
	"nvidia",
	"nvidia_fs",
	"nvidia_peermem",
	"nvidia_uvm",
	"rshim",
	"vfio_iommu_type1",
	"vfio_pci",
	"wekafsio",
};

/* What the kernel calls it, where that is another name. */
static const char *kernel_name(const char *module)
{
	return strcmp(module, "mmfs") == 0 ? "mmfs26" : module;
}

/* Modules that are built into the kernel show no folder when they have no parameters. */
static bool is_built_in(struct span list, const char *module)
{
	struct span line, part, name;

	while (span_cut(&list, '\n', &line)) {
		name = line;
		while (span_cut(&line, '/', &part))
			name = part;
		if (name.length != strlen(module) + strlen(".ko") ||
		    memcmp(name.at + name.length - 3, ".ko", 3) != 0)
			continue;
		for (size_t i = 0; i + 3 < name.length; i++)
			if ((name.at[i] == '-' ? '_' : name.at[i]) != module[i])
				name.length = 0;
		if (name.length > 0)
			return true;
	}
	return false;
}

static struct span read_built_in(const struct host *host, struct arena *arena)
{
	struct span release = look_text(host, arena, "/proc/sys/kernel/osrelease"), list;

	if (release.length == 0 || release.length > 100 ||
	    !host_peek(host,
		       arena_format(arena, "/lib/modules/%.*s/modules.builtin", SPAN_ARGS(release)),
		       BUILT_IN_MAXIMUM, arena, &list, NULL))
		return SPAN("");
	return list;
}

static void see(const struct host *host, const char *module, struct span built_in,
		struct sightings *sightings)
{
	const char *device = arena_format(sightings->arena, "module:%s", module);
	const char *folder = arena_format(sightings->arena, "/sys/module/%s", kernel_name(module));
	struct host_status status;
	struct error err = { 0 };
	struct span version;

	if (host_status(host, folder, &status, &err)) {
		version = look_text(host, sightings->arena,
				    arena_format(sightings->arena, "%s/version", folder));
		(void)saw_state(sightings, NODE_MODULE, device,
				version.length > 0 ? arena_string(sightings->arena, version)
						   : "loaded");
	} else if (err.code != ERROR_MISSING) {
		(void)saw_unknown(sightings, NODE_MODULE, device, "%s", err.text);
	} else {
		(void)saw_state(sightings, NODE_MODULE, device,
				is_built_in(built_in, module) ? "loaded" : "absent");
	}
}

void modules_see(const struct host *host, struct sightings *sightings)
{
	SCOPED_ARENA(scratch);
	struct host_status status;
	struct error err = { 0 };
	struct span built_in;

	if (!host_status(host, "/sys/module", &status, &err)) {
		for (size_t i = 0; i < COUNT(modules); i++)
			(void)saw_unknown(sightings, NODE_MODULE,
					  arena_format(sightings->arena, "module:%s", modules[i]),
					  "%s", err.text);
		return;
	}
	built_in = read_built_in(host, &scratch);
	for (size_t i = 0; i < COUNT(modules); i++)
		see(host, modules[i], built_in, sightings);
}
