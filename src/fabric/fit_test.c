#include "fabric/fit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void what_fits_stays(void **state)
{
	SCOPED_ARENA(arena);

	(void)state;
	assert_string_equal(fit_name("leaf-1", FIT_SLURM, &arena), "leaf-1");
	assert_string_equal(fit_name("Leaf_1", FIT_LABEL, &arena), "Leaf_1");
	assert_string_equal(fit_name("Leaf_1", FIT_OBJECT, &arena), "leaf-1");
	assert_string_equal(fit_name("a leaf [1]", FIT_SLURM, &arena), "a-leaf--1-");
	assert_string_equal(fit_name("a leaf [1]", FIT_LABEL, &arena), "a-leaf--1x");
	assert_string_equal(fit_name("", FIT_LABEL, &arena), "x");
	assert_string_equal(fit_name("a..b.-c.", FIT_OBJECT, &arena), "a.xb.xcx");
	assert_true(fit_is("leaf-1", FIT_OBJECT));
	assert_false(fit_is("leaf 1", FIT_SLURM));
}

static void names_that_become_alike_are_told_apart(void **state)
{
	static const char *const names[] = { "a b", "a-b", "a*b", "a b", "A-b" };
	SCOPED_ARENA(arena);

	(void)state;
	for (unsigned form = 0; form < FIT_FORM_COUNT; form++) {
		const char *const *fitting = fit_names(names, 5, (enum fit_form)form, &arena);

		assert_string_equal(fitting[1], "a-b");
		for (unsigned i = 0; i < 5; i++) {
			assert_true(fit_is(fitting[i], (enum fit_form)form));
			for (unsigned k = 0; k < i; k++)
				assert_string_not_equal(fitting[i], fitting[k]);
		}
	}
}

static void long_names_keep_their_beginning(void **state)
{
	char name[400];
	SCOPED_ARENA(arena);

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(strlen(fit_name(name, FIT_SLURM, &arena)), 64);
	assert_int_equal(strlen(fit_name(name, FIT_LABEL, &arena)), 63);
	assert_int_equal(strlen(fit_name(name, FIT_OBJECT, &arena)), 253);
	assert_int_equal(strncmp(fit_name(name, FIT_LABEL, &arena), "aaaaaaaa", 8), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_stays),
		cmocka_unit_test(names_that_become_alike_are_told_apart),
		cmocka_unit_test(long_names_keep_their_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
