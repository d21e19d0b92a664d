#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define FUNCTION "/sys/devices/pci0000:17/0000:17:01.0/0000:18:00.0/"
#define IB "/sys/class/infiniband/mlx5_0/"
#define PORT IB "ports/1/"
#define ROCE "/sys/class/infiniband/mlx5_1/"

/* An InfiniBand adapter with one port, and the function of one for Ethernet in a guest. */
static const struct root_entry node[] = {
	{ FUNCTION "vendor", "0x15b3\n" },
	{ FUNCTION "device", "0x1021\n" },
	{ FUNCTION "driver", "-> ../../../../bus/pci/drivers/mlx5_core" },
	{ FUNCTION "net/ib0/dev_port", "0\n" },
	{ IB "device", "-> ../../../devices/pci0000:17/0000:17:01.0/0000:18:00.0" },
	{ IB "hca_type", "MT4129\n" },
	{ IB "fw_ver", "28.39.1002\n" },
	{ IB "board_id", "MT_0000000838\n" },
	{ IB "node_guid", "b83f:d203:00a1:b2c0\n" },
	{ IB "sys_image_guid", "b83f:d203:00a1:b2d0\n" },
	{ PORT "state", "4: ACTIVE\n" },
	{ PORT "phys_state", "5: LinkUp\n" },
	{ PORT "rate", "400 Gb/sec (4X NDR)\n" },
	{ PORT "link_layer", "InfiniBand\n" },
	{ PORT "lid", "0x1a\n" },
	{ PORT "gids/0", "fe80:0000:0000:0000:b83f:d203:00a1:b2c1\n" },
	{ PORT "gid_attrs/ndevs/0", NULL },
	{ PORT "pkeys/0", "0xffff\n" },
	{ PORT "pkeys/1", "0x8001\n" },
	{ PORT "pkeys/10", "0x0000\n" },
	{ PORT "pkeys/2", "0x8001\n" },
	{ PORT "counters/symbol_error", "0\n" },
	{ PORT "counters/link_downed", "2\n" },
	{ PORT "counters/port_xmit_wait", "18446744073709551615\n" },
	{ PORT "counters/port_rcv_data", "77\n" },
	{ PORT "hw_counters/link_downed", "99\n" },
	{ PORT "hw_counters/out_of_sequence", "5\n" },
	{ PORT "hw_counters/lifespan", "10\n" },
	{ ROCE "node_guid", "0000:0000:0000:0000\n" },
	{ ROCE "ports/2/gids/0", "0000:0000:0000:0000:0000:ffff:0a00:0001\n" },
	{ ROCE "device/vendor", "0x15b3\n" },
	{ ROCE "device/device", "0x101e\n" },
	{ ROCE "device/net/eth4/dev_port", "0\n" },
	{ ROCE "device/net/eth5/dev_port", "1\n" },
	{ ROCE "ports/2/state", "1: DOWN\n" },
	{ ROCE "ports/2/phys_state", "6: LinkErrorRecovery\n" },
	{ ROCE "ports/2/rate", "40 Gb/sec (4X QDR)\n" },
	{ ROCE "ports/2/link_layer", "Ethernet\n" },
	{ ROCE "ports/2/pkeys/0", "0x0000\n" },
	{ NULL, NULL },
};

static void adapters_and_ports_are_seen(void **state)
{
	static const char *const expected[][3] = {
		{ "rdma.count", NULL, "2" },
		{ "rdma.model", "rdma:mlx5_0", "MT4129" },
		{ "rdma.driver", "rdma:mlx5_0", "mlx5_core" },
		{ "rdma.firmware", "rdma:mlx5_0", "28.39.1002" },
		{ "rdma.board", "rdma:mlx5_0", "MT_0000000838" },
		{ "rdma.node.guid", "rdma:mlx5_0", "0xb83fd20300a1b2c0" },
		{ "rdma.system.guid", "rdma:mlx5_0", "0xb83fd20300a1b2d0" },
		{ "rdma.port.guid", "rdma:mlx5_0/1", "0xb83fd20300a1b2c1" },
		{ "rdma.node.guid", "rdma:mlx5_1", "?" },
		{ "rdma.system.guid", "rdma:mlx5_1", NULL },
		{ "rdma.port.guid", "rdma:mlx5_1/2", NULL },
		{ "rdma.pci", "rdma:mlx5_0", "pci:0000:18:00.0" },
		{ "rdma.function", "rdma:mlx5_0", "physical" },
		{ "rdma.state", "rdma:mlx5_0/1", "active" },
		{ "rdma.physical", "rdma:mlx5_0/1", "linkup" },
		{ "rdma.layer", "rdma:mlx5_0/1", "infiniband" },
		{ "rdma.rate", "rdma:mlx5_0/1", "400" },
		{ "rdma.lid", "rdma:mlx5_0/1", "26" },
		{ "rdma.net", "rdma:mlx5_0/1", "net:ib0" },
		{ "rdma.partitions", "rdma:mlx5_0/1", "0x8001,0xffff" },
		{ "rdma.counter", "rdma:mlx5_0/1/symbol_error", "0" },
		{ "rdma.counter", "rdma:mlx5_0/1/link_downed", "2" },
		{ "rdma.counter", "rdma:mlx5_0/1/port_xmit_wait", "1.84467440737e19" },
		{ "rdma.counter", "rdma:mlx5_0/1/out_of_sequence", "5" },
		{ "rdma.counter", "rdma:mlx5_0/1/port_rcv_data", "77" },
		{ "rdma.counter", "rdma:mlx5_0/1/lifespan", NULL },
		{ "rdma.function", "rdma:mlx5_1", "virtual" },
		{ "rdma.driver", "rdma:mlx5_1", NULL },
		{ "rdma.state", "rdma:mlx5_1/2", "down" },
		{ "rdma.physical", "rdma:mlx5_1/2", "errorrecovery" },
		{ "rdma.layer", "rdma:mlx5_1/2", "ethernet" },
		{ "rdma.net", "rdma:mlx5_1/2", "net:eth5" },
		{ "rdma.partitions", "rdma:mlx5_1/2", "none" },
		{ "rdma.lid", "rdma:mlx5_1/2", NULL },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch_run(&watch, &probe_rdma);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		watch_expect(&watch, expected[i][0], expected[i][1], expected[i][2]);
	root_drop(&watch.root, PORT "gid_attrs/ndevs/0");
	root_put(&watch.root, PORT "gid_attrs/ndevs/0", "ib7\n");
	root_put(&watch.root, FUNCTION "physfn", "-> ../0000:18:00.1");
	watch_run(&watch, &probe_rdma);
	watch_expect(&watch, "rdma.net", "rdma:mlx5_0/1", "net:ib7");
	watch_expect(&watch, "rdma.function", "rdma:mlx5_0", "virtual");
}

static void each_share_has_its_own(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch.request.shares = PROBE_COUNTERS;
	watch_run(&watch, &probe_rdma);
	assert_int_equal(watch_count(&watch, "rdma.counter"), 4);
	assert_int_equal(watch.sightings.count, 4);
	watch_expect(&watch, "rdma.counter", "rdma:mlx5_0/1/port_rcv_data", NULL);
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_rdma);
	watch_expect(&watch, "rdma.count", NULL, "2");
	assert_int_equal(watch_count(&watch, "rdma.state"), 2);
	assert_int_equal(watch_count(&watch, "rdma.firmware"), 0);
	assert_int_equal(watch_count(&watch, "rdma.partitions"), 0);
	assert_int_equal(watch_count(&watch, "rdma.counter"), 0);
}

static void no_folder_is_no_rdma_and_a_closed_one_is_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &probe_rdma);
	watch_expect(&watch, "rdma.count", NULL, "?No such file");
	root_put(&watch.root, "/sys/class/net/", NULL);
	watch_run(&watch, &probe_rdma);
	watch_expect(&watch, "rdma.count", NULL, "0");
	root_put(&watch.root, "/sys/class/infiniband", NULL);
	watch_run(&watch, &probe_rdma);
	watch_expect(&watch, "rdma.count", NULL, "?infiniband");
	root_drop(&watch.root, "/sys/class/infiniband");
	root_put(&watch.root, "/sys/class/infiniband", "a file\n");
	watch_run(&watch, &probe_rdma);
	assert_int_equal(watch.sightings.count, 1);
}

static void garbage_is_unknown_and_quoted(void **state)
{
	static const struct root_entry garbage[] = {
		{ PORT "state", "ACTIVE\n" },
		{ PORT "phys_state", "5: \x1b[2J\n" },
		{ PORT "rate", "fast\n" },
		{ PORT "link_layer", "" },
		{ PORT "pkeys/5", "0xzzzz\n" },
		{ PORT "counters/symbol_error", "-1\n" },
		{ PORT "counters/link_downed", NULL },
		{ PORT "counters/a b", "1\n" },
		{ PORT "counters/..hidden", "1\n" },
		{ IB "hca_type", "" },
		{ IB "fw_ver", NULL },
		{ "/sys/class/infiniband/m x/state", "1" },
		{ "/sys/class/infiniband/loop", NULL },
		{ IB "ports/255/state", "4: ACTIVE\n" },
		{ IB "ports/x/state", "4: ACTIVE\n" },
		{ NULL, NULL },
	};
	static const char *const expected[][3] = {
		{ "rdma.state", "rdma:mlx5_0/1", "?ACTIVE" },
		{ "rdma.physical", "rdma:mlx5_0/1", "?says" },
		{ "rdma.rate", "rdma:mlx5_0/1", "?fast" },
		{ "rdma.layer", "rdma:mlx5_0/1", "?" },
		{ "rdma.partitions", "rdma:mlx5_0/1", "?pkeys/5" },
		{ "rdma.counter", "rdma:mlx5_0/1/symbol_error", "?-1" },
		{ "rdma.counter", "rdma:mlx5_0/1/link_downed", "?" },
		{ "rdma.model", "rdma:mlx5_0", "?" },
		{ "rdma.firmware", "rdma:mlx5_0", "?" },
		{ "rdma.state", "rdma:mlx5_0/255", NULL },
		{ "rdma.state", "rdma:loop", "?" },
		{ "rdma.count", NULL, "3" },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	root_drop(&watch.root, PORT "counters/link_downed");
	for (size_t i = 0; garbage[i].path; i++)
		root_put(&watch.root, garbage[i].path, garbage[i].text);
	watch_run(&watch, &probe_rdma);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		watch_expect(&watch, expected[i][0], expected[i][1], expected[i][2]);
	assert_int_equal(watch_count(&watch, "rdma.counter"), 5);
}

static void a_port_without_its_files_is_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, PORT, NULL);
	watch_run(&watch, &probe_rdma);
	watch_expect(&watch, "rdma.count", NULL, "1");
	watch_expect(&watch, "rdma.state", "rdma:mlx5_0/1", "?No such file");
	watch_expect(&watch, "rdma.physical", "rdma:mlx5_0/1", "?No such file");
	watch_expect(&watch, "rdma.layer", "rdma:mlx5_0/1", "?No such file");
	watch_expect(&watch, "rdma.rate", "rdma:mlx5_0/1", "?No such file");
	watch_expect(&watch, "rdma.partitions", "rdma:mlx5_0/1", NULL);
	assert_int_equal(watch_count(&watch, "rdma.counter"), 0);
}

/* Folders can be as full as somebody likes. */
static void floods_of_entries_are_refused(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	for (unsigned i = 0; i < 600; i++) {
		char path[128];

		(void)snprintf(path, sizeof(path), PORT "pkeys/%u", i);
		root_put(&watch.root, path, "0x1234\n");
		(void)snprintf(path, sizeof(path), PORT "hw_counters/c%u", i);
		root_put(&watch.root, path, "1\n");
	}
	watch_run(&watch, &probe_rdma);
	watch_expect(&watch, "rdma.partitions", "rdma:mlx5_0/1", "?600 entries");
	watch_expect(&watch, "rdma.counter", "rdma:mlx5_0/1", "?603 entries");
	watch_expect(&watch, "rdma.counter", "rdma:mlx5_0/1/link_downed", "2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adapters_and_ports_are_seen),
		cmocka_unit_test(each_share_has_its_own),
		cmocka_unit_test(no_folder_is_no_rdma_and_a_closed_one_is_unknown),
		cmocka_unit_test(garbage_is_unknown_and_quoted),
		cmocka_unit_test(a_port_without_its_files_is_unknown),
		cmocka_unit_test(floods_of_entries_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
