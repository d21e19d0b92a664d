#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/fabric_told.h"
#include <cmocka.h>

static const char check[] = "fabric-cabling";

#define NONE                              \
	"fault fault:cut-off 0\n"         \
	"fault fault:loop 0\n"            \
	"fault fault:one-sided 0\n"       \
	"fault fault:swapped-cables 0\n"  \
	"fault fault:misplaced-cable 0\n" \
	"fault fault:swapped-rails 0\n"   \
	"fault fault:empty-leaf 0\n"      \
	"fault fault:host-above-leaves 0\n"

/* A newer word on a fault replaces that of NONE. */
static void what_stops_fails_and_what_goes_astray_warns(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ "seen - whole\n" NONE "", VERDICT_PASS },
		{ "seen - whole\n" NONE "+1 c fault fault:cut-off 2\n", VERDICT_FAIL },
		{ "seen - whole\n" NONE "+1 c fault fault:loop 2\n", VERDICT_FAIL },
		{ "seen - whole\n" NONE "+1 c fault fault:one-sided 2\n", VERDICT_FAIL },
		{ "seen - whole\n" NONE "+1 c fault fault:swapped-cables 2\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:misplaced-cable 2\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:swapped-rails 2\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:empty-leaf 2\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:host-above-leaves 2\n", VERDICT_WARN },
		{ "seen - whole\n" NONE "+1 c fault fault:loop ? not seen\n", VERDICT_UNKNOWN },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:swapped-cables 2\n+1 c fault fault:loop 1\n",
		  VERDICT_FAIL },
		{ "seen - whole\n" NONE "+1 c fault fault:slow-link 7\n", VERDICT_PASS },
		{ "seen - whole\n" NONE
		  "+1 c fault fault:swapped-cables 2\n+1 c fault fault:loop ? not seen\n",
		  VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(fabric_verdict_of(check, cases[i].lines), cases[i].verdict);
}

static void the_place_and_what_to_do_are_told(void **state)
{
	SCOPED_FABRIC_TOLD(told);

	(void)state;
	fabric_told_make(&told, "seen - whole\n" NONE "+1 c fault fault:swapped-cables 2\n"
				"+1 c fault fault:cut-off 1\n");
	assert_int_equal(fabric_told_verdict(&told, check), VERDICT_FAIL);
	assert_string_equal(told.found.items[0].text, "1 cut-off; 2 swapped-cables");
	assert_string_equal(told.found.items[0].about, "c");
	assert_string_equal(told.found.items[0].action, "look at the uplinks of these switches");
	assert_non_null(told.found.items[0].evidence[1]);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	(void)state;
	assert_int_equal(fabric_verdict_of(check, ""), VERDICT_UNKNOWN);
	assert_int_equal(fabric_verdict_of(check, "seen - whole\n"), VERDICT_UNKNOWN);
	assert_int_equal(
		fabric_verdict_of(check, "seen - partial\n"
					 "fault fault:loop ? the fabric was not seen as a whole\n"),
		VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_stops_fails_and_what_goes_astray_warns),
		cmocka_unit_test(the_place_and_what_to_do_are_told),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
