#include "fabric/hostlist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum {
	NAMES = 8,
};

/* What is written of names, and read, is these names. */
static void names_fold_and_unfold(void **state)
{
	static const struct {
		const char *names[NAMES];
		const char *text;
	} cases[] = {
		{ { "n1" }, "n1" },
		{ { "n1", "n2", "n3" }, "n[1-3]" },
		{ { "n01", "n02", "n04" }, "n[01-02,04]" },
		{ { "n8", "n9", "n10" }, "n[8-10]" },
		{ { "n08", "n09", "n10", "n100" }, "n[08-10,100]" },
		{ { "n99", "n100" }, "n[99-100]" },
		{ { "n099", "n100" }, "n[099-100]" },
		{ { "n1", "n01" }, "n[1,01]" },
		{ { "a1", "a2", "b1", "login" }, "a[1-2],b1,login" },
		{ { "7", "8" }, "7,8" },
		{ { "n1.x", "n2.x" }, "n1.x,n2.x" },
		{ { "x1999999999", "x2000000000" }, "x1999999999,x2000000000" },
		{ { "n2", "n1" }, "n[2,1]" },
		{ { "rack1-n1", "rack1-n2", "rack2-n1" }, "rack1-n[1-2],rack2-n1" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_TEXT(text);
		struct hostlist list = { 0 };
		uint32_t count = 0;

		while (count < NAMES && cases[i].names[count])
			count++;
		hostlist_add(&text, cases[i].names, count);
		assert_string_equal(text_string(&text), cases[i].text);
		assert_true(hostlist_read(text_span(&text), &arena, &list, NULL));
		assert_int_equal(list.count, count);
		for (uint32_t k = 0; k < count; k++)
			assert_string_equal(list.names[k], cases[i].names[k]);
	}
}

static void brackets_multiply_as_in_slurm(void **state)
{
	static const char *const expected[] = { "rack1n08", "rack1n09", "rack2n08", "rack2n09",
						"m" };
	SCOPED_ARENA(arena);
	struct hostlist list = { 0 };

	(void)state;
	assert_true(hostlist_read(SPAN("rack[1-2]n[08-09],,m"), &arena, &list, NULL));
	assert_int_equal(list.count, 5);
	for (uint32_t i = 0; i < list.count; i++)
		assert_string_equal(list.names[i], expected[i]);
}

static void what_slurm_refuses_is_refused(void **state)
{
	static const char *const wrong[] = {
		"n[3-1]",           "n[1-3",    "n[1]x",
		"n[a-b]",           "n[1,]",    "n[]",
		"n[1-99999999999]", "n[1-2-3]", "n[0-65535][0-65535]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		SCOPED_ARENA(arena);
		struct hostlist list = { 0 };
		struct error err = { 0 };

		assert_false(hostlist_read(span_of(wrong[i]), &arena, &list, &err));
		assert_true(strlen(err.text) > 0);
	}
}

/* Refused by their product, not by making as many as there is room for. */
static void brackets_that_multiply_too_far_make_no_name(void **state)
{
	SCOPED_ARENA(arena);
	struct hostlist list = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_true(hostlist_read(SPAN("login"), &arena, &list, &err));
	assert_false(hostlist_read(SPAN("x[0-65535][1-9][1-9][1-9]"), &arena, &list, &err));
	assert_int_equal(err.code, ERROR_INVALID);
	assert_int_equal(list.count, 1);
	assert_true(arena.bytes < 4096);
	assert_true(hostlist_read(SPAN("x[0-65535][1-2],y[00-9][1]"), &arena, &list, &err));
	assert_int_equal(list.count, 1 + 2 * 65536 + 10);
	assert_string_equal(list.names[2], "x02");
	assert_string_equal(list.names[2 * 65536], "x655352");
	assert_string_equal(list.names[list.count - 1], "y091");
	assert_false(hostlist_read(SPAN("z[0-65535][1-3]"), &arena, &list, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
}

static void a_name_that_would_break_the_file_is_none(void **state)
{
	(void)state;
	assert_true(hostlist_can_hold("gpu-1.cluster_2"));
	assert_false(hostlist_can_hold(""));
	assert_false(hostlist_can_hold("a b"));
	assert_false(hostlist_can_hold("a[1]"));
	assert_false(hostlist_can_hold("a,b"));
	assert_false(hostlist_can_hold("a#b"));
	assert_false(hostlist_can_hold("a\nb"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_fold_and_unfold),
		cmocka_unit_test(brackets_multiply_as_in_slurm),
		cmocka_unit_test(what_slurm_refuses_is_refused),
		cmocka_unit_test(brackets_that_multiply_too_far_make_no_name),
		cmocka_unit_test(a_name_that_would_break_the_file_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
