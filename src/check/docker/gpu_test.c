#include "test/verdicts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char check[] = "docker-gpu";
static const char base[] = "gpu.count.pci vendor:nvidia 8\n"
			   "software software:docker 29.7.0\n"
			   "software software:nvidia-container-toolkit 1.19.1\n";

static void docker_with_and_without_gpus(void **state)
{
	static const struct verdict_case cases[] = {
		{ "set up", "setting setting:docker:runtimes runc nvidia\n", VERDICT_PASS, NULL },
		{ "by default", "setting setting:docker:default-runtime nvidia\n", VERDICT_PASS,
		  NULL },
		{ "by CDI", "setting setting:cdi:nvidia /etc/cdi/nvidia.yaml\n", VERDICT_PASS,
		  NULL },
		{ "not set up",
		  "setting setting:docker:runtimes unset\n"
		  "setting setting:cdi:nvidia unset\n",
		  VERDICT_WARN, NULL },
		{ "stopped",
		  "setting setting:docker:runtimes nvidia\n"
		  "service service:docker stopped\n",
		  VERDICT_WARN, "does not run" },
		{ "no toolkit", "software software:nvidia-container-toolkit absent\n", VERDICT_FAIL,
		  NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void no_docker_weighs_by_what_else_there_is(void **state)
{
	static const struct verdict_case cases[] = {
		{ "podman",
		  "software software:docker absent\n"
		  "software software:podman 5.2\n",
		  VERDICT_WARN, NULL },
		{ "nothing",
		  "software software:docker absent\n"
		  "software software:enroot absent\n"
		  "software software:apptainer absent\n"
		  "software software:podman absent\n"
		  "software software:containerd absent\n"
		  "software software:crio absent\n",
		  VERDICT_FAIL, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, base, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	static const struct verdict_case cases[] = {
		{ "nothing", "", VERDICT_UNKNOWN, NULL },
		{ "docker alone", "software software:docker 29.7.0\n", VERDICT_UNKNOWN, NULL },
		{ "not read", "software software:docker ? denied\n", VERDICT_UNKNOWN, "denied" },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_h100, cases);
}

static void a_host_without_gpu_has_nothing_to_fail(void **state)
{
	static const struct verdict_case cases[] = {
		{ "bare",
		  "software software:docker absent\n"
		  "software software:nvidia-container-toolkit absent\n",
		  VERDICT_NOT_APPLICABLE, NULL },
	};

	(void)state;
	VERDICTS_HOLD(check, scene_bare, cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_with_and_without_gpus),
		cmocka_unit_test(no_docker_weighs_by_what_else_there_is),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(a_host_without_gpu_has_nothing_to_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
