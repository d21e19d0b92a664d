#include "probe/pci_function.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/root.h"
#include <cmocka.h>

static void what_is_of_interest_is_told_by_class_and_vendor(void **state)
{
	static const struct {
		uint32_t class, vendor;
		enum pci_kind kind;
	} cases[] = {
		{ 0x030200, 0x10de, PCI_KIND_NVIDIA }, /* H100 */
		{ 0x030000, 0x10de, PCI_KIND_OTHER },  /* a board with a display */
		{ 0x030200, 0x8086, PCI_KIND_OTHER },
		{ 0x120000, 0x1002, PCI_KIND_AMD }, /* MI300X */
		{ 0x038000, 0x1002, PCI_KIND_AMD }, /* MI210 */
		{ 0x030000, 0x1002, PCI_KIND_OTHER },
		{ 0x120000, 0x10de, PCI_KIND_OTHER },
		{ 0x068000, 0x10de, PCI_KIND_SWITCH },
		{ 0x068000, 0x8086, PCI_KIND_OTHER },
		{ 0x020000, 0x8086, PCI_KIND_NETWORK },
		{ 0x020700, 0x15b3, PCI_KIND_NETWORK },
		{ 0x028000, 0x1d0f, PCI_KIND_NETWORK },
		{ 0x010802, 0x144d, PCI_KIND_NVME },
		{ 0x010601, 0x8086, PCI_KIND_OTHER },
		{ 0x060400, 0x1000, PCI_KIND_OTHER },
		{ 0xffffff, 0xffff, PCI_KIND_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(pci_kind(cases[i].class, cases[i].vendor), cases[i].kind);
}

static void names_have_four_parts(void **state)
{
	static const char *const good[] = { "0000:19:00.0", "0009:01:1f.7", "10000:e1:00.0",
					    "deadbeef:00:00.1" };
	static const char *const bad[] = { "",
					   ".0",
					   "19:00.0",
					   "0000:19:00",
					   "0000:19:00.8",
					   "0000:1:000.0",
					   "000:019:00.0",
					   "0000:19:0g.0",
					   "0000:19:00.0 ",
					   "0000:AB:00.0",
					   "123456789:00:00.0",
					   "0000:19:00:00.0" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(pci_is_name(span_of(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(pci_is_name(span_of(bad[i])));
}

static void an_id_has_its_digits_and_nothing_else(void **state)
{
	static const char *const bad[] = { "",        "0x",     "10de",   "0x10d",
					   "0x10def", "0x10dg", "0x10DE", "0x10de 1" };
	SCOPED_ROOT(root);
	struct error err = { 0 };
	uint32_t id = 7;

	(void)state;
	root_make(&root, NULL);
	root_put(&root, "/id", "0x10de\n");
	assert_true(pci_read_id(&root.host, "/id", 4, &root.arena, &id, &err));
	assert_int_equal(id, 0x10de);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		root_put(&root, "/id", bad[i]);
		assert_false(pci_read_id(&root.host, "/id", 4, &root.arena, &id, &err));
		assert_int_equal(err.code, ERROR_INVALID);
	}
	assert_int_equal(id, 0x10de);
}

static void the_nearest_function_above_a_device_is_its_own(void **state)
{
	static const struct root_entry entries[] = {
		{ "/sys/devices/pci0000:00/0000:00:01.0/0000:3b:00.0/net/eth0/", NULL },
		{ "/sys/devices/pci0000:00/0000:00:03.0/virtio2/net/eth1/", NULL },
		{ "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-1/net/usb0/", NULL },
		{ "/sys/devices/virtual/net/lo/", NULL },
		{ "/sys/class/net/eth0",
		  "-> ../../devices/pci0000:00/0000:00:01.0/0000:3b:00.0/net/eth0" },
		{ "/sys/class/net/eth1",
		  "-> ../../devices/pci0000:00/0000:00:03.0/virtio2/net/eth1" },
		{ "/sys/class/net/usb0",
		  "-> ../../devices/pci0000:00/0000:00:14.0/usb1/1-1/net/usb0" },
		{ "/sys/class/net/lo", "-> ../../devices/virtual/net/lo" },
		{ "/sys/class/net/loop", NULL },
		{ NULL, NULL },
	};
	static const struct {
		const char *path, *pci;
	} cases[] = {
		{ "/sys/class/net/eth0", "0000:3b:00.0" },
		{ "/sys/class/net/eth1", "0000:00:03.0" },
		{ "/sys/class/net/usb0", NULL },
		{ "/sys/class/net/lo", NULL },
		{ "/sys/class/net/loop", NULL },
		{ "/sys/class/net/none", NULL },
	};
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *pci = pci_of_device(&root.host, cases[i].path, &root.arena);

		assert_int_equal(!pci, !cases[i].pci);
		if (pci)
			assert_string_equal(pci, cases[i].pci);
	}
}

static void kind_is_read_from_class_and_vendor(void **state)
{
	static const struct root_entry entries[] = {
		{ "/sys/bus/pci/devices/0000:19:00.0/class", "0x030200\n" },
		{ "/sys/bus/pci/devices/0000:19:00.0/vendor", "0x10de\n" },
		{ "/sys/bus/pci/devices/0000:1a:00.0/class", "0x030200\n" },
		{ NULL, NULL },
	};
	enum pci_kind kind = PCI_KIND_OTHER;
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	assert_true(pci_read_kind(&root.host, "0000:19:00.0", &root.arena, &kind, NULL));
	assert_int_equal(kind, PCI_KIND_NVIDIA);
	assert_false(pci_read_kind(&root.host, "0000:1a:00.0", &root.arena, &kind, NULL));
	assert_false(pci_read_kind(&root.host, "0000:1b:00.0", &root.arena, &kind, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_of_interest_is_told_by_class_and_vendor),
		cmocka_unit_test(names_have_four_parts),
		cmocka_unit_test(an_id_has_its_digits_and_nothing_else),
		cmocka_unit_test(the_nearest_function_above_a_device_is_its_own),
		cmocka_unit_test(kind_is_read_from_class_and_vendor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
