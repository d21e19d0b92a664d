#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SECOND "gpu:0009:02:00.0"
#define IMEX "service:nvidia-imex"
#define GB200(pci)                                                               \
	"gpu.vendor gpu:" pci " nvidia\npci.id pci:" pci " 10de:2941\n"          \
	"gpu.name gpu:" pci " NVIDIA GB200\ngpu.fabric.cluster gpu:" pci " c1\n" \
	"gpu.fabric.clique gpu:" pci " 1\n"

static const char check[] = "nvlink-domain";
static const char rack[] = "gpu.count.pci vendor:nvidia 2\n" GB200("0009:01:00.0")
	GB200("0009:02:00.0") "service " IMEX " running\n";

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, rack, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void a_domain_that_works_is_not_yet_known_to_be_exclusive(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, rack, NULL);
	assert_int_equal(scene_judge(&scene, check)->count, 1);
	assert_int_equal(scene_finding(&scene, NULL)->verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "all GPUs are in one"));
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "attested by the provider only"));
}

static void gpus_of_different_domains_fail(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.fabric.cluster " SECOND " c2\n", SECOND), VERDICT_FAIL);
	assert_int_equal(verdict_of("gpu.fabric.clique " SECOND " 2\n", SECOND), VERDICT_FAIL);
	assert_int_equal(verdict_of("gpu.fabric.cluster " SECOND " none\n", SECOND), VERDICT_FAIL);
}

static void imex_that_does_not_run_warns(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("service " IMEX " stopped\n", IMEX), VERDICT_WARN);
	assert_int_equal(verdict_of("service " IMEX " absent\n", IMEX), VERDICT_WARN);
	assert_int_equal(verdict_of("container - docker\nservice " IMEX " absent\n", IMEX),
			 VERDICT_UNKNOWN);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	assert_int_equal(verdict_of("service " IMEX " -\n", IMEX), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.fabric.cluster " SECOND " ? stalled\n", SECOND),
			 VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.fabric.clique " SECOND " -\n", SECOND), VERDICT_UNKNOWN);
	scene_make(&scene, rack, "gpu.name " SECOND " NVIDIA GB900\n",
		   "pci.id pci:0009:02:00.0 10de:ffff\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
}

static void links_that_stay_in_the_node_do_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_domain_that_works_is_not_yet_known_to_be_exclusive),
		cmocka_unit_test(gpus_of_different_domains_fail),
		cmocka_unit_test(imex_that_does_not_run_warns),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(links_that_stay_in_the_node_do_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
