#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "cpu.online - 192\n"
			   "cpu.governor governor:performance 192\n"
			   "cpu.frequency.maximum - 3800\n"
			   "cpu.frequency.limit - 3800\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "cpu.governor governor:powersave 1\n", VERDICT_WARN },
	{ "cpu.governor - ? refused\n", VERDICT_UNKNOWN },
	{ "cpu.governor governor:performance -\n", VERDICT_NOT_APPLICABLE },
	{ "cpu.governor governor:performance -\n"
	  "virtual - kvm\n",
	  VERDICT_NOT_APPLICABLE },
	{ "cpu.governor governor:performance -\n"
	  "cpu.online - -\n",
	  VERDICT_UNKNOWN },
	{ "cpu.frequency.maximum - 3770\n", VERDICT_PASS },
	{ "cpu.frequency.maximum - 3700\n", VERDICT_WARN },
	{ "cpu.frequency.maximum - ? refused\n", VERDICT_PASS },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("cpu-governor", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "cpu-governor"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
