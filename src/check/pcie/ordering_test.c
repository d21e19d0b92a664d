#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NIC "pci:0000:1a:00.0"

static const char check[] = "pcie-ordering";
static const char adapter[] =
	"rdma.count - 1\nrdma.pci rdma:mlx5_0 " NIC "\n"
	"rdma.driver rdma:mlx5_0 mlx5_core\nrdma.function rdma:mlx5_0 physical\n"
	"pci.read-request " NIC " 4096\npci.relaxed-ordering " NIC " on\n";

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_bare, adapter, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void both_settings_as_they_should_be_pass(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("", NULL), VERDICT_PASS);
}

static void either_setting_warns(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("pci.read-request " NIC " 2048\n", NIC), VERDICT_WARN);
	assert_int_equal(verdict_of("pci.relaxed-ordering " NIC " off\n", NIC), VERDICT_WARN);
}

static void virtual_functions_and_other_makers_are_left_out(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("rdma.function rdma:mlx5_0 virtual\n", NULL),
			 VERDICT_NOT_APPLICABLE);
	assert_int_equal(
		verdict_of("rdma.driver rdma:mlx5_0 efa\npci.read-request " NIC " 512\n", NULL),
		VERDICT_NOT_APPLICABLE);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	assert_int_equal(verdict_of("pci.read-request " NIC " ? not permitted\n", NIC),
			 VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("pci.relaxed-ordering " NIC " -\n", NIC), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, "rdma.count - 1\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
}

static void without_an_adapter_it_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_settings_as_they_should_be_pass),
		cmocka_unit_test(either_setting_warns),
		cmocka_unit_test(virtual_functions_and_other_makers_are_left_out),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_an_adapter_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
