#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include <cmocka.h>

#define GPU "gpu:0000:05:00.0"

static const char amd[] = "gpu.count.pci vendor:amd 1\n"
			  "gpu.vendor " GPU " amd\n"
			  "gpu.answers " GPU " ok\n"
			  "log.lines - 800\n";

#define RESET "amdgpu 0000:05:00.0: amdgpu: GPU reset"
#define RAS "amdgpu 0000:05:00.0: amdgpu: socket: 0, die: 0 "

static void verdicts_follow_records_and_log(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ "gpu.cper " GPU " afid 24 severity corrected\n", VERDICT_WARN },
		{ "gpu.cper " GPU " afid 22 severity recoverable\n", VERDICT_WARN },
		{ "gpu.cper " GPU " afid 20 severity fatal\n", VERDICT_FAIL },
		{ "gpu.cper " GPU " afid 20 severity recoverable\n", VERDICT_FAIL },
		{ "gpu.cper " GPU " afid 24 severity fatal\n", VERDICT_FAIL },
		{ "gpu.cper " GPU " afid 999 severity corrected\n", VERDICT_WARN },
		{ "gpu.cper " GPU " afid 999 severity fatal\n", VERDICT_FAIL },
		{ "gpu.cper " GPU " afid x severity fatal\n", VERDICT_UNKNOWN },
		{ "gpu.cper " GPU " afid 99999999999 severity fatal\n", VERDICT_UNKNOWN },
		{ "gpu.cper " GPU " ? stalled\n", VERDICT_UNKNOWN },
		{ "log.lines - ? not permitted\n", VERDICT_UNKNOWN },
		{ "log.lines - -\n", VERDICT_UNKNOWN },
		{ "gpu.answers " GPU " stalled\n", VERDICT_UNKNOWN },
		{ "gpu.answers " GPU " -\n", VERDICT_UNKNOWN },
		{ "log.amd-ras " GPU " " RAS "3 correctable hardware errors detected in total in "
		  "umc block\n",
		  VERDICT_PASS },
		{ "log.amd-ras " GPU " " RAS "0 uncorrectable hardware errors detected in total in "
		  "umc block\n",
		  VERDICT_PASS },
		{ "log.amd-ras " GPU " " RAS "1 new uncorrectable hardware errors detected in umc "
		  "block\n",
		  VERDICT_FAIL },
		{ "log.amd-ras " GPU " amdgpu: Bad pages 128 reaches threshold 128\n",
		  VERDICT_FAIL },
		{ "log.amd-ras " GPU " amdgpu: something about CPER\n", VERDICT_WARN },
		{ "log.amd-ras " GPU " ? not permitted\n", VERDICT_UNKNOWN },
		{ "log.amd-gpu " GPU " " RESET " begin!\n", VERDICT_FAIL },
		{ "log.amd-gpu " GPU " " RESET " begin!\nlog.amd-gpu " GPU " " RESET
		  "(2) succeeded!\n",
		  VERDICT_WARN },
		{ "log.amd-gpu " GPU " " RESET " begin!\nlog.amd-gpu " GPU " " RESET
		  " succeeded, trying to resume\n",
		  VERDICT_FAIL },
		{ "log.amd-gpu " GPU " " RESET " begin!\nlog.amd-gpu " GPU " " RESET "(1) failed\n",
		  VERDICT_FAIL },
		{ "log.amd-gpu " GPU " amdgpu: GPU Recovery Failed: -110\n", VERDICT_FAIL },
		{ "log.amd-gpu " GPU " [drm:amdgpu_job_timedout [amdgpu]] *ERROR* ring sdma0 "
		  "timeout, signaled seq=5\n",
		  VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, amd, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-afid") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void an_error_before_a_reset_that_succeeded_is_a_warning(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, amd,
		   "log.amd-ras - " RAS "1 uncorrectable hardware errors detected in umc block\n"
		   "log.amd-gpu - " RESET " begin!\n"
		   "log.amd-gpu - " RESET "(3) succeeded!\n",
		   NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-afid", GPU), VERDICT_WARN);
}

static void the_order_in_time_decides(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "log.amd-gpu " GPU " " RESET "(3) succeeded! @10\n"
		  "log.amd-ras " GPU " " RAS
		  "1 uncorrectable hardware errors detected in umc block "
		  "@20\n",
		  VERDICT_FAIL },
		{ "log.amd-gpu " GPU " " RESET "(3) succeeded! @30\n"
		  "log.amd-ras " GPU " " RAS
		  "1 uncorrectable hardware errors detected in umc block "
		  "@20\n",
		  VERDICT_WARN },
		{ "log.amd-gpu " GPU " " RESET "(1) failed @10\n"
		  "log.amd-gpu " GPU " " RESET "(2) succeeded! @20\n",
		  VERDICT_WARN },
		{ "log.amd-gpu " GPU " " RESET "(1) failed @30\n"
		  "log.amd-gpu " GPU " " RESET "(2) succeeded! @20\n",
		  VERDICT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, amd, cases[i].lines, NULL);
		if (scene_worst(&scene, "gpu-afid") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void records_of_one_fault_are_one_finding(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, amd,
		   "gpu.cper " GPU " afid 24 severity corrected\n"
		   "gpu.cper " GPU " afid 24 severity corrected\n",
		   NULL);
	assert_int_equal(scene_verdict(&scene, "gpu-afid", GPU), VERDICT_WARN);
	assert_non_null(strstr(scene_finding(&scene, GPU)->text, "2 records of AFID 24"));
	assert_non_null(strstr(scene_finding(&scene, GPU)->bar, "afid.tsv 24"));
}

static void a_node_without_amd_is_not_asked(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "gpu-afid"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_records_and_log),
		cmocka_unit_test(an_error_before_a_reset_that_succeeded_is_a_warning),
		cmocka_unit_test(the_order_in_time_decides),
		cmocka_unit_test(records_of_one_fault_are_one_finding),
		cmocka_unit_test(a_node_without_amd_is_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
