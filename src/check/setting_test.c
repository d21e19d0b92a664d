#include "check/setting.h"
#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void a_mode_is_read_whole_or_not_at_all(void **state)
{
	static const char *const bad[] = { "",
					   "absent",
					   "device",
					   "device 0666",
					   "device 0888 0",
					   "device 0666 0 more",
					   " 0666 0",
					   "device 1234567 0",
					   "device 0666 root",
					   "device  0" };
	struct file_mode mode = { 0 };

	(void)state;
	assert_true(file_mode_read("device 0666 0", &mode));
	assert_true(span_is(mode.kind, "device"));
	assert_int_equal(mode.permission, 0666);
	assert_int_equal(mode.owner, 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(file_mode_read(bad[i], &mode));
	assert_false(file_mode_read(NULL, &mode));
}

static void words_are_whole(void **state)
{
	(void)state;
	assert_true(setting_has_word("runc nvidia", "nvidia"));
	assert_true(setting_has_word("/usr/bin:/usr/local/cuda/bin", "/usr/local/cuda/bin"));
	assert_true(setting_has_word(" a,b", "b"));
	assert_false(setting_has_word("runc nvidia-legacy", "nvidia"));
	assert_false(setting_has_word("", "nvidia"));
	assert_false(setting_has_word(NULL, "nvidia"));
}

static const struct machine *make(struct scene *scene, const char *lines)
{
	scene_make(scene, scene_bare, lines, NULL);
	return &scene->input.machines[0];
}

static void what_is_not_set_has_no_value(void **state)
{
	SCOPED_SCENE(scene);
	const struct machine *machine = make(&scene, "setting setting:a:x unset\n"
						     "setting setting:a:y 12\n"
						     "setting setting:a:z \"q\\ \377\n"
						     "setting setting:b:y 1\n"
						     "setting setting:a:w ? denied\n");
	uint64_t number = 0;
	size_t at = 0, count = 0;

	(void)state;
	assert_null(setting_value(machine, "setting:a:x"));
	assert_null(setting_value(machine, "setting:a:w"));
	assert_true(setting_number(machine, "setting:a:y", &number));
	assert_int_equal(number, 12);
	assert_false(setting_number(machine, "setting:a:z", &number));
	while (setting_next(machine, "setting:a:", &at))
		count++;
	assert_int_equal(count, 3);
}

static void a_statement_stays_unknown(void **state)
{
	static const struct elsewhere elsewhere = { "setting:attest:keys", "not shown here",
						    "ask" };
	SCOPED_SCENE(scene);
	const struct machine *machine;
	const struct finding *one;

	(void)state;
	machine = make(&scene, "setting setting:attest:keys provider says both are set\n");
	scene.found = (struct findings){ .arena = &scene.arena };
	one = elsewhere_add(machine, &elsewhere, &scene.found);
	assert_int_equal(one->verdict, VERDICT_UNKNOWN);
	assert_true(one->attested);
	assert_non_null(strstr(one->text, "both are set"));
	machine = make(&scene, "");
	scene.found = (struct findings){ .arena = &scene.arena };
	one = elsewhere_add(machine, &elsewhere, &scene.found);
	assert_int_equal(one->verdict, VERDICT_UNKNOWN);
	assert_false(one->attested);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mode_is_read_whole_or_not_at_all),
		cmocka_unit_test(words_are_whole),
		cmocka_unit_test(what_is_not_set_has_no_value),
		cmocka_unit_test(a_statement_stays_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
