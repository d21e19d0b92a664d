#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/scene.h"
#include "test/verdicts.h"
#include <cmocka.h>

#define MEMORY "test.processor.memory"

static const char well[] =
	MEMORY " numa:0/copy 2.9e11\n" MEMORY " numa:0/triad 3e11\n" MEMORY
	       " numa:1/triad 2.95e11\n" MEMORY " numa:0/to:1 1.1e11\n" MEMORY
	       ".wrong numa:0/elements 0\n" MEMORY ".wrong numa:1/elements 0\n" MEMORY
	       ".expected numa:0 3.7e11\n" MEMORY ".expected numa:1 3.7e11\n";

static const struct verdict_case cases[] = {
	{ "well", "", VERDICT_PASS, "alike" },
	{ "asymmetry", MEMORY " numa:1/triad 2.65e11\n", VERDICT_WARN, "12 % less" },
	{ "a tenth is no asymmetry", MEMORY " numa:1/triad 2.71e11\n", VERDICT_PASS, "alike" },
	{ "two thirds of the channels",
	  MEMORY " numa:0/triad 2.4e11\n" MEMORY " numa:1/triad 2.4e11\n", VERDICT_WARN,
	  "65 % of the 370.0 GB/s" },
	{ "half of the channels", MEMORY " numa:0/triad 1.8e11\n" MEMORY " numa:1/triad 1.8e11\n",
	  VERDICT_FAIL, "SMBIOS" },
	{ "more than they carry", MEMORY " numa:0/triad 4e11\n" MEMORY " numa:1/triad 4e11\n",
	  VERDICT_UNKNOWN, "more than" },
	{ "no reference",
	  MEMORY ".expected numa:0 ? not told\n" MEMORY ".expected numa:1 ? not told\n",
	  VERDICT_UNKNOWN, "300.0 GB/s, and no reference" },
	{ "no reference and asymmetry",
	  MEMORY ".expected numa:0 ? not told\n" MEMORY " numa:0/triad 1e11\n", VERDICT_UNKNOWN,
	  "no reference" },
	{ "wrong elements", MEMORY ".wrong numa:1/elements 3\n", VERDICT_FAIL, "3 elements" },
	{ "not measured", MEMORY " numa:1/triad ? stopped by the user\n", VERDICT_UNKNOWN,
	  "stopped by the user" },
};

static void verdicts_follow_what_was_measured(void **state)
{
	(void)state;
	VERDICTS_HOLD("processor-memory-bandwidth", well, cases);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "processor-memory-bandwidth"), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verdicts_follow_what_was_measured),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
