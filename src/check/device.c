#include "check/machine.h"

#include <string.h>

struct span device_whole(const char *device)
{
	struct span all = span_of(device);
	const char *slash = strchr(device, '/');

	if (slash && !span_starts(all, "mount:") && !span_starts(all, "file:") &&
	    !span_starts(all, "storage:") && !span_starts(all, "object:") &&
	    !span_starts(all, "nccl-") && !span_starts(all, "mpi:"))
		all.length = (size_t)(slash - device);
	return all;
}

const char *device_pci(const char *device, struct arena *arena)
{
	struct span whole = device_whole(device);

	if (!span_starts(whole, "gpu:") && !span_starts(whole, "pci:"))
		return NULL;
	return arena_format(arena, "pci:%.*s", (int)whole.length - 4, whole.at + 4);
}

static const char *label_gpu(const struct machine *machine, struct span whole, struct arena *arena)
{
	double index;

	if (!machine_value(machine, NODE_GPU_INDEX, arena_string(arena, whole), &index))
		return arena_format(arena, "GPU %.*s", (int)whole.length - 4, whole.at + 4);
	return arena_format(arena, "GPU %.0f (%.*s)", index, (int)whole.length - 4, whole.at + 4);
}

/* "link:3" as "link 3". */
static const char *label_part(const char *part, struct arena *arena)
{
	const char *colon = strchr(part, ':');

	if (!colon)
		return part;
	return arena_format(arena, "%.*s %s", (int)(colon - part), part, colon + 1);
}

const char *device_label(const struct machine *machine, const char *device, struct arena *arena)
{
	struct span whole = device ? device_whole(device) : SPAN("");
	const char *colon = device ? strchr(device, ':') : NULL;
	const char *label, *part;

	if (!colon)
		return device ? device : machine->name;
	part = device + whole.length;
	if (span_starts(whole, "gpu:"))
		label = label_gpu(machine, whole, arena);
	else if (span_starts(whole, "pci:"))
		label = arena_format(arena, "PCI %.*s", (int)whole.length - 4, whole.at + 4);
	else if (span_starts(whole, "numa:"))
		label = arena_format(arena, "NUMA node %.*s", (int)whole.length - 5, whole.at + 5);
	else
		label = arena_string(
			arena,
			(struct span){ colon + 1, whole.length - (size_t)(colon + 1 - device) });
	if (*part == '\0')
		return label;
	if (span_starts(whole, "rdma:"))
		return arena_format(arena, "%s port %s", label, part + 1);
	return arena_format(arena, "%s, %s", label, label_part(part + 1, arena));
}
