#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SWITCH "pci:0000:05:00.0"
#define SXID(rest) "log.sxid - nvidia-nvswitch3: SXid (PCI:0000:05:00.0): " rest "\n"

static const char check[] = "gpu-switch-log";
static const char log_read[] = "log.lines - 2000\nlog.from - 0\n";

static enum verdict verdict_of(const char *lines)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, log_read, lines, NULL);
	return scene_verdict(&scene, check, SWITCH);
}

static void every_row_gets_the_verdict_of_its_class(void **state)
{
	static const enum verdict verdicts[FAULT_CLASS_COUNT] = {
		[FAULT_INFO] = VERDICT_PASS,    [FAULT_APPLICATION] = VERDICT_WARN,
		[FAULT_WATCH] = VERDICT_WARN,   [FAULT_DEGRADED] = VERDICT_FAIL,
		[FAULT_FATAL] = VERDICT_FAIL,   [FAULT_DECODE] = VERDICT_WARN,
		[FAULT_UNKNOWN] = VERDICT_WARN,
	};
	SCOPED_SCENE(tables);

	(void)state;
	scene_make(&tables, scene_h100, NULL);
	assert_true(tables.input.handbook->sxid_count > 90);
	for (size_t i = 0; i < tables.input.handbook->sxid_count; i++) {
		const struct fault_row *row = &tables.input.handbook->sxids[i];
		char line[120];

		(void)snprintf(line, sizeof(line), SXID("%u, Non-fatal, Link 28 it happened"),
			       row->code);
		if (verdict_of(line) != verdicts[row->class])
			fail_msg("SXid %u is not '%s'", row->code,
				 verdict_names[verdicts[row->class]]);
		(void)snprintf(line, sizeof(line), SXID("%u, Fatal, Link 28 it happened"),
			       row->code);
		if (verdict_of(line) != VERDICT_FAIL)
			fail_msg("SXid %u that calls itself fatal does not fail", row->code);
	}
}

static void a_code_without_a_row_goes_by_its_own_word(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(SXID("99999, Non-fatal, Link 1 new")), VERDICT_WARN);
	assert_int_equal(verdict_of(SXID("99999, Fatal, Link 1 new")), VERDICT_FAIL);
}

static void corrected_errors_count_as_a_rate(void **state)
{
#define FIVE                               \
	SXID("11012, Non-fatal, Link 1 a") \
	SXID("11012, Non-fatal, Link 1 b") \
	SXID("11012, Non-fatal, Link 1 c") \
	SXID("11012, Non-fatal, Link 1 d") SXID("11012, Non-fatal, Link 1 e")
	static const char details[] =
		SXID("11012, Severity 0 Engine instance 1") SXID("11012, Data {0x1, 0x0}");

	(void)state;
	assert_int_equal(verdict_of(FIVE FIVE), VERDICT_PASS); /* in a day */
	{
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, log_read, FIVE, FIVE, "uptime - 3600\n", NULL);
		assert_int_equal(scene_verdict(&scene, check, SWITCH), VERDICT_WARN);
		scene_make(&scene, scene_h100, log_read, FIVE, details, details, details,
			   "uptime - 3600\n", NULL);
		assert_int_equal(scene_verdict(&scene, check, SWITCH), VERDICT_PASS);
	}
}

/* Ten in a minute of a day are no ten a day. */
static void a_burst_is_not_thinned_by_the_length_of_the_log(void **state)
{
	static const unsigned gaps_s[] = { 1, 401 };
	static const enum verdict verdicts[] = { VERDICT_WARN, VERDICT_PASS };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		SCOPED_SCENE(scene);
		struct text lines = { 0 };

		for (unsigned k = 1; k <= 10; k++)
			text_format(&lines,
				    "log.sxid - nvidia-nvswitch3: SXid (PCI:0000:05:00.0): 11012, "
				    "Non-fatal, Link %u a @%u\n",
				    k, k * gaps_s[i]);
		scene_make(&scene, scene_h100, log_read, text_string(&lines), NULL);
		assert_int_equal(scene_verdict(&scene, check, SWITCH), verdicts[i]);
		text_release(&lines);
	}
}

static void the_worst_code_decides_and_all_are_listed(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, log_read, SXID("11012, Non-fatal, Link 1 a"),
		   SXID("23001, Fatal, Link 1 b"), SXID("20009, Non-fatal, Link 1 c"), NULL);
	assert_int_equal(scene_judge(&scene, check)->count, 1);
	assert_int_equal(scene_finding(&scene, SWITCH)->verdict, VERDICT_FAIL);
	assert_non_null(strstr(scene_finding(&scene, SWITCH)->text, "SXid 11012"));
	assert_non_null(strstr(scene_finding(&scene, SWITCH)->text, "worst: 23001"));
	assert_non_null(strstr(scene_finding(&scene, SWITCH)->action, "reset all GPUs"));
}

static void an_unknown_form_warns(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, log_read, "log.sxid - nvidia-nvswitch: SXid, a new kind\n",
		   NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_WARN);
}

static void a_quiet_log_passes_and_says_what_it_covers(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, log_read, "log.from - 300\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "only from 300 s"));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, log_read, "log.sxid - ? refused\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, log_read, SXID("23001, Fatal, Link 1 b"), NULL);
	scene.input.handbook = NULL;
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
}

static void without_switches_it_applies_only_when_one_speaks(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, log_read, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
	scene_make(&scene, scene_bare, log_read, SXID("23001, Fatal, Link 1 b"), NULL);
	assert_int_equal(scene_verdict(&scene, check, SWITCH), VERDICT_FAIL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_gets_the_verdict_of_its_class),
		cmocka_unit_test(a_code_without_a_row_goes_by_its_own_word),
		cmocka_unit_test(corrected_errors_count_as_a_rate),
		cmocka_unit_test(a_burst_is_not_thinned_by_the_length_of_the_log),
		cmocka_unit_test(the_worst_code_decides_and_all_are_listed),
		cmocka_unit_test(an_unknown_form_warns),
		cmocka_unit_test(a_quiet_log_passes_and_says_what_it_covers),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_switches_it_applies_only_when_one_speaks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
