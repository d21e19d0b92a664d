#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/conf.h"
#include "test/root.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void comments_never_count_and_lines_go_on(void **state)
{
	static const struct {
		unsigned form;
		const char *text, *lines; /* joined by '|' */
	} cases[] = {
		{ 0, "", "" },
		{ 0, "\n \t\r\n# a\n  # b\n", "" },
		{ 0, "a=1\r\n b # c\n", "a=1|b # c" },
		{ CONF_COMMENT_ANYWHERE, "a#b\nc\\#d\n#e", "a|c\\#d" },
		{ CONF_COMMENT_BEHIND_BLANK, "a#b #c\n", "a#b" },
		{ CONF_COMMENT_ANYWHERE | CONF_USER_NUMBERS, "#1000 a\n#a\nx (#7) y # z",
		  "#1000 a|x (#7) y" },
		{ 0, "a\\\nb", "a\\|b" },
		{ CONF_JOINED, "a \\\nb\\\r\nc\nd", "a bc|d" },
		{ CONF_JOINED, "a\\", "a" },
		{ CONF_JOINED, "\\\n\\\n\\\n", "" },
		{ CONF_JOINED | CONF_COMMENT_ANYWHERE, "# a \\\nb", "b" },
		{ CONF_JOINED_FIRST, "# a \\\nb\nc", "c" },
		{ CONF_JOINED_FIRST, "a\\\n#b\n", "a#b" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);
		struct conf conf = { span_of(cases[i].text), cases[i].form, &arena };
		const char *lines = "";
		struct span line;

		while (conf_next(&conf, &line))
			lines = arena_format(&arena, "%s%s%.*s", lines, *lines ? "|" : "",
					     SPAN_ARGS(line));
		assert_string_equal(lines, cases[i].lines);
	}
}

static void a_file_of_joined_lines_takes_no_more_than_it_has(void **state)
{
	SCOPED_ARENA(arena);
	char text[60000];
	struct conf conf = { { text, sizeof(text) }, CONF_JOINED, &arena };
	struct span line = SPAN("");

	(void)state;
	for (size_t i = 0; i < sizeof(text); i += 3)
		memcpy(text + i, "x\\\n", 3);
	assert_true(conf_next(&conf, &line));
	assert_int_equal(line.length, CONF_LINE_MAXIMUM);
	assert_false(conf_next(&conf, &line));
	assert_true(arena.bytes < 2 * sizeof(text));
}

static void words_keep_what_is_quoted(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "", "" },
		{ "  a\tb ", "a|b" },
		{ "\"a b\" c", "a b|c" },
		{ "k=\"a b\" 'x y'", "k=\"a b\"|x y" },
		{ "\"open a", "\"open a" },
		{ "\"\" a", "|a" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);
		struct span rest = span_of(cases[i].text), word;
		const char *words = "";
		bool first = true;

		for (; conf_word(&rest, &word); first = false)
			words = arena_format(&arena, "%s%s%.*s", words, first ? "" : "|",
					     SPAN_ARGS(word));
		assert_string_equal(words, cases[i].words);
	}
}

static void a_pair_has_a_key_and_a_sign(void **state)
{
	static const struct {
		const char *text, *key, *value;
	} cases[] = {
		{ "a=b", "a", "b" },   { "a = \"b c\" ", "a", "b c" }, { "a=", "a", "" },
		{ "a='b", "a", "'b" }, { "a=b=c", "a", "b=c" },        { "a", NULL, NULL },
		{ "=b", NULL, NULL },  { " = b", NULL, NULL },         { "", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span key = SPAN(""), value = SPAN("");

		assert_int_equal(conf_pair(span_of(cases[i].text), &key, &value),
				 cases[i].key != NULL);
		assert_true(span_equal(key, span_of(cases[i].key)));
		assert_true(span_equal(value, span_of(cases[i].value)));
	}
}

static void names_are_short_words(void **state)
{
	(void)state;
	assert_true(conf_is_name(SPAN("NCCL_IB_HCA")) && conf_is_name(SPAN("a.b-1")));
	assert_false(conf_is_name(SPAN("")) || conf_is_name(SPAN("a b")) ||
		     conf_is_name(SPAN("\xc3\xa4")) || conf_is_name(SPAN("a/b")));
	assert_false(conf_is_name(SPAN("0123456789012345678901234567890123456789"
				       "0123456789012345678901234")));
	assert_true(conf_same(SPAN("TopologyPLUGIN"), "topologyplugin"));
	assert_false(conf_same(SPAN("Topology"), "topologyplugin"));
}

static void add(void *context, const char *path, struct span text)
{
	const char **all = context;

	(void)path;
	(void)text;
	*all = path;
}

static void files_that_cannot_be_read_leave_a_reason(void **state)
{
	static const struct root_entry entries[] = {
		{ "/a.d/1.conf", "x" }, { "/a.d/2.conf~", "x" }, { "/a.d/.3.conf", "x" },
		{ "/a.d/4.txt", "x" },  { "/b.d/1.conf", NULL }, { "/b.d/2.conf", "y" },
		{ NULL, NULL },
	};
	struct root root;
	const char *last = "";
	struct conf_files files;

	(void)state;
	root_make(&root, entries);
	files = (struct conf_files){ .host = &root.host, .arena = &root.arena };
	assert_false(conf_file(&files, "/none", add, &last));
	conf_folder(&files, "/none.d", ".conf", add, &last);
	conf_folder(&files, "/a.d", ".conf", add, &last);
	assert_int_equal(files.count, 1);
	assert_null(files.why);
	assert_string_equal(last, "/a.d/1.conf");
	conf_folder(&files, "/b.d", ".conf", add, &last);
	assert_int_equal(files.count, 2);
	assert_non_null(strstr(files.why, "/b.d/1.conf"));
	root_release(&root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_never_count_and_lines_go_on),
		cmocka_unit_test(a_file_of_joined_lines_takes_no_more_than_it_has),
		cmocka_unit_test(words_keep_what_is_quoted),
		cmocka_unit_test(a_pair_has_a_key_and_a_sign),
		cmocka_unit_test(names_are_short_words),
		cmocka_unit_test(files_that_cannot_be_read_leave_a_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
