#include "standard/reading.h"

#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* A map of one field, `f`, and how it is read; the error tells of the last failure. */
struct fixture {
	struct arena arena;
	struct error err;
	struct reading from;
	struct node key, item, map;
};

static void prepare(struct fixture *fixture, const char *text)
{
	fixture->from = (struct reading){ "x.yaml", &fixture->arena, NULL, &fixture->err };
	fixture->key = (struct node){ .kind = NODE_SCALAR, .text = { "f", 1 } };
	fixture->item =
		(struct node){ .kind = NODE_SCALAR, .line = 3, .column = 4, .text = span_of(text) };
	fixture->map = (struct node){
		.kind = NODE_MAP,
		.line = 2,
		.column = 1,
		.count = 1,
		.items = &fixture->item,
		.keys = &fixture->key,
	};
}

static void release(struct fixture *fixture)
{
	arena_release(&fixture->arena);
}

#define SCOPED_FIXTURE(name) struct fixture name __attribute__((cleanup(release))) = { 0 }

static bool share(const char *text, uint32_t parts, uint16_t *ret_value)
{
	SCOPED_FIXTURE(fixture);

	prepare(&fixture, text);
	return reading_share(&fixture.from, &fixture.item, "f", parts, ret_value);
}

static void each_step_of_a_share_is_kept(void **state)
{
	static const uint32_t parts[] = { WORTH_ONE, 1000 };
	char text[32];
	uint16_t value = 0;

	(void)state;
	for (unsigned i = 0; i < LENGTH(parts); i++) {
		for (unsigned step = 0; step <= parts[i]; step++) {
			assert_true(share(number_format((double)step / parts[i], text), parts[i],
					  &value));
			assert_int_equal(value, step);
			number_format((step + 0.5) / parts[i], text);
			assert_false(share(text, parts[i], &value));
			assert_int_equal(value, step);
		}
	}
}

static void what_is_no_share_is_refused(void **state)
{
	static const char *const cases[] = { "",   "-0.005", "1.005", "50%", "half",    "0,5",
					     ".5", "1.",     "+1",    "nan", "0.00501", "0x1p0" };
	uint16_t value = 7;

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++)
		assert_false(share(cases[i], WORTH_ONE, &value));
	assert_int_equal(value, 7);
	assert_true(share("5e-1", WORTH_ONE, &value));
	assert_int_equal(value, 100);
	assert_true(share("-0", WORTH_ONE, &value));
	assert_int_equal(value, 0);
}

static void whole_numbers_have_a_range(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "3", true },   { "007", true },         { "9", true },   { "2", false },
		{ "10", false }, { "4294967300", false }, /* 2^32 + 4 */
		{ "", false },   { "3.0", false },        { "-3", false }, { "3 ", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		SCOPED_FIXTURE(fixture);
		uint32_t value = 1;

		prepare(&fixture, cases[i].text);
		assert_int_equal(reading_whole(&fixture.from, &fixture.map, "f", 3, 9, &value),
				 cases[i].good);
		assert_int_equal(value > 1, cases[i].good);
	}
}

static void names_are_short_and_plain(void **state)
{
	static const struct {
		const char *text;
		bool good;
	} cases[] = {
		{ "a", true },
		{ "large-training", true },
		{ "0", true },
		{ "abcdefghijklmnopqrstuvwxyz-0123456789-ab", true },
		{ "abcdefghijklmnopqrstuvwxyz-0123456789-abc", false },
		{ "", false },
		{ "A", false },
		{ "a.b", false },
		{ "a/b", false },
		{ "a b", false },
		{ "a_b", false },
		{ "a\n", false },
		{ "\xc3\xa4", false },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		SCOPED_FIXTURE(fixture);
		const char *name = NULL;

		prepare(&fixture, cases[i].text);
		assert_int_equal(reading_name(&fixture.from, &fixture.map, "f", &name),
				 cases[i].good);
		assert_int_equal(name != NULL, cases[i].good);
	}
}

static void a_missing_field_is_told_where_its_map_starts(void **state)
{
	SCOPED_FIXTURE(fixture);
	static const char missing[] = "x.yaml: line 2, column 1: 'g' is missing; add it";
	const char *text = NULL;
	uint32_t value = 0;

	(void)state;
	prepare(&fixture, "3");
	assert_false(reading_text(&fixture.from, &fixture.map, "g", &text));
	assert_string_equal(fixture.err.text, missing);
	assert_false(reading_whole(&fixture.from, &fixture.map, "g", 0, 9, &value));
	assert_string_equal(fixture.err.text, missing);
	assert_false(reading_name(&fixture.from, &fixture.map, "g", &text));
	assert_string_equal(fixture.err.text, missing);
	assert_true(reading_text(&fixture.from, &fixture.map, "f", &text));
	assert_string_equal(text, "3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_step_of_a_share_is_kept),
		cmocka_unit_test(what_is_no_share_is_refused),
		cmocka_unit_test(whole_numbers_have_a_range),
		cmocka_unit_test(names_are_short_and_plain),
		cmocka_unit_test(a_missing_field_is_told_where_its_map_starts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
