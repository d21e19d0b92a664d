#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define BOOT "test.start.boot boot:"

static const char well[] = BOOT "kernel 45\n" BOOT "instance 150\n";

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "180 s" },
	{ "the kernel alone", BOOT "instance -\n", VERDICT_PASS, NULL },
	{ "slow", BOOT "instance 400\n", VERDICT_WARN, "400.00 s" },
	{ "half an hour", BOOT "instance 1900\n", VERDICT_FAIL, "1900.00 s" },
	{ "a slow start-up", BOOT "kernel 700\n", VERDICT_FAIL, "critical-chain" },
	{ "not told", BOOT "kernel ? systemd does not tell\n", VERDICT_UNKNOWN, "does not tell" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("start-boot", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "start-boot"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
