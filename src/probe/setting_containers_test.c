#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	struct root_entry files[3];
	const char *device, *says;
} cases[] = {
	{ { { "/etc/docker/daemon.json", "{\"runtimes\":{\"nvidia\":{\"path\":\"x\"},\"crun\":{},"
					 "\"a b\":{}},\"default-runtime\":\"nvidia\"}" } },
	  "setting:docker:runtimes",
	  "nvidia,crun" },
	{ { { "/etc/docker/daemon.json", "{\"default-runtime\":\"nvidia\"}" } },
	  "setting:docker:default-runtime",
	  "nvidia" },
	{ { { "/etc/docker/daemon.json", "{\"runtimes\":[]}" } },
	  "setting:docker:runtimes",
	  "unset" },
	{ { { "/etc/docker/daemon.json", "[]" } }, "setting:docker:runtimes", "unset" },
	{ { { "/etc/docker/daemon.json", "{" } }, "setting:docker:runtimes", "?daemon.json" },
	{ { { "/etc/docker/daemon.json", NULL } }, "setting:docker:default-runtime", "?Too many" },
	{ { { "/var/run/cdi/nvidia.yaml", "" } },
	  "setting:cdi:nvidia",
	  "/var/run/cdi/nvidia.yaml" },
	{ { { "/etc/cdi/management.nvidia.com-gpu.json", "" } },
	  "setting:cdi:nvidia",
	  "/etc/cdi/management.nvidia.com-gpu.json" },
	{ { { "/etc/cdi/nvidia.txt", "" }, { "/etc/cdi/amd.yaml", "" } },
	  "setting:cdi:nvidia",
	  "unset" },
	{ { { "/etc/cdi", NULL } }, "setting:cdi:nvidia", "?Too many levels" },
	{ { { "/var/lib/kubelet/config.yaml", "# cpuManagerPolicy: static\nkind: x\n"
					      "cpuManagerPolicy: \"static\" # y\n" } },
	  "setting:kubelet:cpuManagerPolicy",
	  "static" },
	{ { { "/etc/kubernetes/kubelet/config.json", "{\"cpuManagerPolicy\":\"none\"}" } },
	  "setting:kubelet:cpuManagerPolicy",
	  "none" },
	{ { { "/etc/kubernetes/kubelet/config.json", "{\"cpuManagerPolicy\":" } },
	  "setting:kubelet:cpuManagerPolicy",
	  "?config.json" },
	{ { { "/var/lib/kubelet/config.yaml", "kind: x\n" } },
	  "setting:kubelet:cpuManagerPolicy",
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_as_the_files_have_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
