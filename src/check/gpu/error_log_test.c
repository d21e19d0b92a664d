#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define GPU "gpu:0000:19:00.0"
#define XID(rest) "log.xid - NVRM: Xid (PCI:0000:19:00): " rest "\n"

static const char check[] = "gpu-error-log";
static const char log_read[] = "log.lines - 2000\nlog.from - 0\nnvidia.driver - 580.82.07\n";

static enum verdict verdict_of(const char *lines)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, log_read, lines, NULL);
	return scene_verdict(&scene, check, GPU);
}

static bool action_has(const char *lines, const char *word)
{
	SCOPED_SCENE(scene);
	const struct finding *finding;

	scene_make(&scene, scene_h100, log_read, lines, NULL);
	(void)scene_judge(&scene, check);
	finding = scene_finding(&scene, GPU);
	assert_non_null(finding);
	return finding->action && strstr(finding->action, word);
}

static enum verdict verdict_of_class(enum fault_class class)
{
	switch (class) {
	case FAULT_INFO:
	case FAULT_APPLICATION:
		return VERDICT_PASS;
	case FAULT_WATCH:
	case FAULT_UNKNOWN:
		return VERDICT_WARN;
	case FAULT_DEGRADED:
	case FAULT_FATAL:
		return VERDICT_FAIL;
	case FAULT_DECODE:
	case FAULT_CLASS_COUNT:
		break;
	}
	fail_msg("no verdict goes with the class alone");
	return VERDICT_UNKNOWN;
}

/* What these codes ask for is not in their row: with nothing but the code there is nothing to read
 * it from, except that 45 is alone, and that 171 and 172 are details of 48. */
static bool verdict_without_text(uint32_t code, enum verdict *ret_verdict)
{
	bool warns = code == 45 || code == 74 || (code >= 144 && code <= 150) || code == 154;
	bool fails = code == 171 || code == 172;

	*ret_verdict = fails ? VERDICT_FAIL : VERDICT_WARN;
	return warns || fails;
}

static void every_row_of_the_catalogue_gets_the_verdict_of_its_class(void **state)
{
	SCOPED_SCENE(tables);

	(void)state;
	scene_make(&tables, scene_h100, NULL);
	assert_true(tables.input.handbook->xid_count > 170);
	for (size_t i = 0; i < tables.input.handbook->xid_count; i++) {
		const struct xid_row *row = &tables.input.handbook->xids[i];
		enum verdict expected;
		char line[120];

		(void)snprintf(line, sizeof(line), XID("%u, pid=1234, name=python3, it happened"),
			       row->code);
		if (!verdict_without_text(row->code, &expected))
			expected = verdict_of_class(row->class);
		if (verdict_of(line) != expected)
			fail_msg("Xid %u is not '%s'", row->code, verdict_names[expected]);
	}
}

static uint32_t value_of(const char *mask)
{
	uint32_t value = 0;

	for (const char *c = mask; *c; c++)
		value = value << 1 | (*c == '1');
	return value;
}

/* A line as the driver writes it for the row, under the driver that the mask is for. */
static enum verdict verdict_of_row(const struct nvlink5_row *row, const char *mask,
				   const char *driver)
{
	SCOPED_SCENE(scene);
	struct span severity = span_of(row->severity), words;
	char line[300];

	assert_true(span_cut(&severity, ';', &words));
	(void)snprintf(
		line, sizeof(line),
		XID("%u, pid=7, name=x, %s %.*s XC0 i0 Link 03 "
		    "(0x%08x 0x%08x 0x00000000 0x00000000 0x0 0x0 0x0)") "nvidia.driver - %s\n",
		row->code, row->unit, SPAN_ARGS(words), value_of(mask),
		row->has_status ? row->status : 0xabc, driver);
	scene_make(&scene, scene_h100, log_read, line, NULL);
	return scene_verdict(&scene, check, GPU);
}

static void expect_row(const struct nvlink5_row *row)
{
	const struct {
		const char *mask, *driver;
		enum fault_class class;
	} cases[] = {
		{ row->mask_before_r575, "570.124.06", row->class },
		{ row->mask_from_r575, "575.51.02", row->class },
		{ row->promote_mask_before_r575, "570.124.06", row->promote_class },
		{ row->promote_mask_from_r575, "575.51.02", row->promote_class },
	};

	for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
		enum verdict expected;

		if (!cases[k].mask)
			continue;
		/* Left to the 154 beside it; alone only the job restarts. */
		expected = cases[k].class == FAULT_DECODE ? VERDICT_PASS
							  : verdict_of_class(cases[k].class);
		if (verdict_of_row(row, cases[k].mask, cases[k].driver) != expected)
			fail_msg("%u %s, mask %zu, is not '%s'", row->code, row->unit, k,
				 verdict_names[expected]);
	}
}

static void every_row_of_nvlink5_gets_the_verdict_of_its_class(void **state)
{
	SCOPED_SCENE(tables);

	(void)state;
	scene_make(&tables, scene_h100, NULL);
	assert_true(tables.input.handbook->nvlink5_count > 90);
	for (size_t i = 0; i < tables.input.handbook->nvlink5_count; i++)
		expect_row(&tables.input.handbook->nvlink5[i]);
}

static void an_nvlink5_line_that_no_row_fits_goes_by_its_own_word(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(XID("145, RLW_NEW Fatal XC0 i0 Link 03 (0xfc000000 0xdead)")),
			 VERDICT_FAIL);
	assert_int_equal(
		verdict_of(XID("145, RLW_NEW Nonfatal XC0 i0 Link 03 (0xfc000000 0xdead)")),
		VERDICT_WARN);
}

#define R74(word) "74, pid=1, name=x, NVLink: fatal error detected on link 6(" word ")"

static void registers_decide_about_74(void **state)
{
	static const struct {
		const char *lines;
		enum verdict verdict;
	} cases[] = {
		{ XID(R74("0x0, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0")), VERDICT_WARN },
		{ XID(R74("0x1, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0")), VERDICT_PASS },
		{ XID(R74("0x100000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0")), VERDICT_PASS },
		{ XID(R74("0x10000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0")), VERDICT_FAIL },
		{ XID(R74("0x200000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0")), VERDICT_WARN },
		{ XID(R74("0x8000000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0")), VERDICT_PASS },
		{ XID(R74("0x8000000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0"))
			  XID(R74("0x20000000, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0")),
		  VERDICT_WARN },
		{ XID(R74("0x10, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0"))
			  XID(R74("0x0, 0x0, 0x40, 0x0, 0x0, 0x0, 0x0")),
		  VERDICT_WARN },
		{ XID(R74("0x10, 0x0, 0x0, 0x0, 0x0, 0x0, 0x0"))
			  XID(R74("0x0, 0x0, 0x40, 0x0, 0x0, 0x0, 0x0"))
				  XID(R74("0x0, 0x0, 0x0, 0x0, 0x40000, 0x0, 0x0")),
		  VERDICT_FAIL },
		{ XID(R74("0x0, 0x0, 0x0, 0x40000, 0x0, 0x0, 0x0")), VERDICT_FAIL },
		{ XID(R74("0x0, 0x0, 0x2000, 0x0, 0x0, 0x0, 0x0")), VERDICT_WARN },
		{ XID(R74("0x0, 0x0, 0x0, 0x0, 0x100000, 0x0, 0x0")), VERDICT_WARN },
		{ XID(R74("0x0, 0x10, 0x0, 0x0, 0x0, 0x0, 0x0")), VERDICT_WARN },
		{ XID("74, pid=1, name=x, NVLink: something new"), VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (verdict_of(cases[i].lines) != cases[i].verdict)
			fail_msg("case %zu is not '%s'", i, verdict_names[cases[i].verdict]);
}

#define X31(gpc, tpc) \
	"31, pid=9, name=a, Ch 00000008, MMU Fault: ENGINE GRAPHICS GPC" gpc " TPC" tpc

static void repeats_in_one_place_within_an_hour_warn(void **state)
{
	static const char thrice[] =
		XID(X31("1", "2") " @10") XID(X31("1", "2") " @2000") XID(X31("1", "2") " @3609");
	static const char slowly[] =
		XID(X31("1", "2") " @10") XID(X31("1", "2") " @2000") XID(X31("1", "2") " @3610");
	static const char elsewhere[] =
		XID(X31("1", "2") " @10") XID(X31("1", "2") " @20") XID(X31("1", "3") " @30");

	(void)state;
	assert_int_equal(verdict_of(thrice), VERDICT_WARN);
	assert_true(action_has(thrice, "field diagnostics"));
	assert_int_equal(verdict_of(slowly), VERDICT_PASS);
	assert_int_equal(verdict_of(elsewhere), VERDICT_PASS);
}

static void without_times_the_mean_of_the_log_decides(void **state)
{
	static const char three[] = XID(X31("1", "2")) XID(X31("1", "2")) XID(X31("1", "2"));

	(void)state;
	assert_int_equal(verdict_of(three), VERDICT_PASS); /* in a day */
	{
		SCOPED_SCENE(scene);

		scene_make(&scene, scene_h100, log_read, three, "uptime - 3500\n", NULL);
		assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_WARN);
	}
}

#define X43(at) XID("43, pid=9, name=a, Ch 00000008 @" at)

static void other_faults_of_applications_warn_only_when_many(void **state)
{
	static const char nine[] =
		X43("1") X43("2") X43("3") X43("4") X43("5") X43("6") X43("7") X43("8") X43("9");
	SCOPED_SCENE(scene);

	(void)state;
	assert_int_equal(verdict_of(nine), VERDICT_PASS);
	scene_make(&scene, scene_h100, log_read, nine, X43("10"), NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_WARN);
}

static void the_worst_code_of_a_gpu_decides_and_all_are_listed(void **state)
{
	SCOPED_SCENE(scene);
	const struct finding *finding;

	(void)state;
	scene_make(&scene, scene_h100, log_read, XID("43, pid=9, name=a, Ch 00000008"),
		   XID("79, pid=1, name=b, GPU has fallen off the bus."),
		   XID("154, GPU recovery action changed from 0x0 (None) to 0x2 (Node Reboot "
		       "Required)"),
		   "log.gpu-lost - NVRM: GPU 0000:19:00.0: GPU has fallen off the bus.\n", NULL);
	assert_int_equal(scene_judge(&scene, check)->count, 1);
	finding = scene_finding(&scene, GPU);
	assert_non_null(finding);
	assert_int_equal(finding->verdict, VERDICT_FAIL);
	assert_non_null(strstr(finding->text, "Xid 43, Xid 79 (2 times), Xid 154"));
	assert_non_null(strstr(finding->bar, "xid.tsv 79: fatal"));
	assert_non_null(finding->clears);
	assert_non_null(finding->evidence[3]);
}

static void recovery_is_what_its_text_says(void **state)
{
#define R154(to) XID("154, GPU recovery action changed from 0x0 (None) to " to)
	(void)state;
	assert_int_equal(verdict_of(R154("0x0 (None)")), VERDICT_PASS);
	assert_int_equal(verdict_of(R154("0x1 (GPU Reset Required)")), VERDICT_FAIL);
	assert_true(action_has(R154("0x1 (GPU Reset Required)"), "reset the GPU"));
	assert_true(action_has(R154("0x2 (Node Reboot Required)"), "reboot the node"));
	assert_true(action_has(R154("0x3 (Drain P2P)"), "between GPUs"));
	assert_int_equal(verdict_of(R154("0x9 (Something New)")), VERDICT_WARN);
}

static void a_recovered_gpu_warns_and_only_when_the_recovery_came_later(void **state)
{
	static const char after[] = XID("119, pid=1, name=a, Timeout @100")
		XID("154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None) "
		    "@200");
	static const char before[] = XID(
		"154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None) @100")
		XID("119, pid=1, name=a, Timeout @200");
	static const char untimed[] = XID("119, pid=1, name=a, Timeout")
		XID("154, GPU recovery action changed from 0x1 (GPU Reset Required) to 0x0 (None)");

	(void)state;
	assert_int_equal(verdict_of(after), VERDICT_WARN);
	assert_int_equal(verdict_of(before), VERDICT_FAIL);
	assert_int_equal(verdict_of(untimed), VERDICT_FAIL);
}

static void a_killed_channel_counts_only_when_nothing_else_explains_it(void **state)
{
	(void)state;
	assert_int_equal(verdict_of(XID("45, pid=1, name=a, Ch 1")), VERDICT_WARN);
	assert_true(action_has(XID("45, pid=1, name=a, Ch 1"), "fabric manager"));
	assert_int_equal(verdict_of(XID("45, pid=1, name=a, Ch 1") "log.xid - NVRM: Xid "
								   "(PCI:0000:3b:00): 79, lost\n"),
			 VERDICT_PASS);
}

static void a_double_bit_error_with_the_threshold_asks_for_diagnostics(void **state)
{
	(void)state;
	assert_true(action_has(XID("48, DBE"), "reset"));
	assert_false(action_has(XID("48, DBE"), "diagnostics"));
	assert_true(action_has(XID("48, DBE") "gpu.ecc.sram.threshold " GPU " exceeded\n",
			       "diagnostics"));
	assert_true(action_has(XID("48, DBE") XID("63, row remapper"), "drain; reset"));
}

static void a_gpu_that_was_not_taken_up_fails(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("log.gpu-probe - NVRM: GPU 0000:19:00.0: RmInitAdapter failed! "
				    "(0x62:0xffff:2477)\n"),
			 VERDICT_FAIL);
}

static void a_lost_gpu_without_a_name_still_fails(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, log_read,
		   "log.gpu-lost - NVRM: a GPU has fallen off the bus\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, "node.log.gpu-lost"), VERDICT_FAIL);
}

static void an_unknown_code_and_an_unknown_form_warn_and_ask_for_no_reset(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	assert_int_equal(verdict_of(XID("4711, of the future")), VERDICT_WARN);
	assert_false(action_has(XID("4711, of the future"), "drain"));
	scene_make(&scene, scene_h100, log_read, "log.xid - NVRM: Xid of a new kind\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, "node.log.xid"), VERDICT_WARN);
	assert_int_equal(scene_worst(&scene, check), VERDICT_WARN);
}

static void a_quiet_log_passes_and_says_what_it_covers(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, log_read, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "since the start"));
	scene_make(&scene, scene_h100, log_read, "log.from - 61\nlog.dropped - 5\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "only from 61 s"));
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "5 lines of interest"));
	scene_make(&scene, scene_h100, log_read, "log.from - ? no line has a time\n", NULL);
	assert_int_equal(scene_worst(&scene, check), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, log_read, "log.from - 60\n", NULL);
	(void)scene_judge(&scene, check);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "since the start"));
}

/* A record as old as its message, as the probe writes it. */
static void grow_old(struct scene *scene, const char *what, int64_t seconds)
{
	const struct record **records =
		ARENA_ARRAY(&scene->arena, const struct record *, scene->input.count);

	for (size_t i = 0; i < scene->input.count; i++) {
		struct record *copy = ARENA_NEW(&scene->arena, struct record);

		*copy = *scene->input.records[i];
		if (strcmp(copy->what, what) == 0) {
			copy->time -= seconds;
			copy->observed = date_from_unix(copy->time);
		}
		records[i] = copy;
	}
	scene->input.records = records;
	check_prepare(&scene->input, &scene->arena);
}

static void a_message_of_yesterday_counts_and_one_of_the_last_boot_does_not(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, log_read, XID("79, lost"), NULL);
	grow_old(&scene, "node.log.xid", 80000);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_FAIL);
	assert_int_equal(scene_finding(&scene, GPU)->observed, scene.input.machines[0].observed);
	scene_make(&scene, scene_h100, log_read, XID("79, lost"), NULL);
	grow_old(&scene, "node.log.xid", 90000);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
}

static void two_looks_tell_of_one_message_once(void **state)
{
	static const char twice[] = XID(X31("1", "2") " @10") XID(X31("1", "2") " @20");
	SCOPED_SCENE(scene);
	const struct record **records;
	size_t count;

	(void)state;
	scene_make(&scene, scene_h100, log_read, twice, NULL);
	count = scene.input.count;
	records = ARENA_ARRAY(&scene.arena, const struct record *, 2 * count);
	for (size_t i = 0; i < count; i++) {
		struct record *copy = ARENA_NEW(&scene.arena, struct record);

		*copy = *scene.input.records[i];
		copy->id = arena_format(&scene.arena, "later.%05zu", i);
		copy->time += strcmp(copy->what, "node.log.xid") == 0 ? 1 : 600;
		records[i] = scene.input.records[i];
		records[count + i] = copy;
	}
	scene.input.records = records;
	scene.input.count = 2 * count;
	check_prepare(&scene.input, &scene.arena);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_PASS);
	assert_non_null(strstr(scene_finding(&scene, GPU)->text, "Xid 31 (2 times)"));
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, "log.lines - ? /dev/kmsg: Operation not permitted\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	assert_non_null(strstr(scene_finding(&scene, NULL)->text, "not permitted"));
	scene_make(&scene, scene_h100, "log.lines - 0\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, log_read, "log.xid - ? stalled\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
	scene_make(&scene, scene_h100, log_read, XID("79, lost"), NULL);
	scene.input.handbook = NULL;
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_UNKNOWN);
}

static void no_nvidia_gpu_is_not_applicable(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, log_read, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_of_the_catalogue_gets_the_verdict_of_its_class),
		cmocka_unit_test(every_row_of_nvlink5_gets_the_verdict_of_its_class),
		cmocka_unit_test(an_nvlink5_line_that_no_row_fits_goes_by_its_own_word),
		cmocka_unit_test(registers_decide_about_74),
		cmocka_unit_test(repeats_in_one_place_within_an_hour_warn),
		cmocka_unit_test(without_times_the_mean_of_the_log_decides),
		cmocka_unit_test(other_faults_of_applications_warn_only_when_many),
		cmocka_unit_test(the_worst_code_of_a_gpu_decides_and_all_are_listed),
		cmocka_unit_test(recovery_is_what_its_text_says),
		cmocka_unit_test(a_recovered_gpu_warns_and_only_when_the_recovery_came_later),
		cmocka_unit_test(a_killed_channel_counts_only_when_nothing_else_explains_it),
		cmocka_unit_test(a_double_bit_error_with_the_threshold_asks_for_diagnostics),
		cmocka_unit_test(a_gpu_that_was_not_taken_up_fails),
		cmocka_unit_test(a_lost_gpu_without_a_name_still_fails),
		cmocka_unit_test(an_unknown_code_and_an_unknown_form_warn_and_ask_for_no_reset),
		cmocka_unit_test(a_quiet_log_passes_and_says_what_it_covers),
		cmocka_unit_test(a_message_of_yesterday_counts_and_one_of_the_last_boot_does_not),
		cmocka_unit_test(two_looks_tell_of_one_message_once),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(no_nvidia_gpu_is_not_applicable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
