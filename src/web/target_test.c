#include "web/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void a_path_is_decoded_and_parted_from_its_query(void **state)
{
	struct target target;
	const char *why = NULL;
	SCOPED_ARENA(arena);

	(void)state;
	assert_int_equal(target_read(SPAN("/a/b%20c%C3%A9?x=%2F&y"), &arena, &target, &why), 0);
	assert_string_equal(target.path, "/a/b c\xc3\xa9");
	assert_string_equal(target.query, "x=%2F&y");
	assert_int_equal(target_read(SPAN("/"), &arena, &target, &why), 0);
	assert_string_equal(target.path, "/");
	assert_string_equal(target.query, "");
	assert_int_equal(target_read(SPAN("/a/"), &arena, &target, &why), 0);
	assert_int_equal(target_read(SPAN("/..a/.b/c.."), &arena, &target, &why), 0);
}

static void another_spelling_is_refused(void **state)
{
	static const char *const bad[] = {
		"",          "a",         "*",
		"http://x/", "/..",       "/../a",
		"/a/..",     "/a/../b",   "/.",
		"/./a",      "/a/.",      "/%2e%2e",
		"/%2e",      "/a%2fb",    "/a%5Cb",
		"/a\\b",     "//",        "//a",
		"/a//b",     "/a//",      "/%",
		"/%1",       "/%zz",      "/%00",
		"/%0a",      "/%7f",      "/%ff",
		"/%c0%af",   "/a b",      "/a\tb",
		"/a#b",      "/\xc3\xa9", "/a?b c",
		"/a?b#c",    "/a?\x01",   "/a|b",
		"/a\"b",     "/<a>",      "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q",
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct target target;
		const char *why = NULL;

		if (target_read(span_of(bad[i]), &arena, &target, &why) != 400 || !why)
			fail_msg("'%s' is taken", bad[i]);
	}
}

static void what_is_too_long_is_refused_as_that(void **state)
{
	char path[TARGET_PATH_MAXIMUM + 2];
	struct target target;
	const char *why = NULL;
	SCOPED_ARENA(arena);

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	assert_int_equal(
		target_read((struct span){ path, TARGET_PATH_MAXIMUM }, &arena, &target, &why), 0);
	assert_int_equal(
		target_read((struct span){ path, TARGET_PATH_MAXIMUM + 1 }, &arena, &target, &why),
		414);
}

static void a_field_is_found_and_decoded(void **state)
{
	const char *value = NULL;
	struct error err = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(fields_find(SPAN("a=1&b=x+y%26%0A&c=&d"), "b", &arena, &value, &err));
	assert_string_equal(value, "x y&\n");
	assert_true(fields_find(SPAN("a=1&c=&d"), "c", &arena, &value, &err));
	assert_string_equal(value, "");
	assert_true(fields_find(SPAN("a=1&c=&d"), "d", &arena, &value, &err));
	assert_string_equal(value, "");
	assert_true(fields_find(SPAN("a=1"), "b", &arena, &value, &err));
	assert_null(value);
	assert_true(fields_find(SPAN(""), "b", &arena, &value, &err));
	assert_null(value);
}

static void a_field_that_is_there_twice_or_malformed_is_refused(void **state)
{
	static const char *const bad[] = { "a=1&a=1",   "a=%",   "a=%00", "a=%ff",  "a=%0",
					   "%61=1&a=2", "a=%1b", "a=%7f", "%=1&a=1" };
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		const char *value = NULL;
		struct error err = { 0 };

		if (fields_find(span_of(bad[i]), "a", &arena, &value, &err))
			fail_msg("'%s' is taken", bad[i]);
	}
}

static void what_is_encoded_reads_back(void **state)
{
	const char *value = NULL;
	struct error err = { 0 };
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);

	(void)state;
	text_add(&text, "a=");
	text_add_percent(&text, SPAN("x&y=z / \xc3\xa9?#%+"));
	assert_true(fields_find(text_span(&text), "a", &arena, &value, &err));
	assert_string_equal(value, "x&y=z / \xc3\xa9?#%+");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_decoded_and_parted_from_its_query),
		cmocka_unit_test(another_spelling_is_refused),
		cmocka_unit_test(what_is_too_long_is_refused_as_that),
		cmocka_unit_test(a_field_is_found_and_decoded),
		cmocka_unit_test(a_field_that_is_there_twice_or_malformed_is_refused),
		cmocka_unit_test(what_is_encoded_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
