#include "probe/numa.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/root.h"
#include <cmocka.h>

#define NODES "/sys/devices/system/node/"
#define CPU "/sys/devices/system/cpu/cpu"

#define CORE(cpu, siblings, sharers)                                                             \
	{ CPU cpu "/topology/thread_siblings_list", siblings },                                  \
		{ CPU cpu "/cache/index0/level", "1" }, { CPU cpu "/cache/index0/size", "32K" }, \
		{ CPU cpu "/cache/index0/shared_cpu_list", siblings },                           \
		{ CPU cpu "/cache/index1/level", "3" },                                          \
		{ CPU cpu "/cache/index1/size", "16384K" },                                      \
	{                                                                                        \
		CPU cpu "/cache/index1/shared_cpu_list", sharers                                 \
	}

static const struct root_entry two[] = {
	{ NODES "has_cpu", "0-1\n" },
	{ NODES "node0/cpulist", "0-1,4-5\n" },
	{ NODES "node1/cpulist", "2-3,6-7\n" },
	{ NODES "node2/cpulist", "\n" },
	{ NODES "node0/meminfo", "Node 0 MemFree:     1000 kB\nNode 0 Inactive(file):  24 kB\n" },
	{ NODES "node1/meminfo", "Node 1 MemFree:     4000 kB\n" },
	{ "/proc/meminfo", "MemTotal:    9000 kB\nMemAvailable:    6000 kB\n" },
	CORE("0", "0,4", "0-1,4-5"),
	CORE("1", "1,5", "0-1,4-5"),
	CORE("2", "2,6", "2,6"),
	CORE("3", "3,7", "3,7"),
	CORE("4", "0,4", "0-1,4-5"),
	CORE("5", "1,5", "0-1,4-5"),
	CORE("6", "2,6", "2,6"),
	CORE("7", "3,7", "3,7"),
	{ NULL, NULL },
};

static const unsigned all[] = { 0, 1, 2, 3, 4, 5, 6, 7 };

static void a_node_has_its_cores_caches_and_memory(void **state)
{
	SCOPED_ROOT(root);
	const struct numa_node *nodes;

	(void)state;
	root_make(&root, two);
	assert_int_equal(numa_read(&root.host, all, 8, &root.arena, &nodes), 2);
	assert_int_equal(nodes[0].core_count, 2);
	assert_int_equal(nodes[0].cores[1], 1);
	assert_int_equal(nodes[0].cache_bytes, 16384 << 10);
	assert_int_equal(nodes[0].free_bytes, 1024 << 10);
	assert_int_equal(nodes[1].number, 1);
	assert_int_equal(nodes[1].cores[0], 2);
	assert_int_equal(nodes[1].cache_bytes, 2 * 16384 << 10);
	/* Its share of what all may take is less than what it has. */
	assert_int_equal(nodes[1].free_bytes, 3000 << 10);
}

static void only_what_is_allowed_counts(void **state)
{
	static const unsigned some[] = { 5, 6 };
	SCOPED_ROOT(root);
	const struct numa_node *nodes;

	(void)state;
	root_make(&root, two);
	root_put(&root, "/sys/fs/cgroup/memory.max", "1048576\n");
	root_put(&root, "/sys/fs/cgroup/memory.current", "1024\n");
	assert_int_equal(numa_read(&root.host, some, 2, &root.arena, &nodes), 2);
	assert_int_equal(nodes[0].core_count, 1);
	assert_int_equal(nodes[0].cores[0], 5);
	assert_int_equal(nodes[0].free_bytes, (1048576 - 1024) / 2);
	assert_int_equal(numa_read(&root.host, some, 1, &root.arena, &nodes), 1);
	assert_int_equal(numa_read(&root.host, some, 0, &root.arena, &nodes), 0);
}

static void a_kernel_that_shows_no_nodes_has_one(void **state)
{
	SCOPED_ROOT(root);
	const struct numa_node *nodes;

	(void)state;
	root_make(&root, NULL);
	assert_int_equal(numa_read(&root.host, all, 8, &root.arena, &nodes), 1);
	assert_int_equal(nodes[0].number, 0);
	assert_int_equal(nodes[0].core_count, 8);
	assert_int_equal(nodes[0].cache_bytes, 0);
	assert_int_equal(nodes[0].free_bytes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_node_has_its_cores_caches_and_memory),
		cmocka_unit_test(only_what_is_allowed_counts),
		cmocka_unit_test(a_kernel_that_shows_no_nodes_has_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
