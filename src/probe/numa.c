#include "probe/numa.h"

#include <string.h>

#include "host/system.h"
#include "probe/cpu_list.h"
#include "probe/look.h"

#define NODES "/sys/devices/system/node"
#define PROCESSORS "/sys/devices/system/cpu"
#define GROUP "/sys/fs/cgroup"

enum {
	KIB = 1024,
	MEMINFO_MAXIMUM = 64 << 10,
};

struct look_around {
	const struct host *host;
	struct arena *arena;
};

static bool read_list(const struct look_around *look, const char *path, struct cpu_list *ret_list)
{
	struct span text = look_text(look->host, look->arena, path);

	return text.length > 0 && cpu_list_parse(text, ret_list) && ret_list->count > 0;
}

static uint64_t read_bytes(struct span text)
{
	uint64_t number;

	if (text.length > 0 && text.at[text.length - 1] == 'K')
		text.length--;
	return span_to_u64(text, &number) && number < UINT64_MAX / KIB ? number * KIB : 0;
}

/* The cache of the highest level of the processor, when it is the first that shares it: each cache
 * counts once. */
static uint64_t cache_of(const struct look_around *look, unsigned cpu)
{
	uint64_t level = 0, bytes = 0;

	for (unsigned index = 0; index < 8; index++) {
		const char *folder =
			arena_format(look->arena, PROCESSORS "/cpu%u/cache/index%u", cpu, index);
		const char *shared = arena_format(look->arena, "%s/shared_cpu_list", folder);
		const char *size = arena_format(look->arena, "%s/size", folder);
		struct cpu_list sharers;
		uint64_t one;

		if (!span_to_u64(look_text(look->host, look->arena,
					   arena_format(look->arena, "%s/level", folder)),
				 &one) ||
		    one < level || !read_list(look, shared, &sharers))
			continue;
		level = one;
		bytes = cpu_list_next(&sharers, 0) == cpu
				? read_bytes(look_text(look->host, look->arena, size))
				: 0;
	}
	return bytes;
}

static bool is_first_of_core(const struct look_around *look, const struct cpu_list *mine,
			     unsigned cpu)
{
	struct cpu_list siblings;

	if (!read_list(look,
		       arena_format(look->arena, PROCESSORS "/cpu%u/topology/thread_siblings_list",
				    cpu),
		       &siblings))
		return true;
	for (unsigned one = cpu_list_next(&siblings, 0); one < cpu;
	     one = cpu_list_next(&siblings, one + 1))
		if (cpu_list_has(mine, one))
			return false;
	return true;
}

/* A number of kB behind the key of a meminfo: "Node 0 MemFree:  123 kB" has a prefix. */
static uint64_t memory_of(struct span meminfo, const char *key)
{
	struct span size = line_value(meminfo, ':', key), number;
	uint64_t kib;

	return span_cut(&size, ' ', &number) && span_to_u64(number, &kib) && kib < UINT64_MAX / KIB
		       ? kib * KIB
		       : 0;
}

static uint64_t free_on(const struct look_around *look, unsigned node)
{
	const char *path = arena_format(look->arena, NODES "/node%u/meminfo", node);
	const char *unused = arena_format(look->arena, "Node %u MemFree", node);
	const char *cached = arena_format(look->arena, "Node %u Inactive(file)", node);
	struct span text;

	if (!host_peek(look->host, path, MEMINFO_MAXIMUM, look->arena, &text, NULL))
		return 0;
	return memory_of(text, unused) + memory_of(text, cached);
}

static uint64_t free_in_all(const struct look_around *look)
{
	struct span text;

	if (!host_peek(look->host, "/proc/meminfo", MEMINFO_MAXIMUM, look->arena, &text, NULL))
		return 0;
	return memory_of(text, "MemAvailable");
}

/* What the group of this process may still take; no limit is UINT64_MAX. */
static uint64_t left_of_group(const struct look_around *look)
{
	uint64_t most, taken = 0;

	if (!span_to_u64(look_text(look->host, look->arena, GROUP "/memory.max"), &most))
		return UINT64_MAX;
	(void)span_to_u64(look_text(look->host, look->arena, GROUP "/memory.current"), &taken);
	return most > taken ? most - taken : 1;
}

static void fill(const struct look_around *look, const struct cpu_list *mine,
		 struct numa_node *node)
{
	unsigned *cores = ARENA_ARRAY(look->arena, unsigned, mine->count);

	for (unsigned cpu = cpu_list_next(mine, 0); cpu < CPU_LIST_MAXIMUM;
	     cpu = cpu_list_next(mine, cpu + 1)) {
		node->cache_bytes += cache_of(look, cpu);
		if (is_first_of_core(look, mine, cpu))
			cores[node->core_count++] = cpu;
	}
	node->cores = cores;
}

static void keep_allowed(struct cpu_list *list, const unsigned *allowed, size_t allowed_count)
{
	struct cpu_list kept = { .count = 0 };

	for (size_t i = 0; i < allowed_count; i++) {
		if (!cpu_list_has(list, allowed[i]))
			continue;
		kept.words[allowed[i] / 64] |= (uint64_t)1 << (allowed[i] % 64);
		kept.count++;
	}
	*list = kept;
}

size_t numa_read(const struct host *host, const unsigned *allowed, size_t allowed_count,
		 struct arena *arena, const struct numa_node **ret_nodes)
{
	const struct look_around look = { .host = host, .arena = arena };
	struct numa_node *nodes = ARENA_ARRAY(arena, struct numa_node, NUMA_NODES_MAXIMUM);
	struct cpu_list *mine = ARENA_NEW(arena, struct cpu_list);
	uint64_t of_group = left_of_group(&look), of_all = free_in_all(&look);
	struct cpu_list online;
	size_t count = 0;

	if (!read_list(&look, NODES "/has_cpu", &online))
		online = (struct cpu_list){ .words = { 1 }, .count = 1 };
	for (unsigned node = cpu_list_next(&online, 0);
	     node < CPU_LIST_MAXIMUM && count < NUMA_NODES_MAXIMUM;
	     node = cpu_list_next(&online, node + 1)) {
		if (!read_list(&look, arena_format(arena, NODES "/node%u/cpulist", node), mine) &&
		    online.count == 1)
			memset(mine, 0xff, sizeof(*mine));
		keep_allowed(mine, allowed, allowed_count);
		if (mine->count == 0)
			continue;
		nodes[count] = (struct numa_node){ .number = node };
		fill(&look, mine, &nodes[count]);
		nodes[count].free_bytes = free_on(&look, node);
		count++;
	}
	for (size_t i = 0; i < count; i++) {
		uint64_t most = of_all < of_group ? of_all : of_group;

		if (nodes[i].free_bytes == 0 || nodes[i].free_bytes > most / count)
			nodes[i].free_bytes = most / count;
	}
	*ret_nodes = nodes;
	return count;
}
