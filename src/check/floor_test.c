#include "check/floor.h"
#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct finding *ask(struct scene *scene, const char *component, const char *version,
				 const char *package)
{
	struct check_input input = scene->input;
	const struct floor_question question = {
		.component = component, .label = "it", .version = version, .package = package
	};

	input.machine = input.machine_count > 0 ? &input.machines[0] : NULL;
	scene->found = (struct findings){ .arena = &scene->arena };
	return floor_find(&input, &question, &scene->found);
}

static void each_state_has_its_words(void **state)
{
	static const struct {
		const char *component, *version, *package;
		enum verdict verdict;
		const char *says;
	} cases[] = {
		{ "runc", "1.3.6", NULL, VERDICT_PASS, "1.3.6 or later" },
		{ "runc", "1.1.14", NULL, VERDICT_FAIL, "CVE-2025-31133" },
		{ "runc", "1.2.8", NULL, VERDICT_FAIL, "GHSA-xjvp-4fhw-gc47" },
		{ "runc", "1.1.5", "1.1.5+ds1-1", VERDICT_FAIL, "CVE-2024-21626" },
		{ "runc", "1.1.5", "1.1.5+ds1-1+deb12u1", VERDICT_FAIL, "CVE-2025-31133" },
		{ "nvidia-driver", "550.163.01", NULL, VERDICT_FAIL, "at its end" },
		{ "nvidia-driver", "999.9", NULL, VERDICT_UNKNOWN, "no floor" },
		{ "nvidia-driver", "", NULL, VERDICT_UNKNOWN, "no floor" },
		{ "nobody-knows-it", "1.0", NULL, VERDICT_UNKNOWN, "no floor" },
		{ "runc", "\"1.3\\6\" \377", NULL, VERDICT_UNKNOWN, "no floor" },
	};
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct finding *one =
			ask(&scene, cases[i].component, cases[i].version, cases[i].package);

		assert_int_equal(one->verdict, cases[i].verdict);
		if (!strstr(one->text, cases[i].says))
			fail_msg("'%s' does not say '%s'", one->text, cases[i].says);
		assert_true((one->bar != NULL) == (one->verdict != VERDICT_UNKNOWN));
		assert_true((one->action != NULL) == (one->verdict == VERDICT_FAIL));
	}
}

static void a_backport_is_not_accused_of_what_it_mends(void **state)
{
	SCOPED_SCENE(scene);
	const struct finding *one;

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	one = ask(&scene, "runc", "1.1.5", "1.1.5+ds1-1+deb12u1");
	assert_null(strstr(one->text, "CVE-2024-21626"));
}

static void a_package_that_carries_the_fix_passes(void **state)
{
	static const struct floor_row row = { .component = "runc",
					      .branch = "1.1",
					      .floor = "1.1.14",
					      .advisory = "",
					      .packaged_fix = "1.1.5+ds1-1+deb12u2",
					      .published = 0,
					      .expires = 30000,
					      .source = "test" };
	const struct handbook handbook = { .floors = &row, .floor_count = 1 };
	SCOPED_SCENE(scene);
	const struct finding *one;

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	scene.input.handbook = &handbook;
	one = ask(&scene, "runc", "1.1.5", "1.1.5+ds1-1+deb12u2");
	assert_int_equal(one->verdict, VERDICT_PASS);
	assert_non_null(strstr(one->text, "carries the fix"));
	assert_int_equal(ask(&scene, "runc", "1.1.5", "1.1.5+ds1-1+deb12u1")->verdict,
			 VERDICT_FAIL);
	assert_int_equal(ask(&scene, "runc", "1.1.5", NULL)->verdict, VERDICT_FAIL);
}

static void an_old_table_says_so_and_praises_nothing(void **state)
{
	SCOPED_SCENE(scene);
	const struct finding *one;

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	scene.input.today = 30000; /* in 2052 */
	one = ask(&scene, "runc", "1.3.6", NULL);
	assert_int_equal(one->verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(one->text, "expired on 2027-03-23"));
	assert_int_equal(ask(&scene, "runc", "1.3.5", NULL)->verdict, VERDICT_FAIL);
}

static void without_a_table_nothing_is_known(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	scene.input.handbook = NULL;
	assert_int_equal(ask(&scene, "runc", "1.3.6", NULL)->verdict, VERDICT_UNKNOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_state_has_its_words),
		cmocka_unit_test(a_backport_is_not_accused_of_what_it_mends),
		cmocka_unit_test(a_package_that_carries_the_fix_passes),
		cmocka_unit_test(an_old_table_says_so_and_praises_nothing),
		cmocka_unit_test(without_a_table_nothing_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
