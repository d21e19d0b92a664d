#include "base/node.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct node keys[] = {
	{ .kind = NODE_SCALAR, .line = 2, .column = 1, .text = { "name", 4 } },
	{ .kind = NODE_SCALAR, .line = 3, .column = 1, .text = { "regions", 7 } },
};
static const struct node items[] = {
	{ .kind = NODE_SCALAR, .line = 2, .column = 7, .text = { "Acme", 4 } },
	{ .kind = NODE_LIST, .line = 3, .column = 10 },
};
static const struct node map = {
	.kind = NODE_MAP,
	.line = 2,
	.column = 1,
	.count = 2,
	.items = items,
	.keys = keys,
};

static void find_looks_in_maps_only(void **state)
{
	static const struct node list = { .kind = NODE_LIST, .count = 2, .items = items };

	(void)state;
	assert_ptr_equal(node_find(&map, "name"), &items[0]);
	assert_ptr_equal(node_find(&map, "regions"), &items[1]);
	assert_null(node_find(&map, "nam"));
	assert_null(node_find(&map, "names"));
	assert_null(node_find(&map, ""));
	assert_null(node_find(&list, "name"));
	assert_null(node_find(&items[0], "name"));
	assert_null(node_find(NULL, "name"));
}

static void failures_name_the_place_that_is_known(void **state)
{
	static const struct {
		uint32_t line, column;
		const char *text;
	} cases[] = {
		{ 3, 5, "a.yaml: line 3, column 5: bad 'x'" },
		{ 3, 0, "a.yaml: line 3: bad 'x'" },
		{ 0, 0, "a.yaml: bad 'x'" },
		{ 0, 5, "a.yaml: bad 'x'" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct node node = { .line = cases[i].line, .column = cases[i].column };
		struct error err;

		assert_false(node_fail(&node, "a.yaml", &err, ERROR_INVALID, "bad '%s'", "x"));
		assert_int_equal(err.code, ERROR_INVALID);
		assert_string_equal(err.text, cases[i].text);
	}
}

static void a_map_that_fits_its_schema_passes(void **state)
{
	static const struct node_field fields[] = {
		{ "name", NODE_SCALAR, true },
		{ "regions", NODE_LIST, false },
		{ "notes", NODE_SCALAR, false },
	};
	static const struct node_field any[] = {
		{ "name", NODE_ANY, true },
		{ "regions", NODE_ANY, true },
	};
	static const struct node empty = { .kind = NODE_MAP };
	struct error err = { .text = "" };

	(void)state;
	assert_true(node_expect(&map, "a.yaml", fields, COUNT(fields), &err));
	assert_true(node_expect(&map, "a.yaml", any, COUNT(any), &err));
	assert_true(node_expect(&empty, "a.yaml", NULL, 0, &err));
	assert_string_equal(err.text, "");
}

static void a_map_that_does_not_fit_is_told_why(void **state)
{
	static const struct {
		struct node_field fields[3];
		size_t count;
		const char *text;
	} cases[] = {
		{ { { "name", NODE_SCALAR, true }, { "region", NODE_LIST, true } },
		  2,
		  "f: line 3, column 1: unknown field 'regions'; the nearest is 'region'" },
		{ { { "nmae", NODE_SCALAR, true }, { "age", NODE_SCALAR, true } },
		  2,
		  "f: line 2, column 1: unknown field 'name'; the nearest is 'nmae'" },
		{ { { "name", NODE_LIST, true }, { "regions", NODE_LIST, true } },
		  2,
		  "f: line 2, column 7: 'name' must be a list, not a single value" },
		{ { { "name", NODE_SCALAR, true }, { "regions", NODE_MAP, true } },
		  2,
		  "f: line 3, column 10: 'regions' must be a map, not a list" },
		{ { { "name", NODE_SCALAR, true },
		    { "regions", NODE_LIST, true },
		    { "grade", NODE_SCALAR, true } },
		  3,
		  "f: line 2, column 1: field 'grade' is missing; add it" },
		{ { { NULL, NODE_SCALAR, false } },
		  0,
		  "f: line 2, column 1: unknown field 'name'; this map must be empty" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct error err;

		assert_false(node_expect(&map, "f", cases[i].fields, cases[i].count, &err));
		assert_int_equal(err.code, ERROR_INVALID);
		assert_string_equal(err.text, cases[i].text);
	}
}

static void what_is_not_a_map_is_refused(void **state)
{
	struct error err;

	(void)state;
	assert_false(node_expect(&items[0], "f", NULL, 0, &err));
	assert_string_equal(err.text, "f: line 2, column 7: expected a map, found a single value");
	assert_false(node_expect(&items[1], "f", NULL, 0, &err));
	assert_string_equal(err.text, "f: line 3, column 10: expected a map, found a list");
}

static void the_nearest_field_counts_fewest_edits(void **state)
{
	static const struct node_field fields[] = {
		{ "weight", NODE_SCALAR, false },
		{ "height", NODE_SCALAR, false },
		{ "a_name_that_is_much_longer_than_any_name_that_a_map_should_have_at_all",
		  NODE_SCALAR, false },
		{ "x", NODE_SCALAR, false },
	};
	static const struct {
		const char *name, *nearest;
	} cases[] = {
		{ "wieght", "weight" },
		{ "weigth", "weight" },
		{ "hight", "height" },
		{ "eight", "weight" }, /* the first of equals */
		{ "", "x" },
		{ "y", "x" },
		{ "a_name_that_is_much_longer_than_any_name_that_a_map_should_have_at_all!",
		  "a_name_that_is_much_longer_than_any_name_that_a_map_should_have_at_all" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct node key = { .kind = NODE_SCALAR, .text = span_of(cases[i].name) };
		struct node one = { .kind = NODE_MAP, .count = 1, .items = items, .keys = &key };
		struct error err;

		assert_false(node_expect(&one, "f", fields, COUNT(fields), &err));
		const char *nearest = strstr(err.text, "the nearest is '");
		assert_non_null(nearest);
		nearest += strlen("the nearest is '");
		assert_memory_equal(nearest, cases[i].nearest, strlen(cases[i].nearest));
		assert_string_equal(nearest + strlen(cases[i].nearest), "'");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(find_looks_in_maps_only),
		cmocka_unit_test(failures_name_the_place_that_is_known),
		cmocka_unit_test(a_map_that_fits_its_schema_passes),
		cmocka_unit_test(a_map_that_does_not_fit_is_told_why),
		cmocka_unit_test(what_is_not_a_map_is_refused),
		cmocka_unit_test(the_nearest_field_counts_fewest_edits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
