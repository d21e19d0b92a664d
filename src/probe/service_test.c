#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

static const struct root_entry entries[] = {
	{ "/proc/1/comm", "systemd\n" },
	{ "/proc/2/comm", "kthreadd\n" },
	{ "/proc/300/comm", "nv-fabricmanage\n" },
	{ "/proc/301/comm", "chronyd\n" },
	{ "/proc/302/comm", "\xff\xfe dockerd\n" },
	{ "/proc/303/comm", NULL },
	{ "/usr/lib/systemd/system/nvidia-imex.service", "" },
	{ "/etc/systemd/system/docker.service", "-> ../../../usr/lib/systemd/system/x.service" },
	{ "/usr/lib/systemd/system/x.service", "" },
	{ "/usr/local/sbin/slurmd", "" },
	{ "/usr/lib/systemd/system/kubelet.service", NULL },
	{ "/opt/mellanox/sharp/bin/sharpd", "" },
	{ NULL, NULL },
};

static void a_service_runs_or_is_there_or_is_absent(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	watch_run(&watch, &probe_software);
	watch_expect(&watch, "service", "service:nvidia-fabricmanager", "running");
	watch_expect(&watch, "service", "service:chrony", "running");
	watch_expect(&watch, "service", "service:nvidia-imex", "stopped");
	watch_expect(&watch, "service", "service:docker", "stopped");
	watch_expect(&watch, "service", "service:slurmd", "stopped");
	watch_expect(&watch, "service", "service:slurmctld", "absent");
	watch_expect(&watch, "service", "service:sharp-am", "absent");
	watch_expect(&watch, "service", "service:sharpd", "stopped");
	watch_expect(&watch, "service", "service:kubelet", "?Too many levels");
	assert_int_equal(watch_count(&watch, "service"), 27);
}

static void where_processes_are_hidden_nothing_is_stopped(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	root_put(&watch.root, "/proc/2/comm", "bash\n");
	watch_run(&watch, &probe_software);
	watch_expect(&watch, "service", "service:nvidia-fabricmanager", "running");
	watch_expect(&watch, "service", "service:nvidia-imex", "?cannot be seen");
	watch_expect(&watch, "service", "service:slurmctld", "?cannot be seen");
}

static void a_quick_look_sees_services_alone(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_software);
	assert_int_equal(watch.sightings.count, 27);
	watch_expect(&watch, "service", "service:chrony", "running");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_service_runs_or_is_there_or_is_absent),
		cmocka_unit_test(where_processes_are_hidden_nothing_is_stopped),
		cmocka_unit_test(a_quick_look_sees_services_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
