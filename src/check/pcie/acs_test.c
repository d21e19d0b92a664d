#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PARENT(pci, above) "pci.parent pci:" pci " " above "\n"
#define ACS(pci, state) "pci.acs pci:" pci " " state "\n"
#define GPU_PORT "pci:0000:18:00.0"
#define NIC_PORT "pci:0000:18:01.0"

static const char check[] = "pcie-acs";

/* One GPU and one adapter below one switch; the other GPUs below root ports of their own. */
static const char tree[] =
	"rdma.count - 1\nrdma.pci rdma:mlx5_0 pci:0000:1a:00.0\npci.class pci:0000:1a:00.0 "
	"020700\n" PARENT("0000:19:00.0", GPU_PORT) PARENT("0000:1a:00.0", NIC_PORT) PARENT(
		"0000:18:00.0", "pci:0000:17:00.0") PARENT("0000:18:01.0", "pci:0000:17:00.0")
		PARENT("0000:17:00.0", "pci:0000:16:00.0") PARENT("0000:16:00.0", "root")
			PARENT("0000:3b:00.0", "root") PARENT("0000:4c:00.0", "root") PARENT(
				"0000:5d:00.0", "root") PARENT("0000:9b:00.0", "root")
				PARENT("0000:bb:00.0", "root") PARENT("0000:cb:00.0", "root")
					PARENT("0000:db:00.0", "root")
						ACS("0000:16:00.0", "SV+RR+CR+UF")
							ACS("0000:17:00.0", "none")
								ACS("0000:18:00.0", "off")
									ACS("0000:18:01.0", "off");

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, tree, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void acs_that_is_off_between_the_two_passes(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("", NULL), VERDICT_PASS);
}

static void redirecting_ports_below_a_silent_switch_fail(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	/* The nearest common bridge shows nothing: its port has no ACS. */
	scene_make(&scene, scene_h100, tree, ACS("0000:18:00.0", "RR+CR"),
		   ACS("0000:18:01.0", "RR+CR"), NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU_PORT), VERDICT_FAIL);
	assert_int_equal(scene_verdict(&scene, check, NIC_PORT), VERDICT_FAIL);
	assert_null(scene_finding(&scene, NULL));
	assert_non_null(strstr(scene_finding(&scene, GPU_PORT)->text, "GPU 0"));
	assert_non_null(strstr(scene_finding(&scene, GPU_PORT)->text, "mlx5_0"));
}

static void one_bit_is_enough_and_source_validation_only_warns(void **state)
{
	static const struct {
		const char *bits;
		enum verdict verdict;
	} cases[] = {
		{ "RR", VERDICT_FAIL },    { "CR", VERDICT_FAIL }, { "UF", VERDICT_FAIL },
		{ "SV+UF", VERDICT_FAIL }, { "SV", VERDICT_WARN }, { "SV+DT", VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);
		char line[80] = "pci.acs " NIC_PORT " ";
		size_t length = strlen(line);

		memcpy(line + length, cases[i].bits, strlen(cases[i].bits) + 1);
		scene_make(&scene, scene_h100, tree, line, "\n", NULL);
		assert_int_equal(scene_verdict(&scene, check, NIC_PORT), cases[i].verdict);
	}
}

static void a_deeper_switch_is_walked_to_its_end(void **state)
{
	static const char deeper[] = PARENT("0000:19:00.0", "pci:0000:14:00.0")
		PARENT("0000:14:00.0", "pci:0000:13:00.0") PARENT("0000:13:00.0", GPU_PORT)
			ACS("0000:14:00.0", "RR") ACS("0000:13:00.0", "none");

	(void)state;
	assert_int_equal(verdict_of(deeper, "pci:0000:14:00.0"), VERDICT_FAIL);
}

static void virtual_machines_and_arm_have_other_rules(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("virtual - kvm\n" ACS("0000:18:00.0", "RR"), NULL),
			 VERDICT_NOT_APPLICABLE);
	assert_int_equal(verdict_of("architecture - aarch64\n" ACS("0000:18:00.0", "RR"), NULL),
			 VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("architecture - aarch64\n", NULL), VERDICT_UNKNOWN);
}

static void a_pair_that_meets_at_the_root_is_not_applicable(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(PARENT("0000:19:00.0", "root"), NULL), VERDICT_NOT_APPLICABLE);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	assert_int_equal(verdict_of(ACS("0000:18:00.0", "? Operation not permitted"), GPU_PORT),
			 VERDICT_UNKNOWN);
	assert_int_equal(verdict_of(ACS("0000:18:00.0", "-"), GPU_PORT), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("pci.parent pci:0000:18:00.0 -\n", NULL), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("virtual - -\n", NULL), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("architecture - -\n", NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, "rdma.count - 1\n", NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
}

static void without_an_adapter_it_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, "rdma.count - 0\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(acs_that_is_off_between_the_two_passes),
		cmocka_unit_test(redirecting_ports_below_a_silent_switch_fail),
		cmocka_unit_test(one_bit_is_enough_and_source_validation_only_warns),
		cmocka_unit_test(a_deeper_switch_is_walked_to_its_end),
		cmocka_unit_test(virtual_machines_and_arm_have_other_rules),
		cmocka_unit_test(a_pair_that_meets_at_the_root_is_not_applicable),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_an_adapter_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
