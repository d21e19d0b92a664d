#include "host/library.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void the_first_library_that_is_there_is_opened(void **state)
{
	static const char *const names[] = { "libassay-none.so.9", "libm.so.6", "libc.so.6", NULL };
	static const char *const symbols[] = { "cos_v9", "cos", "sin", NULL };
	struct library library = { NULL };
	unsigned index = 9;
	double (*cosine)(double) = NULL;
	void *address;

	(void)state;
	assert_true(library_open(names, &library, NULL));
	address = library_symbol(&library, symbols, &index);
	assert_non_null(address);
	assert_int_equal(index, 1);
	memcpy(&cosine, &address, sizeof(cosine));
	assert_true(cosine(0.0) > 0.99 && cosine(0.0) < 1.01);
	assert_ptr_equal(library_symbol(&library, symbols, NULL), address);
}

static void a_symbol_that_none_has_is_null_and_leaves_the_index(void **state)
{
	static const char *const names[] = { "libm.so.6", NULL };
	static const char *const symbols[] = { "assay_none_v2", "assay_none", NULL };
	static const char *const none[] = { NULL };
	struct library library = { NULL };
	unsigned index = 9;

	(void)state;
	assert_true(library_open(names, &library, NULL));
	assert_null(library_symbol(&library, symbols, &index));
	assert_null(library_symbol(&library, none, &index));
	assert_int_equal(index, 9);
}

static void a_missing_library_is_told_in_the_words_of_the_loader(void **state)
{
	static const char *const names[] = { "libassay-a.so.1", "libassay-b.so.1", NULL };
	static const char *const none[] = { NULL };
	struct library library = { NULL };
	struct error err = { .code = ERROR_NONE };

	(void)state;
	assert_false(library_open(names, &library, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_non_null(strstr(err.text, "libassay-b.so.1"));
	assert_non_null(strstr(err.text, "No such file"));
	assert_false(library_open(none, &library, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_null(library.handle);
}

static bool open_from(const char *folder, const char *const *names, unsigned *ret_index)
{
	struct library library = { NULL };

	assert_int_equal(setenv("ASSAY_LIBRARY_PATH", folder, 1), 0);
	bool is_open = library_open_vendor(names, &library, ret_index, NULL);

	assert_int_equal(unsetenv("ASSAY_LIBRARY_PATH"), 0);
	return is_open;
}

static void a_vendor_s_library_comes_from_the_folder_alone_when_one_is_set(void **state)
{
	static const char *const names[] = { "libassay-none.so.9", "libm.so.6", "/lib/libm.so.6",
					     NULL };
	struct library library = { NULL };
	unsigned index = 9;

	(void)state;
	assert_true(library_open_vendor(names, &library, &index, NULL));
	assert_int_equal(index, 1);
	index = 9;
	/* Neither what the loader knows nor an absolute path stands in for what is not there. */
	assert_false(open_from("/nonexistent", names, &index));
	assert_int_equal(index, 9);
	assert_true(open_from("", names, &index));
	assert_int_equal(index, 1);
}

static void the_folder_s_own_library_is_opened(void **state)
{
	static const char *const names[] = { "libassay-none.so.9", "libcuda.so.1", NULL };
	const char *folder = getenv("ASSAY_VENDOR");
	unsigned index = 9;

	(void)state;
	assert_non_null(folder);
	assert_true(open_from(folder, names, &index));
	assert_int_equal(index, 1);
}

/* No library has it. */
double assay_none(double value);

static void a_late_library_fills_in_every_pointer(void **state)
{
	static const char *const names[] = { "libassay-none.so.9", "libm.so.6", NULL };
	static const struct late_library mathematics = { "counting", names, "libc6" };
	__typeof__(&cos) cosine = NULL;
	__typeof__(&floor) whole = NULL;
	const struct late_symbol symbols[] = {
		LATE_SYMBOL(cosine, cos),
		LATE_SYMBOL(whole, floor),
	};

	(void)state;
	assert_true(library_load_late(&mathematics, symbols, 2, NULL));
	assert_true(cosine(0.0) > 0.99 && whole(2.5) < 2.1);
}

static void a_late_library_that_is_not_there_is_named_with_its_package(void **state)
{
	static const char *const names[] = { "libassay-a.so.1", "libassay-b.so.1", NULL };
	static const struct late_library missing = { "counting", names, "libassay1" };
	struct error err = { .code = ERROR_NONE };

	(void)state;
	assert_false(library_load_late(&missing, NULL, 0, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_non_null(strstr(err.text, "counting needs libassay-a.so.1 (Debian: libassay1): "));
	assert_null(strstr(err.text, "libassay-b.so.1"));
}

static void a_late_library_without_a_symbol_is_too_old(void **state)
{
	static const char *const names[] = { "libm.so.6", NULL };
	static const struct late_library mathematics = { "counting", names, "libc6" };
	__typeof__(&cos) cosine = NULL;
	__typeof__(&assay_none) none = NULL;
	const struct late_symbol symbols[] = {
		LATE_SYMBOL(cosine, cos),
		LATE_SYMBOL(none, assay_none),
	};
	struct error err = { .code = ERROR_NONE };

	(void)state;
	assert_false(library_load_late(&mathematics, symbols, 2, &err));
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
	assert_non_null(strstr(err.text, "libm.so.6"));
	assert_non_null(strstr(err.text, "assay_none"));
	assert_non_null(strstr(err.text, "libc6"));
	assert_null(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_library_that_is_there_is_opened),
		cmocka_unit_test(a_symbol_that_none_has_is_null_and_leaves_the_index),
		cmocka_unit_test(a_missing_library_is_told_in_the_words_of_the_loader),
		cmocka_unit_test(a_vendor_s_library_comes_from_the_folder_alone_when_one_is_set),
		cmocka_unit_test(the_folder_s_own_library_is_opened),
		cmocka_unit_test(a_late_library_fills_in_every_pointer),
		cmocka_unit_test(a_late_library_that_is_not_there_is_named_with_its_package),
		cmocka_unit_test(a_late_library_without_a_symbol_is_too_old),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
