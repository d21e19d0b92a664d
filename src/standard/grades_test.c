#include "test/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define PLACE(line, column) "s/grades.yaml: line " #line ", column " #column ": "

static void grades_are_read(void **state)
{
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	const struct grade_bar *best = &standard.bars[GRADE_PLATINUM];

	assert_string_equal(best->promise, "best");
	assert_string_equal(best->reason, "r");
	assert_int_equal(best->overall_from, 280);
	assert_int_equal(best->overall_to, 805);
	assert_int_equal(best->coverage_permille, 250);
	assert_int_equal(best->strength, STRENGTH_E1);
	assert_int_equal(best->strength_permille, 250);
	assert_int_equal(best->category_permille[0], 600);
	assert_int_equal(best->category_permille[1], 0);
	assert_string_equal(standard.bars[GRADE_BRONZE].promise, "low");
	assert_int_equal(standard.bars[GRADE_BRONZE].coverage_permille, 10);
	assert_int_equal(standard.bars[GRADE_UNDERPERFORM].overall_to, 0);
}

static void gates_are_read(void **state)
{
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(NULL, &arena, &standard, NULL));
	assert_int_equal(standard.gate_count, 2);
	const struct gate *audit = &standard.gates[0], *links = &standard.gates[1];

	assert_string_equal(audit->id, "audit");
	assert_string_equal(audit->title, "Nobody looked");
	assert_string_equal(audit->reason, "r");
	assert_string_equal(audit->clears, "a report");
	assert_string_equal(standard.criteria[audit->criterion].id, "trust.audit");
	assert_int_equal(audit->below, 100);
	assert_int_equal(audit->cap, GRADE_BRONZE);
	assert_int_equal(audit->silence, SILENCE_CAPS);
	assert_int_equal(audit->rate_permille, 0);
	assert_string_equal(standard.criteria[links->criterion].id, "speed.links");
	assert_int_equal(links->below, 1);
	assert_int_equal(links->cap, GRADE_UNDERPERFORM);
	assert_int_equal(links->silence, SILENCE_OPEN);
	assert_int_equal(links->rate_permille, 15);
}

static void gates_may_be_missing(void **state)
{
	const char *first = strstr(sample_texts[SAMPLE_GRADES], "\n- { id: audit");
	const struct sample_change change = { SAMPLE_GRADES, first, " []\n" };
	struct standard standard = { 0 };
	SCOPED_ARENA(arena);

	(void)state;
	assert_true(sample_load(&change, &arena, &standard, NULL));
	assert_int_equal(standard.gate_count, 0);
}

#define BRONZE                                                                           \
	"- { id: Bronze, promise: low, overall: { from: 10, to: 25 }, coverage: 0.01,\n" \
	"    strength: { at_least: E0, share: 0.01 }, categories: {}, reason: r }\n"
#define NOTHING "from: 0, to: 0 }, coverage: 0,\n    strength: { at_least: E0, share: 0 }"
#define MORE "demands at least as much everywhere"
#define ORDER(high, low) high " demands less than " low " in one threshold; a higher grade " MORE

static const struct sample_refusal refusals[] = {
	{ "gates:\n", "gate:\n", ERROR_INVALID,
	  PLACE(13, 1) "unknown field 'gate'; the nearest is 'gates'" },
	{ BRONZE, "", ERROR_INVALID, PLACE(3, 1) "4 grades; there are 5" },
	{ BRONZE, BRONZE BRONZE, ERROR_INVALID, PLACE(3, 1) "6 grades; there are 5" },
	{ BRONZE, "- Bronze\n", ERROR_INVALID, PLACE(9, 3) "expected a map, found a single" },
	{ "id: Silver", "id: Gold", ERROR_INVALID,
	  PLACE(7, 3) "expected the grade Silver here; list them from the best down" },
	{ "promise: fair, ", "", ERROR_INVALID, PLACE(7, 3) "field 'promise' is missing" },
	{ "promise: fair", "promise: ''", ERROR_INVALID, PLACE(7, 26) "'promise' has 0 bytes" },
	{ "reason: r }\n- { id: Gold", "reason: '' }\n- { id: Gold", ERROR_INVALID,
	  PLACE(4, 81) "'reason' has 0 bytes" },

	{ "from: 28", "form: 28", ERROR_INVALID,
	  PLACE(3, 45) "unknown field 'form'; the nearest is 'from'" },
	{ "from: 28", "from: x", ERROR_INVALID,
	  PLACE(3, 51) "'from' is 'x'; write a score from 0 to 100 with one decimal at most" },
	{ "from: 28", "from: 28.25", ERROR_INVALID, PLACE(3, 51) "'from' is '28.25'; write a" },
	{ "from: 28", "from: -1", ERROR_INVALID, PLACE(3, 51) "'from' is '-1'; write a score" },
	{ "to: 80.5", "to: 100.1", ERROR_INVALID, PLACE(3, 59) "'to' is '100.1'; write a score" },
	{ "from: 28", "from: 81", ERROR_INVALID,
	  PLACE(3, 43) "'to' is at least 'from' and less than 'from' + 100 - the "
		       "presumption" },
	{ "from: 28, to: 80.5", "from: 24.9, to: 100", ERROR_INVALID,
	  PLACE(3, 43) "'to' is at least 'from' and less than 'from' + 100 - the "
		       "presumption" },
	{ "coverage: 0.25", "coverage: 1.1", ERROR_INVALID,
	  PLACE(3, 77) "'coverage' is '1.1'; write a number from 0 to 1" },
	{ "coverage: 0.25", "coverage: 0.0005", ERROR_INVALID,
	  PLACE(3, 77) "'coverage' is '0.0005'; it is kept in steps of 1/1000" },
	{ "at_least: E1", "atleast: E1", ERROR_INVALID,
	  PLACE(4, 17) "unknown field 'atleast'; the nearest is 'at_least'" },
	{ "at_least: E1", "at_least: E9", ERROR_INVALID,
	  PLACE(4, 15) "'at_least' is one of E0, E1, E2, E3, E4" },
	{ "share: 0.25", "share: 25", ERROR_INVALID,
	  PLACE(4, 38) "'share' is '25'; write a number from 0 to 1" },
	{ "{ speed: 60 }", "{ sped: 60 }", ERROR_MISSING, PLACE(4, 60) "unknown category 'sped'" },
	{ "{ speed: 60 }", "{ speed: [60] }", ERROR_INVALID,
	  PLACE(4, 67) "a category's threshold is a score from 0 to 100" },
	{ "{ speed: 60 }", "{ speed: 600 }", ERROR_INVALID,
	  PLACE(4, 67) "'threshold' is '600'; write a score from 0 to 100 with one decimal" },

	{ "from: 28", "from: 24.9", ERROR_INVALID, PLACE(3, 1) ORDER("Platinum", "Gold") },
	{ "to: 80.5", "to: 49.9", ERROR_INVALID, PLACE(3, 1) ORDER("Platinum", "Gold") },
	{ "coverage: 0.1,", "coverage: 0.049,", ERROR_INVALID,
	  PLACE(3, 1) ORDER("Gold", "Silver") },
	{ "at_least: E0, share: 0.05", "at_least: E2, share: 0.05", ERROR_INVALID,
	  PLACE(3, 1) ORDER("Gold", "Silver") },
	{ "share: 0.05", "share: 0.009", ERROR_INVALID, PLACE(3, 1) ORDER("Silver", "Bronze") },
	{ "{ speed: 20 }", "{ speed: 20, trust: 1 }", ERROR_INVALID,
	  PLACE(3, 1) ORDER("Platinum", "Gold") },
	{ NOTHING, "from: 0, to: 1 }, coverage: 0,\n    strength: { at_least: E0, share: 0 }",
	  ERROR_INVALID, PLACE(3, 1) "UnderPerform demands nothing: set its thresholds to 0" },
	{ NOTHING, "from: 0, to: 0 }, coverage: 0.001,\n    strength: { at_least: E0, share: 0 }",
	  ERROR_INVALID, PLACE(3, 1) "UnderPerform demands nothing" },
	{ NOTHING, "from: 0, to: 0 }, coverage: 0,\n    strength: { at_least: E0, share: 0.001 }",
	  ERROR_INVALID, PLACE(3, 1) "UnderPerform demands nothing" },

	{ "id: audit,", "id: audit, kind: x,", ERROR_INVALID,
	  PLACE(14, 16) "unknown field 'kind'; the nearest is " },
	{ "title: Nobody looked, ", "", ERROR_INVALID, PLACE(14, 3) "field 'title' is missing" },
	{ "id: audit", "id: the audit", ERROR_INVALID,
	  PLACE(14, 9) "'id' is 'the audit'; write at most 40 lower-case letters, digits" },
	{ "Nobody looked", "''", ERROR_INVALID, PLACE(15, 21) "'title' has 0 bytes" },
	{ "reason: r, clears: a report", "reason: '', clears: a report", ERROR_INVALID,
	  PLACE(15, 44) "'reason' has 0 bytes" },
	{ "a report", "''", ERROR_INVALID, PLACE(15, 55) "'clears' has 0 bytes" },
	{ "trust.audit", "trust.adit", ERROR_MISSING,
	  PLACE(14, 27) "unknown criterion 'trust.adit'; the nearest is 'trust.audit'" },
	{ "speed.links", "trust.audit", ERROR_CONFLICT,
	  PLACE(16, 27) "criterion 'trust.audit' has a gate already" },
	{ "cap: Bronze", "cap: bronze", ERROR_INVALID,
	  PLACE(14, 57) "'cap' is 'bronze'; it is a grade below Platinum" },
	{ "cap: Bronze", "cap: Platinum", ERROR_INVALID,
	  PLACE(14, 57) "'cap' is 'Platinum'; it is a grade below Platinum" },
	{ "silence: caps", "silence: cap", ERROR_INVALID,
	  PLACE(14, 74) "'silence' is 'cap'; it is open or caps" },
	{ "below: 0.5", "below: 50", ERROR_INVALID,
	  PLACE(14, 47) "'below' is '50'; write a number from 0 to 1" },
	{ "below: 0.5", "below: 0.501", ERROR_INVALID,
	  PLACE(14, 47) "'below' is '0.501'; it is kept in steps of 1/200" },
	{ "below: 0.5", "below: 0", ERROR_INVALID,
	  PLACE(14, 3) "gate 'audit' is below 0: it can never fail" },
	{ "rate: 0.015", "rate: often", ERROR_INVALID,
	  PLACE(17, 11) "'rate' is 'often'; write a number from 0 to 1" },
	{ "id: links", "id: audit", ERROR_CONFLICT, PLACE(16, 3) "gate 'audit' is there twice" },
	{ "- { id: audit", "- 3\n- { id: audit", ERROR_INVALID,
	  PLACE(14, 3) "expected a map, found a single value" },
};

static void each_fault_of_the_grades_is_told_with_its_place(void **state)
{
	(void)state;
	sample_assert_refusals(SAMPLE_GRADES, refusals, COUNT(refusals));
}

/* Every grade demands something of a category, so that the order is kept. */
static void the_lowest_grade_demands_nothing_of_a_category(void **state)
{
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);
	const char *rest = sample_texts[SAMPLE_GRADES];
	struct standard_file files[SAMPLE_FILE_COUNT];
	struct standard standard = { 0 };
	struct error err;

	(void)state;
	for (const char *at = strstr(rest, "{}"); at; at = strstr(rest, "{}")) {
		text_add_span(&text, (struct span){ rest, (size_t)(at - rest) });
		text_add(&text, "{ speed: 1 }");
		rest = at + 2;
	}
	text_add(&text, rest);
	assert_true(sample_files(NULL, &arena, files));
	files[SAMPLE_GRADES].text = text_span(&text);
	assert_false(standard_load(files, COUNT(files), &arena, &standard, &err));
	assert_string_equal(err.text, PLACE(3, 1) "UnderPerform demands nothing: set its "
						  "thresholds to 0");
}

static void grades_may_be_equal_in_a_threshold(void **state)
{
	static const struct sample_change changes[] = {
		{ SAMPLE_GRADES, "from: 28", "from: 25" },
		{ SAMPLE_GRADES, "to: 80.5", "to: 50" },
		{ SAMPLE_GRADES, "speed: 60", "speed: 20" },
		{ SAMPLE_GRADES, "from: 28, to: 80.5", "from: 25, to: 99.9" },
	};

	(void)state;
	sample_assert_taken(changes, COUNT(changes));
}

static void there_are_only_so_many_gates(void **state)
{
	struct sample_change many = { SAMPLE_GRADES, "- { id: audit", NULL };
	struct standard standard = { 0 };
	struct error err;
	SCOPED_ARENA(arena);
	SCOPED_TEXT(text);

	(void)state;
	for (unsigned i = 0; i < GATES_MAXIMUM - 1; i++)
		text_add(&text, "- {}\n");
	text_add(&text, many.from);
	many.to = text_string(&text);
	assert_false(sample_load(&many, &arena, &standard, &err));
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_string_equal(err.text, PLACE(14, 1) "33 gates; the limit is 32");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(grades_are_read),
		cmocka_unit_test(gates_are_read),
		cmocka_unit_test(gates_may_be_missing),
		cmocka_unit_test(each_fault_of_the_grades_is_told_with_its_place),
		cmocka_unit_test(the_lowest_grade_demands_nothing_of_a_category),
		cmocka_unit_test(grades_may_be_equal_in_a_threshold),
		cmocka_unit_test(there_are_only_so_many_gates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
