#include "host/topology.h"

#include <string.h>

#include "probe/probe.h"

enum {
	ADAPTERS_NAMED_MAXIMUM = 8, /* as near as each other */
	LIMIT_CALLS = 5, /* hwloc reads thousands of files: so many times one call's limit */
};

struct adapter {
	const char *device;  /* "rdma:mlx5_0" */
	const char *address; /* of its PCI function */
};

/* What the probes before saw, and how it lies. */
struct pairing {
	const struct topology *topology; /* NULL when it is not known */
	const char *why_unknown;
	struct sightings *sightings;
	struct adapter *adapters;
	size_t adapter_count;
};

/* The device of a record that says a state of the measure; NULL when it is another record. */
static const char *device_of(const struct record *record, enum measure measure)
{
	const char *device = record->subject.parts[SUBJECT_DEVICE];

	if (record->says != SAYS_STATE || strcmp(record->what, measures[measure].name) != 0)
		return NULL;
	return device;
}

static bool is_virtual(const struct sightings *sightings, const char *adapter)
{
	for (size_t i = 0; i < sightings->count; i++) {
		const struct record *record = &sightings->items[i];
		const char *device = device_of(record, NODE_RDMA_FUNCTION);

		if (device && strcmp(device, adapter) == 0)
			return strcmp(record->text, "virtual") == 0;
	}
	return false;
}

/* All adapters; virtual functions only where no adapter is here itself. */
static void find_adapters(struct pairing *pairing)
{
	const struct sightings *sightings = pairing->sightings;
	size_t count = 0, kept = 0;

	pairing->adapters = ARENA_ARRAY(sightings->arena, struct adapter, sightings->count);
	for (size_t i = 0; i < sightings->count; i++) {
		const struct record *record = &sightings->items[i];
		const char *device = device_of(record, NODE_RDMA_PCI);

		if (device && strncmp(record->text, "pci:", 4) == 0)
			pairing->adapters[count++] =
				(struct adapter){ device, record->text + strlen("pci:") };
	}
	for (size_t i = 0; i < count; i++)
		if (!is_virtual(sightings, pairing->adapters[i].device))
			pairing->adapters[kept++] = pairing->adapters[i];
	pairing->adapter_count = kept > 0 ? kept : count;
}

static enum topology_nearness near_of(const struct pairing *pairing, const char *gpu,
				      const struct adapter *adapter)
{
	if (!pairing->topology)
		return NEAR_UNKNOWN;
	return topology_nearness(pairing->topology, gpu + strlen("gpu:"), adapter->address);
}

/* All adapters that are as near as the nearest. */
static void pair(const struct pairing *pairing, const char *gpu)
{
	struct sightings *sightings = pairing->sightings;
	enum topology_nearness nearest = NEAR_UNKNOWN;
	unsigned named = 0;
	SCOPED_TEXT(names);

	for (size_t i = 0; i < pairing->adapter_count; i++) {
		enum topology_nearness one = near_of(pairing, gpu, &pairing->adapters[i]);

		nearest = one < nearest ? one : nearest;
	}
	if (nearest == NEAR_UNKNOWN) {
		saw_unknown(sightings, NODE_GPU_NIC, gpu, "%s", pairing->why_unknown);
		return;
	}
	for (size_t i = 0; i < pairing->adapter_count && named < ADAPTERS_NAMED_MAXIMUM; i++)
		if (near_of(pairing, gpu, &pairing->adapters[i]) == nearest)
			text_format(&names, "%s%s", named++ > 0 ? "+" : "",
				    pairing->adapters[i].device);
	saw_state(sightings, NODE_GPU_NIC, gpu, text_string(&names));
	saw_state(sightings, NODE_GPU_NIC_PATH, gpu, topology_nearness_names[nearest]);
}

static void pair_all(struct pairing *pairing)
{
	const struct sightings *sightings = pairing->sightings;
	size_t before = sightings->count;

	find_adapters(pairing);
	for (size_t i = 0; i < before && pairing->adapter_count > 0; i++) {
		const char *device = device_of(&sightings->items[i], NODE_GPU_VENDOR);

		if (device && strncmp(device, "gpu:", 4) == 0 && !strchr(device, '/'))
			pair(pairing, device);
	}
}

/* "cache:L3", "cache:L1d"; one of another size has its place among them behind a hyphen. */
static const char *name_cache(const struct topology *topology, size_t at, struct arena *arena)
{
	static const char *const kinds[] = {
		[CACHE_UNIFIED] = "",
		[CACHE_DATA] = "d",
		[CACHE_INSTRUCTION] = "i",
	};
	const struct topology_cache *cache = &topology->caches[at];
	unsigned place = 1;

	for (size_t i = 0; i < at; i++)
		place += topology->caches[i].level == cache->level &&
			 topology->caches[i].kind == cache->kind;
	if (place == 1)
		return arena_format(arena, "cache:L%u%s", cache->level, kinds[cache->kind]);
	return arena_format(arena, "cache:L%u%s-%u", cache->level, kinds[cache->kind], place);
}

static void see_parts(const struct topology *topology, struct sightings *sightings)
{
	struct arena *arena = sightings->arena;

	if (topology->cache_count == 0)
		saw_unknown(sightings, NODE_CPU_CACHE, NULL, "the kernel shows no caches");
	for (size_t i = 0; i < topology->cache_count; i++) {
		const char *device = name_cache(topology, i, arena);

		/* A kernel that shows a cache without its size gives 0. */
		if (topology->caches[i].bytes > 0)
			saw_value(sightings, NODE_CPU_CACHE, device,
				  (double)topology->caches[i].bytes);
		else
			saw_unknown(sightings, NODE_CPU_CACHE, device,
				    "the kernel shows the cache without its size");
		saw_value(sightings, NODE_CPU_CACHES, device, topology->caches[i].count);
	}
	for (size_t i = 0; i < topology->distance_count; i++) {
		const struct topology_distance *one = &topology->distances[i];

		saw_value(sightings, NODE_NUMA_DISTANCE,
			  arena_format(arena, "numa:%u/numa:%u", one->from, one->to),
			  one->distance);
	}
}

static void look(const struct probe_request *request, struct sightings *sightings)
{
	struct topology topology;
	struct error err = { 0 };
	struct pairing pairing = {
		.sightings = sightings,
		.why_unknown = "no adapter's place is known to hwloc",
	};

	if (topology_read(request->host, LIMIT_CALLS * request->call_limit_ns, sightings->arena,
			  &topology, &err)) {
		pairing.topology = &topology;
		see_parts(&topology, sightings);
	} else {
		pairing.why_unknown = err.text;
		saw_unknown(sightings, NODE_CPU_CACHE, NULL, "%s", err.text);
	}
	pair_all(&pairing);
}

const struct probe probe_topology = {
	.name = "topology",
	.title = "how parts lie to each other",
	.shares = PROBE_LAYOUT,
	.look = look,
};
