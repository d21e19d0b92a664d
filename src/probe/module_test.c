#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

static void a_module_has_a_version_or_is_loaded_or_absent(void **state)
{
	static const struct root_entry entries[] = {
		{ "/sys/module/nvidia/version", "580.159.03\n" },
		{ "/sys/module/ib_umad/refcnt", "1" },
		{ "/sys/module/mmfs26/refcnt", "1" },
		{ "/sys/module/kvm", NULL },
		{ "/sys/module/amdgpu/version", "" },
		{ "/proc/sys/kernel/osrelease", "6.8.0-90-generic\n" },
		{ "/lib/modules/6.8.0-90-generic/modules.builtin",
		  "kernel/drivers/vfio/pci/vfio-pci.ko\nkernel/fs/nfs/nfsv4.ko\nx\n.ko\n" },
		{ NULL, NULL },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	watch_run(&watch, &probe_software);
	watch_expect(&watch, "module", "module:nvidia", "580.159.03");
	watch_expect(&watch, "module", "module:ib_umad", "loaded");
	watch_expect(&watch, "module", "module:mmfs", "loaded");
	watch_expect(&watch, "module", "module:amdgpu", "loaded");
	watch_expect(&watch, "module", "module:kvm", "?Too many levels");
	watch_expect(&watch, "module", "module:vfio_pci", "loaded");
	watch_expect(&watch, "module", "module:nfs", "absent");
	watch_expect(&watch, "module", "module:nvidia_peermem", "absent");
	assert_int_equal(watch_count(&watch, "module"), 30);
}

static void without_the_folder_of_modules_none_is_absent(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &probe_software);
	watch_expect(&watch, "module", "module:nvidia", "?/sys/module");
	assert_int_equal(watch_count(&watch, "module"), 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_module_has_a_version_or_is_loaded_or_absent),
		cmocka_unit_test(without_the_folder_of_modules_none_is_absent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
