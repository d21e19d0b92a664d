#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

static const char well[] = "net.mtu net:eth0 1500\n"
			   "net.module.temperature net:eth0 45\n"
			   "net.module.temperature.alarm net:eth0 75\n";

static const struct verdict_line cases[] = {
	{ "", VERDICT_PASS },
	{ "net.module.temperature net:eth0 74.5\n", VERDICT_PASS },
	{ "net.module.temperature net:eth0 75\n", VERDICT_FAIL },
	{ "net.module.temperature.alarm net:eth0 -\n", VERDICT_UNKNOWN },
	{ "net.module.temperature net:eth0 ? refused\n", VERDICT_UNKNOWN },
	{ "net.module.temperature net:eth0 -\n", VERDICT_NOT_APPLICABLE },
	{ "net.module.temperature net:eth0 -\n"
	  "net.mtu net:eth0 -\n",
	  VERDICT_UNKNOWN },
};

static void verdicts_follow_what_was_seen(void **state)
{
	(void)state;
	VERDICTS_FOLLOW("nic-module", scene_h100, well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "nic-module"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_seen),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
