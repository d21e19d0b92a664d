#include "test/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PLACE(line, column) "s/criteria/speed.yaml: line " #line ", column " #column ": "

static void a_measure_is_read(void **state)
{
	static const int at[] = { 30, 90, 600 }, worths[] = { 200, 100, 0 };
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	const struct criterion *one = &standard.criteria[0];

	assert_string_equal(one->id, "speed.start");
	assert_string_equal(one->title, "Instances start fast");
	assert_string_equal(one->question, "How long does an instance take to start?");
	assert_string_equal(one->why, "Waiting is paid for.");
	assert_string_equal(one->reason, "a minute of each start");
	assert_int_equal(one->category, 0);
	assert_int_equal(one->way_count, 2);
	assert_int_equal(one->ways[0].way, SETTLED_BY_MEASUREMENT);
	assert_string_equal(one->ways[0].name, "start-time");
	assert_string_equal(one->ways[0].text, "a stopwatch");
	assert_int_equal(one->ways[1].way, SETTLED_BY_CHECK);
	assert_string_equal(one->ways[1].name, "start-check");
	assert_null(one->ways[1].text);
	assert_string_equal(one->unit, "s");
	assert_int_equal(one->point_count, COUNT(at));
	for (size_t i = 0; i < COUNT(at); i++) {
		assert_int_equal((int)one->points[i].at, at[i]);
		assert_int_equal(one->points[i].worth, worths[i]);
	}
	assert_int_equal(one->answer_count, 0);
	assert_int_equal(one->weight, 30);
	assert_int_equal(one->expiry_days, 365);
	assert_int_equal(one->strength, STRENGTH_E1);
	assert_int_equal(one->profiles, 2); /* small */
	assert_int_equal(one->effort, 2);
	assert_null(one->not_applicable);
	assert_null(one->vendor);
	assert_string_equal(one->file, "s/criteria/speed.yaml");
	assert_int_equal(one->line, 4);
}

static void answers_are_read(void **state)
{
	static const char *const names[] = { "none", "most", "all" };
	static const int worths[] = { 0, 120, 200 };
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	const struct criterion *one = &standard.criteria[1];

	assert_int_equal(one->answer_count, COUNT(names));
	for (size_t i = 0; i < COUNT(names); i++) {
		assert_string_equal(one->answers[i].name, names[i]);
		assert_int_equal(one->answers[i].worth, worths[i]);
	}
	assert_string_equal(one->answers[1].means, "nine of ten");
	assert_null(one->unit);
	assert_int_equal(one->point_count, 0);
	assert_int_equal(one->ways[0].way, SETTLED_BY_DOCUMENT);
	assert_string_equal(one->ways[0].text, "a published run");
	assert_int_equal(one->ways[1].way, SETTLED_BY_ANSWER);
	assert_string_equal(one->ways[1].text, "what renters saw");
	assert_int_equal(standard.criteria[2].ways[0].way, SETTLED_BY_PRICE);
	assert_int_equal(one->profiles, 3); /* all */
	assert_string_equal(one->not_applicable, "single nodes have no links");
	assert_string_equal(one->vendor, "sell links that say how fast they are");
	assert_int_equal(one->parent, -1);
}

#define MEASURE                          \
	"  measure:\n"                   \
	"    unit: s\n"                  \
	"    points:\n"                  \
	"    - { at: 30, worth: 1 }\n"   \
	"    - { at: 90, worth: 0.5 }\n" \
	"    - { at: 600, worth: 0 }\n"
#define NONE "  - { answer: none, worth: 0, means: nobody knows }\n"
#define MOST "  - { answer: most, worth: 0.6, means: nine of ten }\n"
#define ALL "  - { answer: all, worth: 1, means: each and every }\n"
#define POINT "    - { at: 90, worth: 0.5 }\n"
#define LETTERS_74 "abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijklmnopqrstuvwxyz-012345678"

static void faults_of_the_file_are_told(void **state)
{
	static const struct sample_refusal refusals[] = {
		{ "category: speed", "categry: speed", ERROR_INVALID,
		  PLACE(2, 1) "unknown field 'categry'; the nearest is 'category'" },
		{ "category: speed\n", "", ERROR_INVALID,
		  PLACE(1, 1) "field 'category' is missing; add it" },
		{ "category: speed", "category: sped", ERROR_MISSING,
		  PLACE(2, 11) "unknown category 'sped'" },
		{ "criteria:\n", "criteria:\n- 3\n", ERROR_INVALID,
		  PLACE(4, 3) "expected a map, found a single value" },
		{ "  vendor:", "  vendors:", ERROR_INVALID,
		  PLACE(41, 3) "unknown field 'vendors'; the nearest is 'vendor'" },
		{ "  effort: 2\n", "", ERROR_INVALID,
		  PLACE(4, 3) "field 'effort' is missing; add it" },
		{ "id: speed.start", "id: start", ERROR_INVALID,
		  PLACE(4, 7) "id 'start' is not 'speed.' and lower-case letters, digits and '-'" },
		{ "id: speed.start", "id: speed.", ERROR_INVALID,
		  PLACE(4, 7) "id 'speed.' is not" },
		{ "id: speed.start", "id: speed/start", ERROR_INVALID, PLACE(4, 7) "id 'speed/st" },
		{ "id: speed.start", "id: speed.../start", ERROR_INVALID,
		  PLACE(4, 7) "id 'speed." },
		{ "id: speed.start", "id: speed.Start", ERROR_INVALID, PLACE(4, 7) "id 'speed.S" },
		{ "id: speed.start", "id: trust.start", ERROR_INVALID, PLACE(4, 7) "id 'trust.s" },
		{ "id: speed.start", "id: speed." LETTERS_74 "9", ERROR_INVALID,
		  PLACE(4, 7) "id 'speed.abc" },
	};

	(void)state;
	sample_assert_refusals(SAMPLE_SPEED, refusals, COUNT(refusals));
}

static void faults_of_texts_and_numbers_are_told(void **state)
{
	static const struct sample_refusal refusals[] = {
		{ "Instances start fast", "''", ERROR_INVALID, PLACE(5, 10) "'title' has 0 bytes" },
		{ "How long does an instance take to start?", "''", ERROR_INVALID,
		  PLACE(6, 13) "'question' has 0 bytes; write 1 to 2000" },
		{ "Waiting is paid for.", "''", ERROR_INVALID, PLACE(7, 8) "'why' has 0 bytes" },
		{ "a minute of each start", "''", ERROR_INVALID,
		  PLACE(18, 11) "'reason' has 0 bytes" },
		{ "single nodes have no links", "''", ERROR_INVALID,
		  PLACE(40, 19) "'not_applicable' has 0 bytes" },
		{ "sell links that say how fast they are", "''", ERROR_INVALID,
		  PLACE(41, 11) "'vendor' has 0 bytes" },
		{ "effort: 2", "effort: 2\n  parent: ''", ERROR_INVALID,
		  PLACE(23, 11) "'parent' has 0 bytes" },
		{ "weight: 30", "weight: 0", ERROR_INVALID,
		  PLACE(17, 11) "'weight' is '0'; write a whole number from 1 to 100" },
		{ "weight: 30", "weight: 101", ERROR_INVALID, PLACE(17, 11) "'weight' is '101'" },
		{ "effort: 2", "effort: 6", ERROR_INVALID,
		  PLACE(22, 11) "'effort' is '6'; write a whole number from 1 to 5" },
		{ "effort: 2", "effort: 0", ERROR_INVALID, PLACE(22, 11) "'effort' is '0'; write" },
		{ "expiry: 365", "expiry: 3651", ERROR_INVALID,
		  PLACE(19, 11) "'expiry' is '3651'; write a whole number from 1 to 3650" },
		{ "expiry: 365", "expiry: 0", ERROR_INVALID,
		  PLACE(19, 11) "'expiry' is '0'; write" },
		{ "strength: E1", "strength: high", ERROR_INVALID,
		  PLACE(20, 13) "'strength' is one of E0, E1, E2, E3, E4" },
		{ "profiles: [small]", "profiles: small", ERROR_INVALID,
		  PLACE(21, 13) "'profiles' is 'all' or a list of profiles" },
		{ "profiles: [small]", "profiles: []", ERROR_INVALID,
		  PLACE(21, 13) "'profiles' is 'all' or a list of profiles" },
		{ "profiles: [small]", "profiles: { small: all }", ERROR_INVALID,
		  PLACE(21, 13) "'profiles' is 'all' or a list of profiles" },
		{ "profiles: [small]", "profiles: [small, medium]", ERROR_MISSING,
		  PLACE(21, 21) "unknown profile 'medium'" },
		{ "profiles: [small]", "profiles: [[small]]", ERROR_MISSING,
		  PLACE(21, 14) "unknown profile ''" },
	};

	(void)state;
	sample_assert_refusals(SAMPLE_SPEED, refusals, COUNT(refusals));
}

static void faults_of_what_settles_are_told(void **state)
{
	static const struct sample_refusal refusals[] = {
		{ "settled_by:\n  - document: a published run\n  - answer: what renters saw",
		  "settled_by: []", ERROR_INVALID,
		  PLACE(27,
			15) "criterion 'speed.links' is settled by nothing; name a document, an" },
		{ "  - check: start-check", "  - start-check", ERROR_INVALID,
		  PLACE(10, 5) "each item of 'settled_by' is one pair such as 'document: …'" },
		{ "  - check: start-check", "  - check: start-check\n    document: x",
		  ERROR_INVALID, PLACE(10, 5) "each item of 'settled_by' is one pair such as" },
		{ "  - check: start-check", "  - checks: start-check", ERROR_INVALID,
		  PLACE(10, 5) "unknown way 'checks'; it is document, answer, check, price or" },
		{ "check: start-check", "check: ''", ERROR_INVALID, PLACE(10, 12) "'check' has 0" },
		{ "document: a published run", "document: [a]", ERROR_INVALID,
		  PLACE(28, 15) "'document' has 0 bytes" },
		{ "{ name: start-time, from: a stopwatch }", "a stopwatch", ERROR_INVALID,
		  PLACE(9, 18) "expected a map, found a single value" },
		{ "name: start-time, ", "", ERROR_INVALID,
		  PLACE(9, 18) "field 'name' is missing; add it" },
		{ "name: start-time", "name: ''", ERROR_INVALID,
		  PLACE(9, 26) "'name' has 0 bytes" },
		{ "from: a stopwatch", "from: ''", ERROR_INVALID,
		  PLACE(9, 44) "'from' has 0 bytes" },
	};

	(void)state;
	sample_assert_refusals(SAMPLE_SPEED, refusals, COUNT(refusals));
}

static void faults_of_answers_are_told(void **state)
{
	static const struct sample_refusal refusals[] = {
		{ MEASURE, "", ERROR_INVALID,
		  PLACE(4, 3) "criterion 'speed.start' needs either 'answers' or 'measure'" },
		{ MEASURE, MEASURE "  answers: []\n", ERROR_INVALID,
		  PLACE(4, 3) "criterion 'speed.start' needs either 'answers' or 'measure'" },
		{ NONE MOST, "", ERROR_INVALID,
		  PLACE(31, 3) "criterion 'speed.links' has 1 answers; there are 2 to 8" },
		{ NONE, NONE NONE NONE NONE NONE NONE NONE, ERROR_INVALID,
		  PLACE(31, 3) "criterion 'speed.links' has 9 answers; there are 2 to 8" },
		{ NONE, "  - none\n", ERROR_INVALID,
		  PLACE(31, 5) "expected a map, found a single value" },
		{ "answer: none, ", "", ERROR_INVALID,
		  PLACE(31, 5) "field 'answer' is missing; add it" },
		{ "answer: none", "answer: ''", ERROR_INVALID,
		  PLACE(31, 15) "'answer' has 0 bytes" },
		{ "nobody knows", "''", ERROR_INVALID, PLACE(31, 38) "'means' has 0 bytes" },
		{ "worth: 0.6", "worth: much", ERROR_INVALID,
		  PLACE(32, 28) "'worth' is 'much'; write a number from 0 to 1" },
		{ "worth: 0.6", "worth: 0.601", ERROR_INVALID,
		  PLACE(32, 28) "'worth' is '0.601'; it is kept in steps of 1/200" },
		{ "worth: 0.6", "worth: 0", ERROR_INVALID,
		  PLACE(32,
			5) "answer 'most' is not worth more than the one before; list them from" },
		{ MOST ALL, ALL MOST, ERROR_INVALID,
		  PLACE(33, 5) "answer 'most' is not worth more than the one before" },
		{ "answer: all", "answer: none", ERROR_CONFLICT,
		  PLACE(33, 5) "answer 'none' is there twice" },
		{ "worth: 0,", "worth: 0.1,", ERROR_INVALID,
		  PLACE(31, 3) "the worst answer is worth 0 and the best 1" },
		{ "worth: 1, means: each", "worth: 0.9, means: each", ERROR_INVALID,
		  PLACE(31, 3) "the worst answer is worth 0 and the best 1" },
	};

	(void)state;
	sample_assert_refusals(SAMPLE_SPEED, refusals, COUNT(refusals));
}

static void faults_of_a_measure_are_told(void **state)
{
	static const struct sample_refusal refusals[] = {
		{ "unit: s", "units: s", ERROR_INVALID,
		  PLACE(12, 5) "unknown field 'units'; the nearest is 'unit'" },
		{ "unit: s", "unit: ''", ERROR_INVALID, PLACE(12, 11) "'unit' has 0 bytes" },
		{ POINT "    - { at: 600, worth: 0 }\n", "", ERROR_INVALID,
		  PLACE(14, 5) "1 points; a measure has 2 to 8" },
		{ POINT, POINT POINT POINT POINT POINT POINT POINT, ERROR_INVALID,
		  PLACE(14, 5) "9 points; a measure has 2 to 8" },
		{ POINT, "    - 90\n", ERROR_INVALID,
		  PLACE(15, 7) "expected a map, found a single value" },
		{ "at: 90, ", "", ERROR_INVALID, PLACE(15, 7) "field 'at' is missing; add it" },
		{ "at: 90", "at: soon", ERROR_INVALID,
		  PLACE(15, 7) "'at' is not a number from -1e15 to 1e15" },
		{ "at: 600", "at: 1.00000001e15", ERROR_INVALID,
		  PLACE(16, 7) "'at' is not a number from -1e15 to 1e15" },
		{ "at: 30", "at: -1.7e308", ERROR_INVALID,
		  PLACE(14, 7) "'at' is not a number from -1e15 to 1e15" },
		{ "worth: 0.5", "worth: 50", ERROR_INVALID,
		  PLACE(15, 24) "'worth' is '50'; write a number from 0 to 1" },
		{ "at: 90", "at: 30", ERROR_INVALID,
		  PLACE(15, 7) "'at' does not rise; list the points by value" },
		{ "at: 600", "at: 60", ERROR_INVALID,
		  PLACE(16, 7) "'at' does not rise; list the points by value" },
		{ POINT, POINT "    - { at: 91, worth: 0.6 }\n", ERROR_INVALID,
		  PLACE(16, 7) "worths go up and down; a measure gets better one way" },
		{ "at: 600, worth: 0", "at: 600, worth: 1", ERROR_INVALID,
		  PLACE(16, 7) "worths go up and down; a measure gets better one way" },
		{ "at: 30, worth: 1", "at: 30, worth: 0.9", ERROR_INVALID,
		  PLACE(14, 5) "the line's ends are worth 0 and 1" },
		{ "at: 600, worth: 0", "at: 600, worth: 0.1", ERROR_INVALID,
		  PLACE(14, 5) "the line's ends are worth 0 and 1" },
	};

	(void)state;
	sample_assert_refusals(SAMPLE_SPEED, refusals, COUNT(refusals));
}

static void what_is_just_within_the_limits_is_read(void **state)
{
	static const struct sample_change changes[] = {
		{ SAMPLE_SPEED, "id: speed.start", "id: speed." LETTERS_74 },
		{ SAMPLE_SPEED, "weight: 30", "weight: 100" },
		{ SAMPLE_SPEED, "at: 600", "at: 1e15" },
		{ SAMPLE_SPEED, "at: 30", "at: -1e15" },
		{ SAMPLE_SPEED, "worth: 0.5", "worth: 1" },
		{ SAMPLE_SPEED, MOST, "" },
		{ SAMPLE_SPEED, "profiles: [small]", "profiles: [small, large, small]" },
		{ SAMPLE_TRUST, "at: -1, worth: 0 }, { at: 1, worth: 1",
		  "at: 1, worth: 1 }, { at: 2, worth: 0" },
	};

	(void)state;
	sample_assert_taken(changes, COUNT(changes));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_measure_is_read),
		cmocka_unit_test(answers_are_read),
		cmocka_unit_test(faults_of_the_file_are_told),
		cmocka_unit_test(faults_of_texts_and_numbers_are_told),
		cmocka_unit_test(faults_of_what_settles_are_told),
		cmocka_unit_test(faults_of_answers_are_told),
		cmocka_unit_test(faults_of_a_measure_are_told),
		cmocka_unit_test(what_is_just_within_the_limits_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
