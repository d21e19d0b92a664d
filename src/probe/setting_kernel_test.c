#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	struct root_entry files[3];
	const char *device, *says;
} cases[] = {
	{ { { "/proc/sys/kernel/kptr_restrict", "2\n" } },
	  "setting:sysctl:kernel.kptr_restrict",
	  "2" },
	{ { { "/proc/sys/kernel/x", "" } },
	  "setting:sysctl:kernel.unprivileged_bpf_disabled",
	  "unset" },
	{ { { "/proc/sys/kernel/kptr_restrict", NULL } },
	  "setting:sysctl:kernel.kptr_restrict",
	  "?Too many levels" },
	{ { { "/proc/sys/kernel/kptr_restrict", "" } },
	  "setting:sysctl:kernel.kptr_restrict",
	  "empty" },
	{ { { "/sys/module/kvm_intel/parameters/nested", "Y\n" } },
	  "setting:kvm:intel.nested",
	  "Y" },
	{ { { "/sys/module/x/y", "" } }, "setting:kvm:amd.nested", "unset" },
	{ { { "/x", "" } }, "setting:kvm:amd.nested", "?/sys/module" },
	{ { { "/sys/bus/platform/drivers/tegra241_cmdqv/NVDA200C:00", "-> x" },
	    { "/sys/bus/platform/drivers/tegra241_cmdqv/bind", "" } },
	  "setting:smmu:cmdqv",
	  "1" },
	{ { { "/sys/bus/x", "" } }, "setting:smmu:cmdqv", "unset" },
	{ { { "/x", "" } }, "setting:smmu:cmdqv", "?/sys/bus" },
	{ { { "/etc/modprobe.d/nvidia.conf",
	      "# options nvidia NVreg_RestrictProfilingToAdminUsers=1\n"
	      "options nvidia \\\n NVreg_RestrictProfilingToAdminUsers=0\n" } },
	  "setting:modprobe:nvidia.NVreg_RestrictProfilingToAdminUsers",
	  "0" },
	{ { { "/etc/modprobe.d/a.conf", "# x \\\noptions nvidia NVreg_RegistryDwords=1\n" } },
	  "setting:modprobe:nvidia.NVreg_RegistryDwords",
	  "unset" },
	{ { { "/etc/modprobe.d/a.conf", "options kvm-intel nested=1\n" } },
	  "setting:modprobe:kvm_intel.nested",
	  "1" },
	{ { { "/etc/modprobe.d/a.conf", "options kvm_amd nested=0\n" },
	    { "/usr/lib/modprobe.d/a.conf", "options kvm_amd nested=1\n" } },
	  "setting:modprobe:kvm_amd.nested",
	  "0" },
	{ { { "/etc/modprobe.d/a.conf", "options snd secret=1\n" } },
	  "setting:modprobe:snd.secret",
	  NULL },
	{ { { "/etc/modprobe.d/a.conf", NULL } },
	  "setting:modprobe:kvm_amd.nested",
	  "?Too many levels" },
	{ { { "/etc/modprobe.d/a.txt", "options kvm_amd nested=1" } },
	  "setting:modprobe:kvm_amd.nested",
	  "unset" },
};

static void settings_are_as_the_files_have_them(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, NULL);
		for (size_t k = 0; k < COUNT(cases[i].files) && cases[i].files[k].path; k++)
			root_put(&watch.root, cases[i].files[k].path, cases[i].files[k].text);
		watch_run(&watch, &probe_setting);
		watch_expect(&watch, "setting", cases[i].device, cases[i].says);
	}
}

static void a_file_has_a_kind_a_mode_and_an_owner(void **state)
{
	SCOPED_WATCH(watch);
	char expected[64];

	(void)state;
	watch_make(&watch, NULL);
	root_put(&watch.root, "/etc/nccl.conf", "");
	root_put(&watch.root, "/dev/mst/", NULL);
	root_put(&watch.root, "/dev/kvm", NULL);
	assert_int_equal(
		chmod(arena_format(&watch.root.arena, "%s/etc/nccl.conf", watch.root.folder), 0604),
		0);
	assert_int_equal(
		chmod(arena_format(&watch.root.arena, "%s/dev/mst", watch.root.folder), 01777), 0);
	watch_run(&watch, &probe_setting);
	(void)snprintf(expected, sizeof(expected), "file 0604 %u", (unsigned)getuid());
	watch_expect(&watch, "file", "file:/etc/nccl.conf", expected);
	(void)snprintf(expected, sizeof(expected), "folder 1777 %u", (unsigned)getuid());
	watch_expect(&watch, "file", "file:/dev/mst", expected);
	watch_expect(&watch, "file", "file:/dev/kvm", "?Too many levels");
	watch_expect(&watch, "file", "file:/dev/ipmi0", "absent");
	assert_int_equal(watch_count(&watch, "file"), 23);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_as_the_files_have_them),
		cmocka_unit_test(a_file_has_a_kind_a_mode_and_an_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
