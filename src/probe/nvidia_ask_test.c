#include "probe/vendor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/clock.h"
#include "test/played.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static unsigned count_unknown(const struct watch *watch)
{
	unsigned count = 0;

	for (size_t i = 0; i < watch->sightings.count; i++)
		count += watch->sightings.items[i].says == SAYS_UNKNOWN &&
			 strcmp(watch->sightings.items[i].what, "node.nvidia.driver") != 0;
	return count;
}

/* The GPU tells everything, or is known to have stalled in the call. */
static void expect_told(struct watch *watch, unsigned gpu, const char *stalled)
{
	const char *name = played_name(watch, &played_kinds[PLAYED_H100], gpu);
	const struct record *call = watch_find(watch, "gpu.call", name);

	if (!stalled) {
		assert_null(call);
		played_expect_usual(watch, name, true);
		return;
	}
	watch_expect(watch, "gpu.answers", name, "stalled");
	watch_expect(watch, "gpu.vendor", name, "nvidia");
	assert_non_null(call);
	assert_true(span_starts(span_of(call->text), stalled));
	assert_non_null(strstr(call->text, "no answer within 0.5 s"));
}

/* One call stalls on one or two GPUs: they are named, all others tell everything. */
static void a_stall_hides_no_other_gpu(void **state)
{
	static const struct {
		const char *fault, *call;
		unsigned first, last;
	} cases[] = {
		{ "gpu 2 call nvmlDeviceGetTemperatureV stall\n", "nvmlDeviceGetTemperatureV", 2,
		  2 },
		{ "gpu 0 call nvmlDeviceGetName stall\n", "nvmlDeviceGetName", 0, 0 },
		{ "gpu 6-7 call nvmlDeviceGetNvLinkState stall\n", "nvmlDeviceGetNvLinkState", 6,
		  7 },
		{ "gpu 5 call nvmlDeviceGetPciInfo_v3 stall\n", "nvmlDeviceGetPciInfo_v3", 5, 5 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		int64_t start_ns = clock_now_ns(), gone_ns;

		SCOPED_WATCH(watch);
		played_make(&watch, &played_kinds[PLAYED_H100], cases[i].fault);
		watch.request.call_limit_ns = 500000000;
		watch_run(&watch, &probe_nvidia);
		gone_ns = clock_now_ns() - start_ns;
		assert_true(gone_ns < 4 * NS_PER_S);
		watch_expect(&watch, "gpu.library", "library:nvml", "ok");
		for (unsigned gpu = 0; gpu < 8; gpu++)
			expect_told(&watch, gpu,
				    gpu >= cases[i].first && gpu <= cases[i].last ? cases[i].call
										  : NULL);
	}
}

static void what_was_told_before_the_stall_is_kept(void **state)
{
	const char *gpu = "gpu:0000:52:00.0";

	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100],
		    "gpu 2 call nvmlDeviceGetPowerUsage stall\n");
	watch.request.call_limit_ns = 500000000;
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.name", gpu, "NVIDIA H100 80GB HBM3");
	watch_expect(&watch, "gpu.temperature", gpu, "34");
	watch_expect(&watch, "gpu.power", gpu, NULL);
	watch_expect(&watch, "gpu.answers", gpu, "stalled");
	assert_int_equal(watch_count(&watch, "gpu.library"), 1);
	assert_int_equal(watch_count(&watch, "gpu.count.library"), 1);
	assert_int_equal(watch_count(&watch, "gpu.answers"), 8);
	assert_int_equal(watch_count(&watch, "gpu.index"), 8);
}

static void time_runs_out_and_says_so(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], "gpu * call nvmlDeviceGetName stall\n");
	watch.request.call_limit_ns = 500000000;
	watch.request.total_limit_ns = 1200000000;
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.answers", "gpu:0000:1b:00.0", "stalled");
	watch_expect(&watch, "gpu.answers", "gpu:0000:df:00.0", "?no time left");
	assert_int_equal(watch_count(&watch, "gpu.answers"), 8);
}

static void a_crash_is_of_its_gpu(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100],
		    "gpu 3 call nvmlDeviceGetUtilizationRates crash\n");
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.answers", "gpu:0000:61:00.0", "error");
	watch_expect(&watch, "gpu.call", "gpu:0000:61:00.0",
		     "nvmlDeviceGetUtilizationRates gpu:0000:61:00.0: the process ended, signal "
		     "11");
	for (unsigned gpu = 4; gpu < 8; gpu++)
		played_expect_usual(&watch, played_name(&watch, &played_kinds[PLAYED_H100], gpu),
				    true);
}

static void a_lost_gpu_is_asked_no_further(void **state)
{
	static const struct {
		const char *fault, *answers, *call;
	} cases[] = {
		{ "gpu 4 call nvmlDeviceGetName error 15\n", "lost",
		  "nvmlDeviceGetName: GPU is lost (15)" },
		{ "gpu 4 call nvmlDeviceGetName error 16\n", "reset-required",
		  "nvmlDeviceGetName: GPU requires a reset (16)" },
		{ "gpu 4 call nvmlDeviceGetHandleByIndex_v2 error 15\n", "lost",
		  "nvmlDeviceGetHandleByIndex_v2: GPU is lost (15)" },
		{ "gpu 4 call nvmlDeviceGetHandleByIndex_v2 error 999\n", "error",
		  "nvmlDeviceGetHandleByIndex_v2: unknown error (999)" },
		{ "gpu 4 call nvmlDeviceGetHandleByIndex_v2 error 4\n",
		  "?nvmlDeviceGetHandleByIndex_v2: no permission (4)", NULL },
		{ "gpu 4 vanish\n", "?the library does not tell of it", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);
		played_make(&watch, &played_kinds[PLAYED_H100], cases[i].fault);
		watch_run(&watch, &probe_nvidia);
		watch_expect(&watch, "gpu.answers", "gpu:0000:9d:00.0", cases[i].answers);
		watch_expect(&watch, "gpu.call", "gpu:0000:9d:00.0", cases[i].call);
		watch_expect(&watch, "gpu.temperature", "gpu:0000:9d:00.0", NULL);
		watch_expect(&watch, "gpu.vendor", "gpu:0000:9d:00.0", "nvidia");
		played_expect_usual(&watch, "gpu:0000:c3:00.0", true);
	}
}

static void each_status_means_something_else(void **state)
{
	static const struct {
		unsigned status;
		const char *says;
	} cases[] = {
		{ 3, NULL },
		{ 13, NULL },
		{ 4, "?nvmlDeviceGetPowerUsage: no permission (4)" },
		{ 10, "?nvmlDeviceGetPowerUsage: timeout (10)" },
		{ 999, "?nvmlDeviceGetPowerUsage: unknown error (999)" },
		{ 4711, "?nvmlDeviceGetPowerUsage: unknown status (4711)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char fault[80];

		(void)snprintf(fault, sizeof(fault),
			       "gpu 0 call nvmlDeviceGetPowerUsage error %u\n", cases[i].status);
		SCOPED_WATCH(watch);
		played_make(&watch, &played_kinds[PLAYED_H100], fault);
		watch.request.shares = PROBE_QUICK;
		watch_run(&watch, &probe_nvidia);
		watch_expect(&watch, "gpu.power", "gpu:0000:1b:00.0", cases[i].says);
		watch_expect(&watch, "gpu.answers", "gpu:0000:1b:00.0", "ok");
		watch_expect(&watch, "gpu.utilisation", "gpu:0000:1b:00.0", "0");
	}
}

static void a_library_that_fails_says_how(void **state)
{
	static const struct {
		const char *faults, *state, *call;
	} cases[] = {
		{ "system call nvmlInit_v2 error 9\n", "no-driver",
		  "nvmlInit_v2: the driver is not loaded (9)" },
		{ "system call nvmlInit_v2 error 18\n", "mismatch",
		  "nvmlInit_v2: driver and library differ (18)" },
		{ "system call nvmlInit_v2 error 4\n", "refused",
		  "nvmlInit_v2: no permission (4)" },
		{ "system call nvmlInit_v2 error 999\n", "error",
		  "nvmlInit_v2: unknown error (999)" },
		{ "system call nvmlInit_v2 crash\n", "died",
		  "nvmlInit_v2: the process ended, signal 11" },
		{ "system call nvmlInit_v2 stall\n", "stalled",
		  "nvmlInit_v2: no answer within 0.5 s" },
		{ "system call nvmlSystemGetNVMLVersion stall\n", "stalled",
		  "nvmlSystemGetNVMLVersion: no answer within 0.5 s" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);
		played_make(&watch, &played_kinds[PLAYED_H100], cases[i].faults);
		watch.request.call_limit_ns = 500000000;
		watch_run(&watch, &probe_nvidia);
		watch_expect(&watch, "gpu.library", "library:nvml", cases[i].state);
		watch_expect(&watch, "gpu.call", "library:nvml", cases[i].call);
		for (unsigned gpu = 0; gpu < 8; gpu++) {
			const char *name = played_name(&watch, &played_kinds[PLAYED_H100], gpu);

			watch_expect(&watch, "gpu.vendor", name, "nvidia");
			watch_expect(&watch, "gpu.answers", name, "?");
		}
	}
}

static void a_missing_library_is_absent(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], "");
	played_library(&watch, "/no-such-folder");
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.library", "library:nvml", "absent");
	watch_expect(&watch, "gpu.answers", "gpu:0000:1b:00.0", "?");
}

static void an_older_library_tells_what_it_can(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], "gpu 0 temperature 51\n");
	played_library(&watch, "/old");
	watch_run(&watch, &probe_nvidia);
	assert_int_equal(count_unknown(&watch), 0);
	watch_expect(&watch, "gpu.answers", "gpu:0000:1b:00.0", "ok");
	watch_expect(&watch, "gpu.temperature", "gpu:0000:1b:00.0", "51");
	watch_expect(&watch, "gpu.throttle", "gpu:0000:1b:00.0", "idle");
	watch_expect(&watch, "gpu.processes", "gpu:0000:1b:00.0", "0");
	watch_expect(&watch, "gpu.memory.total", "gpu:0000:1b:00.0", "85520809984");
	watch_expect(&watch, "gpu.temperature.margin", "gpu:0000:1b:00.0", NULL);
	watch_expect(&watch, "gpu.ecc.sram.threshold", "gpu:0000:1b:00.0", NULL);
	watch_expect(&watch, "gpu.ecc.sram.uncorrected", "gpu:0000:1b:00.0", "0");
	watch_expect(&watch, "gpu.fabric", "gpu:0000:1b:00.0", NULL);
}

/* Every function that is called, once with random bytes in what it answers. */
static void rubbish_is_never_trusted(void **state)
{
	static const struct {
		const char *call;
		const char *measures[4];
	} cases[] = {
		{ "nvmlDeviceGetName", { "gpu.name" } },
		{ "nvmlDeviceGetUUID", { "gpu.uuid" } },
		{ "nvmlDeviceGetSerial", { "gpu.serial" } },
		{ "nvmlDeviceGetVbiosVersion", { "gpu.vbios" } },
		{ "nvmlDeviceGetInforomImageVersion", { "gpu.inforom" } },
		{ "nvmlDeviceGetPersistenceMode", { "gpu.persistence" } },
		{ "nvmlDeviceGetComputeMode", { "gpu.compute-mode" } },
		{ "nvmlDeviceGetMigMode", { "gpu.partition" } },
		{ "nvmlDeviceGetEccMode", { "gpu.ecc.mode" } },
		{ "nvmlDeviceGetTotalEccErrors", { "gpu.ecc.corrected", "gpu.ecc.uncorrected" } },
		{ "nvmlDeviceGetSramEccErrorStatus",
		  { "gpu.ecc.sram.uncorrected", "gpu.ecc.sram.threshold" } },
		{ "nvmlDeviceGetMemoryInfo_v2", { "gpu.memory.total" } },
		{ "nvmlDeviceGetTemperatureV", { "gpu.temperature" } },
		{ "nvmlDeviceGetMarginTemperature", { "gpu.temperature.margin" } },
		{ "nvmlDeviceGetTemperatureThreshold", { "gpu.temperature.slowdown" } },
		{ "nvmlDeviceGetPowerUsage", { "gpu.power" } },
		{ "nvmlDeviceGetEnforcedPowerLimit", { "gpu.power.limit" } },
		{ "nvmlDeviceGetUtilizationRates", { "gpu.utilisation" } },
		{ "nvmlDeviceGetClockInfo", { "gpu.clock" } },
		{ "nvmlDeviceGetMaxClockInfo", { "gpu.clock.maximum" } },
		{ "nvmlDeviceGetCurrentClocksEventReasons", { "gpu.throttle" } },
		{ "nvmlDeviceGetCurrPcieLinkGeneration", { "gpu.pcie.generation" } },
		{ "nvmlDeviceGetCurrPcieLinkWidth", { "gpu.pcie.width" } },
		{ "nvmlDeviceGetComputeRunningProcesses_v3", { "gpu.processes" } },
		{ "nvmlDeviceGetGpuFabricInfoV", { "gpu.fabric" } },
	};
	const char *gpu = "gpu:0000:1b:00.0";

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		char fault[96];

		(void)snprintf(fault, sizeof(fault), "gpu 0 call %s rubbish\n", cases[i].call);
		SCOPED_WATCH(watch);
		played_make(&watch, &played_kinds[PLAYED_H100], fault);
		watch_run(&watch, &probe_nvidia);
		for (size_t k = 0; k < COUNT(cases[i].measures) && cases[i].measures[k]; k++)
			watch_expect(&watch, cases[i].measures[k], gpu, "?rubbish");
		watch_expect(&watch, "gpu.answers", gpu, "ok");
		played_expect_usual(&watch, "gpu:0000:43:00.0", true);
	}
}

static void an_address_that_is_rubbish_is_found_by_what_is_left(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100],
		    "gpu 3 call nvmlDeviceGetPciInfo_v3 error 999\n");
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.temperature", "gpu:0000:61:00.0", "34");
	watch_expect(&watch, "gpu.answers", "gpu:0000:61:00.0", "ok");
	assert_int_equal(watch_count(&watch, "gpu.answers"), 8);
}

static void a_corrupt_inforom_is_told(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100],
		    "gpu 0 call nvmlDeviceValidateInforom error 14\n");
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.inforom", "gpu:0000:1b:00.0", "corrupt");
	watch_expect(&watch, "gpu.inforom", "gpu:0000:43:00.0", "G520.0200.00.05");
}

static void boards_before_ampere_retire_pages(void **state)
{
	static const char faults[] = "gpu * remapped_correctable -\n"
				     "gpu * retired_single 3\n"
				     "gpu * retired_double 1\n"
				     "gpu * retired_pending 1\n";

	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], faults);
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.rows.pending", "gpu:0000:1b:00.0", NULL);
	watch_expect(&watch, "gpu.pages.corrected", "gpu:0000:1b:00.0", "3");
	watch_expect(&watch, "gpu.pages.uncorrected", "gpu:0000:1b:00.0", "1");
	watch_expect(&watch, "gpu.pages.pending", "gpu:0000:1b:00.0", "yes");
}

/* A worker that was started leaves its child behind; none may be. */
static void a_machine_without_gpus_is_not_asked(void **state)
{
	struct watch watch = { 0 };

	(void)state;
	watch_make(&watch, NULL);
	played_library(&watch, "");
	played_function(&watch, "0000:05:00.0", "0x1a03\n");
	watch_run(&watch, &probe_nvidia);
	assert_int_equal(watch.sightings.count, 0);
	watch_release(&watch);
}

static void a_root_that_is_not_this_machine_is_not_asked(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], "");
	assert_int_equal(unsetenv("ASSAY_LIBRARY_PATH"), 0);
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.library", "library:nvml", "?only the machine itself");
	watch_expect(&watch, "gpu.answers", "gpu:0000:1b:00.0", "?only the machine itself");
	watch_expect(&watch, "gpu.vendor", "gpu:0000:1b:00.0", "nvidia");
}

static void answers_that_are_given_are_taken(void **state)
{
	static const struct span lines[] = {
		SPAN("s library:nvml gpu.library ok"),
		SPAN("v library:nvml gpu.count.library 3"),
		SPAN("g gpu:0000:1b:00.0 0"),
		SPAN("g gpu:0000:43:00.0 1"),
		SPAN("g gpu:0000:52:00.0 2"),
		SPAN("v gpu:0000:1b:00.0 gpu.temperature 45"),
		SPAN("s gpu:0000:1b:00.0 gpu.answers ok"),
		SPAN("v gpu:0000:43:00.0 gpu.temperature 46"),
		SPAN("v gpu:0000:43:00.0 gpu.temperature x"),
	};
	const struct worker_result given = {
		.end = WORKER_STALLED,
		.call = "nvmlDeviceGetPowerUsage gpu:0000:43:00.0",
		.answers = lines,
		.answer_count = COUNT(lines),
	};

	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], "system call nvmlInit_v2 crash\n");
	watch.request.answers[PROBE_WORKER_NVML] = &given;
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.library", "library:nvml", "ok");
	watch_expect(&watch, "gpu.temperature", "gpu:0000:1b:00.0", "45");
	watch_expect(&watch, "gpu.answers", "gpu:0000:1b:00.0", "ok");
	watch_expect(&watch, "gpu.answers", "gpu:0000:43:00.0", "stalled");
	watch_expect(&watch, "gpu.answers", "gpu:0000:52:00.0", "?it was not asked");
	watch_expect(&watch, "gpu.call", "library:nvml", "?1 answers make no sense");
}

static void a_kept_worker_starts_the_library_once(void **state)
{
	struct worker_result result = { .end = WORKER_DONE };
	struct worker worker;
	struct error err = { 0 };

	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], "");
	vendor_worker(&vendor_nvidia, &watch.request, &worker);
	watch.request.answers[PROBE_WORKER_NVML] = &result;
	for (unsigned i = 0; i < 2; i++) {
		assert_true(worker_ask(&worker, "sweep quick", &watch.root.arena, &result, &err));
		watch_run(&watch, &probe_nvidia);
		watch_expect(&watch, "gpu.library", "library:nvml", "ok");
		watch_expect(&watch, "gpu.answers", "gpu:0000:1b:00.0", "ok");
		/* A start anew would fail. */
		root_put(&watch.root, "/scenario", "nonsense\n");
	}
	worker_end(&worker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stall_hides_no_other_gpu),
		cmocka_unit_test(what_was_told_before_the_stall_is_kept),
		cmocka_unit_test(time_runs_out_and_says_so),
		cmocka_unit_test(a_crash_is_of_its_gpu),
		cmocka_unit_test(a_lost_gpu_is_asked_no_further),
		cmocka_unit_test(each_status_means_something_else),
		cmocka_unit_test(a_library_that_fails_says_how),
		cmocka_unit_test(a_missing_library_is_absent),
		cmocka_unit_test(an_older_library_tells_what_it_can),
		cmocka_unit_test(rubbish_is_never_trusted),
		cmocka_unit_test(an_address_that_is_rubbish_is_found_by_what_is_left),
		cmocka_unit_test(a_corrupt_inforom_is_told),
		cmocka_unit_test(boards_before_ampere_retire_pages),
		cmocka_unit_test(a_machine_without_gpus_is_not_asked),
		cmocka_unit_test(a_root_that_is_not_this_machine_is_not_asked),
		cmocka_unit_test(answers_that_are_given_are_taken),
		cmocka_unit_test(a_kept_worker_starts_the_library_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
