#include "host/topology.h"

#include "host/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "test/root.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LIMIT_NS 5000000000ll
#define CPU "/sys/devices/system/cpu/"
#define NUMA "/sys/devices/system/node/"
#define PCI "/sys/bus/pci/devices/"
#define PORT "0000:16:01.0"
#define GPU "0000:18:00.0"
#define NIC "0000:19:00.0"
#define LONELY "0000:70:00.0"
#define FAR "0000:80:00.0"

/* Two packages of one core; a switch with two functions, and three elsewhere. */
static const struct root_entry node[] = {
	{ CPU "possible", "0-1\n" },
	{ CPU "present", "0-1\n" },
	{ CPU "online", "0-1\n" },
	{ CPU "cpu0/topology/physical_package_id", "0\n" },
	{ CPU "cpu0/topology/core_id", "0\n" },
	{ CPU "cpu0/topology/core_cpus", "1\n" },
	{ CPU "cpu0/topology/package_cpus", "1\n" },
	{ CPU "cpu0/cache/index0/level", "3\n" },
	{ CPU "cpu0/cache/index0/type", "Unified\n" },
	{ CPU "cpu0/cache/index0/size", "32768K\n" },
	{ CPU "cpu0/cache/index0/shared_cpu_map", "1\n" },
	{ CPU "cpu1/topology/physical_package_id", "1\n" },
	{ CPU "cpu1/topology/core_id", "0\n" },
	{ CPU "cpu1/topology/core_cpus", "2\n" },
	{ CPU "cpu1/topology/package_cpus", "2\n" },
	{ CPU "cpu1/cache/index0/level", "3\n" },
	{ CPU "cpu1/cache/index0/type", "Unified\n" },
	{ CPU "cpu1/cache/index0/size", "32768K\n" },
	{ CPU "cpu1/cache/index0/shared_cpu_map", "2\n" },
	{ NUMA "online", "0-1\n" },
	{ NUMA "node0/cpumap", "1\n" },
	{ NUMA "node0/meminfo", "Node 0 MemTotal: 1000 kB\n" },
	{ NUMA "node0/distance", "10 32\n" },
	{ NUMA "node1/cpumap", "2\n" },
	{ NUMA "node1/meminfo", "Node 1 MemTotal: 1000 kB\n" },
	{ NUMA "node1/distance", "32 10\n" },
	{ "/proc/cpuinfo", "processor : 0\n\nprocessor : 1\n" },
	{ NULL, NULL },
};

/* What is asked of a function; `first` and `last` are the buses below a bridge, 0 of others. */
static void add_function(struct root *root, const char *address, const char *kind,
			 const char *threads, char first, char last)
{
	char space[256] = { 0 };
	struct arena *arena = &root->arena;

	space[0x0e] = first != 0;
	space[0x19] = first;
	space[0x1a] = last;
	root_put(root, arena_format(arena, PCI "%s/vendor", address), "0x10de\n");
	root_put(root, arena_format(arena, PCI "%s/device", address), "0x2330\n");
	root_put(root, arena_format(arena, PCI "%s/class", address), kind);
	root_put(root, arena_format(arena, PCI "%s/local_cpus", address), threads);
	root_put_bytes(root, arena_format(arena, PCI "%s/config", address),
		       (struct span){ space, sizeof(space) });
}

static void make_node(struct root *root)
{
	root_make(root, node);
	add_function(root, PORT, "0x060400\n", "1\n", 0x17, 0x19);
	add_function(root, "0000:17:00.0", "0x060400\n", "1\n", 0x18, 0x18);
	add_function(root, "0000:17:01.0", "0x060400\n", "1\n", 0x19, 0x19);
	add_function(root, GPU, "0x030200\n", "1\n", 0, 0);
	add_function(root, NIC, "0x020700\n", "1\n", 0, 0);
	add_function(root, LONELY, "0x020000\n", "1\n", 0, 0);
	add_function(root, "0000:70:01.0", "0x020000\n", "1\n", 0, 0);
	add_function(root, FAR, "0x020000\n", "2\n", 0, 0);
}

static void read_well(const struct host *host, struct arena *arena, struct topology *ret_topology)
{
	struct error err = { 0 };
	bool good = topology_read(host, LIMIT_NS, arena, ret_topology, &err);

	assert_string_equal(err.text, "");
	assert_true(good);
}

static void a_machine_below_a_root_is_seen(void **state)
{
	SCOPED_ROOT(root);
	struct topology topology = { 0 };

	(void)state;
	make_node(&root);
	read_well(&root.host, &root.arena, &topology);
	assert_int_equal(topology.packages, 2);
	assert_int_equal(topology.cores, 2);
	assert_int_equal(topology.threads, 2);
	assert_int_equal(topology.cache_count, 1);
	assert_int_equal(topology.caches[0].level, 3);
	assert_int_equal(topology.caches[0].kind, CACHE_UNIFIED);
	assert_int_equal(topology.caches[0].bytes, 32768 * 1024);
	assert_int_equal(topology.caches[0].count, 2);
	assert_int_equal(topology.distance_count, 4);
	assert_int_equal(topology.distances[1].from, 0);
	assert_int_equal(topology.distances[1].to, 1);
	assert_int_equal(topology.distances[1].distance, 32);
}

static void a_function_has_its_node_and_what_is_above(void **state)
{
	static const char *const above[] = { "0000:16", PORT, "0000:17:00.0" };
	SCOPED_ROOT(root);
	struct topology topology = { 0 };

	(void)state;
	make_node(&root);
	read_well(&root.host, &root.arena, &topology);
	assert_int_equal(topology.device_count, 5);
	assert_string_equal(topology.devices[0].address, GPU);
	assert_int_equal(topology.devices[0].numa, 0);
	assert_int_equal(topology.devices[0].above_count, COUNT(above));
	for (size_t i = 0; i < COUNT(above); i++)
		assert_string_equal(topology.devices[0].above[i], above[i]);
	assert_string_equal(topology.devices[4].address, FAR);
	assert_int_equal(topology.devices[4].numa, 1);
	assert_int_equal(topology.devices[4].above_count, 1);
}

static void what_lies_between_two_functions(void **state)
{
	static const struct {
		const char *a, *b;
		enum topology_nearness near;
	} cases[] = {
		{ GPU, NIC, NEAR_SWITCH },
		{ NIC, GPU, NEAR_SWITCH },
		{ LONELY, "0000:70:01.0", NEAR_BRIDGE },
		{ GPU, LONELY, NEAR_NODE },
		{ GPU, FAR, NEAR_MACHINE },
		{ GPU, "0000:99:00.0", NEAR_UNKNOWN },
		{ "", NIC, NEAR_UNKNOWN },
	};
	SCOPED_ROOT(root);
	struct topology topology = { 0 };

	(void)state;
	make_node(&root);
	read_well(&root.host, &root.arena, &topology);
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(topology_nearness(&topology, cases[i].a, cases[i].b),
				 cases[i].near);
}

static void a_node_that_is_not_told_is_no_node(void **state)
{
	static const struct span lines[] = { SPAN("device 0000:01:00.0 -1 0000:00"),
					     SPAN("device 0000:81:00.0 -1 0000:80") };
	SCOPED_ARENA(arena);
	struct topology topology;

	(void)state;
	topology_take(lines, COUNT(lines), &arena, &topology);
	assert_int_equal(topology.device_count, 2);
	assert_int_equal(topology_nearness(&topology, "0000:01:00.0", "0000:81:00.0"),
			 NEAR_UNKNOWN);
}

/* hwloc listens to its environment; ours has to stay as it is. */
static void the_environment_stays_as_it_was(void **state)
{
	SCOPED_ROOT(root);
	struct topology topology = { 0 };

	(void)state;
	make_node(&root);
	assert_int_equal(setenv("HWLOC_FSROOT", "/elsewhere", 1), 0);
	assert_int_equal(setenv("HWLOC_SYNTHETIC", "pack:7 pu:1", 1), 0);
	assert_int_equal(unsetenv("HWLOC_COMPONENTS"), 0);
	read_well(&root.host, &root.arena, &topology);
	assert_int_equal(topology.packages, 2);
	assert_string_equal(getenv("HWLOC_FSROOT"), "/elsewhere");
	assert_string_equal(getenv("HWLOC_SYNTHETIC"), "pack:7 pu:1");
	assert_null(getenv("HWLOC_COMPONENTS"));
	assert_int_equal(unsetenv("HWLOC_FSROOT"), 0);
	assert_int_equal(unsetenv("HWLOC_SYNTHETIC"), 0);
}

static void this_machine_is_seen_too(void **state)
{
	const struct host host = { 0 };
	SCOPED_ARENA(arena);
	struct topology topology = { 0 };

	(void)state;
	read_well(&host, &arena, &topology);
	assert_true(topology.threads > 0);
	assert_true(topology.cores <= topology.threads);
}

/* What was recorded by one is what is seen later. */
static void a_captured_machine_answers_as_it_did(void **state)
{
	static const struct redaction redaction = { .salt = "a salt" };
	SCOPED_ROOT(root);
	struct host recording, replayed;
	struct topology topology = { 0 }, again = { 0 };
	struct error err = { 0 };
	const char *folder;

	(void)state;
	make_node(&root);
	folder = arena_format(&root.arena, "%s/captured", root.folder);
	recorder_start(&root.host, &root.arena, &recording);
	read_well(&recording, &root.arena, &topology);
	assert_true(recorder_write(&recording, folder, &redaction, &err));
	assert_true(capture_open(folder, &root.arena, &replayed, &err));
	read_well(&replayed, &root.arena, &again);
	assert_int_equal(again.packages, topology.packages);
	assert_int_equal(again.device_count, topology.device_count);
	for (size_t i = 0; i < again.device_count; i++)
		assert_string_equal(again.devices[i].address, topology.devices[i].address);
	assert_int_equal(topology_nearness(&again, GPU, NIC), NEAR_SWITCH);
}

static void a_capture_without_the_answer_is_no_topology(void **state)
{
	static const struct redaction redaction = { .salt = "a salt" };
	SCOPED_ROOT(root);
	struct host recording, replayed;
	struct topology topology = { .packages = 7 };
	struct error err = { 0 };
	const char *folder;

	(void)state;
	make_node(&root);
	folder = arena_format(&root.arena, "%s/captured", root.folder);
	recorder_start(&root.host, &root.arena, &recording);
	assert_true(recorder_write(&recording, folder, &redaction, &err));
	assert_true(capture_open(folder, &root.arena, &replayed, &err));
	assert_false(topology_read(&replayed, LIMIT_NS, &root.arena, &topology, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_int_equal(topology.packages, 7);
}

/* A capture may hold whatever somebody wrote into it. */
static void lines_that_make_no_sense_are_left_out(void **state)
{
	static const struct span lines[] = {
		SPAN(""),
		SPAN("count"),
		SPAN("count 1 2"),
		SPAN("count 1 2 3 4"),
		SPAN("count -1 2 3"),
		SPAN("count 4294967296 1 1"),
		SPAN("cache 0 u 1"),
		SPAN("cache 1 x 1"),
		SPAN("cache 1 u"),
		SPAN("cache 1 u 1 1"),
		SPAN("cache 10 u 1"),
		SPAN("distance 0 1"),
		SPAN("distance 0 1 -5"),
		SPAN("distance 99999 1 10"),
		SPAN("device"),
		SPAN("device 0000:19:00.0"),
		SPAN("device 0000:19:00.0 -2"),
		SPAN("device 0000:19:00.0 99999999999"),
		SPAN("device ../../etc/passwd 0"),
		SPAN("device 0000:19:00.0 0 upwards"),
		SPAN("device 0000:19:00.0 0 0000:16  0000:17:00.0"),
		SPAN("surprise 1 2 3"),
		{ "device \0000:19:00.0 0", 21 },
	};
	SCOPED_ARENA(arena);
	struct topology topology;

	(void)state;
	topology_take(lines, COUNT(lines), &arena, &topology);
	assert_int_equal(topology.packages, 0);
	assert_int_equal(topology.threads, 0);
	assert_int_equal(topology.cache_count, 0);
	assert_int_equal(topology.distance_count, 0);
	assert_int_equal(topology.device_count, 0);
}

static void more_than_the_maximum_is_left_out(void **state)
{
	SCOPED_ARENA(arena);
	size_t count = TOPOLOGY_DEVICES_MAXIMUM + 10;
	struct span *lines = ARENA_ARRAY(&arena, struct span, count + TOPOLOGY_CACHES_MAXIMUM + 10);
	struct topology topology;

	(void)state;
	for (size_t i = 0; i < count; i++)
		lines[i] = span_of(arena_format(&arena, "device %04zx:19:00.0 0", i));
	for (size_t i = 0; i < TOPOLOGY_CACHES_MAXIMUM + 10; i++)
		lines[count + i] = span_of(arena_format(&arena, "cache 2 u %zu", i));
	topology_take(lines, count + TOPOLOGY_CACHES_MAXIMUM + 10, &arena, &topology);
	assert_int_equal(topology.device_count, TOPOLOGY_DEVICES_MAXIMUM);
	assert_int_equal(topology.cache_count, TOPOLOGY_CACHES_MAXIMUM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_below_a_root_is_seen),
		cmocka_unit_test(a_function_has_its_node_and_what_is_above),
		cmocka_unit_test(what_lies_between_two_functions),
		cmocka_unit_test(a_node_that_is_not_told_is_no_node),
		cmocka_unit_test(the_environment_stays_as_it_was),
		cmocka_unit_test(this_machine_is_seen_too),
		cmocka_unit_test(a_captured_machine_answers_as_it_did),
		cmocka_unit_test(a_capture_without_the_answer_is_no_topology),
		cmocka_unit_test(lines_that_make_no_sense_are_left_out),
		cmocka_unit_test(more_than_the_maximum_is_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
