#include "probe/vendor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test/played.h"

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Records of one GPU and its parts. */
static unsigned count_of(const struct watch *watch, const char *gpu)
{
	unsigned count = 0;

	for (size_t i = 0; i < watch->sightings.count; i++) {
		const char *device = watch->sightings.items[i].subject.parts[SUBJECT_DEVICE];

		count += device && strncmp(device, gpu, strlen(gpu)) == 0;
	}
	return count;
}

static unsigned count_unknown(const struct watch *watch)
{
	unsigned count = 0;

	for (size_t i = 0; i < watch->sightings.count; i++)
		count += watch->sightings.items[i].says == SAYS_UNKNOWN &&
			 strcmp(watch->sightings.items[i].what, "node.nvidia.driver") != 0;
	return count;
}

static void expect_links(struct watch *watch, const struct played_kind *kind, const char *gpu)
{
	static const char *const old[] = { "gpu.link.replays", "gpu.link.recoveries",
					   "gpu.link.crc" };
	static const char *const new[] = { "gpu.link.packet-errors", "gpu.link.integrity",
					   "gpu.link.recoveries",    "gpu.link.recoveries.failed",
					   "gpu.link.symbol-errors", "gpu.link.symbol-ber" };
	const char *const *counters = kind->is_old_link ? old : new;

	for (unsigned link = 0; link <= kind->links; link++) {
		const char *part = arena_format(&watch->root.arena, "%s/link:%u", gpu, link);
		bool is_there = link < kind->links;

		assert_int_equal(watch_find(watch, "gpu.link", part) != NULL, is_there);
		for (size_t i = 0; i < (kind->is_old_link ? COUNT(old) : COUNT(new)); i++)
			assert_int_equal(watch_find(watch, counters[i], part) != NULL, is_there);
	}
	watch_expect(watch, "gpu.link.peer", arena_format(&watch->root.arena, "%s/link:0", gpu),
		     strcmp(gpu + 4, kind->addresses[0]) == 0 ? kind->peer : NULL);
}

static void every_healthy_machine_tells_all_it_has(void **state)
{
	(void)state;
	for (size_t k = 0; k < PLAYED_COUNT; k++) {
		const struct played_kind *kind = &played_kinds[k];
		unsigned count = played_count(kind);
		char number[16];

		SCOPED_WATCH(watch);
		played_make(&watch, kind, "");
		watch_run(&watch, &probe_nvidia);
		assert_int_equal(count_unknown(&watch), 0);
		watch_expect(&watch, "gpu.library", "library:nvml", "ok");
		(void)snprintf(number, sizeof(number), "%u", count);
		watch_expect(&watch, "gpu.count.library", "library:nvml", number);
		for (unsigned i = 0; i < count; i++) {
			const char *gpu = played_name(&watch, kind, i);

			played_expect_usual(&watch, gpu, true);
			watch_expect(&watch, "gpu.answers", gpu, "ok");
			watch_expect(&watch, "gpu.recovery", gpu,
				     strcmp(kind->name, "a100x8") == 0 ? NULL : "none");
			watch_expect(&watch, "gpu.partition", gpu, kind->partition);
			watch_expect(&watch, "gpu.temperature.margin", gpu, kind->margin);
			watch_expect(&watch, "gpu.fabric", gpu, kind->fabric);
			watch_expect(&watch, "gpu.throttle", gpu, "idle");
			assert_int_equal(count_of(&watch, gpu),
					 count_of(&watch, played_name(&watch, kind, 0)));
		}
		expect_links(&watch, kind, played_name(&watch, kind, 0));
	}
}

static void a_quick_look_asks_for_less(void **state)
{
	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], "");
	watch.request.shares = PROBE_QUICK;
	watch_run(&watch, &probe_nvidia);
	for (unsigned i = 0; i < 8; i++)
		played_expect_usual(&watch, played_name(&watch, &played_kinds[PLAYED_H100], i),
				    false);
	assert_int_equal(watch_count(&watch, "gpu.link"), 8 * 18);
	assert_int_equal(watch_count(&watch, "gpu.link.speed"), 0);
	assert_int_equal(watch_count(&watch, "gpu.link.replays"), 0);
}

static void expect_counters_alone(const struct watch *watch)
{
	for (size_t i = 0; i < watch->sightings.count; i++) {
		const struct record *record = &watch->sightings.items[i];
		enum measure measure = MEASURE_COUNT;

		assert_true(measure_find(record->what, &measure));
		if (measures[measure].kind != MEASURE_COUNTER && measure != NODE_GPU_ANSWERS &&
		    measure != NODE_GPU_ECC_SRAM_THRESHOLD && measure != NODE_GPU_LINK_SYMBOL_BER)
			fail_msg("%s is no counter", record->what);
	}
}

static void a_look_at_counters_brings_counters(void **state)
{
	(void)state;
	for (size_t k = 0; k < PLAYED_COUNT; k++) {
		SCOPED_WATCH(watch);
		played_make(&watch, &played_kinds[k], "");
		watch.request.shares = PROBE_COUNTERS;
		watch_run(&watch, &probe_nvidia);
		expect_counters_alone(&watch);
		assert_int_equal(watch_count(&watch, "gpu.ecc.corrected"),
				 played_count(&played_kinds[k]));
		assert_int_equal(watch_count(&watch, "gpu.pcie.replays"),
				 played_count(&played_kinds[k]));
		assert_int_equal(watch_count(&watch, "gpu.link.recoveries"),
				 played_count(&played_kinds[k]) * played_kinds[k].links);
	}
}

static void readings_are_in_the_units_of_their_measures(void **state)
{
	static const char faults[] = "gpu 0 power 412.5\n"
				     "gpu 0 temperature 92\n"
				     "gpu 0 clocks_reasons 0x68\n"
				     "gpu 0 violation_thermal 2500000000\n"
				     "gpu 0 dram_corrected_volatile 7\n"
				     "gpu 0 sram_uncorrected_aggregate 3\n"
				     "gpu 0 sram_threshold 1\n"
				     "gpu 0 remap_pending 1\n"
				     "gpu 0 remap_banks_none 2\n"
				     "gpu 0 recovery_action 4\n"
				     "gpu 0 memory_used 1024\n"
				     "gpu 0 process 4711 512\n"
				     "gpu 0 process 4712 256\n"
				     "gpu 0 mig 0\n"
				     "gpu 0 pcie_replays 12\n"
				     "link 0 5 state 0\n"
				     "link 0 6 crc 9\n";
	const char *gpu = "gpu:0000:1b:00.0";

	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_H100], faults);
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.power", gpu, "412.5");
	watch_expect(&watch, "gpu.temperature", gpu, "92");
	watch_expect(&watch, "gpu.throttle", gpu, "hw-slowdown+sw-thermal+hw-thermal");
	watch_expect(&watch, "gpu.throttle.thermal", gpu, "2.5");
	watch_expect(&watch, "gpu.ecc.corrected", gpu, "7");
	watch_expect(&watch, "gpu.ecc.sram.uncorrected", gpu, "3");
	watch_expect(&watch, "gpu.ecc.sram.threshold", gpu, "exceeded");
	watch_expect(&watch, "gpu.rows.pending", gpu, "yes");
	watch_expect(&watch, "gpu.rows.failure", gpu, "no");
	watch_expect(&watch, "gpu.rows.banks.full", gpu, "2");
	watch_expect(&watch, "gpu.recovery", gpu, "drain-and-reset");
	watch_expect(&watch, "gpu.memory.total", gpu, "85520809984");
	watch_expect(&watch, "gpu.memory.used", gpu, "1073741824");
	watch_expect(&watch, "gpu.processes", gpu, "2");
	watch_expect(&watch, "gpu.process.memory", "gpu:0000:1b:00.0/pid:4711", "536870912");
	watch_expect(&watch, "gpu.process.memory", "gpu:0000:1b:00.0/pid:4712", "268435456");
	watch_expect(&watch, "gpu.pcie.replays", gpu, "12");
	watch_expect(&watch, "gpu.link", "gpu:0000:1b:00.0/link:5", "down");
	watch_expect(&watch, "gpu.link.speed", "gpu:0000:1b:00.0/link:5", NULL);
	watch_expect(&watch, "gpu.link.speed", "gpu:0000:1b:00.0/link:6", "26562000000");
	watch_expect(&watch, "gpu.link.crc", "gpu:0000:1b:00.0/link:6", "9");
	watch_expect(&watch, "cuda.driver", NULL, "12.8");
}

static void links_of_nvlink_5_are_read_by_fields(void **state)
{
	static const char faults[] = "link 0 0 malformed 1\n"
				     "link 0 0 overrun 2\n"
				     "link 0 0 remote_errors 4\n"
				     "link 0 0 general_errors 8\n"
				     "link 0 0 receive_errors 100\n"
				     "link 0 0 integrity_errors 16\n"
				     "link 0 0 recovery_events 5\n"
				     "link 0 0 recovery_failed 3\n"
				     "link 0 0 symbol_errors 32\n"
				     "link 0 0 symbol_ber 5e-9\n";
	const char *link = "gpu:0000:1b:00.0/link:0";

	(void)state;
	SCOPED_WATCH(watch);
	played_make(&watch, &played_kinds[PLAYED_B200], faults);
	watch_run(&watch, &probe_nvidia);
	watch_expect(&watch, "gpu.link.packet-errors", link, "15");
	watch_expect(&watch, "gpu.link.integrity", link, "16");
	watch_expect(&watch, "gpu.link.recoveries", link, "5");
	watch_expect(&watch, "gpu.link.recoveries.failed", link, "3");
	watch_expect(&watch, "gpu.link.symbol-errors", link, "32");
	watch_expect(&watch, "gpu.link.symbol-ber", link, "5e-09");
	watch_expect(&watch, "gpu.link.crc", link, NULL);
	watch_expect(&watch, "gpu.link.speed", link, "53125000000");
}

static void the_fabric_is_read_in_words(void **state)
{
	static const struct {
		const char *faults;
		const char *fabric, *status, *cluster, *clique, *health;
	} cases[] = {
		{ "", "completed", "success", "4b1d7c02-9a34-4e56-8b7f-0a1b2c3d4e5f", "32766",
		  "healthy" },
		{ "gpu * fabric_state 2\n", "in-progress", NULL, NULL, NULL, NULL },
		{ "gpu * fabric_status 23\n", "completed", "insufficient resources (23)", NULL,
		  NULL, NULL },
		{ "gpu * fabric_cluster 00000000000000000000000000000000\n", "completed", "success",
		  "none", "32766", "healthy" },
		{ "gpu * fabric_health 0x1a9\ngpu * fabric_summary 2\n", "completed", "success",
		  "4b1d7c02-9a34-4e56-8b7f-0a1b2c3d4e5f", "32766", "degraded-bandwidth" },
		{ "gpu * fabric_health 0x59a\ngpu * fabric_summary 3\n", "completed", "success",
		  "4b1d7c02-9a34-4e56-8b7f-0a1b2c3d4e5f", "32766",
		  "route-unhealthy+too-few-links+limited-capacity" },
		{ "gpu * fabric_state 77\n", "?rubbish", NULL, NULL, NULL, NULL },
		{ "gpu * call nvmlDeviceGetGpuFabricInfoV error 25\n", "completed", "success",
		  "4b1d7c02-9a34-4e56-8b7f-0a1b2c3d4e5f", "32766", NULL },
		{ "gpu * fabric_state -\n", NULL, NULL, NULL, NULL, NULL },
	};
	const char *gpu = "gpu:0008:01:00.0";

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);
		played_make(&watch, &played_kinds[PLAYED_GB200], cases[i].faults);
		watch.request.shares = PROBE_QUICK;
		watch_run(&watch, &probe_nvidia);
		watch_expect(&watch, "gpu.fabric", gpu, cases[i].fabric);
		watch_expect(&watch, "gpu.fabric.status", gpu, cases[i].status);
		watch_expect(&watch, "gpu.fabric.cluster", gpu, cases[i].cluster);
		watch_expect(&watch, "gpu.fabric.clique", gpu, cases[i].clique);
		watch_expect(&watch, "gpu.fabric.health", gpu, cases[i].health);
	}
}

static void the_driver_is_read_from_the_kernel(void **state)
{
	static const struct {
		const char *version, *kind;
	} cases[] = {
		{ "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.172.08  Release\n",
		  "open" },
		{ "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12\n",
		  "proprietary" },
		{ "something else\n", "?has no version of NVRM" },
		{ NULL, "?" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		SCOPED_WATCH(watch);
		played_make(&watch, &played_kinds[PLAYED_H100], "");
		root_put(&watch.root, "/sys/module/nvidia/version", "570.172.08\n");
		root_put(&watch.root, "/proc/driver/nvidia/version", cases[i].version);
		root_put(&watch.root, "/proc/driver/nvidia/params",
			 "EnablePCIERelaxedOrderingMode: 1\nCoherentGPUMemoryMode: \"driver\"\n"
			 "RegistryDwords: \"secret\"\n");
		watch_run(&watch, &probe_nvidia);
		watch_expect(&watch, "nvidia.driver", NULL, "570.172.08");
		watch_expect(&watch, "nvidia.driver.kind", NULL, cases[i].kind);
		watch_expect(&watch, "nvidia.parameter", "parameter:EnablePCIERelaxedOrderingMode",
			     "1");
		watch_expect(&watch, "nvidia.parameter", "parameter:CoherentGPUMemoryMode",
			     "driver");
		assert_int_equal(watch_count(&watch, "nvidia.parameter"), 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_healthy_machine_tells_all_it_has),
		cmocka_unit_test(a_quick_look_asks_for_less),
		cmocka_unit_test(a_look_at_counters_brings_counters),
		cmocka_unit_test(readings_are_in_the_units_of_their_measures),
		cmocka_unit_test(links_of_nvlink_5_are_read_by_fields),
		cmocka_unit_test(the_fabric_is_read_in_words),
		cmocka_unit_test(the_driver_is_read_from_the_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
