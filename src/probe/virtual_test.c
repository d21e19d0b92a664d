#include "probe/virtual.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define DMI "/sys/class/dmi/id/"
#define CLOCKS "/sys/devices/system/clocksource/clocksource0/available_clocksource"
#define BARE "flags : fpu vmx ssse3\n"
#define GUEST "flags : fpu vmx hypervisor ssse3\n"
#define GROUP "/proc/1/cgroup"
#define MOUNTINFO "/proc/self/mountinfo"
#define PLAIN_ROOT "26 1 8:1 / / rw - ext4 /dev/sda1 rw\n"

enum {
	PARTS = 4,
};

struct kind_case {
	struct root_entry entries[PARTS + 1];
	const char *says;
};

static void look_below(const struct probe_request *request, struct sightings *sightings)
{
	virtual_look(request->host, sightings);
}

static void look_around(const struct probe_request *request, struct sightings *sightings)
{
	const char *kind = container_look(request->host, sightings);
	const struct record *record = &sightings->items[sightings->count - 1];

	if (kind)
		assert_string_equal(record->text, kind);
	else
		assert_int_equal(record->says, SAYS_UNKNOWN);
}

static const struct probe below = { .shares = PROBE_QUICK, .look = look_below };
static const struct probe around = { .shares = PROBE_QUICK, .look = look_around };

static void check_cases(const struct kind_case *cases, size_t count, const struct probe *probe,
			const char *measure)
{
	for (size_t i = 0; i < count; i++) {
		SCOPED_WATCH(watch);

		watch_make(&watch, cases[i].entries);
		watch_run(&watch, probe);
		assert_int_equal(watch.sightings.count, 1);
		if (cases[i].says[0] != '?' && watch.sightings.items[0].says == SAYS_STATE &&
		    strcmp(watch.sightings.items[0].text, cases[i].says) != 0)
			fail_msg("case %zu: '%s', expected '%s'", i, watch.sightings.items[0].text,
				 cases[i].says);
		watch_expect(&watch, measure, NULL, cases[i].says);
	}
}

static const struct kind_case hypervisors[] = {
	/* real machines */
	{ { { "/proc/cpuinfo", BARE }, { DMI "sys_vendor", "Supermicro\n" } }, "none" },
	{ { { "/proc/cpuinfo", BARE } }, "none" },
	{ { { "/proc/cpuinfo", BARE },
	    { DMI "sys_vendor", "Amazon EC2\n" },
	    { DMI "product_name", "p5.metal-48xl\n" } },
	  "none" },
	{ { { "/proc/cpuinfo", BARE }, { DMI "sys_vendor", "Google\n" } }, "none" },
	{ { { "/proc/cpuinfo", BARE },
	    { DMI "sys_vendor", "Oracle Corporation\n" },
	    { DMI "chassis_asset_tag", "OracleCloud.com\n" } },
	  "none" },
	{ { { "/proc/cpuinfo", BARE },
	    { DMI "sys_vendor", "Microsoft Corporation\n" },
	    { DMI "product_name", "C2190\n" } },
	  "none" },
	{ { { "/proc/cpuinfo", BARE }, { CLOCKS, "tsc hpet acpi_pm\n" } }, "none" },
	/* guests */
	{ { { "/proc/cpuinfo", GUEST }, { DMI "sys_vendor", "QEMU\n" } }, "kvm" },
	{ { { "/proc/cpuinfo", GUEST },
	    { DMI "sys_vendor", "Amazon EC2\n" },
	    { DMI "product_name", "p5.48xlarge\n" } },
	  "kvm" },
	{ { { "/proc/cpuinfo", GUEST }, { DMI "sys_vendor", "Google\n" } }, "kvm" },
	{ { { "/proc/cpuinfo", GUEST },
	    { DMI "sys_vendor", "Microsoft Corporation\n" },
	    { DMI "product_name", "Virtual Machine\n" } },
	  "hyperv" },
	{ { { "/proc/cpuinfo", GUEST }, { DMI "sys_vendor", "VMware, Inc.\n" } }, "vmware" },
	{ { { "/proc/cpuinfo", GUEST }, { DMI "product_name", "HVM domU\n" } }, "xen" },
	{ { { "/proc/cpuinfo", GUEST }, { DMI "product_name", "OpenStack Nova\n" } }, "kvm" },
	{ { { "/proc/cpuinfo", GUEST }, { DMI "product_name", "VirtualBox\n" } }, "other" },
	{ { { "/proc/cpuinfo", GUEST }, { CLOCKS, "kvm-clock tsc\n" } }, "kvm" },
	{ { { "/proc/cpuinfo", GUEST }, { CLOCKS, "hyperv_clocksource_tsc_page" } }, "hyperv" },
	{ { { "/proc/cpuinfo", GUEST }, { DMI "sys_vendor", "Nobody Knows Inc.\n" } }, "other" },
	/* a guest that hides the flag, as is done for graphics drivers */
	{ { { "/proc/cpuinfo", BARE }, { DMI "sys_vendor", "QEMU\n" } }, "kvm" },
	/* Xen: the first domain has the machine */
	{ { { "/proc/cpuinfo", GUEST }, { "/sys/hypervisor/type", "xen\n" } }, "xen" },
	{ { { "/proc/cpuinfo", GUEST },
	    { "/sys/hypervisor/type", "xen\n" },
	    { "/proc/xen/capabilities", "control_d\n" } },
	  "none" },
	/* Arm has no flag */
	{ { { "/proc/cpuinfo", "CPU implementer : 0x41\n" },
	    { DMI "sys_vendor", "Amazon EC2\n" },
	    { DMI "product_name", "g5g.metal\n" } },
	  "none" },
	{ { { "/proc/cpuinfo", "CPU implementer : 0x41\n" },
	    { DMI "sys_vendor", "Amazon EC2\n" },
	    { DMI "product_name", "g5g.16xlarge\n" } },
	  "kvm" },
	{ { { "/proc/cpuinfo", "CPU implementer : 0x41\n" },
	    { DMI "sys_vendor", "NVIDIA\n" },
	    { DMI "product_name", "GB200 NVL\n" } },
	  "none" },
	{ { { "/proc/device-tree/compatible", "linux,dummy-virt" },
	    { "/proc/device-tree/hypervisor/compatible", "linux,kvm" } },
	  "kvm" },
	{ { { "/proc/device-tree/compatible", "board" } }, "none" },
	/* nothing to go by */
	{ { { "/proc/cpuinfo", NULL }, { DMI "sys_vendor", NULL } }, "?can be read" },
	{ { { "/proc/cpuinfo", "" } }, "?can be read" },
	{ { { NULL, NULL } }, "?can be read" },
};

static void the_hypervisor_is_told_by_several_signs(void **state)
{
	(void)state;
	check_cases(hypervisors, COUNT(hypervisors), &below, "virtual");
}

static const struct kind_case containers[] = {
	{ { { GROUP, "0::/init.scope\n" }, { MOUNTINFO, PLAIN_ROOT } }, "none" },
	{ { { GROUP, "12:pids:/\n1:name=systemd:/\n" }, { MOUNTINFO, PLAIN_ROOT } }, "none" },
	{ { { GROUP, "0::/\n" }, { MOUNTINFO, PLAIN_ROOT }, { "/.dockerenv", "" } }, "docker" },
	{ { { GROUP, "0::/\n" },
	    { MOUNTINFO, PLAIN_ROOT },
	    { "/.dockerenv", "" },
	    { "/run/secrets/kubernetes.io/", NULL } },
	  "kubernetes" },
	{ { { GROUP, "0::/\n" }, { MOUNTINFO, PLAIN_ROOT }, { "/run/.containerenv", "" } },
	  "podman" },
	{ { { GROUP, "1:name=systemd:/docker/0123456789abcdef\n" }, { MOUNTINFO, PLAIN_ROOT } },
	  "docker" },
	{ { { GROUP, "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-1.scope\n" },
	    { MOUNTINFO, PLAIN_ROOT },
	    { "/.dockerenv", "" } },
	  "kubernetes" },
	{ { { GROUP, "0::/system.slice/containerd.service/kubepods-pod1.slice:cri:1\n" },
	    { MOUNTINFO, PLAIN_ROOT } },
	  "kubernetes" },
	{ { { GROUP, "0::/lxc.payload.c1/init.scope\n" }, { MOUNTINFO, PLAIN_ROOT } }, "lxc" },
	/* the service that starts containers is not in one */
	{ { { GROUP, "0::/init.scope\n" },
	    { "/proc/self/cgroup", "0::/system.slice/docker.service\n" },
	    { MOUNTINFO, PLAIN_ROOT } },
	  "none" },
	/* a container that sees the processes of its host */
	{ { { GROUP, "0::/init.scope\n" },
	    { "/proc/self/cgroup", "0::/system.slice/docker-0123.scope\n" },
	    { MOUNTINFO, PLAIN_ROOT } },
	  "docker" },
	{ { { GROUP, "0::/\n" },
	    { MOUNTINFO, PLAIN_ROOT },
	    { "/run/systemd/container", "systemd-nspawn\n" } },
	  "other" },
	/* layers below the root */
	{ { { GROUP, "0::/\n" },
	    { MOUNTINFO, "1 0 0:5 / / rw - overlay overlay "
			 "rw,lowerdir=/var/lib/docker/overlay2/l/A:/x\n" } },
	  "docker" },
	{ { { GROUP, "0::/\n" },
	    { MOUNTINFO, "1 0 0:5 / / rw - overlay overlay rw,lowerdir=/layers\n" } },
	  "other" },
	/* a node that starts from the network has layers too */
	{ { { GROUP, "0::/init.scope\n" },
	    { "/run/systemd/system/", NULL },
	    { MOUNTINFO, "1 0 0:5 / / rw - overlay overlay rw,lowerdir=/sysroot\n" } },
	  "none" },
	/* a layer that is mounted elsewhere is no sign */
	{ { { GROUP, "0::/init.scope\n" },
	    { MOUNTINFO, PLAIN_ROOT
	      "40 26 0:5 / /var/lib/docker/overlay2/a/merged rw - overlay overlay rw\n" } },
	  "none" },
	/* silence is no proof */
	{ { { MOUNTINFO, PLAIN_ROOT } }, "?/proc/1/cgroup" },
	{ { { GROUP, NULL }, { MOUNTINFO, PLAIN_ROOT } }, "?/proc/1/cgroup" },
	{ { { GROUP, "0::/\n" }, { MOUNTINFO, NULL } }, "?/proc/self/mountinfo" },
	{ { { NULL, NULL } }, "?cannot be read" },
	{ { { GROUP, "\xff\xfe" }, { MOUNTINFO, " \n - \n/ / / / / /" } }, "none" },
};

static void the_container_is_a_fact_of_its_own(void **state)
{
	(void)state;
	check_cases(containers, COUNT(containers), &around, "container");
}

static void the_first_process_tells_in_its_environment(void **state)
{
	static const struct {
		struct span environment;
		const char *says;
	} cases[] = {
		{ SPAN("PATH=/bin\0container=lxc\0"), "lxc" },
		{ SPAN("container=podman"), "podman" },
		{ SPAN("container=oci\0"), "other" },
		{ SPAN("KUBERNETES_SERVICE_HOST=10.0.0.1\0container=docker\0"), "kubernetes" },
		{ SPAN("mycontainer=docker\0container\0"), "none" },
		{ SPAN("container=\0"), "none" },
		{ SPAN(""), "none" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		static const struct root_entry entries[] = { { GROUP, "0::/\n" },
							     { MOUNTINFO, PLAIN_ROOT },
							     { NULL, NULL } };
		SCOPED_WATCH(watch);

		watch_make(&watch, entries);
		root_put_bytes(&watch.root, "/proc/1/environ", cases[i].environment);
		watch_run(&watch, &around);
		watch_expect(&watch, "container", NULL, cases[i].says);
	}
}

static void a_container_in_a_guest_is_both(void **state)
{
	static const struct root_entry entries[] = {
		{ "/proc/cpuinfo", GUEST }, { CLOCKS, "kvm-clock" }, { GROUP, "0::/\n" },
		{ MOUNTINFO, PLAIN_ROOT },  { "/.dockerenv", "" },   { NULL, NULL },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	watch_run(&watch, &probe_machine);
	watch_expect(&watch, "virtual", NULL, "kvm");
	watch_expect(&watch, "container", NULL, "docker");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_hypervisor_is_told_by_several_signs),
		cmocka_unit_test(the_container_is_a_fact_of_its_own),
		cmocka_unit_test(the_first_process_tells_in_its_environment),
		cmocka_unit_test(a_container_in_a_guest_is_both),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
