#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define AGAIN "test.network.retransmits network:peer/"

static const char well[] = AGAIN "send:8 0.3\n" AGAIN "receive:8 0\n" AGAIN "send:1 0.01\n";

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "3 runs" },
	{ "many", AGAIN "send:8 3\n", VERDICT_WARN, "3.00 % of the segments" },
	{ "most", AGAIN "send:8 60\n", VERDICT_WARN, "network-loss" },
	{ "not counted", AGAIN "receive:8 ? not counted\n", VERDICT_UNKNOWN, "not counted" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("network-retransmits", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "network-retransmits"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
