#include "test/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NS_PER_S 1000000000ll
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void plan_ten(const struct active_request *request, struct arena *arena,
		     struct active_step *step)
{
	(void)request;
	(void)arena;
	step->needed_ns = 10 * NS_PER_S;
}

static void plan_elastic(const struct active_request *request, struct arena *arena,
			 struct active_step *step)
{
	plan_ten(request, arena, step);
	step->is_elastic = true;
}

static void plan_never(const struct active_request *request, struct arena *arena,
		       struct active_step *step)
{
	(void)request;
	(void)arena;
	step->cannot = "there is none";
}

static const struct active_test quick_disk = { .name = "a",
					       .group = "disk",
					       .profiles = 1u << ACTIVE_QUICK,
					       .consent = CONSENT_LOAD,
					       .plan = plan_ten };
static const struct active_test quick_gpu = { .name = "b",
					      .group = "gpu",
					      .profiles = 1u << ACTIVE_QUICK | 1u << ACTIVE_WEEKLY,
					      .consent = CONSENT_LOAD,
					      .plan = plan_ten };
static const struct active_test long_gpu = { .name = "c",
					     .group = "gpu",
					     .profiles = 1u << ACTIVE_BURN_IN,
					     .consent = CONSENT_LOAD,
					     .plan = plan_elastic };
static const struct active_test other_long = { .name = "d",
					       .group = "burn",
					       .profiles = 1u << ACTIVE_BURN_IN,
					       .consent = CONSENT_LOAD,
					       .plan = plan_elastic };
static const struct active_test rude = { .name = "e",
					 .group = "burn",
					 .profiles = 1u << ACTIVE_BURN_IN,
					 .consent = CONSENT_DESTRUCTIVE,
					 .plan = plan_ten };
static const struct active_test never = { .name = "f",
					  .group = "burn",
					  .profiles = 1u << ACTIVE_BURN_IN,
					  .consent = CONSENT_LOAD,
					  .plan = plan_never };

static const struct active_test *const tests[] = { &quick_disk, &quick_gpu,  &long_gpu,
						   &rude,       &other_long, &never };

static void expect_names(const struct active_plan *plan, const char *names)
{
	char said[32] = "";
	size_t length = 0;

	for (size_t i = 0; i < plan->count; i++)
		length += (size_t)snprintf(said + length, sizeof(said) - length, "%s",
					   plan->steps[i].test->name);
	assert_string_equal(said, names);
}

static void a_group_that_is_named_is_taken_whatever_the_profile(void **state)
{
	static const char *const gpu[] = { "gpu", NULL }, *const both[] = { "burn", "disk", NULL };
	static const char *const nothing[] = { NULL };
	SCOPED_TRIAL(trial);
	struct active_plan plan;

	(void)state;
	trial.request.profile = ACTIVE_QUICK;
	active_plan_of(&trial.request, tests, COUNT(tests), NULL, &trial.arena, &plan);
	expect_names(&plan, "ab");
	trial.request.profile = ACTIVE_WEEKLY;
	active_plan_of(&trial.request, tests, COUNT(tests), NULL, &trial.arena, &plan);
	expect_names(&plan, "b");
	active_plan_of(&trial.request, tests, COUNT(tests), gpu, &trial.arena, &plan);
	expect_names(&plan, "bc");
	active_plan_of(&trial.request, tests, COUNT(tests), both, &trial.arena, &plan);
	expect_names(&plan, "aedf");
	active_plan_of(&trial.request, tests, COUNT(tests), nothing, &trial.arena, &plan);
	expect_names(&plan, "");
	assert_int_equal(plan.needed_ns, 0);
}

static void elastic_steps_share_what_is_left(void **state)
{
	static const char *const all[] = { "disk", "gpu", "burn", NULL };
	SCOPED_TRIAL(trial);
	struct active_plan plan;

	(void)state;
	trial.request.limit_ns = 100 * NS_PER_S;
	active_plan_of(&trial.request, tests, COUNT(tests), all, &trial.arena, &plan);
	/* Four of ten seconds are needed, what needs another consent is not among them. */
	assert_int_equal(plan.needed_ns, 100 * NS_PER_S);
	assert_int_equal(plan.steps[2].needed_ns, 40 * NS_PER_S);
	assert_int_equal(plan.steps[4].needed_ns, 40 * NS_PER_S);
	/* Those before may take of the elastic ones' time, those among themselves may not. */
	assert_int_equal(plan.steps[0].behind_ns, 30 * NS_PER_S);
	assert_int_equal(plan.steps[1].behind_ns, 20 * NS_PER_S);
	assert_int_equal(plan.steps[2].behind_ns, 40 * NS_PER_S);
	assert_int_equal(plan.steps[4].behind_ns, 0);
	assert_string_equal(plan.steps[5].cannot, "there is none");

	trial.request.consent = CONSENT_DESTRUCTIVE;
	active_plan_of(&trial.request, tests, COUNT(tests), all, &trial.arena, &plan);
	assert_int_equal(plan.steps[2].needed_ns, 35 * NS_PER_S);
	assert_int_equal(plan.steps[2].behind_ns, 45 * NS_PER_S);
}

static void a_short_limit_stretches_nothing(void **state)
{
	SCOPED_TRIAL(trial);
	struct active_plan plan;

	(void)state;
	trial.request.profile = ACTIVE_BURN_IN;
	trial.request.limit_ns = 5 * NS_PER_S;
	active_plan_of(&trial.request, tests, COUNT(tests), NULL, &trial.arena, &plan);
	expect_names(&plan, "cedf");
	assert_int_equal(plan.steps[0].needed_ns, 10 * NS_PER_S);
	assert_int_equal(plan.needed_ns, 20 * NS_PER_S);
}

/* Each takes all it may: the limit of all holds, and nobody is left without a part. */
static void whoever_takes_all_he_may_leaves_something_to_the_others(void **state)
{
	static const char *const all[] = { "disk", "gpu", "burn", NULL };
	static const int64_t limits_s[] = { 1, 3, 20, 39, 40, 41, 60, 100, 3600, 28800 };
	SCOPED_TRIAL(trial);

	(void)state;
	for (size_t i = 0; i < COUNT(limits_s); i++) {
		struct active_plan plan;
		int64_t left_ns = limits_s[i] * NS_PER_S;

		trial.request.limit_ns = left_ns;
		active_plan_of(&trial.request, tests, COUNT(tests), all, &trial.arena, &plan);
		for (size_t at = 0; at < 5; at++) {
			if (at == 3)
				continue;
			int64_t limit_ns = active_step_limit_ns(&plan.steps[at], left_ns);
			int64_t fair_ns = limits_s[i] * NS_PER_S / 8;

			assert_true(limit_ns <= left_ns);
			assert_true(limit_ns >= (fair_ns < 5 * NS_PER_S ? fair_ns : 5 * NS_PER_S));
			left_ns -= limit_ns;
		}
		assert_true(left_ns >= 0);
	}
}

static void a_step_is_given_grace_only_of_what_nobody_needs(void **state)
{
	static const struct {
		int64_t needed, behind, left, limit;
		bool is_elastic;
	} cases[] = {
		{ 10, 0, 100, 40, false }, { 10, 70, 100, 30, false }, { 10, 90, 100, 10, false },
		{ 10, 90, 50, 5, false },  { 10, 0, 5, 5, false },     { 10, 0, 0, 0, false },
		{ 10, 0, -3, 0, false },   { 80, 10, 100, 90, true },  { 10, 0, 100, 100, true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const struct active_step step = { .needed_ns = cases[i].needed * NS_PER_S,
						  .behind_ns = cases[i].behind * NS_PER_S,
						  .is_elastic = cases[i].is_elastic };

		assert_int_equal(active_step_limit_ns(&step, cases[i].left * NS_PER_S),
				 cases[i].limit * NS_PER_S);
	}
}

int main(void)
{
	const struct CMUnitTest units[] = {
		cmocka_unit_test(a_group_that_is_named_is_taken_whatever_the_profile),
		cmocka_unit_test(elastic_steps_share_what_is_left),
		cmocka_unit_test(a_short_limit_stretches_nothing),
		cmocka_unit_test(whoever_takes_all_he_may_leaves_something_to_the_others),
		cmocka_unit_test(a_step_is_given_grace_only_of_what_nobody_needs),
	};

	return cmocka_run_group_tests(units, NULL, NULL);
}
