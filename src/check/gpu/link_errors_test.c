#include "test/scene.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define GPU "gpu:0000:19:00.0"
#define LINK GPU "/link:3"
#define QUIET(gpu)                                                            \
	"gpu.link gpu:" gpu "/link:3 up\ngpu.link.crc gpu:" gpu "/link:3 0\n" \
	"gpu.link.replays gpu:" gpu "/link:3 0\ngpu.link.recoveries gpu:" gpu "/link:3 0\n"

static const char check[] = "gpu-link-errors";
static const char quiet[] = QUIET("0000:19:00.0") QUIET("0000:3b:00.0") QUIET("0000:4c:00.0")
	QUIET("0000:5d:00.0") QUIET("0000:9b:00.0") QUIET("0000:bb:00.0") QUIET("0000:cb:00.0")
		QUIET("0000:db:00.0");

static enum verdict verdict_of(const char *lines, const char *device)
{
	SCOPED_SCENE(scene);

	scene_make(&scene, scene_h100, quiet, lines, NULL);
	return scene_verdict(&scene, check, device);
}

static void quiet_links_pass(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("", NULL), VERDICT_PASS);
}

static void broken_packets_count_by_the_second(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.link.crc " LINK " 5999 @60\n", NULL), VERDICT_PASS);
	assert_int_equal(verdict_of("gpu.link.crc " LINK " 6000 @60\n", GPU), VERDICT_FAIL);
}

static void replays_and_recoveries_fail_when_they_rise_and_warn_since_the_start(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.link.replays " LINK " 1 @60\n", GPU), VERDICT_FAIL);
	assert_int_equal(verdict_of("gpu.link.replays " LINK " 1\n", GPU), VERDICT_WARN);
	assert_int_equal(verdict_of("gpu.link.recoveries " LINK " 1 @60\n", GPU), VERDICT_FAIL);
	assert_int_equal(verdict_of("gpu.link.replays " LINK " 7\n"
				    "gpu.link.replays " LINK " 7 @60\n",
				    NULL),
			 VERDICT_PASS);
}

static void a_link_that_is_down_is_no_second_finding(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.link " LINK " down\ngpu.link.recoveries " LINK " 9 @60\n"
				    "gpu.link.recoveries.failed " LINK " 1\n"
				    "gpu.link.crc " GPU "/link:4 0\n",
				    NULL),
			 VERDICT_PASS);
}

static void symbol_error_rates_of_nvlink5(void **state)
{
	static const struct {
		const char *line;
		const char *device;
		enum verdict verdict;
	} cases[] = {
		{ "gpu.link.symbol-ber " LINK " 15e-255\n", NULL, VERDICT_PASS },
		{ "gpu.link.symbol-ber " LINK " 15e-238\n", NULL, VERDICT_PASS },
		{ "gpu.link.symbol-ber " LINK " 16e-238\n", GPU, VERDICT_WARN },
		{ "gpu.link.symbol-ber " LINK " 1e-12\n", GPU, VERDICT_WARN },
		{ "gpu.link.symbol-ber " LINK " 2e-12\n", GPU, VERDICT_FAIL },
		{ "gpu.link.symbol-ber " LINK " ? stalled\n", GPU, VERDICT_UNKNOWN },
		/* A recovery of NVLink 5 is normal, one that fails is not. */
		{ "gpu.link.symbol-ber " LINK " 15e-255\ngpu.link.recoveries " LINK " 5 @60\n",
		  NULL, VERDICT_PASS },
		{ "gpu.link.recoveries.failed " LINK " 1\n", GPU, VERDICT_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(verdict_of(cases[i].line, cases[i].device), cases[i].verdict);
}

static void integrity_and_packet_errors_warn(void **state)
{
	(void)state;
	assert_int_equal(verdict_of("gpu.link.integrity " LINK " 1\n", GPU), VERDICT_WARN);
	assert_int_equal(verdict_of("gpu.link.packet-errors " LINK " 1\n", GPU), VERDICT_WARN);
}

static void the_worst_link_is_named_and_the_number_said(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, quiet, "gpu.link.replays " LINK " 1\n",
		   "gpu.link.crc " GPU "/link:9 60000 @60\n", "gpu.link.crc " GPU "/link:9 0\n",
		   NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_FAIL);
	assert_non_null(strstr(scene_finding(&scene, GPU)->text, "2 links"));
	assert_non_null(strstr(scene_finding(&scene, GPU)->text, "link 9"));
}

static const char mi300x[] =
	"gpu.count.pci vendor:amd 1\ngpu.vendor gpu:0000:05:00.0 amd\nuptime - 86400\n"
	"pci.id pci:0000:05:00.0 1002:74a1\ngpu.name gpu:0000:05:00.0 AMD Instinct MI300X\n";

static void errors_of_xgmi_count_too(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, mi300x, "gpu.ras.uncorrected gpu:0000:05:00.0/block:xgmi_wafl 0\n",
		   "gpu.ras.corrected gpu:0000:05:00.0/block:xgmi_wafl 0\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_PASS);
	scene_make(&scene, mi300x, "gpu.ras.uncorrected gpu:0000:05:00.0/block:xgmi_wafl 1\n",
		   NULL);
	assert_int_equal(scene_verdict(&scene, check, "gpu:0000:05:00.0"), VERDICT_FAIL);
	scene_make(&scene, mi300x, "gpu.ras.corrected gpu:0000:05:00.0/block:xgmi_wafl 1\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, "gpu:0000:05:00.0"), VERDICT_WARN);
	scene_make(&scene, mi300x, "gpu.ras.uncorrected gpu:0000:05:00.0/block:umc 1\n", NULL);
	assert_int_equal(scene_verdict(&scene, check, "gpu:0000:05:00.0"), VERDICT_UNKNOWN);
}

static void silence_is_unknown_not_a_pass(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_h100, NULL);
	assert_int_equal(scene_verdict(&scene, check, GPU), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.link.crc " LINK " ? stalled\n", GPU), VERDICT_UNKNOWN);
	assert_int_equal(verdict_of("gpu.link.replays " LINK " 3\nuptime - -\n", GPU),
			 VERDICT_UNKNOWN);
}

static void without_links_it_does_not_apply(void **state)
{
	SCOPED_SCENE(scene);

	(void)state;
	scene_make(&scene, scene_bare, NULL);
	assert_int_equal(scene_verdict(&scene, check, NULL), VERDICT_NOT_APPLICABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quiet_links_pass),
		cmocka_unit_test(broken_packets_count_by_the_second),
		cmocka_unit_test(
			replays_and_recoveries_fail_when_they_rise_and_warn_since_the_start),
		cmocka_unit_test(a_link_that_is_down_is_no_second_finding),
		cmocka_unit_test(symbol_error_rates_of_nvlink5),
		cmocka_unit_test(integrity_and_packet_errors_warn),
		cmocka_unit_test(the_worst_link_is_named_and_the_number_said),
		cmocka_unit_test(errors_of_xgmi_count_too),
		cmocka_unit_test(silence_is_unknown_not_a_pass),
		cmocka_unit_test(without_links_it_does_not_apply),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
