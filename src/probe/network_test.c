#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define NIC "/sys/devices/pci0000:17/0000:17:01.0/0000:18:00.0/"
#define ETH NIC "net/eth0/"
#define NET "/sys/class/net/"

/* An adapter, a bond, a container's end of a cable, loopback. */
static const struct root_entry node[] = {
	{ NET "eth0", "-> ../../devices/pci0000:17/0000:17:01.0/0000:18:00.0/net/eth0" },
	{ NIC "driver", "-> ../../../../bus/pci/drivers/mlx5_core" },
	{ ETH "device", "-> ../../../0000:18:00.0" },
	{ ETH "type", "1\n" },
	{ ETH "operstate", "up\n" },
	{ ETH "speed", "400000\n" },
	{ ETH "mtu", "9000\n" },
	{ ETH "carrier_changes", "4\n" },
	{ ETH "statistics/rx_errors", "7\n" },
	{ ETH "statistics/rx_crc_errors", "18446744073709551615\n" },
	{ ETH "statistics/rx_bytes", "123\n" },
	{ NET "bond0/bonding/mode", "802.3ad 4\n" },
	{ NET "bond0/type", "1\n" },
	{ NET "bond0/operstate", "down\n" },
	{ NET "bond0/mtu", "1500\n" },
	{ NET "bond0/speed", "-1\n" },
	{ NET "bond0/statistics/tx_dropped", "1\n" },
	{ NET "veth1/type", "1\n" },
	{ NET "veth1/operstate", "up\n" },
	{ NET "veth1/statistics/rx_dropped", "9\n" },
	{ NET "lo/type", "772\n" },
	{ NET "lo/operstate", "unknown\n" },
	{ NET "lo/mtu", "65536\n" },
	{ NET "bonding_masters", "bond0\n" },
	{ NULL, NULL },
};

static void interfaces_are_seen_by_their_kind(void **state)
{
	static const char *const expected[][3] = {
		{ "net.kind", "net:eth0", "physical" },
		{ "net.kind", "net:bond0", "bond" },
		{ "net.kind", "net:veth1", "virtual" },
		{ "net.kind", "net:lo", "loopback" },
		{ "net.kind", "net:bonding_masters", NULL },
		{ "net.state", "net:eth0", "up" },
		{ "net.state", "net:lo", "unknown" },
		{ "net.speed", "net:eth0", "400000" },
		{ "net.speed", "net:bond0", NULL },
		{ "net.mtu", "net:eth0", "9000" },
		{ "net.mtu", "net:lo", NULL },
		{ "net.driver", "net:eth0", "mlx5_core" },
		{ "net.pci", "net:eth0", "pci:0000:18:00.0" },
		{ "net.carrier-changes", "net:eth0", "4" },
		{ "net.carrier-changes", "net:veth1", NULL },
		{ "net.counter", "net:eth0/rx_errors", "7" },
		{ "net.counter", "net:eth0/rx_crc_errors", "1.84467440737e19" },
		{ "net.counter", "net:eth0/rx_bytes", NULL },
		{ "net.counter", "net:bond0/tx_dropped", "1" },
		{ "net.counter", "net:veth1/rx_dropped", NULL },
		{ "net.firmware", "net:eth0", NULL },
		{ "net.module.temperature", "net:eth0", NULL },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch_run(&watch, &probe_network);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		watch_expect(&watch, expected[i][0], expected[i][1], expected[i][2]);
}

static void each_share_has_its_own(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch.request.shares = PROBE_COUNTERS;
	watch_run(&watch, &probe_network);
	assert_int_equal(watch.sightings.count, 4);
	watch_expect(&watch, "net.carrier-changes", "net:eth0", "4");
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_network);
	assert_int_equal(watch_count(&watch, "net.kind"), 4);
	assert_int_equal(watch_count(&watch, "net.state"), 4);
	assert_int_equal(watch.sightings.count, 9);
}

static void garbage_is_unknown_and_quoted(void **state)
{
	static const struct root_entry garbage[] = {
		{ ETH "type", "\xff\xff" },
		{ ETH "operstate", "" },
		{ ETH "speed", "fast\n" },
		{ ETH "mtu", "-5\n" },
		{ ETH "carrier_changes", "1e999\n" },
		{ ETH "statistics/rx_errors", "many\n" },
		{ ETH "statistics/tx_errors", NULL },
		{ NET "loop", NULL },
		{ NULL, NULL },
	};
	static const char *const expected[][3] = {
		{ "net.kind", "net:eth0", "physical" },
		{ "net.state", "net:eth0", "?" },
		{ "net.speed", "net:eth0", "?fast" },
		{ "net.mtu", "net:eth0", "?-5" },
		{ "net.carrier-changes", "net:eth0", "?1e999" },
		{ "net.counter", "net:eth0/rx_errors", "?many" },
		{ "net.counter", "net:eth0/tx_errors", "?tx_errors" },
		{ "net.state", "net:loop", "?" },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	for (size_t i = 0; garbage[i].path; i++)
		root_put(&watch.root, garbage[i].path, garbage[i].text);
	watch_run(&watch, &probe_network);
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		watch_expect(&watch, expected[i][0], expected[i][1], expected[i][2]);
}

static void interfaces_that_cannot_be_listed_are_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &probe_network);
	watch_expect(&watch, "net.state", NULL, "?No such file");
	root_put(&watch.root, "/sys/class/net", NULL);
	watch_run(&watch, &probe_network);
	watch_expect(&watch, "net.state", NULL, "?net");
	watch.request.shares = PROBE_COUNTERS;
	watch_run(&watch, &probe_network);
	assert_int_equal(watch.sightings.count, 0);
}

static void a_flood_of_interfaces_ends(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	for (unsigned i = 0; i < 1100; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), NET "v%u/operstate", i);
		root_put(&watch.root, path, "up\n");
	}
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_network);
	assert_int_equal(watch_count(&watch, "net.kind"), 1024);
	watch_expect(&watch, "net.state", NULL, "?the rest was not looked at");
}

/* Of this machine at least loopback is seen, and no driver's refusal is an error. */
static void this_machine_is_seen(void **state)
{
	static const struct host machine = { .root = NULL };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch.request.host = &machine;
	watch_run(&watch, &probe_network);
	watch_expect(&watch, "net.kind", "net:lo", "loopback");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(interfaces_are_seen_by_their_kind),
		cmocka_unit_test(each_share_has_its_own),
		cmocka_unit_test(garbage_is_unknown_and_quoted),
		cmocka_unit_test(interfaces_that_cannot_be_listed_are_unknown),
		cmocka_unit_test(a_flood_of_interfaces_ends),
		cmocka_unit_test(this_machine_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
