#include "active/storage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void a_mark_has_nothing_that_a_device_may_not_have(void **state)
{
	(void)state;
	SCOPED_ARENA(arena);
	assert_string_equal(storage_mark(&arena, "/a b\n%"), "/a%20b%0a%25");
	assert_string_equal(storage_mark(&arena, "/scratch"), "/scratch");
}

static void long_paths_have_short_marks_that_differ(void **state)
{
	char a[1000], b[1000];

	(void)state;
	SCOPED_ARENA(arena);
	memset(a, 'x', sizeof(a));
	a[0] = '/';
	a[999] = '\0';
	memcpy(b, a, sizeof(b));
	b[1] = 'y';
	assert_true(strlen(storage_mark(&arena, a)) < 150);
	assert_string_not_equal(storage_mark(&arena, a), storage_mark(&arena, b));
}

static void without_a_folder_there_is_no_test(void **state)
{
	const struct active_targets targets = { .folder_count = 0 };
	const struct active_request request = { .targets = &targets };
	struct active_step step = { .cannot = NULL };

	(void)state;
	SCOPED_ARENA(arena);
	storage_plan(&request, &arena, &step, 1, 1);
	assert_non_null(strstr(step.cannot, "--folder"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mark_has_nothing_that_a_device_may_not_have),
		cmocka_unit_test(long_paths_have_short_marks_that_differ),
		cmocka_unit_test(without_a_folder_there_is_no_test),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
