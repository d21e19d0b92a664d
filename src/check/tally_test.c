#include "check/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include <cmocka.h>

static void begin(struct scene *scene, struct tally *tally)
{
	scene_make(scene, scene_h100, NULL);
	scene->input.machine = scene->input.machines;
	scene->found = (struct findings){ .arena = &scene->arena };
	tally_start(tally, &scene->input, &scene->found);
}

static void the_pass_rests_on_what_is_well(void **state)
{
	const struct finding *pass;
	const struct record *uptime;
	SCOPED_SCENE(scene);
	struct tally tally;

	(void)state;
	begin(&scene, &tally);
	uptime = tally_need(&tally, NODE_UPTIME, NULL);
	tally_well(&tally, uptime);
	pass = tally_pass(&tally, "%zu part%s", tally.well, plural(tally.well));
	assert_string_equal(pass->text, "1 part");
	assert_ptr_equal(pass->evidence[0], uptime);
	assert_int_equal(pass->strength, STRENGTH_E1);
	assert_int_equal(pass->observed, uptime->observed);
}

static void nothing_passes_beside_what_is_wrong(void **state)
{
	SCOPED_SCENE(scene);
	struct tally tally;

	(void)state;
	begin(&scene, &tally);
	assert_null(tally_pass(&tally, "nobody is well"));
	tally_well(&tally, NULL);
	tally_say(&tally, VERDICT_WARN, "mount:/data", NULL, "slow");
	assert_null(tally_pass(&tally, "all is well"));
	assert_int_equal(scene.found.count, 1);
	assert_string_equal(scene.found.items[0].text, "/data: slow");
}

static void what_is_needed_and_not_known_is_said(void **state)
{
	SCOPED_SCENE(scene);
	struct tally tally;

	(void)state;
	begin(&scene, &tally);
	assert_null(tally_need(&tally, NODE_KERNEL, NULL));
	assert_int_equal(scene.found.items[0].verdict, VERDICT_UNKNOWN);
	assert_non_null(strstr(scene.found.items[0].text, "nothing was recorded"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pass_rests_on_what_is_well),
		cmocka_unit_test(nothing_passes_beside_what_is_wrong),
		cmocka_unit_test(what_is_needed_and_not_known_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
