#include "check/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/eight.h"
#include "test/scene.h"
#include <cmocka.h>

#define COUNTS(gpu)                                         \
	SAY("test.burn.count", gpu "/lost", "0")            \
	SAY("test.burn.count", gpu "/xid", "0")             \
	SAY("test.burn.count", gpu "/ecc-uncorrected", "0") \
	SAY("test.burn.count", gpu "/ecc-corrected", "0")

static const char well[] = EIGHT("test.burn.end", "ok") COUNTS(GPU0) COUNTS(GPU1) COUNTS(GPU2)
	COUNTS(GPU3) COUNTS(GPU4) COUNTS(GPU5) COUNTS(GPU6) COUNTS(GPU7);

static void each_verdict_has_its_case(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "", VERDICT_PASS },
		{ SAY("test.burn.count", GPU3 "/ecc-corrected", "3"), VERDICT_WARN },
		{ SAY("test.burn.count", GPU3 "/ecc-uncorrected", "1"), VERDICT_FAIL },
		{ SAY("test.burn.count", GPU3 "/xid", "1"), VERDICT_FAIL },
		{ SAY("test.burn.count", GPU3 "/lost", "1"), VERDICT_FAIL },
		{ SAY("test.burn.end", GPU3, "wrong"), VERDICT_FAIL },
		{ SAY("test.burn.end", GPU3, "stalled"), VERDICT_FAIL },
		{ SAY("test.burn.count", GPU3 "/xid", "? stopped by the user"), VERDICT_UNKNOWN },
		{ SAY("test.burn.count", GPU3 "/lost", "-"), VERDICT_UNKNOWN },
		{ SAY("test.burn.end", GPU3, "? stopped by the user"), VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, well, cases[i].lines, NULL);
		if (scene_worst(&scene, "burn-errors") != cases[i].verdict)
			fail_msg("%s gives '%s'", cases[i].lines, scene.found.items[0].text);
	}
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_worst(&scene, "burn-errors"), VERDICT_UNKNOWN);
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_worst(&scene, "burn-errors"), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict_has_its_case),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
