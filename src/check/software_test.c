#include "check/software.h"
#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GIT(state) "software software:git " state "\n"
#define VIM(state) "software software:vim " state "\n"
#define CURL(state) "software software:curl " state "\n"

static const struct item items[] = {
	{ NODE_SOFTWARE, "software:git" },
	{ NODE_SOFTWARE, "software:vim" },
	{ NODE_SOFTWARE, "software:curl" },
};

static enum verdict demand(const char *lines)
{
	static const struct demand asked = { items, 3, 1, VERDICT_FAIL, "install them" };
	SCOPED_SCENE(scene);
	struct check_input input;

	scene_make(&scene, scene_bare, lines, NULL);
	scene.found = (struct findings){ .arena = &scene.arena };
	input = scene.input;
	input.machine = &input.machines[0];
	demand_all(&input, &asked, &scene.found);
	assert_int_equal(scene.found.count, 1);
	assert_true((scene.found.items[0].action != NULL) ==
		    (strstr(scene.found.items[0].text, "not there") != NULL));
	return scene.found.items[0].verdict;
}

static void a_demand_is_met_strained_or_not_met(void **state)
{
	(void)state;
	assert_int_equal(demand(GIT("2") VIM("9") CURL("8")), VERDICT_PASS);
	assert_int_equal(demand(GIT("2") VIM("absent") CURL("8")), VERDICT_WARN);
	assert_int_equal(demand(GIT("absent") VIM("absent") CURL("8")), VERDICT_FAIL);
	assert_int_equal(demand(GIT("absent") VIM("absent")), VERDICT_FAIL);
}

static void what_is_not_known_is_not_there(void **state)
{
	(void)state;
	assert_int_equal(demand(""), VERDICT_UNKNOWN);
	assert_int_equal(demand(GIT("2") VIM("9")), VERDICT_UNKNOWN);
	assert_int_equal(demand(GIT("2") VIM("absent") CURL("? denied")), VERDICT_UNKNOWN);
}

static enum verdict slurm(const char *lines)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_bare, lines, NULL);
	scene.found = (struct findings){ .arena = &scene.arena };
	if (slurm_applies(&scene.input.machines[0], &scene.found))
		return VERDICT_PASS;
	return scene.found.items[0].verdict;
}

static void slurm_is_there_not_there_or_not_known(void **state)
{
	static const char nothing[] = "software software:slurm absent\n"
				      "service service:slurmd absent\n"
				      "service service:slurmctld absent\n";

	(void)state;
	assert_int_equal(slurm("service service:slurmd stopped\n"), VERDICT_PASS);
	assert_int_equal(slurm("software software:slurm 24.05.1\n"), VERDICT_PASS);
	assert_int_equal(slurm(nothing), VERDICT_NOT_APPLICABLE);
	assert_int_equal(slurm("software software:slurm absent\n"), VERDICT_UNKNOWN);
	assert_int_equal(slurm(""), VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_demand_is_met_strained_or_not_met),
		cmocka_unit_test(what_is_not_known_is_not_there),
		cmocka_unit_test(slurm_is_there_not_there_or_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
