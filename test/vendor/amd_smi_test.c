#include "probe/amd_smi_abi.h"

#include "play.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static void *library;
static __typeof__(&amdsmi_init) init;
static __typeof__(&amdsmi_shut_down) shut_down;
static __typeof__(&amdsmi_get_temp_metric) read_temperature;

static int open_library(void **state)
{
	(void)state;
	library = play_open("libamd_smi.so");
	init = PLAY_FUNCTION(library, amdsmi_init);
	shut_down = PLAY_FUNCTION(library, amdsmi_shut_down);
	read_temperature = PLAY_FUNCTION(library, amdsmi_get_temp_metric);
	return 0;
}

static int shut_library(void **state)
{
	(void)state;
	while (shut_down() == AMD_SMI_SUCCESS)
		;
	return 0;
}

static void start(const char *text, double seconds_ago)
{
	play(text, seconds_ago);
	assert_int_equal(init(AMD_SMI_INIT_GPUS), AMD_SMI_SUCCESS);
}

static uint32_t take_gpus(struct amd_smi_gpu *gpus[static 16])
{
	struct amd_smi_socket *sockets[16];
	uint32_t count = 0;
	__typeof__(&amdsmi_get_socket_handles) take =
		PLAY_FUNCTION(library, amdsmi_get_socket_handles);

	assert_int_equal(take(&count, NULL), AMD_SMI_SUCCESS);
	assert_in_range(count, 1, 16);
	assert_int_equal(take(&count, sockets), AMD_SMI_SUCCESS);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t one = 1;

		assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_processor_handles)(
					 sockets[i], &one, &gpus[i]),
				 AMD_SMI_SUCCESS);
		assert_int_equal(one, 1);
	}
	return count;
}

static void every_declared_function_is_there(void **state)
{
	(void)state;
	play_expect_all(library, "src/probe/amd_smi_abi.h", "amdsmi_");
}

static void check_gpu(struct amd_smi_gpu *gpu, struct amd_smi_gpu *next)
{
	struct amd_smi_asic asic;
	struct amd_smi_ecc ecc;
	struct amd_smi_pcie pcie;
	struct amd_smi_xgmi xgmi;
	struct amd_smi_xgmi_links links;
	int64_t celsius;
	uint64_t hops;
	uint32_t type;
	uint32_t pages = 9;

	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_gpu_asic_info)(gpu, &asic), 0);
	assert_string_equal(asic.market_name, "AMD Instinct MI300X");
	assert_int_equal(asic.target, 942);
	assert_int_equal(read_temperature(gpu, AMD_SMI_SENSOR_JUNCTION, AMD_SMI_TEMPERATURE_CURRENT,
					  &celsius),
			 0);
	assert_in_range(celsius, 20, 60);
	assert_int_equal(
		read_temperature(gpu, AMD_SMI_SENSOR_EDGE, AMD_SMI_TEMPERATURE_CURRENT, &celsius),
		AMD_SMI_NOT_SUPPORTED);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_gpu_total_ecc_count)(gpu, &ecc), 0);
	assert_int_equal(ecc.uncorrectable, 0);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_gpu_bad_page_info)(gpu, &pages, NULL),
			 0);
	assert_int_equal(pages, 0);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_pcie_info)(gpu, &pcie), 0);
	assert_int_equal(pcie.now.mt_per_s, 32000);
	assert_int_equal(pcie.now.width, pcie.maximum.width);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_xgmi_info)(gpu, &xgmi), 0);
	assert_true(xgmi.hive_id != 0);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_gpu_xgmi_link_status)(gpu, &links), 0);
	for (unsigned i = 0; i < 7; i++)
		assert_int_equal(links.status[i], 1);
	assert_int_equal(links.status[7], 2);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_topo_get_link_type)(gpu, next, &hops, &type),
			 0);
	assert_int_equal(type, AMD_SMI_LINK_XGMI);
	assert_int_equal(hops, 1);
}

static void the_machine_is_whole_and_healthy(void **state)
{
	struct amd_smi_gpu *gpus[16] = { NULL };
	uint64_t address;

	(void)state;
	start("machine mi300x8", 0);
	uint32_t count = take_gpus(gpus);
	assert_int_equal(count, 8);
	for (uint32_t i = 0; i < count; i++)
		check_gpu(gpus[i], gpus[(i + 1) % count]);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_gpu_device_bdf)(gpus[7], &address), 0);
	assert_int_equal(address, 0xe5 << AMD_SMI_BDF_BUS_SHIFT);
}

/* What each release answers, and how far it writes: the byte behind is still 0x5a. */
static void layouts_are_those_of_the_release(void **state)
{
	static const struct {
		const char *release;
		size_t power, vram, violation, ras, stride;
		uint32_t link_type;
	} cases[] = {
		{ "25.4.0", 40, 64, 152, 8, 56, 1 },
		{ "26.1.0", 192, 584, 6016, 8, 56, 2 },
		{ "26.2.0", 192, 584, 6016, 8, 48, 2 },
		{ "26.5.0", 192, 584, 6016, 16, 56, 2 },
	};
	static unsigned char room[AMD_SMI_ROOM];
	struct amd_smi_gpu *gpus[16] = { NULL };
	char lines[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(lines, sizeof(lines), "machine mi300x8\nsystem library %s\n",
			       cases[i].release);
		start(lines, 0);
		(void)take_gpus(gpus);
		const struct {
			uint32_t (*call)(struct amd_smi_gpu *, void *);
			size_t size;
		} calls[] = {
			{ PLAY_FUNCTION(library, amdsmi_get_power_info), cases[i].power },
			{ PLAY_FUNCTION(library, amdsmi_get_gpu_vram_info), cases[i].vram },
			{ PLAY_FUNCTION(library, amdsmi_get_violation_status), cases[i].violation },
			{ PLAY_FUNCTION(library, amdsmi_get_gpu_ras_feature_info), cases[i].ras },
			{ PLAY_FUNCTION(library, amdsmi_get_link_metrics),
			  64 + 64 * cases[i].stride },
		};
		for (size_t k = 0; k < sizeof(calls) / sizeof(calls[0]); k++) {
			memset(room, 0x5a, sizeof(room));
			assert_int_equal(calls[k].call(gpus[0], room), AMD_SMI_SUCCESS);
			assert_int_equal(room[calls[k].size], 0x5a);
			assert_true(room[calls[k].size - 1] != 0x5a);
		}
		struct amd_smi_link link;
		memcpy(&link, room + sizeof(struct amd_smi_links) + 6 * cases[i].stride,
		       sizeof(link));
		assert_int_equal(link.bdf, 0xe5 << AMD_SMI_BDF_BUS_SHIFT);
		assert_int_equal(link.bandwidth_gbit_per_s, 512);
		assert_int_equal(link.type, cases[i].link_type);
		assert_int_equal(shut_down(), AMD_SMI_SUCCESS);
	}
}

static void the_release_is_told_before_all_else(void **state)
{
	struct amd_smi_version_26 version;

	(void)state;
	start("machine mi300x8", 0);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_lib_version)(&version), 0);
	assert_int_equal(version.major, 26);
	assert_int_equal(version.minor, 2);
	shut_library(NULL);
	start("machine mi300x8\nsystem library 25.4.0", 0);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_lib_version)(&version), 0);
	assert_int_equal(version.major, 25);
}

static void a_gpu_vanishes_and_is_not_counted_again(void **state)
{
	struct amd_smi_gpu *gpus[16] = { NULL };
	int64_t celsius;

	(void)state;
	start("machine mi300x8", 0);
	assert_int_equal(take_gpus(gpus), 8);
	struct amd_smi_gpu *lost = gpus[3];
	shut_library(NULL);
	start("machine mi300x8\ngpu 3 vanish t=10", 11);
	assert_int_equal(take_gpus(gpus), 7);
	assert_int_equal(read_temperature(lost, AMD_SMI_SENSOR_JUNCTION, 0, &celsius),
			 AMD_SMI_FILE_ERROR);
}

static void faults_are_played(void **state)
{
	static const struct {
		const char *line;
		uint32_t status;
	} cases[] = {
		{ "gpu 0 call amdsmi_get_temp_metric error 10", AMD_SMI_NO_PERMISSION },
		{ "gpu 0 temperature !30", AMD_SMI_BUSY },
		{ "gpu 0 temperature -", AMD_SMI_NOT_SUPPORTED },
		{ "gpu 1 temperature -", AMD_SMI_SUCCESS },
	};
	struct amd_smi_gpu *gpus[16] = { NULL };
	char lines[256];
	int64_t celsius;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(lines, sizeof(lines), "machine mi300x8\n%s\n", cases[i].line);
		start(lines, 0);
		(void)take_gpus(gpus);
		assert_int_equal(read_temperature(gpus[0], AMD_SMI_SENSOR_JUNCTION, 0, &celsius),
				 cases[i].status);
		assert_int_equal(shut_down(), AMD_SMI_SUCCESS);
	}
	play("machine h100x8", 0);
	assert_int_equal(init(AMD_SMI_INIT_GPUS), AMD_SMI_DRIVER_NOT_LOADED);
	play("machine mi300x8\ncall amdsmi_init error 18", 0);
	assert_int_equal(init(AMD_SMI_INIT_GPUS), AMD_SMI_INIT_ERROR);
	play("machine mi300x8\ngpu 3 temprature 99", 0);
	assert_int_equal(init(AMD_SMI_INIT_GPUS), AMD_SMI_UNKNOWN_ERROR);
}

static void ask_for_the_power(void)
{
	static unsigned char room[AMD_SMI_ROOM];
	struct amd_smi_gpu *gpus[16] = { NULL };

	(void)take_gpus(gpus);
	(void)PLAY_FUNCTION(library, amdsmi_get_power_info)(gpus[0], room);
}

static void a_call_stalls(void **state)
{
	(void)state;
	start("machine mi300x8\ngpu 0 call amdsmi_get_power_info stall", 0);
	assert_int_equal(play_in_child(ask_for_the_power), PLAY_STALLED);
	shut_library(NULL);
	start("machine mi300x8\ngpu 1 call amdsmi_get_power_info stall", 0);
	assert_int_equal(play_in_child(ask_for_the_power), PLAY_RETURNED);
}

static void errors_are_counted_where_they_happen(void **state)
{
	struct amd_smi_gpu *gpus[16] = { NULL };
	struct amd_smi_page pages[4];
	struct amd_smi_ecc ecc;
	uint32_t count = 4;
	__typeof__(&amdsmi_get_gpu_ecc_count) count_block =
		PLAY_FUNCTION(library, amdsmi_get_gpu_ecc_count);

	(void)state;
	start("machine mi300x8\ngpu 2 ecc_uncorrectable 3\ngpu 2 ecc_block 4\n"
	      "gpu 2 bad_page 0x12345000 0\ngpu 2 bad_page 0x7000 1\n",
	      0);
	(void)take_gpus(gpus);
	assert_int_equal(count_block(gpus[2], AMD_SMI_BLOCK_GFX, &ecc), AMD_SMI_SUCCESS);
	assert_int_equal(ecc.uncorrectable, 3);
	assert_int_equal(count_block(gpus[2], AMD_SMI_BLOCK_UMC, &ecc), AMD_SMI_SUCCESS);
	assert_int_equal(ecc.uncorrectable, 0);
	assert_int_equal(count_block(gpus[2], AMD_SMI_BLOCK_FUSE, &ecc), AMD_SMI_NOT_SUPPORTED);
	assert_int_equal(
		PLAY_FUNCTION(library, amdsmi_get_gpu_bad_page_info)(gpus[2], &count, pages), 0);
	assert_int_equal(count, 2);
	assert_int_equal(pages[0].address, 0x12345000);
	assert_int_equal(pages[1].status, 1);
}

static void error_records_come_in_portions(void **state)
{
	struct amd_smi_gpu *gpus[16] = { NULL };
	struct amd_smi_cper *heads[2] = { NULL };
	char data[600];
	uint64_t size = sizeof(data);
	uint64_t count = 2;
	uint64_t cursor = 0;
	uint64_t afid = 0;
	uint32_t afids = 1;
	__typeof__(&amdsmi_get_gpu_cper_entries) take =
		PLAY_FUNCTION(library, amdsmi_get_gpu_cper_entries);

	(void)state;
	start("machine mi300x8\ngpu 1 cper 2 24\ngpu 1 cper 1 30\ngpu 1 cper 1 31\n"
	      "gpu 1 cper 1 32\ngpu 1 cper 1 33 t=100\n",
	      0);
	(void)take_gpus(gpus);
	assert_int_equal(
		take(gpus[1], 1 << AMD_SMI_CPER_FATAL, data, &size, heads, &count, &cursor),
		AMD_SMI_MORE_DATA_26);
	assert_int_equal(count, 2);
	assert_int_equal(heads[1]->severity, AMD_SMI_CPER_FATAL);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_afids_from_cper)(
				 (char *)heads[1], heads[1]->length, &afid, &afids),
			 0);
	assert_int_equal(afid, 31);
	size = sizeof(data);
	count = 2;
	assert_int_equal(
		take(gpus[1], 1 << AMD_SMI_CPER_FATAL, data, &size, heads, &count, &cursor),
		AMD_SMI_SUCCESS);
	assert_int_equal(count, 1);
	assert_int_equal(size, 256);
}

static void a_link_that_is_down_is_gone_round(void **state)
{
	struct amd_smi_gpu *gpus[16] = { NULL };
	struct amd_smi_xgmi_links links;
	uint64_t hops;
	uint32_t type;

	(void)state;
	start("machine mi300x8\nlink 2 4 state 0\n", 0);
	(void)take_gpus(gpus);
	assert_int_equal(PLAY_FUNCTION(library, amdsmi_get_gpu_xgmi_link_status)(gpus[2], &links),
			 0);
	assert_int_equal(links.status[4], 0);
	assert_int_equal(
		PLAY_FUNCTION(library, amdsmi_topo_get_link_type)(gpus[2], gpus[5], &hops, &type),
		0);
	assert_int_equal(type, AMD_SMI_LINK_PCIE);
	assert_int_equal(hops, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_declared_function_is_there),
		cmocka_unit_test_teardown(the_machine_is_whole_and_healthy, shut_library),
		cmocka_unit_test_teardown(layouts_are_those_of_the_release, shut_library),
		cmocka_unit_test_teardown(the_release_is_told_before_all_else, shut_library),
		cmocka_unit_test_teardown(a_gpu_vanishes_and_is_not_counted_again, shut_library),
		cmocka_unit_test_teardown(faults_are_played, shut_library),
		cmocka_unit_test_teardown(a_call_stalls, shut_library),
		cmocka_unit_test_teardown(errors_are_counted_where_they_happen, shut_library),
		cmocka_unit_test_teardown(error_records_come_in_portions, shut_library),
		cmocka_unit_test_teardown(a_link_that_is_down_is_gone_round, shut_library),
	};

	return cmocka_run_group_tests_name("amd_smi", tests, open_library, NULL);
}
