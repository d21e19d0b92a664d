#include "host/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "host/system.h"
#include "test/root.h"
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct host here = { .root = NULL };

/* The folder of an empty root. */
static const char *place(struct root *root)
{
	root_make(root, NULL);
	return root->folder;
}

static void what_is_made_is_removed_and_links_are_not_followed(void **state)
{
	char path[PATH_MAX], name[PATH_MAX + 16];
	struct error err;

	(void)state;
	SCOPED_ROOT(root);
	SCOPED_ROOT(other);
	const char *folder = place(&root), *kept = place(&other);
	assert_true(scratch_make(&here, folder, path, &err));
	(void)snprintf(name, sizeof(name), "%s/below", path);
	assert_int_equal(mkdir(name, 0700), 0);
	(void)snprintf(name, sizeof(name), "%s/below/out", path);
	assert_int_equal(symlink(kept, name), 0);
	assert_true(scratch_remove(path, NULL, &err));
	assert_int_equal(host_kind(&here, path), HOST_NOTHING);
	assert_int_equal(host_kind(&here, kept), HOST_FOLDER);
	assert_true(scratch_remove(path, NULL, &err));
}

static void the_folder_of_a_run_that_goes_on_stays(void **state)
{
	struct scratch_leftovers leftovers;
	char path[PATH_MAX];
	struct error err;

	(void)state;
	SCOPED_ROOT(root);
	const char *folder = place(&root);
	assert_true(scratch_make(&here, folder, path, &err));
	assert_true(scratch_sweep(&here, folder, &leftovers, &err));
	assert_int_equal(leftovers.kept, 1);
	assert_int_equal(leftovers.removed, 0);
	assert_true(scratch_remove(path, NULL, &err));
}

/* Writes the owner's file with one word changed. */
static void resign(const char *path, unsigned which, const char *word)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	const char *owner = arena_format(&arena, "%s/owner", path);
	struct span rest, old;
	struct error err;
	unsigned at = 0;

	assert_true(host_read(&here, owner, 4096, &arena, &rest, &err));
	rest.length--;
	while (span_cut(&rest, ' ', &old)) {
		text_add(&text, at > 0 ? " " : "");
		text_add_span(&text, at++ == which ? span_of(word) : old);
	}
	text_add(&text, "\n");
	assert_true(host_write(&here, owner, text_span(&text), &err));
}

static void only_what_is_over_is_swept(void **state)
{
	static const struct {
		unsigned word;
		const char *text;
		unsigned removed, kept;
	} cases[] = {
		{ 0, "something/v1", 0, 0 },
		{ 1, "another-node", 0, 1 },
		{ 2, "other-boot", 1, 0 },
		{ 3, "pid:[1]", 0, 1 },
		{ 4, "999999999", 1, 0 },
		{ 4, "x", 0, 0 },
		{ 5, "1", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scratch_leftovers leftovers;
		char path[PATH_MAX];
		struct error err;

		SCOPED_ROOT(root);
		const char *folder = place(&root);
		assert_true(scratch_make(&here, folder, path, &err));
		resign(path, cases[i].word, cases[i].text);
		assert_true(scratch_sweep(&here, folder, &leftovers, &err));
		assert_int_equal(leftovers.removed, cases[i].removed);
		assert_int_equal(leftovers.kept, cases[i].kept);
		if (cases[i].removed == 0)
			assert_true(scratch_remove(path, NULL, &err));
	}
}

static void what_was_never_signed_is_swept_when_it_is_empty_and_old(void **state)
{
	static const struct {
		const char *name;
		unsigned mode, hours;
		bool is_empty;
		unsigned removed;
	} cases[] = {
		{ SCRATCH_PREFIX "abc123", 0700, 2, true, 1 },
		{ SCRATCH_PREFIX "abc123", 0700, 0, true, 0 },
		{ SCRATCH_PREFIX "abc123", 0755, 2, true, 0 },
		{ SCRATCH_PREFIX "abc123", 0700, 2, false, 0 },
		{ SCRATCH_PREFIX "notes-of-mine", 0700, 2, true, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct scratch_leftovers leftovers;
		char path[PATH_MAX], name[PATH_MAX + 16];
		struct timespec times[2] = { 0 };
		struct error err;

		SCOPED_ROOT(root);
		const char *folder = place(&root);
		(void)snprintf(path, sizeof(path), "%s/%s", folder, cases[i].name);
		assert_int_equal(mkdir(path, cases[i].mode), 0);
		(void)snprintf(name, sizeof(name), "%s/below", path);
		if (!cases[i].is_empty)
			assert_int_equal(mkdir(name, 0700), 0);
		times[0].tv_sec = times[1].tv_sec =
			host_unix_time(&here) - (time_t)cases[i].hours * 3600;
		assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
		assert_true(scratch_sweep(&here, folder, &leftovers, &err));
		assert_int_equal(leftovers.removed, cases[i].removed);
		assert_int_equal(host_kind(&here, path),
				 cases[i].removed ? HOST_NOTHING : HOST_FOLDER);
	}
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
	char path[PATH_MAX];
	uint64_t bytes;
	struct error err;

	(void)state;
	assert_false(scratch_make(&here, "/nowhere", path, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_false(scratch_space("/nowhere", &bytes, &err));
	assert_true(scratch_space("/", &bytes, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_made_is_removed_and_links_are_not_followed),
		cmocka_unit_test(the_folder_of_a_run_that_goes_on_stays),
		cmocka_unit_test(only_what_is_over_is_swept),
		cmocka_unit_test(what_was_never_signed_is_swept_when_it_is_empty_and_old),
		cmocka_unit_test(a_folder_that_is_not_there_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
