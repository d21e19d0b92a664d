#include "host/system.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct fixture {
	char root[PATH_MAX / 2];
	struct host host;
	struct arena arena;
};

static const char *full(struct fixture *fixture, const char *path)
{
	return arena_format(&fixture->arena, "%s%s", fixture->root, path);
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *folder = getenv("TMPDIR");

	if (!fixture)
		return -1;
	(void)snprintf(fixture->root, sizeof(fixture->root), "%s/assay-system-XXXXXX",
		       folder ? folder : "/tmp");
	if (!mkdtemp(fixture->root))
		return -1;
	fixture->host.root = fixture->root;
	assert_true(host_make_folder(&fixture->host, "/folder", NULL));
	assert_true(host_write(&fixture->host, "/value", SPAN(" \t12 34\r\n\n"), NULL));
	assert_true(host_write(&fixture->host, "/empty", SPAN(""), NULL));
	assert_true(host_write(&fixture->host, "/folder/five", SPAN("12345"), NULL));
	assert_int_equal(mkfifo(full(fixture, "/pipe"), 0600), 0);
	assert_int_equal(symlink("/folder", full(fixture, "/link")), 0);
	assert_int_equal(symlink("loop", full(fixture, "/loop")), 0);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const paths[] = { "/value", "/empty", "/folder/five", "/pipe",
					     "/link",  "/loop",  "/folder",      "" };
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(paths); i++)
		(void)remove(full(fixture, paths[i]));
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static void files_that_claim_no_size_are_read_to_the_end(void **state)
{
	const struct host machine = { .root = NULL };
	struct fixture *fixture = *state;
	struct span text = { 0 };

	assert_true(
		host_peek(&machine, "/proc/self/status", 1 << 20, &fixture->arena, &text, NULL));
	assert_true(text.length > 100);
	assert_int_equal(strlen(text.at), text.length);
	assert_true(host_value(&machine, "/proc/sys/kernel/ostype", &fixture->arena, &text, NULL));
	assert_true(span_is(text, "Linux"));
}

static void a_value_has_no_blanks_around_it(void **state)
{
	struct fixture *fixture = *state;
	struct span text = { 0 };

	assert_true(host_value(&fixture->host, "/value", &fixture->arena, &text, NULL));
	assert_true(span_is(text, "12 34"));
	assert_true(host_value(&fixture->host, "/empty", &fixture->arena, &text, NULL));
	assert_int_equal(text.length, 0);
}

static void a_file_may_be_as_long_as_the_limit_and_no_longer(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->arena;
	struct span text = { 0 };
	struct error err;

	assert_true(host_peek(&fixture->host, "/link/five", 5, arena, &text, NULL));
	assert_true(span_is(text, "12345"));
	assert_false(host_peek(&fixture->host, "/link/five", 4, arena, &text, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_true(host_peek_start(&fixture->host, "/link/five", 3, arena, &text, NULL));
	assert_true(span_is(text, "123"));
	assert_true(host_peek_start(&fixture->host, "/link/five", 9, arena, &text, NULL));
	assert_true(span_is(text, "12345"));
	assert_true(host_peek_start(&fixture->host, "/link/five", 0, arena, &text, NULL));
	assert_int_equal(text.length, 0);
}

static void a_part_of_a_file_ends_where_the_file_ends(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->arena;
	struct span text = { 0 };
	struct error err;

	assert_true(host_peek_part(&fixture->host, "/link/five", &(struct host_part){ 1, 3 }, arena,
				   &text, NULL));
	assert_true(span_is(text, "234"));
	assert_true(host_peek_part(&fixture->host, "/link/five", &(struct host_part){ 3, 9 }, arena,
				   &text, NULL));
	assert_true(span_is(text, "45"));
	assert_true(host_peek_part(&fixture->host, "/link/five", &(struct host_part){ 99, 9 },
				   arena, &text, NULL));
	assert_int_equal(text.length, 0);
	assert_false(host_peek_part(&fixture->host, "/link/five",
				    &(struct host_part){ UINT64_MAX, 1 }, arena, &text, &err));
	assert_false(host_peek_part(&fixture->host, "/none", &(struct host_part){ 0, 1 }, arena,
				    &text, &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

static void what_is_no_file_is_refused_at_once(void **state)
{
	static const struct {
		const char *path;
		enum error_code code;
		const char *words;
	} cases[] = {
		{ "/folder", ERROR_INVALID, "is a folder" },
		{ "/pipe", ERROR_INVALID, "a device or a pipe" },
		{ "/none", ERROR_MISSING, "'/none': No such file or directory" },
		{ "/value/x", ERROR_MISSING, "Not a directory" },
		{ "/loop", ERROR_IO, "Too many levels of symbolic links" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span text = { .at = "untouched" };
		struct error err = { .text = "" };

		assert_false(host_peek(&fixture->host, cases[i].path, 100, &fixture->arena, &text,
				       &err));
		assert_int_equal(err.code, cases[i].code);
		assert_non_null(strstr(err.text, cases[i].words));
		assert_string_equal(text.at, "untouched");
	}
}

static void a_device_is_no_file(void **state)
{
	const struct host machine = { .root = NULL };
	struct fixture *fixture = *state;
	struct host_status status;
	struct span text = { 0 };
	struct error err;

	assert_false(host_peek(&machine, "/dev/zero", 10, &fixture->arena, &text, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	assert_true(host_status(&machine, "/dev/null", &status, NULL));
	assert_int_equal(status.kind, HOST_OTHER);
}

static void links_are_told_as_written_and_followed_inside(void **state)
{
	struct fixture *fixture = *state;
	const char *found = NULL;
	struct error err;

	assert_true(host_link(&fixture->host, "/link", &fixture->arena, &found, NULL));
	assert_string_equal(found, "/folder");
	assert_false(host_link(&fixture->host, "/value", &fixture->arena, &found, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	assert_non_null(strstr(err.text, "is not a symbolic link"));
	assert_false(host_link(&fixture->host, "/none", &fixture->arena, &found, &err));
	assert_int_equal(err.code, ERROR_MISSING);

	assert_true(host_real_path(&fixture->host, "/link/../link/five", &fixture->arena, &found,
				   NULL));
	assert_string_equal(found, "/folder/five");
	assert_false(host_real_path(&fixture->host, "/loop", &fixture->arena, &found, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_false(host_real_path(&fixture->host, "/link/six", &fixture->arena, &found, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_false(host_real_path(&fixture->host, "link", &fixture->arena, &found, &err));
	assert_int_equal(err.code, ERROR_INVALID);
}

static void the_status_is_that_behind_a_link(void **state)
{
	struct fixture *fixture = *state;
	struct host_status status;
	struct stat expected;

	assert_int_equal(chmod(full(fixture, "/folder/five"), 04640), 0);
	assert_int_equal(stat(full(fixture, "/folder/five"), &expected), 0);
	assert_true(host_status(&fixture->host, "/link/five", &status, NULL));
	assert_int_equal(status.kind, HOST_FILE);
	assert_int_equal(status.mode, 04640);
	assert_int_equal(status.user, geteuid());
	assert_int_equal(status.group, expected.st_gid);
	assert_int_equal(status.size, 5);
	assert_int_equal(status.device, expected.st_dev);
	assert_int_equal(status.changed, expected.st_mtim.tv_sec);
	assert_true(host_status(&fixture->host, "/link", &status, NULL));
	assert_int_equal(status.kind, HOST_FOLDER);
	assert_false(host_status(&fixture->host, "/none", &status, NULL));
}

static void reading_is_asked_of_the_kernel(void **state)
{
	const struct host machine = { .root = NULL };
	struct fixture *fixture = *state;

	assert_true(host_readable(&fixture->host, "/link/five"));
	assert_false(host_readable(&fixture->host, "/none"));
	assert_false(host_readable(&fixture->host, "/loop"));
	assert_true(host_readable(&machine, "/proc/self/status"));
	assert_false(host_readable(&machine, "/proc/self/none"));
	/* For root the kernel allows what the mode forbids. */
	assert_int_equal(chmod(full(fixture, "/value"), 0), 0);
	assert_int_equal(host_readable(&fixture->host, "/value"), geteuid() == 0);
}

static void the_clock_goes_on_and_a_root_is_elsewhere(void **state)
{
	static const struct host roots[] = { { .root = NULL }, { .root = "" }, { .root = "/" } };
	struct fixture *fixture = *state;
	int64_t before = host_boot_ns(&fixture->host);

	assert_true(before > 0);
	assert_true(host_boot_ns(&fixture->host) >= before);
	assert_true(host_is_elsewhere(&fixture->host));
	assert_false(host_is_elsewhere(NULL));
	for (size_t i = 0; i < COUNT(roots); i++)
		assert_false(host_is_elsewhere(&roots[i]));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(files_that_claim_no_size_are_read_to_the_end),
		CASE(a_value_has_no_blanks_around_it),
		CASE(a_file_may_be_as_long_as_the_limit_and_no_longer),
		CASE(a_part_of_a_file_ends_where_the_file_ends),
		CASE(what_is_no_file_is_refused_at_once),
		CASE(a_device_is_no_file),
		CASE(links_are_told_as_written_and_followed_inside),
		CASE(the_status_is_that_behind_a_link),
		CASE(reading_is_asked_of_the_kernel),
		CASE(the_clock_goes_on_and_a_root_is_elsewhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
