#include "probe/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/watch.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Writes the text to a file and looks at it for a value. */
static void values_are_the_number_that_the_file_begins_with(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "42\n", "84" },
		{ "16.0 GT/s PCIe\n", "32" },
		{ "-1\n", "-2" },
		{ "0x1f\n", "62" },
		{ "0XFF", "? is no number: '0XFF'" },
		{ "4611686018427387904", "9.22337203685478e18" },
		{ "99999999999999999999999999", "? is no number" },
		{ "0x", "? is no number" },
		{ "0xg", "? is no number" },
		{ "0x11112222333344445", "? is no number" },
		{ "", "? is no number: ''" },
		{ "\n\n", "? is no number: ''" },
		{ "nan", "? is no number" },
		{ "inf", "? is no number" },
		{ "12abc", "? is no number: '12abc'" },
		{ "\xff\xfe", "? is no number: '?" },
		{ "1\n2\n", "2" },
	};
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	for (size_t i = 0; i < COUNT(cases); i++) {
		static const struct probe nothing = { .shares = 0 };
		const struct look look = { &watch.root.host, &watch.sightings, NULL,
					   MISSING_IS_UNKNOWN };

		watch_run(&watch, &nothing);
		root_put(&watch.root, "/f", cases[i].text);
		assert_int_equal(look_value(&look, "/f", NODE_UPTIME, 2.0),
				 cases[i].says[0] != '?');
		watch_expect(&watch, "uptime", NULL, cases[i].says[0] == '?' ? "?" : cases[i].says);
		if (cases[i].says[0] == '?')
			assert_non_null(strstr(watch_find(&watch, "uptime", NULL)->text,
					       cases[i].says + 2));
	}
}

static void what_is_missing_is_unknown_only_where_it_has_to_be(void **state)
{
	static const struct root_entry entries[] = {
		{ "/loop", NULL }, { "/folder/", NULL }, { "/empty", "\n" }, { NULL, NULL }
	};
	static const struct {
		const char *path;
		enum look_missing missing;
		const char *says;
	} cases[] = {
		{ "/no", MISSING_IS_SILENT, NULL },
		{ "/no", MISSING_IS_UNKNOWN, "?No such file" },
		{ "/loop", MISSING_IS_SILENT, "?Too many levels" },
		{ "/folder", MISSING_IS_SILENT, "?folder" },
		{ "/empty", MISSING_IS_SILENT, "?empty" },
	};
	static const struct probe nothing = { .shares = 0 };
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, entries);
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct look look = { &watch.root.host, &watch.sightings, NULL,
					   cases[i].missing };

		watch_run(&watch, &nothing);
		assert_false(look_state(&look, cases[i].path, NODE_KERNEL));
		watch_expect(&watch, "kernel", NULL, cases[i].says);
	}
}

static void a_file_beyond_a_page_is_not_half_a_state(void **state)
{
	static const struct probe nothing = { .shares = 0 };
	char large[HOST_VALUE_MAXIMUM + 2];
	SCOPED_WATCH(watch);
	const struct look look = { &watch.root.host, &watch.sightings, "net:eth0",
				   MISSING_IS_UNKNOWN };

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &nothing);
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	root_put(&watch.root, "/f", large);
	assert_false(look_state(&look, "/f", NODE_NET_DRIVER));
	watch_expect(&watch, "net.driver", "net:eth0", "?longer than");
}

static void paths_too_long_for_a_file_are_none(void **state)
{
	static const struct probe nothing = { .shares = 0 };
	char name[2000];
	SCOPED_WATCH(watch);
	const struct look look = { &watch.root.host, &watch.sightings, NULL, MISSING_IS_UNKNOWN };

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &nothing);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_string_equal(look_path(&look, "/sys/%s/%d", "a", 7), "/sys/a/7");
	assert_string_equal(look_path(&look, "/sys/%s", name), "");
	assert_false(look_state(&look, look_path(&look, "/sys/%s", name), NODE_KERNEL));
	watch_expect(&watch, "kernel", NULL, "?");
}

static void folders_and_texts_that_are_not_there_are_empty(void **state)
{
	static const struct root_entry entries[] = {
		{ "/d/b", "x" }, { "/d/a", "x" }, { "/t", " text \n" }, { NULL, NULL }
	};
	const char *const *names;
	SCOPED_ROOT(root);

	(void)state;
	root_make(&root, entries);
	assert_int_equal(look_names(&root.host, &root.arena, "/d", &names), 2);
	assert_string_equal(names[0], "a");
	assert_int_equal(look_names(&root.host, &root.arena, "/t", &names), 0);
	assert_int_equal(look_names(&root.host, &root.arena, "/no", &names), 0);
	assert_true(span_is(look_text(&root.host, &root.arena, "/t"), "text"));
	assert_true(span_is(look_text(&root.host, &root.arena, "/no"), ""));
}

static void a_line_is_found_by_its_whole_key(void **state)
{
	static const struct {
		const char *text;
		char separator;
		const char *key, *value;
	} cases[] = {
		{ "a=1\nb=2\n", '=', "b", "2" },
		{ "ab=1\nb=2", '=', "b", "2" },
		{ "b=2\nb=3", '=', "b", "2" },
		{ "b = \"a value\" \n", '=', "b", "a value" },
		{ "b='x=y'\n", '=', "b", "x=y" },
		{ "b=\"\n", '=', "b", "\"" },
		{ "b=\"open\n", '=', "b", "\"open" },
		{ "b=''\n", '=', "b", "" },
		{ "\n\nb\t: 7\n", ':', "b", "7" },
		{ "b\n", '=', "b", "" },
		{ "b\nb=2\n", '=', "b", "2" },
		{ "=2\n", '=', "b", "" },
		{ "", '=', "b", "" },
		{ "btime 1764115200\n", ' ', "btime", "1764115200" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span value =
			line_value(span_of(cases[i].text), cases[i].separator, cases[i].key);

		if (!span_is(value, cases[i].value))
			fail_msg("case %zu: '%.*s'", i, SPAN_ARGS(value));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_the_number_that_the_file_begins_with),
		cmocka_unit_test(what_is_missing_is_unknown_only_where_it_has_to_be),
		cmocka_unit_test(a_file_beyond_a_page_is_not_half_a_state),
		cmocka_unit_test(paths_too_long_for_a_file_are_none),
		cmocka_unit_test(folders_and_texts_that_are_not_there_are_empty),
		cmocka_unit_test(a_line_is_found_by_its_whole_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
