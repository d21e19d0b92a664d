#include "host/topology.h"

#include "probe/probe.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define CPU "/sys/devices/system/cpu/"
#define PCI "/sys/bus/pci/devices/"

/* One processor, and functions below two host bridges. */
static const struct root_entry node[] = {
	{ CPU "online", "0\n" },
	{ CPU "possible", "0\n" },
	{ CPU "present", "0\n" },
	{ CPU "cpu0/topology/physical_package_id", "0\n" },
	{ CPU "cpu0/topology/core_id", "0\n" },
	{ CPU "cpu0/topology/core_cpus", "1\n" },
	{ CPU "cpu0/topology/package_cpus", "1\n" },
	{ CPU "cpu0/cache/index0/level", "1\n" },
	{ CPU "cpu0/cache/index0/type", "Data\n" },
	{ CPU "cpu0/cache/index0/size", "48K\n" },
	{ CPU "cpu0/cache/index0/shared_cpu_map", "1\n" },
	{ CPU "cpu0/cache/index1/level", "3\n" },
	{ CPU "cpu0/cache/index1/type", "Unified\n" },
	{ CPU "cpu0/cache/index1/size", "32768K\n" },
	{ CPU "cpu0/cache/index1/shared_cpu_map", "1\n" },
	{ "/sys/devices/system/node/online", "0\n" },
	{ "/sys/devices/system/node/node0/cpumap", "1\n" },
	{ "/sys/devices/system/node/node0/meminfo", "Node 0 MemTotal: 1000 kB\n" },
	{ "/sys/devices/system/node/node0/distance", "10\n" },
	{ PCI "0000:19:00.0/class", "0x030200\n" },
	{ PCI "0000:19:00.0/local_cpus", "1\n" },
	{ PCI "0000:19:01.0/class", "0x020700\n" },
	{ PCI "0000:19:01.0/local_cpus", "1\n" },
	{ PCI "0000:19:02.0/class", "0x020700\n" },
	{ PCI "0000:19:02.0/local_cpus", "1\n" },
	{ PCI "0000:70:00.0/class", "0x020700\n" },
	{ PCI "0000:70:00.0/local_cpus", "1\n" },
	{ NULL, NULL },
};

static void look_first(struct watch *watch)
{
	watch->request.shares = PROBE_LAYOUT;
	watch_run(watch, &probe_topology);
}

/* What a probe before saw, and then this one. */
static void look_at(struct watch *watch)
{
	saw_state(&watch->sightings, NODE_GPU_VENDOR, "gpu:0000:19:00.0", "nvidia");
	probe_topology.look(&watch->request, &watch->sightings);
}

static void add_adapter(struct watch *watch, const char *device, const char *pci,
			const char *function)
{
	saw_state(&watch->sightings, NODE_RDMA_PCI, device, pci);
	saw_state(&watch->sightings, NODE_RDMA_FUNCTION, device, function);
}

static void caches_and_distances_are_seen(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	look_first(&watch);
	watch_expect(&watch, "cpu.cache", "cache:L3", "33554432");
	watch_expect(&watch, "cpu.caches", "cache:L3", "1");
	watch_expect(&watch, "cpu.cache", "cache:L1d", "49152");
	assert_int_equal(watch_count(&watch, "gpu.nic"), 0);
}

static void a_gpu_is_paired_with_the_nearest_adapters(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	look_first(&watch);
	add_adapter(&watch, "rdma:mlx5_2", "pci:0000:70:00.0", "physical");
	add_adapter(&watch, "rdma:mlx5_0", "pci:0000:19:01.0", "physical");
	add_adapter(&watch, "rdma:mlx5_1", "pci:0000:19:02.0", "physical");
	look_at(&watch);
	watch_expect(&watch, "gpu.nic", "gpu:0000:19:00.0", "rdma:mlx5_0+rdma:mlx5_1");
	watch_expect(&watch, "gpu.nic.path", "gpu:0000:19:00.0", "bridge");
}

/* A virtual function lies as near as its adapter and is none besides it; in a guest it is one. */
static void virtual_functions_count_where_there_is_nothing_else(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	look_first(&watch);
	add_adapter(&watch, "rdma:mlx5_0", "pci:0000:19:01.0", "virtual");
	add_adapter(&watch, "rdma:mlx5_2", "pci:0000:70:00.0", "physical");
	look_at(&watch);
	watch_expect(&watch, "gpu.nic", "gpu:0000:19:00.0", "rdma:mlx5_2");
	watch_expect(&watch, "gpu.nic.path", "gpu:0000:19:00.0", "node");

	look_first(&watch);
	add_adapter(&watch, "rdma:mlx5_0", "pci:0000:19:01.0", "virtual");
	look_at(&watch);
	watch_expect(&watch, "gpu.nic", "gpu:0000:19:00.0", "rdma:mlx5_0");
}

static void a_place_that_is_not_known_is_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	look_first(&watch);
	add_adapter(&watch, "rdma:mlx5_0", "pci:0000:99:00.0", "physical");
	look_at(&watch);
	watch_expect(&watch, "gpu.nic", "gpu:0000:19:00.0", "?no adapter's place is known");
	watch_expect(&watch, "gpu.nic.path", "gpu:0000:19:00.0", NULL);
}

/* A deadline that nothing can meet stands for an hwloc that hangs. */
static void what_hwloc_does_not_tell_is_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch.request.call_limit_ns = 1;
	look_first(&watch);
	add_adapter(&watch, "rdma:mlx5_0", "pci:0000:19:01.0", "physical");
	watch_expect(&watch, "cpu.cache", NULL, "?hwloc does not end within 0 ms");
	look_at(&watch);
	watch_expect(&watch, "gpu.nic", "gpu:0000:19:00.0", "?hwloc does not end");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(caches_and_distances_are_seen),
		cmocka_unit_test(a_gpu_is_paired_with_the_nearest_adapters),
		cmocka_unit_test(virtual_functions_count_where_there_is_nothing_else),
		cmocka_unit_test(a_place_that_is_not_known_is_unknown),
		cmocka_unit_test(what_hwloc_does_not_tell_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
