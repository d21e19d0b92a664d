#include "check/log_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "test/scene.h"
#include <cmocka.h>

static const struct log_rule lines[] = {
	{ "harmless", NULL, VERDICT_PASS, "", "" },
	{ "loud", "bang", VERDICT_FAIL, "it banged", "look" },
	{ "loud", NULL, VERDICT_WARN, "it is loud", "listen" },
};

static const struct log_rules rules = {
	NODE_LOG_NIC,
	lines,
	sizeof(lines) / sizeof(lines[0]),
	"nothing loud",
};

static const struct findings *judge(struct scene *scene, const char *text)
{
	scene_make(scene, scene_h100, text, NULL);
	scene->input.machine = scene->input.machines;
	scene->found = (struct findings){ .arena = &scene->arena };
	log_rules_judge(&rules, &scene->input, &scene->found);
	return &scene->found;
}

static void the_first_rule_that_fits_counts(void **state)
{
	(void)state;
	assert_ptr_equal(log_rules_find(&rules, "a LOUD Bang"), &lines[1]);
	assert_ptr_equal(log_rules_find(&rules, "a loud voice"), &lines[2]);
	assert_ptr_equal(log_rules_find(&rules, "a harmless loud bang"), &lines[0]);
	assert_null(log_rules_find(&rules, "silence"));
	assert_null(log_rules_find(&rules, ""));
}

static void there_is_one_finding_for_a_device_and_a_rule(void **state)
{
	const struct findings *found;
	SCOPED_SCENE(scene);

	(void)state;
	found = judge(&scene, "log.lines - 9\nlog.from - 0\n"
			      "log.nic net:b loud 2 @20\nlog.nic net:a loud bang\n"
			      "log.nic net:b loud 1 @10\nlog.nic net:a harmless\nlog.nic - loud\n");
	assert_int_equal(found->count, 3);
	assert_null(found->items[0].about);
	assert_string_equal(found->items[1].about, "net:a");
	assert_int_equal(found->items[1].verdict, VERDICT_FAIL);
	assert_string_equal(found->items[2].about, "net:b");
	assert_int_equal(found->items[2].verdict, VERDICT_WARN);
	assert_string_equal(found->items[2].text, "b: it is loud (2 lines): \"loud 2\"");
}

static void a_log_that_was_read_in_vain_passes(void **state)
{
	const struct findings *found;
	SCOPED_SCENE(scene);

	(void)state;
	found = judge(&scene, "log.lines - 9\nlog.from - 0\nlog.nic net:a harmless\n");
	assert_int_equal(found->count, 1);
	assert_int_equal(found->items[0].verdict, VERDICT_PASS);
	assert_non_null(strstr(found->items[0].text, "nothing loud in 9 lines"));
}

static void a_log_that_was_not_read_is_unknown(void **state)
{
	static const char *const texts[] = { "", "log.lines - 0\n", "log.lines - ? refused\n",
					     "log.lines - 9\nlog.nic - ? refused\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		SCOPED_SCENE(scene);

		assert_int_equal(judge(&scene, texts[i])->count, 1);
		assert_int_equal(scene.found.items[0].verdict, VERDICT_UNKNOWN);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_rule_that_fits_counts),
		cmocka_unit_test(there_is_one_finding_for_a_device_and_a_rule),
		cmocka_unit_test(a_log_that_was_read_in_vain_passes),
		cmocka_unit_test(a_log_that_was_not_read_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
