#include "base/text.h"
#include "base/yaml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The tree on one line: a list as [..], a map as {key: value}, quoted scalars as "..", and
 * every value behind its place as line.column. */
static void show(const struct node *node, struct text *into)
{
	text_format(into, "%u.%u", node->line, node->column);
	if (node->kind == NODE_SCALAR) {
		text_format(into, node->quoted ? "\"%.*s\"" : "'%.*s'", SPAN_ARGS(node->text));
		return;
	}
	text_add_char(into, node->kind == NODE_LIST ? '[' : '{');
	for (uint32_t i = 0; i < node->count; i++) {
		if (i > 0)
			text_add_char(into, ' ');
		if (node->kind == NODE_MAP) {
			show(&node->keys[i], into);
			text_add_char(into, ':');
		}
		show(&node->items[i], into);
	}
	text_add_char(into, node->kind == NODE_LIST ? ']' : '}');
}

static void documents_become_trees_with_places(void **state)
{
	static const struct {
		const char *text;
		const char *tree;
	} cases[] = {
		{ "", "1.1{}" },
		{ "# only a comment\n", "1.1{}" },
		{ "---\n", "1.1{}" },
		{ "---\n...\n", "1.1{}" },
		{ "{}", "1.1{}" },
		{ "[]", "1.1[]" },
		{ "x", "1.1'x'" },
		{ "''", "1.1\"\"" },
		{ "a: 1\n", "1.1{1.1'a':1.4'1'}" },
		{ "a: 1\nb: 2\n", "1.1{1.1'a':1.4'1' 2.1'b':2.4'2'}" },
		{ "b: 2\na: 1\n", "1.1{1.1'b':1.4'2' 2.1'a':2.4'1'}" },
		{ "a:\n  - x\n  - y\n", "1.1{1.1'a':2.3[2.5'x' 3.5'y']}" },
		{ "a:\n- x\n", "1.1{1.1'a':2.1[2.3'x']}" },
		{ "- a: 1\n  b: 2\n- []\n", "1.1[1.3{1.3'a':1.6'1' 2.3'b':2.6'2'} 3.3[]]" },
		{ "a: {b: [1, 'x']}\n", "1.1{1.1'a':1.4{1.5'b':1.8[1.9'1' 1.12\"x\"]}}" },
		{ "no: yes\nv: 1.10\n", "1.1{1.1'no':1.5'yes' 2.1'v':2.4'1.10'}" },
		{ "a:\nb: ~\n", "1.1{1.1'a':1.3'' 2.1'b':2.4'~'}" },
		{ "a: |\n  x\n  y\n", "1.1{1.1'a':1.4\"x\ny\n\"}" },
		{ "a: >-\n  x\n  y\n", "1.1{1.1'a':1.4\"x y\"}" },
		{ "a: x\n  y\n", "1.1{1.1'a':1.4'x y'}" },
		{ "\"a b\": 1\n", "1.1{1.1\"a b\":1.8'1'}" },
		{ "? a\n: b\n", "1.1{1.3'a':2.3'b'}" },
		{ "a: 1\r\nb: 2\r\n", "1.1{1.1'a':1.4'1' 2.1'b':2.4'2'}" },
		{ "\xef\xbb\xbf"
		  "a: 1\n",
		  "1.1{1.1'a':1.4'1'}" },
		{ "\xc3\xb6: 1 # \xe2\x82\xac\n", "1.1{1.1'\xc3\xb6':1.4'1'}" },
		{ "a: 50%\nb: \"\n  %\"", "1.1{1.1'a':1.4'50%' 2.1'b':2.4\" %\"}" },
		{ "a: 2025-03-26 # when\n", "1.1{1.1'a':1.4'2025-03-26'}" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);
		SCOPED_TEXT(tree);
		const struct node *root = NULL;
		struct error err = { .text = "" };

		(void)yaml_read(span_of(cases[i].text), "a.yaml", &arena, &root, &err);
		assert_string_equal(err.text, "");
		show(root, &tree);
		assert_string_equal(text_string(&tree), cases[i].tree);
	}
}

static const struct {
	const char *text;
	enum error_code code;
	const char *said;
} refusals[] = {
	{ "a: &x 1\n", ERROR_UNSUPPORTED,
	  "line 1, column 4: anchors are not allowed; remove '&x'" },
	{ "a: &x [1]\n", ERROR_UNSUPPORTED,
	  "line 1, column 4: anchors are not allowed; remove '&x'" },
	{ "&x {a: 1}\n", ERROR_UNSUPPORTED,
	  "line 1, column 1: anchors are not allowed; remove '&x'" },
	{ "a: *x\n", ERROR_UNSUPPORTED,
	  "line 1, column 4: aliases are not allowed; write the value out instead of "
	  "'*x'" },
	{ "a: !!int 1\n", ERROR_UNSUPPORTED,
	  "line 1, column 4: tags are not allowed; remove 'tag:yaml.org,2002:int'" },
	{ "a: !x {b: 1}\n", ERROR_UNSUPPORTED,
	  "line 1, column 4: tags are not allowed; remove '!x'" },
	{ "a: ! 1\n", ERROR_UNSUPPORTED, "line 1, column 4: tags are not allowed; remove '!'" },
	{ "%YAML 1.1\n---\na: 1\n", ERROR_UNSUPPORTED,
	  "line 1, column 1: a line that starts with % is a directive"
	  ", which is not allowed; remove or indent it" },
	{ "%TAG ! tag:x,2000:\n---\na: 1\n", ERROR_UNSUPPORTED,
	  "line 1, column 1: a line that starts with % is a directive"
	  ", which is not allowed; remove or indent it" },
	{ "a: 1\n---\nb: 2\n", ERROR_UNSUPPORTED,
	  "line 2, column 1: a second document; give it a file of its own" },
	{ "---\n---\n", ERROR_UNSUPPORTED,
	  "line 2, column 1: a second document; give it a file of its own" },
	{ "a: 1\nb: 2\na: 3\n", ERROR_CONFLICT,
	  "line 3, column 1: key 'a' is on line 1 already; remove one" },
	{ "{c: 1, b: 1, a: 1, \"b\": 2, a: 2}\n", ERROR_CONFLICT,
	  "line 1, column 20: key 'b' is on line 1 already; remove one" },
	{ "x:\n  a: 1\n  a: 2\n", ERROR_CONFLICT,
	  "line 3, column 3: key 'a' is on line 2 already; remove one" },
	{ "[a]: 1\n", ERROR_UNSUPPORTED,
	  "line 1, column 1: a key that is a list or a map; use plain text as key" },
	{ "? {a: b}\n: 1\n", ERROR_UNSUPPORTED,
	  "line 1, column 3: a key that is a list or a map; use plain text as key" },
	{ "a: \"x\\0y\"\n", ERROR_UNSUPPORTED,
	  "line 1, column 4: text with a NUL in it; remove the '\\0'" },
	{ "a: b\n\xc3\xb6\xff: 1\n", ERROR_PARSE,
	  "line 2, column 2: byte 0xff is not UTF-8 text; save the file as UTF-8" },
	{ "a:\n\t- x\n", ERROR_PARSE,
	  "line 2, column 1: found character that cannot start any token while scanning for"
	  " the next token; put the text in quotes, and indent with blanks, not tabs" },
	{ "a: b: c\n", ERROR_PARSE,
	  "line 1, column 5: mapping values are not allowed in this context; put text with"
	  " ': ' in quotes, or check the indentation" },
	{ "a: 'x\n", ERROR_PARSE,
	  "line 2, column 1: found unexpected end of stream while scanning a quoted scalar;"
	  " close the quotes" },
	{ "a: [1, 2\n", ERROR_PARSE,
	  "line 2, column 1: did not find expected ',' or ']' while parsing a flow "
	  "sequence;"
	  " close the list with ']'" },
	{ "a: \"\\q\"\n", ERROR_PARSE,
	  "line 1, column 5: found unknown escape character while parsing a quoted scalar;"
	  " write the backslash twice, or use single quotes" },
	{ "a: 1\nb: \x01\n", ERROR_PARSE,
	  "line 2, column 4: control characters are not allowed; remove the character" },
	{ "%FOO\n", ERROR_UNSUPPORTED,
	  "line 1, column 1: a line that starts with % is a directive"
	  ", which is not allowed; remove or indent it" },
	{ "a: 50%\n...\n%TAG !a! b\n", ERROR_UNSUPPORTED,
	  "line 3, column 1: a line that starts with % is a directive"
	  ", which is not allowed; remove or indent it" },
	{ "a: b\xc2\x85%TAG !a! b\n", ERROR_UNSUPPORTED,
	  "line 1, column 6: a line that starts with % is a directive"
	  ", which is not allowed; remove or indent it" },
};

static void what_is_refused_is_told_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		SCOPED_ARENA(arena);
		const struct node *root = NULL;
		struct error err = { .text = "" };

		assert_false(yaml_read(span_of(refusals[i].text), "a.yaml", &arena, &root, &err));
		assert_memory_equal(err.text, "a.yaml: ", strlen("a.yaml: "));
		assert_string_equal(err.text + strlen("a.yaml: "), refusals[i].said);
		assert_int_equal(err.code, refusals[i].code);
		assert_null(root);
	}
}

static void a_nul_byte_is_not_text(void **state)
{
	const struct node *root = NULL;
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	assert_false(yaml_read(SPAN("a: x\0y\n"), "a.yaml", &arena, &root, &err));
	assert_string_equal(err.text, "a.yaml: line 1, column 5: byte 0x00 is not UTF-8 text; save "
				      "the file as UTF-8");
}

/* `levels` lists or maps in each other, in flow form. */
static bool read_nested(size_t levels, const char *open, const char *close, struct error *err)
{
	const struct node *root = NULL;

	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	for (size_t i = 0; i < levels; i++)
		text_add(&text, open);
	text_add(&text, "x");
	for (size_t i = 0; i < levels; i++)
		text_add(&text, close);
	return yaml_read(text_span(&text), "a.yaml", &arena, &root, err);
}

static void depth_has_a_limit(void **state)
{
	static const char *const brackets[][2] = { { "[", "]" }, { "{a: ", "}" } };
	static const size_t too_deep[] = { YAML_DEPTH_MAXIMUM + 1, 100, 20000 };

	(void)state;
	for (size_t i = 0; i < COUNT(brackets); i++) {
		struct error err;

		assert_true(read_nested(YAML_DEPTH_MAXIMUM, brackets[i][0], brackets[i][1], &err));
		for (size_t j = 0; j < COUNT(too_deep); j++) {
			assert_false(
				read_nested(too_deep[j], brackets[i][0], brackets[i][1], &err));
			assert_int_equal(err.code, ERROR_LIMIT);
			assert_non_null(strstr(err.text, "deeper than 32 levels; flatten it"));
		}
	}
}

static void size_has_a_limit(void **state)
{
	const struct node *root = NULL;
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	text_add_repeated(&text, '#', YAML_BYTES_MAXIMUM);
	assert_true(yaml_read(text_span(&text), "a.yaml", &arena, &root, &err));
	text_add_char(&text, '#');
	assert_false(yaml_read(text_span(&text), "a.yaml", &arena, &root, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text,
			    "a.yaml: 8388609 bytes; the limit is 8388608: split the file");
}

static void the_number_of_values_has_a_limit(void **state)
{
	const struct node *root = NULL;
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	text_add_char(&text, '[');
	for (size_t i = 0; i <= YAML_NODES_MAXIMUM; i++)
		text_add(&text, "1,\n");
	text_add_char(&text, ']');
	assert_false(yaml_read(text_span(&text), "a.yaml", &arena, &root, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_non_null(strstr(err.text, "more than 1048576 values; split the file"));
}

/* Comparing each key with each would be 2 × 10^10 comparisons. */
static void a_large_map_is_read_in_reasonable_time(void **state)
{
	enum { KEYS = 200000 };
	const struct node *root = NULL;
	struct error err = { .text = "" };

	(void)state;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	for (size_t i = 0; i < KEYS; i++)
		text_format(&text, "key_%zu: %zu\n", i * 7919 % KEYS, i);
	clock_t start = clock();
	(void)yaml_read(text_span(&text), "a.yaml", &arena, &root, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(root->count, KEYS);
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10);

	text_add(&text, "key_77: again\n");
	assert_false(yaml_read(text_span(&text), "a.yaml", &arena, &root, &err));
	assert_non_null(strstr(err.text, "line 200001, column 1: key 'key_77' is on line "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(documents_become_trees_with_places),
		cmocka_unit_test(what_is_refused_is_told_with_its_place),
		cmocka_unit_test(a_nul_byte_is_not_text),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(size_has_a_limit),
		cmocka_unit_test(the_number_of_values_has_a_limit),
		cmocka_unit_test(a_large_map_is_read_in_reasonable_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
