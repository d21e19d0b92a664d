#include <string.h>

#include "probe/look.h"
#include "probe/nvidia.h"
#include "probe/vendor.h"

enum {
	DRIVER_FILE_MAXIMUM = 64 << 10,
};

const struct vendor vendor_nvidia = {
	.which = PROBE_WORKER_NVML,
	.name = "nvidia",
	.worker = "nvml",
	.library = "library:nvml",
	.driver = "nvidia",
	.kind = PCI_KIND_NVIDIA,
	.serve = nvidia_serve,
};

/* "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.172.08  Release Build" */
static void look_kind(const struct look *look)
{
	struct sightings *sightings = look->sightings;
	struct span text, line = SPAN("");
	struct error err = { 0 };

	if (!host_peek(look->host, "/proc/driver/nvidia/version", DRIVER_FILE_MAXIMUM,
		       sightings->arena, &text, &err)) {
		saw_unknown(sightings, NODE_NVIDIA_DRIVER_KIND, NULL, "%s", err.text);
		return;
	}
	(void)span_cut(&text, '\n', &line);
	if (!span_starts(line, "NVRM version:")) {
		saw_unknown(sightings, NODE_NVIDIA_DRIVER_KIND, NULL,
			    "/proc/driver/nvidia/version has no version of NVRM");
		return;
	}
	for (size_t i = 0; i < line.length; i++) {
		struct span rest = { line.at + i, line.length - i };

		if (!span_starts(rest, "Open Kernel Module"))
			continue;
		saw_state(sightings, NODE_NVIDIA_DRIVER_KIND, NULL, "open");
		return;
	}
	saw_state(sightings, NODE_NVIDIA_DRIVER_KIND, NULL, "proprietary");
}

/* What changes how fast or how open the GPUs are; all others stay unsaid. */
static void look_parameters(const struct look *look)
{
	static const char *const names[] = {
		"CoherentGPUMemoryMode",
		"DmaRemapPeerMmio",
		"EnablePCIERelaxedOrderingMode",
		"EnableResizableBar",
		"EnableStreamMemOPs",
		"GrdmaPciTopoCheckOverride",
		"NvLinkDisable",
		"OpenRmEnableUnsupportedGpus",
		"RmProfilingAdminOnly",
	};
	struct sightings *sightings = look->sightings;
	struct error err = { 0 };
	struct span text;

	if (!host_peek(look->host, "/proc/driver/nvidia/params", DRIVER_FILE_MAXIMUM,
		       sightings->arena, &text, &err)) {
		saw_unknown(sightings, NODE_NVIDIA_PARAMETER, NULL, "%s", err.text);
		return;
	}
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct span value = line_value(text, ':', names[i]);

		if (value.length > 0)
			saw_state(sightings, NODE_NVIDIA_PARAMETER,
				  arena_format(sightings->arena, "parameter:%s", names[i]),
				  arena_string(sightings->arena, value));
	}
}

/* The module tells of a driver also where no GPU is left on the bus. */
static void look_driver(const struct probe_request *request, bool has_gpus,
			struct sightings *sightings)
{
	const struct look look = {
		.host = request->host,
		.sightings = sightings,
		.missing = has_gpus ? MISSING_IS_UNKNOWN : MISSING_IS_SILENT,
	};

	if (!(request->shares & (PROBE_QUICK | PROBE_FULL)))
		return;
	if (!look_state(&look, "/sys/module/nvidia/version", NODE_NVIDIA_DRIVER) ||
	    !(request->shares & PROBE_FULL))
		return;
	look_kind(&look);
	look_parameters(&look);
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	const char *const *addresses;
	size_t count = vendor_bus(&vendor_nvidia, request->host, sightings->arena, &addresses);

	look_driver(request, count > 0, sightings);
	vendor_look(&vendor_nvidia, request, addresses, count, sightings);
}

const struct probe probe_nvidia = {
	.name = "nvidia",
	.title = "NVIDIA GPUs and their links",
	.shares = PROBE_QUICK | PROBE_FULL | PROBE_COUNTERS,
	.look = look,
};
