#include "active/perftest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "host/file.h"
#include <cmocka.h>

#define FOLDER "test/perftest/"

static const struct host here = { .root = NULL };

static struct span load(const char *name, struct arena *arena)
{
	struct span text;
	struct error err;

	if (!host_read(&here, arena_format(arena, FOLDER "%s", name), PERFTEST_BYTES_MAXIMUM, arena,
		       &text, &err))
		fail_msg("%s", err.text);
	return text;
}

static bool is_near(double a, double b)
{
	return a > b * 0.999999 - 1e-12 && a < b * 1.000001 + 1e-12;
}

static const double gigabit = 1e9 / 8, mib = 1 << 20, us = 1e-6;

static void recorded_tables_are_read(void **state)
{
	static const struct {
		const char *name, *test;
		size_t count;
		uint64_t bytes; /* of the last row */
		double bytes_per_s, peak;
		bool both;
	} cases[] = {
		{ "write-bw.txt", "RDMA_Write BW Test", 1, 65536, 0.36, 0.38, false },
		{ "write-bw-server.txt", "RDMA_Write BW Test", 1, 65536, 0.36, 0.38, false },
		{ "write-bw-dur.txt", "RDMA_Write BW Test", 1, 65536, 0.30, 0, false },
		{ "write-bw-cpu.txt", "RDMA_Write BW Test", 1, 65536, 0.36, 0, false },
		{ "write-bw-all.txt", "RDMA_Write BW Test", 23, 8388608, 0.28, 0.28, false },
		{ "write-bw-bi.txt", "RDMA_Write Bidirectional BW Test", 1, 65536, 0.32, 0.63,
		  true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct perftest_report report;
		const struct perftest_row *last;
		struct error err;

		if (!perftest_read(load(cases[i].name, &arena), cases[i].name, &arena, &report,
				   &err))
			fail_msg("%s", err.text);
		last = &report.rows[report.count - 1];
		assert_string_equal(report.test, cases[i].test);
		assert_string_equal(report.device, "rxe0");
		assert_string_equal(report.link, "Ethernet");
		assert_int_equal(report.count, cases[i].count);
		assert_int_equal(last->bytes, cases[i].bytes);
		assert_true(is_near(last->bytes_per_s, cases[i].bytes_per_s * gigabit));
		assert_true(is_near(last->peak_bytes_per_s, cases[i].peak * gigabit));
		assert_int_equal(report.is_bidirectional, cases[i].both);
		assert_false(report.is_latency);
	}
}

static void recorded_latency_is_read(void **state)
{
	SCOPED_ARENA(arena);
	struct perftest_report report;
	struct error err;

	(void)state;
	assert_true(perftest_read(load("write-lat.txt", &arena), "", &arena, &report, &err));
	assert_true(report.is_latency);
	assert_true(is_near(report.rows[0].typical_s, 4006.04 * us));
	assert_true(is_near(report.rows[0].p99_s, 8346.13 * us));
	assert_true(is_near(report.rows[0].p999_s, 9916.15 * us));
	assert_true(perftest_read(load("write-lat-dur.txt", &arena), "", &arena, &report, &err));
	assert_true(report.is_latency);
	assert_true(is_near(report.rows[0].average_s, 5375.04 * us));
	assert_true(report.rows[0].p99_s <= 0);
	assert_true(perftest_read(load("read-lat.txt", &arena), "", &arena, &report, &err));
	assert_string_equal(report.test, "RDMA_Read Latency Test");
}

static void both_units_of_a_megabyte_are_mebibytes(void **state)
{
	static const char *const units[] = { "MB", "MiB" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		SCOPED_ARENA(arena);
		const char *text = arena_format(&arena,
						" #bytes     #iterations    BW peak[%s/sec]    "
						"BW average[%s/sec]   MsgRate[Mpps]\n"
						" 65536      5000             46000.00            "
						"45776.37\t\t   0.732422\n",
						units[i], units[i]);
		struct perftest_report report;
		struct error err;

		assert_true(perftest_read(span_of(text), "", &arena, &report, &err));
		assert_true(is_near(report.rows[0].bytes_per_s, 45776.37 * mib));
		/* The messages say the same as the bandwidth, so the unit is right. */
		assert_true(is_near(report.rows[0].bytes_per_s, 65536 * 0.732422e6));
	}
}

static void broken_and_valid_json_are_read(void **state)
{
	static const char valid[] = "{\n\"test_info\": {\n\"test\": \"RDMA_Write_BW_Test\",\n"
				    "\"Device\": \"mlx5_0\",\n\"Link_type\": \"IB\"\n},\n"
				    "\"results\": {\n\"MsgSize\": 65536,\n\"n_iterations\": 5000,\n"
				    "\"BW_peak\": 392.11,\n\"BW_average\": 391.98,\n"
				    "\"MsgRate\": 0.747643\n}\n}\n";
	SCOPED_ARENA(arena);
	struct perftest_report report;
	struct error err = { 0 };

	(void)state;
	assert_true(perftest_read(load("write-bw.json", &arena), "", &arena, &report, &err));
	assert_string_equal(report.test, "RDMA_Write_BW_Test");
	assert_string_equal(report.device, "rxe0");
	assert_true(is_near(report.rows[0].bytes_per_s, 0.16 * gigabit));
	assert_true(perftest_read(load("write-lat.json", &arena), "", &arena, &report, &err));
	assert_true(report.is_latency && is_near(report.rows[0].p99_s, 7877.08 * us));
	assert_true(perftest_read(load("write-lat-dur.json", &arena), "", &arena, &report, &err));
	assert_true(is_near(report.rows[0].average_s, 4122.66 * us));
	assert_true(perftest_read(span_of(valid), "", &arena, &report, &err));
	assert_string_equal(report.link, "IB");
	assert_true(is_near(report.rows[0].bytes_per_s, 391.98 * gigabit));
}

static void what_two_runs_wrote_over_each_other_is_refused(void **state)
{
	static const char *const names[] = { "overwritten-write-lat.json",
					     "overwritten-write-lat-dur.json" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		SCOPED_ARENA(arena);
		struct perftest_report report;
		struct error err;

		assert_false(
			perftest_read(load(names[i], &arena), "x.json", &arena, &report, &err));
		assert_non_null(strstr(err.text, "overwrite"));
	}
}

static void what_is_no_result_is_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "", "no result" },
		{ "hello\n", "no result" },
		{ "IB device mlx5_9 not found\n", "no such RDMA device" },
		{ " #bytes #iterations BW peak[KB/sec]\n", "line 1: heading 'BW peak[KB" },
		{ "\n #bytes #iterations MsgRate[Mpps]\n 65536 100\n", "line 3: 2 figures" },
		{ " #bytes #iterations MsgRate[Mpps]\n 65536 100 1 2\n", "'2' is no figure" },
		{ " #bytes #iterations MsgRate[Mpps]\n 65536 100 nan\n", "'nan' is no figure" },
		{ " #bytes #iterations MsgRate[Mpps]\n 65536 0 0.0\n", "no result" },
		{ "{\nresults: {\nMsgSize: 65536,\nn_iterations: 5,\nBW_average: 9,\nMsgRate: "
		  "1,\n},\n}",
		  "unit of BW_average is not told" },
		{ "{\nresults: {\nMsgSize: x,\n}}", "line 3: a figure" },
		{ "{ \"a\": \"b\n }", "quote is not closed" },
		{ "{ a: {b: {c: {d: {e: 1}}}}}", "too many levels" },
		{ "{ a: 1,", "braces" },
		{ "{ a 1 }", "':' is missing" },
		{ "{}", "no result" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		struct perftest_report report;
		struct error err = { 0 };

		assert_false(perftest_read(span_of(cases[i].text), "x", &arena, &report, &err));
		if (!strstr(err.text, cases[i].says))
			fail_msg("'%s' is refused with '%s'", cases[i].text, err.text);
	}
}

static void what_both_sides_report_is_told_once(void **state)
{
	static const char text[] =
		" #bytes     #iterations    BW peak[Gb/sec]    BW average[Gb/sec]   MsgRate[Mpps]\n"
		" 65536      10     0.00    730.00    1.392365\n----\n\n Local results: \n----\n"
		" #bytes     #iterations    BW peak[Gb/sec]    BW average[Gb/sec]   MsgRate[Mpps]\n"
		" 65536      10     0.00    365.00    0.696182\n";
	SCOPED_ARENA(arena);
	struct perftest_report report;
	struct error err;

	(void)state;
	assert_true(perftest_read(span_of(text), "", &arena, &report, &err));
	assert_int_equal(report.count, 1);
	assert_true(is_near(report.rows[0].bytes_per_s, 730 * gigabit));
	assert_false(perftest_read(load("write-bw-both.txt", &arena), "", &arena, &report, &err));
}

static void recorded_failures_have_one_sentence(void **state)
{
	static const struct {
		const char *name, *says;
	} cases[] = {
		{ "cross.txt", "do not reach each other" },
		{ "gid-type.txt", "do not reach each other" },
		{ "memlock.txt", "ulimit -l" },
		{ "denied.txt", "cannot be opened" },
		{ "down.txt", "the port is down" },
		{ "died.txt", "ended in the middle" },
		{ "cuda.txt", "without CUDA" },
		{ "gid-wrong.txt", "no GID of that index" },
		{ "device-wrong.txt", "no such RDMA device" },
		{ "port-wrong.txt", "no such port" },
		{ "no-server.txt", "does not listen" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		SCOPED_ARENA(arena);
		const char *name = arena_format(&arena, "failed/%s", cases[i].name);
		const char *words = perftest_complaint(load(name, &arena), SPAN(""));

		if (!words || !strstr(words, cases[i].says))
			fail_msg("%s gives '%s'", name, words ? words : "nothing");
	}
	assert_null(perftest_complaint(SPAN("all is well\n"), SPAN("")));
	assert_non_null(
		strstr(perftest_complaint(SPAN(""),
					  SPAN(" Completion with error at client\n Failed status "
					       "12: wr_id 0 syndrom 0x81\n")),
		       "error 12"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_tables_are_read),
		cmocka_unit_test(recorded_latency_is_read),
		cmocka_unit_test(both_units_of_a_megabyte_are_mebibytes),
		cmocka_unit_test(broken_and_valid_json_are_read),
		cmocka_unit_test(what_two_runs_wrote_over_each_other_is_refused),
		cmocka_unit_test(what_is_no_result_is_refused),
		cmocka_unit_test(what_both_sides_report_is_told_once),
		cmocka_unit_test(recorded_failures_have_one_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
