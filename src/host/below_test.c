#include "host/below.h"

#include <errno.h>
#include <fcntl.h>
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

/* Made in this order below the root; a target makes a link, a last '/' a folder. */
static const struct {
	const char *path, *target;
} places[] = {
	{ "/etc/", NULL },
	{ "/etc/name", NULL },
	{ "/a/", NULL },
	{ "/a/b/", NULL },
	{ "/a/b/file", NULL },
	{ "/relative", "a/b/file" },
	{ "/absolute", "/a/b/file" },
	{ "/a/b/up", "../../etc/name" },
	{ "/a/b/far", "../../../../../../etc/name" },
	{ "/a/folder", "/a/b" },
	{ "/twice", "a/folder/up" },
	{ "/loop", "loop" },
	{ "/ping", "pong" },
	{ "/pong", "/ping" },
	{ "/dangling", "/nowhere/file" },
	{ "/outside", "/../../../../etc/name" },
};

static void make(const char *root, const char *path, const char *target)
{
	char full[PATH_MAX];

	(void)snprintf(full, sizeof(full), "%s%s", root, path);
	if (target) {
		assert_int_equal(symlink(target, full), 0);
	} else if (full[strlen(full) - 1] == '/') {
		assert_int_equal(mkdir(full, 0755), 0);
	} else {
		int file = open(full, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

		assert_true(file >= 0);
		assert_int_equal(write(file, path, strlen(path)), (ssize_t)strlen(path));
		(void)close(file);
	}
}

static int set_up(void **state)
{
	const char *folder = getenv("TMPDIR");
	char *root = calloc(1, PATH_MAX / 2);

	if (!root)
		return -1;
	(void)snprintf(root, PATH_MAX / 2, "%s/assay-below-XXXXXX", folder ? folder : "/tmp");
	if (!mkdtemp(root))
		return -1;
	for (size_t i = 0; i < COUNT(places); i++)
		make(root, places[i].path, places[i].target);
	*state = root;
	return 0;
}

static int tear_down(void **state)
{
	char *root = *state;
	char full[PATH_MAX];

	for (size_t i = COUNT(places); i-- > 0;) {
		(void)snprintf(full, sizeof(full), "%s%s", root, places[i].path);
		(void)remove(full);
	}
	(void)rmdir(root);
	free(root);
	return 0;
}

struct opened {
	const char *path;
	const char *content; /* NULL when it fails with `number` */
	int number;
};

static const struct opened cases[] = {
	{ "/etc/name", "/etc/name", 0 },
	{ "//etc/./name", "/etc/name", 0 },
	{ "/relative", "/a/b/file", 0 },
	{ "/absolute", "/a/b/file", 0 },
	{ "/a/b/up", "/etc/name", 0 },
	{ "/a/folder/up", "/etc/name", 0 },
	{ "/a/folder/../../etc/name", "/etc/name", 0 },
	{ "/twice", "/etc/name", 0 },
	/* Whatever climbs above the root stays in it. */
	{ "/../../../etc/name", "/etc/name", 0 },
	{ "/a/b/far", "/etc/name", 0 },
	{ "/outside", "/etc/name", 0 },
	{ "/loop", NULL, ELOOP },
	{ "/ping", NULL, ELOOP },
	{ "/dangling", NULL, ENOENT },
	{ "/etc/passwd", NULL, ENOENT },
	{ "/etc/name/file", NULL, ENOTDIR },
	{ "/relative/..", NULL, ENOTDIR },
};

static void assert_opened(int file, const struct opened *expected)
{
	char content[64] = "";
	size_t length = 0;
	int number = errno;

	if (!expected->content) {
		assert_int_equal(file, -1);
		assert_int_equal(number, expected->number);
		return;
	}
	assert_true(file >= 0);
	assert_true(read_some(file, content, sizeof(content) - 1, &length));
	assert_string_equal(content, expected->content);
	assert_int_equal(fcntl(file, F_GETFD), FD_CLOEXEC);
	(void)close(file);
}

static void no_path_leads_out_of_the_root(void **state)
{
	const struct host host = { .root = *state };

	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("# %s\n", cases[i].path);
		assert_opened(open_below(&host, cases[i].path, O_RDONLY), &cases[i]);
	}
}

static void steps_give_what_the_kernel_gives(void **state)
{
	for (size_t i = 0; i < COUNT(cases); i++) {
		print_message("# %s\n", cases[i].path);
		assert_opened(open_below_by_steps(*state, cases[i].path, O_RDONLY), &cases[i]);
	}
}

static void forty_links_are_followed_and_no_more(void **state)
{
	const struct host host = { .root = *state };
	char full[PATH_MAX];
	char target[32];

	for (unsigned i = 0; i <= LINKS_MAXIMUM; i++) {
		(void)snprintf(full, sizeof(full), "%s/a/%u", host.root, i);
		(void)snprintf(target, sizeof(target), i == 0 ? "b/file" : "%u", i - 1);
		assert_int_equal(symlink(target, full), 0);
	}
	const struct opened last = { "/a/39", "/a/b/file", 0 };
	const struct opened beyond = { "/a/40", NULL, ELOOP };
	assert_opened(open_below(&host, last.path, O_RDONLY), &last);
	assert_opened(open_below_by_steps(host.root, last.path, O_RDONLY), &last);
	assert_opened(open_below(&host, beyond.path, O_RDONLY), &beyond);
	assert_opened(open_below_by_steps(host.root, beyond.path, O_RDONLY), &beyond);
	for (unsigned i = 0; i <= LINKS_MAXIMUM; i++) {
		(void)snprintf(full, sizeof(full), "%s/a/%u", host.root, i);
		(void)remove(full);
	}
}

static void a_walk_always_gives_a_path(void **state)
{
	static const struct {
		const char *path, *found;
		int number;
	} walks[] = {
		{ "/", "/", 0 },
		{ "/a/folder/up", "/etc/name", 0 },
		{ "/a/../..//a/./folder/", "/a/b", 0 },
		{ "/a/folder/none/../x", "/a/b/x", ENOENT },
		{ "/dangling", "/nowhere/file", ENOENT },
		{ "/loop", "/loop", ELOOP },
	};

	for (size_t i = 0; i < COUNT(walks); i++) {
		struct walk walk = { .root = *state };

		assert_int_equal(walk_below(&walk, walks[i].path), walks[i].number);
		assert_string_equal(walk.path, walks[i].found);
		assert_int_equal(walk.lost, i == 3);
	}
}

static void a_path_that_is_too_long_is_refused(void **state)
{
	const struct host host = { .root = *state };
	struct walk walk = { .root = *state };
	char path[PATH_MAX + 2];

	memset(path, '/', sizeof(path) - 1);
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(walk_below(&walk, path), ENAMETOOLONG);
	assert_int_equal(open_below(&host, path, O_RDONLY), -1);
	assert_int_equal(errno, ENAMETOOLONG);
	assert_int_equal(open_below_by_steps(*state, path, O_RDONLY), -1);
	assert_int_equal(errno, ENAMETOOLONG);
}

static void a_root_of_slashes_is_none(void **state)
{
	const struct host plain = { .root = "//" };
	const struct host other = { .root = *state };

	assert_null(host_root_of(NULL, "/a"));
	assert_null(host_root_of(&plain, "/a"));
	assert_null(host_root_of(&other, "a"));
	assert_ptr_equal(host_root_of(&other, "/a"), *state);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(no_path_leads_out_of_the_root),        CASE(steps_give_what_the_kernel_gives),
		CASE(forty_links_are_followed_and_no_more), CASE(a_walk_always_gives_a_path),
		CASE(a_path_that_is_too_long_is_refused),   CASE(a_root_of_slashes_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
