#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GPU "gpu:0000:19:00.0"
#define MANAGER "service:nvidia-fabricmanager"
#define IN(pci) "gpu.fabric gpu:" pci " completed\ngpu.fabric.status gpu:" pci " success\n"

static const char check[] = "fabric-state";
static const char up[] = "service " MANAGER " running\n" IN("0000:19:00.0") IN("0000:3b:00.0")
	IN("0000:4c:00.0") IN("0000:5d:00.0") IN("0000:9b:00.0") IN("0000:bb:00.0")
		IN("0000:cb:00.0") IN("0000:db:00.0");

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, up, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void a_registered_fabric_with_a_running_manager_passes(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("", NULL), VERDICT_PASS);
}

static void completed_without_success_fails(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.fabric.status " GPU " insufficient-resources\n", GPU),
			 VERDICT_FAIL);
	assert_int_equal(verdict_of("gpu.fabric " GPU " in-progress\n", GPU), VERDICT_FAIL);
	assert_int_equal(verdict_of("gpu.fabric " GPU " not-started\n", GPU), VERDICT_FAIL);
}

static void words_of_ill_health_fail(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.fabric.health " GPU " healthy\n", NULL), VERDICT_PASS);
	assert_int_equal(verdict_of("gpu.fabric.health " GPU " degraded-bandwidth+route\n", GPU),
			 VERDICT_FAIL);
}

static void a_manager_that_does_not_run_fails(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("service " MANAGER " stopped\n", MANAGER), VERDICT_FAIL);
	assert_int_equal(verdict_of("service " MANAGER " absent\n", MANAGER), VERDICT_FAIL);
	assert_int_equal(verdict_of("virtual - kvm\nservice " MANAGER " absent\n", NULL),
			 VERDICT_PASS);
	assert_int_equal(verdict_of("virtual - kvm\nservice " MANAGER " stopped\n", MANAGER),
			 VERDICT_FAIL);
	assert_int_equal(verdict_of("container - docker\nservice " MANAGER " absent\n", MANAGER),
			 VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("container - docker\n", NULL), VERDICT_PASS);
}

static void a_board_of_one_node_may_name_a_cluster(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.fabric.cluster " GPU " 5f0d8d2e-0000\n", NULL),
			 VERDICT_PASS);
	assert_int_equal(verdict_of("gpu.fabric.cluster " GPU " none\n", NULL), VERDICT_PASS);
}

static const char gb200[] =
	"gpu.count.pci vendor:nvidia 1\ngpu.vendor gpu:0009:01:00.0 nvidia\n"
	"pci.id pci:0009:01:00.0 10de:2941\ngpu.name gpu:0009:01:00.0 NVIDIA GB200\n"
	"gpu.fabric gpu:0009:01:00.0 completed\ngpu.fabric.status gpu:0009:01:00.0 success\n"
	"gpu.fabric.cluster gpu:0009:01:00.0 5f0d8d2e-0000\n"
	"gpu.fabric.clique gpu:0009:01:00.0 32766\n";

static void beyond_the_node_a_cluster_and_a_clique_are_needed(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, gb200, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	scene_make(&scene, gb200, "gpu.fabric.cluster gpu:0009:01:00.0 none\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, "gpu:0009:01:00.0"), VERDICT_FAIL);
	scene_make(&scene, gb200, "gpu.fabric.clique gpu:0009:01:00.0 -\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, "gpu:0009:01:00.0"), VERDICT_UNKNOWN);
}

static void a_gpu_that_does_not_report_it_is_unknown_but_not_an_a100(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	assert_int_equal(verdict_of("gpu.fabric " GPU " not-supported\n", GPU), VERDICT_UNKNOWN);
	scene_make(&scene,
		   "gpu.count.pci vendor:nvidia 1\ngpu.vendor gpu:0000:07:00.0 nvidia\n"
		   "pci.id pci:0000:07:00.0 10de:20b2\ngpu.name gpu:0000:07:00.0 NVIDIA "
		   "A100-SXM4-80GB\ngpu.fabric gpu:0000:07:00.0 not-supported\n"
		   "service " MANAGER " running\n",
		   NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.fabric " GPU " ? stalled\n", GPU), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.fabric.status " GPU " -\n", GPU), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("service " MANAGER " -\n", MANAGER), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.name " GPU
				    " NVIDIA H900\npci.id pci:0000:19:00.0 10de:ffff\n",
				    NULL),
			 VERDICT_UNKNOWN);
}

static void what_has_no_switch_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
	scene_make(&scene,
		   "gpu.count.pci vendor:amd 1\ngpu.vendor gpu:0000:05:00.0 amd\n"
		   "pci.id pci:0000:05:00.0 1002:74a1\ngpu.name gpu:0000:05:00.0 AMD Instinct "
		   "MI300X\n",
		   NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_registered_fabric_with_a_running_manager_passes),
		cmocka_unit_test(completed_without_success_fails),
		cmocka_unit_test(words_of_ill_health_fail),
		cmocka_unit_test(a_manager_that_does_not_run_fails),
		cmocka_unit_test(a_board_of_one_node_may_name_a_cluster),
		cmocka_unit_test(beyond_the_node_a_cluster_and_a_clique_are_needed),
		cmocka_unit_test(a_gpu_that_does_not_report_it_is_unknown_but_not_an_a100),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(what_has_no_switch_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
