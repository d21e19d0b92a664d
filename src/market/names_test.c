#include "market/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void a_text_has_one_number_however_often_it_is_added(void **state)
{
	struct names names = { 0 };
	name_t first, second, again;

	(void)state;
	assert_int_equal(names_find(&names, SPAN("aws")), NAME_NONE);
	assert_true(names_add(&names, SPAN("aws"), &first));
	assert_true(names_add(&names, SPAN("azure"), &second));
	assert_true(names_add(&names, SPAN("aws"), &again));
	assert_int_equal(first, again);
	assert_int_not_equal(first, second);
	assert_int_equal(names_find(&names, SPAN("azure")), second);
	assert_true(span_is(names_text(&names, first), "aws"));
	names_release(&names);
}

static void the_empty_name_is_number_zero(void **state)
{
	struct names names = { 0 };
	name_t name = 7;

	(void)state;
	assert_true(names_add(&names, SPAN(""), &name));
	assert_int_equal(name, NAME_NONE);
	assert_int_equal(names_text(&names, NAME_NONE).length, 0);
	assert_int_equal(names_text(&names, 12345).length, 0);
	names_release(&names);
}

static void too_long_a_text_is_not_taken(void **state)
{
	struct names names = { 0 };
	char text[NAME_LENGTH_MAXIMUM + 1];
	name_t name;

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_false(names_add(&names, (struct span){ text, sizeof(text) }, &name));
	assert_true(names_add(&names, (struct span){ text, sizeof(text) - 1 }, &name));
	assert_int_equal(names_text(&names, name).length, NAME_LENGTH_MAXIMUM);
	names_release(&names);
}

static void many_texts_keep_their_numbers(void **state)
{
	struct names names = { 0 };
	char text[32];
	name_t name;

	(void)state;
	for (unsigned round = 0; round < 2; round++) {
		for (unsigned i = 0; i < 50000; i++) {
			int length = snprintf(text, sizeof(text), "machine-%u", i);

			assert_true(
				names_add(&names, (struct span){ text, (size_t)length }, &name));
			assert_int_equal(name, i + 1);
			assert_true(span_equal(names_text(&names, name),
					       (struct span){ text, (size_t)length }));
		}
	}
	names_release(&names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_has_one_number_however_often_it_is_added),
		cmocka_unit_test(the_empty_name_is_number_zero),
		cmocka_unit_test(too_long_a_text_is_not_taken),
		cmocka_unit_test(many_texts_keep_their_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
