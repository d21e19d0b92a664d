#include "evidence/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void a_name_stops_at_the_last_part_given(void **state)
{
	static const struct {
		struct subject subject;
		unsigned parts;
		const char *name;
	} cases[] = {
		{ { { "google" } }, 7, "google" },
		{ { { "google", "a3-mega" } }, 7, "google/a3-mega" },
		{ { { "google", NULL, "eu-1" } }, 7, "google/*/eu-1" },
		{ { { "google", NULL, NULL, "h100" } }, 4, "google/*/*/h100" },
		{ { { "google", NULL, NULL, "h100" } }, 3, "google" },
		{ { { "google", "a3", NULL, "h100" } }, 3, "google/a3" },
		{ { { "google", "a3" } }, 1, "google" },
		{ { { "g", "p", "r", "u", "c", "n", "d" } }, 7, "g/p/r/u/c/n/d" },
		{ { { "g", "p", "r", "u", "c", "n", "d" } }, SUBJECT_UNIT_PARTS, "g/p/r/u" },
		{ { { "g", NULL, NULL, NULL, NULL, NULL, "d" } }, 7, "g/*/*/*/*/*/d" },
	};
	SCOPED_ARENA(arena);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(subject_name(&cases[i].subject, cases[i].parts, &arena),
				    cases[i].name);
}

static void the_wide_covers_the_narrow(void **state)
{
	static const struct {
		struct subject wide, narrow;
		unsigned parts;
		bool covers;
	} cases[] = {
		{ { { "a" } }, { { "a" } }, 7, true },
		{ { { "a" } }, { { "b" } }, 7, false },
		{ { { "a" } }, { { "a", "x" } }, 7, true },
		{ { { "a", "x" } }, { { "a" } }, 7, false },
		{ { { "a", "x" } }, { { "a", "x" } }, 7, true },
		{ { { "a", "x" } }, { { "a", "y" } }, 7, false },
		{ { { "a", "x" } }, { { "a", "xy" } }, 7, false },
		{ { { "a", NULL, "r" } }, { { "a", "x", "r" } }, 7, true },
		{ { { "a", NULL, "r" } }, { { "a", "x" } }, 7, false },
		{ { { "a", "x", "r" } }, { { "a", NULL, "r" } }, 7, false },
		/* Beyond the parts that count, anything goes. */
		{ { { "a", "x" } }, { { "a" } }, 1, true },
		{ { { "a", NULL, NULL, NULL, "c" } }, { { "a" } }, SUBJECT_UNIT_PARTS, true },
		{ { { "a", NULL, NULL, NULL, "c" } }, { { "a" } }, 7, false },
		{ { { "a" } }, { { "b" } }, 0, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		/* Equal texts at other addresses are equal. */
		char provider[] = "a";
		struct subject narrow = cases[i].narrow;

		if (narrow.parts[0][0] == 'a')
			narrow.parts[0] = provider;
		assert_int_equal(subject_covers(&cases[i].wide, &narrow, cases[i].parts),
				 cases[i].covers);
		assert_true(subject_covers(&narrow, &narrow, 7));
	}
}

static void depth_counts_the_parts_given(void **state)
{
	static const struct subject subject = { { "a", NULL, "r", NULL, "c" } };
	static const unsigned depths[] = { 0, 1, 1, 2, 2, 3, 3, 3 };

	(void)state;
	for (unsigned parts = 0; parts <= SUBJECT_PART_COUNT; parts++)
		assert_int_equal(subject_depth(&subject, parts), depths[parts]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_stops_at_the_last_part_given),
		cmocka_unit_test(the_wide_covers_the_narrow),
		cmocka_unit_test(depth_counts_the_parts_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
