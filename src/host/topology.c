#include "host/topology.h"

#include <hwloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "host/worker.h"

const char *const topology_nearness_names[] = {
	[NEAR_SWITCH] = "switch",   [NEAR_BRIDGE] = "bridge",   [NEAR_NODE] = "node",
	[NEAR_MACHINE] = "machine", [NEAR_UNKNOWN] = "unknown",
};

/* ---- the child's side ---- */

static void answer_counts(struct worker_port *port, hwloc_topology_t topology)
{
	worker_answers(port, "count %d %d %d",
		       hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PACKAGE),
		       hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE),
		       hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU));
}

static char cache_letter(hwloc_obj_cache_type_t type)
{
	switch (type) {
	case HWLOC_OBJ_CACHE_DATA:
		return 'd';
	case HWLOC_OBJ_CACHE_INSTRUCTION:
		return 'i';
	case HWLOC_OBJ_CACHE_UNIFIED:
		break;
	}
	return 'u';
}

static void answer_caches(struct worker_port *port, hwloc_topology_t topology)
{
	for (hwloc_obj_type_t type = HWLOC_OBJ_L1CACHE; type <= HWLOC_OBJ_L3ICACHE; type++) {
		int count = hwloc_get_nbobjs_by_type(topology, type);

		for (int i = 0; i < count; i++) {
			hwloc_obj_t object = hwloc_get_obj_by_type(topology, type, (unsigned)i);
			const struct hwloc_cache_attr_s *cache;

			if (!object)
				break;
			cache = &object->attr->cache;
			worker_answers(port, "cache %u %c %llu", cache->depth,
				       cache_letter(cache->type), (unsigned long long)cache->size);
		}
	}
}

static void answer_distances(struct worker_port *port, hwloc_topology_t topology)
{
	struct hwloc_distances_s *found = NULL;
	unsigned count = 1;

	if (hwloc_distances_get_by_name(topology, "NUMALatency", &count, &found, 0) != 0 ||
	    count == 0)
		return;
	for (unsigned i = 0; i < found->nbobjs * found->nbobjs; i++)
		worker_answers(port, "distance %u %u %llu",
			       found->objs[i / found->nbobjs]->os_index,
			       found->objs[i % found->nbobjs]->os_index,
			       (unsigned long long)found->values[i]);
	hwloc_distances_release(topology, found);
}

static void add_bridge(struct text *into, hwloc_obj_t bridge)
{
	const struct hwloc_bridge_attr_s *what = &bridge->attr->bridge;

	if (what->upstream_type == HWLOC_OBJ_BRIDGE_HOST)
		text_format(into, " %04x:%02x", what->downstream.pci.domain,
			    what->downstream.pci.secondary_bus);
	else
		text_format(into, " %04x:%02x:%02x.%x", what->upstream.pci.domain,
			    what->upstream.pci.bus, what->upstream.pci.dev,
			    what->upstream.pci.func);
}

/* Appends the names of the bridges above, the highest first. */
static void add_above(struct text *into, hwloc_obj_t bridge)
{
	hwloc_obj_t above[TOPOLOGY_ABOVE_MAXIMUM];
	unsigned count = 0;

	for (; bridge && bridge->type == HWLOC_OBJ_BRIDGE; bridge = bridge->parent)
		if (count < TOPOLOGY_ABOVE_MAXIMUM)
			above[count++] = bridge;
	while (count > 0)
		add_bridge(into, above[--count]);
}

static void answer_devices(struct worker_port *port, hwloc_topology_t topology)
{
	hwloc_obj_t device = NULL;

	while ((device = hwloc_get_next_pcidev(topology, device))) {
		const struct hwloc_pcidev_attr_s *pci = &device->attr->pcidev;
		hwloc_obj_t place = hwloc_get_non_io_ancestor_obj(topology, device);
		int numa = -1;
		SCOPED_TEXT(above);

		if (place && place->nodeset && hwloc_bitmap_weight(place->nodeset) == 1)
			numa = hwloc_bitmap_first(place->nodeset);
		add_above(&above, device->parent);
		worker_answers(port, "device %04x:%02x:%02x.%x %d%s", pci->domain, pci->bus,
			       pci->dev, pci->func, numa, text_string(&above));
	}
}

/* Only the component that reads the kernel's files, and no plug-in: those load the libraries of
 * vendors. This is a child, so the environment of the program stays as it is. */
static bool set_environment(const char *root)
{
	return setenv("HWLOC_COMPONENTS", "linux,stop", 1) == 0 &&
	       setenv("HWLOC_PLUGINS_PATH", "/nonexistent", 1) == 0 &&
	       setenv("HWLOC_HIDE_ERRORS", "2", 1) == 0 && unsetenv("HWLOC_XMLFILE") == 0 &&
	       unsetenv("HWLOC_SYNTHETIC") == 0 && unsetenv("HWLOC_THISSYSTEM") == 0 &&
	       (*root ? setenv("HWLOC_FSROOT", root, 1) : unsetenv("HWLOC_FSROOT")) == 0;
}

static void serve(struct worker_port *port, const char *request, void **state, const void *context)
{
	const struct host *host = context;
	hwloc_topology_t topology;

	(void)request;
	(void)state;
	worker_calls(port, "hwloc_topology_load");
	if (!set_environment(host->root ? host->root : "") || hwloc_topology_init(&topology) != 0) {
		worker_answers(port, "refused hwloc does not start");
		return;
	}
	if (hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) == 0 &&
	    hwloc_topology_set_icache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL) == 0 &&
	    hwloc_topology_set_type_filter(topology, HWLOC_OBJ_PCI_DEVICE,
					   HWLOC_TYPE_FILTER_KEEP_ALL) == 0 &&
	    hwloc_topology_set_type_filter(topology, HWLOC_OBJ_BRIDGE,
					   HWLOC_TYPE_FILTER_KEEP_ALL) == 0 &&
	    hwloc_topology_load(topology) == 0) {
		answer_counts(port, topology);
		answer_caches(port, topology);
		answer_distances(port, topology);
		answer_devices(port, topology);
	} else {
		worker_answers(port, "refused hwloc can make nothing of this machine");
	}
	hwloc_topology_destroy(topology);
}

/* ---- the parent's side ---- */

/* What topology_take fills; each list has room for its maximum or the count of lines. */
struct taking {
	struct topology topology;
	struct topology_cache *caches;
	struct topology_distance *distances;
	struct topology_device *devices;
	struct arena *arena;
};

static bool cut_number(struct span *rest, uint64_t maximum, uint64_t *ret_number)
{
	struct span word = SPAN("");

	return span_cut(rest, ' ', &word) && span_to_u64(word, ret_number) &&
	       *ret_number <= maximum;
}

static void take_counts(struct taking *taking, struct span rest)
{
	uint64_t packages, cores, threads;

	if (!cut_number(&rest, UINT32_MAX, &packages) || !cut_number(&rest, UINT32_MAX, &cores) ||
	    !cut_number(&rest, UINT32_MAX, &threads) || rest.length > 0)
		return;
	taking->topology.packages = (uint32_t)packages;
	taking->topology.cores = (uint32_t)cores;
	taking->topology.threads = (uint32_t)threads;
}

static bool take_kind(struct span word, enum topology_cache_kind *ret_kind)
{
	static const char *const letters[] = {
		[CACHE_UNIFIED] = "u",
		[CACHE_DATA] = "d",
		[CACHE_INSTRUCTION] = "i",
	};

	for (unsigned i = 0; i < 3; i++) {
		if (span_is(word, letters[i])) {
			*ret_kind = (enum topology_cache_kind)i;
			return true;
		}
	}
	return false;
}

static void take_cache(struct taking *taking, struct span rest)
{
	struct topology_cache cache = { .count = 1 };
	struct topology *topology = &taking->topology;
	struct span kind = SPAN("");
	uint64_t level;

	if (!cut_number(&rest, 9, &level) || level == 0 || !span_cut(&rest, ' ', &kind) ||
	    !take_kind(kind, &cache.kind) || !span_to_u64(rest, &cache.bytes))
		return;
	cache.level = (unsigned)level;
	for (size_t i = 0; i < topology->cache_count; i++) {
		struct topology_cache *other = &taking->caches[i];

		if (other->level == cache.level && other->kind == cache.kind &&
		    other->bytes == cache.bytes) {
			other->count++;
			return;
		}
	}
	if (topology->cache_count < TOPOLOGY_CACHES_MAXIMUM)
		taking->caches[topology->cache_count++] = cache;
}

static void take_distance(struct taking *taking, struct span rest)
{
	struct topology *topology = &taking->topology;
	uint64_t from, to, distance;

	if (!cut_number(&rest, TOPOLOGY_NODES_MAXIMUM, &from) ||
	    !cut_number(&rest, TOPOLOGY_NODES_MAXIMUM, &to) ||
	    !cut_number(&rest, UINT32_MAX, &distance) || rest.length > 0)
		return;
	taking->distances[topology->distance_count++] =
		(struct topology_distance){ (uint32_t)from, (uint32_t)to, (uint32_t)distance };
}

/* Hexadecimal digits, ':' and '.', as an address and a host bridge have; a domain may be long. */
static bool is_address(struct span word)
{
	if (word.length < 7 || word.length > 20)
		return false;
	for (size_t i = 0; i < word.length; i++)
		if (!strchr("0123456789abcdef:.", word.at[i]) || word.at[i] == '\0')
			return false;
	return true;
}

static void take_device(struct taking *taking, struct span rest)
{
	struct topology *topology = &taking->topology;
	struct span address = SPAN(""), numa = SPAN(""), word;
	const char *above[TOPOLOGY_ABOVE_MAXIMUM];
	const char **kept;
	unsigned count = 0;
	int64_t number;

	if (!span_cut(&rest, ' ', &address) || !is_address(address) ||
	    !span_cut(&rest, ' ', &numa) || !span_to_i64(numa, &number) || number < -1 ||
	    number > TOPOLOGY_NODES_MAXIMUM || topology->device_count == TOPOLOGY_DEVICES_MAXIMUM)
		return;
	while (span_cut(&rest, ' ', &word)) {
		if (!is_address(word) || count == TOPOLOGY_ABOVE_MAXIMUM)
			return;
		above[count++] = arena_string(taking->arena, word);
	}
	kept = ARENA_ARRAY(taking->arena, const char *, count);
	if (count > 0)
		memcpy(kept, above, count * sizeof(*kept));
	taking->devices[topology->device_count++] = (struct topology_device){
		.address = arena_string(taking->arena, address),
		.numa = (int32_t)number,
		.above = kept,
		.above_count = count,
	};
}

static int compare_devices(const void *left, const void *right)
{
	const struct topology_device *a = left, *b = right;

	return strcmp(a->address, b->address);
}

void topology_take(const struct span *lines, size_t count, struct arena *arena,
		   struct topology *ret_topology)
{
	struct taking taking = {
		.caches = ARENA_ARRAY(arena, struct topology_cache, TOPOLOGY_CACHES_MAXIMUM),
		.distances = ARENA_ARRAY(arena, struct topology_distance, count),
		.devices = ARENA_ARRAY(arena, struct topology_device, count),
		.arena = arena,
	};

	for (size_t i = 0; i < count; i++) {
		struct span rest = lines[i], head = SPAN("");

		(void)span_cut(&rest, ' ', &head);
		if (span_is(head, "count"))
			take_counts(&taking, rest);
		else if (span_is(head, "cache"))
			take_cache(&taking, rest);
		else if (span_is(head, "distance"))
			take_distance(&taking, rest);
		else if (span_is(head, "device"))
			take_device(&taking, rest);
	}
	if (taking.topology.device_count > 0)
		qsort(taking.devices, taking.topology.device_count, sizeof(*taking.devices),
		      compare_devices);
	taking.topology.caches = taking.caches;
	taking.topology.distances = taking.distances;
	taking.topology.devices = taking.devices;
	*ret_topology = taking.topology;
}

bool topology_read(const struct host *host, int64_t limit_ns, struct arena *arena,
		   struct topology *ret_topology, struct error *err)
{
	struct worker worker = {
		.host = host,
		.function = serve,
		.context = host,
		.call_limit_ns = limit_ns,
		.total_limit_ns = limit_ns,
		.name = "hwloc",
	};
	struct worker_result result;
	bool asked = worker_ask(&worker, "topology", arena, &result, err);

	worker_end(&worker);
	if (!asked)
		return false;
	if (result.end == WORKER_STALLED)
		return fail(err, ERROR_IO, "hwloc does not end within %lld ms",
			    (long long)(limit_ns / 1000000));
	if (result.end != WORKER_DONE)
		return fail(err, ERROR_IO, "hwloc ended by itself");
	if (result.answer_count > 0 && span_starts(result.answers[0], "refused "))
		return fail(err, ERROR_IO, "%.*s", (int)result.answers[0].length - 8,
			    result.answers[0].at + 8);
	topology_take(result.answers, result.answer_count, arena, ret_topology);
	return true;
}

/* ---- what a topology says ---- */

static const struct topology_device *find(const struct topology *topology, const char *address)
{
	const struct topology_device key = { .address = address };

	if (topology->device_count == 0)
		return NULL;
	return bsearch(&key, topology->devices, topology->device_count, sizeof(key),
		       compare_devices);
}

enum topology_nearness topology_nearness(const struct topology *topology, const char *a,
					 const char *b)
{
	const struct topology_device *one = find(topology, a), *other = find(topology, b);
	unsigned shared = 0;

	if (!one || !other)
		return NEAR_UNKNOWN;
	while (shared < one->above_count && shared < other->above_count &&
	       strcmp(one->above[shared], other->above[shared]) == 0)
		shared++;
	if (shared > 1)
		return NEAR_SWITCH;
	if (shared == 1)
		return NEAR_BRIDGE;
	if (one->numa < 0 || other->numa < 0)
		return NEAR_UNKNOWN;
	return one->numa == other->numa ? NEAR_NODE : NEAR_MACHINE;
}
