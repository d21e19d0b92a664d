#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define BUS "/sys/bus/pci/devices/"
#define GPU "/sys/devices/pci0000:17/0000:17:01.0/0000:18:00.0/0000:19:00.0/"
#define PORT "/sys/devices/pci0000:17/0000:17:01.0/"
#define BRIDGE "/sys/devices/pci0000:17/0000:17:01.0/0000:18:00.0/"

/* One H100 behind a switch, its driver, and what else a bus has. */
static const struct root_entry node[] = {
	{ "/sys/class/iommu/dmar0", "" },
	{ BUS "0000:19:00.0",
	  "-> ../../../devices/pci0000:17/0000:17:01.0/0000:18:00.0/0000:19:00.0" },
	{ BUS "0000:18:00.0", "-> ../../../devices/pci0000:17/0000:17:01.0/0000:18:00.0" },
	{ BUS "0000:17:01.0", "-> ../../../devices/pci0000:17/0000:17:01.0" },
	{ BUS "0000:00:1f.0", "-> ../../../devices/pci0000:00/0000:00:1f.0" },
	{ "/sys/devices/pci0000:00/0000:00:1f.0/class", "0x060100\n" },
	{ PORT "class", "0x060400\n" },
	{ PORT "vendor", "0x8086\n" },
	{ PORT "device", "0x352a\n" },
	{ BRIDGE "class", "0x060400\n" },
	{ BRIDGE "vendor", "0x1000\n" },
	{ BRIDGE "device", "0xc030\n" },
	{ BRIDGE "power_state", "D0\n" },
	{ BRIDGE "aer_dev_correctable", "RxErr 0\nBadTLP 5\nTOTAL_ERR_COR 5\n" },
	{ GPU "class", "0x030200\n" },
	{ GPU "vendor", "0x10de\n" },
	{ GPU "device", "0x2330\n" },
	{ GPU "subsystem_vendor", "0x10de\n" },
	{ GPU "subsystem_device", "0x16c1\n" },
	{ GPU "driver", "-> ../../../../../bus/pci/drivers/nvidia" },
	{ GPU "numa_node", "-1\n" },
	{ GPU "power_state", "D0\n" },
	{ GPU "current_link_speed", "16.0 GT/s PCIe\n" },
	{ GPU "max_link_speed", "32.0 GT/s PCIe\n" },
	{ GPU "current_link_width", "8\n" },
	{ GPU "max_link_width", "16\n" },
	{ GPU "iommu_group", "-> ../../../../../kernel/iommu_groups/62" },
	{ "/sys/devices/kernel/iommu_groups/62/type", "" },
	{ GPU "aer_dev_correctable", "RxErr 0\nTOTAL_ERR_COR 3\n" },
	{ GPU "aer_dev_nonfatal", "Undefined 0\nTOTAL_ERR_NONFATAL 0\n" },
	{ GPU "aer_dev_fatal", "Undefined 0\nTOTAL_ERR_FATAL 18446744073709551615\n" },
	{ "/proc/driver/nvidia/gpus/0000:19:00.0/information", "" },
	{ NULL, NULL },
};

/* Header, PCI Express at 0x40, and ACS at 0x100, `length` bytes of it. */
static void put_config(struct watch *watch, const char *path, size_t length, unsigned acs)
{
	char bytes[4096] = { 0 };

	bytes[0x06] = 0x10;
	bytes[0x34] = 0x40;
	bytes[0x40] = 0x10;
	bytes[0x48] = 0x30; /* payload 256, relaxed ordering */
	bytes[0x49] = 0x20; /* read request 512 */
	bytes[0x100] = 0x0d;
	bytes[0x102] = 0x01;
	bytes[0x106] = (char)acs;
	root_put_bytes(&watch->root, path, (struct span){ bytes, length });
}

static void a_gpu_and_the_bridges_above_it_are_seen(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	put_config(&watch, GPU "config", 4096, 0);
	put_config(&watch, BRIDGE "config", 4096, 0x1d);
	put_config(&watch, PORT "config", 4096, 0);
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "1");
	watch_expect(&watch, "gpu.count.pci", "vendor:amd", "0");
	watch_expect(&watch, "gpu.count.driver", "vendor:nvidia", "1");
	watch_expect(&watch, "gpu.count.driver", "vendor:amd", NULL);
	watch_expect(&watch, "iommu", NULL, "intel");
	watch_expect(&watch, "pci.class", "pci:0000:19:00.0", "030200");
	watch_expect(&watch, "pci.id", "pci:0000:19:00.0", "10de:2330");
	watch_expect(&watch, "pci.subsystem", "pci:0000:19:00.0", "10de:16c1");
	watch_expect(&watch, "pci.driver", "pci:0000:19:00.0", "nvidia");
	watch_expect(&watch, "pci.parent", "pci:0000:19:00.0", "pci:0000:18:00.0");
	watch_expect(&watch, "pci.parent", "pci:0000:18:00.0", "pci:0000:17:01.0");
	watch_expect(&watch, "pci.parent", "pci:0000:17:01.0", "root");
	watch_expect(&watch, "pci.driver", "pci:0000:18:00.0", "none");
	watch_expect(&watch, "pci.class", "pci:0000:18:00.0", "060400");
	watch_expect(&watch, "pci.numa", "pci:0000:19:00.0", "-1");
	watch_expect(&watch, "pci.power", "pci:0000:19:00.0", "D0");
	watch_expect(&watch, "pci.link.speed", "pci:0000:19:00.0", "16");
	watch_expect(&watch, "pci.link.speed.maximum", "pci:0000:19:00.0", "32");
	watch_expect(&watch, "pci.link.width", "pci:0000:19:00.0", "8");
	watch_expect(&watch, "pci.link.width.maximum", "pci:0000:19:00.0", "16");
	watch_expect(&watch, "pci.iommu.group", "pci:0000:19:00.0", "62");
	watch_expect(&watch, "pci.aer.correctable", "pci:0000:19:00.0", "3");
	watch_expect(&watch, "pci.aer.nonfatal", "pci:0000:19:00.0", "0");
	watch_expect(&watch, "pci.aer.correctable", "pci:0000:18:00.0", "5");
	watch_expect(&watch, "pci.aer.fatal", "pci:0000:18:00.0", NULL);
	watch_expect(&watch, "pci.relaxed-ordering", "pci:0000:19:00.0", "on");
	watch_expect(&watch, "pci.payload", "pci:0000:19:00.0", "256");
	watch_expect(&watch, "pci.read-request", "pci:0000:19:00.0", "512");
	watch_expect(&watch, "pci.acs", "pci:0000:18:00.0", "SV+RR+CR+UF");
	watch_expect(&watch, "pci.acs", "pci:0000:17:01.0", "off");
	watch_expect(&watch, "pci.acs", "pci:0000:19:00.0", NULL);
	/* What is of no interest is left alone. */
	watch_expect(&watch, "pci.class", "pci:0000:00:1f.0", NULL);
}

/* Some switches have ACS at the very end of their configuration. */
static void capabilities_are_followed_to_the_end(void **state)
{
	char bytes[4096] = { 0 };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	bytes[0x06] = 0x10;
	bytes[0x34] = (char)0xc0;
	bytes[0xc0] = 0x10;
	bytes[0x100] = 0x01;
	bytes[0x102] = 0x01;
	bytes[0x103] = (char)0xf2;
	bytes[0xf20] = 0x0d;
	bytes[0xf26] = 0x04;
	root_put_bytes(&watch.root, BRIDGE "config", (struct span){ bytes, sizeof(bytes) });
	root_put_bytes(&watch.root, PORT "config", (struct span){ bytes, 1000 });
	root_put_bytes(&watch.root, GPU "config", (struct span){ bytes, sizeof(bytes) });
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "pci.acs", "pci:0000:18:00.0", "RR");
	watch_expect(&watch, "pci.acs", "pci:0000:17:01.0", "?cut short");
	watch_expect(&watch, "pci.payload", "pci:0000:19:00.0", "128");
	watch_expect(&watch, "pci.relaxed-ordering", "pci:0000:19:00.0", "off");
}

static void what_is_no_pci_express_has_no_settings(void **state)
{
	static const char *const files[] = { GPU "max_link_width", GPU "max_link_speed",
					     GPU "current_link_width", GPU "current_link_speed" };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		root_drop(&watch.root, files[i]);
	put_config(&watch, GPU "config", 256, 0);
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "pci.power", "pci:0000:19:00.0", "D0");
	watch_expect(&watch, "pci.payload", "pci:0000:19:00.0", NULL);
	watch_expect(&watch, "pci.link.width", "pci:0000:19:00.0", NULL);
}

static void what_the_user_may_not_read_is_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	put_config(&watch, GPU "config", 64, 0);
	put_config(&watch, BRIDGE "config", 256, 0);
	root_put(&watch.root, PORT "config", NULL);
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "pci.relaxed-ordering", "pci:0000:19:00.0",
		     "?only the first 64 bytes");
	watch_expect(&watch, "pci.payload", "pci:0000:19:00.0", "?only the first 64 bytes");
	watch_expect(&watch, "pci.read-request", "pci:0000:19:00.0", "?only the first 64 bytes");
	watch_expect(&watch, "pci.payload", "pci:0000:18:00.0", "256");
	watch_expect(&watch, "pci.acs", "pci:0000:18:00.0", "?no extended configuration");
	watch_expect(&watch, "pci.acs", "pci:0000:17:01.0", "?config");
	watch_expect(&watch, "pci.power", "pci:0000:19:00.0", "D0");
}

static void a_gpu_that_does_not_answer_has_no_power_state(void **state)
{
	char ones[256];
	SCOPED_WATCH(watch);

	(void)state;
	memset(ones, 0xff, sizeof(ones));
	watch_make(&watch, node);
	root_put_bytes(&watch.root, GPU "config", (struct span){ ones, sizeof(ones) });
	root_put(&watch.root, GPU "current_link_width", "63\n");
	root_put(&watch.root, GPU "current_link_speed", "Unknown\n");
	for (unsigned i = 0; i < 2; i++) {
		watch.request.shares = i == 0 ? PROBE_QUICK : PROBE_QUICK | PROBE_FULL;
		watch_run(&watch, &probe_pci);
		watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "1");
		watch_expect(&watch, "pci.power", "pci:0000:19:00.0", "?all ones");
		watch_expect(&watch, "pci.link.width", "pci:0000:19:00.0", "?63");
		watch_expect(&watch, "pci.link.speed", "pci:0000:19:00.0", "?Unknown");
	}
	watch_expect(&watch, "pci.payload", "pci:0000:19:00.0", "?all ones");
}

static void a_sleeping_function_is_not_woken(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	put_config(&watch, GPU "config", 4096, 0);
	root_put(&watch.root, GPU "power_state", "D3cold\n");
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "pci.power", "pci:0000:19:00.0", "D3cold");
	watch_expect(&watch, "pci.payload", "pci:0000:19:00.0", "?not woken");
}

static void garbage_is_unknown_and_quoted(void **state)
{
	static const struct root_entry garbage[] = {
		{ GPU "subsystem_vendor", "0xzzzz\n" },
		{ GPU "numa_node", "99999999\n" },
		{ GPU "current_link_speed", "\x01\xff\xfe" },
		{ GPU "max_link_speed", "0 GT/s\n" },
		{ GPU "current_link_width", "255\n" },
		{ GPU "max_link_width", "0\n" },
		{ GPU "iommu_group", "-> ../../none" },
		{ GPU "power_state", "" },
		{ GPU "driver", NULL },
		{ GPU "aer_dev_correctable", "TOTAL_ERR_COR minus\n" },
		{ GPU "aer_dev_nonfatal", "" },
		{ GPU "aer_dev_fatal", NULL },
		{ GPU "config", "" },
		{ "/proc/driver/nvidia/gpus", NULL },
		{ "/sys/class/iommu", NULL },
		{ NULL, NULL },
	};
	static const char *const unknown[] = {
		"pci.subsystem",
		"pci.numa",
		"pci.link.speed",
		"pci.link.width",
		"pci.link.speed.maximum",
		"pci.link.width.maximum",
		"pci.iommu.group",
		"pci.power",
		"pci.payload",
		"pci.aer.correctable",
		"pci.aer.nonfatal",
		"pci.aer.fatal",
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	root_drop(&watch.root, "/proc/driver/nvidia/gpus");
	root_drop(&watch.root, "/sys/class/iommu");
	for (size_t i = 0; garbage[i].path; i++)
		root_put(&watch.root, garbage[i].path, garbage[i].text);
	watch_run(&watch, &probe_pci);
	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
		watch_expect(&watch, unknown[i], "pci:0000:19:00.0", "?");
	watch_expect(&watch, "gpu.count.driver", "vendor:nvidia", "?");
	watch_expect(&watch, "iommu", NULL, "?");
}

/* A class that cannot be told may be that of a GPU of the vendor. */
static void a_doubtful_function_makes_the_count_unknown(void **state)
{
	static const struct {
		const char *class, *vendor;
		const char *nvidia, *amd;
	} cases[] = {
		{ "0x03\n", "0x10de\n", "?class", "0" },
		{ NULL, "0x1002\n", "1", "?class" },
		{ "", NULL, "?class", "?class" },
		{ "junk", "0x8086\n", "1", "0" },
		{ "0x030200\n", "0x10d\n", "?vendor", "?vendor" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_WATCH(watch);
		watch_make(&watch, node);
		root_put(&watch.root, BUS "0000:c1:00.0/class", cases[i].class);
		root_put(&watch.root, BUS "0000:c1:00.0/vendor", cases[i].vendor);
		watch_run(&watch, &probe_pci);
		watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", cases[i].nvidia);
		watch_expect(&watch, "gpu.count.pci", "vendor:amd", cases[i].amd);
	}
}

static void a_bus_that_cannot_be_seen_leaves_the_count_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "?No such file");
	watch_expect(&watch, "gpu.count.pci", "vendor:amd", "?No such file");
	watch_expect(&watch, "iommu", NULL, "?");
	root_put(&watch.root, "/sys/bus/pci/devices", NULL);
	root_put(&watch.root, "/sys/class/", NULL);
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "?");
	watch_expect(&watch, "iommu", NULL, "none");
	root_drop(&watch.root, "/sys/bus/pci/devices");
	root_put(&watch.root, BUS, NULL);
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "0");
	watch_expect(&watch, "gpu.count.pci", "vendor:amd", "0");
}

static void a_place_that_loops_or_leads_nowhere_is_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	root_put(&watch.root, BUS "0000:c1:00.0/class", "0x010802\n");
	root_put(&watch.root, BUS "0000:c1:00.0/vendor", "0x144d\n");
	root_put(&watch.root, BUS "0000:c2:00.0", NULL);
	root_put(&watch.root, BUS "not a name", "-> /");
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "pci.parent", "pci:0000:c1:00.0", "?tree of devices");
	watch_expect(&watch, "pci.class", "pci:0000:c1:00.0", "010802");
	watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "?0000:c2:00.0");
}

static void virtual_functions_have_no_link_and_no_settings_of_their_own(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	root_put(&watch.root, GPU "class", "0x020000\n");
	root_put(&watch.root, GPU "physfn", "-> ../0000:19:00.1");
	put_config(&watch, GPU "config", 4096, 0);
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "0");
	watch_expect(&watch, "pci.link.width", "pci:0000:19:00.0", NULL);
	watch_expect(&watch, "pci.relaxed-ordering", "pci:0000:19:00.0", NULL);
	watch_expect(&watch, "pci.id", "pci:0000:19:00.0", "10de:2330");
}

/* What the driver lists and the bus has not any more is what a check looks for. */
static void the_driver_is_counted_apart(void **state)
{
	static const struct root_entry more[] = {
		{ "/proc/driver/nvidia/gpus/0000:3b:00.0/information", "" },
		{ "/proc/driver/nvidia/gpus/0000:c1:00.0/information", "" },
		{ BUS "0000:c1:00.0/class", "0x030000\n" },
		{ BUS "0000:c1:00.0/vendor", "0x10de\n" },
		{ BUS "0000:c2:00.0/class", "0x120000\n" },
		{ BUS "0000:c2:00.0/vendor", "0x1002\n" },
		{ BUS "0000:c2:00.0/driver", "-> ../../../drivers/amdgpu" },
		{ BUS "0000:c3:00.0/class", "0x120000\n" },
		{ BUS "0000:c3:00.0/vendor", "0x1002\n" },
		{ NULL, NULL },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	for (size_t i = 0; more[i].path; i++)
		root_put(&watch.root, more[i].path, more[i].text);
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "1");
	watch_expect(&watch, "gpu.count.driver", "vendor:nvidia", "2");
	watch_expect(&watch, "gpu.count.pci", "vendor:amd", "2");
	watch_expect(&watch, "gpu.count.driver", "vendor:amd", "1");
	root_drop(&watch.root, "/proc/driver");
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "gpu.count.driver", "vendor:nvidia", "1");
}

static void each_share_has_its_own(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	watch.request.shares = PROBE_COUNTERS;
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "pci.aer.correctable", "pci:0000:19:00.0", "3");
	assert_int_equal(watch_count(&watch, "pci.class"), 0);
	assert_int_equal(watch_count(&watch, "gpu.count.pci"), 0);
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_pci);
	assert_int_equal(watch_count(&watch, "pci.class"), 3);
	assert_int_equal(watch_count(&watch, "gpu.count.pci"), 2);
	assert_int_equal(watch_count(&watch, "pci.aer.correctable"), 0);
	assert_int_equal(watch_count(&watch, "pci.acs"), 0);
}

static void iommus_are_told_by_their_names(void **state)
{
	static const struct {
		const char *path, *kind;
	} cases[] = {
		{ "/sys/class/iommu/dmar0/", "intel" },
		{ "/sys/class/iommu/ivhd0/", "amd" },
		{ "/sys/class/iommu/smmu3.0x5000000/", "smmu" },
		{ "/sys/class/iommu/arm-smmu-v3.0.auto/", "smmu" },
		{ "/sys/class/iommu/virtio0/", "other" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_WATCH(watch);
		watch_make(&watch, NULL);
		root_put(&watch.root, cases[i].path, NULL);
		watch_run(&watch, &probe_pci);
		watch_expect(&watch, "iommu", NULL, cases[i].kind);
	}
}

/* A domain can have thousands of functions; the count is then not known, and nothing overflows. */
static void more_functions_than_are_looked_at_leave_the_count_unknown(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, node);
	root_put(&watch.root, "/sys/adapter/class", "0x020000\n");
	root_put(&watch.root, "/sys/adapter/vendor", "0x15b3\n");
	for (unsigned i = 0; i < 2100; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), BUS "0001:%02x:%02x.%u", i >> 8, i >> 3 & 31,
			       i & 7);
		root_put(&watch.root, path, "-> /sys/adapter");
	}
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_pci);
	watch_expect(&watch, "gpu.count.pci", "vendor:nvidia", "?more functions");
	watch_expect(&watch, "pci.class", NULL, "?more than 2048");
	watch_expect(&watch, "pci.id", "pci:0000:19:00.0", "10de:2330");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gpu_and_the_bridges_above_it_are_seen),
		cmocka_unit_test(capabilities_are_followed_to_the_end),
		cmocka_unit_test(what_is_no_pci_express_has_no_settings),
		cmocka_unit_test(what_the_user_may_not_read_is_unknown),
		cmocka_unit_test(a_gpu_that_does_not_answer_has_no_power_state),
		cmocka_unit_test(a_sleeping_function_is_not_woken),
		cmocka_unit_test(garbage_is_unknown_and_quoted),
		cmocka_unit_test(a_doubtful_function_makes_the_count_unknown),
		cmocka_unit_test(a_bus_that_cannot_be_seen_leaves_the_count_unknown),
		cmocka_unit_test(a_place_that_loops_or_leads_nowhere_is_unknown),
		cmocka_unit_test(virtual_functions_have_no_link_and_no_settings_of_their_own),
		cmocka_unit_test(the_driver_is_counted_apart),
		cmocka_unit_test(each_share_has_its_own),
		cmocka_unit_test(iommus_are_told_by_their_names),
		cmocka_unit_test(more_functions_than_are_looked_at_leave_the_count_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
