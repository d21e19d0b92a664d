#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/fabric_told.h"
#include <cmocka.h>

static const char check[] = "fabric-placement";

static void the_word_of_the_comparison_is_the_verdict(void **state)
{
	static const struct {
		const char *line;
		enum verdict verdict;
	} cases[] = {
		{ "placement file:topology.conf agrees", VERDICT_PASS },
		{ "placement file:topology.conf differs", VERDICT_WARN },
		{ "placement file:topology.conf contradicts", VERDICT_FAIL },
		{ "placement file:topology.conf invalid", VERDICT_FAIL },
		{ "placement file:topology.conf another-word", VERDICT_UNKNOWN },
		{ "placement file:topology.conf ? no fabric was given", VERDICT_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(fabric_verdict_of(check, cases[i].line), cases[i].verdict);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	(void)state;
	assert_int_equal(fabric_verdict_of(check, ""), VERDICT_UNKNOWN);
	assert_int_equal(fabric_verdict_of(check, "placement.finding rule:split 2\n"),
			 VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_word_of_the_comparison_is_the_verdict),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
