#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "probe/setting.h"
#include "test/watch.h"
#include <cmocka.h>

static void a_machine_without_any_file_has_nothing_set(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch_run(&watch, &probe_setting);
	watch_expect(&watch, "setting", "setting:nccl:NCCL_ALGO", "unset");
	watch_expect(&watch, "setting", "setting:sshd:permitrootlogin", "unset");
	watch_expect(&watch, "setting", "setting:slurm:TopologyPlugin", "unset");
	watch_expect(&watch, "setting", "setting:sysctl:kernel.kptr_restrict", "?/proc/sys/kernel");
	watch_expect(&watch, "file", "file:/dev/kvm", "absent");
}

static void a_quick_look_leaves_settings_alone(void **state)
{
	SCOPED_WATCH(watch);

	(void)state;
	watch_make(&watch, NULL);
	watch.request.shares = PROBE_QUICK | PROBE_COUNTERS;
	watch_run(&watch, &probe_setting);
	assert_int_equal(watch.sightings.count, 0);
}

static void values_are_bounded_and_clean(void **state)
{
	static const struct {
		const char *value, *says;
	} cases[] = {
		{ "a", "a" },
		{ "", "empty" },
		{ " \t", "empty" },
		{ "a\x01\xff"
		  "b\\\"",
		  "a\?\?b\\\"" },
	};
	SCOPED_WATCH(watch);
	char value[SETTING_VALUE_MAXIMUM + 50];
	const struct setting_look look = { &watch.root.host, &watch.sightings, &watch.root.arena };
	struct setting setting = { .name = "x:y", .is_set = true };
	const struct record *record;

	(void)state;
	watch_make(&watch, NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		watch_run(&watch, &probe_setting);
		setting.value = span_of(cases[i].value);
		setting_see(&look, &setting, NULL);
		watch_expect(&watch, "setting", "setting:x:y", cases[i].says);
	}
	/* The bound falls into a character of two bytes. */
	memset(value, 'x', sizeof(value));
	memcpy(value + SETTING_VALUE_MAXIMUM - 1, "\xc3\xa4", 2);
	setting.value = (struct span){ value, sizeof(value) };
	watch_run(&watch, &probe_setting);
	setting_see(&look, &setting, NULL);
	record = watch_find(&watch, "setting", "setting:x:y");
	assert_int_equal(strlen(record->text), SETTING_VALUE_MAXIMUM - 1);
	setting.value = (struct span){ "a\0b", 3 };
	watch_run(&watch, &probe_setting);
	setting_see(&look, &setting, NULL);
	watch_expect(&watch, "setting", "setting:x:y", "a?b");
}

static void a_later_setting_replaces_and_too_many_are_said(void **state)
{
	SCOPED_WATCH(watch);
	const struct setting_look look = { &watch.root.host, &watch.sightings, &watch.root.arena };
	struct setting_list *list;

	(void)state;
	watch_make(&watch, NULL);
	list = ARENA_NEW(&watch.root.arena, struct setting_list);
	list->arena = &watch.root.arena;
	setting_expect(list, "w", "A");
	setting_put(list, "w", SPAN("A"), SPAN("1"));
	setting_put(list, "w", SPAN("A"), SPAN("2"));
	setting_put(list, "w", SPAN("B c"), SPAN("3"));
	setting_put_expected(list, "w", SPAN("Z"), SPAN("4"));
	assert_int_equal(list->count, 1);
	assert_true(span_is(setting_find(list, "w:A")->value, "2"));
	for (unsigned i = 0; i < SETTINGS_MAXIMUM; i++)
		setting_put(list, "w", span_of(arena_format(&watch.root.arena, "N%u", i)),
			    SPAN("5"));
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_setting);
	setting_list_see(&look, list, "a file is closed");
	watch_expect(&watch, "setting", "setting:w:A", "?a file is closed");
	watch_expect(&watch, "setting", NULL, "?not looked at");
	assert_int_equal(watch.sightings.count, SETTINGS_MAXIMUM + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_machine_without_any_file_has_nothing_set),
		cmocka_unit_test(a_quick_look_leaves_settings_alone),
		cmocka_unit_test(values_are_bounded_and_clean),
		cmocka_unit_test(a_later_setting_replaces_and_too_many_are_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
