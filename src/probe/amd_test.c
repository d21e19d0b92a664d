#include "probe/vendor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/watch.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define FIRST "gpu:0000:05:00.0"
#define SECOND "gpu:0000:26:00.0"

static const char *const addresses[] = {
	"0000:05:00.0", "0000:26:00.0", "0000:46:00.0", "0000:65:00.0",
	"0000:85:00.0", "0000:a6:00.0", "0000:c6:00.0", "0000:e5:00.0",
};

/* What each GPU says in a full look, and in a quick one. */
static const struct {
	const char *measure;
	bool is_quick;
} usual[] = {
	{ "gpu.answers", true },
	{ "gpu.vendor", true },
	{ "gpu.index", true },
	{ "gpu.name", true },
	{ "gpu.ecc.mode", true },
	{ "gpu.ecc.uncorrected", true },
	{ "gpu.ecc.corrected", true },
	{ "gpu.pages.uncorrected", true },
	{ "gpu.pages.pending", true },
	{ "gpu.pages.threshold", true },
	{ "gpu.temperature", true },
	{ "gpu.temperature.memory", true },
	{ "gpu.power", true },
	{ "gpu.throttle", true },
	{ "gpu.utilisation", true },
	{ "gpu.partition", true },
	{ "gpu.processes", true },
	{ "gpu.serial", false },
	{ "gpu.uuid", false },
	{ "gpu.vbios", false },
	{ "gpu.temperature.slowdown", true },
	{ "gpu.memory.total", true },
	{ "gpu.memory.used", true },
	{ "gpu.power.limit", false },
	{ "gpu.power.limit.default", false },
	{ "gpu.clock", false },
	{ "gpu.clock.maximum", false },
	{ "gpu.pcie.generation", false },
	{ "gpu.pcie.generation.maximum", false },
	{ "gpu.pcie.width", false },
	{ "gpu.pcie.width.maximum", false },
	{ "gpu.pcie.replays", false },
};

static void use_library(struct watch *watch, const char *below)
{
	const char *folder = getenv("ASSAY_VENDOR");

	assert_non_null(folder);
	folder = arena_format(&watch->root.arena, "%s%s", folder, below);
	assert_int_equal(setenv("ASSAY_LIBRARY_PATH", folder, 1), 0);
}

/* Eight MI300X, with faults added to their scenario. */
static void make(struct watch *watch, const char *faults)
{
	struct arena *arena;

	watch_make(watch, NULL);
	arena = &watch->root.arena;
	use_library(watch, "");
	for (size_t i = 0; i < COUNT(addresses); i++) {
		const char *folder = arena_format(arena, "/sys/bus/pci/devices/%s", addresses[i]);

		root_put(&watch->root, arena_format(arena, "%s/class", folder), "0x120000\n");
		root_put(&watch->root, arena_format(arena, "%s/vendor", folder), "0x1002\n");
	}
	root_put(&watch->root, "/sys/module/amdgpu/version", "6.12.12\n");
	root_put(&watch->root, "/scenario", arena_format(arena, "machine mi300x8\n%s", faults));
	assert_int_equal(
		setenv("ASSAY_SCENARIO", arena_format(arena, "%s/scenario", watch->root.folder), 1),
		0);
}

static void expect_usual(const struct watch *watch, const char *gpu, bool is_full)
{
	for (size_t i = 0; i < COUNT(usual); i++) {
		const struct record *record = watch_find(watch, usual[i].measure, gpu);

		if ((is_full || usual[i].is_quick) != (record != NULL))
			fail_msg("%s of %s", usual[i].measure, gpu);
		if (record && record->says == SAYS_UNKNOWN)
			fail_msg("%s of %s: %s", usual[i].measure, gpu, record->text);
	}
}

/* In each release that is known, whatever the layout of its answers. */
static void every_release_tells_the_same(void **state)
{
	static const struct {
		const char *library, *version;
	} cases[] = {
		{ "system library 25.4.0\n", "25.4" },
		{ "system library 26.1.0\n", "26.1" },
		{ "system library 26.2.0\n", "26.2" },
		{ "system library 26.5.0\n", "26.5" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);
		make(&watch, cases[i].library);
		watch_run(&watch, &probe_amd);
		watch_expect(&watch, "gpu.library", "library:amd", "ok");
		watch_expect(&watch, "gpu.count.library", "library:amd", "8");
		watch_expect(&watch, "amd.driver", NULL, "6.12.12");
		for (size_t gpu = 0; gpu < COUNT(addresses); gpu++)
			expect_usual(&watch,
				     arena_format(&watch.root.arena, "gpu:%s", addresses[gpu]),
				     true);
		watch_expect(&watch, "gpu.name", FIRST, "AMD Instinct MI300X");
		watch_expect(&watch, "gpu.vbios", FIRST, "022.040.003.042.000001");
		watch_expect(&watch, "gpu.power", FIRST, "138");
		watch_expect(&watch, "gpu.power.limit", FIRST, "750");
		watch_expect(&watch, "gpu.temperature", FIRST, "42");
		watch_expect(&watch, "gpu.memory.total", FIRST, "206141652992");
		watch_expect(&watch, "gpu.partition", FIRST, "SPX/NPS1");
		watch_expect(&watch, "gpu.pcie.generation", FIRST, "5");
		watch_expect(&watch, "gpu.ras.uncorrected", FIRST "/block:umc", "0");
		assert_int_equal(watch_count(&watch, "gpu.link"), 8 * 7);
		watch_expect(&watch, "gpu.link.peer", FIRST "/link:0", SECOND);
		watch_expect(&watch, "gpu.link.speed", FIRST "/link:6", "64000000000");
	}
}

static void a_quick_look_asks_for_less(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "");
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_amd);
	expect_usual(&watch, FIRST, false);
	assert_int_equal(watch_count(&watch, "gpu.link"), 8 * 7);
	assert_int_equal(watch_count(&watch, "gpu.link.speed"), 0);
}

static void a_look_at_counters_brings_counters(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "");
	watch.request.shares = PROBE_COUNTERS;
	watch_run(&watch, &probe_amd);
	for (size_t i = 0; i < watch.sightings.count; i++) {
		const struct record *record = &watch.sightings.items[i];
		enum measure measure = MEASURE_COUNT;

		assert_true(measure_find(record->what, &measure));
		if (measures[measure].kind != MEASURE_COUNTER && measure != NODE_GPU_ANSWERS)
			fail_msg("%s is no counter", record->what);
	}
	assert_int_equal(watch_count(&watch, "gpu.ecc.corrected"), 8);
	assert_int_equal(watch_count(&watch, "gpu.pcie.replays"), 8);
}

static void errors_and_links_are_told_where_they_are(void **state)
{
	static const char faults[] = "gpu 0 ecc_block 0x4\n"
				     "gpu 0 ecc_correctable 5\n"
				     "gpu 0 ecc_uncorrectable 2\n"
				     "gpu 0 ecc_deferred 1\n"
				     "gpu 0 bad_page 0x1000 0\n"
				     "gpu 0 bad_page 0x2000 1\n"
				     "gpu 0 cper 1 24\n"
				     "gpu 0 cper 0 30\n"
				     "gpu 0 process 4711 512\n"
				     "link 0 3 state 0\n";

	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, faults);
	watch_run(&watch, &probe_amd);
	watch_expect(&watch, "gpu.ecc.uncorrected", FIRST, "2");
	watch_expect(&watch, "gpu.ras.corrected", FIRST "/block:gfx", "5");
	watch_expect(&watch, "gpu.ras.deferred", FIRST "/block:gfx", "1");
	watch_expect(&watch, "gpu.ras.uncorrected", FIRST "/block:umc", "0");
	watch_expect(&watch, "gpu.pages.uncorrected", FIRST, "2");
	watch_expect(&watch, "gpu.pages.pending", FIRST, "yes");
	watch_expect(&watch, "gpu.pages.pending", SECOND, "no");
	watch_expect(&watch, "gpu.processes", FIRST, "1");
	watch_expect(&watch, "gpu.process.memory", FIRST "/pid:4711", "536870912");
	watch_expect(&watch, "gpu.link", FIRST "/link:3", "down");
	watch_expect(&watch, "gpu.link", FIRST "/link:4", "up");
	assert_int_equal(watch_count(&watch, "gpu.cper"), 2);
}

static void records_of_errors_are_told_in_words(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "gpu 0 cper 1 24\n");
	watch_run(&watch, &probe_amd);
	watch_expect(&watch, "gpu.cper", FIRST, "afid 24 severity fatal");
}

static void records_without_end_are_cut(void **state)
{
	struct text faults = { .maximum = 1 << 16 };

	(void)state;
	for (unsigned i = 0; i < 100; i++)
		text_add(&faults, "gpu 0 cper 2 30\n");
	SCOPED_WATCH(watch);
	make(&watch, text_string(&faults));
	watch_run(&watch, &probe_amd);
	assert_int_equal(watch_count(&watch, "gpu.cper"), 64);
	watch_expect(&watch, "gpu.answers", FIRST, "ok");
	text_release(&faults);
}

static void a_stall_hides_no_other_gpu(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "gpu 0 call amdsmi_get_gpu_activity stall\n");
	watch.request.call_limit_ns = 500000000;
	watch_run(&watch, &probe_amd);
	watch_expect(&watch, "gpu.answers", FIRST, "stalled");
	watch_expect(&watch, "gpu.call", FIRST,
		     "amdsmi_get_gpu_activity " FIRST ": no answer within 0.5 s");
	watch_expect(&watch, "gpu.temperature", FIRST, "42");
	for (size_t gpu = 1; gpu < COUNT(addresses); gpu++)
		expect_usual(&watch, arena_format(&watch.root.arena, "gpu:%s", addresses[gpu]),
			     true);
}

static void a_gpu_of_which_nothing_can_be_read_is_an_error(void **state)
{
	static const char *const calls[] = {
		"gpu_asic_info",
		"gpu_total_ecc_count",
		"gpu_ecc_enabled",
		"gpu_bad_page_info",
		"gpu_bad_page_threshold",
		"temp_metric",
		"power_info",
		"violation_status",
		"gpu_activity",
		"gpu_compute_partition",
		"gpu_process_list",
		"gpu_xgmi_link_status",
		"pcie_info",
		"gpu_device_uuid",
		"gpu_vbios_info",
		"gpu_vram_usage",
		"power_cap_info",
		"clock_info",
		"gpu_cper_entries",
	};
	struct text faults = { .maximum = 1 << 16 };

	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++)
		text_format(&faults, "gpu 1 call amdsmi_get_%s error 14\n", calls[i]);
	SCOPED_WATCH(watch);
	make(&watch, text_string(&faults));
	watch_run(&watch, &probe_amd);
	watch_expect(&watch, "gpu.answers", SECOND, "error");
	watch_expect(&watch, "gpu.call", SECOND,
		     "every call was refused, the last: amdsmi_get_gpu_cper_entries: a file of the "
		     "driver cannot be read (14)");
	watch_expect(&watch, "gpu.temperature", SECOND,
		     "?amdsmi_get_temp_metric: a file of the driver cannot be read (14)");
	expect_usual(&watch, FIRST, true);
	text_release(&faults);
}

static void a_library_that_fails_says_how(void **state)
{
	static const struct {
		const char *faults, *state, *call;
	} cases[] = {
		{ "system call amdsmi_init error 34\n", "no-driver",
		  "amdsmi_init: the driver is not loaded (34)" },
		{ "system call amdsmi_init error 10\n", "refused",
		  "amdsmi_init: no permission (10)" },
		{ "system call amdsmi_init error 16\n", "error",
		  "amdsmi_init: internal exception (16)" },
		{ "system call amdsmi_init crash\n", "died",
		  "amdsmi_init: the process ended, signal 11" },
		{ "system call amdsmi_init stall\n", "stalled",
		  "amdsmi_init: no answer within 0.5 s" },
		{ "system call amdsmi_get_lib_version rubbish\n", "error",
		  "libamd_smi.so is of a release that is not known" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);
		make(&watch, cases[i].faults);
		watch.request.call_limit_ns = 500000000;
		watch_run(&watch, &probe_amd);
		watch_expect(&watch, "gpu.library", "library:amd", cases[i].state);
		watch_expect(&watch, "gpu.call", "library:amd", cases[i].call);
		watch_expect(&watch, "gpu.answers", FIRST, "?");
	}
}

static void rubbish_is_never_trusted(void **state)
{
	static const struct {
		const char *call;
		const char *measures[3];
	} cases[] = {
		{ "amdsmi_get_gpu_asic_info", { "gpu.name" } },
		{ "amdsmi_get_gpu_vbios_info", { "gpu.vbios" } },
		{ "amdsmi_get_power_info", { "gpu.power" } },
		{ "amdsmi_get_power_cap_info", { "gpu.power.limit" } },
		{ "amdsmi_get_temp_metric", { "gpu.temperature", "gpu.temperature.memory" } },
		{ "amdsmi_get_gpu_activity", { "gpu.utilisation" } },
		{ "amdsmi_get_violation_status", { "gpu.throttle" } },
		{ "amdsmi_get_gpu_total_ecc_count", { "gpu.ecc.corrected" } },
		{ "amdsmi_get_gpu_ecc_enabled", { "gpu.ecc.mode" } },
		{ "amdsmi_get_gpu_bad_page_info", { "gpu.pages.uncorrected" } },
		{ "amdsmi_get_gpu_process_list", { "gpu.processes" } },
		{ "amdsmi_get_gpu_compute_partition", { "gpu.partition" } },
		{ "amdsmi_get_pcie_info", { "gpu.pcie.generation", "gpu.pcie.width" } },
		{ "amdsmi_get_clock_info", { "gpu.clock" } },
		{ "amdsmi_get_gpu_xgmi_link_status", { "gpu.link" } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char fault[96];

		(void)snprintf(fault, sizeof(fault), "gpu 0 call %s rubbish\n", cases[i].call);
		SCOPED_WATCH(watch);
		make(&watch, fault);
		watch_run(&watch, &probe_amd);
		for (size_t k = 0; k < COUNT(cases[i].measures) && cases[i].measures[k]; k++)
			watch_expect(&watch, cases[i].measures[k], FIRST, "?rubbish");
		watch_expect(&watch, "gpu.answers", FIRST, "ok");
		expect_usual(&watch, SECOND, true);
	}
}

static void what_is_all_ones_is_not_there(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "gpu 0 power -\ngpu 0 utilization -\ngpu 0 pcie_width -\n"
		     "gpu 0 power_default -\n");
	watch_run(&watch, &probe_amd);
	watch_expect(&watch, "gpu.power", FIRST, NULL);
	watch_expect(&watch, "gpu.utilisation", FIRST, NULL);
	watch_expect(&watch, "gpu.pcie.width", FIRST, NULL);
	watch_expect(&watch, "gpu.power.limit.default", FIRST, NULL);
	watch_expect(&watch, "gpu.power.limit", FIRST, "750");
}

/* Without the library the kernel tells a part. */
static void the_kernel_is_the_second_source(void **state)
{
	const char *folder = "/sys/bus/pci/devices/0000:05:00.0";

	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "");
	use_library(&watch, "/no-such-folder");
	static const struct {
		const char *file, *text;
	} files[] = {
		{ "gpu_busy_percent", "37\n" },
		{ "mem_info_vram_total", "206141652992\n" },
		{ "mem_info_vram_used", "300000000\n" },
		{ "unique_id", "5a30000000000001\n" },
		{ "current_compute_partition", "SPX\n" },
		{ "current_memory_partition", "NPS1\n" },
		{ "ras/umc_err_count", "ue: 1\nce: 22\nde: 3\n" },
		{ "ras/gfx_err_count", "ue: 0\nce: 0\n" },
		{ "ras/mmhub_err_count", "garbage\n" },
		{ "ras/features", "feature mask: 0x1\n" },
		{ "ras/gpu_vram_bad_pages",
		  "0x00001000 : 0x00001000 : R\n0x00002000 : 0x00001000 : P\n" },
	};
	for (size_t i = 0; i < COUNT(files); i++)
		root_put(&watch.root,
			 arena_format(&watch.root.arena, "%s/%s", folder, files[i].file),
			 files[i].text);
	watch_run(&watch, &probe_amd);
	watch_expect(&watch, "gpu.library", "library:amd", "absent");
	watch_expect(&watch, "gpu.utilisation", FIRST, "37");
	watch_expect(&watch, "gpu.memory.total", FIRST, "206141652992");
	watch_expect(&watch, "gpu.serial", FIRST, "5a30000000000001");
	watch_expect(&watch, "gpu.partition", FIRST, "SPX/NPS1");
	watch_expect(&watch, "gpu.ras.uncorrected", FIRST "/block:umc", "1");
	watch_expect(&watch, "gpu.ras.corrected", FIRST "/block:umc", "22");
	watch_expect(&watch, "gpu.ras.deferred", FIRST "/block:umc", "3");
	watch_expect(&watch, "gpu.ras.deferred", FIRST "/block:gfx", NULL);
	watch_expect(&watch, "gpu.ras.uncorrected", FIRST "/block:mmhub", "?has no number of 'ue'");
	watch_expect(&watch, "gpu.pages.uncorrected", FIRST, "2");
	watch_expect(&watch, "gpu.pages.pending", FIRST, "yes");
	watch_expect(&watch, "gpu.vendor", SECOND, "amd");
	watch_expect(&watch, "gpu.ras.uncorrected", SECOND "/block:umc", NULL);
}

static void the_kernel_is_not_asked_for_what_the_library_told(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	make(&watch, "gpu 0 utilization 12\n");
	root_put(&watch.root, "/sys/bus/pci/devices/0000:05:00.0/gpu_busy_percent", "99\n");
	watch_run(&watch, &probe_amd);
	watch_expect(&watch, "gpu.utilisation", FIRST, "12");
}

static void a_machine_without_gpus_is_not_asked(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	watch_make(&watch, NULL);
	use_library(&watch, "");
	watch_run(&watch, &probe_amd);
	assert_int_equal(watch.sightings.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_release_tells_the_same),
		cmocka_unit_test(a_quick_look_asks_for_less),
		cmocka_unit_test(a_look_at_counters_brings_counters),
		cmocka_unit_test(errors_and_links_are_told_where_they_are),
		cmocka_unit_test(records_of_errors_are_told_in_words),
		cmocka_unit_test(records_without_end_are_cut),
		cmocka_unit_test(a_stall_hides_no_other_gpu),
		cmocka_unit_test(a_gpu_of_which_nothing_can_be_read_is_an_error),
		cmocka_unit_test(a_library_that_fails_says_how),
		cmocka_unit_test(rubbish_is_never_trusted),
		cmocka_unit_test(what_is_all_ones_is_not_there),
		cmocka_unit_test(the_kernel_is_the_second_source),
		cmocka_unit_test(the_kernel_is_not_asked_for_what_the_library_told),
		cmocka_unit_test(a_machine_without_gpus_is_not_asked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
