#include "check/checkup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/outcome.h"
#include "test/scene.h"
#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Three checks, of which the first is required, and their gate. */
static void the_gate_follows_its_rules(void **state)
{
	static const struct {
		enum verdict required, second, third, gate;
	} cases[] = {
		{ VERDICT_PASS, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS },
		{ VERDICT_PASS, VERDICT_PASS, VERDICT_NOT_APPLICABLE, VERDICT_PASS },
		{ VERDICT_PASS, VERDICT_WARN, VERDICT_PASS, VERDICT_WARN },
		/* What is not required may be unknown. */
		{ VERDICT_PASS, VERDICT_UNKNOWN, VERDICT_STALE, VERDICT_PASS },
		{ VERDICT_PASS, VERDICT_UNKNOWN, VERDICT_WARN, VERDICT_WARN },
		/* What is required may not, nor be too old. */
		{ VERDICT_UNKNOWN, VERDICT_PASS, VERDICT_PASS, VERDICT_UNKNOWN },
		{ VERDICT_STALE, VERDICT_PASS, VERDICT_PASS, VERDICT_UNKNOWN },
		{ VERDICT_UNKNOWN, VERDICT_WARN, VERDICT_PASS, VERDICT_UNKNOWN },
		{ VERDICT_NOT_APPLICABLE, VERDICT_PASS, VERDICT_PASS, VERDICT_PASS },
		/* A failure is one whoever says it and whatever else is not known. */
		{ VERDICT_FAIL, VERDICT_PASS, VERDICT_PASS, VERDICT_FAIL },
		{ VERDICT_UNKNOWN, VERDICT_FAIL, VERDICT_PASS, VERDICT_FAIL },
		{ VERDICT_NOT_APPLICABLE, VERDICT_NOT_APPLICABLE, VERDICT_FAIL, VERDICT_FAIL },
		/* Where nothing was told nothing passes. */
		{ VERDICT_NOT_APPLICABLE, VERDICT_NOT_APPLICABLE, VERDICT_NOT_APPLICABLE,
		  VERDICT_UNKNOWN },
		{ VERDICT_NOT_APPLICABLE, VERDICT_UNKNOWN, VERDICT_UNKNOWN, VERDICT_UNKNOWN },
		{ VERDICT_NOT_APPLICABLE, VERDICT_STALE, VERDICT_NOT_APPLICABLE, VERDICT_UNKNOWN },
		{ VERDICT_NOT_APPLICABLE, VERDICT_WARN, VERDICT_UNKNOWN, VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_OUTCOME(outcome);
		const struct said said[] = {
			{ .check = "a-a",
			  .required = true,
			  .verdict = cases[i].required,
			  .text = "-" },
			{ .check = "a-b", .verdict = cases[i].second, .text = "-" },
			{ .check = "a-c", .verdict = cases[i].third, .text = "-" },
			{ .check = NULL },
		};

		outcome_make(&outcome, said);
		assert_int_equal(outcome.checkup.line_count, 3);
		if (outcome.checkup.gate != cases[i].gate)
			fail_msg("case %zu: %s", i, verdict_names[outcome.checkup.gate]);
	}
}

static void no_checks_at_all_are_no_pass(void **state)
{
	static const struct said none[] = { { .check = NULL } };
	SCOPED_OUTCOME(outcome);

	(void)state;
	outcome_make(&outcome, none);
	assert_int_equal(outcome.checkup.gate, VERDICT_UNKNOWN);
}

static void a_check_is_as_bad_as_its_worst_finding(void **state)
{
	static const struct said said[] = {
		{ .check = "a-a", .verdict = VERDICT_PASS, .text = "-" },
		{ .check = "a-a", .verdict = VERDICT_FAIL, .text = "-" },
		{ .check = "a-a", .verdict = VERDICT_UNKNOWN, .text = "-" },
		{ .check = "a-b", .verdict = VERDICT_PASS, .text = "-" },
		{ .check = "a-b", .verdict = VERDICT_STALE, .text = "-" },
		{ .check = "a-c", .verdict = VERDICT_NOT_APPLICABLE, .text = "-" },
		{ .check = "a-c", .verdict = VERDICT_PASS, .text = "-" },
		{ .check = NULL },
	};
	SCOPED_OUTCOME(outcome);
	const struct checkup *checkup = &outcome.checkup;

	(void)state;
	outcome_make(&outcome, said);
	assert_int_equal(checkup->line_count, 3);
	assert_int_equal(checkup->lines[0].worst, VERDICT_FAIL);
	assert_int_equal(checkup->lines[1].worst, VERDICT_STALE);
	assert_int_equal(checkup->lines[2].worst, VERDICT_PASS);
	assert_int_equal(checkup->checks[VERDICT_FAIL], 1);
	assert_int_equal(checkup->checks[VERDICT_UNKNOWN], 0);
	assert_int_equal(checkup->findings[VERDICT_PASS], 3);
	assert_int_equal(checkup->findings[VERDICT_UNKNOWN], 1);
}

static void the_worse_of_two_is_the_same_both_ways(void **state)
{
	static const enum verdict order[] = {
		VERDICT_NOT_APPLICABLE, VERDICT_PASS,    VERDICT_WARN,
		VERDICT_STALE,          VERDICT_UNKNOWN, VERDICT_FAIL,
	};

	(void)state;
	assert_int_equal(COUNT(order), VERDICT_COUNT);
	for (size_t i = 0; i < COUNT(order); i++) {
		for (size_t k = i; k < COUNT(order); k++) {
			assert_int_equal(verdict_worse(order[i], order[k]), order[k]);
			assert_int_equal(verdict_worse(order[k], order[i]), order[k]);
		}
	}
}

static void profiles_are_named(void **state)
{
	(void)state;
	for (unsigned i = 0; check_profile_names[i]; i++) {
		enum check_profile profile = 0;

		assert_true(check_profile_parse(span_of(check_profile_names[i]), &profile));
		assert_string_equal(check_profile_name(profile), check_profile_names[i]);
	}
	assert_false(check_profile_parse(SPAN("quickly"), &(enum check_profile){ 0 }));
	assert_false(check_profile_parse(SPAN(""), &(enum check_profile){ 0 }));
}

/* The checks of a real catalogue on an invented node. */
static void a_profile_runs_its_checks_of_nodes_and_no_other(void **state)
{
	SCOPED_SCENE(scene);
	struct checkup checkup;

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	scene.input.machine = scene.input.machines;
	for (unsigned i = 0; check_profile_names[i]; i++) {
		size_t expected = 0;

		checkup_run(&scene.input, (enum check_profile)(1u << i), NULL, &scene.arena,
			    &checkup);
		for (size_t k = 0; k < check_catalogue_count; k++)
			expected += check_catalogue[k].check->scope == SCOPE_NODE &&
				    check_catalogue[k].check->profiles & 1u << i;
		assert_int_equal(checkup.line_count, expected);
		for (size_t k = 0; k < checkup.line_count; k++)
			assert_true(checkup.lines[k].count > 0);
	}
}

static void every_check_is_found_by_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < check_catalogue_count; i++)
		assert_ptr_equal(check_find(check_catalogue[i].name), &check_catalogue[i]);
	assert_null(check_find(""));
	assert_null(check_find("gpu-coun"));
	assert_null(check_find("zzz"));
}

static void named_checks_run_whatever_their_profile(void **state)
{
	static const char *const only[] = { "gpu-count", "pcie-link", "claim-consistent", NULL };
	SCOPED_SCENE(scene);
	struct checkup checkup;

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	scene.input.machine = scene.input.machines;
	checkup_run(&scene.input, PROFILE_SECURITY, only, &scene.arena, &checkup);
	assert_int_equal(checkup.line_count, 2); /* the third judges no node */
	assert_string_equal(checkup.lines[0].entry->name, "gpu-count");
	assert_string_equal(checkup.lines[1].entry->name, "pcie-link");
}

static void a_node_of_which_nothing_is_known_does_not_pass(void **state)
{
	SCOPED_SCENE(scene);
	struct checkup checkup;

	(void)state;
	scene_make(&scene, "uptime - 60\n", NULL);
	scene.input.machine = scene.input.machines;
	checkup_run(&scene.input, PROFILE_FULL, NULL, &scene.arena, &checkup);
	assert_int_equal(checkup.gate, VERDICT_UNKNOWN);
	assert_int_equal(checkup.checks[VERDICT_FAIL], 0);
}

static void a_machine_without_gpus_is_told_apart(void **state)
{
	static const struct {
		const char *seen;
		bool unseen;
	} cases[] = { { scene_bare, true }, { scene_h100, false }, { "uptime - 60\n", false } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_SCENE(scene);
		struct checkup checkup;

		scene_make(&scene, cases[i].seen, NULL);
		scene.input.machine = scene.input.machines;
		checkup_run(&scene.input, PROFILE_FULL, NULL, &scene.arena, &checkup);
		assert_int_equal(checkup_unseen_gpus(&checkup) > 10, cases[i].unseen);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_gate_follows_its_rules),
		cmocka_unit_test(no_checks_at_all_are_no_pass),
		cmocka_unit_test(a_check_is_as_bad_as_its_worst_finding),
		cmocka_unit_test(the_worse_of_two_is_the_same_both_ways),
		cmocka_unit_test(profiles_are_named),
		cmocka_unit_test(a_profile_runs_its_checks_of_nodes_and_no_other),
		cmocka_unit_test(every_check_is_found_by_its_name),
		cmocka_unit_test(named_checks_run_whatever_their_profile),
		cmocka_unit_test(a_node_of_which_nothing_is_known_does_not_pass),
		cmocka_unit_test(a_machine_without_gpus_is_told_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
