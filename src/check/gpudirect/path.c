#include "check/gpudirect/path.h"

#include <string.h>

/* The kernel can register dma-buf memory for RDMA from this release on. */
static const char kernel_least[] = "5.12";

static enum path_state module_state(const struct machine *machine, const char *device)
{
	const char *state = machine_state(machine, NODE_MODULE, device);

	if (!state)
		return PATH_UNKNOWN;
	return strcmp(state, "absent") == 0 ? PATH_ABSENT : PATH_PRESENT;
}

static void find_legacy(const struct machine *machine, struct gpudirect_path *path)
{
	static const char *const modules[] = { "module:nvidia_peermem", "module:nv_peer_mem" };

	path->legacy = PATH_ABSENT;
	path->legacy_why = "nvidia_peermem is not loaded";
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		enum path_state state = module_state(machine, modules[i]);

		if (state == PATH_PRESENT || (state == PATH_UNKNOWN && i == 0)) {
			path->legacy = state;
			path->legacy_record = machine_find(machine, NODE_MODULE, modules[i]);
			path->legacy_why =
				state == PATH_PRESENT
					? modules[i] + strlen("module:")
					: machine_why_unknown(machine, NODE_MODULE, modules[i]);
		}
		if (state == PATH_PRESENT)
			return;
	}
}

/* Lowers the state of the path: a part that is missing outweighs one that is not known. */
static void take_part(struct gpudirect_path *path, enum path_state state, const char *why,
		      const struct record *record)
{
	if (state >= path->dma_buf)
		return;
	path->dma_buf = state;
	path->dma_buf_why = why;
	path->dma_buf_record = record;
}

static enum path_state kernel_state(const char *release)
{
	struct span version = span_of(release);
	int order;

	if (!release || !version_compare(version, span_of(kernel_least), &order))
		return PATH_UNKNOWN;
	return order >= 0 ? PATH_PRESENT : PATH_ABSENT;
}

static void take_module(const struct machine *machine, const char *device, struct arena *arena,
			struct gpudirect_path *path)
{
	enum path_state state = module_state(machine, device);
	const char *name = device + strlen("module:");

	take_part(path, state,
		  state == PATH_ABSENT
			  ? arena_format(arena, "%s is not loaded", name)
			  : arena_format(arena, "whether %s is loaded is not known", name),
		  machine_find(machine, NODE_MODULE, device));
}

static void find_dma_buf(const struct machine *machine, bool is_nvidia, struct arena *arena,
			 struct gpudirect_path *path)
{
	const char *kind = machine_state(machine, NODE_NVIDIA_DRIVER_KIND, NULL);
	const char *release = machine_state(machine, NODE_KERNEL, NULL);

	path->dma_buf = PATH_PRESENT;
	path->dma_buf_why = "";
	if (is_nvidia)
		take_part(path,
			  !kind                       ? PATH_UNKNOWN
			  : strcmp(kind, "open") == 0 ? PATH_PRESENT
						      : PATH_ABSENT,
			  kind ? "the driver is not the open one"
			       : "whether the driver is the open one is not known",
			  machine_find(machine, NODE_NVIDIA_DRIVER_KIND, NULL));
	else
		take_module(machine, "module:amdgpu", arena, path);
	take_part(path, kernel_state(release),
		  release ? arena_format(arena, "kernel %.60s, %s or later expected", release,
					 kernel_least)
			  : "the release of the kernel is not known",
		  machine_find(machine, NODE_KERNEL, NULL));
	take_module(machine, "module:ib_uverbs", arena, path);
	if (path->dma_buf == PATH_PRESENT)
		path->dma_buf_record = machine_find(
			machine, is_nvidia ? NODE_NVIDIA_DRIVER_KIND : NODE_KERNEL, NULL);
}

struct gpudirect_path gpudirect_path_of(const struct machine *machine, struct arena *arena)
{
	struct gpudirect_path path = { .legacy = PATH_ABSENT };
	const char *reason;
	bool is_nvidia = machine_has(machine, PART_AMD, &reason) != PRESENCE_PRESENT;

	path.legacy_why = "there is none for these GPUs";
	if (is_nvidia)
		find_legacy(machine, &path);
	find_dma_buf(machine, is_nvidia, arena, &path);
	return path;
}
