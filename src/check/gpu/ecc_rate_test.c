#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

static enum verdict worst(const char *base, const char *lines)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, base, lines, NULL);
	return scene_worst(&scene, "gpu-ecc-rate");
}

static void far_more_than_the_neighbours_is_a_warning(void **state)
{
	static const char quiet[] = EIGHT("gpu.ecc.corrected", "0");
	static const char busy[] = EIGHT("gpu.ecc.corrected", "100");

	(void)state;
	assert_int_equal(worst(quiet, ""), VERDICT_PASS);
	assert_int_equal(worst(quiet, SAY("gpu.ecc.corrected", GPU5, "10")), VERDICT_PASS);
	assert_int_equal(worst(quiet, SAY("gpu.ecc.corrected", GPU5, "11")), VERDICT_WARN);
	/* 100 and ten times its square root */
	assert_int_equal(worst(busy, SAY("gpu.ecc.corrected", GPU5, "200")), VERDICT_PASS);
	assert_int_equal(worst(busy, SAY("gpu.ecc.corrected", GPU5, "201")), VERDICT_WARN);
}

static void the_rise_between_two_looks_counts_not_the_sum(void **state)
{
	static const char looks[] =
		EIGHT("gpu.ecc.corrected", "5") EIGHT("gpu.ecc.corrected", "5 @3600");

	(void)state;
	assert_int_equal(worst(looks, SAY("gpu.ecc.corrected", GPU5, "900")
					      SAY("gpu.ecc.corrected", GPU5, "900 @3600")),
			 VERDICT_PASS);
	assert_int_equal(worst(looks, SAY("gpu.ecc.corrected", GPU5, "900 @3600")), VERDICT_WARN);
}

static void few_gpus_have_no_reference(void **state)
{
	static const char one[] = "gpu.count.pci vendor:nvidia 1\n"
				  "gpu.vendor gpu:0000:19:00.0 nvidia\nuptime - 3600\n";
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, one, SAY("gpu.ecc.corrected", GPU0, "0"), NULL);
	assert_int_equal(scene_worst(&scene, "gpu-ecc-rate"), VERDICT_PASS);
	scene_make(&scene, one, SAY("gpu.ecc.corrected", GPU0, "7"), NULL);
	assert_int_equal(scene_worst(&scene, "gpu-ecc-rate"), VERDICT_UNKNOWN);
}

static void what_was_not_read_is_unknown_not_a_pass(void **state)
{
	static const char quiet[] = EIGHT("gpu.ecc.corrected", "0");

	(void)state;
	assert_int_equal(worst("", ""), VERDICT_UNKNOWN);
	assert_int_equal(worst(quiet, SAY("gpu.ecc.corrected", GPU5, "? stalled")),
			 VERDICT_UNKNOWN);
	assert_int_equal(worst(quiet, "uptime - ? unreadable\n"), VERDICT_UNKNOWN);
	assert_int_equal(worst(quiet, EIGHT("gpu.ecc.mode", "off")), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(far_more_than_the_neighbours_is_a_warning),
		cmocka_unit_test(the_rise_between_two_looks_counts_not_the_sum),
		cmocka_unit_test(few_gpus_have_no_reference),
		cmocka_unit_test(what_was_not_read_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
