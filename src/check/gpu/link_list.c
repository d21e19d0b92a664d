#include "check/gpu/link_list.h"

#include <stdlib.h>
#include <string.h>

static const enum measure of_links[] = {
	NODE_GPU_LINK,
	NODE_GPU_LINK_CRC,
	NODE_GPU_LINK_INTEGRITY,
	NODE_GPU_LINK_PACKET_ERRORS,
	NODE_GPU_LINK_RECOVERIES,
	NODE_GPU_LINK_RECOVERIES_FAILED,
	NODE_GPU_LINK_REPLAYS,
	NODE_GPU_LINK_SYMBOL_BER,
	NODE_GPU_LINK_SYMBOL_ERRORS,
};

enum {
	OF_LINKS = sizeof(of_links) / sizeof(of_links[0]),
};

static int compare_names(const void *left, const void *right)
{
	const char *const *a = left, *const *b = right;

	return strcmp(*a, *b);
}

static size_t sort_names(const char **names, size_t count)
{
	size_t kept = 0;

	if (count > 0)
		qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || strcmp(names[i], names[kept - 1]) != 0)
			names[kept++] = names[i];
	return kept;
}

/* Adds the devices of one measure: of links when `links`, else of whole GPUs. */
static size_t add_devices(const struct machine *machine, enum measure measure, bool links,
			  const char **names)
{
	const struct record *one;
	size_t at = 0, count = 0;

	while ((one = machine_next(machine, measure, &at))) {
		const char *device = one->subject.parts[SUBJECT_DEVICE];

		if (device && strncmp(device, "gpu:", 4) == 0 &&
		    (strstr(device, "/link:") != NULL) == links)
			names[count++] = device;
	}
	return count;
}

size_t gpu_links_find(const struct machine *machine, struct arena *arena,
		      struct gpu_links **ret_gpus)
{
	size_t room = 0, link_count = 0, gpu_count, first = 0;
	const char **links, **gpus;
	struct gpu_links *found;

	for (unsigned i = 0; i < OF_LINKS; i++)
		room += machine->by[of_links[i]].count;
	links = ARENA_ARRAY(arena, const char *, room);
	gpus = ARENA_ARRAY(arena, const char *, room + machine->by[NODE_GPU_VENDOR].count);
	for (unsigned i = 0; i < OF_LINKS; i++)
		link_count += add_devices(machine, of_links[i], true, links + link_count);
	link_count = sort_names(links, link_count);
	gpu_count = add_devices(machine, NODE_GPU_VENDOR, false, gpus);
	for (size_t i = 0; i < link_count; i++)
		gpus[gpu_count++] = arena_string(arena, device_whole(links[i]));
	gpu_count = sort_names(gpus, gpu_count);
	found = ARENA_ARRAY(arena, struct gpu_links, gpu_count);
	for (size_t i = 0; i < gpu_count; i++) {
		size_t length = strlen(gpus[i]);

		while (first < link_count && strncmp(links[first], gpus[i], length) < 0)
			first++;
		found[i] = (struct gpu_links){ .gpu = gpus[i], .links = links + first };
		while (first < link_count && strncmp(links[first], gpus[i], length) == 0) {
			found[i].count++;
			first++;
		}
	}
	*ret_gpus = found;
	return gpu_count;
}
