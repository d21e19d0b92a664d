#include "host/file.h"

#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A host whose root is a folder of its own; `root` is the state of each test. */
struct fixture {
	char root[PATH_MAX / 2];
	struct host host;
	struct arena arena;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *folder = getenv("TMPDIR");

	if (!fixture)
		return -1;
	(void)snprintf(fixture->root, sizeof(fixture->root), "%s/assay-file-XXXXXX",
		       folder ? folder : "/tmp");
	if (!mkdtemp(fixture->root))
		return -1;
	fixture->host.root = fixture->root;
	*state = fixture;
	return 0;
}

/* Removes a folder with what a test left in it. */
static void remove_all(const struct fixture *fixture, struct arena *arena, const char *path)
{
	const char *const *names = NULL;
	size_t count = 0;

	(void)host_list(&fixture->host, path, arena, &names, &count, NULL);
	for (size_t i = 0; i < count; i++) {
		const char *inner = arena_format(arena, "%s/%s", path, names[i]);

		if (host_kind(&fixture->host, inner) == HOST_FOLDER)
			remove_all(fixture, arena, inner);
		else
			(void)host_remove_file(&fixture->host, inner, NULL);
	}
	(void)rmdir(arena_format(arena, "%s%s", fixture->root, path));
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	remove_all(fixture, &fixture->arena, "/");
	arena_release(&fixture->arena);
	free(fixture);
	return 0;
}

static void put(struct fixture *fixture, const char *path, const char *content)
{
	struct error err = { .text = "" };

	(void)host_write(&fixture->host, path, span_of(content), &err);
	assert_string_equal(err.text, "");
}

static void assert_content(struct fixture *fixture, const char *path, const char *content)
{
	struct error err = { .text = "" };
	struct span text = { 0 };

	(void)host_read(&fixture->host, path, 1 << 20, &fixture->arena, &text, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(text.length, strlen(content));
	assert_string_equal(text.at, content);
}

static void assert_names(struct fixture *fixture, const char *path, const char *joined)
{
	const char *const *names = NULL;
	size_t count = 0;
	const char *found = "";

	assert_true(host_list(&fixture->host, path, &fixture->arena, &names, &count, NULL));
	for (size_t i = 0; i < count; i++)
		found = arena_format(&fixture->arena, "%s%s ", found, names[i]);
	assert_string_equal(found, joined);
}

static void what_was_written_is_read_whole(void **state)
{
	struct fixture *fixture = *state;
	char *large = arena_take(&fixture->arena, 300001);

	put(fixture, "/empty", "");
	assert_content(fixture, "/empty", "");
	put(fixture, "/a", "first");
	put(fixture, "/a", "2nd");
	assert_content(fixture, "/a", "2nd");
	memset(large, 'x', 300000);
	put(fixture, "/a", large);
	assert_content(fixture, "/a", large);
	assert_names(fixture, "/", "a empty ");
}

static void a_file_may_be_as_long_as_the_limit_and_no_longer(void **state)
{
	struct fixture *fixture = *state;
	struct span text = { 0 };
	struct error err;

	put(fixture, "/a", "12345");
	assert_true(host_read(&fixture->host, "/a", 5, &fixture->arena, &text, &err));
	assert_false(host_read(&fixture->host, "/a", 4, &fixture->arena, &text, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_non_null(strstr(err.text, "/a' is 5 bytes; the limit is 4; split it"));
}

static void kinds_are_told_apart_and_only_files_are_read(void **state)
{
	static const struct {
		const char *path;
		enum host_kind kind;
		enum error_code code; /* of reading it */
	} cases[] = {
		{ "/a", HOST_FILE, ERROR_NONE },
		{ "/link", HOST_FILE, ERROR_NONE }, /* is followed */
		{ "/folder", HOST_FOLDER, ERROR_INVALID },
		{ "/", HOST_FOLDER, ERROR_INVALID },
		{ "/nothing", HOST_NOTHING, ERROR_MISSING },
		{ "/a/b", HOST_NOTHING, ERROR_MISSING },
		{ "/pipe", HOST_OTHER, ERROR_INVALID }, /* nobody waits for a writer */
		{ "/loop", HOST_NOTHING, ERROR_IO },
	};
	struct fixture *fixture = *state;
	struct arena *arena = &fixture->arena;

	put(fixture, "/a", "x");
	assert_true(host_make_folder(&fixture->host, "/folder", NULL));
	assert_int_equal(mkfifo(arena_format(arena, "%s/pipe", fixture->root), 0600), 0);
	assert_int_equal(symlink("a", arena_format(arena, "%s/link", fixture->root)), 0);
	assert_int_equal(symlink("loop", arena_format(arena, "%s/loop", fixture->root)), 0);
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span text = { .at = "untouched" };
		struct error err = { .code = ERROR_NONE };

		assert_int_equal(host_kind(&fixture->host, cases[i].path), cases[i].kind);
		(void)host_read(&fixture->host, cases[i].path, 100, arena, &text, &err);
		assert_int_equal(err.code, cases[i].code);
		assert_string_equal(text.at, err.code == ERROR_NONE ? "x" : "untouched");
	}
}

/* The kernel gives this file the length 0 and writes it while it is read. */
static void a_file_that_grows_is_never_half_taken(void **state)
{
	const struct host machine = { .root = NULL };
	struct fixture *fixture = *state;
	struct span text;
	struct error err;

	assert_false(host_read(&machine, "/proc/self/stat", 1000, &fixture->arena, &text, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_string_equal(err.text, "'/proc/self/stat' grew while it was read; try again");
}

static void relative_paths_are_taken_as_they_are(void **state)
{
	struct fixture *fixture = *state;
	char before[PATH_MAX];

	put(fixture, "/a", "x");
	assert_non_null(getcwd(before, sizeof(before)));
	assert_int_equal(chdir(fixture->root), 0);
	assert_content(fixture, "./a", "x");
	put(fixture, "b", "y");
	assert_int_equal(host_kind(&fixture->host, "b"), HOST_FILE);
	assert_int_equal(chdir(before), 0);
	assert_names(fixture, "/", "a b ");
}

static void no_root_is_this_machine(void **state)
{
	static const struct host hosts[] = { { .root = NULL }, { .root = "" } };
	struct fixture *fixture = *state;
	const char *path = arena_format(&fixture->arena, "%s/a", fixture->root);

	put(fixture, "/a", "x");
	for (size_t i = 0; i < COUNT(hosts); i++)
		assert_int_equal(host_kind(&hosts[i], path), HOST_FILE);
	assert_int_equal(host_kind(NULL, path), HOST_FILE);
}

static void names_are_sorted_by_bytes(void **state)
{
	struct span names = SPAN("b a Z a.b a-b \xc3\xb6 .hidden 10 9 p q r s t u v w x");
	struct span name;
	struct fixture *fixture = *state;
	const char *const *found = NULL;
	size_t count = 42;
	struct error err;

	assert_names(fixture, "/", "");
	while (span_cut(&names, ' ', &name))
		put(fixture, arena_format(&fixture->arena, "/%.*s", SPAN_ARGS(name)), "");
	assert_names(fixture, "/", ".hidden 10 9 Z a a-b a.b b p q r s t u v w x \xc3\xb6 ");

	assert_false(host_list(&fixture->host, "/no", &fixture->arena, &found, &count, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_false(host_list(&fixture->host, "/a", &fixture->arena, &found, &count, &err));
	assert_int_equal(count, 42);
}

static void a_failed_write_leaves_the_old_file_and_nothing_else(void **state)
{
	struct fixture *fixture = *state;
	struct rlimit limit;
	struct error err;

	put(fixture, "/a", "old");
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	struct rlimit small = { .rlim_cur = 4, .rlim_max = limit.rlim_max };
	(void)signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool written = host_write(&fixture->host, "/a", SPAN("longer than four"), &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);

	assert_false(written);
	assert_int_equal(err.code, ERROR_IO);
	assert_content(fixture, "/a", "old");
	assert_names(fixture, "/", "a ");
}

static void what_cannot_be_written_is_told(void **state)
{
	static const struct {
		const char *path;
		enum error_code code;
	} cases[] = { { "/no/such/folder", ERROR_MISSING },
		      { "/a/b", ERROR_MISSING },
		      { "/folder", ERROR_IO },
		      { "/folder/", ERROR_MISSING } };
	struct fixture *fixture = *state;

	put(fixture, "/a", "old");
	assert_true(host_make_folder(&fixture->host, "/folder", NULL));
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err;

		assert_false(host_write(&fixture->host, cases[i].path, SPAN("new"), &err));
		assert_int_equal(err.code, cases[i].code);
	}
	assert_names(fixture, "/", "a folder ");
	assert_names(fixture, "/folder", "");
}

static void a_new_file_has_mode_0644_less_the_umask(void **state)
{
	static const struct {
		mode_t mask, mode;
	} cases[] = { { 0022, 0644 }, { 0077, 0600 }, { 0000, 0644 } };
	struct fixture *fixture = *state;
	const char *path = arena_format(&fixture->arena, "%s/a", fixture->root);

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct stat status;
		mode_t before = umask(cases[i].mask);

		put(fixture, "/a", "x");
		(void)umask(before);
		assert_int_equal(stat(path, &status), 0);
		assert_int_equal(status.st_mode & 07777, cases[i].mode);
	}
}

static void a_temporary_file_left_by_a_crash_is_not_in_the_way(void **state)
{
	struct fixture *fixture = *state;
	const char *left = arena_format(&fixture->arena, "/.assay-%ld-0.tmp", (long)getpid());

	put(fixture, left, "left over");
	put(fixture, "/a", "x");
	assert_content(fixture, "/a", "x");
	assert_content(fixture, left, "left over");
}

static void folders_are_made_with_their_parents(void **state)
{
	static const char *const good[] = { "/x", "/x/y/z", "/x//y/", "/x/y/w/", "/" };
	struct fixture *fixture = *state;
	struct error err = { .text = "" };

	for (size_t i = 0; i < COUNT(good); i++) {
		(void)host_make_folder(&fixture->host, good[i], &err);
		assert_string_equal(err.text, "");
		assert_int_equal(host_kind(&fixture->host, good[i]), HOST_FOLDER);
	}
	assert_names(fixture, "/x/y", "w z ");

	put(fixture, "/a", "x");
	assert_false(host_make_folder(&fixture->host, "/a", &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_false(host_make_folder(&fixture->host, "", &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

static void files_are_removed_and_renamed(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	put(fixture, "/a", "x");
	put(fixture, "/b", "y");
	assert_true(host_rename(&fixture->host, "/a", "/b", &err));
	assert_names(fixture, "/", "b ");
	assert_content(fixture, "/b", "x");
	assert_false(host_rename(&fixture->host, "/a", "/c", &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_true(host_remove_file(&fixture->host, "/b", &err));
	assert_false(host_remove_file(&fixture->host, "/b", &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

static void drafts_are_new_files(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	assert_true(host_write_draft(&fixture->host, "/a", SPAN("one"), &err));
	assert_true(host_sync(&fixture->host, "/", &err));
	assert_content(fixture, "/a", "one");
	assert_false(host_write_draft(&fixture->host, "/a", SPAN("two"), &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_content(fixture, "/a", "one");
	assert_false(host_write_draft(&fixture->host, "/none/a", SPAN("x"), &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_false(host_sync(&fixture->host, "/none", &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

static void only_empty_folders_are_removed(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	assert_true(host_make_folder(&fixture->host, "/d", &err));
	put(fixture, "/d/a", "x");
	assert_false(host_remove_folder(&fixture->host, "/d", &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_true(host_remove_file(&fixture->host, "/d/a", &err));
	assert_true(host_remove_folder(&fixture->host, "/d", &err));
	assert_false(host_remove_folder(&fixture->host, "/d", &err));
	assert_int_equal(err.code, ERROR_MISSING);
}

static void a_path_beyond_what_the_system_takes_is_refused(void **state)
{
	struct fixture *fixture = *state;
	char *path = arena_take(&fixture->arena, PATH_MAX + 1);
	struct error err;

	memset(path, '/', PATH_MAX);
	assert_false(host_make_folder(&fixture->host, path, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(host_kind(&fixture->host, path), HOST_NOTHING);
}

static void the_clock_and_the_program_are_those_of_this_machine(void **state)
{
	struct fixture *fixture = *state;
	int64_t now = host_unix_time(&fixture->host);
	const char *folder = host_program_folder(&fixture->host, &fixture->arena);
	const struct host machine = { .root = NULL };

	assert_true(now >= time(NULL) - 60 && now <= time(NULL) + 60);
	assert_int_equal(folder[0], '/');
	assert_int_equal(host_kind(&machine, folder), HOST_FOLDER);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(what_was_written_is_read_whole),
		CASE(a_file_may_be_as_long_as_the_limit_and_no_longer),
		CASE(kinds_are_told_apart_and_only_files_are_read),
		CASE(a_file_that_grows_is_never_half_taken),
		CASE(relative_paths_are_taken_as_they_are),
		CASE(no_root_is_this_machine),
		CASE(names_are_sorted_by_bytes),
		CASE(a_failed_write_leaves_the_old_file_and_nothing_else),
		CASE(what_cannot_be_written_is_told),
		CASE(a_new_file_has_mode_0644_less_the_umask),
		CASE(a_temporary_file_left_by_a_crash_is_not_in_the_way),
		CASE(folders_are_made_with_their_parents),
		CASE(files_are_removed_and_renamed),
		CASE(drafts_are_new_files),
		CASE(only_empty_folders_are_removed),
		CASE(a_path_beyond_what_the_system_takes_is_refused),
		CASE(the_clock_and_the_program_are_those_of_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
