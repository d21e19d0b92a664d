#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GPU "gpu:0000:19:00.0"
#define AER(pci)                                                              \
	"pci.aer.correctable pci:" pci " 0\npci.aer.nonfatal pci:" pci " 0\n" \
	"pci.aer.fatal pci:" pci " 0\n"

static const char check[] = "pcie-errors";

/* Root port, switch with its two kinds of ports, GPU. */
static const char node[] =
	"pci.parent pci:0000:19:00.0 pci:0000:18:00.0\n"
	"pci.parent pci:0000:18:00.0 pci:0000:17:00.0\n"
	"pci.parent pci:0000:17:00.0 pci:0000:16:00.0\npci.parent pci:0000:16:00.0 root\n" AER(
		"0000:19:00.0") AER("0000:18:00.0") AER("0000:17:00.0")
		AER("0000:16:00.0") "pci.link.width pci:0000:19:00.0 16\npci.link.speed.maximum "
				    "pci:0000:19:00.0 32\n";

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, node, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void no_errors_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, node, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "on 2 links"));
}

static void fatal_fails_and_nonfatal_warns(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("pci.aer.fatal pci:0000:19:00.0 1\n", GPU), VERDICT_FAIL);
	assert_int_equal(verdict_of("pci.aer.nonfatal pci:0000:19:00.0 1\n", GPU), VERDICT_WARN);
}

static void both_ends_of_a_link_are_one_finding(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, node, "pci.aer.fatal pci:0000:19:00.0 2\n",
		   "pci.aer.fatal pci:0000:18:00.0 3\n", NULL);
	assert_int_equal(scene_judge(&scene, check)->count, 1);
	assert_non_null(strstr(scene_finding(&scene, GPU)->text, "5 fatal"));
	assert_non_null(strstr(scene_finding(&scene, GPU)->text, "port 0000:18:00.0"));
	/* The port alone speaks for the GPU below it. */
	scene_make(&scene, scene_h100, node, "pci.aer.nonfatal pci:0000:18:00.0 1\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_WARN);
	/* The link above the switch is another. */
	scene_make(&scene, scene_h100, node, "pci.aer.fatal pci:0000:16:00.0 1\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, "pci:0000:17:00.0"), VERDICT_FAIL);
}

/* 16 lanes at 32 GT/s: 31 a minute. */
static void corrected_errors_count_as_a_rate(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("pci.aer.correctable pci:0000:19:00.0 62 @120\n", NULL),
			 VERDICT_PASS);
	assert_int_equal(verdict_of("pci.aer.correctable pci:0000:19:00.0 63 @120\n", GPU),
			 VERDICT_WARN);
	assert_int_equal(verdict_of("pci.aer.correctable pci:0000:19:00.0 32 @120\n"
				    "pci.aer.correctable pci:0000:18:00.0 31 @120\n",
				    GPU),
			 VERDICT_WARN);
	assert_int_equal(
		verdict_of("pci.aer.correctable pci:0000:17:00.0 63 @120\n", "pci:0000:17:00.0"),
		VERDICT_UNKNOWN);
}

static void the_kernel_s_report_counts_where_the_counters_stay_at_zero(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("log.pcie - pcieport 0000:18:00.0: AER: PCIe Bus Error: "
				    "severity=Uncorrectable (Fatal), type=Transaction Layer\n",
				    GPU),
			 VERDICT_FAIL);
	assert_int_equal(verdict_of("log.pcie - pcieport 0000:18:00.0: PCIe Bus Error: "
				    "severity=Uncorrectable (Non-Fatal), type=Transaction Layer\n",
				    GPU),
			 VERDICT_WARN);
	assert_int_equal(verdict_of("log.pcie - pcieport 0000:18:00.0: PCIe Bus Error: "
				    "severity=Corrected, type=Data Link Layer\n",
				    NULL),
			 VERDICT_PASS);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	assert_int_equal(
		verdict_of("pci.aer.fatal pci:0000:19:00.0 ? cut short\n", "pci:0000:19:00.0"),
		VERDICT_UNKNOWN);
}

static void a_virtual_machine_is_not_applicable(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, "virtual - kvm\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_errors_pass),
		cmocka_unit_test(fatal_fails_and_nonfatal_warns),
		cmocka_unit_test(both_ends_of_a_link_are_one_finding),
		cmocka_unit_test(corrected_errors_count_as_a_rate),
		cmocka_unit_test(the_kernel_s_report_counts_where_the_counters_stay_at_zero),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(a_virtual_machine_is_not_applicable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
