#include <assert.h>
#include <string.h>

#include "active/active.h"

const char *const consent_names[] = {
	[CONSENT_READ] = "read",
	[CONSENT_LOAD] = "load",
	[CONSENT_DESTRUCTIVE] = "destructive",
};
static_assert(sizeof(consent_names) / sizeof(consent_names[0]) == CONSENT_COUNT,
	      "a name for each consent");

const char *const active_profile_names[] = {
	[ACTIVE_QUICK] = "quick",
	[ACTIVE_WEEKLY] = "weekly",
	[ACTIVE_BURN_IN] = "burnin",
};
static_assert(sizeof(active_profile_names) / sizeof(active_profile_names[0]) ==
		      ACTIVE_PROFILE_COUNT,
	      "a name for each profile");

static bool is_chosen(const struct active_test *test, enum active_profile profile,
		      const char *const *groups)
{
	if (!groups)
		return test->profiles & (1u << profile);
	while (*groups && strcmp(*groups, test->group) != 0)
		groups++;
	return *groups != NULL;
}

/* False for what will not run, once a consent was given. */
static bool will_run(const struct active_request *request, const struct active_step *step)
{
	return !step->cannot &&
	       (request->consent == CONSENT_READ || request->consent >= step->consent);
}

/* What is left of the limit goes to the elastic steps in equal parts; a step that is none may take
 * of theirs what lies above what they need at least. */
static void share_out(const struct active_request *request, struct active_plan *plan)
{
	int64_t rest_ns = request->limit_ns - plan->needed_ns, least_ns = 0, wanted_ns = 0;
	unsigned elastic = 0;

	for (size_t i = 0; i < plan->count; i++)
		elastic += plan->steps[i].is_elastic && will_run(request, &plan->steps[i]);
	rest_ns = elastic > 0 && rest_ns > 0 ? rest_ns / elastic : 0;
	for (size_t i = plan->count; i > 0; i--) {
		struct active_step *step = &plan->steps[i - 1];

		step->behind_ns = step->is_elastic ? wanted_ns : least_ns;
		if (!will_run(request, step))
			continue;
		least_ns += step->needed_ns;
		if (step->is_elastic) {
			step->needed_ns += rest_ns;
			plan->needed_ns += rest_ns;
		}
		wanted_ns += step->needed_ns;
	}
}

void active_plan_of(const struct active_request *request, const struct active_test *const *tests,
		    size_t count, const char *const *groups, struct arena *arena,
		    struct active_plan *ret_plan)
{
	struct active_plan *plan = ret_plan;

	plan->count = 0;
	plan->needed_ns = 0;
	assert(count <= ACTIVE_STEPS_MAXIMUM);
	for (size_t i = 0; i < count; i++) {
		struct active_step *step = &plan->steps[plan->count];

		if (!is_chosen(tests[i], request->profile, groups))
			continue;
		*step = (struct active_step){
			.test = tests[i],
			.consent = tests[i]->consent,
		};
		tests[i]->plan(request, arena, step);
		assert(step->cannot || step->needed_ns > 0);
		plan->count++;
		if (will_run(request, step))
			plan->needed_ns += step->needed_ns;
	}
	share_out(request, plan);
}

void active_plan(const struct active_request *request, const char *const *groups,
		 struct arena *arena, struct active_plan *ret_plan)
{
	active_plan_of(request, active_tests, active_test_count, groups, arena, ret_plan);
}
