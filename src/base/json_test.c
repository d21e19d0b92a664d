#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The tree on one line: quoted scalars as ".." and others as '..'. */
static void show(const struct node *node, struct text *into)
{
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

static void values_become_trees(void **state)
{
	static const struct {
		const char *text;
		const char *tree;
	} cases[] = {
		{ "{}", "{}" },
		{ "[]", "[]" },
		{ " [ ] \n", "[]" },
		{ "\"x\"", "\"x\"" },
		{ "1", "'1'" },
		{ "[true, false, null]", "['true' 'false' 'null']" },
		{ "[\"true\", \"1\", \"\"]", "[\"true\" \"1\" \"\"]" },
		{ "{\"b\": 1, \"a\": [2, {\"c\": 3}]}", "{\"b\":'1' \"a\":['2' {\"c\":'3'}]}" },
		{ "{\"\": 1}", "{\"\":'1'}" },
		{ "[\"\\u00f6\\n\\\"\\\\\\/\"]", "[\"\xc3\xb6\n\"\\/\"]" },
		{ "[\"\\ud83d\\ude00\"]", "[\"\xf0\x9f\x98\x80\"]" },
		{ "[0, -0, 12, -7, 9223372036854775807, -9223372036854775808]",
		  "['0' '0' '12' '-7' '9223372036854775807' '-9223372036854775808']" },
		{ "[1.0, 1.10, -0.5, -0.0, 0.1, 3.14, 1e3, 1E-3, 1.5e-7]",
		  "['1' '1.1' '-0.5' '0' '0.1' '3.14' '1000' '0.001' '1.5e-07']" },
		{ "[1e15, 1e300, 123456789012345.0, 0.30000000000000004, 0.1234567890123456789]",
		  "['1e+15' '1e+300' '123456789012345' '0.3' '0.123456789012346']" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);
		SCOPED_TEXT(tree);
		const struct node *root = NULL;
		struct error err = { .text = "" };

		(void)json_read(span_of(cases[i].text), "a.json", 7, &arena, &root, &err);
		assert_string_equal(err.text, "");
		show(root, &tree);
		assert_string_equal(text_string(&tree), cases[i].tree);
	}
}

static void what_is_refused_is_told_with_its_place(void **state)
{
	static const struct {
		const char *text;
		enum error_code code;
		const char *said;
	} cases[] = {
		{ "", ERROR_PARSE, "a.json: line 7: unexpected token near end of file" },
		{ "{\"a\": 1, \"a\": 2}", ERROR_CONFLICT,
		  "a.json: line 7, column 12: duplicate object key near '\"a\"'" },
		{ "[1, 2", ERROR_PARSE, "a.json: line 7, column 5: ']' expected near end of file" },
		{ "[1] x", ERROR_PARSE, "a.json: line 7, column 5: end of file expected near 'x'" },
		{ "[1] [2]", ERROR_PARSE,
		  "a.json: line 7, column 5: end of file expected near '['" },
		{ "[1,]", ERROR_PARSE, "a.json: line 7, column 4: unexpected token near ']'" },
		{ "[NaN]", ERROR_PARSE, "a.json: line 7, column 4: invalid token near 'NaN'" },
		{ "[Infinity]", ERROR_PARSE,
		  "a.json: line 7, column 9: invalid token near 'Infinity'" },
		{ "[01]", ERROR_PARSE, "a.json: line 7, column 2: invalid token near '0'" },
		{ "[+1]", ERROR_PARSE, "a.json: line 7, column 2: invalid token near '+'" },
		{ "[.5]", ERROR_PARSE, "a.json: line 7, column 2: invalid token near '.'" },
		{ "[1.]", ERROR_PARSE, "a.json: line 7, column 3: invalid token near '1.'" },
		{ "[0x10]", ERROR_PARSE, "a.json: line 7, column 3: ']' expected near 'x'" },
		{ "['a']", ERROR_PARSE, "a.json: line 7, column 2: invalid token near '''" },
		{ "{a: 1}", ERROR_PARSE,
		  "a.json: line 7, column 2: string or '}' expected near 'a'" },
		{ "[9223372036854775808]", ERROR_PARSE,
		  "a.json: line 7, column 20: too big integer near '9223372036854775808'" },
		{ "[1e400]", ERROR_PARSE,
		  "a.json: line 7, column 6: real number overflow near '1e400'" },
		{ "[\"\\u0000\"]", ERROR_PARSE,
		  "a.json: line 7, column 9: text with a NUL in it; remove the '\\u0000'" },
		{ "[\"\\ud800\"]", ERROR_PARSE,
		  "a.json: line 7, column 9: invalid Unicode '\\uD800' near '\"\\ud800\"'" },
		{ "[\"a\tb\"]", ERROR_PARSE,
		  "a.json: line 7, column 3: control character 0x9 near '\"a'" },
		{ "[1,\n\n x]", ERROR_PARSE, "a.json: line 9, column 2: invalid token near 'x'" },
		{ "[\"\xff\"]", ERROR_PARSE,
		  "a.json: line 7, column 2: unable to decode byte 0xff near '\"'" },
		{ "[\"\xc0\xaf\"]", ERROR_PARSE,
		  "a.json: line 7, column 2: unable to decode byte 0xc0 near '\"'" },
		{ "\xef\xbb\xbf[]", ERROR_PARSE,
		  "a.json: line 7, column 1: invalid token near '\xef\xbb\xbf'" },
		{ "/* no comments */ []", ERROR_PARSE,
		  "a.json: line 7, column 1: invalid token near '/'" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);
		const struct node *root = NULL;
		struct error err = { .text = "" };

		assert_false(json_read(span_of(cases[i].text), "a.json", 7, &arena, &root, &err));
		assert_string_equal(err.text, cases[i].said);
		assert_int_equal(err.code, cases[i].code);
		assert_null(root);
	}
}

static void nodes_carry_the_line_of_their_record(void **state)
{
	static const struct {
		const char *text;
		uint32_t line;
	} cases[] = {
		{ "{\"a\": [1]}", 7 },
		{ "{\"a\": [1]}\n", 7 },
		{ "{\"a\": [1]}\r\n", 7 },
		{ "{\"a\":\n [1]}\n", 0 }, /* on which line what stands is not known */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);
		const struct node *root = NULL;
		struct error err;

		assert_true(json_read(span_of(cases[i].text), "a.json", 7, &arena, &root, &err));
		assert_int_equal(root->line, cases[i].line);
		assert_int_equal(root->keys[0].line, cases[i].line);
		assert_int_equal(root->items[0].items[0].line, cases[i].line);
		assert_int_equal(root->items[0].items[0].column, 0);
	}
}

static void of_a_key_that_repeats_the_last_value_counts_where_that_is_asked_for(void **state)
{
	static const struct span text = SPAN("{\"a\": 1, \"b\": 2, \"a\": 3}");
	const struct node *root = NULL;
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	assert_false(json_read(text, "a.json", 1, &arena, &root, &err));
	assert_int_equal(err.code, ERROR_CONFLICT);
	assert_true(json_read_repeating(text, "a.json", &arena, &root, &err));
	assert_int_equal(root->count, 2);
	assert_true(span_is(node_find(root, "a")->text, "3"));
	assert_false(json_read_repeating(SPAN("{"), "a.json", &arena, &root, &err));
}

static void empty_and_null_spans_are_no_value(void **state)
{
	const struct node *root = NULL;
	struct error err;

	(void)state;
	SCOPED_ARENA(arena);
	assert_false(json_read((struct span){ 0 }, "a.json", 1, &arena, &root, &err));
	assert_false(json_read(SPAN("[1]\0"), "a.json", 1, &arena, &root, &err));
	assert_int_equal(err.code, ERROR_PARSE);
}

static void depth_has_a_limit(void **state)
{
	static const struct {
		const char *open, *close;
		size_t levels;
		bool good;
	} cases[] = {
		{ "[", "]", JSON_DEPTH_MAXIMUM_NODES, true },
		{ "[", "]", JSON_DEPTH_MAXIMUM_NODES + 1, false },
		{ "{\"a\":", "}", JSON_DEPTH_MAXIMUM_NODES, true },
		{ "{\"a\":", "}", JSON_DEPTH_MAXIMUM_NODES + 1, false },
		{ "[", "]", 2000, false },
		{ "[", "]", 100000, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_ARENA(arena);
		SCOPED_TEXT(text);
		const struct node *root = NULL;
		struct error err = { .code = ERROR_NONE };

		for (size_t j = 0; j < cases[i].levels; j++)
			text_add(&text, cases[i].open);
		text_add(&text, "1");
		for (size_t j = 0; j < cases[i].levels; j++)
			text_add(&text, cases[i].close);
		assert_int_equal(json_read(text_span(&text), "a.json", 1, &arena, &root, &err),
				 cases[i].good);
		assert_int_equal(err.code, cases[i].good ? ERROR_NONE : ERROR_LIMIT);
	}
}

/* 100 000 records of JSON Lines are an ordinary evidence file. */
static void many_records_are_read_in_reasonable_time(void **state)
{
	static const char record[] =
		"{\"subject\":\"acme/h100/eu-1\",\"what\":\"price.on_demand\",\"value\":2.49,"
		"\"unit\":\"USD/h\",\"when\":\"2025-03-26\",\"strength\":\"E1\",\"kind\":\"price\","
		"\"tool\":\"assay 0.1.0\",\"source\":\"https://acme.example/pricing\"}";
	clock_t start = clock();

	(void)state;
	for (uint32_t i = 1; i <= 100000; i++) {
		SCOPED_ARENA(arena);
		const struct node *root = NULL;

		assert_true(json_read(span_of(record), "a.jsonl", i, &arena, &root, NULL));
	}
	assert_true((clock() - start) / CLOCKS_PER_SEC < 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_become_trees),
		cmocka_unit_test(what_is_refused_is_told_with_its_place),
		cmocka_unit_test(nodes_carry_the_line_of_their_record),
		cmocka_unit_test(
			of_a_key_that_repeats_the_last_value_counts_where_that_is_asked_for),
		cmocka_unit_test(empty_and_null_spans_are_no_value),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(many_records_are_read_in_reasonable_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
