#include "host/raw.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "test/root.h"
#include <cmocka.h>
#include <errno.h>
#include <unistd.h>

static void files_are_made_counted_and_removed(void **state)
{
	uint64_t size = 0;
	size_t count = 0;

	(void)state;
	SCOPED_ROOT(root);
	root_make(&root, NULL);
	int folder = raw_open_folder(root.folder);
	assert_true(folder >= 0);
	assert_true(raw_make_folder(folder, "a"));
	assert_false(raw_make_folder(folder, "a"));
	assert_int_equal(errno, EEXIST);
	int file = raw_open(folder, "a/b", RAW_WRITE | RAW_CREATE | RAW_EXCLUSIVE);
	assert_int_equal(write(file, "text", 4), 4);
	assert_int_equal(close(file), 0);
	assert_int_equal(raw_open(folder, "a/b", RAW_WRITE | RAW_CREATE | RAW_EXCLUSIVE), -1);
	assert_true(raw_size(folder, "a/b", &size) && size == 4);
	assert_true(raw_count(folder, "a", &count) && count == 1);
	assert_true(raw_rename(folder, "a/b", "a/c"));
	assert_true(raw_remove(folder, "a/c"));
	assert_true(raw_remove_folder(folder, "a"));
	(void)close(folder);
}

static void a_lock_that_is_held_is_refused(void **state)
{
	(void)state;
	SCOPED_ROOT(root);
	root_make(&root, NULL);
	int folder = raw_open_folder(root.folder);
	int a = raw_open(folder, "lock", RAW_READ | RAW_WRITE | RAW_CREATE);
	int b = raw_open(folder, "lock", RAW_READ | RAW_WRITE);
	const enum raw_lock kinds[] = { RAW_LOCK_OPEN, RAW_LOCK_FLOCK };

	for (size_t i = 0; i < 2; i++) {
		assert_true(raw_lock(a, kinds[i], false));
		assert_false(raw_lock(b, kinds[i], false));
		assert_int_equal(errno, EAGAIN);
		assert_true(raw_unlock(a, kinds[i]));
		assert_true(raw_lock(b, kinds[i], false));
		assert_true(raw_unlock(b, kinds[i]));
	}
	(void)close(a);
	(void)close(b);
	assert_true(raw_remove(folder, "lock"));
	(void)close(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_made_counted_and_removed),
		cmocka_unit_test(a_lock_that_is_held_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
