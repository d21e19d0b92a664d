#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define VERDICT "test.locate.verdict host:n"
#define LACKS "test.locate.lacks host:n"

static const char well[] =
	VERDICT "1/rail:0 sound\n" LACKS "1/rail:0 0.2\n" VERDICT "2/rail:0 sound\n";

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "2 hosts" },
	{ "slow", VERDICT "3/rail:1 slow\n" LACKS "3/rail:1 10.2\n", VERDICT_FAIL, "lacks 10.2 %" },
	{ "lossy", VERDICT "3/rail:0 lossy\n", VERDICT_FAIL, "loses packets" },
	{ "flapping", VERDICT "3/rail:0 flapping\n", VERDICT_FAIL, "comes and goes" },
	{ "a leaf", "test.locate.verdict leaf:l7/rail:0 slow\n", VERDICT_FAIL, "is slow" },
	{ "open", VERDICT "3/rail:0 ? 9 measurements did not suffice\n", VERDICT_UNKNOWN,
	  "did not suffice" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("network-pairs", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "network-pairs"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
