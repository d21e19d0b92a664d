#include "test/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PLACE(line, column) "s/head.yaml: line " #line ", column " #column ": "

static void the_head_is_read(void **state)
{
	static const unsigned errors[] = { 300, 50, 20, 20, 0 };
	struct standard standard = { 0 };
	char date[DATE_TEXT_SIZE];
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	assert_string_equal(standard.name, "sample");
	assert_string_equal(standard.version, "1");
	assert_string_equal(date_format(standard.date, date), "2025-04-30");
	assert_int_equal(standard.presumption, 50);
	assert_int_equal(standard.weight_spread_permille, 250);
	for (unsigned i = 0; i < STRENGTH_COUNT; i++)
		assert_int_equal(standard.strengths[i].error_permille, errors[i]);
	assert_string_equal(standard.strengths[STRENGTH_E1].title, "document");
	assert_string_equal(standard.strengths[STRENGTH_E4].reason, "by hardware");
	assert_int_equal(standard.profile_count, 2);
	assert_string_equal(standard.profiles[1].id, "small");
	assert_string_equal(standard.profiles[1].title, "Small jobs");
	assert_int_equal(standard.category_count, 2);
	assert_string_equal(standard.categories[0].id, "speed");
	assert_string_equal(standard.categories[0].title, "Speed");
	assert_string_equal(standard.categories[0].reason, "time is money");
	assert_int_equal(standard.categories[0].weight, 60);
	assert_int_equal(standard.categories[1].weight, 40);
}

#define E4 "- { id: E4, title: attested, error: 0, reason: by hardware }\n"
#define PROFILES "- { id: large, title: Large jobs }\n- { id: small, title: Small jobs }\n"
#define CATEGORIES                                                           \
	"- { id: speed, title: Speed, weight: 60, reason: time is money }\n" \
	"- { id: trust, title: Trust, weight: 40, reason: money is time }\n"
#define LETTERS_40 "abcdefghijklmnopqrstuvwxyz-0123456789-ab"

static const struct sample_refusal refusals[] = {
	{ "name: sample", "nmae: sample", ERROR_INVALID,
	  PLACE(2, 1) "unknown field 'nmae'; the nearest is 'name'" },
	{ "name: sample\n", "", ERROR_INVALID, PLACE(1, 1) "field 'name' is missing; add it" },
	{ "name: sample", "name: ''", ERROR_INVALID,
	  PLACE(2, 7) "'name' has 0 bytes; write 1 to 2000" },
	{ "version: '1'", "version: ' '", ERROR_INVALID,
	  PLACE(3, 10) "'version' has 1 bytes; write 1 to 2000" },
	{ "2025-04-30", "30.4.2025", ERROR_INVALID,
	  PLACE(4, 7) "'date' is not a day; write YYYY-MM-DD" },
	{ "presumption: 0.25", "presumption: half", ERROR_INVALID,
	  PLACE(5, 14) "'presumption' is 'half'; write a number from 0 to 1" },
	{ "presumption: 0.25", "presumption: 1.005", ERROR_INVALID,
	  PLACE(5, 14) "'presumption' is '1.005'; write a number from 0 to 1" },
	{ "presumption: 0.25", "presumption: 0.251", ERROR_INVALID,
	  PLACE(5, 14) "'presumption' is '0.251'; it is kept in steps of 1/200" },
	{ "weight_spread: 0.25", "weight_spread: -0.1", ERROR_INVALID,
	  PLACE(6, 16) "'weight_spread' is '-0.1'; write a number from 0 to 1" },
	{ "weight_spread: 0.25", "weight_spread: 0.251", ERROR_LIMIT,
	  PLACE(6, 16) "'weight_spread' is above 0.25" },

	{ E4, "", ERROR_INVALID, PLACE(8, 1) "4 strengths; there are 5, E0 to E4" },
	{ E4, E4 E4, ERROR_INVALID, PLACE(8, 1) "6 strengths; there are 5, E0 to E4" },
	{ E4, "- E4\n", ERROR_INVALID, PLACE(12, 3) "expected a map, found a single value" },
	{ "id: E3", "id: E4", ERROR_INVALID,
	  PLACE(11, 3) "strength 3 is E3; list them from E0 to E4" },
	{ "title: signed, ", "", ERROR_INVALID, PLACE(10, 3) "field 'title' is missing; add it" },
	{ "title: signed", "title: ''", ERROR_INVALID, PLACE(10, 20) "'title' has 0 bytes" },
	{ "reason: one run", "reason: ''", ERROR_INVALID, PLACE(10, 49) "'reason' has 0 bytes" },
	{ "error: 0.05", "error: 5%", ERROR_INVALID,
	  PLACE(9, 37) "'error' is '5%'; write a number from 0 to 1" },
	{ "error: 0.05", "error: 0.0505", ERROR_INVALID,
	  PLACE(9, 37) "'error' is '0.0505'; it is kept in steps of 1/1000" },
	{ "error: 0.05", "error: 0.301", ERROR_INVALID,
	  PLACE(9, 3) "E1 is wrong more often than E0; errors fall with strength" },

	{ "profiles:\n" PROFILES, "profiles: []\n", ERROR_LIMIT,
	  PLACE(13, 11) "0 profiles; there are 1 to 8" },
	{ PROFILES, PROFILES PROFILES PROFILES PROFILES PROFILES, ERROR_LIMIT,
	  PLACE(14, 1) "10 profiles; there are 1 to 8" },
	{ PROFILES, PROFILES PROFILES, ERROR_CONFLICT,
	  PLACE(16, 3) "profile 'large' is there twice" },
	{ "id: large, ", "", ERROR_INVALID, PLACE(14, 3) "field 'id' is missing; add it" },
	{ "title: Large jobs", "title: ''", ERROR_INVALID, PLACE(14, 23) "'title' has 0 bytes" },
	{ "id: large", "id: Large", ERROR_INVALID,
	  PLACE(14, 9) "'id' is 'Large'; write at most 40 lower-case letters, digits and '-'" },

	{ "categories:\n" CATEGORIES, "categories: []\n", ERROR_LIMIT,
	  PLACE(16, 13) "0 categories; there are 1 to 16" },
	{ CATEGORIES,
	  CATEGORIES CATEGORIES CATEGORIES CATEGORIES CATEGORIES CATEGORIES CATEGORIES CATEGORIES
		  CATEGORIES,
	  ERROR_LIMIT, PLACE(17, 1) "18 categories; there are 1 to 16" },
	{ "id: trust", "id: speed", ERROR_CONFLICT,
	  PLACE(18, 3) "category 'speed' is there twice" },
	{ "id: trust", "id: claim", ERROR_CONFLICT,
	  PLACE(18, 3) "category 'claim' would take the names of records that settle no" },
	{ "id: trust", "id: price", ERROR_CONFLICT,
	  PLACE(18, 3) "category 'price' would take the names of records that settle no" },
	{ "id: trust", "beside: no, id: trust", ERROR_INVALID,
	  PLACE(18, 13) "'beside' is true, or left out" },
	{ "id: trust", "id: ../trust", ERROR_INVALID,
	  PLACE(18, 9) "'id' is '../trust'; write at most 40 lower-case letters, digits" },
	{ "id: trust", "id: trust.more", ERROR_INVALID, PLACE(18, 9) "'id' is 'trust.more'" },
	{ "id: trust", "id: " LETTERS_40 "c", ERROR_INVALID,
	  PLACE(18, 9) "'id' is '" LETTERS_40 "c'; write at most 40" },
	{ "id: trust", "id: ''", ERROR_INVALID, PLACE(18, 9) "'id' has 0 bytes" },
	{ "title: Trust", "title: ''", ERROR_INVALID, PLACE(18, 23) "'title' has 0 bytes" },
	{ "money is time", "''", ERROR_INVALID, PLACE(18, 50) "'reason' has 0 bytes" },
	{ "weight: 40", "weight: 0", ERROR_INVALID,
	  PLACE(18, 38) "'weight' is '0'; write a whole number from 1 to 100" },
	{ "weight: 40", "weight: 101", ERROR_INVALID,
	  PLACE(18, 38) "'weight' is '101'; write a whole number from 1 to 100" },
	{ "weight: 40", "weight: 4.5", ERROR_INVALID,
	  PLACE(18, 38) "'weight' is '4.5'; write a whole number from 1 to 100" },
	{ "weight: 40, ", "", ERROR_INVALID, PLACE(18, 3) "field 'weight' is missing; add it" },
	{ "- { id: trust,", "- [] #", ERROR_INVALID, PLACE(18, 3) "expected a map, found a list" },
};

static void each_fault_of_the_head_is_told_with_its_place(void **state)
{
	(void)state;
	sample_assert_refusals(SAMPLE_HEAD, refusals, COUNT(refusals));
}

static void a_text_has_at_most_2000_bytes(void **state)
{
	struct sample_change change = { SAMPLE_HEAD, "name: sample", NULL };
	struct standard standard = { 0 };
	struct error err;
	char letters[2001];
	SCOPED_ARENA(arena);

	(void)state;
	memset(letters, 'a', sizeof(letters));
	change.to = arena_format(&arena, "name: %.2000s", letters);
	assert_true(sample_load(&change, &arena, &standard, &err));
	change.to = arena_format(&arena, "name: %.2001s", letters);
	assert_false(sample_load(&change, &arena, &standard, &err));
	assert_string_equal(err.text, PLACE(2, 7) "'name' has 2001 bytes; write 1 to 2000");
}

static void the_largest_head_is_read(void **state)
{
	static const char more[] = "profiles:\n"
				   "- { id: " LETTERS_40 ", title: t }\n"
				   "- { id: p2, title: t }\n"
				   "- { id: p3, title: t }\n"
				   "- { id: p4, title: t }\n"
				   "- { id: p5, title: t }\n"
				   "- { id: p6, title: t }\n";
	const struct sample_change change = { SAMPLE_HEAD, "profiles:\n", more };
	struct standard standard = { 0 };
	struct error err = { .text = "" };
	SCOPED_ARENA(arena);

	(void)state;
	(void)sample_load(&change, &arena, &standard, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(standard.profile_count, PROFILES_MAXIMUM);
	assert_int_equal(standard.criteria[0].profiles, 1 << 7);
	assert_int_equal(standard.criteria[1].profiles, 0xff);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_head_is_read),
		cmocka_unit_test(each_fault_of_the_head_is_told_with_its_place),
		cmocka_unit_test(a_text_has_at_most_2000_bytes),
		cmocka_unit_test(the_largest_head_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
