#include "host/writer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/root.h"

#include <cmocka.h>

static size_t count_names(struct root *root, const char *folder)
{
	const char *const *names = NULL;
	size_t count = 0;

	assert_true(host_list(&root->host, folder, &root->arena, &names, &count, NULL));
	return count;
}

static const char *content(struct root *root, const char *path)
{
	struct span text;

	assert_true(host_read(&root->host, path, 1 << 20, &root->arena, &text, NULL));
	return arena_string(&root->arena, text);
}

static void a_file_is_there_once_it_is_whole(void **state)
{
	static const struct root_entry entries[] = { { "/d/out", "old" }, { 0 } };
	struct error err = { 0 };
	SCOPED_FILE_WRITER(writer);
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	assert_true(file_writer_open(&writer, &root.host, "/d/out", false, &err));
	assert_true(file_writer_add(&writer, SPAN("new "), &err));
	assert_string_equal(content(&root, "/d/out"), "old");
	assert_true(file_writer_add(&writer, SPAN("text"), &err));
	assert_true(file_writer_finish(&writer, &err));
	assert_string_equal(content(&root, "/d/out"), "new text");
	assert_int_equal(count_names(&root, "/d"), 1);
}

static void what_is_not_finished_leaves_nothing(void **state)
{
	static const struct root_entry entries[] = { { "/d/out", "old" }, { 0 } };
	struct error err = { 0 };
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	{
		SCOPED_FILE_WRITER(writer);

		assert_true(file_writer_open(&writer, &root.host, "/d/out", false, &err));
		assert_true(file_writer_add(&writer, SPAN("new"), &err));
		assert_int_equal(count_names(&root, "/d"), 2);
	}
	assert_string_equal(content(&root, "/d/out"), "old");
	assert_int_equal(count_names(&root, "/d"), 1);
}

static void what_cannot_be_replaced_is_refused_at_once(void **state)
{
	static const struct root_entry entries[] = { { "/d/folder/", "" }, { "/d/x", "x" }, { 0 } };
	struct error err = { 0 };
	SCOPED_FILE_WRITER(writer);
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	assert_false(file_writer_open(&writer, &root.host, "/d/folder", false, &err));
	assert_non_null(strstr(err.text, "no regular file"));
	assert_false(file_writer_open(&writer, &root.host, "/gone/out", false, &err));
	assert_int_equal(err.code, ERROR_MISSING);
	assert_false(file_writer_open(&writer, &root.host, "/d/x/out", false, &err));
	assert_int_equal(count_names(&root, "/d"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_there_once_it_is_whole),
		cmocka_unit_test(what_is_not_finished_leaves_nothing),
		cmocka_unit_test(what_cannot_be_replaced_is_refused_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
