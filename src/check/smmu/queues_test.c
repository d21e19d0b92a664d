#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char check[] = "smmu-queues";
static const char guest[] = "architecture - aarch64\nvirtual - kvm\niommu - smmu\n";

static enum verdict verdict_of(const char *lines)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_bare, guest, lines, NULL);
	return scene_verdict(&scene, check, NULL);
}

static void queues_pass_and_none_fails(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("setting setting:smmu:cmdqv 1\n"), VERDICT_PASS);
	assert_int_equal(verdict_of("setting setting:smmu:cmdqv 0\n"), VERDICT_FAIL);
	assert_int_equal(verdict_of("setting setting:smmu:cmdqv unset\n"), VERDICT_FAIL);
}

static void a_command_line_that_turns_them_off_fails(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("setting setting:smmu:cmdqv 1\n"
				    "command-line - quiet arm_smmu_v3.disable_cmdqv=1\n"),
			 VERDICT_FAIL);
	assert_int_equal(verdict_of("setting setting:smmu:cmdqv 1\n"
				    "command-line - quiet arm_smmu_v3.disable_cmdqv=0\n"),
			 VERDICT_PASS);
	assert_int_equal(verdict_of("setting setting:smmu:cmdqv 1\n"
				    "command-line - quiet arm_smmu_v3.disable_cmdqv=\n"),
			 VERDICT_PASS);
}

static void a_guest_without_an_smmu_does_not_apply(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("iommu - none\n"), VERDICT_NOT_APPLICABLE);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(""), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("setting setting:smmu:cmdqv ? not permitted\n"),
			 VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("setting setting:smmu:cmdqv many\n"), VERDICT_UNKNOWN);
}

static void other_machines_do_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
	assert_int_equal(verdict_of("virtual - none\n"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(queues_pass_and_none_fails),
		cmocka_unit_test(a_command_line_that_turns_them_off_fails),
		cmocka_unit_test(a_guest_without_an_smmu_does_not_apply),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(other_machines_do_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
