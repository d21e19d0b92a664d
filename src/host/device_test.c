#include "host/device.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/statvfs.h>

#include "test/root.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void the_space_is_what_the_system_says(void **state)
{
	const struct host machine = { .root = NULL };
	struct host_space space = { 0 };
	struct error err = { .text = "" };
	struct statvfs expected;

	(void)state;
	(void)host_statvfs(&machine, "/", &space, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(statvfs("/", &expected), 0);
	assert_int_equal(space.size, (uint64_t)expected.f_blocks * expected.f_frsize);
	assert_true(space.available <= space.size);
}

static void below_a_root_its_own_paths_count(void **state)
{
	static const struct root_entry entries[] = {
		{ "/data/", NULL }, { "/link", "-> /data" }, { "/loop", NULL }, { NULL, NULL }
	};
	static const struct {
		const char *path;
		enum error_code code;
	} cases[] = {
		{ "/data", ERROR_NONE },       { "/link", ERROR_NONE },    { "/loop", ERROR_IO },
		{ "/nothing", ERROR_MISSING }, { "/proc", ERROR_MISSING },
	};
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct host_space space = { 0 };
		struct error err = { .code = ERROR_NONE };

		assert_int_equal(host_statvfs(&root.host, cases[i].path, &space, &err),
				 cases[i].code == ERROR_NONE);
		assert_int_equal(err.code, cases[i].code);
		assert_int_equal(space.size > 0, cases[i].code == ERROR_NONE);
	}
}

static void what_is_no_drive_tells_no_health(void **state)
{
	const struct host machine = { .root = NULL };
	static const struct {
		const char *path;
		enum error_code code;
	} cases[] = {
		{ "/dev/null", ERROR_IO },
		{ "/dev/no-such-drive", ERROR_MISSING },
		{ "/", ERROR_IO },
	};
	uint8_t page[HOST_NVME_SMART_BYTES] = { 42 };
	SCOPED_ROOT(root);
	struct error err;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_false(host_nvme_smart(&machine, cases[i].path, page, &err));
		assert_int_equal(err.code, cases[i].code);
	}
	root_make(&root, NULL);
	root_put(&root, "/dev/nvme0", "a file");
	assert_false(host_nvme_smart(&root.host, "/dev/nvme0", page, &err));
	assert_int_equal(err.code, ERROR_UNSUPPORTED);
	assert_int_equal(page[0], 42);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_space_is_what_the_system_says),
		cmocka_unit_test(below_a_root_its_own_paths_count),
		cmocka_unit_test(what_is_no_drive_tells_no_health),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
