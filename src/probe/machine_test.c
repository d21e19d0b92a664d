#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DMI "/sys/class/dmi/id/"
#define CLOCK "/sys/devices/system/clocksource/clocksource0/"

static const struct root_entry server[] = {
	{ DMI "sys_vendor", "Supermicro\n" },
	{ DMI "product_name", "SYS-821GE-TNHR\n" },
	{ DMI "bios_version", "2.4a\n" },
	{ DMI "bios_date", "03/14/2025\n" },
	{ "/proc/sys/kernel/arch", "x86_64\n" },
	{ "/proc/sys/kernel/osrelease", "6.1.0-27-amd64\n" },
	{ "/proc/sys/kernel/tainted", "4097\n" },
	{ "/proc/version", "Linux version 6.1.0-27-amd64 (debian-kernel@lists.debian.org)\n" },
	{ "/proc/cmdline", "BOOT_IMAGE=/vmlinuz-6.1.0-27-amd64 root=UUID=1 ro iommu=pt\n" },
	{ "/proc/uptime", "86400.50 10.00\n" },
	{ "/proc/stat", "cpu  1 2 3\nintr 5 0 0\nctxt 9\nbtime 1764115200\nprocesses 7\n" },
	{ "/proc/cpuinfo", "flags : fpu vmx\n" },
	{ "/proc/1/cgroup", "0::/init.scope\n" },
	{ "/proc/self/mountinfo", "26 1 8:1 / / rw - ext4 /dev/sda1 rw\n" },
	{ "/etc/os-release", "PRETTY_NAME=\"Debian\"\nID=debian\nVERSION_ID=\"12\"\n" },
	{ "/boot/vmlinuz-6.1.0-27-amd64", "" },
	{ "/boot/vmlinuz-6.1.0-9-amd64", "" },
	{ "/boot/vmlinuz-6.1.0-31-cloud-amd64", "" },
	{ "/boot/System.map-6.1.0-99-amd64", "" },
	{ "/lib/modules/6.1.0-98-amd64/modules.dep", "" },
	{ CLOCK "current_clocksource", "tsc\n" },
	{ CLOCK "available_clocksource", "tsc hpet acpi_pm \n" },
	{ NULL, NULL },
};

static void a_server_is_described(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, server);
	watch_run(&watch, &probe_machine);
	watch_expect(&watch, "board", NULL, "Supermicro SYS-821GE-TNHR");
	watch_expect(&watch, "firmware", NULL, "2.4a 2025-03-14");
	watch_expect(&watch, "architecture", NULL, "x86_64");
	watch_expect(&watch, "kernel", NULL, "6.1.0-27-amd64");
	watch_expect(&watch, "kernel.build", NULL,
		     "Linux version 6.1.0-27-amd64 (debian-kernel@lists.debian.org)");
	watch_expect(&watch, "kernel.taint", NULL, "4097");
	watch_expect(&watch, "command-line", NULL,
		     "BOOT_IMAGE=/vmlinuz-6.1.0-27-amd64 root=UUID=1 ro iommu=pt");
	watch_expect(&watch, "system", NULL, "debian 12");
	watch_expect(&watch, "virtual", NULL, "none");
	watch_expect(&watch, "container", NULL, "none");
	watch_expect(&watch, "uptime", NULL, "86400.5");
	watch_expect(&watch, "booted", NULL, "1764115200");
	watch_expect(&watch, "clock.source", NULL, "tsc");
	watch_expect(&watch, "clock.sources", NULL, "tsc hpet acpi_pm");
	/* Of the same flavour, with a kernel and not only what is left of one. */
	watch_expect(&watch, "kernel.newest", NULL, "6.1.0-27-amd64");
}

static void nothing_is_known_of_an_empty_root(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &probe_machine);
	assert_int_equal(watch.sightings.count, 16);
	for (size_t i = 0; i < watch.sightings.count; i++)
		assert_int_equal(watch.sightings.items[i].says, SAYS_UNKNOWN);
}

struct change {
	const char *path, *text; /* "-": is removed */
	const char *measure, *says;
};

static void check_changes(const struct change *changes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, server);
		if (changes[i].text && strcmp(changes[i].text, "-") == 0)
			root_drop(&watch.root, changes[i].path);
		else
			root_put(&watch.root, changes[i].path, changes[i].text);
		watch_run(&watch, &probe_machine);
		watch_expect(&watch, changes[i].measure, NULL, changes[i].says);
	}
}

static void what_cannot_be_read_is_unknown_with_its_cause(void **state)
{
	static const struct change changes[] = {
		{ "/proc/sys/kernel/osrelease", "-", "kernel", "?No such file" },
		{ "/proc/sys/kernel/osrelease", NULL, "kernel", "?Too many levels" },
		{ "/proc/sys/kernel/osrelease", "", "kernel", "?empty" },
		{ "/proc/sys/kernel/osrelease", "", "kernel.newest", "?no installed kernel" },
		{ "/proc/sys/kernel/tainted", "yes", "kernel.taint", "?is no number: 'yes'" },
		{ "/proc/version", NULL, "kernel.build", "?Too many levels" },
		{ "/proc/cmdline", NULL, "command-line", "?Too many levels" },
		{ "/proc/cmdline", "", "command-line", "?empty" },
		{ "/proc/uptime", "", "uptime", "?is no number" },
		{ "/proc/stat", "cpu 1\nbtime\n", "booted", "?no 'btime'" },
		{ "/proc/stat", "btime -5\n", "booted", "?no 'btime'" },
		{ "/proc/stat", NULL, "booted", "?Too many levels" },
		{ CLOCK "current_clocksource", "-", "clock.source", "?No such file" },
		{ DMI "bios_date", "-", "firmware", "2.4a" },
		{ DMI "bios_date", "3/14/25", "firmware", "2.4a 3/14/25" },
		{ DMI "bios_date", "aa/bb/cccc", "firmware", "2.4a aa/bb/cccc" },
		{ DMI "bios_version", NULL, "firmware", "2025-03-14" },
		{ DMI "sys_vendor", "To Be Filled By O.E.M.", "board", "SYS-821GE-TNHR" },
		{ DMI "product_name", "\xff\x01", "board", "Supermicro \?\?" },
	};

	(void)state;
	check_changes(changes, COUNT(changes));
}

static void a_distribution_is_named_as_a_shell_reads_it(void **state)
{
	static const struct change changes[] = {
		{ "/etc/os-release", "ID=ubuntu\nVERSION_ID='22.04'\n", "system", "ubuntu 22.04" },
		{ "/etc/os-release", "ID=arch", "system", "arch" },
		{ "/etc/os-release", "ID=\"a b\"\nVERSION_ID=\"1 \\\"2\\\" \\\\ \\$x\"\n", "system",
		  "a b 1 \"2\" \\ $x" },
		{ "/etc/os-release", "ID='a\\b'\n", "system", "a\\b" },
		{ "/etc/os-release", "ID=a\\ b\n", "system", "a b" },
		{ "/etc/os-release", "ID=x\xff\xfey\n", "system", "x\?\?y" },
		{ "/etc/os-release", "# ID=no\n\nID=yes\nID_LIKE=other\n", "system", "yes" },
		{ "/etc/os-release", "ID=first\nID=last\n", "system", "last" },
		{ "/etc/os-release", "ID=\"open\n", "system", "open" },
		{ "/etc/os-release", "ID=end\\", "system", "end\\" },
		{ "/etc/os-release", "NAME=x\n", "system", "?no 'ID'" },
		{ "/etc/os-release", "ID=\"\"\n", "system", "?no 'ID'" },
		{ "/etc/os-release", "", "system", "?no 'ID'" },
		{ "/etc/os-release", "-", "system", "?No such file" },
		{ "/etc/os-release", "-> ../usr/lib/os-release", "system", "?No such file" },
	};
	SCOPED_WATCH(watch);

	(void)state;
	check_changes(changes, COUNT(changes));
	watch_make(&watch, NULL);
	root_put(&watch.root, "/usr/lib/os-release", "ID=fedora\nVERSION_ID=40\n");
	watch_run(&watch, &probe_machine);
	watch_expect(&watch, "system", NULL, "fedora 40");
}

static void the_newest_kernel_is_one_that_can_be_started(void **state)
{
	static const struct change changes[] = {
		{ "/boot/vmlinuz-6.1.0-31-amd64", "", "kernel.newest", "6.1.0-31-amd64" },
		{ "/lib/modules/6.1.0-98-amd64/vmlinuz", "", "kernel.newest", "6.1.0-98-amd64" },
		{ "/boot/vmlinuz-6.1.0-100-rt-amd64", "", "kernel.newest", "6.1.0-27-amd64" },
		{ "/boot/vmlinuz-6.1.0-31-amd64.bak", "", "kernel.newest", "6.1.0-27-amd64" },
		/* Removed while it runs: the one to come is still the newest. */
		{ "/boot/vmlinuz-6.1.0-27-amd64", "-", "kernel.newest", "6.1.0-9-amd64" },
		{ "/boot", "-", "kernel.newest", "?no installed kernel of the flavour" },
		{ "/proc/sys/kernel/osrelease", "6.18.44-fc", "kernel.newest",
		  "?no installed kernel of the flavour of '6.18.44-fc'" },
	};

	(void)state;
	check_changes(changes, COUNT(changes));
}

/* A container may have a /boot that is not its host's. */
static void kernels_of_a_container_are_not_those_of_the_machine(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, server);
	root_put(&watch.root, "/.dockerenv", "");
	watch_run(&watch, &probe_machine);
	watch_expect(&watch, "kernel.newest", NULL, "6.1.0-27-amd64");
	root_drop(&watch.root, "/boot/vmlinuz-6.1.0-27-amd64");
	watch_run(&watch, &probe_machine);
	watch_expect(&watch, "kernel.newest", NULL, "?not among those seen from this container");
}

static void no_mark_means_no_only_where_marks_are_left(void **state)
{
	static const struct change changes[] = {
		{ "/run/reboot-required", "*** System restart required ***\n", "reboot-required",
		  "yes" },
		{ "/var/run/reboot-required", "", "reboot-required", "yes" },
		{ "/etc/kernel/postinst.d/unattended-upgrades", "#!", "reboot-required", "no" },
		{ "/etc/kernel/postinst.d/update-notifier", "#!", "reboot-required", "no" },
		{ "/etc/other", "", "reboot-required", "?leaves a mark" },
	};

	(void)state;
	check_changes(changes, COUNT(changes));
}

static void older_kernels_tell_the_architecture_by_their_processors(void **state)
{
	static const struct change changes[] = {
		{ "/proc/cpuinfo", "vendor_id : GenuineIntel\n", "architecture", "x86_64" },
		{ "/proc/cpuinfo", "CPU architecture: 8\n", "architecture", "aarch64" },
		{ "/proc/cpuinfo", "cpu : POWER9\n", "architecture", "ppc64le" },
		{ "/proc/cpuinfo", "x", "architecture", "?neither" },
		{ "/proc/cpuinfo", NULL, "architecture", "?neither" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(changes); i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, server);
		root_drop(&watch.root, "/proc/sys/kernel/arch");
		root_put(&watch.root, changes[i].path, changes[i].text);
		watch_run(&watch, &probe_machine);
		watch_expect(&watch, changes[i].measure, NULL, changes[i].says);
	}
}

static void a_long_command_line_loses_nothing(void **state)
{
	char text[6000];
	size_t length = 0, at = 0;
	unsigned number = 0;
	SCOPED_WATCH(watch);

	(void)state;
	while (length + 20 < sizeof(text))
		length += (size_t)snprintf(text + length, 20, "%sparameter%04u", length ? " " : "",
					   number++);
	watch_make(&watch, server);
	root_put(&watch.root, "/proc/cmdline", text);
	watch_run(&watch, &probe_machine);
	assert_true(watch_count(&watch, "command-line") >= 3);
	for (size_t i = 0; i < watch.sightings.count; i++) {
		const struct record *record = &watch.sightings.items[i];

		if (strcmp(record->what, "node.command-line") != 0)
			continue;
		assert_int_equal(strncmp(text + at, record->text, strlen(record->text)), 0);
		at += strlen(record->text) + 1;
	}
	assert_int_equal(at, length + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_is_described),
		cmocka_unit_test(nothing_is_known_of_an_empty_root),
		cmocka_unit_test(what_cannot_be_read_is_unknown_with_its_cause),
		cmocka_unit_test(a_distribution_is_named_as_a_shell_reads_it),
		cmocka_unit_test(the_newest_kernel_is_one_that_can_be_started),
		cmocka_unit_test(kernels_of_a_container_are_not_those_of_the_machine),
		cmocka_unit_test(no_mark_means_no_only_where_marks_are_left),
		cmocka_unit_test(older_kernels_tell_the_architecture_by_their_processors),
		cmocka_unit_test(a_long_command_line_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
