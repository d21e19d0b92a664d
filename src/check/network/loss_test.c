#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define LOSS "test.network.loss network:peer/udp-"
#define PACKETS "test.network.packets network:peer/udp-"

static const char well[] =
	LOSS "send 0\n" PACKETS "send 8600\n" LOSS "receive 0.02\n" PACKETS "receive 8600\n";

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "2 ways" },
	{ "some", LOSS "receive 0.2\n", VERDICT_WARN, "0.20 %" },
	{ "many", LOSS "receive 3\n", VERDICT_FAIL, "Mathis" },
	{ "all, of few", LOSS "send 100\n" PACKETS "send 17\n", VERDICT_FAIL, "100.00 %" },
	{ "none of few", PACKETS "send 1700\n", VERDICT_UNKNOWN, "3000 are needed" },
	{ "of nobody knows how many", PACKETS "send -\n", VERDICT_UNKNOWN, "too few" },
	{ "no way", LOSS "send ? no packet of UDP comes through\n", VERDICT_UNKNOWN,
	  "comes through" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("network-loss", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "network-loss"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
