#include "check/gpu/majority.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void more_than_half_is_a_majority(void **state)
{
	static const char *const most[] = { "b", "a", NULL, "a" };
	static const char *const split[] = { "a", "b", "b", "a" };
	size_t said;

	(void)state;
	assert_string_equal(majority_of(most, 4, &said), "a");
	assert_int_equal(said, 3);
	assert_null(majority_of(split, 4, &said));
	assert_null(majority_of(most + 2, 1, &said));
	assert_int_equal(said, 0);
}

static void unknown_has_no_words(void **state)
{
	SCOPED_ARENA(arena);
	struct record on = { .says = SAYS_STATE, .text = "on" };
	struct record power = { .says = SAYS_VALUE, .value = 700, .unit = "W" };
	struct record dark = { .says = SAYS_UNKNOWN, .text = "stalled" };

	(void)state;
	assert_string_equal(record_words(&on, &arena), "on");
	assert_string_equal(record_words(&power, &arena), "700 W");
	assert_null(record_words(&dark, &arena));
	assert_null(record_words(NULL, &arena));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_than_half_is_a_majority),
		cmocka_unit_test(unknown_has_no_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
