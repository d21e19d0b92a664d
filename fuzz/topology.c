/*
 * Whatever the lines of a captured machine say, a topology stays within its maxima, its devices are
 * in order, and what lies between two of them is the same both ways.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/topology.h"

enum {
	LINES_MAXIMUM = 1024,
	PAIRS_MAXIMUM = 16,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_devices(const struct topology *topology)
{
	for (size_t i = 0; i < topology->device_count; i++) {
		const struct topology_device *one = &topology->devices[i];

		assert(one->numa >= -1 && one->above_count <= TOPOLOGY_ABOVE_MAXIMUM);
		if (i > 0)
			assert(strcmp(one[-1].address, one->address) <= 0);
		for (size_t k = 0; k < i && k < PAIRS_MAXIMUM; k++)
			assert(topology_nearness(topology, one->address,
						 topology->devices[k].address) ==
			       topology_nearness(topology, topology->devices[k].address,
						 one->address));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = { .at = size > 0 ? (const char *)data : "", .length = size };
	struct span lines[LINES_MAXIMUM];
	struct topology topology;
	size_t count = 0;
	SCOPED_ARENA(arena);

	while (count < LINES_MAXIMUM && span_cut(&rest, '\n', &lines[count]))
		count++;
	topology_take(lines, count, &arena, &topology);
	assert(topology.cache_count <= TOPOLOGY_CACHES_MAXIMUM);
	assert(topology.device_count <= TOPOLOGY_DEVICES_MAXIMUM);
	assert(topology.distance_count <= count);
	check_devices(&topology);
	return 0;
}
