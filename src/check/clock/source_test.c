#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "clock.source - tsc\n"
			   "clock.sources - tsc hpet acpi_pm\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "clock.source - arch_sys_counter\n", VERDICT_PASS },
	{ "clock.source - kvm-clock\n"
	  "virtual - kvm\n",
	  VERDICT_PASS },
	{ "clock.source - kvm-clock\n", VERDICT_WARN },
	{ "clock.source - hpet\n", VERDICT_FAIL },
	{ "clock.source - acpi_pm\n", VERDICT_FAIL },
	{ "clock.source - sundial\n", VERDICT_UNKNOWN },
	{ "clock.source - jiffies\n", VERDICT_FAIL },
	{ "clock.source - refined-jiffies\n", VERDICT_FAIL },
	{ "clock.source - tsc-early\n", VERDICT_WARN },
	{ "clock.source - xen\n"
	  "virtual - xen\n",
	  VERDICT_PASS },
	{ "clock.source - hyperv_clocksource_tsc_page\n"
	  "virtual - hyperv\n",
	  VERDICT_PASS },
	{ "clock.source - ? refused\n", VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("clock-source", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "clock-source"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
